// What is known of a film beside its picture, in words: technical facts of the file, and the notes of whoever read it.
// Nothing here tells whom the film is about.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "viewer/state/film_entry.h"

namespace chestlight::viewer {

/// {"Picture", "2500 × 3000 pixels, 12 bit"} and so on, in the order shown; what the file does not say is left out. Only of
/// films that are decoded.
std::vector<std::pair<std::string, std::string>> describe_film(const FilmEntry& film);

/// The last part of its file's name on one line, short enough for a sentence.
std::string short_name(const FilmEntry& film);

}  // namespace chestlight::viewer
