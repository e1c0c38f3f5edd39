// Points of the screen and of a film as JSON: {x, y}.
#pragma once

#include "base/json.h"
#include "imaging/coordinates.h"

namespace chestlight {

template <class Space>
Json to_json(const Point<Space>& point) {
  return {{"x", point.x}, {"y", point.y}};
}
template <class Space>
Result<void> from_json(const JsonReader& reader, Point<Space>& point) {
  CHESTLIGHT_TRY(point.x, reader.number("x"));
  CHESTLIGHT_TRY(point.y, reader.number("y"));
  return {};
}

}  // namespace chestlight
