#include "imaging/correction_json.h"

namespace chestlight {
namespace {

bool given(const JsonReader& reader, std::string_view key) { return reader.has(key) && !reader.json().find(key)->is_null(); }

}  // namespace

Json rect_json(const PixelRect& rect) { return {{"x", rect.x}, {"y", rect.y}, {"width", rect.width}, {"height", rect.height}}; }

Json correction_json(const Correction& correction) {
  Json json = {{"invert", correction.inverted},
               {"mirror", correction.mirrored},
               {"rotate", 90 * correction.quarter_turns},
               {"crop", nullptr},
               {"window", nullptr}};
  if (correction.crop) json["crop"] = rect_json(*correction.crop);
  if (correction.window) json["window"] = {{"black", correction.window->black}, {"white", correction.window->white}};
  return json;
}

Result<Correction> correction_from_json(const JsonReader& reader) {
  Correction correction;
  if (given(reader, "invert")) {
    CHESTLIGHT_TRY(correction.inverted, reader.boolean("invert"));
  }
  if (given(reader, "mirror")) {
    CHESTLIGHT_TRY(correction.mirrored, reader.boolean("mirror"));
  }
  if (given(reader, "rotate")) {
    CHESTLIGHT_TRY(long long degrees, reader.integer("rotate"));
    if (degrees < 0 || degrees > 270 || degrees % 90 != 0) return reader.error("rotate: expected 0, 90, 180 or 270");
    correction.quarter_turns = static_cast<int>(degrees / 90);
  }
  if (given(reader, "crop")) {
    CHESTLIGHT_TRY(JsonReader crop, reader.member("crop"));
    int sides[4] = {};
    constexpr const char* kNames[] = {"x", "y", "width", "height"};
    for (int i = 0; i < 4; ++i) {
      CHESTLIGHT_TRY(long long side, crop.integer(kNames[i]));
      if (side < 0 || side > 65535) return crop.error("expected pixels of the film");
      sides[i] = static_cast<int>(side);
    }
    correction.crop = PixelRect{sides[0], sides[1], sides[2], sides[3]};
  }
  if (given(reader, "window")) {
    CHESTLIGHT_TRY(JsonReader window, reader.member("window"));
    ValueRange range;
    CHESTLIGHT_TRY(range.black, window.number("black"));
    CHESTLIGHT_TRY(range.white, window.number("white"));
    correction.window = range;
  }
  return correction;
}

}  // namespace chestlight
