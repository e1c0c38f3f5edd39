// Labels and results against them as a part of the snapshot (viewer/text/snapshot.h).
#pragma once

#include "base/json.h"
#include "viewer/state/state.h"

namespace chestlight::viewer {

/// {open, tables, folders, join, error, parts: [{words, options: [{label, chosen, action}]}], busy, films, films_text, column,
/// rising,
///  results: [findings in the order shown], without_labels, opened, measures, remarks, results_error}; null where nobody has
///  asked
/// for labels.
Json evaluation_json(const State& state);

}  // namespace chestlight::viewer
