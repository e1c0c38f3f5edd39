#include "engine/explanation_request.h"

#include "base/text.h"
#include "findings/calibration.h"
#include "findings/preprocess.h"

namespace chestlight {
namespace {

template <class Items>
std::string ids_of(const Items& items) {
  std::string ids;
  for (const auto& item : items) ids += (ids.empty() ? "" : ", ") + item.id;
  return ids;
}

}  // namespace

bool FilmQuestion::passes() {
  if (!refuses(reasons)) return true;
  overridden = anyway && may_be_overridden(reasons);
  return overridden;
}

FilmQuestion ask_about(const Model& model, const Film& film, std::size_t finding, const AnalysisRequest& request) {
  const Manifest& manifest = model.manifest();
  const Head& head = model.head();
  PreparedInput prepared = prepare_input(film, request.correction, manifest.input);
  const Film& seen = seen_film(prepared, film);
  FilmQuestion asked{check_film(seen, manifest.input), finding, request.operating_point};
  asked.anyway = request.anyway;
  asked.sides = sides_of(seen);
  if (!asked.passes()) return asked;
  ModelInput& input = prepared.input;
  asked.view = {film.width(), film.height(), prepared.source_to_model, input.width, input.height};
  asked.corrected_view = {seen.width(), seen.height(), input.geometry.source_to_model, input.width, input.height};

  Question& question = asked.question;
  question.channels = input.channels, question.width = input.width, question.height = input.height;
  question.film = std::move(input.tensor);
  question.covered = input.geometry.placed;
  asked.lungs = find_lungs(seen);
  question.head = head.weights;
  question.head_biases = head.bias;
  question.random_head = model.random_head().weights;
  std::vector<float> this_finding(manifest.labels.size());
  this_finding[finding] = 1;
  question.aim_at(std::move(this_finding));
  question.threshold =
      logit_at(manifest.operating_points[request.operating_point].thresholds[finding], manifest.labels[finding].calibration)
          .value;
  question.zero = manifest.evidence_zero(finding).value;
  return asked;
}

Standing standing_of(const Model& model, const FilmQuestion& asked) {
  const Manifest& manifest = model.manifest();
  Standing standing;
  standing.logit = {asked.question.score};
  standing.calibrated = calibrate(standing.logit, manifest.labels[asked.finding].calibration);
  standing.threshold = manifest.operating_points[asked.operating_point].thresholds[asked.finding];
  standing.state = finding_state(standing.calibrated, standing.threshold);
  return standing;
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
