// Which films belong together: those of one patient and study by their files (FilmInfo::study), else by folder or by the
// beginning of their names. A name's end tells which film of the study it is: a number, or the view.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "viewer/state/state.h"

namespace chestlight::viewer {

/// A folder that holds more films of the visit than this is no study: their names decide.
constexpr std::size_t kMostOfAStudy = 8;

/// Of each of State::films, in their order: "Study 2", "patient00012/study1", "00000001". Films of one study have one name.
std::vector<std::string> study_names(const std::vector<FilmEntry>& films);

/// A file's name without its ending and what tells it from others of its study: "00000001_002.png" → "00000001".
std::string study_stem(std::string_view name);

/// The same of patients: by their files (FilmInfo::patient), else by the folder above that of a study, else as study_names().
std::vector<std::string> patient_names(const std::vector<FilmEntry>& films);

/// The film of the same patient that was taken last before `film` (step −1) or first after it (+1): by their dates where both
/// have one, else in the order of the page. Lateral films are compared with lateral ones, and what cannot be read with nothing.
/// Where the patient has no other film, the neighbour in the order of the page. 0: there is none.
int film_to_compare(const State& state, const FilmEntry& film, int step);

/// "PA", "AP", "Lateral", "Frontal"; empty where neither file, quality gate nor name says so.
std::string view_in_words(const FilmEntry& film);

}  // namespace chestlight::viewer
