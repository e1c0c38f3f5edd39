// Text on pictures that leave the program: a TrueType font in memory, drawn by stb_truetype. The font is the site's own (Inter,
// tools/fonts); stb_truetype trusts what it reads, so fonts of users or of strangers must never come here. What can be checked
// cheaply is: the tables that it needs are there and lie within the bytes.
//
// Text is UTF-8; a character that the font lacks is drawn as its box. No kerning, no ligatures: the font has neither.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/grid.h"
#include "base/result.h"
#include "render/colour_map.h"

namespace chestlight {

class Typeface {
 public:
  /// Copies the bytes. Error kInvalidRequest where they are no TrueType font.
  static Result<Typeface> read(Bytes font);

  Typeface(Typeface&&) noexcept;
  Typeface& operator=(Typeface&&) noexcept;
  ~Typeface();

  /// Pixels, at `size` pixels to the em.
  double width(std::string_view text, double size) const;
  /// Text whose baseline begins at (x, baseline), kept within the picture.
  void draw(Grid<Rgba>& picture, double x, double baseline, std::string_view text, double size, Rgba ink) const;
  /// Broken between words into lines of at most `width` pixels; a word that is longer is broken within.
  std::vector<std::string> lines(std::string_view text, double size, double width) const;

 private:
  struct Font;
  explicit Typeface(std::unique_ptr<Font> font);
  std::unique_ptr<Font> font_;
};

}  // namespace chestlight
