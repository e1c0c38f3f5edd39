#include "imaging/dicom/stored_values.h"

#include "base/text.h"

namespace chestlight {

Result<StoredValues> StoredValues::of(std::string_view type, std::vector<std::uint8_t> bytes) {
  static constexpr std::pair<std::string_view, Type> kTypes[] = {{"uint8", Type::kUint8},
                                                                 {"int8", Type::kInt8},
                                                                 {"uint16", Type::kUint16},
                                                                 {"int16", Type::kInt16},
                                                                 {"int32", Type::kInt32}};
  for (const auto& [name, value] : kTypes) {
    if (name != type) continue;
    StoredValues values;
    values.type_ = value;
    if (bytes.size() % values.value_bytes() != 0)
      return Error{ErrorCode::kInvalidRequest, text("The values are ", bytes.size(), " bytes, no whole number of ", type, "."),
                   ""};
    values.bytes_ = std::move(bytes);
    return values;
  }
  return Error{ErrorCode::kInvalidRequest, text("There is no type of stored values \"", type, "\"."), ""};
}

}  // namespace chestlight
