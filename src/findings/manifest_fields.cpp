#include "findings/manifest_fields.h"

#include <algorithm>

namespace chestlight {

static constexpr std::size_t kTextBytes = 4000;
static constexpr std::size_t kIdBytes = 64;

Error complaint(const JsonReader& at, std::string_view expected, std::string_view found) {
  return at.error(text("expected ", expected, ", found ", found));
}

std::string in_quotes(std::string_view value) {
  constexpr std::size_t kShown = 40;
  return text("\"", value.substr(0, kShown), value.size() > kShown ? "…" : "", "\"");
}

Result<std::string> read_text(const JsonReader& at, std::string_view key) {
  CHESTLIGHT_TRY(std::string value, at.string(key));
  CHESTLIGHT_TRY(JsonReader member, at.member(key));
  if (value.empty()) return complaint(member, "a text", "an empty one");
  if (value.size() > kTextBytes) return complaint(member, text("at most ", kTextBytes, " bytes"), text(value.size(), " bytes"));
  return value;
}

Result<std::vector<std::string>> read_texts(const JsonReader& at, std::string_view key) {
  CHESTLIGHT_TRY(std::vector<JsonReader> items, at.items(key));
  CHESTLIGHT_TRY(JsonReader list, at.member(key));
  if (items.size() > kListLength) return complaint(list, text("at most ", kListLength, " texts"), text(items.size()));
  std::vector<std::string> texts;
  for (const JsonReader& item : items) {
    if (!item.json().is_string()) return complaint(item, "a string", item.json().type_name());
    texts.push_back(item.json().get<std::string>());
    if (texts.back().empty() || texts.back().size() > kTextBytes)
      return complaint(item, text("a text of 1 to ", kTextBytes, " bytes"), text(texts.back().size(), " bytes"));
  }
  return texts;
}

Result<std::string> read_id(const JsonReader& at, std::string_view key, bool capitals, std::string_view extra) {
  CHESTLIGHT_TRY(std::string id, at.string(key));
  auto plain = [&](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (capitals && c >= 'A' && c <= 'Z'); };
  bool good = !id.empty() && id.size() <= kIdBytes && plain(id.front()) &&
              std::all_of(id.begin(), id.end(), [&](char c) { return plain(c) || extra.find(c) != std::string_view::npos; });
  if (good) return id;
  CHESTLIGHT_TRY(JsonReader member, at.member(key));
  return complaint(member, text("1 to ", kIdBytes, " letters", capitals ? "" : " (a-z)", ", digits or one of ", in_quotes(extra)),
                   in_quotes(id));
}

Result<long long> read_integer(const JsonReader& at, std::string_view key, long long low, long long high) {
  CHESTLIGHT_TRY(long long value, at.integer(key));
  CHESTLIGHT_TRY(JsonReader member, at.member(key));
  // An unsigned number above 2^63 comes back negative: the range check catches it too.
  if (value < low || value > high) return complaint(member, text(low, " to ", high), text(value));
  return value;
}

Result<float> read_between(const JsonReader& at, std::string_view key, double low, double high) {
  CHESTLIGHT_TRY(double value, at.number(key));
  CHESTLIGHT_TRY(JsonReader member, at.member(key));
  auto stored = static_cast<float>(value);
  if (!(stored > low && stored < high)) return complaint(member, text("a number between ", low, " and ", high), text(value));
  return stored;
}

Result<Calibration> read_calibration(const JsonReader& label) {
  static constexpr std::pair<const char*, Calibration::Kind> kKinds[] = {{"platt", Calibration::Kind::kPlatt},
                                                                         {"none", Calibration::Kind::kNone}};
  CHESTLIGHT_TRY(JsonReader at, label.member("calibration"));
  Calibration calibration;
  CHESTLIGHT_TRY(calibration.kind, read_choice(at, "kind", kKinds));
  if (calibration.kind == Calibration::Kind::kNone) return calibration;
  CHESTLIGHT_TRY(calibration.scale, read_between(at, "scale", 0, 1000));
  CHESTLIGHT_TRY(calibration.offset, read_between(at, "offset", -1000, 1000));
  return calibration;
}

}  // namespace chestlight
