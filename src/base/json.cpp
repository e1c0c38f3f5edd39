#include "base/json.h"

#include <array>
#include <charconv>
#include <cmath>

#include "base/text.h"

namespace chestlight {
namespace {

/// The shortest digits that read back as the same number, set as ECMA-262 has it (Number::toString).
std::string number_as_script(double value) {
  if (value == 0) return "0";
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific).ptr;
  const std::string_view written(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const std::size_t mark = written.find('e');
  std::string digits, sign = value < 0 ? "-" : "";
  for (char c : written.substr(0, mark))
    if (c >= '0' && c <= '9') digits += c;
  const bool below_one = written[mark + 1] == '-';
  int exponent = 0;
  std::from_chars(written.data() + mark + 2, written.data() + written.size(), exponent);
  const int point = (below_one ? -exponent : exponent) + 1;  // digits before the decimal point
  const int count = static_cast<int>(digits.size());
  if (point > 21 || point < -5) {
    if (count > 1) digits.insert(1, ".");
    return text(sign, digits, "e", below_one ? "-" : "+", exponent);
  }
  if (point <= 0) return sign + "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  if (point >= count) return sign + digits + std::string(static_cast<std::size_t>(point - count), '0');
  return sign + digits.insert(static_cast<std::size_t>(point), ".");
}

void write_indented(const Json& json, const std::string& indent, std::string& out) {
  if (!json.is_structured() || json.empty()) {
    out += json.is_number_float() ? number_as_script(json.get<double>()) : write_json(json);
    return;
  }
  const std::string inner = indent + "  ";
  out += json.is_object() ? "{" : "[";
  std::string_view between = "\n";
  for (const auto& [key, value] : json.items()) {
    out += between;
    out += inner;
    if (json.is_object()) out += write_json(key) + ": ";
    write_indented(value, inner, out);
    between = ",\n";
  }
  out += "\n" + indent + (json.is_object() ? "}" : "]");
}

}  // namespace

Result<Json> parse_json(std::string_view source, std::string_view what) {
  Json json = Json::parse(source, nullptr, /*allow_exceptions=*/false);
  if (!json.is_discarded()) return json;
  return Error{ErrorCode::kCorrupt, text(what, " is not valid JSON (", source.size(), " bytes)."),
               "Check that the file is complete and has not been edited by hand."};
}

std::string write_json(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string write_indented_json(const Json& json) {
  std::string out;
  write_indented(json, "", out);
  return out;
}

bool JsonReader::has(std::string_view key) const {
  return json_->is_object() && json_->contains(key) && !(*json_)[std::string(key)].is_null();
}

Result<JsonReader> JsonReader::member(std::string_view key) const {
  if (!json_->is_object()) return expected("an object");
  auto found = json_->find(key);
  std::string path = path_.empty() ? std::string(key) : text(path_, ".", key);
  if (found == json_->end()) return Error{code_, text(path, ": missing"), ""};
  return JsonReader(*found, std::move(path), code_);
}

Result<std::vector<JsonReader>> JsonReader::items() const {
  if (!json_->is_array()) return expected("an array");
  std::vector<JsonReader> readers;
  readers.reserve(json_->size());
  for (std::size_t i = 0; i < json_->size(); ++i) readers.emplace_back((*json_)[i], text(path_, "[", i, "]"), code_);
  return readers;
}

Result<std::vector<JsonReader>> JsonReader::items(std::string_view key) const {
  CHESTLIGHT_TRY(JsonReader array, member(key));
  return array.items();
}

Result<std::string> JsonReader::string(std::string_view key) const {
  CHESTLIGHT_TRY(JsonReader value, member(key));
  if (!value.json().is_string()) return value.expected("a string");
  return value.json().get<std::string>();
}

Result<double> JsonReader::number(std::string_view key) const {
  CHESTLIGHT_TRY(JsonReader value, member(key));
  if (!value.json().is_number()) return value.expected("a number");
  double number = value.json().get<double>();
  if (!std::isfinite(number)) return value.expected("a finite number");
  return number;
}

Result<long long> JsonReader::integer(std::string_view key) const {
  CHESTLIGHT_TRY(JsonReader value, member(key));
  if (!value.json().is_number_integer()) return value.expected("a whole number");
  return value.json().get<long long>();
}

Result<bool> JsonReader::boolean(std::string_view key) const {
  CHESTLIGHT_TRY(JsonReader value, member(key));
  if (!value.json().is_boolean()) return value.expected("true or false");
  return value.json().get<bool>();
}

Result<std::vector<double>> JsonReader::numbers(std::string_view key) const {
  CHESTLIGHT_TRY(std::vector<JsonReader> readers, items(key));
  std::vector<double> numbers;
  for (const JsonReader& reader : readers) {
    if (!reader.json().is_number()) return reader.expected("a number");
    numbers.push_back(reader.json().get<double>());
  }
  return numbers;
}

Error JsonReader::error(std::string_view complaint) const {
  return Error{code_, path_.empty() ? std::string(complaint) : text(path_, ": ", complaint), ""};
}

Error JsonReader::expected(std::string_view type) const { return error(text("expected ", type, ", found ", json_->type_name())); }

}  // namespace chestlight
