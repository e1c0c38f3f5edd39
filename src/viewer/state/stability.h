// How far small changes of the picture move the scores of a film: asked for by the reader, and gone with the analysis that it is
// of.
#pragma once

#include <string>
#include <vector>

#include "viewer/actions/action.h"

namespace chestlight::viewer {

struct FilmEntry;
struct State;

/// Of the selected film: it has findings, and there is a model to ask.
bool can_check_stability(const State& state);
/// Asks for it; nothing where it is known or under way.
void check_stability(State& state, std::vector<Effect>& effects);
bool checking_stability(const State& state);
/// Ends every check under way; scores stay as they are.
void cancel_stability_checks(State& state, std::vector<Effect>& effects);

/// Takes in what was found, where it is of the analysis that is shown.
void take_stability(State& state, const contract::StabilityArrived& arrived);
void stability_failed(State& state, const contract::StabilityFailed& failed);
void forget_stability(FilmEntry& film);

/// nullptr where it was not checked.
const contract::FindingStability* stability_of(const FilmEntry& film, const std::string& finding);
/// All of it in a sentence; empty where it was not checked.
std::string stability_in_words(const FilmEntry& film, const std::string& finding);
/// Which findings change their zone; empty where it was not checked.
std::string stability_summary(const FilmEntry& film);

}  // namespace chestlight::viewer
