// The engine's analysis of one film, from JSON and the buffer of maps.
#pragma once

#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"
#include "viewer/state/film_entry.h"

namespace chestlight::viewer {

/// `maps`: float32 findings × map height × map width, row-major, in the order of "findings".
Result<Analysis> analysis_from_json(const JsonReader& reader, Bytes maps);

/// {id, name, explanation, data}; what is missing stays empty.
OperatingPoint operating_point_from_json(const Json& json);

}  // namespace chestlight::viewer
