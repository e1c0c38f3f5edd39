// Model: a manifest, and the network it vouches for (model/architectures). Immutable once loaded.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "engine/job.h"
#include "findings/manifest.h"
#include "model/architectures/architecture.h"

namespace chestlight {

class Model {
 public:
  /// Checks the manifest's schema, the size and SHA-256 of the network's file, and that it makes a network of the manifest's
  /// family with its channels and as many outputs as it has labels.
  static Result<Model> load(Bytes manifest, std::vector<std::uint8_t> network);

  const Manifest& manifest() const { return manifest_; }
  const Architecture& architecture() const { return *architecture_; }
  const Head& head() const { return architecture_->head(); }
  /// That of the graphs with a random head; empty where there are none.
  const Head& random_head() const { return random_head_; }
  /// SHA-256 of the network's file: with the manifest's id, what identifies a result's model.
  const std::string& sha256() const { return sha256_; }

  /// One inference of the network on a blank film, for trying out a runtime.
  InferenceRequest warm_up() const;

 private:
  Model() = default;

  Result<void> check_against_manifest() const;

  std::vector<std::uint8_t> network_;
  std::unique_ptr<Architecture> architecture_;  // views network_: moving a vector keeps its buffer, copying would not
  Manifest manifest_;
  Head random_head_;
  std::string sha256_;
};

}  // namespace chestlight
