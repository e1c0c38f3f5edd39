#include "engine/describe.h"

#include <algorithm>

#include "findings/statement.h"

namespace chestlight {
namespace {

contract::OperatingPoint describe(const OperatingPoint& point) { return {point.id, point.name, point.explanation, point.data}; }

contract::MapPlace place_of(const FilmView& view) {
  const auto coefficients = view.source_to_model.coefficients();
  contract::MapPlace place;
  std::copy(coefficients.begin(), coefficients.end(), place.source_to_model.begin());
  place.model_width = view.model_width;
  place.model_height = view.model_height;
  return place;
}

contract::Box box_of(const LungBox& lung) { return {lung.left, lung.top, lung.right - lung.left, lung.bottom - lung.top}; }

contract::LungsFound describe(const Lungs& lungs) {
  contract::LungsFound found{lungs.found, lungs.likeness, {}, {}};
  if (lungs.found) {
    found.picture_left = box_of(lungs.picture_left);
    found.picture_right = box_of(lungs.picture_right);
  }
  return found;
}

std::optional<double> value_of(const std::optional<Calibrated>& threshold) {
  return threshold ? std::optional<double>(threshold->value) : std::nullopt;
}

contract::Platt describe(const Calibration& calibration) {
  if (calibration.kind == Calibration::Kind::kNone) return {1, 0};
  return {calibration.scale, calibration.offset};
}

contract::AnyFinding describe_any_finding(Calibrated score, const Reading& reading, const AnyFinding& any) {
  contract::AnyFinding described;
  described.calibrated = score.value;
  described.measured = any.measured;
  described.zone = reading.zone;
  described.percentile = reading.percentile;
  described.rule_out = value_of(reading.rule_out);
  described.rule_in = value_of(reading.rule_in);
  described.sentence = any_finding_sentence(score, reading);
  return described;
}

contract::Finding describe(const Label& label, const FindingResult& finding, float bias, float residual) {
  contract::Finding described;
  described.id = label.id;
  described.name = label.name;
  described.explanation = label.explanation;
  described.logit = finding.logit.value;
  described.probability = finding.probability.value;
  described.calibrated = finding.calibrated.value;
  described.threshold = finding.threshold.value;
  described.state = finding.state;
  described.sentence = finding.sentence;
  described.zone = finding.reading.zone;
  described.zone_reason = finding.reading.reason;
  described.percentile = finding.reading.percentile;
  described.rule_out = value_of(finding.reading.rule_out);
  described.rule_in = value_of(finding.reading.rule_in);
  described.likelihood_ratio = finding.reading.likelihood_ratio;
  described.score_text = score_figure(finding.calibrated);
  if (finding.reading.percentile) described.percentile_text = percentile_figure(*finding.reading.percentile);
  described.reading = reading_sentence(finding.calibrated, finding.reading);
  described.where = finding.where;
  described.place = finding.place;
  described.evidence = finding.shares;
  if (finding.shares) {
    described.evidence_text = shares_words(*finding.shares);
    described.possible_shortcut = is_possible_shortcut(*finding.shares);
  }
  described.bias = bias;
  described.map_zero = finding.zero.value - bias;
  described.residual = residual;
  described.cutoff = label.cutoff;
  described.area = finding.regions.area;
  described.boxes = finding.regions.boxes;
  return described;
}

}  // namespace

contract::ModelId model_id(const Model& model) { return {model.manifest().id, model.sha256(), model.manifest().version}; }

contract::Failure describe(const Error& error) { return {std::string(error_code_name(error.code)), error.message, error.hint}; }

contract::FilmInfo describe(FilmId id, std::string_view name, const Film& film) {
  contract::FilmInfo info;
  info.film = static_cast<int>(id);
  info.name = name;
  info.width = film.width();
  info.height = film.height();
  info.full_scale = film.full_scale;
  info.low = film.low;
  info.high = film.high;
  info.window = film.window;
  info.format = film.facts.format;
  info.bits = film.facts.bits;
  info.channels = film.facts.channels;
  info.lossy = film.facts.lossy;
  info.notes = film.facts.notes;
  info.presets = film.presets;
  info.dicom = film.facts.dicom;
  info.has_drawing = !film.drawing.empty();
  return info;
}

contract::ModelInfo describe(const Model& model) {
  const Manifest& manifest = model.manifest();
  const InputSpec& input = manifest.input;
  contract::ModelInfo info;
  info.id = manifest.id;
  info.name = manifest.name;
  info.version = manifest.version;
  info.licence = manifest.licence;
  info.sha256 = model.sha256();
  for (const ManifestFile& file : manifest.files) info.bytes += static_cast<double>(file.bytes);
  info.input = {input.width, input.height, input.detail == 0 ? input.width : input.detail, input.channels};
  info.input.fit = fit_name(input.fit);
  info.input.crop = input.crop;
  info.input.mean.assign(input.mean.begin(), input.mean.end());
  info.input.deviation.assign(input.std_dev.begin(), input.std_dev.end());
  for (const Label& label : manifest.labels)
    info.labels.push_back({label.id, label.name, label.explanation, label.cutoff, describe(label.calibration),
                           label.trained ? label.evaluation : std::nullopt});
  info.evaluation = manifest.evaluation;
  for (const OperatingPoint& point : manifest.operating_points) info.operating_points.push_back(describe(point));
  info.default_operating_point = manifest.operating_points[manifest.default_operating_point].id;
  info.limits = manifest.limits;
  info.notice = manifest.notice;
  return info;
}

contract::ProfileInUse describe_profile(const NamedProfile& profile, const OperatingPoint& point, const Manifest& manifest) {
  return {profile.name, describe(point), profile_sentences(profile.profile, manifest)};
}

contract::ModelChoice describe_choice(const Manifest& manifest) {
  contract::ModelChoice choice;
  choice.id = manifest.id;
  choice.name = manifest.name;
  choice.licence = manifest.licence;
  choice.side = manifest.input.width;
  choice.labels = static_cast<int>(manifest.labels.size());
  choice.source = manifest.sources.front();
  for (const std::string& source : manifest.sources)
    if (const std::size_t at = source.find("https://"); at != std::string::npos) choice.link = source.substr(at);
  if (const ManifestFile* network = manifest.find_file(manifest.network_file())) {
    choice.sha256 = network->sha256;
    choice.bytes = static_cast<double>(network->bytes);
  }
  return choice;
}

std::vector<contract::MethodInfo> describe_methods(const Model& model) {
  std::vector<contract::MethodInfo> list;
  for (const Method& method : methods()) {
    contract::MethodInfo info;
    info.id = method.id;
    info.name = method.name;
    info.explanation = method.explanation;
    info.paper = method.paper;
    info.unit = method.unit;
    info.is_signed = method.is_signed;
    info.needs_reverse = method.needs_reverse;
    info.requests = 1 + method.requests;
    if (method.has_layers) info.layers = layer_choices(model.architecture().layers());
    info.default_layer = method.default_layer;
    info.unavailable = why_unavailable(method, model);
    list.push_back(std::move(info));
  }
  return list;
}

/// The states that the summary counts. A finding that is not assessed does not count, or the count would contradict the zones
/// beside it; of a model without an evaluation nothing is assessed, and all count.
std::vector<FindingState> counted_states(const std::vector<contract::Finding>& findings) {
  std::vector<FindingState> all, assessed;
  for (const contract::Finding& finding : findings) {
    all.push_back(finding.state);
    if (finding.zone != Zone::kNotAssessed) assessed.push_back(finding.state);
  }
  return assessed.empty() ? all : assessed;
}

contract::Analysis describe(const Model& model, const Analysis& analysis) {
  const Manifest& manifest = model.manifest();
  contract::Analysis described;
  described.analysed = analysis.analysed;
  described.reasons = analysis.reasons;
  described.may_be_overridden = !analysis.analysed && may_be_overridden(analysis.reasons);
  described.overridden = analysis.overridden;
  described.input = analysis.input;
  described.operating_point = describe(analysis.operating_point);
  described.site_profile = analysis.operating_point.profile;
  described.model = model_id(model);
  described.notice = manifest.notice;
  if (!analysis.analysed) return described;

  std::vector<ZonedFinding> zoned;
  for (std::size_t i = 0; i < analysis.findings.size(); ++i)
    described.findings.push_back(
        describe(manifest.labels[i], analysis.findings[i], analysis.evidence.bias[i], analysis.evidence.residual[i]));
  for (const contract::Finding& finding : described.findings)
    zoned.push_back({finding.name, finding.zone, finding.likelihood_ratio.value_or(0), finding.place});
  described.summary = summarise(counted_states(described.findings));
  described.summary.sentence = summary_sentence(zoned);
  auto is_likely = [](const ZonedFinding& finding) { return finding.zone == Zone::kLikely; };
  if (std::none_of(zoned.begin(), zoned.end(), is_likely)) described.summary.caveat = not_normal_caveat(zoned.size());
  if (analysis.any_finding)
    described.any_finding =
        describe_any_finding(*analysis.any_finding, analysis.any_finding_reading, *manifest.feature_heads.any_finding);
  if (analysis.evidence.width > 0) {
    described.map = {analysis.evidence.width, analysis.evidence.height};
    described.geometry = place_of(analysis.view);
  }
  described.lungs = describe(analysis.lungs);
  described.evidence_residual = analysis.evidence.largest_residual();
  return described;
}

contract::Explanation describe(const Model& model, const Explanation& explanation) {
  const Manifest& manifest = model.manifest();
  const Method& method = *explanation.method;
  contract::Explanation described;
  described.analysed = explanation.analysed;
  described.reasons = explanation.asked.reasons;
  described.may_be_overridden = !explanation.analysed && may_be_overridden(explanation.asked.reasons);
  described.overridden = explanation.asked.overridden;
  described.method = method.id;
  described.model = model_id(model);
  described.notice = manifest.notice;
  if (!explanation.analysed) return described;

  const Label& label = manifest.labels[explanation.asked.finding];
  const Standing& standing = explanation.standing;
  const ExplanationMap& map = explanation.map;
  if (method.has_layers) described.layer = explanation.asked.question.layer;
  described.finding = {label.id,      label.name, standing.logit.value, standing.calibrated.value, standing.threshold.value,
                       standing.state};
  described.operating_point = explanation.asked.operating_point.id;
  described.width = map.values.width();
  described.height = map.values.height();
  described.spread = !map.spread.empty();
  described.is_signed = method.is_signed;
  described.unit = method.unit;
  described.cutoff = label.cutoff;
  described.geometry = place_of(explanation.asked.view);
  described.sentence = explanation.sentence;
  described.area = explanation.regions.area;
  described.boxes = explanation.regions.boxes;
  described.notes = explanation.notes;
  for (const auto& [name, value] : map.measures) described.measures[name] = value;
  return described;
}

}  // namespace chestlight
