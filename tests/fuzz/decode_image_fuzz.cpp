// Any bytes give a film that keeps its promises, or an error with a message. Limits are small, so that a run is quick.
//
// Check sums would stop nearly every mutated PNG at the door, so the bytes are decoded a second time with every chunk's
// CRC made right: what an attacker would do.
#include <cstdlib>
#include <vector>

#include "imaging/codecs/png.h"
#include "imaging/decode.h"

namespace chestlight {
namespace {

constexpr DecodeLimits kSmall{.max_bytes = 1 << 20, .max_pixels = 1 << 18, .note_pixels = 1 << 17, .max_side = 4096};

void require(bool promise) {
  if (!promise) std::abort();
}

void decode(Bytes bytes) {
  auto film = decode_image(bytes, kSmall);
  if (!film) {
    require(!film.error().message.empty() && !film.error().hint.empty());
    return;
  }
  require(film->width() >= 1 && film->height() >= 1);
  require(film->pixels.values().size() <= kSmall.max_pixels);
  require(film->low <= film->high && film->high <= film->full_scale && film->window.width > 0);
  for (auto value : film->pixels.values()) require(value >= film->low && value <= film->high);
}

std::uint32_t big_endian(const std::uint8_t* p) {
  return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
}

std::vector<std::uint8_t> with_right_check_sums(Bytes png) {
  std::vector<std::uint8_t> bytes(png.begin(), png.end());
  std::size_t at = kPngSignature.size();
  while (at + 12 <= bytes.size()) {
    std::size_t length = big_endian(&bytes[at]);
    if (length > bytes.size() - at - 12) break;
    std::uint32_t crc = crc32(Bytes(bytes).subspan(at + 4, 4 + length));
    for (int i = 0; i < 4; ++i) bytes[at + 8 + length + i] = static_cast<std::uint8_t>(crc >> (24 - 8 * i));
    at += 12 + length;
  }
  return bytes;
}

}  // namespace
}  // namespace chestlight

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chestlight;
  Bytes bytes(data, size);
  decode(bytes);
  if (as_text(bytes).starts_with(kPngSignature)) decode(with_right_check_sums(bytes));
  return 0;
}
