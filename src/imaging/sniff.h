// Names the format of a file from its first bytes. Never trusts a file's name, never decodes, never allocates;
// looks at no more than the first kSniffBytes bytes, except that it walks the headers of a PNG or JPEG as far as the
// frame header, because "JPEG" alone does not say whether it can be read.
#pragma once

#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace chestlight {

enum class Format {
  kEmpty,
  kPng,
  kAnimatedPng,
  kJpeg,              // baseline, extended or progressive Huffman, 8 bits: what browsers show
  kJpegLossless,      // SOF3
  kJpegHierarchical,  // SOF5–7, SOF13–15
  kJpegArithmetic,    // SOF9–11
  kJpegTwelveBit,     // any of the above with a precision other than 8
  kJpegLs,            // SOF55
  kJpeg2000,
  kJpegXl,
  kGif,
  kBmp,
  kTiff,
  kWebP,
  kAvif,
  kHeic,
  kDicom,
  kPdf,
  kZip,
  kGzip,
  kHtml,
  kText,
  kUnknown,
};

/// What a person is told about a format.
struct FormatInfo {
  Format format = Format::kUnknown;
  std::string_view kind;  // in a word or two, for a list: "WebP"
  std::string_view name;  // with its article: "a WebP picture"
  std::string_view hint;  // what to do with it; empty for the formats that are read
  bool image = false;     // it holds a picture (or may), in a form that is not read
};

inline constexpr std::size_t kSniffBytes = 1024;

Format sniff(Bytes bytes);

/// Every format has exactly one entry.
const FormatInfo& format_info(Format format);

/// The error for a file of a format without a reader: kEmptyFile, kUnsupportedFormat or kNotAnImage.
Error unreadable_format(Format format);

}  // namespace chestlight
