#include "model/weights/zip_directory.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "model/weights/damage.h"

namespace chestlight {
namespace {

struct ZipDirectory {
  std::uint64_t entries = 0, offset = 0;
};

constexpr std::uint32_t kEndSignature = 0x06054b50, kEnd64Signature = 0x06064b50, kLocator64Signature = 0x07064b50,
                        kEntrySignature = 0x02014b50, kLocalSignature = 0x04034b50;
constexpr std::size_t kEndSize = 22, kLocator64Size = 20;

/// The end record stands at the end but for a comment of up to 65,535 bytes.
std::optional<std::size_t> find_end(Bytes file) {
  constexpr std::size_t kLongestComment = 65535;
  if (file.size() < kEndSize) return std::nullopt;
  const std::size_t last = file.size() - kEndSize;
  for (std::size_t at = last + 1; at-- > last - std::min(last, kLongestComment);) {
    ByteReader reader(file.subspan(at));
    if (reader.little<std::uint32_t>() == kEndSignature) return at;
  }
  return std::nullopt;
}

Result<ZipDirectory> find_directory(Bytes file) {
  const auto end = find_end(file);
  if (!end) return cut_off("The file begins as a ZIP archive but has no directory at its end.");
  ByteReader reader(file.subspan(*end + 10));
  ZipDirectory directory;
  directory.entries = *reader.little<std::uint16_t>();
  reader.skip(4);
  directory.offset = *reader.little<std::uint32_t>();
  if (directory.entries != 0xffff && directory.offset != 0xffffffff) return directory;
  if (*end < kLocator64Size) return damaged("The directory of the ZIP archive is damaged.");
  ByteReader locator(file.subspan(*end - kLocator64Size));
  if (locator.little<std::uint32_t>() != kLocator64Signature || !locator.skip(4)) return directory;  // 65,535 entries indeed
  const std::uint64_t at = *locator.little<std::uint64_t>();
  ByteReader record(file);
  if (at > file.size() || !record.seek(static_cast<std::size_t>(at)) || record.little<std::uint32_t>() != kEnd64Signature ||
      !record.skip(28))
    return damaged("The directory of the ZIP archive is damaged.");
  const auto entries = record.little<std::uint64_t>();
  const bool has_size = record.skip(8);
  const auto offset = record.little<std::uint64_t>();
  if (!entries || !has_size || !offset) return damaged("The directory of the ZIP archive is damaged.");
  return ZipDirectory{*entries, *offset};
}

struct ZipHeader {
  std::string_view name;
  std::uint64_t stored = 0, size = 0, local = 0;
  std::uint16_t flags = 0, method = 0;
};

/// Replaces the sizes that stand in the ZIP64 extra field, in their order.
bool read_extra(Bytes extra, ZipHeader& header) {
  constexpr std::uint16_t kZip64 = 1;
  constexpr std::uint64_t kElsewhere = 0xffffffff;
  for (ByteReader reader(extra); reader.remaining() >= 4;) {
    const auto id = reader.little<std::uint16_t>(), length = reader.little<std::uint16_t>();
    const auto body = reader.take(*length);
    if (!body) return false;
    if (*id != kZip64) continue;
    ByteReader values(*body);
    for (std::uint64_t* value : {&header.size, &header.stored, &header.local}) {
      if (*value != kElsewhere) continue;
      const auto wide = values.little<std::uint64_t>();
      if (!wide) return false;
      *value = *wide;
    }
  }
  return true;
}

std::optional<ZipHeader> read_header(ByteReader& reader) {
  if (reader.remaining() < 46 || reader.little<std::uint32_t>() != kEntrySignature) return std::nullopt;
  ZipHeader header;
  reader.skip(4);
  header.flags = *reader.little<std::uint16_t>();
  header.method = *reader.little<std::uint16_t>();
  reader.skip(8);
  header.stored = *reader.little<std::uint32_t>();
  header.size = *reader.little<std::uint32_t>();
  const std::size_t name = *reader.little<std::uint16_t>(), extra = *reader.little<std::uint16_t>(),
                    comment = *reader.little<std::uint16_t>();
  reader.skip(8);
  header.local = *reader.little<std::uint32_t>();
  const auto name_bytes = reader.take(name), extra_bytes = reader.take(extra);
  if (!name_bytes || !extra_bytes || !reader.skip(comment) || !read_extra(*extra_bytes, header)) return std::nullopt;
  header.name = as_text(*name_bytes);
  return header;
}

/// The entry's bytes behind its local header, which has a name and an extra field of its own lengths.
Result<Bytes> bytes_of(Bytes file, const ZipHeader& header) {
  ByteReader reader(file);
  const bool there = header.local <= file.size() && reader.seek(static_cast<std::size_t>(header.local));
  if (!there || reader.remaining() < 30)
    return cut_off(text(shortened(header.name), " would begin at byte ", header.local, "; the archive has ", file.size(), "."));
  if (reader.little<std::uint32_t>() != kLocalSignature)
    return damaged(text("The ZIP archive does not hold ", shortened(header.name), " where its directory says."));
  reader.skip(22);
  const std::size_t name = *reader.little<std::uint16_t>(), extra = *reader.little<std::uint16_t>();
  if (!reader.skip(name + extra) || header.stored > reader.remaining())
    return cut_off(text(shortened(header.name), " claims ", header.stored, " bytes; ", reader.remaining(), " follow."));
  return *reader.take(static_cast<std::size_t>(header.stored));
}

}  // namespace

Result<std::map<std::string_view, ZipEntry>> read_zip_directory(Bytes file) {
  CHESTLIGHT_TRY(const ZipDirectory directory, find_directory(file));
  if (directory.entries > kMaxZipEntries)
    return Error{ErrorCode::kTooLarge,
                 text("The ZIP archive claims ", directory.entries, " files; at most ", kMaxZipEntries, " are read."),
                 "Check that this is a checkpoint."};
  ByteReader reader(file);
  if (directory.offset > file.size() || !reader.seek(static_cast<std::size_t>(directory.offset)))
    return cut_off(text("The directory of the ZIP archive would begin at byte ", directory.offset, " of ", file.size(), "."));
  std::map<std::string_view, ZipEntry> entries;
  std::vector<std::pair<std::size_t, std::size_t>> extents;  // of the bytes in the file
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    const auto header = read_header(reader);
    if (!header) return damaged("The directory of the ZIP archive is damaged.");
    if (header->flags & 1) return damaged(text(shortened(header->name), " is encrypted."));
    CHESTLIGHT_TRY(const Bytes bytes, bytes_of(file, *header));
    const bool compressed = header->method != 0;
    if (!compressed && header->size != header->stored)
      return damaged(
          text(shortened(header->name), " is stored as it is, in ", header->stored, " bytes, but claims ", header->size, "."));
    const std::size_t first = static_cast<std::size_t>(bytes.data() - file.data());
    if (!bytes.empty()) extents.emplace_back(first, first + bytes.size());
    if (!entries.emplace(header->name, ZipEntry{compressed, compressed ? Bytes() : bytes}).second)
      return damaged(text("The ZIP archive holds ", shortened(header->name), " twice."));
  }
  std::sort(extents.begin(), extents.end());
  for (std::size_t i = 1; i < extents.size(); ++i)
    if (extents[i].first < extents[i - 1].second) return damaged("Files in the ZIP archive lie over each other.");
  return entries;
}

}  // namespace chestlight
