#include "contract/json_fields.h"

#include <limits>

namespace chestlight::contract {
namespace {

Error expected(const JsonReader& reader, std::string_view type) {
  return reader.error(text("expected ", type, ", found ", reader.json().type_name()));
}

}  // namespace

Result<void> from_json(const JsonReader& reader, bool& value) {
  if (!reader.json().is_boolean()) return expected(reader, "true or false");
  return value = reader.json().get<bool>(), Result<void>();
}

Result<void> from_json(const JsonReader& reader, int& value) {
  if (!reader.json().is_number_integer()) return expected(reader, "a whole number");
  const auto number = reader.json().get<long long>();
  if (number < std::numeric_limits<int>::min() || number > std::numeric_limits<int>::max())
    return reader.error(text(number, " is out of range"));
  return value = static_cast<int>(number), Result<void>();
}

Result<void> from_json(const JsonReader& reader, double& value) {
  if (!reader.json().is_number()) return expected(reader, "a number");
  const auto number = reader.json().get<double>();
  if (!std::isfinite(number)) return expected(reader, "a finite number");
  return value = number, Result<void>();
}

Result<void> from_json(const JsonReader& reader, std::string& value) {
  if (!reader.json().is_string()) return expected(reader, "a string");
  return value = reader.json().get<std::string>(), Result<void>();
}

void put_value(Json& json, const char* name, const void* value, WriteValue write) { json[name] = write(value); }

bool FieldReader::has(const char* name) const { return result_ && object_.has(name); }

void FieldReader::take(const char* name, void* value, ReadValue read) {
  if (!result_) return;
  Result<JsonReader> member = object_.member(name);
  result_ = member ? read(*member, value) : Result<void>(member.error());
}

Json named_message(std::string_view type, const Json& fields) {
  Json json = {{"type", std::string(type)}};
  json.update(fields);
  return json;
}

Error unknown_message(const JsonReader& reader, const std::string& type) {
  return reader.error(text("there is no message \"", type, "\""));
}

}  // namespace chestlight::contract
