// What a reader should know of a film before its findings, and what one click would do about it: the model's own reasons, and how
// the film lies by its lungs and heart. The most specific first. A remedy is a correction for the model, or a command.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contract/correction.h"

namespace chestlight::viewer {

struct FilmEntry;

struct Warning {
  std::string id;  // a reason's, or "turned", "mirrored", "cut-off", "outside-input", "small-chest", "tilted"
  std::string text;
  bool refuses = false;
  std::string remedy = "";                              // what the button says; empty: there is none
  std::optional<contract::Correction> correction = {};  // what it does; nothing: the command
  std::string command = "";
};

std::vector<Warning> warnings_of(const FilmEntry& film);
/// The first one with a remedy; nullptr for none.
const Warning* first_remedy(const std::vector<Warning>& warnings);

}  // namespace chestlight::viewer
