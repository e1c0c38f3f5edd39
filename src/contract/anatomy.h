// What a film shows of lungs and heart, as it crosses to exports and to the command line (anatomy/anatomy.h says how each figure
// is measured). Not an evidence map and no finding.
//
// Points are pixels of the film as opened, [x, y]. Lungs are named as the patient's by the custom of frontal films: `right` lies
// on the left of the upright picture. Where `mirrored` is true or the file says otherwise, the sides are the other way round.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "contract/analysis.h"

namespace chestlight::contract {

/// x, y in SourcePx.
using FilmPoint = std::array<double, 2>;

struct OrganOutline {
  std::vector<FilmPoint> outline{};  // a closed polygon, clockwise, the first point not repeated
  double share{0};                   // of the film's area
};

struct LungOutlines {
  std::optional<OrganOutline> left;
  std::optional<OrganOutline> right;
};

/// From the left to the right of the upright picture.
struct WidthLine {
  FilmPoint from{};
  FilmPoint to{};
  std::optional<double> millimetres;  // where the file states the spacing of its pixels

  bool operator==(const WidthLine&) const = default;
};

/// Sides of the upright picture where lungs run into the film's edge.
struct CutOffSides {
  bool left{false};
  bool right{false};
  bool top{false};
  bool bottom{false};
};

/// How a film lies, with what the network gives for it (0..1).
struct FilmPose {
  int quarter_turns{0};  // clockwise
  std::array<double, 4> turned{};
  bool mirrored{false};
  double mirrored_probability{0};
  bool inverted{false};
  double inverted_probability{0};
};

/// Of a film without a frontal chest on it: found (false), reason, pose, chest_probability, model, app and notice only.
struct AnatomyReport {
  bool found{false};
  std::string reason_id = "";  // "no-chest", "no-lungs", "one-lung", "lungs-misplaced"; "not-analysed" of a film that the model
                               // of findings refused; or the gate's: "other-modality", "lateral", "two-films", "no-contrast", for
                               // which the network was not asked
  std::string reason = "";
  double chest_probability = 0;
  FilmPose pose = {};
  LungOutlines lungs = {};
  std::optional<OrganOutline> heart;
  std::optional<double> cardiothoracic_ratio;
  std::string no_ratio = "";  // why there is none, in a sentence
  std::optional<WidthLine> heart_line;
  std::optional<WidthLine> chest_line;
  std::optional<double> tilt_degrees;  // clockwise
  std::optional<CutOffSides> cut_off;
  std::optional<double> asymmetry;    // (right − left) / both lungs, of areas
  std::optional<double> inspiration;  // height of the taller lung over the width of both
  bool shallow_inspiration = false;
  std::optional<double> chest_share;  // of the film's area: the box around both lungs
  std::vector<std::string> notes = {};
  ModelId model = {};
  std::string app = "";  // "Chestlight 0.1.0"
  std::string notice = "";
};

/// What the reader made of both lines by hand; the report's own stay what the network's masks give.
struct MovedLines {
  double cardiothoracic_ratio{0};
  WidthLine heart_line{};
  WidthLine chest_line{};

  bool operator==(const MovedLines&) const = default;
};

}  // namespace chestlight::contract
