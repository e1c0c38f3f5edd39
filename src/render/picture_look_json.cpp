#include "render/picture_look_json.h"

namespace chestlight {
namespace {

constexpr const char* kShapes[] = {"linear", "sigmoid", "table"};  // in the order of WindowShape

Result<void> read_flag(const JsonReader& reader, std::string_view key, bool& flag) {
  if (reader.has(key)) {
    CHESTLIGHT_TRY(flag, reader.boolean(key));
  }
  return {};
}

Result<void> read_share(const JsonReader& reader, std::string_view key, double& share) {
  if (!reader.has(key)) return {};
  CHESTLIGHT_TRY(share, reader.number(key));
  if (share < 0 || share > 1) return reader.error(std::string(key) + ": expected 0 to 1");
  return {};
}

Result<Window> window_from_json(const JsonReader& reader) {
  Window window;
  CHESTLIGHT_TRY(window.centre, reader.number("centre"));
  CHESTLIGHT_TRY(window.width, reader.number("width"));
  if (!(window.width > 0)) return reader.error("width: expected a number above 0");
  CHESTLIGHT_TRY(std::string shape, reader.string("shape"));
  int known = 0;
  while (known < 3 && shape != kShapes[known]) ++known;
  if (known == 3) return reader.error("shape: expected linear, sigmoid or table");
  window.shape = static_cast<WindowShape>(known);
  if (window.shape == WindowShape::kTable) {
    CHESTLIGHT_TRY(long long table, reader.integer("table"));
    if (table < 0 || table > 65535) return reader.error("table: expected the number of a table");
    window.table = static_cast<int>(table);
  }
  return window;
}

Result<Orientation> orientation_from_json(const JsonReader& reader) {
  CHESTLIGHT_TRY(long long degrees, reader.integer("rotate"));
  CHESTLIGHT_TRY(bool mirrored, reader.boolean("mirror"));
  if (degrees < 0 || degrees > 270 || degrees % 90 != 0) return reader.error("rotate: expected 0, 90, 180 or 270");
  return orientation_of(static_cast<int>(degrees), mirrored);
}

}  // namespace

Json window_json(const Window& window) {
  Json json = {{"centre", window.centre}, {"width", window.width}, {"shape", kShapes[static_cast<int>(window.shape)]}};
  if (window.shape == WindowShape::kTable) json["table"] = window.table;
  return json;
}

Json picture_look_json(const PictureLook& look) {
  const MapLook& map = look.map;
  return {{"window", window_json(look.window)},
          {"inverted", look.inverted},
          {"orientation", {{"rotate", look.orientation.degrees()}, {"mirror", look.orientation.mirrored()}}},
          {"map",
           {{"against", map.against},
            {"opacity", map.opacity},
            {"contour", map.contour},
            {"contour_level", map.contour_level},
            {"outline", map.outline}}}};
}

Result<PictureLook> picture_look_from_json(const JsonReader& reader, PictureLook look) {
  if (reader.has("window")) {
    CHESTLIGHT_TRY(JsonReader window, reader.member("window"));
    CHESTLIGHT_TRY(look.window, window_from_json(window));
  }
  CHESTLIGHT_CHECK(read_flag(reader, "inverted", look.inverted));
  if (reader.has("orientation")) {
    CHESTLIGHT_TRY(JsonReader orientation, reader.member("orientation"));
    CHESTLIGHT_TRY(look.orientation, orientation_from_json(orientation));
  }
  if (!reader.has("map")) return look;
  CHESTLIGHT_TRY(JsonReader map, reader.member("map"));
  CHESTLIGHT_CHECK(read_flag(map, "against", look.map.against));
  CHESTLIGHT_CHECK(read_flag(map, "contour", look.map.contour));
  CHESTLIGHT_CHECK(read_flag(map, "outline", look.map.outline));
  CHESTLIGHT_CHECK(read_share(map, "opacity", look.map.opacity));
  CHESTLIGHT_CHECK(read_share(map, "contour_level", look.map.contour_level));
  return look;
}

}  // namespace chestlight
