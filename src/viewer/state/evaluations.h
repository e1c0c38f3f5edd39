// Choosing how labels are joined, and asking for results: steps that commands, update() and panels share.
#pragma once

#include "viewer/actions/update.h"
#include "viewer/state/evaluation.h"

namespace chestlight::viewer {

// What the case reports.
void labels_joined(State& state, const LabelsJoined& told);
void films_evaluated(State& state, const FilmsEvaluated& told);

/// Shows the results or puts them away. Shown, the case is asked what labels there are.
void toggle_evaluation(State& state, std::vector<Effect>& effects);
void sort_evaluation(State& state, EvaluationColumn column);
void open_evaluated(State& state, const std::string& finding);
/// The film with the finding's map over it, in place of the results.
void look_at_film(State& state, int id, const std::string& finding);
/// Films that were not analysed, or whose analysis failed, are asked for again.
void analyse_rest(State& state);
bool has_rest(const State& state);
bool has_results(const State& state);

/// Asks for results where they are looked at and are not those of what is known.
void settle_evaluation(State& state, std::vector<Effect>& effects);

/// Of the results' findings that the labels name, as indices, in the order shown: those with figures first.
std::vector<int> evaluated_order(const State& state);
/// Names of the findings that the labels do not name.
std::vector<std::string> findings_without_labels(const State& state);

/// One of the ways to read the labels: it is taken by `choice`, or leads on to the columns of a finding.
struct JoinOption {
  std::string label;
  bool chosen = false;
  std::optional<LabelsChoice> choice;
  std::string naming;
};
/// "Films named by: Image Index"; empty where there is nothing to choose.
std::string join_part_in_words(const State& state, JoinPart part);
std::vector<JoinOption> join_options(const State& state, JoinPart part);
inline constexpr JoinPart kJoinParts[] = {JoinPart::kTable, JoinPart::kColumn,   JoinPart::kKey,   JoinPart::kUncertain,
                                          JoinPart::kBlank, JoinPart::kFindings, JoinPart::kGroups};

/// A choice about the site profile that can be saved: how its thresholds are found, what a miss costs.
struct ProfileOption {
  std::string label;
  bool chosen = false;
  ReaderAction action;
};
std::vector<ProfileOption> profile_options(const State& state);
void choose_threshold_rule(State& state, ThresholdRule rule);
/// In false findings; results are asked for anew.
void set_miss_cost(State& state, double cost);

/// "8 of 12 films with labels are measured, 1 is not fit for the network, 3 wait."
std::string labelled_films_in_words(const LabelledFilms& films);

}  // namespace chestlight::viewer
