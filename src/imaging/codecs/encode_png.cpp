#include "imaging/codecs/encode_png.h"

#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#include <stb/stb_image_write.h>

#include <cstddef>

#include "imaging/codecs/png.h"

namespace chestlight {
namespace {

constexpr std::size_t kSignatureAndHeader = 8 + 25;

/// UTF-8 as Latin-1: two bytes below U+0100 become one, what lies above becomes "?".
void append_latin1(std::vector<std::uint8_t>& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    const bool two = length == 2 && lead < 0xc4 && i + 1 < text.size();
    out.push_back(length == 1 ? lead : two ? static_cast<std::uint8_t>((lead << 6) | (text[i + 1] & 0x3f)) : '?');
    i += length;
  }
}

void append_big_endian(std::vector<std::uint8_t>& out, std::size_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(number >> shift));
}

}  // namespace

std::vector<std::uint8_t> encode_png(Bytes rgba, int width, int height) {
  std::vector<std::uint8_t> png;
  auto append = [](void* context, void* data, int size) {
    auto* bytes = static_cast<const std::uint8_t*>(data);
    auto* out = static_cast<std::vector<std::uint8_t>*>(context);
    out->insert(out->end(), bytes, bytes + size);
  };
  stbi_write_png_to_func(append, &png, width, height, 4, rgba.data(), width * 4);
  return png;
}

std::vector<std::uint8_t> png_with_text(std::vector<std::uint8_t> png, std::string_view keyword, std::string_view text) {
  std::vector<std::uint8_t> body = {'t', 'E', 'X', 't'};
  append_latin1(body, keyword);
  body.push_back(0);
  append_latin1(body, text);
  std::vector<std::uint8_t> chunk;
  append_big_endian(chunk, body.size() - 4);
  chunk.insert(chunk.end(), body.begin(), body.end());
  append_big_endian(chunk, crc32(body));
  png.insert(png.begin() + kSignatureAndHeader, chunk.begin(), chunk.end());
  return png;
}

}  // namespace chestlight
