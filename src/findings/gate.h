// The quality gate: facts of a film, looked at before the network, that make its answer worthless or
// doubtful.
//
// A network answers on a holiday photograph as firmly as on a chest film. The gate catches what plain facts
// of the picture can: size, contrast, colour, shape. It does not know a chest from a hand, nor a film that is
// inverted, lying on its side or lateral.
//
// Contrast is judged on the values the network would see (input_spec.h): 8-bit sources against 0..255, deeper
// ones against the range they use, so that 10 bits stored in 16 are not taken for a blank film. Percentiles
// and distinct values are counted on a regular grid of at most 512 × 512 pixels.
#pragma once

#include <vector>

#include "contract/analysis.h"
#include "findings/input_spec.h"
#include "imaging/film.h"

namespace chestlight {

using contract::Reason;
using contract::Severity;

/// Refusals first, in this order; empty for a film with nothing against it.
///   too-small    refuse  shorter side below the network's input
///   no-contrast  refuse  99.5th − 0.5th percentile under 2 % of the scale
///   few-greys    refuse  fewer than 16 distinct grey values, where the contrast is enough
///   colour       refuse  over 1 % of the pixels have |R−G| + |G−B| above 4 of 255
///   two-films    refuse  two films side by side (two_films.h)
///   small        warn    shorter side below twice the network's input, or below 512
///   too-dark     warn    mean grey below 0.25 of the scale
///   too-bright   warn    mean grey above 0.78
///   clipped      warn    over 3 % of the pixels wholly white or over 60 % wholly black
///   odd-shape    warn    width / height at most 0.5 or at least 2
/// DICOM files that say how they were taken: also the reasons of acquisition.h, refusals with the refusals.
/// The limits are those that viewers and CAD products use in practice; what they cost is measured on real
/// films, none of which may be refused but for its size. Of the 11,503 films of ChestX-ray14 that the bundled
/// model was made with, 0.26 % are called too dark, too bright or clipped; of the same films spoilt on purpose,
/// 76 % at 0.4 of their brightness, 74 % at a gamma of 1/4, and 94 % squeezed into half of the scale.
std::vector<Reason> check_film(const Film& film, const InputSpec& input);

/// Whether any reason refuses.
bool refuses(const std::vector<Reason>& reasons);

/// Whether a reader who knows better may have the film analysed all the same: it is refused, but not for having nothing
/// to see (no-contrast).
bool may_be_overridden(const std::vector<Reason>& reasons);

}  // namespace chestlight
