// Fields of a message that may be missing: the value if it is there and of the right type, else what the caller says.
// For what the page can do without; what it cannot do without is read with JsonReader, which names the place.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/json.h"

namespace chestlight::viewer {

inline std::string text_or(const Json& json, const char* key, std::string otherwise = {}) {
  if (!json.is_object()) return otherwise;
  auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : otherwise;
}
inline double number_or(const Json& json, const char* key, double otherwise = 0) {
  if (!json.is_object()) return otherwise;
  auto found = json.find(key);
  return found != json.end() && found->is_number() ? found->get<double>() : otherwise;
}
inline bool flag_or(const Json& json, const char* key, bool otherwise = false) {
  if (!json.is_object()) return otherwise;
  auto found = json.find(key);
  return found != json.end() && found->is_boolean() ? found->get<bool>() : otherwise;
}

/// "boxes": [[x, y, width, height]]; what is no box is left out.
inline std::vector<std::array<double, 4>> boxes_or_none(const Json& json) {
  std::vector<std::array<double, 4>> boxes;
  auto list = json.find("boxes");
  if (list == json.end() || !list->is_array()) return boxes;
  for (const Json& box : *list)
    if (box.is_array() && box.size() == 4 && std::all_of(box.begin(), box.end(), [](const Json& v) { return v.is_number(); }))
      boxes.push_back(box.get<std::array<double, 4>>());
  return boxes;
}

}  // namespace chestlight::viewer
