#include "model/weights/safetensors.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/text.h"

namespace chestlight {
namespace {

// Sorted rather than ordered JSON: looking up a key of an ordered object is linear, and a file may bring many keys.
using SortedJson = nlohmann::json;

constexpr std::string_view kMetadata = "__metadata__";

Error corrupt(std::string message) {
  return {ErrorCode::kCorrupt, std::move(message), "Download or export the weights file again."};
}

Error about(std::string_view name, std::string_view complaint) { return corrupt(text("Tensor ", name, ": ", complaint)); }

struct Header {
  SortedJson json;
  std::size_t data_begin = 0;
};

Result<Header> read_header(Bytes file) {
  if (file.empty()) return Error{ErrorCode::kEmptyFile, "The weights file is empty.", "Download the weights file again."};
  ByteReader reader(file);
  auto length = reader.little<std::uint64_t>();
  if (!length)
    return Error{ErrorCode::kTruncated, text("The weights file has ", file.size(), " bytes; a safetensors file has at least 10."),
                 "Download the weights file again."};
  if (reader.remaining() > 0 && file[8] != '{')
    return corrupt("This is not a safetensors file: its header does not begin with a brace.");
  if (*length > kMaxSafetensorsHeader)
    return Error{ErrorCode::kTooLarge,
                 text("The header claims ", *length, " bytes; at most ", kMaxSafetensorsHeader, " are read."),
                 "Check that this is a safetensors file."};
  auto header = reader.take(static_cast<std::size_t>(*length));
  if (!header)
    return Error{ErrorCode::kTruncated, text("The header claims ", *length, " bytes, but only ", reader.remaining(), " follow."),
                 "Download the weights file again."};

  std::set<std::string, std::less<>> names;
  std::optional<std::string> duplicate;
  auto watch_names = [&](int depth, SortedJson::parse_event_t event, SortedJson& parsed) {
    if (event != SortedJson::parse_event_t::key || depth != 1) return true;
    const auto& name = parsed.get_ref<const std::string&>();
    if (!names.insert(name).second) duplicate = name;
    return true;
  };
  std::string_view source = as_text(*header);
  SortedJson json = SortedJson::parse(source.begin(), source.end(), watch_names, /*allow_exceptions=*/false);
  if (json.is_discarded() || !json.is_object()) return corrupt("The header of the weights file is not a JSON object.");
  if (duplicate) return about(*duplicate, "named twice in the header.");
  return Header{std::move(json), reader.position()};
}

std::optional<std::vector<std::uint64_t>> unsigned_numbers(const SortedJson& entry, const char* key) {
  auto found = entry.find(key);
  if (found == entry.end() || !found->is_array()) return std::nullopt;
  std::vector<std::uint64_t> numbers;
  for (const SortedJson& number : *found) {
    if (!number.is_number_unsigned()) return std::nullopt;
    numbers.push_back(number.get<std::uint64_t>());
  }
  return numbers;
}

/// shape product × element size, or nothing where that overflows.
std::optional<std::uint64_t> byte_count(const std::vector<std::uint64_t>& shape, std::uint64_t element_size) {
  constexpr std::uint64_t kLargest = INT64_MAX;
  std::uint64_t count = element_size;
  for (std::uint64_t extent : shape) {
    if (extent > kLargest || (extent != 0 && count > kLargest / extent)) return std::nullopt;
    count *= extent;
  }
  return count;
}

struct Extent {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::string_view name;
};

Result<Extent> read_entry(std::string_view name, const SortedJson& entry, Bytes data, Tensor& tensor) {
  if (!entry.is_object()) return about(name, text("expected an object, found ", entry.type_name(), "."));
  auto type = entry.find("dtype");
  if (type == entry.end() || !type->is_string()) return about(name, "dtype is missing or not a string.");
  auto known = data_type_of(type->get_ref<const std::string&>());
  if (!known)
    return about(name, text("dtype ", type->dump(-1, ' ', true, SortedJson::error_handler_t::replace), " is not one we know."));
  auto shape = unsigned_numbers(entry, "shape");
  if (!shape) return about(name, "shape is missing or not an array of whole numbers from 0 up.");
  auto offsets = unsigned_numbers(entry, "data_offsets");
  if (!offsets || offsets->size() != 2) return about(name, "data_offsets is missing or not two whole numbers.");
  auto [begin, end] = std::pair((*offsets)[0], (*offsets)[1]);
  if (begin > end) return about(name, text("data_offsets end at ", end, ", before they begin at ", begin, "."));
  if (end > data.size())
    return Error{ErrorCode::kTruncated,
                 text("Tensor ", name, ": data_offsets end at ", end, ", but the file holds ", data.size(), " bytes of data."),
                 "Download the weights file again."};
  auto expected = byte_count(*shape, data_type_size(*known));
  tensor.type = *known;
  tensor.shape.assign(shape->begin(), shape->end());
  if (!expected) return about(name, "its shape multiplies to more bytes than a file can hold.");
  if (end - begin != *expected)
    return about(name, text("found ", end - begin, " bytes; ", data_type_name(*known), " ", shape_text(tensor.shape), " needs ",
                            *expected, "."));
  tensor.bytes = data.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
  return Extent{begin, end, name};
}

Result<void> check_metadata(const SortedJson& metadata) {
  if (!metadata.is_object()) return corrupt("__metadata__ is not an object.");
  for (const SortedJson& value : metadata)
    if (!value.is_string()) return corrupt("__metadata__ holds a value that is not a string.");
  return {};
}

/// Every byte of the data belongs to exactly one tensor.
Result<void> check_coverage(std::vector<Extent> extents, std::uint64_t data_size) {
  std::sort(extents.begin(), extents.end(),
            [](const Extent& a, const Extent& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
  std::uint64_t covered = 0;
  for (const Extent& extent : extents) {
    if (extent.begin < covered)
      return about(extent.name, text("begins at byte ", extent.begin, ", inside another tensor that ends at ", covered, "."));
    if (extent.begin > covered)
      return about(extent.name, text("begins at byte ", extent.begin, "; the ", extent.begin - covered,
                                     " bytes before it belong to no tensor."));
    covered = extent.end;
  }
  if (covered != data_size)
    return corrupt(text("The last ", data_size - covered, " bytes of the weights file belong to no tensor."));
  return {};
}

}  // namespace

Result<TensorMap> read_safetensors(Bytes file) {
  CHESTLIGHT_TRY(Header header, read_header(file));
  Bytes data = file.subspan(header.data_begin);
  TensorMap tensors;
  std::vector<Extent> extents;
  for (const auto& [name, entry] : header.json.items()) {
    if (name == kMetadata) {
      CHESTLIGHT_CHECK(check_metadata(entry));
      continue;
    }
    Tensor& tensor = tensors[name];
    CHESTLIGHT_TRY(Extent extent, read_entry(tensors.find(name)->first, entry, data, tensor));
    extents.push_back(extent);
  }
  CHESTLIGHT_CHECK(check_coverage(std::move(extents), data.size()));
  return tensors;
}

}  // namespace chestlight
