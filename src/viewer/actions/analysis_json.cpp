// See analysis_json.h.
#include "viewer/actions/analysis_json.h"

#include <cstring>

#include "base/text.h"
#include "viewer/actions/json_fields.h"

namespace chestlight::viewer {
namespace {

Result<Finding> finding_from_json(const JsonReader& reader) {
  Finding finding;
  CHESTLIGHT_TRY(finding.id, reader.string("id"));
  CHESTLIGHT_TRY(finding.name, reader.string("name"));
  CHESTLIGHT_TRY(finding.logit, reader.number("logit"));
  CHESTLIGHT_TRY(finding.probability, reader.number("probability"));
  CHESTLIGHT_TRY(finding.calibrated, reader.number("calibrated"));
  CHESTLIGHT_TRY(finding.threshold, reader.number("threshold"));
  CHESTLIGHT_TRY(std::string state, reader.string("state"));
  if (state == "above") finding.state = FindingState::kAbove;
  else if (state == "borderline") finding.state = FindingState::kBorderline;
  else if (state == "below") finding.state = FindingState::kBelow;
  else return reader.error("state must be above, borderline or below, found \"" + state + "\"");
  finding.explanation = text_or(reader.json(), "explanation");
  finding.sentence = text_or(reader.json(), "sentence");
  finding.where = text_or(reader.json(), "where");
  finding.bias = number_or(reader.json(), "bias");
  finding.map_zero = number_or(reader.json(), "map_zero");
  finding.residual = number_or(reader.json(), "residual");
  finding.cutoff = number_or(reader.json(), "cutoff", finding.cutoff);
  finding.area = number_or(reader.json(), "area");
  finding.boxes = boxes_or_none(reader.json());
  return finding;
}

}  // namespace

OperatingPoint operating_point_from_json(const Json& json) {
  if (!json.is_object()) return {};
  return {text_or(json, "id"), text_or(json, "name"), text_or(json, "explanation"), text_or(json, "data")};
}

Result<Analysis> analysis_from_json(const JsonReader& reader, Bytes maps) {
  Analysis analysis;
  CHESTLIGHT_TRY(analysis.analysed, reader.boolean("analysed"));
  const Json& json = reader.json();
  if (reader.has("reasons")) {
    CHESTLIGHT_TRY(std::vector<JsonReader> reasons, reader.items("reasons"));
    for (const JsonReader& reason : reasons)
      analysis.reasons.push_back(
          {text_or(reason.json(), "id"), text_or(reason.json(), "severity") == "refuse", text_or(reason.json(), "text")});
  }
  analysis.may_be_overridden = flag_or(json, "may_be_overridden");
  analysis.overridden = flag_or(json, "overridden");
  if (reader.has("input")) {
    CHESTLIGHT_TRY(JsonReader input, reader.member("input"));
    CHESTLIGHT_TRY(analysis.input, model_input_from_json(input));
  }
  if (auto point = json.find("operating_point"); point != json.end())
    analysis.operating_point = operating_point_from_json(*point);
  if (auto summary = json.find("summary"); summary != json.end() && summary->is_object()) {
    analysis.headline = text_or(*summary, "headline");
    analysis.caveat = text_or(*summary, "caveat");
  }
  if (auto model = json.find("model"); model != json.end() && model->is_object()) analysis.model_id = text_or(*model, "id");
  analysis.evidence_residual = number_or(json, "evidence_residual");
  if (!analysis.analysed) return analysis;

  CHESTLIGHT_TRY(std::vector<JsonReader> findings, reader.items("findings"));
  for (const JsonReader& item : findings) {
    CHESTLIGHT_TRY(Finding finding, finding_from_json(item));
    analysis.findings.push_back(std::move(finding));
  }
  if (!reader.has("map")) return analysis;

  CHESTLIGHT_TRY(JsonReader map, reader.member("map"));
  CHESTLIGHT_TRY(long long width, map.integer("width"));
  CHESTLIGHT_TRY(long long height, map.integer("height"));
  CHESTLIGHT_TRY(JsonReader geometry, reader.member("geometry"));
  CHESTLIGHT_TRY(std::vector<double> m, geometry.numbers("source_to_model"));
  if (m.size() != 6) return geometry.error(text("source_to_model needs 6 numbers, found ", m.size()));
  CHESTLIGHT_TRY(analysis.model_width, geometry.number("model_width"));
  CHESTLIGHT_TRY(analysis.model_height, geometry.number("model_height"));
  auto expected = analysis.findings.size() * static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4;
  if (width < 1 || height < 1 || maps.size() != expected)
    return map.error(text("expected ", expected, " bytes of maps, found ", maps.size()));
  analysis.map_width = static_cast<int>(width);
  analysis.map_height = static_cast<int>(height);
  analysis.source_to_model = {m[0], m[1], m[2], m[3], m[4], m[5]};
  analysis.maps.resize(expected / 4);
  std::memcpy(analysis.maps.data(), maps.data(), expected);
  const auto cells = static_cast<std::size_t>(width * height);
  for (std::size_t i = 0; i < analysis.maps.size(); ++i)
    analysis.maps[i] -= static_cast<float>(analysis.findings[i / cells].map_zero);
  return analysis;
}

}  // namespace chestlight::viewer
