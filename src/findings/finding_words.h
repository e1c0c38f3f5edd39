// What findings are called and what they are, in words for people, by the ids that data sets give them. Manifests carry such
// words; these are for models that come without one. Those of ChestX-ray14 are the same as in tools/models/labels.json.
#pragma once

#include <string_view>

namespace chestlight {

struct FindingWords {
  std::string_view id;           // "Pleural_Thickening"
  std::string_view name;         // "Pleural thickening"
  std::string_view explanation;  // one sentence
  float cutoff;                  // contour level, as a fraction of the evidence map's maximum
};

/// nullptr for a finding that is not known here.
const FindingWords* find_finding_words(std::string_view id);

}  // namespace chestlight
