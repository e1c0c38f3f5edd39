// The anatomy network for tests of the engine: a random one of the right form as files, and what a good one would answer. No
// chest.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/sha256.h"
#include "engine/job.h"
#include "support/random_network.h"
#include "support/tiny_model.h"

namespace chestlight::testing {

/// random_networks.json's small anatomy network as a file, its head widened to `answers`.
inline std::vector<std::uint8_t> anatomy_weights(int answers = 7) {
  RandomTensors made = make_random_tensors("small_anatomy");
  made.add("classifier.weight", {answers, 8}, std::vector<float>(static_cast<std::size_t>(answers) * 8, 0.1f));
  made.add("classifier.bias", {answers}, std::vector<float>(static_cast<std::size_t>(answers)));
  return safetensors_file(made.tensors);
}

inline Json anatomy_manifest(const std::vector<std::uint8_t>& weights) {
  return {{"schema_version", 1},
          {"id", "anatomy"},
          {"name", "Anatomy"},
          {"version", "1"},
          {"licence", "MIT"},
          {"sources", {"made up"}},
          {"limits", {"made up"}},
          {"notice", "made up"},
          {"files", {{"weights.safetensors", {{"sha256", sha256_hex(weights)}, {"bytes", weights.size()}}}}},
          {"architecture", {{"family", "anatomy"}}},
          {"input",
           {{"width", 64},
            {"height", 64},
            {"channels", 1},
            {"fit", "letterbox"},
            {"filter", "area"},
            {"mean", {0.5}},
            {"std", {0.25}}}},
          {"masks", {"right_lung", "left_lung", "heart"}},
          {"answers", {"turned_0", "turned_90", "turned_180", "turned_270", "mirrored", "inverted", "chest"}},
          {"thresholds", {{"chest", 0.5}, {"turned", 0.7}, {"mirrored", 0.9}, {"inverted", 0.5}}}};
}

/// `lung`: logit inside the masks; `chest`: logit of a frontal chest.
inline std::vector<InferenceTensor> anatomy_outputs(float lung, float chest) {
  std::vector<float> masks(3 * 32 * 32, -3);
  // Two lungs side by side, and a heart low between them, on a film that is letterboxed to rows 6 to 26.
  auto fill = [&](int mask, int left, int top, int right, int bottom) {
    for (int y = top; y < bottom; ++y)
      for (int x = left; x < right; ++x) masks[static_cast<std::size_t>((mask * 32 + y) * 32 + x)] = lung;
  };
  fill(0, 4, 10, 13, 22), fill(1, 19, 10, 28, 22), fill(2, 12, 16, 21, 22);
  return {{"masks", {1, 3, 32, 32}, std::move(masks)}, {"logits", {1, 7}, {4, 0, 0, 0, -2, -2, chest}}};
}

}  // namespace chestlight::testing
