// The network in use: what it is, what runs it, which thresholds and which methods of explanation it offers.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace chestlight::contract {

/// What runs the network.
struct Backend {
  std::string name{};                       // "webgpu-fp16", "webgpu", "wasm-threads", "wasm"
  std::string detail = "";                  // the device, the number of threads
  std::vector<std::string> fallbacks = {};  // why each better one was not taken
};

/// The network's input, in ModelPx. detail: the side that every film is brought to first.
struct ModelInputSize {
  int width{0};
  int height{0};
  int detail = 0;
  int channels = 1;
  std::string fit = "";                // as the manifest has it: "centre-square-crop", "letterbox", "stretch"
  double crop = 1;                     // share of the centre square that is seen
  std::vector<double> mean = {};       // of values from 0 to 1, one per channel
  std::vector<double> deviation = {};  // the same
};

/// Low and high end, of 95 %.
using Bounds = std::array<double, 2>;

/// The evidence behind one score: how it lay on films that the network was not trained on. `with` and `without` are 64 knots of
/// the logit, before calibration, in films with and without the finding: knot i is the quantile at (i + 0.5) / 64. They never
/// fall.
struct ScoreEvaluation {
  int positives{0};  // films with the finding
  int negatives{0};
  double auroc{0};
  Bounds auroc_interval{};
  std::vector<double> with{};
  std::vector<double> without{};
};

/// On which films all findings were evaluated. kind: "out-of-fold" or "held-out".
struct EvaluatedFilms {
  std::string kind{};
  std::string data{};
  int films{0};
  int patients{0};
  double mean_auroc{0};
  Bounds mean_auroc_interval{};
};

/// calibrated = sigmoid(scale · logit + offset)
struct Platt {
  double scale{1};
  double offset{0};
};

struct LabelInfo {
  std::string id{};
  std::string name{};
  std::string explanation = "";  // one sentence for a reader who is not a radiologist
  double cutoff = 0.5;           // fraction of a map's largest value at which its contour is best drawn
  Platt calibration = {};
  std::optional<ScoreEvaluation> evaluation;  // nothing where nothing is known
};

/// One set of thresholds, with what it is good for and the films it was chosen on.
struct OperatingPoint {
  std::string id{};
  std::string name = "";
  std::string explanation = "";
  std::string data = "";
};

struct ModelInfo {
  std::string id = "";
  std::string name = "";
  std::string version = "";
  std::string licence = "";
  std::string sha256 = "";
  double bytes = 0;
  ModelInputSize input = {};
  std::vector<LabelInfo> labels = {};
  std::vector<OperatingPoint> operating_points = {};
  std::string default_operating_point = "";  // its id
  std::optional<EvaluatedFilms> evaluation;  // nothing where nothing is known of how good its scores are
  std::vector<std::string> limits = {};
  std::string notice = "";
};

/// Which network made a result.
struct ModelId {
  std::string id{};
  std::string sha256{};
  std::string version = "";
};

/// A model that can be loaded: one that came with the page, or one that was added, whose id is "own:" and its hash.
struct ModelChoice {
  std::string id{};
  std::string name = "";
  double bytes = 0;
  std::string source = "";   // "came with the page", "added from a.pt"
  std::string licence = "";  // as its manifest has it
  std::string link = "";     // its publisher's page
  std::string sha256 = "";   // of its weights
  int side = 0;              // pixels of its input
  int labels = 0;            // of its outputs
  std::string used = "";     // the day it was loaded last, as "2026-12-01"; empty: never, or not known
  bool kept = true;          // on this device; else only until the page is closed
  bool preset = false;       // the page's own default
  std::string problem = "";  // why it cannot be used, in a sentence
};

/// What a reader, or a file beside the weights, says of a network; what is left out stays as it is.
struct ModelForm {
  std::string name = "";
  std::vector<std::string> labels = {};  // one per output, in their order
  std::vector<double> mean = {};         // of values from 0 to 1: one per channel, or one for all
  std::vector<double> deviation = {};    // the same
  int side = 0;                          // pixels of the square input
  std::string fit = "";                  // "centre-square-crop", "letterbox" or "stretch"
  double crop = 0;                       // share of the centre square that is seen
};

/// A method of explanation. `requests` counts calls of the network, the first look at the film included.
struct MethodInfo {
  std::string id{};
  std::string name{};
  std::string explanation = "";  // one sentence
  std::string paper = "";
  std::string unit = "";       // of the map's values
  bool is_signed = false;      // @name signed: negative values mean evidence against
  bool needs_reverse = false;  // asks for gradients: a second graph, loaded when first needed
  int requests = 1;
  std::vector<std::string> layers = {};  // empty: nothing to choose
  std::string default_layer = "";
  std::string unavailable = "";  // why the model in use cannot be asked by it, in a sentence; empty where it can
};

}  // namespace chestlight::contract
