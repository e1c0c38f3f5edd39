#include "engine/explanation_json.h"

#include "engine/json.h"

namespace chestlight {

Json methods_json(const Model& model) {
  Json list = Json::array();
  for (const Method& method : methods())
    list.push_back({{"id", method.id},
                    {"name", method.name},
                    {"explanation", method.explanation},
                    {"paper", method.paper},
                    {"unit", method.unit},
                    {"signed", method.is_signed},
                    {"from_threshold", method.from_threshold},
                    {"needs_reverse", method.needs_reverse},
                    {"requests", 1 + method.requests},
                    {"layers", method.has_layers ? Json(layers_of(model.blocks())) : Json::array()},
                    {"default_layer", method.default_layer},
                    {"unavailable", why_unavailable(method, model)}});
  return list;
}

Json explanation_json(const Model& model, const Explanation& explanation) {
  const Manifest& manifest = model.manifest();
  const Method& method = *explanation.method;
  Json json = {{"analysed", explanation.analysed},
               {"reasons", reasons_json(explanation.asked.reasons)},
               {"may_be_overridden", !explanation.analysed && may_be_overridden(explanation.asked.reasons)},
               {"overridden", explanation.asked.overridden},
               {"method", method.id}};
  if (explanation.analysed) {
    const Label& label = manifest.labels[explanation.asked.finding];
    const OperatingPoint& point = manifest.operating_points[explanation.asked.operating_point];
    const ExplanationMap& map = explanation.map;
    if (method.has_layers) json["layer"] = explanation.asked.question.layer;
    json["finding"] = {{"id", label.id},
                       {"name", label.name},
                       {"logit", explanation.standing.logit.value},
                       {"calibrated", explanation.standing.calibrated.value},
                       {"threshold", explanation.standing.threshold.value},
                       {"state", finding_state_name(explanation.standing.state)}};
    json["operating_point"] = point.id;
    json["width"] = map.values.width();
    json["height"] = map.values.height();
    json["spread"] = !map.spread.empty();
    json["signed"] = method.is_signed;
    json["unit"] = method.unit;
    json["from_threshold"] = method.from_threshold;
    json["cutoff"] = label.cutoff;
    json["geometry"] = geometry_json(explanation.asked.view);
    json["sentence"] = explanation.sentence;
    json["area"] = explanation.regions.area;
    json["boxes"] = explanation.regions.boxes;
    json["notes"] = explanation.notes;
    json["measures"] = Json::object();
    for (const auto& [name, value] : map.measures) json["measures"][name] = value;
  }
  json["model"] = {{"id", manifest.id}, {"sha256", model.sha256()}};
  json["notice"] = manifest.notice;
  return json;
}

}  // namespace chestlight
