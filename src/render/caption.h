// The strip below an exported picture, without which nobody knows what it shows: the finding and the method, the bar of colours
// with its numbers and unit, the file, the date and the model, and what it is not for. It is drawn here, on the processor,
// and not by the page, so that the command line and the page write the same picture; the caller hands in the font and the date.
#pragma once

#include <string>
#include <vector>

#include "base/grid.h"
#include "render/colour_map.h"
#include "render/map_drawing.h"
#include "render/typeface.h"

namespace chestlight {

inline constexpr char kPictureNotice[] = "Research and teaching, not a medical device.";

struct Caption {
  std::string title;  // "Pleural effusion, Grad-CAM, block 3"
  MapLegend legend;
  std::vector<std::string> facts;  // one line each: file, date, model
};

/// The bar of colours alone, laid over `ground`: from the least value to the most.
Grid<Rgba> colour_bar(bool is_signed, int width, int height, Rgba ground);

/// The picture with the strip below it, as wide as the picture: text that is too long is broken into lines.
Grid<Rgba> with_caption(const Grid<Rgba>& picture, const Caption& caption, const Typeface& typeface);

}  // namespace chestlight
