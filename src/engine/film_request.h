// A film as the network is asked about it, by an analysis or an explanation: correction, gate, preprocessing, lungs; then one
// look of the network, and the gate on what it saw.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "anatomy/anatomy.h"
#include "anatomy/location.h"
#include "engine/model.h"
#include "explain/question.h"
#include "explain/regions.h"
#include "findings/gate.h"
#include "findings/input_record.h"
#include "findings/operating_point.h"
#include "imaging/film.h"
#include "imaging/map_geometry.h"

namespace chestlight {

/// What is asked of a film, beside the film.
struct AnalysisRequest {
  OperatingPoint operating_point;                    // of find_operating_point()
  Correction correction;                             // checked against the film
  bool anyway = false;                               // also where the gate refuses, if that may be overridden
  std::shared_ptr<const Anatomy> anatomy = nullptr;  // of the film with this correction, where it is known
};

struct FilmRequest {
  std::vector<Reason> reasons;     // warnings, or why the film is refused: then what follows `record` is not filled in
  OperatingPoint operating_point;  // a threshold for each of the manifest's labels
  bool overridden = false;         // asked although a reason refuses
  bool anyway = false;
  PictureSides sides = PictureSides::kUnknown;
  double border = 0;   // share of the film that is a border of one grey
  InputRecord record;  // what the network saw, or would have seen

  Question question;                       // without what look_at() adds; about no finding before aim_at_finding()
  FilmView view;                           // what part of the film the network saw
  FilmView corrected_view;                 // the same of the corrected film: words speak of it
  Lungs lungs;                             // on the corrected film
  std::shared_ptr<const Anatomy> anatomy;  // where it is known

  std::size_t finding = 0;  // index into the manifest's labels; after aim_at_finding()

  /// Decides on the reasons: false where the film is refused.
  bool passes();
};

FilmRequest request_of(const Model& model, const Film& film, const AnalysisRequest& request);

/// Asks for one finding: its row of the head, its threshold and the zero of its evidence.
void aim_at_finding(const Model& model, FilmRequest& asked, std::size_t finding);

/// Has the network look at the film (one request), where the gate lets it pass, and asks the gate again with what was seen:
/// passes() then is the last word. `model` must outlive it.
Procedure<FilmRequest> look_at_film(Network& network, const Model& model, FilmRequest asked);

/// How the film stands for the finding asked about; after look_at_film().
struct Standing {
  Logit logit;
  Calibrated calibrated;
  Calibrated threshold;
  FindingState state = FindingState::kBelow;
};
Standing standing_of(const Model& model, const FilmRequest& asked);
/// The same for any finding with this logit.
Standing standing_of(const Model& model, std::size_t finding, const OperatingPoint& operating_point, Logit logit);

/// Places of the cells of a map: by lungs and heart where they were found upright, else by the lungs' boxes.
EvidencePlaces places_of(const FilmView& view, const FilmView& corrected_view, const Lungs& lungs, const Anatomy* anatomy,
                         int map_width, int map_height);

/// The largest of a map's regions as a place on the patient.
MainRegion main_region(const EvidencePlaces& places, GridView<const float> map, const Regions& regions);

/// The index of a finding. Error "invalid-request" with the known ones.
Result<std::size_t> find_finding(const Manifest& manifest, std::string_view id);
/// One of the model's sets of thresholds, the default for an empty id; or the reader's own, "own:Effusion=0.3,Mass=0.2":
/// calibrated thresholds in (0, 1), those of the default for all other findings; capitals do not matter. Error "invalid-request"
/// with what there is.
Result<OperatingPoint> find_operating_point(const Manifest& manifest, std::string_view id);

}  // namespace chestlight
