// manifest.json: everything about a model that is not a tensor. What it wants to see, what its outputs mean,
// how they are calibrated, which thresholds were chosen on which films, where it came from and where it
// fails.
//
// Schema version 1. A manifest is parsed whole and checked whole: a Manifest that exists obeys every rule
// below, so nothing later has to ask again. Keys that this version does not know are ignored; keys that it
// knows are not optional unless said. Nothing here reads a file.
//
//   schema_version          1
//   id                      1..64 of a-z 0-9 . _ -, beginning with a letter or digit (it names a folder)
//   name, version, licence, notice    not empty, at most 4000 bytes, like every text here
//   sources, limits         lists of texts; sources is not empty
//   files                   {name: {sha256: 64 lower-case hex digits, bytes: 1..1 GiB}};
//                           names are without a path; holds at least the network's (see architecture.family)
//   architecture.family     the id of an architecture (model/architectures), such as "densenet", built from
//                           weights.safetensors: whether there is such a one is asked when the model is loaded; or "onnx": a
//                           finished graph, model.onnx, whose last linear layer is named by architecture.head.weight and
//                           .bias (optional; "classifier.weight" and "classifier.bias"), or that gives scores alone:
//                           architecture.scores_only true
//   input                   width, height 32..1024, optional detail 32..width − 1, optional crop in (0, 1], channels 1 or 3,
//                           fit, filter (see input_spec.h),
//                           mean and std with one finite number per channel, std > 0
//   labels                  1..64 with unique ids [A-Za-z0-9 _-]; calibration, cutoff in (0, 1); optional trained (true or false)
//                           and evaluation: how the score lay on films that were not trained on (see evaluation_json.h)
//   evaluation              on which films; optional, and there where any label has one
//   operating_points        1..16 with unique ids [a-z0-9-]; one calibrated threshold per label in (0, 1)
//   default_operating_point the id of one of them
//   feature_heads           optional: see feature_heads_json.h
//   golden                  optional: the file with examples to check a runtime against
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/json.h"
#include "base/result.h"
#include "findings/calibration.h"
#include "findings/evaluation.h"
#include "findings/feature_heads.h"
#include "findings/input_spec.h"
#include "findings/scores.h"
#include "findings/zone.h"

namespace chestlight {

struct ManifestFile {
  std::string name;    // beside manifest.json
  std::string sha256;  // 64 lower-case hexadecimal digits
  std::uint64_t bytes = 0;
};

struct Label {
  std::string id;           // as in the training labels: "Pleural_Thickening"
  std::string name;         // for people: "Pleural thickening"
  std::string explanation;  // one sentence for a reader who is not a radiologist
  Calibration calibration;
  bool trained = true;                        // false: the network has this output and was never taught it
  std::optional<ScoreEvaluation> evaluation;  // nothing where nothing is known of its score
  float cutoff = 0.5f;                        // contour level, as a fraction of the evidence map's maximum
};

struct OperatingPoint {
  std::string id;
  std::string name;
  std::string explanation;             // what it is good for
  std::string data;                    // the films that the thresholds were chosen on
  std::vector<Calibrated> thresholds;  // one per label
  // Not of a manifest: what a site profile in use adds (findings/site_profile.h).
  std::string profile;                           // its name; empty: none is in use
  std::vector<std::optional<LocalZones>> zones;  // one per label, or none

  std::optional<LocalZones> zones_of(std::size_t label) const { return zones.empty() ? std::nullopt : zones[label]; }
};

struct Manifest {
  std::string id;
  std::string name;
  std::string version;
  std::string licence;
  std::vector<std::string> sources;
  std::vector<ManifestFile> files;
  std::string family;
  std::string head_weight, head_bias;  // of a finished graph
  bool scores_only = false;            // a finished graph of which the features are not to be had
  InputSpec input;
  std::vector<Label> labels;  // in the order of the network's outputs
  std::vector<OperatingPoint> operating_points;
  std::size_t default_operating_point = 0;   // index into operating_points
  std::optional<EvaluatedFilms> evaluation;  // there, where that of any label is
  FeatureHeads feature_heads;
  std::vector<std::string> limits;
  std::string notice;
  std::string golden;  // file name, or empty

  /// Index of the operating point with this id.
  std::optional<std::size_t> find_operating_point(std::string_view id) const;
  /// Index of the label with this id.
  std::optional<std::size_t> find_label(std::string_view id) const;
  /// The network comes as a finished graph, not as weights.
  bool is_finished_graph() const { return family == "onnx"; }
  /// What evidence for a finding is measured from: the logit of its highest threshold, whichever operating point is chosen.
  /// So a part of a film speaks for the finding where a film that looked like it everywhere would pass the strictest
  /// threshold. Of the zeros that depend on the model alone, this one's regions agreed best with boxes that readers drew:
  /// intersection over union 0.33 on 97 cases, against 0.28 for the balanced threshold, 0.30 for the bias alone, and
  /// 0.25 for the mean score of 400 films (densenet121-nih, tests/bench/boxes.mjs).
  Logit evidence_zero(std::size_t label) const;
  /// Name of the file that the network comes in.
  std::string_view network_file() const { return is_finished_graph() ? "model.onnx" : "weights.safetensors"; }
  const ManifestFile* find_file(std::string_view name) const;
};

/// What a manifest says of its network, whatever the network is for: all but labels, operating points, feature heads and golden
/// examples. Errors: "invalid-manifest".
Result<Manifest> read_network_part(const JsonReader& root);

/// The two ends of parse_manifest_as(): the text as JSON, and an error as the user reads it.
Result<Json> parse_manifest_json(std::string_view json);
Error in_manifest(Error error);

/// manifest.json as `read` makes a T of it. Errors: those of parse_manifest().
template <class T>
Result<T> parse_manifest_as(std::string_view json, Result<T> (*read)(const JsonReader&)) {
  CHESTLIGHT_TRY(const Json parsed, parse_manifest_json(json));
  auto made = read(JsonReader(parsed, "", ErrorCode::kInvalidManifest));
  if (made) return made;
  return in_manifest(made.error());
}

/// Errors: "corrupt" (not JSON), "too-large" (over 1 MiB), "invalid-manifest" (a rule is broken; the message
/// names the path, what was expected and what was found).
Result<Manifest> parse_manifest(std::string_view json);

/// Whether `bytes` are the file that the manifest vouches for.
/// Errors: "missing" (the manifest names no such file), "truncated" (fewer bytes), "hash-mismatch" (other
/// bytes).
Result<void> verify_file(const Manifest& manifest, std::string_view name, Bytes bytes);

}  // namespace chestlight
