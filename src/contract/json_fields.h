// Values to and from JSON, field by field: what the code that tools/contract makes is built of. Numbers must be finite and whole
// where the type is; text must be text. A complaint names its place: "film.width: expected a whole number, found a string".
#pragma once

#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/text.h"

namespace chestlight::contract {

inline Json to_json(bool value) { return value; }
inline Json to_json(int value) { return value; }
inline Json to_json(double value) { return value; }
inline Json to_json(const std::string& value) { return value; }
template <class T>
Json to_json(const std::vector<T>& values);
template <class T, std::size_t N>
Json to_json(const std::array<T, N>& values);
template <class T>
Json to_json(const std::map<std::string, T>& values);

Result<void> from_json(const JsonReader& reader, bool& value);
Result<void> from_json(const JsonReader& reader, int& value);
Result<void> from_json(const JsonReader& reader, double& value);
Result<void> from_json(const JsonReader& reader, std::string& value);
template <class T>
Result<void> from_json(const JsonReader& reader, std::vector<T>& values);
template <class T, std::size_t N>
Result<void> from_json(const JsonReader& reader, std::array<T, N>& values);
template <class T>
Result<void> from_json(const JsonReader& reader, std::map<std::string, T>& values);

template <class List>
Json list_to_json(const List& values) {
  Json json = Json::array();
  for (const auto& value : values) json.push_back(to_json(value));
  return json;
}
template <class T>
Json to_json(const std::vector<T>& values) {
  return list_to_json(values);
}
template <class T, std::size_t N>
Json to_json(const std::array<T, N>& values) {
  return list_to_json(values);
}
template <class T>
Json to_json(const std::map<std::string, T>& values) {
  Json json = Json::object();
  for (const auto& [name, value] : values) json[name] = to_json(value);
  return json;
}

template <class T>
Result<void> from_json(const JsonReader& reader, std::vector<T>& values) {
  CHESTLIGHT_TRY(std::vector<JsonReader> items, reader.items());
  values.clear();
  for (const JsonReader& item : items) CHESTLIGHT_CHECK(from_json(item, values.emplace_back()));
  return {};
}
template <class T, std::size_t N>
Result<void> from_json(const JsonReader& reader, std::array<T, N>& values) {
  CHESTLIGHT_TRY(std::vector<JsonReader> items, reader.items());
  if (items.size() != N) return reader.error(text("expected ", N, " values, found ", items.size()));
  for (std::size_t i = 0; i < N; ++i) CHESTLIGHT_CHECK(from_json(items[i], values[i]));
  return {};
}
template <class T>
Result<void> from_json(const JsonReader& reader, std::map<std::string, T>& values) {
  if (!reader.json().is_object()) return reader.error("expected an object");
  values.clear();
  for (const auto& [name, unused] : reader.json().items()) {
    CHESTLIGHT_TRY(JsonReader member, reader.member(name));
    CHESTLIGHT_CHECK(from_json(member, values[name]));
  }
  return {};
}

template <class T>
void put_field(Json& json, const char* name, const T& value) {
  json[name] = to_json(value);
}
/// Nothing is written as null: who reads it sees that the field is known and empty.
template <class T>
void put_field(Json& json, const char* name, const std::optional<T>& value) {
  json[name] = value ? to_json(*value) : Json(nullptr);
}

inline void put_field(Json& json, const char* name, const Json& value) { json[name] = value; }

template <class T>
Result<void> take_required(const JsonReader& reader, const char* name, T& value) {
  CHESTLIGHT_TRY(JsonReader member, reader.member(name));
  return from_json(member, value);
}
inline Result<void> take_required(const JsonReader& reader, const char* name, Json& value) {
  CHESTLIGHT_TRY(JsonReader member, reader.member(name));
  return value = member.json(), Result<void>();
}
/// A field that is missing or null leaves the value as it is.
template <class T>
Result<void> take_field(const JsonReader& reader, const char* name, T& value) {
  if (!reader.has(name)) return {};
  return take_required(reader, name, value);
}
template <class T>
Result<void> take_field(const JsonReader& reader, const char* name, std::optional<T>& value) {
  value.reset();
  if (!reader.has(name)) return {};
  return take_required(reader, name, value.emplace());
}

template <class T>
Result<T> read_json(const JsonReader& reader) {
  T value;
  CHESTLIGHT_CHECK(from_json(reader, value));
  return value;
}

template <class Enum, std::size_t N>
Json enum_to_json(const std::pair<Enum, std::string_view> (&names)[N], Enum value) {
  for (const auto& [each, name] : names)
    if (each == value) return std::string(name);
  return nullptr;
}
template <class Enum, std::size_t N>
Result<void> enum_from_json(const std::pair<Enum, std::string_view> (&names)[N], const JsonReader& reader, Enum& value) {
  std::string found, known;
  CHESTLIGHT_CHECK(from_json(reader, found));
  for (const auto& [each, name] : names) {
    if (name == found) return value = each, Result<void>();
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  return reader.error(text("expected one of ", known, ", found \"", found, "\""));
}

/// The message with its type in front. Declared where the message is: message_name(), made by tools/contract.
Json named_message(std::string_view type, const Json& fields);
template <class... Messages>
Json message_to_json(const std::variant<Messages...>& message) {
  return std::visit([](const auto& one) { return named_message(message_name(one), to_json(one)); }, message);
}
Error unknown_message(const JsonReader& reader, const std::string& type);

template <class Variant, class Message>
Result<Variant> message_from_json(const JsonReader& reader) {
  CHESTLIGHT_TRY(Message message, read_json<Message>(reader));
  return Variant(std::move(message));
}

}  // namespace chestlight::contract
