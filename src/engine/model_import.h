// A model out of a checkpoint: the network that its tensors make, kept as weights.safetensors under canonical names, and a
// manifest that says what is known of it (model/known), what is guessed and what nobody has measured. Everything is checked, down
// to the last number, before anything is given back; nothing is stored here.
//
// A finished ONNX graph becomes a model, too, with the names that this program knows (architectures/foreign_onnx.h).
//
// Outputs that were never trained are left out of the network: their scores would mean nothing.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "contract/model.h"

namespace chestlight {

struct ImportRequest {
  std::string file_name;          // of the checkpoint, without a path: the publisher's name tells models apart
  std::string id = {};            // of the model; empty: made from what it is, or from the file's name
  std::string known = {};         // id of a known model; empty: found by structure and file name
  contract::ModelForm form = {};  // what is said of it; what is left out is the known model's, or a guess
};

struct ImportedModel {
  std::string id, name;
  std::string container;                 // "PyTorch, ZIP container"
  std::string architecture;              // "DenseNet-121"
  int channels = 0, side = 0;            // of the input
  std::string known;                     // id of the known model that it is, or empty
  std::vector<std::string> labels;       // of the outputs that were kept
  std::vector<std::string> left_out;     // labels of outputs that were never trained
  std::vector<std::string> assumptions;  // sentences: what was guessed
  std::string licence, link;
  bool complete() const { return assumptions.empty(); }
  std::vector<std::string> notes;  // sentences: what it cannot do
  std::string network_file = "weights.safetensors";
  std::vector<std::uint8_t> manifest, weights;  // of the model's folder: manifest.json and network_file
};

/// `files`: the checkpoint alone, or an index and its shards by name (model/weights/checkpoint.h).
/// Errors: those of read_checkpoint(), read_shards() and recognise(); kInvalidModel for a number that is not finite;
/// kInvalidRequest for labels that do not fit, or a known model that this is not.
Result<ImportedModel> import_model(const std::map<std::string, Bytes, std::less<>>& files, const ImportRequest& request);

}  // namespace chestlight
