#include "imaging/dicom_colour.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "imaging/dicom.h"

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

}  // namespace

bool is_colour_space(std::string_view photometric) {
  return photometric == "RGB" || photometric.starts_with("YBR_");
}

ColourToGrey colour_to_grey(const StoredImage& image) {
  const double greatest = std::ldexp(1.0, image.bits) - 1;
  const double white = image.bits > 8 ? 65535 : 255;
  const double middle = std::ldexp(1.0, image.bits - 1) / greatest;
  const bool ybr = image.facts.photometric.starts_with("YBR_FULL");

  ColourToGrey grey;
  grey.pixels = Grid<std::uint16_t>(image.width, image.height);
  double difference_sum = 0, coloured = 0;
  const std::int32_t* sample = image.values.data();
  for (auto& pixel : grey.pixels.values()) {
    Colour colour;
    for (double& part : colour) part = std::clamp(*sample++ / greatest, 0.0, 1.0);
    if (ybr) colour = from_ybr(colour, middle);
    const double difference = std::abs(colour[0] - colour[1]) + std::abs(colour[1] - colour[2]);
    difference_sum += difference;
    coloured += difference > 4.0 / 255;
    const double luminance = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2];
    pixel = static_cast<std::uint16_t>(std::lround(luminance * white));
  }
  const double count = static_cast<double>(grey.pixels.values().size());
  grey.colourfulness = difference_sum / (2 * count);
  grey.coloured_fraction = coloured / count;
  return grey;
}

}  // namespace chestlight
