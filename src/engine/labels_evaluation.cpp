// Scores of a case's films against their labels: see case_labels.h.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/counted.h"
#include "contract/evaluation_json.h"
#include "contract/json_fields.h"
#include "contract/model_json.h"
#include "engine/blobs.h"
#include "engine/case_labels.h"
#include "engine/describe.h"
#include "engine/describe_evaluation.h"
#include "engine/evaluate.h"
#include "engine/film_request.h"
#include "metrics/evaluation_words.h"
#include "study/export.h"

namespace chestlight {
namespace {

constexpr std::size_t kMostMisjudged = 100;

/// Names of the first films that something happened to, with why.
struct Happened {
  int count = 0;
  std::string examples;
  void add(const CaseLabels::Film& film) {
    if (++count > 3) return;
    examples += (count > 1 ? " " : "") + film.name + ": " + (film.record->error ? film.record->error->message : "");
  }
};

EvaluationOptions evaluation_options(const contract::LabelsChoice& choice) {
  EvaluationOptions options;
  for (const contract::FindingColumn& named : choice.names) options.names.emplace_back(named.finding, named.column);
  return options;
}

/// Films with labels that the threshold calls wrongly: the finding is there and they are below it, or it is not and they are not.
std::vector<contract::MisjudgedFilm> misjudged(const std::vector<CaseLabels::Film>& films, const std::vector<double>& scores,
                                               const std::vector<std::int8_t>& labels, double threshold, bool present) {
  std::vector<std::size_t> wrong;
  for (std::size_t i = 0; i < films.size(); ++i)
    if (!std::isnan(scores[i]) && labels[i] == (present ? 1 : 0) && (scores[i] >= threshold) != present) wrong.push_back(i);
  std::stable_sort(wrong.begin(), wrong.end(),
                   [&](std::size_t a, std::size_t b) { return present ? scores[a] < scores[b] : scores[a] > scores[b]; });
  std::vector<contract::MisjudgedFilm> list;
  for (std::size_t i : wrong)
    if (list.size() < kMostMisjudged) list.push_back({films[i].id, films[i].name, fixed(scores[i], 4)});
  return list;
}

contract::Failure nothing_analysed(const contract::LabelledFilms& films) {
  return {"missing", text("None of the ", counted(films.with_labels, "film", "films"), " with labels has a score."),
          films.waiting > 0 ? "They are measured as soon as they are analysed." : "Open films that the network can analyse."};
}

}  // namespace

Result<CaseLabels::Scored> CaseLabels::score(const std::vector<Film>& films, const Model& model,
                                             const std::string& operating_point, const OperatingPoint* site) const {
  const Manifest& manifest = model.manifest();
  OperatingPoint point;
  if (site && (operating_point.empty() || operating_point == site->id)) {
    point = *site;
  } else {
    CHESTLIGHT_TRY(point, find_operating_point(manifest, operating_point));
  }
  Scored scored;
  scored.scores.id = manifest.id;
  scored.scores.sha256 = model.sha256();
  scored.scores.version = manifest.version;
  scored.scores.operating_point = point.id;
  scored.point_name = point.name;
  for (std::size_t f = 0; f < manifest.labels.size(); ++f) {
    scored.scores.findings.push_back(manifest.labels[f].id);
    scored.scores.thresholds.push_back(point.thresholds[f].value);
  }
  scored.scores.prevalences = evaluated_prevalences(describe(model), scored.scores.findings);
  scored.scores.scores.assign(manifest.labels.size(),
                              std::vector<double>(films.size(), std::numeric_limits<double>::quiet_NaN()));
  Happened unreadable, refused;
  int corrected = 0;
  for (std::size_t i = 0; i < films.size(); ++i) {
    if (!labels_->has_row[i]) continue;
    ++scored.films.with_labels;
    const contract::FilmRecord* record = films[i].record;
    if (record && !record->ok) {
      unreadable.add(films[i]);
      continue;
    }
    if (!record || !record->model || record->model->sha256 != model.sha256() || record->model->version != manifest.version) {
      ++scored.films.waiting;
      continue;
    }
    if (record->findings.empty()) {
      refused.add(films[i]);
      continue;
    }
    ++scored.films.scored;
    corrected += record->overridden || (record->input && !record->input->corrections_text.empty());
    for (const contract::FindingRecord& finding : record->findings)
      if (const auto label = manifest.find_label(finding.id))
        scored.scores.scores[*label][i] = static_cast<float>(finding.calibrated);
  }
  scored.films.unreadable = unreadable.count;
  scored.films.refused = refused.count;
  if (unreadable.count > 0)
    scored.remarks.push_back(
        text(counted(unreadable.count, "film", "films"), " with labels could not be read. ", unreadable.examples));
  if (refused.count > 0)
    scored.remarks.push_back(text(counted(refused.count, "film", "films"), " with labels ", refused.count == 1 ? "is" : "are",
                                  " not fit for the network and left out. ", refused.examples));
  if (corrected > 0)
    scored.remarks.push_back(text(counted(corrected, "film was", "films were"),
                                  " analysed as a reader corrected what the network sees, or although the film was refused."));
  if (scored.films.waiting > 0)
    scored.remarks.push_back(text(counted(scored.films.waiting, "film", "films"), " with labels ",
                                  scored.films.waiting == 1 ? "has" : "have", " not been analysed and ",
                                  scored.films.waiting == 1 ? "is" : "are", " left out."));
  return scored;
}

contract::FilmsEvaluated CaseLabels::evaluate(const std::vector<Film>& films, const Model* model,
                                              const contract::EvaluateFilms& asked, const OperatingPoint* site) const {
  contract::FilmsEvaluated told{version_, asked.operating_point};
  const auto refuse = [&told](contract::Failure why) {
    told.error = std::move(why);
    return told;
  };
  if (!labels_) return refuse(failure_.value_or(contract::Failure{"missing", "There are no labels.", "Open a table of labels."}));
  if (!model) return refuse({"unavailable", "No model is loaded.", "Wait for it, or choose one."});
  if (labels_->has_row.size() != films.size())
    return refuse({"missing", "The films have changed since labels were joined to them.", "Ask again."});
  const Result<Scored> scored = score(films, *model, asked.operating_point, site);
  if (!scored) return refuse(describe(scored.error()));
  told.films = scored->films;
  told.remarks = scored->remarks;
  const Manifest& manifest = model->manifest();
  told.operating_point_name = scored->point_name;
  if (scored->films.scored == 0) return refuse(nothing_analysed(scored->films));
  EvaluationOptions options = evaluation_options(choice_);
  options.costs = asked.costs;
  const Result<Evaluation> evaluation = chestlight::evaluate({scored->scores}, *labels_, options);
  if (!evaluation) return refuse(describe(evaluation.error()));
  const std::vector<FindingEvaluation>& findings = evaluation->models[0].findings;
  for (std::size_t f = 0; f < findings.size(); ++f) {
    told.findings.push_back(describe(findings[f], manifest.labels[f].name));
    if (findings[f].id != asked.finding || !findings[f].measures) continue;
    told.measures = describe_measures(findings[f]);
    const std::vector<std::int8_t>& labels = labels_->labels[static_cast<std::size_t>(labels_->find(findings[f].label))];
    const std::vector<double>& scores = scored->scores.scores[f];
    told.measures->missed = misjudged(films, scores, labels, findings[f].threshold, true);
    told.measures->false_calls = misjudged(films, scores, labels, findings[f].threshold, false);
  }
  return told;
}

Result<CaseLabels::File> CaseLabels::export_as(const contract::ExportEvaluation& asked, const std::vector<Film>& films,
                                               const Model* model, const OperatingPoint* site) const {
  if (!labels_ && failure_) return Error{ErrorCode::kMissing, failure_->message, failure_->hint};
  if (!labels_ || !model || labels_->has_row.size() != films.size())
    return Error{ErrorCode::kMissing, "There are no results to export.", "Open films and a table of labels."};
  CHESTLIGHT_TRY(const Scored scored, score(films, *model, asked.operating_point, site));
  if (scored.films.scored == 0) {
    const contract::Failure why = nothing_analysed(scored.films);
    return Error{ErrorCode::kMissing, why.message, why.hint};
  }
  const ModelScores& scores = scored.scores;
  Json args = {{"images", Json::array()},
               {"uncertain", contract::to_json(choice_.uncertain)},
               {"blank", contract::to_json(choice_.blank)},
               {"names", contract::to_json(choice_.names)},
               {"groups", choice_.groups},
               {"notice", kExportNotice},
               {"date", asked.date},
               {"remarks", scored.remarks},
               {"costs", contract::to_json(asked.costs)},
               {"rule", contract::to_json(asked.rule)},
               {"models",
                {{{"id", scores.id},
                  {"sha256", scores.sha256},
                  {"operating_point", scores.operating_point},
                  {"findings", scores.findings},
                  {"thresholds", scores.thresholds},
                  {"info", contract::to_json(describe(*model))}}}}};
  for (const Film& film : films) args["images"].push_back({{"file", film.name}});
  if (!choice_.join_by.empty()) args["join_by"] = choice_.join_by;
  if (!choice_.image_column.empty()) args["image_column"] = choice_.image_column;
  std::vector<float> values;
  for (std::size_t i = 0; i < films.size(); ++i)
    for (const std::vector<double>& of_finding : scores.scores) values.push_back(static_cast<float>(of_finding[i]));
  const auto table = tables_.find(source_);
  const std::vector<Blob> blobs = {table == tables_.end() ? Blob() : table->second.bytes,
                                   to_blob(std::span<const float>(values))};
  CHESTLIGHT_TRY(EvaluationReply reply, evaluate_request(JsonReader(args, "evaluate", ErrorCode::kInternal), blobs));
  if (asked.format == "html") return File{"report.html", "text/html", std::move(reply.blobs[0])};
  if (asked.format == "csv") return File{"scores.csv", "text/csv", std::move(reply.blobs[1])};
  if (asked.format == "profile") return File{"site-profile.json", "application/json", std::move(reply.blobs[2])};
  if (asked.format == "card") return File{"model-card.json", "application/json", std::move(reply.blobs[3])};
  reply.value["films"] = {{"with_labels", scored.films.with_labels},
                          {"scored", scored.films.scored},
                          {"refused", scored.films.refused},
                          {"unreadable", scored.films.unreadable}};
  reply.value["notice"] = kExportNotice;
  const std::string json = write_indented_json(reply.value) + "\n";
  return File{"evaluation.json", "application/json", {json.begin(), json.end()}};
}

}  // namespace chestlight
