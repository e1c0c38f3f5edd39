// What the page knows of one film: the facts the engine reported, its analysis, and how the reader is looking
// at it. Values only. Pixels are not here (see PixelBuffer in state.h): two hundred films must cost a few
// megabytes.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "imaging/coordinates.h"
#include "imaging/film.h"
#include "viewer/measuring/measuring.h"
#include "viewer/state/explanation.h"
#include "viewer/state/failure.h"
#include "viewer/state/model_request.h"
#include "viewer/state/view.h"

namespace chestlight::viewer {

struct FilmInfo {
  int width = 0;  // SourcePx
  int height = 0;
  int full_scale = 255;
  int low = 0;  // used range of pixel values
  int high = 255;
  Window window;  // what the film should open with
  std::string format;
  int bits = 8;
  int channels = 1;
  bool lossy = false;
  std::vector<std::string> notes;
  std::vector<NamedWindow> presets;  // windows that the file itself offers
  std::optional<DicomFacts> dicom;   // of DICOM files only
};

/// Values of the exposed part of a film, padding left out: what windows by percentiles are made of (imaging/collimation.h).
struct GreyShares {
  double p0_5 = 0, p5 = 0, p30 = 0, p70 = 0, p99_5 = 0, p99_9 = 0;
};

/// 8-bit grey, row-major.
struct Thumbnail {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> grey;
};

enum class FindingState { kAbove, kBorderline, kBelow };

struct Finding {
  std::string id;
  std::string name;
  std::string explanation;
  double logit = 0;
  double probability = 0;
  double calibrated = 0;  // what the threshold is compared with
  double threshold = 0;
  FindingState state = FindingState::kBelow;
  std::string sentence;
  std::string where;
  double bias = 0;
  double map_zero = 0;  // the contribution at which a film would stand on its threshold
  double residual = 0;  // |logit − (bias + mean of the map)|
  double cutoff = 0.5;  // fraction of the map's largest value at which its contour is best drawn for this finding
  double area = 0;      // of the regions above it, as a share of what the network saw; none below the threshold
  std::vector<std::array<double, 4>> boxes;  // around them: x, y, width, height in SourcePx
};

/// A sentence of the quality gate.
struct Reason {
  std::string id;
  bool refuses = false;  // false: a warning beside the result
  std::string text;
};

struct Milliseconds {
  double decode = 0;
  double prepare = 0;
  double run = 0;
  double explain = 0;
  double total() const { return decode + prepare + run + explain; }
};

/// One set of thresholds, with what it is good for and the films it was chosen on.
struct OperatingPoint {
  std::string id;
  std::string name;
  std::string explanation;
  std::string data;
};

struct Analysis {
  bool analysed = false;
  std::vector<Reason> reasons;
  bool may_be_overridden = false;  // refused, but not for having nothing to see
  bool overridden = false;         // analysed although a reason refuses
  ModelInput input;
  OperatingPoint operating_point;
  std::string headline;
  std::string caveat;
  std::vector<Finding> findings;  // order of the manifest's labels
  int map_width = 0;
  int map_height = 0;
  std::vector<float> maps;  // findings × map_height × map_width, logits above the threshold: contribution − map_zero
  SourceToModel source_to_model;
  double model_width = 0;
  double model_height = 0;
  double evidence_residual = 0;
  std::string model_id;
  Milliseconds milliseconds;
};

enum class FilmStage {
  kQueued,   // named, not yet decoded
  kDecoded,  // can be looked at; waits for the model
  kAnalysing,
  kAnalysed,
  kRefused,     // looked at by the quality gate, not analysed
  kUnreadable,  // the file could not be decoded
  kAnalysisFailed,
  kCancelled,
};

struct FilmEntry {
  int id = 0;
  std::string name;
  bool synthetic = false;
  FilmStage stage = FilmStage::kQueued;
  std::string kind;             // of its bytes, whatever its name says: "DICOM", "PNG"; empty while not known
  bool can_retry = false;       // not readable, and still there to be read again
  bool analysis_wanted = true;  // false: cancelled before it was even decoded
  FilmInfo info;                // valid once decoded
  std::shared_ptr<const Thumbnail> thumbnail;
  std::shared_ptr<const Analysis> analysis;
  FilmExplanations explanations;  // of that analysis
  std::optional<Failure> failure;
  int steps_done = 0;
  int steps_total = 0;
  ModelRequest request;  // what the model is asked to see
  std::vector<ModelRequest> undo, redo;
  int frame_wanted = 0;  // of several: asked for and not yet here; 0: none
  FilmView view;
  Window window;                    // as the reader set it
  std::string preset = "opened";    // of window_presets.h; empty: set by hand
  std::optional<GreyShares> greys;  // known once its pixels were here
  bool inverted = false;
  std::vector<Measurement> measurements;

  /// There is an analysis under way, or one to come, that Cancel would stop.
  bool cancellable() const {
    return stage == FilmStage::kAnalysing || stage == FilmStage::kDecoded || (stage == FilmStage::kQueued && analysis_wanted);
  }
  int frames() const { return info.dicom ? info.dicom->frames : 1; }
  /// Shown, but not analysed before somebody says that this frame is the one.
  bool awaits_choice_of_frame() const { return stage == FilmStage::kRefused && frames() > 1 && !info.dicom->frame_chosen; }
  bool decoded() const { return stage != FilmStage::kQueued && stage != FilmStage::kUnreadable; }
};

}  // namespace chestlight::viewer
