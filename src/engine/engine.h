// Engine: one model, the open films, and the jobs on them. It opens, prepares and explains; it never runs the network
// (see job.h), reads no file and keeps no clock.
//
// Films and jobs are named by small numbers that are never reused, so a late message about a closed film finds nothing
// instead of another film.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string_view>

#include "engine/analysis.h"
#include "engine/model.h"
#include "imaging/dicom.h"
#include "imaging/film.h"

namespace chestlight {

using FilmId = std::uint32_t;
using JobId = std::uint32_t;

class Engine {
 public:
  /// Replaces the model. Jobs that were started keep the model they began with.
  Result<std::shared_ptr<const Model>> load_model(Bytes manifest, std::vector<std::uint8_t> weights);
  /// The model in use; an error with code "missing" before load_model succeeded.
  Result<std::shared_ptr<const Model>> model() const;

  /// Decodes a file. On error nothing is kept.
  Result<FilmId> open(Bytes file);
  /// The same for the stored values of a DICOM image.
  Result<FilmId> open(const StoredImage& image);
  Result<const Film*> film(FilmId id) const;
  void close(FilmId id) { films_.erase(id); }

  /// Starts analysing an open film at the named operating point (empty: the model's default).
  Result<JobId> analyse(FilmId film, std::string_view operating_point, const Correction& correction = {},
                        bool anyway = false);
  /// What the model sees, or would see, of an open film.
  Result<PreparedInput> prepare(FilmId film, const Correction& correction) const;
  Result<AnalyseJob*> job(JobId id) const;
  void cancel(JobId id) { jobs_.erase(id); }

 private:
  FilmId keep(Film film);

  std::shared_ptr<const Model> model_;
  std::map<FilmId, std::unique_ptr<Film>> films_;
  std::map<JobId, std::unique_ptr<AnalyseJob>> jobs_;
  FilmId last_film_ = 0;
  JobId last_job_ = 0;
};

}  // namespace chestlight
