// A reader study as a part of the snapshot (viewer/text/snapshot.h).
#pragma once

#include "base/json.h"
#include "viewer/state/state.h"

namespace chestlight::viewer {

/// {open, stage, words, next, can_go_on, can_start, reader, with_model, seed, choices: [{id, name, chosen}], findings: [{id,
/// name, verdict, confidence}], results: [as StudyFinding without its plot], error}; stage and seed null before a study.
Json study_json(const State& state);

}  // namespace chestlight::viewer
