// What a frontal chest film shows of lungs and heart, measured from the masks of the anatomy network: outlines, the
// cardiothoracic ratio, how the film lies, and what of the lungs is cut off.
//
// Masks and answers come from the network (tools/training/anatomy_network.py); what makes of them a measurement, or refuses to,
// is here. Points are SourcePx of the film as opened; angles are degrees, clockwise on the screen above 0. Lungs are named by
// their side of the upright picture, since nothing in a picture file says whose side that is (location.h, PictureSides).
//
// Nothing is measured where no frontal chest with two lungs is found: `found` is false and `reason` says why. A mask is not
// an anatomist's outline: the network learnt from another network's masks, and its card says how far that goes.
//
//   quarter turns   what the network says; all other figures are of the film turned upright by them
//   tilt            mean direction of the long axes of both lungs, less kUsualTilt
//   ratio           width of the heart over width of both lungs, each the largest extent across the tilted body axis; by custom
//                   measured inside the ribs at the level of the diaphragm: H. Danzer, Am J Med Sci 1919
//   asymmetry       (right lung − left lung) / both, of areas; the patient's rotation and lung disease both move it
//   inspiration     height of the taller lung over the width of both
//   cut off         a side where an outline runs along the film's edge
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/grid.h"
#include "imaging/map_geometry.h"

namespace chestlight {

/// What the network says of a film. Masks are logits over its whole input, of one size; probabilities are 0..1.
struct AnatomyEvidence {
  Grid<float> lung_on_left;  // of the upright picture; by custom the patient's right
  Grid<float> lung_on_right;
  Grid<float> heart;
  std::array<double, 4> turned{1, 0, 0, 0};  // by so many quarters clockwise
  double mirrored = 0;
  double inverted = 0;
  double chest = 0;  // a frontal chest film
};

/// Probabilities from which on something is said.
struct AnatomyThresholds {
  double chest = 0.5;
  double turned = 0.5;
  double mirrored = 0.5;
  double inverted = 0.5;
};

struct AnatomyLine {
  SourcePx from, to;  // from the upright picture's left to its right
};

struct Organ {
  std::vector<SourcePx> outline;
  double share = 0;  // of the film's area
};

/// Sides of the upright picture.
struct CutOff {
  bool left = false, right = false, top = false, bottom = false;
  bool any() const { return left || right || top || bottom; }
};

/// An upright frame of the body: u to the picture's right, v down, in the network's ModelPx.
struct BodySpace {};
using BodyPx = Point<BodySpace>;

struct Anatomy {
  bool found = false;
  std::string reason_id;  // why not: "no-chest", "no-lungs", "one-lung", "lungs-misplaced"
  std::string reason;     // in a sentence
  AnatomyEvidence evidence;

  // Said of every film, also where nothing was found.
  int quarter_turns = 0;  // clockwise, 0..3
  bool mirrored = false;
  bool inverted = false;

  // Only where found.
  Organ lung_on_left, lung_on_right;
  std::optional<Organ> heart;
  double tilt = 0;
  CutOff cut_off;
  double asymmetry = 0;
  double inspiration = 0;
  bool shallow_inspiration = false;
  double chest_share = 0;  // of the film's area, the upright box around both lungs
  std::optional<double> cardiothoracic_ratio;
  std::string no_ratio;  // why not, in a sentence
  std::optional<AnatomyLine> heart_line, chest_line;

  // To tell places by (zones.h).
  Map<SourceSpace, BodySpace> to_body;
  std::vector<BodyPx> left_body, right_body, heart_body;
};

/// The mean tilt of the lungs' axes on 442 frontal films that lie as films do: the heart makes the lungs unequal.
inline constexpr double kUsualTilt = -1.0;
/// Lungs less tall than this against their common width: the lowest twentieth of those films.
inline constexpr double kShallowInspiration = 0.66;

/// `view`: how the network saw the film, its pixels square.
Anatomy read_anatomy(AnatomyEvidence evidence, const FilmView& view, const AnatomyThresholds& thresholds);

}  // namespace chestlight
