// What the network said of one film, and what it was shown.
//
// Three numbers that may not be confused stand beside each other under their own names: the logit, the probability (its
// sigmoid, not calibrated) and the calibrated probability, which thresholds are compared with and which the page shows.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contract/correction.h"
#include "contract/film.h"
#include "contract/model.h"

namespace chestlight::contract {

enum class Severity {
  kWarn,    // analysed, with this sentence beside the result
  kRefuse,  // not analysed
};

/// A sentence of the quality gate: what was found and what to do; no pixel values, no names.
struct Reason {
  std::string id{};  // stable, kebab-case
  Severity severity{Severity::kWarn};
  std::string text = "";

  bool refuses() const { return severity == Severity::kRefuse; }
};

/// Why larger values became darker.
struct Inversion {
  bool by_file = false;  // the file says so
  bool by_correction = false;
};

/// What the model saw, in words and figures: the record that goes with every result. It follows from stored values by one rule
/// that the manifest and the file fix; nothing a reader does on screen has a part in it, but for a Correction.
struct InputRecord {
  std::string rule = "";  // the whole rule in two or three sentences
  int width = 0;          // ModelPx
  int height = 0;
  PixelRect crop = {};               // SourcePx of the film as opened: what is not in here was not seen
  PixelRect placed = {};             // ModelPx; smaller than the input where it is letterboxed
  std::optional<ValueRange> window;  // pixel values of the film as opened that became 0 and 1, before any inversion
  Inversion inverted = {};
  int rotation = 0;  // degrees, clockwise
  bool mirrored = false;
  std::optional<Correction> corrections;  // nothing where there were none
  std::string corrections_text = "";

  Correction correction() const { return corrections.value_or(Correction{}); }
};

/// A calibrated score against its threshold; borderline: within a tenth of it.
enum class FindingState { kAbove, kBorderline, kBelow };

/// How a score is read. Unlikely: below the rule-out threshold (sensitivity 0.95); likely: at or above the rule-in threshold
/// (specificity 0.95); uncertain between. Not assessed: too little is known of the score to say so.
enum class Zone { kUnlikely, kUncertain, kLikely, kNotAssessed };

/// Of the positive evidence for a finding, the shares that lie in parts of the film; together 1. The chest is the box around both
/// lungs, a little wider (anatomy/zones.h).
struct EvidenceShares {
  double lungs{0};
  double heart{0};
  double elsewhere{0};  // in the chest: mediastinum and hila, chest wall, diaphragm
  double outside{0};    // of the chest
};

/// A rectangle on the film, in SourcePx: x, y, width, height.
using Box = std::array<double, 4>;

/// One finding of one film.
struct Finding {
  std::string id{};
  std::string name{};
  std::string explanation = "";
  double logit{0};
  double probability{0};
  double calibrated{0};  // what the threshold is compared with
  double threshold{0};
  FindingState state{FindingState::kBelow};
  std::string sentence = "";
  Zone zone = Zone::kNotAssessed;
  std::string zone_reason = "";            // why it is not assessed, a sentence; else empty
  std::optional<double> percentile;        // films of the evaluation without it that score lower, 0 to 100
  std::optional<double> rule_out;          // calibrated, as the threshold; nothing where it is not assessed
  std::optional<double> rule_in;           // calibrated
  std::optional<double> likelihood_ratio;  // of a score about this high
  std::string score_text = "";             // the calibrated score in figures: "0.57", "<0.001"
  std::string percentile_text = "";        // "96 %", ">99 %"; empty where it is not known
  std::string reading = "";                // score, percentile and zone with its thresholds, in a sentence
  std::string where = "";
  std::string place = "";                  // the same in a few words, or nothing
  std::optional<EvidenceShares> evidence;  // where lungs and heart are known
  std::string evidence_text = "";          // the same in words
  bool possible_shortcut = false;          // most of it lies outside the chest
  double bias = 0;
  double map_zero = 0;          // the contribution that evidence is measured from, at every operating point
  double residual = 0;          // |logit − (bias + mean of the map)|
  double cutoff = 0.5;          // fraction of the map's largest value at which its contour is best drawn
  double area = 0;              // of the regions above it, as a share of what the network saw
  std::vector<Box> boxes = {};  // around them
};

/// headline: the operating point: "2 findings above threshold, 1 borderline". sentence: the zones, as a person would write it:
/// "Likely: pleural effusion (left lower zone). Uncertain: atelectasis. 10 unlikely. 1 not assessed."
struct Summary {
  std::string headline = "";
  std::string caveat = "";  // one sentence to stand beside it
  std::string sentence = "";
};

struct AnyFinding {
  double calibrated{0};
  std::string measured = "";  // on which films it was measured, and how well it did
  Zone zone = Zone::kNotAssessed;
  std::optional<double> percentile;  // as of a finding
  std::optional<double> rule_out;
  std::optional<double> rule_in;
  std::string sentence = "";  // score, percentile and zone with its thresholds
};

/// Where a map lies on the film: model x = a·x + b·y + c, model y = d·x + e·y + f of the film's x and y. The map's cells divide
/// the network's input of model_width × model_height evenly.
struct MapPlace {
  std::array<double, 6> source_to_model{};
  double model_width{0};
  double model_height{0};
};

/// Boxes in pixels of the film as corrected, as left, top, width, height.
struct LungsFound {
  bool found = false;
  double likeness = -1;
  std::optional<Box> picture_left;  // by custom the patient's right
  std::optional<Box> picture_right;
};

struct Milliseconds {
  double decode = 0;
  double prepare = 0;
  double run = 0;
  double explain = 0;

  double total() const { return decode + prepare + run + explain; }
};

/// How far one score moves over small changes of the picture; the unchanged picture counts, too.
struct FindingStability {
  std::string finding{};  // its id
  double low{0};          // calibrated
  double high{0};
  Zone lowest_zone = Zone::kNotAssessed;
  Zone highest_zone = Zone::kNotAssessed;
  bool flips = false;     // the zone is not the same in all
  std::string text = "";  // all of it in a sentence, with what moved it into another zone
};

struct ScoreStability {
  int changes{0};  // of the picture
  ModelId model = {};
  std::vector<FindingStability> findings = {};  // in the order of the manifest's labels
};

/// Of a film that the gate refused: reasons and input, and nothing about findings.
struct Analysis {
  bool analysed{false};
  std::vector<Reason> reasons = {};
  bool may_be_overridden = false;  // refused, but not for having nothing to see
  bool overridden = false;         // analysed although a reason refuses
  InputRecord input = {};
  OperatingPoint operating_point = {};
  std::string site_profile = "";  // whose zones are told; empty: the model's own
  Summary summary = {};
  std::optional<AnyFinding> any_finding;  // where the model has a head for it
  std::vector<Finding> findings = {};     // in the order of the manifest's labels
  std::optional<PictureSize> map;         // cells of each map
  std::optional<MapPlace> geometry;
  std::optional<LungsFound> lungs;
  double evidence_residual = 0;
  ModelId model = {};
  std::string notice = "";
  Milliseconds milliseconds = {};
  std::vector<float> maps = {};  // @buffer findings × map.height × map.width contributions: bias + mean over the map = logit

  /// Whether the network says where: a graph with scores alone has no map, no place of it and no contributions.
  bool has_maps() const { return map && geometry && map->width > 0 && map->height > 0; }
};

}  // namespace chestlight::contract
