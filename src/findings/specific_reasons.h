// The most specific reason first. A film that is inverted, turned, cut off at its ends or set into a border is unlike the
// chest films a network knows, and a general reason ("looks like a photograph", "another part of the body") is raised for it,
// too. What a reader can put right must be said first, and what is known to be wrong must not be called a photograph.
#pragma once

#include <vector>

#include "findings/gate.h"
#include "imaging/film.h"

namespace chestlight {

/// Beside a general refusal that the network's features raised (not-a-radiograph, other-body-part):
///   - inverted, rotated (or what a DICOM file says of it: turned): takes the general reason's place and refuses;
///   - two-films, odd-shape, clipped, too-dark, too-bright, bordered: refuses and stands before the general reason, which stays.
/// "bordered" is raised here only: where a border of one grey is more than a fifth of the picture.
std::vector<Reason> most_specific_first(std::vector<Reason> reasons, double border);

/// Share of the film's area, 0..1, that is a border of nearly one grey.
double border_share(const Film& film);

}  // namespace chestlight
