// Maps kept beside the one that is looked at, so that several findings, or several methods, of one film can be compared
// at once. A kept map is a finding and a method, not a picture: on another film the same question is asked again, its
// evidence at once, any other method when the reader has it run.
//
// All panes show the same film in the same way: zoom, window, opacity and contour are common to them, and a pointer means
// the same point of the film in each. While two films stand side by side (side_by_side.h) kept maps are not shown.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "viewer/actions/update.h"

namespace chestlight::viewer {

/// More would be too small to see anything in.
constexpr int kMostKept = 3;

/// ScreenPx at the top of a kept map's pane, for its name and its button; touches there are not for the film.
constexpr double kKeptHeader = 44;

/// What a pane shows now.
struct KeptMap {
  const Finding* finding = nullptr;               // null: this film has no such finding
  const DrawnExplanation* explanation = nullptr;  // null: the evidence, or nothing
  bool drawn = false;                             // there is a map, and maps are not switched off
  std::string name;                               // "Effusion, RISE"; with a layer "Effusion, LayerCAM, block 4"
  std::string note;                               // why nothing is drawn; empty where something is
  bool can_run = false;                           // it would have to be computed, and can be
};
KeptMap kept_map(const State& state, const FilmEntry& film, const ExplanationKey& key);

/// The pinned finding as it is explained now; of a film without an analysis nothing can be kept.
bool can_keep(const State& state);
/// Keeps it; again: gives it up.
void keep_map(State& state);
void close_kept(State& state, int index);
void run_kept(State& state, int index, std::vector<Effect>& effects);

/// [{finding, name, method, layer, drawn, note, can_run}]
Json kept_json(const State& state);

}  // namespace chestlight::viewer
