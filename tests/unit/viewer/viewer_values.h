// Small films and analyses for the tests of the page's state.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "viewer/actions/update.h"

namespace chestlight::viewer {

inline FilmInfo film_info(int width = 400, int height = 300) {
  FilmInfo info;
  info.width = width;
  info.height = height;
  info.full_scale = 255;
  info.low = 0;
  info.high = 200;
  info.window = {100, 200};
  info.format = "PNG";
  return info;
}

inline Finding finding(const std::string& id, double score, double threshold) {
  Finding f;
  f.id = id;
  f.name = id;
  f.calibrated = f.probability = score;
  f.threshold = threshold;
  f.state = score >= threshold ? FindingState::kAbove : FindingState::kBelow;
  return f;
}

inline Finding finding_in(Zone zone, double likelihood_ratio, Finding f) {
  f.zone = zone;
  if (zone == Zone::kNotAssessed) f.zone_reason = "Only 3 films of the evaluation had it; at least 50 are needed.";
  else f.likelihood_ratio = likelihood_ratio;
  return f;
}

/// By zone the order is c, a, b. Maps are 2 × 1 cells.
inline std::shared_ptr<const Analysis> three_findings() {
  auto analysis = std::make_shared<Analysis>();
  analysis->analysed = true;
  analysis->summary.sentence = "Likely: c. Uncertain: a. 1 unlikely.";
  analysis->summary.headline = "2 findings above threshold";
  analysis->findings = {finding_in(Zone::kUncertain, 1.2, finding("a", 0.6, 0.5)),
                        finding_in(Zone::kUnlikely, 0.3, finding("b", 0.3, 0.5)),
                        finding_in(Zone::kLikely, 5, finding("c", 0.4, 0.1))};
  analysis->map = {2, 1};
  analysis->maps = {1, -3, 0, 0.5f, -1, 2};
  analysis->geometry = {{0.5, 0, 0, 0, 0.5, 0}, 200, 150};
  return analysis;
}

inline std::shared_ptr<const PixelBuffer> pixels_of(int film) {
  auto pixels = std::make_shared<PixelBuffer>();
  pixels->film = film;
  pixels->width = pixels->height = 1;
  pixels->values = {7};
  return pixels;
}

inline EngineReady engine_ready(const std::string& sha256 = "one") {
  ModelInfo model;
  model.id = "tiny";
  model.name = "Tiny";
  model.sha256 = sha256;
  return {{"wasm", "", {}}, model, {}};
}

/// The findings of three_findings() with what is known of their scores: films with them from logit 1 to 2, without from 0 to 1.5.
inline std::vector<LabelInfo> evaluated_labels() {
  std::vector<LabelInfo> labels;
  for (const char* id : {"a", "b", "c"}) {
    LabelInfo label;
    label.id = label.name = id;
    label.evaluation = ScoreEvaluation{100, 200, 0.9167, {0.88, 0.95}, {}, {}};
    for (int i = 0; i < 64; ++i) {
      label.evaluation->with.push_back(1 + (i + 0.5) / 64);
      label.evaluation->without.push_back(1.5 * (i + 0.5) / 64);
    }
    labels.push_back(label);
  }
  return labels;
}

inline std::vector<MethodInfo> three_methods() {
  MethodInfo evidence{"evidence", "Evidence", "The exact one."};
  MethodInfo rise{"rise", "RISE", "Which parts are visible when randomly masked films score high."};
  rise.requests = 385;
  MethodInfo grad_cam{"grad-cam", "Grad-CAM", "Where features matter to the score, by their gradients."};
  grad_cam.needs_reverse = true;
  grad_cam.requests = 2;
  grad_cam.layers = {"block3", "block4", "features", "fused"};
  grad_cam.default_layer = "features";
  return {evidence, rise, grad_cam};
}

/// As the engine tells it; its map comes with it.
inline contract::Explanation some_explanation() {
  contract::Explanation explanation;
  explanation.analysed = true;
  explanation.width = explanation.height = 2;
  explanation.map = {0.1f, 0.4f, 0, 0.2f};
  explanation.unit = "probability";
  explanation.geometry = {{0.25, 0, 0, 0, 0.25, 0}, 100, 75};
  explanation.sentence = "Mainly image right, upper third: 57 % of the positive evidence; coarse 2 × 2 map.";
  explanation.area = 0.25;
  explanation.boxes = {{200, 0, 200, 150}};
  explanation.notes = {
      "It is below its threshold (0.30 against 0.50): this map shows what little speaks for it, not that it is there."};
  explanation.measures = {{"masks", 384}};
  return explanation;
}

inline FilmOpened film_opened(int id, const std::string& name = "a.png", FilmInfo info = film_info()) {
  info.name = name;
  return {id, info, {}, {}};
}

inline AnalysisArrived analysis_arrived(int id, const std::shared_ptr<const Analysis>& analysis) { return {id, *analysis}; }

inline PixelsArrived pixels_arrived(const std::shared_ptr<const PixelBuffer>& pixels) {
  return {pixels->film, pixels->width, pixels->height, pixels->full_scale, {}, !pixels->drawing.empty(), pixels};
}
inline PixelsArrived pixels_arrived(int film) { return pixels_arrived(pixels_of(film)); }

/// A film that comes while the reader stays with the one that is looked at, if any.
inline std::vector<Effect> open_film(State& state, int id, const std::string& name = "a.png") {
  const int looked_at = state.selected;
  update(state, FilmQueued{id, name});
  if (looked_at) update(state, SelectFilm{looked_at});
  return update(state, film_opened(id, name));
}

/// A state with an area to draw in, a ready engine and one analysed, selected film.
inline State analysed_state() {
  State state;
  update(state, FilmAreaMeasured{{100, 50, 816, 616}, 2});
  update(state, engine_ready());
  open_film(state, 1);
  update(state, pixels_arrived(1));
  update(state, analysis_arrived(1, three_findings()));
  return state;
}

/// That film with its finding "a" pinned, and methods to explain it by.
inline State explaining_state() {
  State state = analysed_state();
  state.methods = three_methods();
  update(state, PinFinding{"a"});
  return state;
}

template <class Wanted>
int count_of(const std::vector<Effect>& effects) {
  int count = 0;
  for (const Effect& effect : effects) count += std::holds_alternative<Wanted>(effect);
  return count;
}

}  // namespace chestlight::viewer
