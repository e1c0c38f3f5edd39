// See models_snapshot.h.
#include "viewer/text/models_snapshot.h"

#include <string>
#include <vector>

#include "contract/failure_json.h"
#include "contract/json_fields.h"
#include "contract/model_json.h"
#include "findings/zone_statement.h"
#include "viewer/state/own_models.h"
#include "viewer/text/formatting.h"

namespace chestlight::viewer {

Json beside_json(const State& state, const FilmEntry& film, const Finding& finding) {
  if (state.own.beside.empty()) return nullptr;
  const Finding* other = beside_finding(film, finding);
  return {{"score_text", other ? score_in_figures(other->calibrated) : ""},
          {"zone_text", other ? zone_in_words(other->zone) : ""},
          {"disagrees", other && disagrees(finding, *other)},
          {"text", comparison_in_words(state, film, finding)}};
}

Json models_json(const State& state) {
  Json list = Json::array();
  for (const ModelChoice& model : all_models(state)) {
    Json& json = list.emplace_back(to_json(model));
    json["own"] = is_own(model);
    json["in_use"] = is_in_use(state, model);
    json["is_default"] = state.settings.default_model.empty() ? model.preset : model.id == state.settings.default_model;
    json["selected"] = model.id == state.own.selected;
  }
  return list;
}

Json import_json(const State& state) {
  const OwnModels& own = state.own;
  Json failed = Json::array();
  for (const OwnModels::Failed& one : own.failed) failed.push_back({{"name", one.name}, {"error", to_json(one.error)}});
  return {{"importing", own.importing ? Json(import_in_words(state)) : Json(nullptr)},
          {"failed", std::move(failed)},
          {"note", own.note},
          {"assumptions", own.assumptions},
          {"storage", own.storage},
          {"beside", own.beside_name}};
}

Json model_form_json(const State& state) {
  const auto model = model_of_form(state);
  if (!model) return nullptr;
  const ModelInputSize& input = state.model.input;
  Json scalings = Json::array();
  const int used = scaling_in_use(input);
  int index = 0;
  for (const NamedScaling& scaling : named_scalings()) {
    const bool each = static_cast<int>(scaling.mean.size()) == input.channels;
    scalings.push_back({{"name", scaling.name},
                        {"explanation", scaling.explanation},
                        {"mean", each ? scaling.mean : std::vector<double>{scaling.mean[0]}},
                        {"deviation", each ? scaling.deviation : std::vector<double>{scaling.deviation[0]}},
                        {"selected", index++ == used}});
  }
  Json labels = Json::array();
  for (const LabelInfo& label : state.model.labels) labels.push_back(label.name);
  return {{"id", model->id},
          {"name", model->name},
          {"labels", std::move(labels)},
          {"side", input.width},
          {"fit", input.fit},
          {"crop", input.crop},
          {"channels", input.channels},
          {"scalings", std::move(scalings)},
          {"revising", state.own.revising},
          {"refused", state.own.refused ? Json(state.own.refused->sentence()) : Json(nullptr)}};
}

}  // namespace chestlight::viewer
