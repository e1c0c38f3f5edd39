// The engine's values as the contract states them: what the page, the command line and exports read. One function per value.
#pragma once

#include "contract/analysis.h"
#include "contract/explanation.h"
#include "contract/failure.h"
#include "contract/film.h"
#include "contract/model.h"
#include "contract/site_profile.h"
#include "engine/analysis.h"
#include "engine/engine.h"
#include "engine/explanation.h"

namespace chestlight {

contract::Failure describe(const Error& error);
contract::FilmInfo describe(FilmId id, std::string_view name, const Film& film);
contract::ModelId model_id(const Model& model);
contract::ModelInfo describe(const Model& model);
/// A site profile of this model, as it is in use.
contract::ProfileInUse describe_profile(const NamedProfile& profile, const OperatingPoint& point, const Manifest& manifest);
/// What a list of models says of one, by its manifest: no more than that is needed.
contract::ModelChoice describe_choice(const Manifest& manifest);
/// Of every method, whether this model can be asked by it or not.
std::vector<contract::MethodInfo> describe_methods(const Model& model);
/// Without its maps: JobResult carries those.
contract::Analysis describe(const Model& model, const Analysis& analysis);
contract::Explanation describe(const Model& model, const Explanation& explanation);

}  // namespace chestlight
