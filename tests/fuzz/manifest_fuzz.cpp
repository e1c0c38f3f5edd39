// Any bytes give a manifest that keeps its promises, or an error with a message and a hint.
#include <cmath>
#include <cstdlib>

#include "findings/manifest.h"

namespace chestlight {
namespace {

void require(bool promise) {
  if (!promise) std::abort();
}

void parse(Bytes bytes) {
  auto manifest = parse_manifest(as_text(bytes));
  if (!manifest) {
    require(!manifest.error().message.empty() && !manifest.error().hint.empty());
    return;
  }
  require(!manifest->labels.empty());
  require(manifest->find_file("weights.safetensors") != nullptr);
  require(manifest->default_operating_point < manifest->operating_points.size());
  require(manifest->input.mean.size() == static_cast<std::size_t>(manifest->input.channels));
  for (float deviation : manifest->input.std_dev) require(std::isfinite(deviation) && deviation > 0);
  for (const OperatingPoint& point : manifest->operating_points) {
    require(point.thresholds.size() == manifest->labels.size());
    for (Calibrated threshold : point.thresholds) require(threshold.value > 0 && threshold.value < 1);
  }
}

}  // namespace
}  // namespace chestlight

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chestlight::parse({data, size});
  return 0;
}
