// What a ZIP archive holds, by its central directory: names, and where the bytes of those that are stored as they are lie.
// Nothing is ever decompressed, so an archive cannot grow.
//
// Any bytes may be given: nothing outside them is read. ZIP64 is read. Checksums are not compared: PyTorch may be told to leave
// them out. Source: PKWARE APPNOTE.TXT 6.3.10.
#pragma once

#include <map>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace chestlight {

struct ZipEntry {
  bool is_compressed = false;
  Bytes bytes;  // of a stored entry; empty where it is compressed
};

inline constexpr std::size_t kMaxZipEntries = 200'000;

/// By name, as views of the file. Errors: kTruncated (no directory, or bytes that are not there), kTooLarge, kCorrupt (entries
/// that share bytes or a name, an encrypted one).
Result<std::map<std::string_view, ZipEntry>> read_zip_directory(Bytes file);

}  // namespace chestlight
