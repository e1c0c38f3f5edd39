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

#include "contract/analysis.h"
#include "contract/anatomy.h"
#include "contract/failure.h"
#include "contract/film.h"
#include "contract/messages.h"
#include "contract/reading.h"
#include "imaging/coordinates.h"
#include "imaging/film.h"
#include "viewer/measuring/measuring.h"
#include "viewer/state/choices.h"
#include "viewer/state/explanation.h"
#include "viewer/state/model_request.h"
#include "viewer/state/view.h"

namespace chestlight::viewer {

using namespace contract;

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

/// Another file with the same bytes: it is no row of its own.
struct FilmCopy {
  int id = 0;
  std::string name;
};

/// What the model says of a film, while a study hides it (reader_study.h), and the stage that its row would have.
struct Withheld {
  FilmStage stage = FilmStage::kAnalysed;
  std::shared_ptr<const Analysis> analysis, beside;
  std::shared_ptr<const AnatomyReport> anatomy;
  std::optional<Failure> anatomy_failure;
  std::shared_ptr<const ScoreStability> stability;
  FilmExplanations explanations;
  std::vector<Measurement> lines;  // of the cardiothoracic ratio
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
  FilmExplanations explanations;                 // of that analysis
  std::shared_ptr<const AnatomyReport> anatomy;  // of what is asked for in `request`
  std::optional<Failure> anatomy_failure;
  std::shared_ptr<const ScoreStability> stability;  // of that analysis, where the reader asked (state/stability.h)
  bool checks_stability = false;                    // that is under way
  std::shared_ptr<const Analysis> beside;           // by the model it is compared with (state/own_models.h)
  std::optional<Failure> failure;
  int steps_done = 0;
  int steps_total = 0;
  ModelRequest request;  // what the model is asked to see
  int frame_wanted = 0;  // of several: asked for and not yet here; 0: none
  FilmView view;
  Window window;                    // as the reader set it
  std::string preset = "opened";    // of window_presets.h; empty: set by hand
  std::optional<GreyShares> greys;  // known once its pixels were here
  bool inverted = false;
  bool drawing_shown = false;                // what the file draws over the picture
  std::vector<Measurement> measurements;     // among them the lines of the cardiothoracic ratio (anatomy.h)
  std::vector<SourcePx> moved_lines;         // the ends of both, heart first, as the reader left them; none: as measured
  std::string sha256;                        // of its bytes; empty while it is not known
  std::vector<FilmCopy> copies;              // in the order they came
  FilmReading reading;                       // what the reader made of it
  int readings_asked = 0;                    // changes of it that the case has not answered yet
  bool reading_kept = false;                 // what it holds by now is kept on the device
  std::optional<ReadingCameBack> came_back;  // of an earlier visit, until the film is open
  std::shared_ptr<const Withheld> withheld;  // null: nothing is hidden of it
  std::string withheld_name;                 // its own, while it goes by a number; empty: `name` is its own

  /// Its analysis was asked for and waits for its turn.
  bool waits_for_turn() const { return stage == FilmStage::kAnalysing && steps_total == 0; }
  /// There is an analysis under way, or one to come, that Cancel would stop.
  bool cancellable() const {
    return stage == FilmStage::kAnalysing || stage == FilmStage::kWaiting || (stage == FilmStage::kQueued && analysis_wanted);
  }
  int frames() const { return info.dicom ? info.dicom->frames : 1; }
  /// Shown, but not analysed before somebody says that this frame is the one.
  bool awaits_choice_of_frame() const { return stage == FilmStage::kRefused && frames() > 1 && !info.dicom->frame_chosen; }
  bool decoded() const { return stage != FilmStage::kQueued && stage != FilmStage::kUnreadable; }
};

}  // namespace chestlight::viewer
