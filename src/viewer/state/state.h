// The whole state of the page as one value. update() is the only thing that changes it, panels only read it,
// and the snapshot that feeds screen readers and tests is a function of it. No clock: `now` is told by
// whoever drives it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "contract/messages.h"
#include "viewer/measuring/measuring.h"
#include "viewer/state/deeds.h"
#include "viewer/state/evaluation.h"
#include "viewer/state/film_entry.h"
#include "viewer/state/own_models.h"
#include "viewer/state/settings.h"
#include "viewer/state/view.h"
#include "viewer/worklist/worklist.h"

namespace chestlight::viewer {

/// The wait for the model: bytes of the runtime and the model, which come in at once, then a first run.
struct Loading {
  struct Bytes {
    double done = 0;
    double total = 0;  // 0: unknown
  };
  std::map<std::string, Bytes> parts;  // "runtime", "model": those that have taken long enough to report
  double since = 0;                    // seconds, when the first of them reported
  bool warming_up = false;
  std::string graph;        // a further one that is being prepared: "reverse"
  bool cancelling = false;  // asked for, not yet answered
};

/// What is kept of films on this device (actions/keeping.h).
struct KeptOnDevice {
  int films = 0;
  std::optional<Failure> error;  // why nothing more is kept
  int forgetting = 0;            // films that are being forgotten, until that is answered
  std::vector<int> came_back;    // films of this batch whose reading came back
};

/// The site profile in use (operating_points.h).
struct SiteProfileInUse {
  ProfileInUse told;
  bool thresholds = true;  // its operating point is chosen, too
};

/// What was said so far of one finding of one film.
struct StudyDraft {
  std::optional<bool> present;
  std::optional<double> confidence;  // 0 to 100
};
struct StudyDrafts {
  StudyDraft unaided, aided;
};
/// A reader study under way, or read (reader_study.h).
struct ReaderStudy {
  StudyStage stage = StudyStage::kUnaided;
  std::vector<std::string> findings;
  std::string reader;
  bool with_model = true;                                    // each film is read a second time, with the model
  int seed = 1;                                              // of the order
  std::vector<int> films;                                    // in the order in which they are read
  std::size_t at = 0;                                        // of the film being read
  std::map<int, std::map<std::string, StudyDrafts>> drafts;  // by film and finding
};
struct StudyView {
  std::vector<std::string> findings;  // chosen for the next one
  bool with_model = true;
  std::string reader = "reader 1";
  std::optional<ReaderStudy> running;
  std::optional<StudyEvaluated> results;
};

/// A line of text that is being written, in a field of the page over the canvas.
struct TextEdit {
  std::string field;    // "search", "note" or "reader"
  int film = 0;         // of a note
  std::string finding;  // the same
  ScreenRect place;     // where the canvas shows the text; width 0: not known yet
};

/// The film that stands beside the selected one (side_by_side.h). While it is the selected one itself it waits for another.
struct SecondFilm {
  int id = 0;                                 // film id; 0: none
  bool linked = true;                         // zoom, place and window follow the selected film's
  bool scores = true;                         // the change of scores stands in place of the findings
  std::shared_ptr<const PixelBuffer> pixels;  // while it is seen
  int pixels_requested = 0;                   // as State::pixels_requested
  ScreenRect area;                            // its pane
  struct Followed {
    int film = 0;  // id; 0: nothing yet
    Window window;
    std::string preset;
  } followed;  // the selected film's window as the second one followed it last
};

struct State {
  // films
  std::vector<FilmEntry> films;
  int selected = 0;  // film id; 0: none
  std::shared_ptr<const PixelBuffer> pixels;
  int pixels_requested = 0;  // film id asked for and not yet here
  SecondFilm second;
  std::shared_ptr<const ModelPicture> model_picture;  // while it is looked at
  bool model_picture_requested = false;
  Worklist worklist;
  UndoHistory undo;
  bool unexported = false;  // the reader said or measured something since the last export
  bool leaving_guarded = false;
  KeptOnDevice on_device;
  std::optional<TextEdit> editing;
  bool cropping = false;  // the next drag on the film marks what the model is to see

  // identifiers: never a setting, gone with the switch
  bool identifiers_shown = false;
  int identifiers_requested = 0;                       // film id asked for and not yet here
  std::map<int, std::vector<Identifier>> identifiers;  // by film id

  // findings: ids, kept from film to film so that a reader can follow one finding through a batch
  std::string hovered;
  std::string pinned;
  bool finding_chosen = false;      // the reader pinned or unpinned one: no map comes by itself any more
  bool first_map_told = false;      // the reader knows how to hide it
  bool checks_open = false;         // the "checks" part of the opened row
  bool trial_open = false;          // its threshold of the reader's own (threshold_trial.h)
  bool original_held = false;       // O
  std::vector<MethodInfo> methods;  // of explanation, as the engine offers them
  bool trust_details_open = false;
  int last_request = 0;              // of explanations and checks
  std::vector<ExplanationKey> kept;  // maps beside the one looked at (beside.h), of whichever film is selected

  // labels, and what scores are worth against them (evaluations.h)
  EvaluationView evaluation;

  // a reader study (reader_study.h)
  StudyView study;

  // tools of the pointer
  Measuring measuring;

  // engine
  EnginePhase engine = EnginePhase::kLoading;
  Loading loading;
  Backend backend;
  ModelInfo model;
  std::optional<SiteProfileInUse> site;
  std::optional<Failure> engine_failure;

  // page
  Settings settings;
  std::vector<ModelChoice> models;  // that came with the page
  OwnModels own;                    // that were added, and what is done with them
  std::vector<Example> examples;
  NetworkCounted network;
  bool reduced_motion = false;
  bool touch = false;
  bool dragging_files = false;
  Popup popup = Popup::kNone;
  ScreenPx menu_at;  // where the film's menu was asked for
  PhoneTab tab = PhoneTab::kFindings;
  std::string notice;  // the last thing that happened, e.g. "Exported findings.csv"
  int reports = 0;     // asked for so far: their numbers
  double now = 0;      // seconds
  ScreenRect film_area;
  std::vector<ScreenRect> kept_areas;  // one for each kept map, as large as film_area
  double pixel_ratio = 1;
  int largest_texture = 0;  // side, SourcePx, that the graphics device can hold; 0: not known
  std::string rebinding;    // the command that waits for its new key
};

const FilmEntry* find_film(const State& state, int id);
FilmEntry* find_film(State& state, int id);
const FilmEntry* selected_film(const State& state);
const Finding* find_finding(const FilmEntry& film, const std::string& id);

/// Findings of the film as indices into analysis->findings, in displayed order: by zone, then by likelihood ratio; what is not
/// assessed stands last, by score. Empty when not analysed.
std::vector<int> displayed_order(const State& state, const FilmEntry& film);

/// The finding whose map is on the film now: hovered, else pinned, else, until the reader pins or unpins one and unless they
/// measure, the first likely one; null when maps are off, held away, or absent.
const Finding* overlaid_finding(const State& state);
/// The finding that the reader is looking at, whether or not its map is drawn.
const Finding* current_finding(const State& state);

/// How the evidence for one of the analysis' findings is drawn, on the scale that all findings of the film share.
MapFacts evidence_facts(const Analysis& analysis, const Finding& finding);

/// The model is not here, and loading it again may help.
bool can_load_again(const State& state);

/// How often the film is halved so that the graphics device can hold it. For display only.
int halvings_for_display(const State& state, const FilmEntry& film);

/// Films waiting for or under analysis.
int films_in_work(const State& state);

}  // namespace chestlight::viewer
