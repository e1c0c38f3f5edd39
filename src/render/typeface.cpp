#include "render/typeface.h"

#include <algorithm>
#include <cmath>
#include <string>

#define STB_TRUETYPE_IMPLEMENTATION
#define STBTT_STATIC
#include <stb/stb_truetype.h>

namespace chestlight {
namespace {

constexpr std::uint32_t kTrueType = 0x00010000;
constexpr int kUnknown = 0xFFFD;

bool has_tables(Bytes font) {
  ByteReader reader(font);
  const auto version = reader.big<std::uint32_t>();
  const auto count = reader.big<std::uint16_t>();
  if (version != kTrueType || !count || !reader.skip(6)) return false;
  std::vector<std::string> missing = {"cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp"};
  for (int i = 0; i < *count; ++i) {
    const auto tag = reader.take(4);
    if (!tag || !reader.skip(4)) return false;
    const auto offset = reader.big<std::uint32_t>(), length = reader.big<std::uint32_t>();
    if (!offset || !length || std::uint64_t{*offset} + *length > font.size()) return false;
    std::erase(missing, std::string(as_text(*tag)));
  }
  return missing.empty();
}

/// The first character of a UTF-8 text, taken off it.
int take_character(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const int length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 0;
  const bool whole = length > 0 && text.size() >= static_cast<std::size_t>(length) &&
                     std::all_of(text.begin() + 1, text.begin() + length, [](char c) { return (c & 0xC0) == 0x80; });
  if (!whole) {
    text.remove_prefix(1);
    return kUnknown;
  }
  int character = length == 1 ? first : first & (0xFF >> (length + 1));
  for (int i = 1; i < length; ++i) character = character << 6 | (text[static_cast<std::size_t>(i)] & 0x3F);
  text.remove_prefix(static_cast<std::size_t>(length));
  return character;
}

}  // namespace

struct Typeface::Font {
  std::vector<std::uint8_t> bytes;
  stbtt_fontinfo info{};

  float scale(double size) const { return stbtt_ScaleForMappingEmToPixels(&info, static_cast<float>(size)); }
  double advance(int character, float scale) const {
    int width = 0;
    stbtt_GetCodepointHMetrics(&info, character, &width, nullptr);
    return static_cast<double>(width) * scale;
  }
};

Typeface::Typeface(std::unique_ptr<Font> font) : font_(std::move(font)) {}
Typeface::Typeface(Typeface&&) noexcept = default;
Typeface& Typeface::operator=(Typeface&&) noexcept = default;
Typeface::~Typeface() = default;

Result<Typeface> Typeface::read(Bytes font) {
  const Error error{ErrorCode::kInvalidRequest, "The font for the caption is no TrueType font.",
                    "Reload the page, or build it again."};
  if (!has_tables(font)) return error;
  auto made = std::make_unique<Font>();
  made->bytes.assign(font.begin(), font.end());
  if (!stbtt_InitFont(&made->info, made->bytes.data(), 0)) return error;
  return Typeface(std::move(made));
}

double Typeface::width(std::string_view text, double size) const {
  const float scale = font_->scale(size);
  double sum = 0;
  while (!text.empty()) sum += font_->advance(take_character(text), scale);
  return sum;
}

void Typeface::draw(Grid<Rgba>& picture, double x, double baseline, std::string_view text, double size, Rgba ink) const {
  const float scale = font_->scale(size);
  std::vector<std::uint8_t> cover;
  while (!text.empty()) {
    const int character = take_character(text);
    const double whole = std::floor(x);
    const auto shift = static_cast<float>(x - whole);
    int left = 0, top = 0, right = 0, bottom = 0;
    stbtt_GetCodepointBitmapBoxSubpixel(&font_->info, character, scale, scale, shift, 0, &left, &top, &right, &bottom);
    const int width = right - left, height = bottom - top;
    if (width > 0 && height > 0) {
      cover.assign(static_cast<std::size_t>(width) * height, 0);
      stbtt_MakeCodepointBitmapSubpixel(&font_->info, cover.data(), width, height, width, scale, scale, shift, 0, character);
      for (int v = 0; v < height; ++v)
        for (int u = 0; u < width; ++u) {
          const int px = static_cast<int>(whole) + left + u, py = static_cast<int>(std::lround(baseline)) + top + v;
          if (px < 0 || py < 0 || px >= picture.width() || py >= picture.height()) continue;
          const float share = cover[static_cast<std::size_t>(v) * width + u] / 255.0f;
          picture(px, py) = blend_over(picture(px, py), ink, share);
        }
    }
    x += font_->advance(character, scale);
  }
}

std::vector<std::string> Typeface::lines(std::string_view text, double size, double width) const {
  const float scale = font_->scale(size);
  std::vector<std::string> found;
  while (!text.empty()) {
    std::string_view rest = text;
    std::size_t space = 0, taken = 0;  // bytes: up to the last space, and of what fits
    double used = 0;
    while (!rest.empty()) {
      if (rest[0] == ' ') space = text.size() - rest.size();
      used += font_->advance(take_character(rest), scale);
      if (used > width && taken > 0) break;
      taken = text.size() - rest.size();
    }
    if (taken < text.size() && space > 0) taken = space;
    found.emplace_back(text.substr(0, taken));
    text.remove_prefix(taken);
    while (!text.empty() && text[0] == ' ') text.remove_prefix(1);
  }
  return found;
}

}  // namespace chestlight
