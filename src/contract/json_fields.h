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

// A field costs its struct one call: functions of its type write and read it behind a pointer. With templates for every field the
// JSON of the contract took twice as long to compile.
using WriteValue = Json (*)(const void* value);
using ReadValue = Result<void> (*)(const JsonReader& reader, void* value);

template <class T>
Json write_value(const void* value) {
  return to_json(*static_cast<const T*>(value));
}
/// Nothing is written as null: who reads it sees that the field is known and empty.
template <class T>
Json write_optional(const void* value) {
  const auto& held = *static_cast<const std::optional<T>*>(value);
  return held ? to_json(*held) : Json(nullptr);
}
void put_value(Json& json, const char* name, const void* value, WriteValue write);

template <class T>
void put_field(Json& json, const char* name, const T& value) {
  put_value(json, name, &value, &write_value<T>);
}
template <class T>
void put_field(Json& json, const char* name, const std::optional<T>& value) {
  put_value(json, name, &value, &write_optional<T>);
}
inline void put_field(Json& json, const char* name, const Json& value) { json[name] = value; }

template <class T>
Result<void> read_value(const JsonReader& reader, void* value) {
  return from_json(reader, *static_cast<T*>(value));
}
template <>
inline Result<void> read_value<Json>(const JsonReader& reader, void* value) {
  return *static_cast<Json*>(value) = reader.json(), Result<void>();
}
template <class T>
Result<void> read_optional(const JsonReader& reader, void* value) {
  return read_value<T>(reader, &static_cast<std::optional<T>*>(value)->emplace());
}

/// Reads the fields of one object; after the first fault it reads no further.
class FieldReader {
 public:
  /// `object` must outlive the reader.
  explicit FieldReader(const JsonReader& object) : object_(object) {}

  template <class T>
  void required(const char* name, T& value) {
    take(name, &value, &read_value<T>);
  }
  /// A field that is missing or null leaves the value as it is.
  template <class T>
  void optional(const char* name, T& value) {
    if (has(name)) take(name, &value, &read_value<T>);
  }
  template <class T>
  void optional(const char* name, std::optional<T>& value) {
    value.reset();
    if (has(name)) take(name, &value, &read_optional<T>);
  }

  Result<void> result() && { return std::move(result_); }

 private:
  bool has(const char* name) const;
  void take(const char* name, void* value, ReadValue read);

  const JsonReader& object_;
  Result<void> result_;
};

/// One field of an object that is read by hand.
template <class T>
Result<void> take_required(const JsonReader& reader, const char* name, T& value) {
  FieldReader fields(reader);
  fields.required(name, value);
  return std::move(fields).result();
}
template <class T>
Result<void> take_field(const JsonReader& reader, const char* name, T& value) {
  FieldReader fields(reader);
  fields.optional(name, value);
  return std::move(fields).result();
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

/// One kind of message of a variant: its name, and what reads it into the variant.
template <class Variant>
struct MessageKind {
  std::string_view name;
  Result<void> (*read)(const JsonReader& reader, Variant& message);
};
template <class Variant, class Message>
Result<void> read_message(const JsonReader& reader, Variant& message) {
  return from_json(reader, message.template emplace<Message>());
}
template <class Variant, std::size_t N>
Result<Variant> message_from_json(const JsonReader& reader, const MessageKind<Variant> (&kinds)[N]) {
  CHESTLIGHT_TRY(std::string type, reader.string("type"));
  Result<Variant> message{Variant()};
  for (const auto& [name, read] : kinds) {
    if (name != type) continue;
    CHESTLIGHT_CHECK(read(reader, *message));
    return message;
  }
  return unknown_message(reader, type);
}

}  // namespace chestlight::contract
