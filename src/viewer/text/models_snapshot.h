// The published state about models: what there are, what is being added, the form of one that was added, and two models compared.
#pragma once

#include "base/json.h"
#include "viewer/state/state.h"

namespace chestlight::viewer {

/// All models, those of the page first, with what is said of each in the list.
Json models_json(const State& state);
/// What is being added, what became no model, and where added ones are kept.
Json import_json(const State& state);
/// What the form of an added model says and offers; null while none of them is in use.
Json model_form_json(const State& state);
/// What the model compared with says of a finding; null where none is.
Json beside_json(const State& state, const FilmEntry& film, const Finding& finding);

}  // namespace chestlight::viewer
