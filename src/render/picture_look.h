// How a reader looks at a film and its maps, checked: what film_picture.h draws by. The message's form of it is
// contract/picture_look.h, whose figures may be anything.
#pragma once

#include "base/result.h"
#include "contract/picture_look.h"
#include "imaging/film.h"
#include "imaging/picture_orientation.h"
#include "render/map_drawing.h"

namespace chestlight {

struct PictureLook {
  Window window;
  bool inverted = false;
  Orientation orientation;
  MapLook map;
};

/// As it crosses from the screen to the engine.
contract::PictureLook to_contract(const PictureLook& look);

/// `usual` is the window where none is given. Errors: kInvalidRequest, naming the field, what was expected and what was found.
Result<PictureLook> picture_look_of(const contract::PictureLook& look, const Window& usual);

}  // namespace chestlight
