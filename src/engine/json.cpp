#include "engine/json.h"

#include "engine/dicom_json.h"
#include "engine/input_json.h"
#include "findings/statement.h"

namespace chestlight {
namespace {

Json finding_json(const Label& label, const FindingResult& finding, float bias, float residual) {
  return {{"id", label.id},
          {"name", label.name},
          {"explanation", label.explanation},
          {"logit", finding.logit.value},
          {"probability", finding.probability.value},
          {"calibrated", finding.calibrated.value},
          {"threshold", finding.threshold.value},
          {"state", finding_state_name(finding.state)},
          {"sentence", finding.sentence},
          {"where", finding.where},
          {"bias", bias},
          {"map_zero", finding.threshold_logit.value - bias},
          {"residual", residual},
          {"cutoff", label.cutoff},
          {"area", finding.regions.area},
          {"boxes", finding.regions.boxes}};
}

Json operating_point_json(const OperatingPoint& point) {
  return {{"id", point.id}, {"name", point.name}, {"explanation", point.explanation}, {"data", point.data}};
}

const char* shape_name(WindowShape shape) {
  return shape == WindowShape::kSigmoid ? "sigmoid" : shape == WindowShape::kTable ? "table" : "linear";
}

Json window_json(const Window& window) {
  Json json = {{"centre", window.centre}, {"width", window.width}, {"shape", shape_name(window.shape)}};
  if (window.shape == WindowShape::kTable) json["table"] = window.table;
  return json;
}

Json lungs_json(const Lungs& lungs) {
  Json json = {{"found", lungs.found}, {"likeness", lungs.likeness}};
  if (!lungs.found) return json;
  auto box = [](const LungBox& lung) { return Json{lung.left, lung.top, lung.right - lung.left, lung.bottom - lung.top}; };
  json["picture_left"] = box(lungs.picture_left);
  json["picture_right"] = box(lungs.picture_right);
  return json;
}

}  // namespace

Json error_json(const Error& error) {
  return {{"code", error_code_name(error.code)}, {"message", error.message}, {"hint", error.hint}};
}

Json reasons_json(const std::vector<GateReason>& reasons) {
  Json json = Json::array();
  for (const GateReason& reason : reasons)
    json.push_back({{"id", reason.id}, {"severity", gate_severity_name(reason.severity)}, {"text", reason.text}});
  return json;
}

Json geometry_json(const FilmView& view) {
  return {{"source_to_model", view.source_to_model.coefficients()},
          {"model_width", view.model_width},
          {"model_height", view.model_height}};
}

Json model_json(const Model& model) {
  const Manifest& manifest = model.manifest();
  Json labels = Json::array(), points = Json::array();
  for (const Label& label : manifest.labels)
    labels.push_back({{"id", label.id}, {"name", label.name}, {"explanation", label.explanation}, {"cutoff", label.cutoff}});
  for (const OperatingPoint& point : manifest.operating_points) points.push_back(operating_point_json(point));
  std::uint64_t bytes = 0;
  for (const ManifestFile& file : manifest.files) bytes += file.bytes;
  return {{"id", manifest.id},
          {"name", manifest.name},
          {"version", manifest.version},
          {"licence", manifest.licence},
          {"sha256", model.sha256()},
          {"bytes", bytes},
          {"input",
           {{"width", manifest.input.width},
            {"height", manifest.input.height},
            {"detail", manifest.input.detail == 0 ? manifest.input.width : manifest.input.detail},
            {"channels", manifest.input.channels}}},
          {"labels", std::move(labels)},
          {"operating_points", std::move(points)},
          {"default_operating_point", manifest.operating_points[manifest.default_operating_point].id},
          {"limits", manifest.limits},
          {"notice", manifest.notice}};
}

Json film_json(FilmId id, std::string_view name, const Film& film) {
  Json presets = Json::array();
  for (const NamedWindow& preset : film.presets) {
    presets.push_back(window_json(preset.window));
    presets.back()["name"] = preset.name;
  }
  Json json = {{"film", id},
               {"name", name},
               {"width", film.width()},
               {"height", film.height()},
               {"full_scale", film.full_scale},
               {"low", film.low},
               {"high", film.high},
               {"window", window_json(film.window)},
               {"format", film.facts.format},
               {"bits", film.facts.bits},
               {"channels", film.facts.channels},
               {"lossy", film.facts.lossy},
               {"notes", film.facts.notes}};
  if (film.facts.dicom) {
    json["presets"] = std::move(presets);
    json["dicom"] = dicom_facts_json(*film.facts.dicom);
  }
  return json;
}

Json analysis_json(const Model& model, const Analysis& analysis) {
  const Manifest& manifest = model.manifest();
  Json json = {{"analysed", analysis.analysed},
               {"reasons", reasons_json(analysis.reasons)},
               {"may_be_overridden", !analysis.analysed && may_be_overridden(analysis.reasons)},
               {"overridden", analysis.overridden},
               {"input", input_json(analysis.input)},
               {"operating_point", operating_point_json(manifest.operating_points[analysis.operating_point])},
               {"findings", Json::array()},
               {"model", {{"id", manifest.id}, {"sha256", model.sha256()}}},
               {"notice", manifest.notice}};
  if (!analysis.analysed) return json;

  std::vector<FindingState> states;
  for (std::size_t i = 0; i < analysis.findings.size(); ++i) {
    states.push_back(analysis.findings[i].state);
    json["findings"].push_back(
        finding_json(manifest.labels[i], analysis.findings[i], analysis.evidence.bias[i], analysis.evidence.residual[i]));
  }
  Summary summary = summarise(states);
  if (analysis.any_finding) {
    json["any_finding"] = {{"calibrated", analysis.any_finding->value},
                           {"measured", manifest.feature_heads.any_finding->measured}};
    summary.caveat += " " + any_finding_sentence(*analysis.any_finding);
  }
  json["summary"] = {{"headline", summary.headline}, {"caveat", summary.caveat}};
  json["map"] = {{"width", analysis.evidence.width}, {"height", analysis.evidence.height}};
  json["geometry"] = geometry_json(analysis.view);
  json["lungs"] = lungs_json(analysis.lungs);
  json["evidence_residual"] = analysis.evidence.largest_residual();
  return json;
}

}  // namespace chestlight
