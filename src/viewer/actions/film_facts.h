// What the engine says of a film beyond its pixels: the windows its file offers, and what a DICOM file says of how it was
// taken. Lenient: what is missing or makes no sense is simply not known.
#pragma once

#include "base/json.h"
#include "viewer/state/film_entry.h"

namespace chestlight::viewer {

/// {centre, width, shape, table}; `otherwise` for a centre or width that is missing or no width at all.
Window parse_window(const Json& json, const Window& otherwise);

/// Reads "presets" and "dicom" of the engine's film_json.
void read_film_facts(const Json& film, FilmInfo& info);

}  // namespace chestlight::viewer
