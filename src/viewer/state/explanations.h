// Choosing how a finding is explained, and the work that comes of it. Steps that commands and update() share; which
// film and finding they are about is the selected one and the pinned one.
#pragma once

#include <functional>

#include "viewer/actions/update.h"

namespace chestlight::viewer {

const MethodInfo* find_method(const State& state, const std::string& id);
/// The method chosen for a finding of the film; the evidence where none was.
MethodChoice chosen_method(const FilmEntry& film, const std::string& finding);
/// What was computed for that choice; null for the evidence.
const ExplanationEntry* chosen_entry(const FilmEntry& film, const std::string& finding);
/// What is known of a map, null where it was never asked for; and the map, null for the evidence and where it is not there.
const ExplanationEntry* find_entry(const FilmEntry& film, const ExplanationKey& key);
std::shared_ptr<const DrawnExplanation> explanation_of(const FilmEntry& film, const ExplanationKey& key);
/// The map that lies over the film instead of the evidence; null where that is shown.
const DrawnExplanation* overlaid_explanation(const State& state);
/// Every map of another method that can be seen now, kept ones included: what the painter must hold.
std::vector<std::shared_ptr<const DrawnExplanation>> drawn_explanations(const State& state);
/// The finding whose details are open, null without one.
const Finding* pinned_finding(const State& state);

/// Shows the pinned finding's map by this method, computing it unless it is known or on its way. `layer` empty: the
/// method's own.
void choose_method(State& state, const std::string& method, const std::string& layer, std::vector<Effect>& effects);
/// Has the engine compute one map of the selected film, unless it is known or on its way.
void request_explanation(State& state, const ExplanationKey& key, std::vector<Effect>& effects);
void step_method(State& state, int step, std::vector<Effect>& effects);
/// Checks the map that is shown for the pinned finding, unless that was done.
void check_map(State& state, std::vector<Effect>& effects);
bool can_check_map(const State& state);
/// About a finding of a film by a method, as the engine is asked; `request` 0: nobody waits for it by that number.
ExplanationQuestion question(const State& state, int request, const FilmEntry& film, const ExplanationKey& key);
void export_map(const State& state, std::vector<Effect>& effects);

/// Stops all explanations and checks that run or wait.
void cancel_explanations(State& state, std::vector<Effect>& effects);
bool explaining(const State& state);
/// Those of one film; what was computed stays.
void stop_explanations(FilmEntry& film, std::vector<Effect>& effects);
/// The film's analysis is about to change or go: what explained it goes with it.
void forget_explanations(FilmEntry& film, std::vector<Effect>& effects);
/// What is known of a decoded film holds no longer, of another model or at other thresholds: it waits to be analysed again.
void analyse_anew(FilmEntry& film, std::vector<Effect>& effects);

// What the engine reports, by the number of the request; one that nobody waits for any more changes nothing.
void explanation_progressed(State& state, int request, int done, int total, bool loading_graph);
void explanation_arrived(State& state, int request, std::shared_ptr<const DrawnExplanation> explanation);
void trust_arrived(State& state, int request, const TrustReport& trust);
void explanation_ended(State& state, int request, WorkStage how, const std::optional<Failure>& failure);

/// Of the work that runs or waits the one that was asked for first, with what it is about.
struct RunningWork {
  const FilmEntry* film = nullptr;
  const ExplanationKey* key = nullptr;
  const Work* work = nullptr;
  bool is_check = false;
};
std::optional<RunningWork> running_work(const State& state);

}  // namespace chestlight::viewer
