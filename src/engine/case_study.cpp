// Reader studies of a case (contract/reader_study.h): what the screen kept of them, measured against the labels and offered as
// files.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/version.h"
#include "contract/messages_json.h"
#include "contract/model_json.h"
#include "contract/reader_study_json.h"
#include "engine/case_runner.h"
#include "engine/describe.h"
#include "metrics/evaluation_words.h"
#include "metrics/reader_study.h"
#include "study/export.h"

namespace chestlight {
namespace {

std::vector<std::array<double, 2>> curve_points(const std::vector<RocPoint>& curve) {
  std::vector<std::array<double, 2>> points;
  for (const RocPoint& point : curve) points.push_back({point.false_positive_rate, point.true_positive_rate});
  return points;
}

contract::EvaluationPlot roc_of_reader(const ReaderResult& result) {
  contract::EvaluationPlot plot{"ROC of the reader", "1 − specificity", "sensitivity", {0, 1}, {0, 1}};
  const auto add = [&](const std::vector<RocPoint>& curve, contract::CurveTone tone, const char* name) {
    if (!curve.empty()) plot.curves.push_back({contract::CurveKind::kLine, tone, name, curve_points(curve)});
  };
  add(result.unaided_curve, contract::CurveTone::kMain, "without the model");
  add(result.aided_curve, contract::CurveTone::kOther, "with the model");
  plot.curves.push_back({contract::CurveKind::kLine, contract::CurveTone::kReference, "", {{0, 0}, {1, 1}}});
  return plot;
}

contract::Figure area_figure(const std::optional<Auroc>& area) {
  if (!area) return {};
  return {area_words(*area), area->area};
}

}  // namespace

/// By finding, in the order in which they were read.
std::vector<std::pair<std::string, std::vector<ReadFilm>>> CaseRunner::read_films(const contract::StudyRecord& study) const {
  std::vector<std::pair<std::string, std::vector<ReadFilm>>> findings;
  for (const contract::StudyReading& reading : study.readings) {
    const auto film = films_.all().find(reading.film);
    if (film == films_.all().end()) continue;
    auto found = std::find_if(findings.begin(), findings.end(), [&](const auto& one) { return one.first == reading.finding; });
    if (found == findings.end()) found = findings.insert(findings.end(), {reading.finding, {}});
    const auto score = [](const std::optional<contract::StudyAnswer>& answer) {
      return answer ? std::optional(answer->score()) : std::nullopt;
    };
    found->second.push_back(
        {film->second.name, score(reading.unaided), score(reading.aided), labels_.truth(reading.film, reading.finding)});
  }
  return findings;
}

void CaseRunner::receive(const contract::EvaluateStudy& message) {
  contract::StudyEvaluated told;
  auto model = engine_.model();
  for (const auto& [id, films] : read_films(message.study)) {
    const ReaderResult result = evaluate_reader(films);
    contract::StudyFinding finding{id,
                                   id,
                                   result.positives,
                                   result.negatives,
                                   result.note,
                                   area_figure(result.unaided),
                                   area_figure(result.aided),
                                   reader_difference_words(result)};
    if (model)
      if (const auto label = (*model)->manifest().find_label(id)) finding.name = (*model)->manifest().labels[*label].name;
    if (result.unaided) finding.roc = roc_of_reader(result);
    told.findings.push_back(std::move(finding));
  }
  if (told.findings.empty())
    told.error = contract::Failure{"missing", "No film of the study was read.", "Read a film before you end it."};
  post(told);
}

void CaseRunner::receive(const contract::ExportStudy& message) {
  const auto findings = read_films(message.study);
  Json json = to_json(message.study);
  for (Json& reading : json["readings"]) {
    const auto film = films_.all().find(reading["film"].get<int>());
    reading["film"] = film == films_.all().end() ? "" : film->second.name;
  }
  Json names = Json::array();
  for (int id : message.study.films)
    if (const auto film = films_.all().find(id); film != films_.all().end()) names.push_back(film->second.name);
  json["films"] = std::move(names);
  if (auto model = engine_.model()) json["model"] = to_json(model_id(**model));
  json["date"] = message.date;
  json["app"] = app_name_and_version();
  json["notice"] = kExportNotice;
  const auto offer = [this](const std::string& name, const char* mime, const std::string& content) {
    post(contract::Exported{name, mime}, {Blob(content.begin(), content.end())});
  };
  for (const auto& [id, films] : findings) offer("imrmc-" + id + ".csv", "text/csv", imrmc_csv(message.study.reader, films));
  offer("study.json", "application/json", write_indented_json(json) + "\n");
}

}  // namespace chestlight
