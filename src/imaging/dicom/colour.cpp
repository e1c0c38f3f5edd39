#include "imaging/dicom/colour.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "imaging/dicom/stored_image.h"

namespace chestlight {
namespace {

using Colour = std::array<double, 3>;  // red, green, blue; 0..1

// Rec. 601 with the full range (PS3.3 C.7.6.3.1.2): Cb and Cr have their zero in the middle.
Colour from_ybr(const Colour& ybr, double middle) {
  const double y = ybr[0], cb = ybr[1] - middle, cr = ybr[2] - middle;
  Colour rgb{y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb};
  for (double& part : rgb) part = std::clamp(part, 0.0, 1.0);
  return rgb;
}

// Red, green and blue of one pixel after the other.
class Colours {
 public:
  explicit Colours(const StoredImage& image)
      : image_(image),
        ybr_(image.facts.photometric.starts_with("YBR_FULL")),
        palette_(has_palette(image)),
        greatest_(palette_ ? greatest_entry(image.palette) : std::ldexp(1.0, image.bits) - 1),
        middle_(std::ldexp(1.0, image.bits - 1) / greatest_) {}

  bool wide() const { return greatest_ > 255; }

  Colour at(std::size_t pixel) const {
    Colour colour;
    for (std::size_t i = 0; i < colour.size(); ++i) {
      const double part = palette_ ? image_.palette[i].at(image_.values[pixel]) : image_.values[colour.size() * pixel + i];
      colour[i] = std::clamp(part / greatest_, 0.0, 1.0);
    }
    return ybr_ ? from_ybr(colour, middle_) : colour;
  }

 private:
  static double greatest_entry(const std::vector<LookupTable>& palette) {
    for (const LookupTable& table : palette)
      if (std::ranges::max(table.values) > 255) return 65535;
    return 255;
  }

  const StoredImage& image_;
  bool ybr_, palette_;
  double greatest_, middle_;
};

}  // namespace

bool is_colour_space(std::string_view photometric) { return photometric == "RGB" || photometric.starts_with("YBR_"); }

bool has_palette(const StoredImage& image) {
  return image.channels == 1 && image.facts.photometric == "PALETTE COLOR" && image.palette.size() == 3 &&
         std::ranges::none_of(image.palette, [](const LookupTable& table) { return table.values.empty(); });
}

ColourToGrey colour_to_grey(const StoredImage& image) {
  const Colours colours(image);
  ColourToGrey grey;
  grey.white = colours.wide() ? 65535 : 255;
  grey.pixels = Grid<std::uint16_t>(image.width, image.height);
  auto& pixels = grey.pixels.values();
  double difference_sum = 0, coloured = 0;
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const Colour colour = colours.at(i);
    const double difference = std::abs(colour[0] - colour[1]) + std::abs(colour[1] - colour[2]);
    difference_sum += difference;
    coloured += difference > 4.0 / 255;
    const double luminance = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2];
    pixels[i] = static_cast<std::uint16_t>(std::lround(luminance * grey.white));
  }
  const double count = static_cast<double>(pixels.size());
  grey.colourfulness = difference_sum / (2 * count);
  grey.coloured_fraction = coloured / count;
  return grey;
}

}  // namespace chestlight
