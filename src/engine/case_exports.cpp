// What leaves a case as files, and who its films are about: see case_runner.h.
#include <algorithm>

#include "base/npy.h"
#include "base/text.h"
#include "base/version.h"
#include "contract/explanation_json.h"
#include "contract/messages_json.h"
#include "engine/case_runner.h"
#include "engine/describe.h"
#include "engine/export_notes.h"
#include "engine/map_picture.h"
#include "render/picture_look.h"
#include "study/export.h"

namespace chestlight {
namespace {

Blob bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

}  // namespace

void CaseRunner::receive(const contract::IdentifiersRead& message) { identifiers_known(message.id, message.identifiers); }

void CaseRunner::receive(const contract::IdentifiersNotRead& message) { identifiers_known(message.id, {}); }

void CaseRunner::identifiers_known(int film, std::vector<contract::Identifier> identifiers) {
  for (WaitingExport& waiting : exports_)
    if (waiting.unread.erase(film)) waiting.stated[film] = identifiers;
  std::erase_if(exports_, [&](const WaitingExport& waiting) {
    if (!waiting.unread.empty()) return false;
    write_export(waiting);
    return true;
  });
}

void CaseRunner::receive(const contract::FontRead& message, std::vector<Blob> blobs) {
  font_asked_ = false;
  date_ = message.date;
  auto typeface =
      blobs.empty() ? Error{ErrorCode::kInvalidRequest, "The font for the caption is empty.", ""} : Typeface::read(blobs[0]);
  if (typeface) typeface_ = std::make_shared<const Typeface>(std::move(*typeface));
  else receive(contract::FontNotRead{describe(typeface.error())});
}

void CaseRunner::receive(const contract::FontNotRead& message) {
  font_asked_ = false;
  fail_all([](const Task& task) { return std::holds_alternative<contract::ExportMap>(task.asked); }, message.error);
}

/// Offers the map as picture, which looks as `look` says, numbers and facts.
Result<void> CaseRunner::export_map(const contract::ExportMap& asked, const CaseFilm& film) {
  CHESTLIGHT_TRY(ExplainJob * job, engine_.explain_job(kept_job(asked.question)->job));
  CHESTLIGHT_TRY(const Film* pixels, engine_.film(film.decoded));
  const Explanation& explanation = job->value();
  if (!explanation.analysed) return Error{ErrorCode::kInvalidRequest, "The film was not explained.", "Choose another film."};
  CHESTLIGHT_TRY(PictureLook look, picture_look_of(asked.look, pixels->window));
  MapPicture picture =
      explanation_picture(job->model(), explanation, *pixels, {look, std::string(last_part(film.name)), date_, typeface_});
  Json facts = {{"file", film.name}};
  facts.update(to_json(describe(job->model(), explanation)));
  facts["full_scale"] = picture.full_scale;
  if (const OperatingPoint* site = engine_.profile_point()) facts["site_profile"] = site->profile;
  facts["app"] = app_name_and_version();

  std::string stem = stem_of(film.name);
  for (const std::string* part : {&asked.question.finding, &asked.question.method, &asked.question.layer})
    if (!part->empty()) stem += "." + *part;
  const std::string numbers = "application/octet-stream";
  post(contract::Exported{stem + ".png", "image/png"}, {std::move(picture.png)});
  post(contract::Exported{stem + ".npy", numbers}, {write_npy(explanation.map.values.view())});
  if (!explanation.map.spread.empty())
    post(contract::Exported{stem + ".spread.npy", numbers}, {write_npy(explanation.map.spread.view())});
  post(contract::Exported{stem + ".json", "application/json"},
       {bytes_of(facts.dump(2, ' ', false, Json::error_handler_t::replace) + "\n")});
  return {};
}

void CaseRunner::export_findings(const contract::ExportFindings& asked) {
  WaitingExport waiting{asked, {}, {}};
  if (asked.identifiers)
    for (const auto& [id, film] : films_.all())
      if (!film.set_aside && (film.record || original_of(film))) waiting.unread.insert(id);
  if (waiting.unread.empty()) return write_export(waiting);
  for (int id : waiting.unread) step(contract::FetchIdentifiers{id});
  exports_.push_back(std::move(waiting));
}

void CaseRunner::write_export(const WaitingExport& ready) {
  std::vector<contract::FilmRecord> records;
  for (auto& [id, record] : this->records()) {
    if (auto stated = ready.stated.find(id); stated != ready.stated.end())
      for (const contract::Identifier& one : stated->second) record.identifiers[one.label] = one.value;
    add_notes(record, ready.asked.own_thresholds, ready.asked.date);
    records.push_back(std::move(record));
  }
  const std::string& format = ready.asked.format;
  if (format == "csv") post(contract::Exported{"findings.csv", "text/csv"}, {bytes_of(records_as_csv(records))});
  else if (format == "csv-wide")
    post(contract::Exported{"findings-wide.csv", "text/csv"}, {bytes_of(records_as_wide_csv(records))});
  else post(contract::Exported{"findings.json", "application/json"}, {bytes_of(records_as_json(records))});
}

}  // namespace chestlight
