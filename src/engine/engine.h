// Engine: one model, the open films, and the jobs on them. It opens, prepares and explains; it never runs the network
// (see job.h), reads no file and keeps no clock.
//
// Films and jobs are named by small numbers that are never reused, so a late message about a closed film finds nothing
// instead of another film.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/analysis.h"
#include "engine/anatomy_job.h"
#include "engine/anatomy_model.h"
#include "engine/explanation.h"
#include "engine/model.h"
#include "engine/stability_job.h"
#include "engine/trust_job.h"
#include "findings/site_profile.h"
#include "imaging/dicom/stored_image.h"
#include "imaging/film.h"

namespace chestlight {

using FilmId = std::uint32_t;
using JobId = std::uint32_t;

/// What to explain, and how; all but the film by id.
struct ExplainRequest {
  FilmId film = 0;
  std::string finding;
  std::string method;
  std::string layer;            // empty: the method's default
  std::string operating_point;  // as of Engine::operating_point()
  Correction correction;
  bool anyway = false;                               // also where the gate refuses, if that may be overridden
  std::shared_ptr<const Anatomy> anatomy = nullptr;  // of the film with this correction, where it is known
};

class Engine {
 public:
  /// Replaces the model. Jobs that were started keep the model they began with.
  Result<std::shared_ptr<const Model>> load_model(Bytes manifest, std::vector<std::uint8_t> weights);
  /// The model in use; an error with code "missing" before load_model succeeded.
  Result<std::shared_ptr<const Model>> model() const;

  /// From now on its zones are used, and its thresholds where an operating point is asked for without a name; without one, the
  /// model's own. Another model puts it away. Errors: "missing" (no model), those of profile_operating_point(), and nothing
  /// changes.
  Result<void> use_profile(const std::optional<NamedProfile>& profile);
  /// That of the site profile in use; nullptr without one.
  const OperatingPoint* profile_point() const { return profile_point_ ? &*profile_point_ : nullptr; }
  /// Of the model in use, with the zones of the profile in use; empty: the profile's, or else the model's default. Errors: those
  /// of find_operating_point(), "missing" (no model).
  Result<OperatingPoint> operating_point(std::string_view id) const;

  /// Replaces the anatomy network, which works beside any model and without one.
  Result<std::shared_ptr<const AnatomyModel>> load_anatomy(Bytes manifest, std::vector<std::uint8_t> weights);
  /// An error with code "missing" before load_anatomy succeeded.
  Result<std::shared_ptr<const AnatomyModel>> anatomy_model() const;

  /// Decodes a file. On error nothing is kept.
  Result<FilmId> open(Bytes file);
  /// The same for the stored values of a DICOM image.
  Result<FilmId> open(const StoredImage& image);
  Result<const Film*> film(FilmId id) const;
  void close(FilmId id) { films_.erase(id); }

  /// Starts analysing an open film at the named operating point, as of operating_point().
  /// `anatomy`: of the film with this correction, where it is known.
  Result<JobId> analyse(FilmId film, std::string_view operating_point, const Correction& correction = {}, bool anyway = false,
                        std::shared_ptr<const Anatomy> anatomy = nullptr);
  /// Starts checking how far small changes of the picture move its scores.
  Result<JobId> stability(FilmId film, const Correction& correction = {}, bool anyway = false);
  /// Starts looking for lungs and heart on an open film.
  Result<JobId> anatomy(FilmId film, const Correction& correction = {});
  /// What the model sees, or would see, of an open film.
  Result<PreparedInput> prepare(FilmId film, const Correction& correction) const;
  /// Starts explaining one finding of an open film.
  Result<JobId> explain(const ExplainRequest& request);
  /// Starts explaining it and checking whether the map deserves trust.
  Result<JobId> trust(const ExplainRequest& request);
  Result<Job*> job(JobId id) const;
  /// The job as what it was started as; an error where it was started as something else.
  Result<AnalyseJob*> analyse_job(JobId id) const;
  Result<ExplainJob*> explain_job(JobId id) const;
  Result<AnatomyJob*> anatomy_job(JobId id) const;
  Result<StabilityJob*> stability_job(JobId id) const;
  void cancel(JobId id) { jobs_.erase(id); }

 private:
  FilmId keep(Film film);
  JobId keep(std::unique_ptr<Job> job);
  template <class ExplainingJob>
  Result<JobId> start(const ExplainRequest& request);

  std::shared_ptr<const Model> model_;
  std::optional<OperatingPoint> profile_point_;  // of the site profile in use
  std::shared_ptr<const AnatomyModel> anatomy_model_;
  std::map<FilmId, std::unique_ptr<Film>> films_;
  std::map<JobId, std::unique_ptr<Job>> jobs_;
  FilmId last_film_ = 0;
  JobId last_job_ = 0;
};

}  // namespace chestlight
