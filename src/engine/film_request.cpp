#include "engine/film_request.h"

#include <utility>

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
  asked.question.threshold =
      logit_at(manifest.operating_points[asked.operating_point].thresholds[finding], manifest.labels[finding].calibration).value;
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

Standing standing_of(const Model& model, std::size_t finding, std::size_t operating_point, Logit logit) {
  const Manifest& manifest = model.manifest();
  Standing standing;
  standing.logit = logit;
  standing.calibrated = calibrate(logit, manifest.labels[finding].calibration);
  standing.threshold = manifest.operating_points[operating_point].thresholds[finding];
  standing.state = finding_state(standing.calibrated, standing.threshold);
  return standing;
}

Standing standing_of(const Model& model, const FilmRequest& asked) {
  return standing_of(model, asked.finding, asked.operating_point, {asked.question.score});
}

MainRegion main_region(const EvidencePlaces& places, GridView<const float> map, const Regions& regions) {
  return places.locate_region(map, regions.main.view(), regions.main_share, static_cast<int>(regions.boxes.size()));
}

Result<std::size_t> find_finding(const Manifest& manifest, std::string_view id) {
  if (const auto found = manifest.find_label(id)) return *found;
  return Error{ErrorCode::kInvalidRequest, text("The model has no finding \"", id, "\"."),
               text("Choose one of: ", ids_of(manifest.labels), ".")};
}

Result<std::size_t> find_operating_point(const Manifest& manifest, std::string_view id) {
  if (id.empty()) return manifest.default_operating_point;
  if (const auto found = manifest.find_operating_point(id)) return *found;
  return Error{ErrorCode::kInvalidRequest, text("The model has no operating point \"", id, "\"."),
               text("Choose one of: ", ids_of(manifest.operating_points), ".")};
}

}  // namespace chestlight
