// Pages of reports (study/report.h): see case_runner.h. A page shows the map of one finding, so it is made after an explanation,
// and after lungs and heart where they are looked for; one whose film has none of both to come takes no network. Whatever comes
// of it, a page is told: the report is whole when all are there.
#include <algorithm>
#include <utility>

#include "base/text.h"
#include "engine/case_runner.h"
#include "engine/describe.h"
#include "engine/export_notes.h"
#include "engine/map_picture.h"
#include "render/picture_look.h"
#include "study/export.h"
#include "study/reading.h"
#include "study/report.h"

namespace chestlight {
namespace {

constexpr char kManyFilms[] = "report.html";

std::string words_of_window(const PictureLook& look) {
  std::string words = text("window centre ", fixed(look.window.centre, 0), ", width ", fixed(look.window.width, 0));
  if (look.inverted) words += ", inverted";
  if (look.orientation.mirrored()) words += ", mirrored";
  if (look.orientation.degrees()) words += text(", turned by ", look.orientation.degrees(), "°");
  return words;
}

}  // namespace

contract::ExplanationQuestion CaseRunner::report_question(const contract::ExportReport& asked) const {
  contract::ExplanationQuestion question = asked.question;
  question.request = 0;
  const auto film = films_.all().find(question.id);
  const auto record = film == films_.all().end() ? std::nullopt : record_of(film->second);
  question.finding = record ? finding_for_report(*record, question.finding) : "";
  return question;
}

const Task* CaseRunner::search_before(const contract::ExportReport& asked) const {
  return queue_.first(
      [&](const Task& task) {
        return std::holds_alternative<contract::FindAnatomy>(task.asked) && film_of(task.asked) == asked.question.id &&
               can_be_done(task);
      },
      [](int) { return true; });
}

bool CaseRunner::report_is_ready(const contract::ExportReport& asked) const {
  const bool searching = std::any_of(running_.begin(), running_.end(), [&](const Running& running) {
    return std::holds_alternative<contract::FindAnatomy>(running.task.asked) && film_of(running.task.asked) == asked.question.id;
  });
  if (searching || search_before(asked)) return false;
  const contract::ExplanationQuestion question = report_question(asked);
  return question.finding.empty() || kept_job(question);
}

/// The page of a film whose map, if it has one to show, has been made; or could not be made, which `no_map` then says.
Result<void> CaseRunner::write_report_page(const contract::ExportReport& asked, const CaseFilm& film,
                                           const contract::Failure* no_map) {
  CHESTLIGHT_TRY(const Film* pixels, engine_.film(film.decoded));
  CHESTLIGHT_TRY(const PictureLook look, picture_look_of(asked.look, pixels->window));
  const contract::Failure not_analysed{"not-analysed", "The film was not analysed.", "Analyse it first."};
  ReportPage page;
  const auto record = record_of(film);
  page.record = record ? *record : with_reading(failure_record(film.name, not_analysed), film.reading);
  page.film = film.info;
  page.shown_window = words_of_window(look);
  if (auto model = engine_.model()) page.model = describe(**model);
  const auto& by = page.record.model;
  const bool by_another = page.model && by && (by->sha256 != page.model->sha256 || by->version != page.model->version);
  if (by_another && !page.record.findings.empty())
    return Error{ErrorCode::kInvalidRequest, "The film was analysed by another model than the one in use.", "Analyse it again."};
  add_notes(page.record, asked.own_thresholds, asked.date);
  page.pictures.push_back({"The film", film_png(*pixels, look)});
  if (no_map)
    page.record.reasons.push_back({"no-map", contract::Severity::kWarn, "The map could not be made: " + no_map->message});
  const contract::ExplanationQuestion question = report_question(asked);
  if (!no_map && !question.finding.empty()) {
    CHESTLIGHT_TRY(ExplainJob * job, engine_.explain_job(kept_job(question)->job));
    if (const Explanation& explanation = job->value(); explanation.analysed && !explanation.map.values.empty()) {
      ReportMap map = report_map(job->model(), explanation, *pixels, look);
      page.pictures.push_back(std::move(map.picture));
      page.legend = std::move(map.legend);
    }
  }
  tell_report_page(asked, film.name, report_page(page));
  return {};
}

void CaseRunner::fail_report_page(const contract::ExportReport& asked, const contract::Failure& failure) {
  const CaseFilm* film = films_.find(asked.question.id);
  if (!film) return tell_report_page(asked, "", "");
  const auto record = record_of(*film);
  if (film->decoded && record && record->ok && write_report_page(asked, *film, &failure)) return;
  ReportPage page;
  page.record = record && !record->ok ? *record : failure_record(film->name, failure);
  page.record.ok = record && record->ok;
  page.record.sha256 = film->sha256;
  page.record.synthetic = film->synthetic;
  page.record.date = asked.date;
  tell_report_page(asked, film->name, report_page(page));
}

void CaseRunner::tell_report_page(const contract::ExportReport& asked, const std::string& file, const std::string& html) {
  contract::ReportPageWritten written{asked.report, asked.question.id, asked.page, asked.pages, asked.print};
  written.name = asked.pages > 1 || file.empty() ? kManyFilms : stem_of(last_part(file)) + ".report.html";
  written.head = report_head(asked.pages > 1 ? text("Findings in ", asked.pages, " chest X-rays") : std::string(last_part(file)));
  written.tail = report_tail();
  std::vector<Blob> blobs;
  if (!html.empty()) blobs.emplace_back(html.begin(), html.end());
  post(std::move(written), std::move(blobs));
}

}  // namespace chestlight
