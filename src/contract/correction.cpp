#include "contract/correction.h"

#include "base/text.h"
#include "contract/film_json.h"
#include "contract/json_fields.h"

namespace chestlight::contract {

std::string correction_words(const Correction& correction) {
  std::string words;
  auto add = [&](const std::string& part) { words += (words.empty() ? "" : ", ") + part; };
  if (correction.inverted) add("inverted");
  if (correction.mirrored) add("mirrored");
  if (correction.quarter_turns) add(text("turned by ", 90 * correction.quarter_turns, "°"));
  if (const auto& part = correction.crop) add(text("cropped to ", part->width, " × ", part->height, " pixels"));
  if (const auto& window = correction.window) add(text("window ", fixed(window->black, 0), " to ", fixed(window->white, 0)));
  return words;
}

Json to_json(const Correction& correction) {
  Json json = {{"invert", correction.inverted}, {"mirror", correction.mirrored}, {"rotate", 90 * correction.quarter_turns}};
  put_field(json, "crop", correction.crop);
  put_field(json, "window", correction.window);
  return json;
}

Result<void> from_json(const JsonReader& reader, Correction& correction) {
  correction = {};
  if (reader.has("invert")) {
    CHESTLIGHT_TRY(correction.inverted, reader.boolean("invert"));
  }
  if (reader.has("mirror")) {
    CHESTLIGHT_TRY(correction.mirrored, reader.boolean("mirror"));
  }
  if (reader.has("rotate")) {
    CHESTLIGHT_TRY(long long degrees, reader.integer("rotate"));
    if (degrees < 0 || degrees > 270 || degrees % 90 != 0) return reader.error("rotate: expected 0, 90, 180 or 270");
    correction.quarter_turns = static_cast<int>(degrees / 90);
  }
  if (reader.has("crop")) {
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
  if (reader.has("window")) {
    CHESTLIGHT_TRY(JsonReader window, reader.member("window"));
    ValueRange range;
    CHESTLIGHT_TRY(range.black, window.number("black"));
    CHESTLIGHT_TRY(range.white, window.number("white"));
    correction.window = range;
  }
  return {};
}

}  // namespace chestlight::contract
