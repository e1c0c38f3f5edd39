#include "render/picture_look.h"

#include <string_view>

#include "base/text.h"

namespace chestlight {
namespace {

Error wrong(std::string_view field, std::string_view expected, std::string_view found) {
  return {ErrorCode::kInvalidRequest, text("look.", field, ": expected ", expected, ", found ", found, "."), ""};
}

bool is_share(double value) { return value >= 0 && value <= 1; }

}  // namespace

contract::PictureLook to_contract(const PictureLook& look) {
  return {look.window, look.inverted, {look.orientation.degrees(), look.orientation.mirrored()}, look.map};
}

Result<PictureLook> picture_look_of(const contract::PictureLook& look, const Window& usual) {
  const Window window = look.window.value_or(usual);
  if (!(window.width > 0)) return wrong("window.width", "a number above 0", text(window.width));
  if (window.shape == WindowShape::kTable && window.table < 0)
    return wrong("window.table", "the number of a table", text(window.table));
  const int degrees = look.orientation.rotate;
  if (degrees < 0 || degrees > 270 || degrees % 90 != 0) return wrong("orientation.rotate", "0, 90, 180 or 270", text(degrees));
  if (!is_share(look.map.opacity)) return wrong("map.opacity", "0 to 1", text(look.map.opacity));
  if (!is_share(look.map.contour_level)) return wrong("map.contour_level", "0 to 1", text(look.map.contour_level));
  return PictureLook{window, look.inverted, orientation_of(degrees, look.orientation.mirror), look.map};
}

}  // namespace chestlight
