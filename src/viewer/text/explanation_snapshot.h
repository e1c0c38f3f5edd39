// The explanation of the pinned finding, and the methods to choose from, as parts of the snapshot (viewer/text/snapshot.h) and as
// words that the details panel shows too.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "viewer/state/state.h"
#include "viewer/text/formatting.h"

namespace chestlight::viewer {

/// [{id, name, explanation, requests, layers, chosen}]
Json methods_json(const State& state);
/// {finding, method, layer, status, progress, sentence, area, boxes, notes, measures, unit, signed, cutoff, drawn, error,
///  trust} of the pinned finding; null where none is pinned. Status: "known" (the evidence), "running", "done", "failed",
/// "cancelled". `drawn` names the method whose map can be seen now: the evidence, until another is there.
Json explanation_json(const State& state);

/// "RISE of effusion: step 12 of 385, 40 s left"; not busy when nothing is being explained.
Progress explanation_progress(const State& state);
/// What regions amount to: "2 regions, 12 % of what the model saw, at 40 % of the highest value", or "No region".
std::string regions_in_words(const std::vector<std::array<double, 4>>& boxes, double area, double cutoff);
/// A measure's name and value: {"Residual", "3e-7"}.
std::pair<std::string, std::string> measure_in_words(const std::pair<std::string, double>& measure);
/// "layer: block 4"; names of layers as a reader would write them.
std::string layer_in_words(const std::string& layer);
/// "One run of the network", "385 runs of the network, with gradients".
std::string cost_in_words(const MethodInfo& method);
/// "Passed", "Not run".
std::string verdict_in_words(const std::string& verdict);
/// Why there is no map of the chosen method: a sentence, and what to do. Empty where there is one or it is on its way.
Failure missing_map(const Work& work, const std::string& what);

}  // namespace chestlight::viewer
