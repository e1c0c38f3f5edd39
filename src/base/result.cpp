#include "base/result.h"

namespace chestlight {

std::string_view error_code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kEmptyFile: return "empty-file";
    case ErrorCode::kUnsupportedFormat: return "unsupported-format";
    case ErrorCode::kNotAnImage: return "not-an-image";
    case ErrorCode::kTruncated: return "truncated";
    case ErrorCode::kCorrupt: return "corrupt";
    case ErrorCode::kTooLarge: return "too-large";
    case ErrorCode::kTooSmall: return "too-small";
    case ErrorCode::kMissing: return "missing";
    case ErrorCode::kHashMismatch: return "hash-mismatch";
    case ErrorCode::kInvalidManifest: return "invalid-manifest";
    case ErrorCode::kInvalidModel: return "invalid-model";
    case ErrorCode::kUnavailable: return "unavailable";
    case ErrorCode::kInvalidRequest: return "invalid-request";
    case ErrorCode::kInferenceFailed: return "inference-failed";
    case ErrorCode::kCancelled: return "cancelled";
    case ErrorCode::kInternal: return "internal";
  }
  return "internal";
}

}  // namespace chestlight
