// How a reader looks at a film and its maps as JSON, from the page to the engine when a picture is exported:
//
//   {window: {centre, width, shape: "linear"|"sigmoid"|"table", table?}, inverted: bool,
//    orientation: {rotate: 0|90|180|270 clockwise after, mirror: bool},
//    map: {against: bool, opacity: 0..1, contour: bool, contour_level: 0..1, outline: bool}}
#pragma once

#include "base/json.h"
#include "render/film_picture.h"

namespace chestlight {

Json window_json(const Window& window);
Json picture_look_json(const PictureLook& look);

/// What is left out is as in `usual`. Errors: kInvalidRequest, naming the field.
Result<PictureLook> picture_look_from_json(const JsonReader& reader, PictureLook usual);

}  // namespace chestlight
