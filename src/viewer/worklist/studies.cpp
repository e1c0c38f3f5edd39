// See studies.h.
#include "viewer/worklist/studies.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "viewer/worklist/worklist.h"

namespace chestlight::viewer {
namespace {

std::string lower(std::string_view text) {
  std::string all(text);
  for (char& c : all)
    if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  return all;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool separates(char c) { return c == '_' || c == '-' || c == '.' || c == ' '; }

constexpr std::array<std::string_view, 10> kViews = {"frontal", "lateral", "pa",  "ap",    "lat",
                                                     "ll",      "view",    "img", "image", "film"};

/// A number, a view, or both: "002", "lateral", "view1".
bool tells_films_apart(std::string_view part) {
  std::string word = lower(part);
  const bool numbered = !word.empty() && is_digit(word.back());
  while (!word.empty() && is_digit(word.back())) word.pop_back();
  return word.empty() ? numbered : std::find(kViews.begin(), kViews.end(), word) != kViews.end();
}

std::string_view folder_of(std::string_view name) {
  const auto slash = name.rfind('/');
  return slash == name.npos ? std::string_view() : name.substr(0, slash);
}

/// "study1", "s50414267": the folder of a study, in one of the patient's.
bool names_a_study(std::string_view folder) {
  std::string_view part = last_part(folder);
  const std::string word = lower(part);
  if (word.starts_with("study")) return true;
  return word.size() > 1 && word[0] == 's' && std::all_of(word.begin() + 1, word.end(), is_digit);
}

bool is_lateral(const FilmEntry& film) { return view_in_words(film) == "Lateral"; }

/// As a word of its own.
bool says(const std::string& text, std::string_view word) {
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_letter(text[at - 1])) && (end == text.size() || !is_letter(text[end]))) return true;
  }
  return false;
}

}  // namespace

std::string study_stem(std::string_view name) {
  std::string_view stem = last_part(name);
  if (const auto dot = stem.rfind('.'); dot != stem.npos && dot > 0) stem = stem.substr(0, dot);
  for (;;) {
    std::size_t at = stem.size();
    while (at > 0 && !separates(stem[at - 1])) --at;
    if (at < 2 || !tells_films_apart(stem.substr(at))) return std::string(stem);
    stem = stem.substr(0, at - 1);
  }
}

std::vector<std::string> study_names(const std::vector<FilmEntry>& films) {
  std::map<std::string_view, std::size_t> in_folder;
  for (const FilmEntry& film : films) ++in_folder[folder_of(film.name)];
  std::vector<std::string> names;
  for (const FilmEntry& film : films) {
    const std::string_view folder = folder_of(film.name);
    if (film.info.study > 0) names.push_back(text("Study ", film.info.study));
    else if (!folder.empty() && in_folder.size() > 1 && in_folder[folder] <= kMostOfAStudy) names.emplace_back(folder);
    else names.push_back((folder.empty() ? "" : std::string(folder) + "/") + study_stem(film.name));
  }
  return names;
}

std::vector<std::string> patient_names(const std::vector<FilmEntry>& films) {
  std::vector<std::string> names = study_names(films);
  for (std::size_t i = 0; i < films.size(); ++i) {
    const std::string_view folder = folder_of(films[i].name);
    if (films[i].info.patient > 0) names[i] = text("Patient ", films[i].info.patient);
    else if (films[i].info.study == 0 && names[i] == folder && names_a_study(folder) && folder.find('/') != folder.npos)
      names[i] = folder.substr(0, folder.rfind('/'));
  }
  return names;
}

int film_to_compare(const State& state, const FilmEntry& film, int step) {
  const std::vector<std::string> patients = patient_names(state.films);
  std::map<int, std::string_view> patient_of;
  for (std::size_t i = 0; i < state.films.size(); ++i) patient_of[state.films[i].id] = patients[i];
  const std::vector<int> order = shown_order(state);
  bool passed = false;  // the film itself, in that order
  int best = 0, neighbour = 0;
  const FilmEntry* best_film = nullptr;
  bool has_others = false;
  const auto earlier = [](const FilmEntry& a, const FilmEntry& b, bool stands_before) {
    const bool dated = a.info.taken && b.info.taken && *a.info.taken != *b.info.taken;
    return dated ? *a.info.taken < *b.info.taken : stands_before;
  };
  for (int id : order) {
    if (id == film.id) {
      passed = true;
      continue;
    }
    const FilmEntry& one = *find_film(state, id);
    if (one.stage == FilmStage::kUnreadable || is_lateral(one) != is_lateral(film)) continue;
    if (step < 0 ? !passed : passed && neighbour == 0) neighbour = id;
    if (patient_of[id] != patient_of[film.id]) continue;
    has_others = true;
    const bool is_before = earlier(one, film, !passed);
    if (is_before != (step < 0)) continue;
    // Later ones in the order of the page are nearer to the film before it, and farther from the film after it.
    const bool nearer = !best_film || (step < 0 ? earlier(*best_film, one, true) : earlier(one, *best_film, false));
    if (nearer) best = id, best_film = &one;
  }
  return has_others ? best : neighbour;
}

std::string view_in_words(const FilmEntry& film) {
  if (film.info.dicom) {
    if (film.info.dicom->view == "lateral") return "Lateral";
    const std::string& position = film.info.dicom->view_position;
    if (position == "PA" || position == "AP") return position;
    if (film.info.dicom->view == "frontal") return "Frontal";
  }
  if (film.analysis)
    for (const Reason& reason : film.analysis->reasons)
      if (reason.id == "lateral") return "Lateral";
  const std::string name = lower(last_part(film.name));
  if (says(name, "lateral")) return "Lateral";
  if (says(name, "frontal")) return "Frontal";
  if (says(name, "pa")) return "PA";
  return says(name, "ap") ? "AP" : "";
}

}  // namespace chestlight::viewer
