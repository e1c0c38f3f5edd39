// A film and a finding as a question for explanations: gate, preprocessing, the finding's row of the head, its threshold
// and the zero of its evidence.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "anatomy/location.h"
#include "engine/analysis.h"
#include "engine/model.h"
#include "explain/question.h"
#include "findings/gate.h"
#include "findings/operating_point.h"
#include "imaging/film.h"
#include "imaging/map_geometry.h"

namespace chestlight {

struct FilmQuestion {
  std::vector<Reason> reasons;  // where one refuses, the rest is not filled in
  std::size_t finding = 0;      // index into the manifest's labels
  std::size_t operating_point = 0;
  Question question;        // without `features` and `score`: look_at() adds them
  bool overridden = false;  // asked although a reason refuses
  bool anyway = false;
  FilmView view;
  FilmView corrected_view;  // the same of the corrected film: words speak of it
  PictureSides sides = PictureSides::kUnknown;
  Lungs lungs;  // on the corrected film

  /// Decides on the reasons: false where the film is refused.
  bool passes();
};

FilmQuestion ask_about(const Model& model, const Film& film, std::size_t finding, const AnalysisRequest& request);

/// How the film stands for the finding asked about; after look_at().
struct Standing {
  Logit logit;
  Calibrated calibrated;
  Calibrated threshold;
  FindingState state = FindingState::kBelow;
};
Standing standing_of(const Model& model, const FilmQuestion& asked);

/// The index of a finding. Error "invalid-request" with the known ones.
Result<std::size_t> find_finding(const Manifest& manifest, std::string_view id);
/// The index of an operating point; the default for an empty id. Error "invalid-request" with the known ones.
Result<std::size_t> find_operating_point(const Manifest& manifest, std::string_view id);

}  // namespace chestlight
