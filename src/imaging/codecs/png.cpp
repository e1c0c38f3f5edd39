#include "imaging/codecs/png.h"

#include <array>

#include "base/text.h"
#include "imaging/hints.h"

namespace chestlight {
namespace {

constexpr std::size_t kSignatureBytes = 8;

struct Chunk {
  std::string_view type;
  Bytes data;
  Bytes checked;  // type and data: what the CRC covers
  std::uint32_t crc = 0;
};

// The next whole chunk, or nothing where the file ends first.
std::optional<Chunk> next_chunk(ByteReader& reader) {
  auto length = reader.big<std::uint32_t>();
  if (!length || *length > 0x7fffffffu) return std::nullopt;
  auto checked = reader.take(4 + std::size_t{*length});
  auto crc = reader.big<std::uint32_t>();
  if (!checked || !crc) return std::nullopt;
  return Chunk{as_text(checked->first(4)), checked->subspan(4), *checked, *crc};
}

Error truncated(std::string message) { return {ErrorCode::kTruncated, std::move(message), kExportAgain}; }
Error corrupt(std::string message) { return {ErrorCode::kCorrupt, std::move(message), kExportAgain}; }

// A chunk's name for a message: four letters, or nothing when it is not letters (a name from a damaged file).
std::string chunk_name(std::string_view type) {
  for (char c : type)
    if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))) return "unnamed";
  return std::string(type);
}

using CrcTables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr CrcTables make_crc_tables() {
  CrcTables tables{};
  for (std::uint32_t n = 0; n < 256; ++n) {
    std::uint32_t c = n;
    for (int bit = 0; bit < 8; ++bit) c = c & 1 ? 0xedb88320u ^ (c >> 1) : c >> 1;
    tables[0][n] = c;
  }
  for (std::size_t t = 1; t < 8; ++t)
    for (std::uint32_t n = 0; n < 256; ++n) tables[t][n] = tables[0][tables[t - 1][n] & 0xff] ^ (tables[t - 1][n] >> 8);
  return tables;
}
constexpr CrcTables kCrcTables = make_crc_tables();

}  // namespace

int PngHeader::channels() const {
  switch (colour_type) {
    case 0: return 1;
    case 4: return 2;
    case 6: return 4;
    default: return 3;
  }
}

Result<PngHeader> png_header(Bytes bytes) {
  ByteReader reader(bytes);
  if (!as_text(bytes).starts_with(kPngSignature) || !reader.skip(kSignatureBytes))
    return corrupt("The file does not begin with the PNG signature.");
  auto length = reader.big<std::uint32_t>();
  auto type = reader.take(4);
  auto width = reader.big<std::uint32_t>(), height = reader.big<std::uint32_t>();
  auto rest = reader.take(5);  // bits, colour type, compression, filter, interlace
  if (!rest) return truncated(text("The PNG ends inside its header, after ", bytes.size(), " bytes."));
  if (as_text(*type) != "IHDR" || *length != 13)
    return corrupt(text("The first chunk of the PNG is ", chunk_name(as_text(*type)), "; IHDR was expected."));

  PngHeader header{*width, *height, (*rest)[0], (*rest)[1], (*rest)[4] != 0};
  if (header.width == 0 || header.height == 0 || header.width > 0x7fffffffu || header.height > 0x7fffffffu)
    return corrupt(text("The PNG states a size of ", header.width, " × ", header.height, " pixels."));
  return header;
}

Result<Bytes> check_png_chunks(Bytes bytes) {
  ByteReader reader(bytes);
  if (!reader.skip(kSignatureBytes)) return truncated("The PNG ends inside its signature.");
  Bytes exif;
  bool pixels = false;
  while (true) {
    std::size_t start = reader.position();
    auto chunk = next_chunk(reader);
    if (!chunk)
      return truncated(text("The PNG is truncated: ", pixels ? "its pixel data or end" : "its header", " is cut off after ",
                            bytes.size(), " bytes."));
    if (crc32(chunk->checked) != chunk->crc)
      return corrupt(
          text("The PNG is damaged: its ", chunk_name(chunk->type), " chunk at byte ", start, " does not match its check sum."));
    if (chunk->type == "IDAT") pixels = true;
    if (chunk->type == "eXIf") exif = chunk->data;
    if (chunk->type == "IEND") break;
  }
  if (!pixels) return corrupt("The PNG holds no pixel data (no IDAT chunk).");
  return exif;
}

bool png_is_animated(Bytes bytes) {
  ByteReader reader(bytes);
  if (!reader.skip(kSignatureBytes)) return false;
  while (auto chunk = next_chunk(reader)) {
    if (chunk->type == "acTL") return true;
    if (chunk->type == "IDAT") return false;
  }
  return false;
}

// Eight bytes at a time ("slicing by 8", Kounavis and Berry 2005).
std::uint32_t crc32(Bytes bytes) {
  std::uint32_t crc = 0xffffffffu;
  const std::uint8_t* p = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8, p += 8) {
    std::uint32_t low = crc ^ (p[0] | std::uint32_t{p[1]} << 8 | std::uint32_t{p[2]} << 16 | std::uint32_t{p[3]} << 24);
    crc = kCrcTables[7][low & 0xff] ^ kCrcTables[6][low >> 8 & 0xff] ^ kCrcTables[5][low >> 16 & 0xff] ^
          kCrcTables[4][low >> 24] ^ kCrcTables[3][p[4]] ^ kCrcTables[2][p[5]] ^ kCrcTables[1][p[6]] ^ kCrcTables[0][p[7]];
  }
  for (; left > 0; --left, ++p) crc = kCrcTables[0][(crc ^ *p) & 0xff] ^ (crc >> 8);
  return ~crc;
}

}  // namespace chestlight
