// See evaluation_snapshot.h.
#include "viewer/text/evaluation_snapshot.h"

#include "contract/evaluation_json.h"
#include "contract/failure_json.h"
#include "contract/json_fields.h"
#include "contract/messages_json.h"
#include "viewer/actions/reader_actions_json.h"
#include "viewer/state/choices_json.h"
#include "viewer/state/evaluations.h"

namespace chestlight::viewer {
namespace {

Json parts_json(const State& state) {
  Json parts = Json::array();
  for (JoinPart part : kJoinParts) {
    const std::string words = join_part_in_words(state, part);
    if (words.empty()) continue;
    Json options = Json::array();
    for (const JoinOption& option : join_options(state, part)) {
      const Json action = option.choice ? contract::named_message("choose-labels", to_json(ChooseLabels{*option.choice}))
                                        : contract::named_message("name-finding", to_json(NameFinding{option.naming}));
      options.push_back({{"label", option.label}, {"chosen", option.chosen}, {"action", action}});
    }
    parts.push_back({{"id", to_json(part)}, {"words", words}, {"options", std::move(options)}});
  }
  return parts;
}

Json profile_options_json(const State& state) {
  Json options = Json::array();
  for (const ProfileOption& option : profile_options(state))
    options.push_back({{"label", option.label}, {"chosen", option.chosen}, {"action", to_json(option.action)}});
  return options;
}

/// Without the curves, which nobody reads out: what they are of is named.
Json measures_json(const FilmsEvaluated& results) {
  if (!results.measures) return nullptr;
  Json json = to_json(*results.measures);
  Json titles = Json::array();
  for (const EvaluationPlot& plot : results.measures->plots) titles.push_back(plot.title);
  json["plots"] = std::move(titles);
  return json;
}

}  // namespace

Json evaluation_json(const State& state) {
  const EvaluationView& view = state.evaluation;
  if (!view.labels) return nullptr;
  const LabelsJoined& labels = *view.labels;
  Json json = {{"open", state.popup == Popup::kEvaluation},
               {"tables", to_json(labels.tables)},
               {"folders", labels.folders},
               {"join", labels.join ? to_json(*labels.join) : Json(nullptr)},
               {"error", labels.error ? to_json(*labels.error) : Json(nullptr)},
               {"parts", parts_json(state)},
               {"busy", view.asked || view.stale},
               {"column", to_json(view.column)},
               {"rising", view.rising},
               {"opened", view.opened},
               {"films", nullptr},
               {"films_text", ""},
               {"remarks", Json::array()},
               {"results", Json::array()},
               {"without_labels", findings_without_labels(state)},
               {"measures", nullptr},
               {"results_error", nullptr},
               {"profile_options", profile_options_json(state)}};
  if (!view.results) return json;
  const FilmsEvaluated& results = *view.results;
  json["films"] = to_json(results.films);
  json["films_text"] = labelled_films_in_words(results.films);
  json["operating_point"] = results.operating_point_name;
  json["remarks"] = results.remarks;
  if (results.error) json["results_error"] = to_json(*results.error);
  for (int index : evaluated_order(state)) json["results"].push_back(to_json(results.findings[static_cast<std::size_t>(index)]));
  json["measures"] = measures_json(results);
  return json;
}

}  // namespace chestlight::viewer
