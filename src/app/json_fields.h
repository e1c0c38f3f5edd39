// Fields of a message that may be missing: the value if it is there and of the right type, else what the caller says.
// For what the page can do without; what it cannot do without is read with JsonReader, which names the place.
#pragma once

#include <string>

#include "base/json.h"

namespace chestlight::app {

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

}  // namespace chestlight::app
