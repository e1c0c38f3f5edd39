#include "findings/feature_heads.h"

#include <cassert>
#include <numeric>

#include "base/text.h"

namespace chestlight {

std::vector<float> pooled_features(std::span<const float> values, int channels) {
  const std::size_t cells = values.size() / static_cast<std::size_t>(channels);
  std::vector<float> pooled;
  for (int k = 0; k < channels; ++k) {
    const auto feature = values.subspan(k * cells, cells);
    pooled.push_back(static_cast<float>(std::accumulate(feature.begin(), feature.end(), 0.0) / cells));
  }
  return pooled;
}

float head_score(const FeatureHead& head, std::span<const float> pooled) {
  assert(head.weights.size() == pooled.size());
  return static_cast<float>(
      std::inner_product(pooled.begin(), pooled.end(), head.weights.begin(), static_cast<double>(head.bias)));
}

std::vector<Reason> check_features(const std::vector<LearnedReason>& reasons, std::span<const float> pooled) {
  std::vector<Reason> raised;
  for (const LearnedReason& learned : reasons) {
    if (head_score(learned.head, pooled) <= 0) continue;
    raised.push_back(learned.reason);
    raised.back().text += text(" (", learned.measured, ")");
  }
  return raised;
}

Calibrated any_finding_score(const AnyFinding& any, std::span<const float> pooled) {
  return calibrate({head_score(any.head, pooled)}, any.calibration);
}

}  // namespace chestlight
