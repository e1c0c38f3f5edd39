// Other ways of asking "where", beside the exact evidence that comes with every analysis: which methods there are, and
// what one of them said of one finding of one film. Values only; the engine computes them (src/engine/explanation.h).
//
// What was computed is kept by finding, method and layer as long as the film's analysis stands: changing one's mind
// costs nothing the second time. No method is the truth, so none replaces the evidence unless the reader chooses it,
// finding by finding.
#pragma once

#include <array>
#include <compare>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/grid.h"
#include "contract/explanation.h"
#include "contract/failure.h"
#include "contract/model.h"
#include "imaging/coordinates.h"
#include "render/map_drawing.h"
#include "viewer/state/choices.h"

namespace chestlight::viewer {

using contract::Failure;
using contract::MethodInfo;
using contract::TrustReport;

/// The method whose map every analysis brings along.
inline constexpr char kEvidenceMethod[] = "evidence";

struct MethodChoice {
  std::string method = kEvidenceMethod;
  std::string layer;  // empty for methods without
  auto operator<=>(const MethodChoice&) const = default;
};

struct ExplanationKey {
  std::string finding;
  MethodChoice choice;
  auto operator<=>(const ExplanationKey&) const = default;
};

struct DrawnExplanation {
  Grid<float> map;      // over the network's whole input
  Grid<float> contour;  // what its contour is drawn from: contour_cells()
  MapFacts facts;       // how it is drawn
  SourceToModel source_to_model;
  double model_width = 0, model_height = 0;
  std::string sentence;
  double area = 0;                           // of the regions, as a share of what the network saw
  std::vector<std::array<double, 4>> boxes;  // x, y, width, height in SourcePx
  std::vector<std::string> notes;
  std::vector<std::pair<std::string, double>> measures;
};

/// One piece of work that was asked of the engine, and how far it is.
struct Work {
  int request = 0;  // the page's number of it, in every message about it
  WorkStage stage = WorkStage::kRunning;
  int done = 0, total = 0;  // calls of the network; total 0: waits its turn
  double since = 0;         // seconds, when the first call ended
  int done_since = 0;       // calls that had ended then
  bool loading_graph = false;
  std::optional<Failure> failure;
};

/// `explanation` was analysed and has its map.
DrawnExplanation drawn_explanation(const contract::Explanation& explanation);

inline SourceToModel source_to_model(const contract::MapPlace& place) {
  const auto& m = place.source_to_model;
  return {m[0], m[1], m[2], m[3], m[4], m[5]};
}

struct ExplanationEntry {
  Work work;
  std::shared_ptr<const DrawnExplanation> explanation;  // once done
  std::optional<Work> check;                            // once asked for
  std::optional<TrustReport> trust;
};

struct FilmExplanations {
  std::map<ExplanationKey, ExplanationEntry> entries;
  std::map<std::string, MethodChoice> chosen;  // by finding; those not here show the evidence
};

}  // namespace chestlight::viewer
