// See studies.h.
#include "viewer/worklist/studies.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"

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

std::string view_in_words(const FilmEntry& film) {
  if (film.info.dicom) {
    const std::string& position = film.info.dicom->view_position;
    if (position == "PA" || position == "AP") return position;
    if (position == "LL" || position == "RL" || position == "LATERAL") return "Lateral";
    if (film.info.dicom->view_code == "lateral") return "Lateral";
    if (film.info.dicom->view_code == "frontal") return "Frontal";
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
