#include "engine/engine.h"

#include "base/text.h"
#include "imaging/decode.h"

namespace chestlight {

Result<std::shared_ptr<const Model>> Engine::load_model(Bytes manifest, std::vector<std::uint8_t> weights) {
  CHESTLIGHT_TRY(Model loaded, Model::load(manifest, std::move(weights)));
  model_ = std::make_shared<const Model>(std::move(loaded));
  return model_;
}

Result<std::shared_ptr<const Model>> Engine::model() const {
  if (!model_) return Error{ErrorCode::kMissing, "No model is loaded yet.", "Wait for the model, or choose another."};
  return model_;
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
  if (found == films_.end())
    return Error{ErrorCode::kMissing, text("Film ", id, " is not open."), "Open the file again."};
  return found->second.get();
}

Result<JobId> Engine::analyse(FilmId id, std::string_view operating_point, const Correction& correction, bool anyway) {
  CHESTLIGHT_TRY(std::shared_ptr<const Model> model, this->model());
  CHESTLIGHT_TRY(const Film* film, this->film(id));
  CHESTLIGHT_CHECK(check_correction(correction, film->width(), film->height()));
  const Manifest& manifest = model->manifest();
  std::size_t point = manifest.default_operating_point;
  if (!operating_point.empty()) {
    auto found = manifest.find_operating_point(operating_point);
    if (!found) {
      std::string known;
      for (const OperatingPoint& each : manifest.operating_points) known += (known.empty() ? "" : ", ") + each.id;
      return Error{ErrorCode::kInvalidRequest, text("The model has no operating point \"", operating_point, "\"."),
                   text("Choose one of: ", known, ".")};
    }
    point = *found;
  }
  jobs_[++last_job_] = std::make_unique<AnalyseJob>(std::move(model), *film, AnalysisRequest{point, correction, anyway});
  return last_job_;
}

Result<PreparedInput> Engine::prepare(FilmId id, const Correction& correction) const {
  CHESTLIGHT_TRY(std::shared_ptr<const Model> model, this->model());
  CHESTLIGHT_TRY(const Film* film, this->film(id));
  CHESTLIGHT_CHECK(check_correction(correction, film->width(), film->height()));
  return prepare_input(*film, correction, model->manifest().input);
}

Result<AnalyseJob*> Engine::job(JobId id) const {
  auto found = jobs_.find(id);
  if (found == jobs_.end()) return Error{ErrorCode::kMissing, text("Job ", id, " does not exist or was cancelled."), ""};
  return found->second.get();
}

}  // namespace chestlight
