// The same bytes give the same pixels or the same error, whatever was decoded before. Sanitizers do not see a decoder that
// leaves a part of its output as it found it; so each input is decoded twice, after two films of one grey each, whose
// values would then be in it. With glibc, memory is filled with two patterns besides.
#include <array>
#include <cstdlib>
#include <string>
#include <vector>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "imaging/codecs/encode_png.h"
#include "imaging/decode.h"

namespace chestlight {
namespace {

constexpr DecodeLimits kSmall{.max_bytes = 1 << 20, .max_pixels = 1 << 18, .note_pixels = 1 << 17, .max_side = 4096};
constexpr int kSide = 128;

std::vector<std::uint8_t> film_of(std::uint8_t grey) {
  return encode_png(std::vector<std::uint8_t>(std::size_t{4} * kSide * kSide, grey), kSide, kSide);
}

struct Outcome {
  std::vector<std::uint16_t> pixels;
  std::string error;

  bool operator==(const Outcome&) const = default;
};

Outcome decode_after(Bytes before, [[maybe_unused]] int pattern, Bytes bytes) {
#if defined(__GLIBC__)
  mallopt(M_PERTURB, pattern);
#endif
  if (!decode_image(before, kSmall)) std::abort();
  auto film = decode_image(bytes, kSmall);
  return film ? Outcome{film->pixels.values(), ""} : Outcome{{}, film.error().message};
}

}  // namespace
}  // namespace chestlight

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chestlight;
  static const std::array films = {film_of(0x55), film_of(0xaa)};
  const Bytes bytes(data, size);
  if (decode_after(films[0], 0x55, bytes) != decode_after(films[1], 0xaa, bytes)) std::abort();
  return 0;
}
