// Reader studies and teaching: films are read one by one, in an order of chance, while nothing of what the model says of them can
// be seen. A reader says of each chosen finding whether it is there and how sure they are; with a second arm they then see the
// model and may change their mind. Both are kept.
//
// Hidden means gone: between two actions a hidden film has no analysis, no map, no anatomy and no measured line
// (FilmEntry::withheld has them), so that no panel, no text of the page and no command can show any. What the engine tells of it
// meanwhile is put there too. Films go by numbers meanwhile, since names of files tell, too. Exports of scores wait until the
// study has ended.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "viewer/actions/update.h"

namespace chestlight::viewer {

/// What can be chosen before a study begins.
std::vector<std::string> study_choices(const State& state);
void choose_study_finding(State& state, const std::string& finding);
/// With the findings that were chosen, of the films that are open and can be looked at. seed 0: by the time.
void start_study(State& state, int seed);
bool can_start_study(const State& state);
/// Whatever was read stays to be exported; nothing is hidden any more.
void end_study(State& state, std::vector<Effect>& effects);

bool study_is_running(const State& state);
/// A study was read, to its end or not, and can be exported.
bool has_study(const State& state);
/// Of the film being read, in the arm being read.
std::optional<bool> study_verdict(const State& state, const std::string& finding);
std::optional<double> study_confidence(const State& state, const std::string& finding);
void give_study_verdict(State& state, const std::string& finding, bool present);
void give_study_confidence(State& state, const std::string& finding, double confidence);
/// Verdict and confidence are there for every chosen finding of the film being read.
bool study_film_is_read(const State& state);
/// To the second arm of the film, where there is one; else to the next film; after the last one the study ends.
void study_next(State& state, std::vector<Effect>& effects);

/// Hides and shows as the study says; called after every action. `show_all`: what is hidden is there again, for what the engine
/// tells.
void settle_hidden_films(State& state);
void show_hidden_films(State& state);
/// Asks what the readings are worth.
void evaluate_study(const State& state, std::vector<Effect>& effects);
StudyRecord study_record(const State& state);

/// "Film 3 of 12, without the model"
std::string study_in_words(const State& state);
/// What the next step is called: "Show the model", "Next film", "End".
std::string study_next_in_words(const State& state);

constexpr double kConfidences[] = {20, 40, 60, 80, 100};

}  // namespace chestlight::viewer
