// JSON with errors that name the place: "labels[3].threshold: expected a number, found a string".
//
// A thin layer over nlohmann/json (no exceptions escape from here). Json keeps the order of keys, so what we
// write reads in the order it was built. JsonReader is a cursor that knows its own path; it does not own.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace chestlight {

using Json = nlohmann::ordered_json;

/// Parses `text`; `what` names the document in the error ("manifest.json").
Result<Json> parse_json(std::string_view text, std::string_view what);

/// Compact text; bytes that are not UTF-8 become U+FFFD, so a file name can never break a message.
std::string write_json(const Json& json);

/// Indented by two, with numbers as JavaScript's JSON.stringify writes them (1 for 1.0, 0.00001), so that a file is the same
/// whichever of the two wrote it.
std::string write_indented_json(const Json& json);

class JsonReader {
 public:
  /// `code` is the error code that every complaint of this reader carries.
  JsonReader(const Json& json, std::string path, ErrorCode code) : json_(&json), path_(std::move(path)), code_(code) {}

  const Json& json() const { return *json_; }
  const std::string& path() const { return path_; }
  bool has(std::string_view key) const;

  Result<JsonReader> member(std::string_view key) const;  // any type; missing is an error
  Result<std::vector<JsonReader>> items() const;          // this value must be an array
  Result<std::vector<JsonReader>> items(std::string_view key) const;

  Result<std::string> string(std::string_view key) const;
  Result<double> number(std::string_view key) const;  // finite
  Result<long long> integer(std::string_view key) const;
  Result<bool> boolean(std::string_view key) const;
  Result<std::vector<double>> numbers(std::string_view key) const;

  /// An error about this value: "<path>: <complaint>".
  Error error(std::string_view complaint) const;

 private:
  Error expected(std::string_view type) const;

  const Json* json_;
  std::string path_;
  ErrorCode code_;
};

}  // namespace chestlight
