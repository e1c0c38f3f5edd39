#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "imaging/codecs/png.h"
#include "imaging/codecs/png_chunks.h"
#include "imaging/codecs/stb_pixels.h"
#include "imaging/hints.h"

namespace chestlight {
namespace {

using Output = std::vector<std::uint8_t>;

// What the chunks of a file hold of its picture.
struct Parts {
  Bytes exif;
  Bytes palette, transparency;    // each with its type, as its CRC covers it; empty if there is none
  std::vector<Bytes> compressed;  // the data of the IDAT chunks
  bool cut_off = false;           // the last of them is not whole
  bool has_end = false;
  std::string odd_chunk;  // one whose check sum is wrong, and which makes no pixels
};

// Chunks without which the pixels are the same: what may be damaged. A name that is not among them may be a damaged name
// of one that matters; tRNS is called ancillary and yet changes what is seen.
constexpr std::string_view kDispensable[] = {"tEXt", "zTXt", "iTXt", "tIME", "pHYs", "gAMA", "cHRM", "sRGB", "iCCP", "cICP",
                                             "bKGD", "hIST", "sBIT", "sPLT", "eXIf", "oFFs", "pCAL", "sCAL", "sTER", "dSIG"};
bool makes_pixels(std::string_view type) { return std::ranges::find(kDispensable, type) == std::end(kDispensable); }
bool is_critical(std::string_view type) { return type[0] < 'a'; }

Result<Parts> read_parts(Bytes bytes) {
  Parts parts;
  ByteReader reader(bytes);
  reader.seek(std::min(bytes.size(), kPngSignature.size()));
  while (!parts.has_end && !parts.cut_off) {
    const std::size_t start = reader.position();
    const auto chunk = next_png_chunk(reader);
    if (!chunk) break;
    if (chunk->type == "IEND") {
      parts.has_end = chunk->whole;
      break;
    }
    const bool sound = chunk->whole && crc32(chunk->checked) == chunk->crc;
    if (chunk->type == "IDAT") {
      parts.compressed.push_back(chunk->data);
      parts.cut_off = !chunk->whole;
    }
    if (!chunk->whole) break;
    if (!sound && makes_pixels(chunk->type))
      return corrupt_file(text("The PNG is damaged: its ", png_chunk_name(chunk->type), " chunk at byte ", start,
                               " does not match its check sum."));
    if (!sound) parts.odd_chunk = png_chunk_name(chunk->type);
    else if (chunk->type == "eXIf") parts.exif = chunk->data;
    else if (chunk->type == "PLTE") parts.palette = chunk->checked;
    else if (chunk->type == "tRNS") parts.transparency = chunk->checked;
    else if (chunk->type != "IDAT" && chunk->type != "IHDR" && is_critical(chunk->type))
      return corrupt_file(text("The PNG needs a ", png_chunk_name(chunk->type), " chunk to be understood, which is not known."));
  }
  return parts;
}

// The passes of Adam7: first column and row, and the steps between them.
struct Pass {
  std::uint32_t column, row, across, down;
};
constexpr Pass kWhole{0, 0, 1, 1};
constexpr Pass kAdam7[] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};

std::size_t bytes_of_pass(const PngHeader& header, const Pass& pass) {
  if (header.width <= pass.column || header.height <= pass.row) return 0;
  const std::size_t columns = (header.width - pass.column + pass.across - 1) / pass.across;
  const std::size_t rows = (header.height - pass.row + pass.down - 1) / pass.down;
  constexpr int palette = 3;
  const int bits = header.bits * (header.colour_type == palette ? 1 : header.channels());
  return rows * (1 + (columns * bits + 7) / 8);
}

std::size_t bytes_of_rows(const PngHeader& header) {
  if (!header.interlaced) return bytes_of_pass(header, kWhole);
  std::size_t bytes = 0;
  for (const auto& pass : kAdam7) bytes += bytes_of_pass(header, pass);
  return bytes;
}

// The check sum of zlib (RFC 1950).
std::uint32_t adler32(Bytes bytes) {
  constexpr std::uint32_t kModulus = 65521;
  constexpr std::size_t kWithoutOverflow = 5552;
  std::uint32_t a = 1, b = 0;
  while (!bytes.empty()) {
    const auto part = bytes.first(std::min(bytes.size(), kWithoutOverflow));
    for (const auto byte : part) b += a += byte;
    a %= kModulus;
    b %= kModulus;
    bytes = bytes.subspan(part.size());
  }
  return b << 16 | a;
}

void put(Output& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}
void put(Output& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

// `named` is a type and data. Decoders here do not look at the CRC, which was compared before.
void put_chunk(Output& out, Bytes named) {
  if (named.empty()) return;
  put(out, static_cast<std::uint32_t>(named.size() - 4));
  put(out, named);
  put(out, 0u);
}

// Rows beyond those that the header states are inflated as far, and proven with the others.
constexpr std::size_t kMostSurplus = 1 << 20;

constexpr std::size_t kStored = 65535;  // bytes of one block that is not compressed (RFC 1951, 3.2.4)
constexpr std::size_t kStoredHeader = 5;

std::size_t stored_headers(std::size_t rows) { return (rows + kStored - 1) / kStored * kStoredHeader; }

// The rows lie at the end of `out`; each block moves towards the front, behind a header of its own.
void store_in_place(Output& out, std::size_t at, std::size_t rows) {
  std::size_t from = out.size() - rows;
  while (from < out.size()) {
    const std::size_t length = std::min(kStored, out.size() - from);
    const bool last = from + length == out.size();
    std::copy_n(out.begin() + std::ptrdiff_t(from), length, out.begin() + std::ptrdiff_t(at + kStoredHeader));
    const auto low = static_cast<std::uint8_t>(length), high = static_cast<std::uint8_t>(length >> 8);
    const std::uint8_t header[] = {last, low, high, static_cast<std::uint8_t>(~low), static_cast<std::uint8_t>(~high)};
    std::ranges::copy(header, out.begin() + std::ptrdiff_t(at));
    from += length;
    at += kStoredHeader + length;
  }
}

// A sum of four bytes stands behind the compressed rows; encoders may leave some bytes after it.
bool ends_with(const Output& compressed, std::uint32_t sum) {
  constexpr std::size_t kSearched = 1024;
  Output wanted;
  put(wanted, sum);
  const auto begin = compressed.size() > kSearched ? compressed.end() - kSearched : compressed.begin();
  return std::search(begin, compressed.end(), wanted.begin(), wanted.end()) != compressed.end();
}

}  // namespace

Result<WholePng> prove_png(Bytes bytes, const PngHeader& header) {
  CHESTLIGHT_TRY(const auto parts, read_parts(bytes));
  if (parts.compressed.empty())
    return parts.has_end
               ? corrupt_file("The PNG holds no pixel data (no IDAT chunk).")
               : truncated_file(text("The PNG is truncated: it ends before its pixel data, after ", bytes.size(), " bytes."));
  Output compressed;
  for (const auto& part : parts.compressed) put(compressed, part);

  WholePng whole;
  Output& out = whole.stream;
  put(out, as_bytes(kPngSignature));
  constexpr std::size_t kHeaderBytes = 4 + 13;
  put_chunk(out, bytes.subspan(kPngSignature.size() + 4, kHeaderBytes));
  put_chunk(out, parts.palette);
  put_chunk(out, parts.transparency);

  const std::size_t rows = bytes_of_rows(header), stored = 2 + stored_headers(rows) + rows;
  put(out, static_cast<std::uint32_t>(stored + 4));
  put(out, as_bytes("IDAT"));
  const std::size_t at = out.size();
  out.resize(at + stored + kMostSurplus);
  const auto place = std::span(out).subspan(at + stored - rows);
  const auto inflated = stb_inflate(compressed, place);
  if (!inflated || *inflated < rows) {
    if (parts.cut_off || !parts.has_end || inflated)
      return truncated_file(text("The PNG is truncated: it holds fewer pixels than its header states (", inflated.value_or(0),
                                 " of ", rows, " bytes of its rows)."));
    return corrupt_file("The PNG is damaged: its pixel data cannot be inflated to the size of its picture.");
  }
  const bool sum_is_right = ends_with(compressed, adler32(place.first(*inflated)));
  if (!sum_is_right && parts.cut_off) return truncated_file("The PNG is truncated: its pixel data end before their check sum.");
  const bool one_crc_covers_all = parts.compressed.size() == 1 && *inflated == rows;
  if (!sum_is_right && !one_crc_covers_all)
    return corrupt_file("The PNG is damaged: its pixel data do not match their check sum.");
  const auto sum = adler32(place.first(rows));
  out.resize(at + stored);
  out[at] = 0x78;  // zlib, no compression
  out[at + 1] = 0x01;
  store_in_place(out, at + 2, rows);
  put(out, sum);
  put(out, 0u);
  put_chunk(out, as_bytes("IEND"));

  whole.exif = parts.exif;
  if (!parts.has_end) whole.notes.push_back("The end of the PNG file is missing; all its pixels are there.");
  if (!sum_is_right)
    whole.notes.push_back(
        "The check sum behind the pixel data of the PNG is missing or wrong; that of the chunk around them is right.");
  if (*inflated > rows)
    whole.notes.push_back(text("The PNG holds ", *inflated, " bytes of rows where its size needs ", rows, ": the last ",
                               *inflated - rows, " are passed over."));
  if (!parts.odd_chunk.empty())
    whole.notes.push_back(text("The ", parts.odd_chunk,
                               " chunk of the PNG does not match its check sum and was skipped; no "
                               "pixels depend on it."));
  return whole;
}

}  // namespace chestlight
