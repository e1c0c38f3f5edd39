// Where the lungs lie on a frontal film, well enough to speak of their zones: a box for each, not an outline.
//
// The film is compared with a template, the mean of several hundred frontal films that were laid onto one another
// (tools/lungs/make_template.py), with its two lungs marked. Shift, width and height of the template are varied until it
// resembles the film most, then height and vertical place once more for each side by itself, since one half of the
// diaphragm may stand higher. Resemblance is the weighted correlation of grey values, less a little for what is far from
// usual; it does not change with brightness or contrast. Where it stays below kLungsAreAlike for the whole or for a side,
// no lungs are claimed: what is no frontal chest film, lies on its side or is inverted is told from one that way.
//
// It knows nothing of disease: of a lung that is white all over it finds the place where lungs usually are, if the rest of
// the film says so. A mirrored film looks alike. Measured by tests/bench/boxes.mjs.
// Method: registration to a mean shape by normalised correlation, as in T. Cootes et al., "Groupwise construction of
// appearance models using piece-wise affine deformations", BMVC 2005, with boxes in place of outlines.
#pragma once

#include "imaging/film.h"

namespace chestlight {

/// SourcePx; edges may lie beyond the film where a lung does.
struct LungBox {
  double left = 0, top = 0, right = 0, bottom = 0;
};

struct Lungs {
  bool found = false;
  double likeness = -1;  // the least of the three, at most 1
  LungBox picture_left;  // the lung on the picture's left, by custom the patient's right
  LungBox picture_right;
};

inline constexpr double kLungsAreAlike = 0.7;

/// Of a film as it is to be read, the patient upright. Boxes are filled in only where lungs were found.
Lungs find_lungs(const Film& film);

}  // namespace chestlight
