// What the readers of checkpoints say of files that are damaged, in one voice.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace chestlight {

inline constexpr std::string_view kGetItAgain = "Download or copy the file again.";

inline Error damaged(std::string message) { return {ErrorCode::kCorrupt, std::move(message), std::string(kGetItAgain)}; }
inline Error cut_off(std::string message) { return {ErrorCode::kTruncated, std::move(message), std::string(kGetItAgain)}; }
inline Error unsupported(std::string message, std::string_view hint) {
  return {ErrorCode::kUnsupportedFormat, std::move(message), std::string(hint)};
}

/// A name out of a file, short enough for a sentence.
inline std::string shortened(std::string_view name) {
  constexpr std::size_t kLongest = 80;
  return name.size() <= kLongest ? std::string(name) : std::string(name.substr(0, kLongest)) + "…";
}

}  // namespace chestlight
