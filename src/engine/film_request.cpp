#include "engine/film_request.h"

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "findings/calibration.h"
#include "findings/feature_heads.h"
#include "findings/preprocess.h"
#include "findings/specific_reasons.h"

namespace chestlight {
namespace {

template <class Items>
std::string ids_of(const Items& items) {
  std::string ids;
  for (const auto& item : items) ids += (ids.empty() ? "" : ", ") + item.id;
  return ids;
}

constexpr std::string_view kOwn = "own:";
constexpr char kOwnForm[] = "thresholds of your own, such as own:Effusion=0.3,Mass=0.2.";

bool is_same_word(std::string_view a, std::string_view b) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

/// `thresholds` is what stands behind "own:".
Result<OperatingPoint> own_operating_point(const Manifest& manifest, std::string_view thresholds) {
  const OperatingPoint& usual = manifest.operating_points[manifest.default_operating_point];
  OperatingPoint own{std::string(kOwn), "Own thresholds",
                     text("Thresholds that you chose; for all others those of ", usual.name, "."), usual.data, usual.thresholds};
  for (std::size_t begin = 0; begin <= thresholds.size();) {
    const std::size_t end = std::min(thresholds.find(',', begin), thresholds.size());
    const std::string_view one = thresholds.substr(begin, end - begin);
    const std::size_t equals = std::min(one.find('='), one.size());
    const std::string_view name = one.substr(0, equals), number = one.substr(std::min(equals + 1, one.size()));
    const auto read = parse_json(number, "a threshold");
    const double value = read && read->is_number() ? read->get<double>() : 0;
    if (!(value > 0 && value < 1))
      return Error{ErrorCode::kInvalidRequest,
                   text("\"", one, "\" is no threshold: expected a finding, = and a number between 0 and 1."),
                   text("Give ", kOwnForm)};
    const auto label = std::find_if(manifest.labels.begin(), manifest.labels.end(),
                                    [&](const Label& each) { return is_same_word(each.id, name); });
    if (label == manifest.labels.end())
      return Error{ErrorCode::kInvalidRequest, text("The model has no finding \"", name, "\"."),
                   text("Choose one of: ", ids_of(manifest.labels), ".")};
    own.thresholds[static_cast<std::size_t>(label - manifest.labels.begin())] = {static_cast<float>(value)};
    own.id += text(own.id == kOwn ? "" : ",", label->id, "=", number);
    begin = end + 1;
  }
  return own;
}

}  // namespace

bool FilmRequest::passes() {
  if (!refuses(reasons)) return true;
  overridden = anyway && may_be_overridden(reasons);
  return overridden;
}

FilmRequest request_of(const Model& model, const Film& film, const AnalysisRequest& request) {
  const Manifest& manifest = model.manifest();
  PreparedInput prepared = prepare_input(film, request.correction, manifest.input);
  const Film& seen = seen_film(prepared, film);
  FilmRequest asked{check_film(seen, manifest.input), request.operating_point};
  asked.anyway = request.anyway;
  asked.anatomy = request.anatomy;
  asked.sides = sides_of(seen);
  asked.border = border_share(seen);
  asked.record = std::move(prepared.record);
  if (!asked.passes()) return asked;
  ModelInput& input = prepared.input;
  asked.view = {film.width(), film.height(), prepared.source_to_model, input.width, input.height};
  asked.corrected_view = {seen.width(), seen.height(), input.geometry.source_to_model, input.width, input.height};
  asked.lungs = find_lungs(seen);

  Question& question = asked.question;
  question.channels = input.channels, question.width = input.width, question.height = input.height;
  question.film = std::move(input.tensor);
  question.covered = input.geometry.placed;
  question.head = model.head().weights;
  question.head_biases = model.head().bias;
  question.random_head = model.random_head().weights;
  question.layers = model.architecture().layers();
  return asked;
}

void aim_at_finding(const Model& model, FilmRequest& asked, std::size_t finding) {
  const Manifest& manifest = model.manifest();
  asked.finding = finding;
  if (asked.question.film.empty()) return;  // refused
  std::vector<float> this_finding(manifest.labels.size());
  this_finding[finding] = 1;
  asked.question.aim_at(std::move(this_finding));
  asked.question.threshold = logit_at(asked.operating_point.thresholds[finding], manifest.labels[finding].calibration).value;
  asked.question.zero = manifest.evidence_zero(finding).value;
}

Procedure<FilmRequest> look_at_film(Network& network, const Model& model, FilmRequest asked) {
  if (!asked.passes()) co_return std::move(asked);
  Question looked_at = co_await look_at(network, std::move(asked.question));
  asked.question = std::move(looked_at);
  if (model.head().features > 0) {
    const std::vector<float> pooled = pooled_features(asked.question.features.values, model.head().features);
    for (Reason& reason : check_features(model.manifest().feature_heads.reasons, pooled))
      asked.reasons.push_back(std::move(reason));
  }
  asked.reasons = most_specific_first(std::move(asked.reasons), asked.border);
  co_return std::move(asked);
}

Standing standing_of(const Model& model, std::size_t finding, const OperatingPoint& operating_point, Logit logit) {
  const Manifest& manifest = model.manifest();
  Standing standing;
  standing.logit = logit;
  standing.calibrated = calibrate(logit, manifest.labels[finding].calibration);
  standing.threshold = operating_point.thresholds[finding];
  standing.state = finding_state(standing.calibrated, standing.threshold);
  return standing;
}

Standing standing_of(const Model& model, const FilmRequest& asked) {
  return standing_of(model, asked.finding, asked.operating_point, {asked.question.score});
}

EvidencePlaces places_of(const FilmView& view, const FilmView& corrected_view, const Lungs& lungs, const Anatomy* anatomy,
                         int map_width, int map_height) {
  if (anatomy && anatomy->found && anatomy->quarter_turns == 0) return {view, map_width, map_height, *anatomy};
  return {corrected_view, map_width, map_height, lungs};
}

MainRegion main_region(const EvidencePlaces& places, GridView<const float> map, const Regions& regions) {
  return places.locate_region(map, regions.main.view(), regions.main_share, static_cast<int>(regions.boxes.size()));
}

Result<std::size_t> find_finding(const Manifest& manifest, std::string_view id) {
  if (const auto found = manifest.find_label(id)) return *found;
  return Error{ErrorCode::kInvalidRequest, text("The model has no finding \"", id, "\"."),
               text("Choose one of: ", ids_of(manifest.labels), ".")};
}

Result<OperatingPoint> find_operating_point(const Manifest& manifest, std::string_view id) {
  if (id.empty()) return manifest.operating_points[manifest.default_operating_point];
  if (id.starts_with(kOwn)) return own_operating_point(manifest, id.substr(kOwn.size()));
  if (const auto found = manifest.find_operating_point(id)) return manifest.operating_points[*found];
  return Error{ErrorCode::kInvalidRequest, text("The model has no operating point \"", id, "\"."),
               text("Choose one of: ", ids_of(manifest.operating_points), "; or ", kOwnForm)};
}

}  // namespace chestlight
