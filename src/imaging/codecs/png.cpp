#include "imaging/codecs/png.h"

#include <array>

#include "base/text.h"
#include "imaging/codecs/png_chunks.h"
#include "imaging/hints.h"

namespace chestlight {
namespace {

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
  if (!as_text(bytes).starts_with(kPngSignature) || !reader.skip(kPngSignature.size()))
    return corrupt_file("The file does not begin with the PNG signature.");
  auto length = reader.big<std::uint32_t>();
  auto type = reader.take(4);
  auto width = reader.big<std::uint32_t>(), height = reader.big<std::uint32_t>();
  auto rest = reader.take(5);  // bits, colour type, compression, filter, interlace
  if (!rest) return truncated_file(text("The PNG ends inside its header, after ", bytes.size(), " bytes."));
  if (as_text(*type) != "IHDR" || *length != 13)
    return corrupt_file(text("The first chunk of the PNG is ", png_chunk_name(as_text(*type)), "; IHDR was expected."));

  PngHeader header{*width, *height, (*rest)[0], (*rest)[1], (*rest)[4] != 0};
  if (header.width == 0 || header.height == 0 || header.width > 0x7fffffffu || header.height > 0x7fffffffu)
    return corrupt_file(text("The PNG states a size of ", header.width, " × ", header.height, " pixels."));
  return header;
}

bool png_is_animated(Bytes bytes) {
  ByteReader reader(bytes);
  if (!reader.skip(kPngSignature.size())) return false;
  while (auto chunk = next_png_chunk(reader)) {
    if (chunk->type == "acTL") return true;
    if (chunk->type == "IDAT" || !chunk->whole) return false;
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
