// What a reader made of a film, beside the network's scores in its record.
#pragma once

#include "contract/film_record.h"
#include "contract/reading.h"

namespace chestlight {

/// The record with what the reader said of each of its findings, in place of what they said before. The cardiothoracic ratio is
/// that of the reader's lines where they moved them and the film has one.
contract::FilmRecord with_reading(contract::FilmRecord record, const contract::FilmReading& reading);

}  // namespace chestlight
