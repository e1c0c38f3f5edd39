// Reading the fields of manifest.json: each function reads one kind of value and says what was expected and found.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/text.h"
#include "findings/calibration.h"

namespace chestlight {

constexpr std::size_t kListLength = 64;  // of any list of texts, labels, files or rules

Error complaint(const JsonReader& at, std::string_view expected, std::string_view found);

/// The value in quotes, cut where it is long.
std::string in_quotes(std::string_view value);

/// Not empty, at most 4000 bytes.
Result<std::string> read_text(const JsonReader& at, std::string_view key);
Result<std::vector<std::string>> read_texts(const JsonReader& at, std::string_view key);

/// A name made of letters, digits and `extra`; the first character must be a letter or digit.
Result<std::string> read_id(const JsonReader& at, std::string_view key, bool capitals, std::string_view extra);

Result<long long> read_integer(const JsonReader& at, std::string_view key, long long low, long long high);

/// low < value < high
Result<float> read_between(const JsonReader& at, std::string_view key, double low, double high);

/// The member "calibration" of `at`.
Result<Calibration> read_calibration(const JsonReader& at);

template <class T, std::size_t n>
Result<T> read_choice(const JsonReader& at, std::string_view key, const std::pair<const char*, T> (&choices)[n]) {
  CHESTLIGHT_TRY(std::string value, at.string(key));
  std::string known;
  for (const auto& [name, choice] : choices) {
    if (value == name) return choice;
    known += (known.empty() ? "" : " or ") + in_quotes(name);
  }
  CHESTLIGHT_TRY(JsonReader member, at.member(key));
  return complaint(member, known, in_quotes(value));
}

}  // namespace chestlight
