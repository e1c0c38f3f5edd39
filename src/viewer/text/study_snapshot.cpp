// See study_snapshot.h.
#include "viewer/text/study_snapshot.h"

#include <algorithm>

#include "contract/failure_json.h"
#include "contract/reader_study_json.h"
#include "viewer/state/choices_json.h"
#include "viewer/state/reader_study.h"
#include "viewer/state/threshold_trial.h"

namespace chestlight::viewer {
namespace {

std::string study_finding_name(const State& state, const std::string& id) {
  const LabelInfo* label = find_label(state, id);
  return label ? label->name : id;
}

template <class T>
Json value_or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

}  // namespace

Json study_json(const State& state) {
  const StudyView& view = state.study;
  Json choices = Json::array(), findings = Json::array(), results = Json::array();
  for (const std::string& id : study_choices(state))
    choices.push_back({{"id", id},
                       {"name", study_finding_name(state, id)},
                       {"chosen", std::ranges::find(view.findings, id) != view.findings.end()}});
  if (study_is_running(state))
    for (const std::string& id : view.running->findings)
      findings.push_back({{"id", id},
                          {"name", study_finding_name(state, id)},
                          {"verdict", value_or_null(study_verdict(state, id))},
                          {"confidence", value_or_null(study_confidence(state, id))}});
  if (view.results)
    for (const StudyFinding& one : view.results->findings) {
      results.push_back(to_json(one));
      results.back().erase("roc");
    }
  return {{"open", state.popup == Popup::kStudy},
          {"stage", view.running ? to_json(view.running->stage) : Json(nullptr)},
          {"seed", view.running ? Json(view.running->seed) : Json(nullptr)},
          {"words", study_in_words(state)},
          {"next", study_next_in_words(state)},
          {"can_go_on", study_film_is_read(state)},
          {"can_start", can_start_study(state)},
          {"reader", view.reader},
          {"with_model", view.with_model},
          {"choices", std::move(choices)},
          {"findings", std::move(findings)},
          {"results", std::move(results)},
          {"error", view.results && view.results->error ? to_json(*view.results->error) : Json(nullptr)}};
}

}  // namespace chestlight::viewer
