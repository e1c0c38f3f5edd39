// What to do about a damaged file, in the same words for every format.
#pragma once

#include <string>
#include <utility>

#include "base/result.h"

namespace chestlight {

inline constexpr auto kExportAgain = "Copy or export the file again from where it came.";

inline Error truncated_file(std::string message) { return {ErrorCode::kTruncated, std::move(message), kExportAgain}; }
inline Error corrupt_file(std::string message) { return {ErrorCode::kCorrupt, std::move(message), kExportAgain}; }

}  // namespace chestlight
