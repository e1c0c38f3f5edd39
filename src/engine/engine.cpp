#include "engine/engine.h"

#include <utility>

#include "base/text.h"
#include "imaging/decode.h"

namespace chestlight {

Result<std::shared_ptr<const Model>> Engine::load_model(Bytes manifest, std::vector<std::uint8_t> weights) {
  CHESTLIGHT_TRY(Model loaded, Model::load(manifest, std::move(weights)));
  model_ = std::make_shared<const Model>(std::move(loaded));
  profile_point_.reset();
  return model_;
}

Result<void> Engine::use_profile(const std::optional<NamedProfile>& profile) {
  if (!profile) return profile_point_.reset(), Result<void>();
  CHESTLIGHT_TRY(std::shared_ptr<const Model> model, this->model());
  CHESTLIGHT_TRY(profile_point_, profile_operating_point(*profile, model->manifest(), model->sha256()));
  return {};
}

Result<OperatingPoint> Engine::operating_point(std::string_view id) const {
  CHESTLIGHT_TRY(std::shared_ptr<const Model> model, this->model());
  if (profile_point_ && (id.empty() || id == profile_point_->id)) return *profile_point_;
  CHESTLIGHT_TRY(OperatingPoint point, find_operating_point(model->manifest(), id));
  if (profile_point_) {
    point.profile = profile_point_->profile;
    point.zones = profile_point_->zones;
  }
  return point;
}

Result<std::shared_ptr<const Model>> Engine::model() const {
  if (!model_) return Error{ErrorCode::kMissing, "No model is loaded yet.", "Wait for the model, or choose another."};
  return model_;
}

Result<std::shared_ptr<const AnatomyModel>> Engine::load_anatomy(Bytes manifest, std::vector<std::uint8_t> weights) {
  CHESTLIGHT_TRY(AnatomyModel loaded, AnatomyModel::load(manifest, std::move(weights)));
  anatomy_model_ = std::make_shared<const AnatomyModel>(std::move(loaded));
  return anatomy_model_;
}

Result<std::shared_ptr<const AnatomyModel>> Engine::anatomy_model() const {
  if (!anatomy_model_) return Error{ErrorCode::kMissing, "The anatomy network is not loaded yet.", "Load it before asking it."};
  return anatomy_model_;
}

Result<JobId> Engine::anatomy(FilmId id, const Correction& correction) {
  CHESTLIGHT_TRY(std::shared_ptr<const AnatomyModel> model, anatomy_model());
  CHESTLIGHT_TRY(const Film* film, this->film(id));
  CHESTLIGHT_CHECK(check_correction(correction, film->width(), film->height()));
  return keep(std::make_unique<AnatomyJob>(std::move(model), *film, correction));
}

Result<FilmId> Engine::open(Bytes file) {
  CHESTLIGHT_TRY(Film film, decode_image(file));
  return keep(std::move(film));
}

Result<FilmId> Engine::open(const StoredImage& image) {
  CHESTLIGHT_TRY(Film film, film_from_stored(image));
  return keep(std::move(film));
}

FilmId Engine::keep(Film film) {
  films_[++last_film_] = std::make_unique<Film>(std::move(film));
  return last_film_;
}

Result<const Film*> Engine::film(FilmId id) const {
  auto found = films_.find(id);
  if (found == films_.end()) return Error{ErrorCode::kMissing, text("Film ", id, " is not open."), "Open the file again."};
  return found->second.get();
}

Result<JobId> Engine::analyse(FilmId id, std::string_view operating_point, const Correction& correction, bool anyway,
                              std::shared_ptr<const Anatomy> anatomy) {
  CHESTLIGHT_TRY(std::shared_ptr<const Model> model, this->model());
  CHESTLIGHT_TRY(const Film* film, this->film(id));
  CHESTLIGHT_CHECK(check_correction(correction, film->width(), film->height()));
  CHESTLIGHT_TRY(OperatingPoint point, this->operating_point(operating_point));
  return keep(std::make_unique<AnalyseJob>(std::move(model), *film,
                                           AnalysisRequest{std::move(point), correction, anyway, std::move(anatomy)}));
}

Result<JobId> Engine::stability(FilmId id, const Correction& correction, bool anyway) {
  CHESTLIGHT_TRY(std::shared_ptr<const Model> model, this->model());
  CHESTLIGHT_TRY(const Film* film, this->film(id));
  CHESTLIGHT_CHECK(check_correction(correction, film->width(), film->height()));
  CHESTLIGHT_TRY(OperatingPoint point, operating_point(""));
  return keep(std::make_unique<StabilityJob>(std::move(model), *film, AnalysisRequest{std::move(point), correction, anyway}));
}

Result<PreparedInput> Engine::prepare(FilmId id, const Correction& correction) const {
  CHESTLIGHT_TRY(std::shared_ptr<const Model> model, this->model());
  CHESTLIGHT_TRY(const Film* film, this->film(id));
  CHESTLIGHT_CHECK(check_correction(correction, film->width(), film->height()));
  return prepare_input(*film, correction, model->manifest().input);
}

template <class ExplainingJob>
Result<JobId> Engine::start(const ExplainRequest& request) {
  CHESTLIGHT_TRY(std::shared_ptr<const Model> model, this->model());
  CHESTLIGHT_TRY(const Film* film, this->film(request.film));
  CHESTLIGHT_CHECK(check_correction(request.correction, film->width(), film->height()));
  CHESTLIGHT_TRY(const std::size_t finding, find_finding(model->manifest(), request.finding));
  CHESTLIGHT_TRY(OperatingPoint point, operating_point(request.operating_point));
  CHESTLIGHT_TRY(const MethodChoice choice, choose_method(request.method, request.layer, model->architecture().layers()));
  if (const std::string reason = why_unavailable(*choice.method, *model); !reason.empty())
    return Error{ErrorCode::kUnavailable, reason, "Choose another method, or a model that comes with its weights."};
  FilmRequest asked = request_of(*model, *film, {std::move(point), request.correction, request.anyway, request.anatomy});
  aim_at_finding(*model, asked, finding);
  asked.question.layer = choice.layer;
  return keep(std::make_unique<ExplainingJob>(std::move(model), std::move(asked), *choice.method));
}

Result<JobId> Engine::explain(const ExplainRequest& request) { return start<ExplainJob>(request); }
Result<JobId> Engine::trust(const ExplainRequest& request) {
  if (model_ && model_->head().features == 0)
    return Error{ErrorCode::kUnavailable,
                 "Checks of a map need the features behind the scores; this model's graph gives scores alone.",
                 "Use a model that comes with its weights."};
  return start<TrustJob>(request);
}

JobId Engine::keep(std::unique_ptr<Job> job) {
  jobs_[++last_job_] = std::move(job);
  return last_job_;
}

Result<Job*> Engine::job(JobId id) const {
  auto found = jobs_.find(id);
  if (found == jobs_.end()) return Error{ErrorCode::kMissing, text("Job ", id, " does not exist or was cancelled."), ""};
  return found->second.get();
}

Result<AnalyseJob*> Engine::analyse_job(JobId id) const {
  CHESTLIGHT_TRY(Job * job, this->job(id));
  if (auto* analyse = dynamic_cast<AnalyseJob*>(job)) return analyse;
  return Error{ErrorCode::kInvalidRequest, text("Job ", id, " is not an analysis."), ""};
}

Result<AnatomyJob*> Engine::anatomy_job(JobId id) const {
  CHESTLIGHT_TRY(Job * job, this->job(id));
  if (auto* anatomy = dynamic_cast<AnatomyJob*>(job)) return anatomy;
  return Error{ErrorCode::kInvalidRequest, text("Job ", id, " looks for no anatomy."), ""};
}

Result<StabilityJob*> Engine::stability_job(JobId id) const {
  CHESTLIGHT_TRY(Job * job, this->job(id));
  if (auto* stability = dynamic_cast<StabilityJob*>(job)) return stability;
  return Error{ErrorCode::kInvalidRequest, text("Job ", id, " checks no stability."), ""};
}

Result<ExplainJob*> Engine::explain_job(JobId id) const {
  CHESTLIGHT_TRY(Job * job, this->job(id));
  if (auto* explain = dynamic_cast<ExplainJob*>(job)) return explain;
  return Error{ErrorCode::kInvalidRequest, text("Job ", id, " is not an explanation."), ""};
}

}  // namespace chestlight
