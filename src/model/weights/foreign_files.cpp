#include "model/weights/foreign_files.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "model/weights/damage.h"

namespace chestlight {
namespace {

constexpr std::size_t kLooked = 4096;  // bytes; all that is told from begins there

struct Signature {
  std::size_t at;
  std::string_view bytes;
  std::string_view what, hint;
};

constexpr std::string_view kToOnnx = "Export the network to ONNX and add it as a finished graph.";
constexpr std::string_view kUnpack = "Unpack it and use the file in it.";
constexpr std::string_view kSaveAgain = "Save the network's state_dict() with torch.save, or as safetensors.";

constexpr Signature kSignatures[] = {
    {0, "\x89HDF\r\n\x1a\n", "a Keras or other HDF5 file",
     "Export the network to ONNX with tf2onnx and add it as a finished graph."},
    {0, "GGUF", "a language model (GGUF), not a network for films", "Choose the checkpoint of a network for films."},
    {4, "TFL3", "a TensorFlow Lite model", kToOnnx},
    {0, "\x1f\x8b", "a gzip archive", kUnpack},
    {0, "BZh", "a bzip2 archive", kUnpack},
    {0, "7z\xbc\xaf\x27\x1c", "a 7-Zip archive", kUnpack},
    {0, "Rar!", "a RAR archive", kUnpack},
    {0,
     "\xfd"
     "7zXZ",
     "an xz archive", kUnpack},
    {0, "\x28\xb5\x2f\xfd", "a Zstandard archive", kUnpack},
    {257, "ustar", "a tar archive", kUnpack},
    {0, "\x93NUMPY", "a NumPy array", kSaveAgain},
    {0, "\x89PNG", "a PNG picture", "Open it as a film."},
    {0, "\xff\xd8\xff", "a JPEG picture", "Open it as a film."},
    {128, "DICM", "a DICOM file", "Open it as a film."},
    {0, "%PDF", "a PDF document", "Choose the checkpoint itself."},
};

bool begins_as(std::string_view head, std::string_view word) {
  if (head.size() < word.size()) return false;
  return std::equal(word.begin(), word.end(), head.begin(), [](char wanted, char found) {
    return wanted == (found >= 'A' && found <= 'Z' ? static_cast<char>(found - 'A' + 'a') : found);
  });
}

bool is_text(std::string_view head) {
  return std::all_of(head.begin(), head.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f';
  });
}

std::string_view lfs_size(std::string_view head) {
  constexpr std::string_view kSize = "\nsize ";
  const std::size_t at = head.find(kSize);
  if (at == std::string_view::npos) return "some";
  head.remove_prefix(at + kSize.size());
  return head.substr(0, std::min<std::size_t>(head.find_first_not_of("0123456789"), 20));
}

Error named_text(std::string_view head) {
  std::string_view trimmed = head;
  trimmed.remove_prefix(std::min(trimmed.find_first_not_of(" \t\r\n"), trimmed.size()));
  if (begins_as(head, "version https://git-lfs"))
    return unsupported(text("This is a Git LFS pointer to a file of ", lfs_size(head), " bytes, not the file itself."),
                       "Download the file itself, in a clone with git lfs pull.");
  if (begins_as(trimmed, "<!doctype html") || begins_as(trimmed, "<html") || begins_as(trimmed, "<head"))
    return unsupported("This is a web page, not a checkpoint: a server answered with it in place of the file.",
                       "Download the file again from the publisher's page.");
  if (begins_as(trimmed, "<")) return unsupported("This is XML, not a checkpoint.", "Choose the checkpoint itself.");
  if (trimmed.starts_with('{') || trimmed.starts_with('['))
    return head.find("weightsManifest") != std::string_view::npos || head.find("modelTopology") != std::string_view::npos
               ? unsupported("This is a TensorFlow.js model, which is not read.",
                             "Export the network to ONNX with tf2onnx and add it as a finished graph.")
           : head.find("weight_map") != std::string_view::npos
               ? unsupported("This is the index of a checkpoint in several files.",
                             "Choose it together with the .safetensors files that it names.")
               : unsupported("This is a JSON file, not a checkpoint.", "Choose the checkpoint that lies beside it.");
  return unsupported("This is a text file, not a checkpoint.", "Choose the checkpoint itself.");
}

}  // namespace

Error foreign_file(Bytes file) {
  if (file.empty()) return {ErrorCode::kEmptyFile, "The file is empty.", std::string(kGetItAgain)};
  const std::string_view head = as_text(file.first(std::min(file.size(), kLooked)));
  for (const Signature& known : kSignatures)
    if (head.size() > known.at && head.substr(known.at).starts_with(known.bytes))
      return unsupported(text("This is ", known.what, ", not a checkpoint."), known.hint);
  if (is_text(head)) return named_text(head);
  if (file.size() > 2 && file[0] == 0x80 && file[1] <= 5)
    return unsupported("This is a pickle that torch.save did not write.", kSaveAgain);
  if (std::all_of(head.begin(), head.end(), [](char c) { return c == 0; }))
    return damaged("The file begins with zeros alone: it was not copied to its end.");
  return unsupported("This is no checkpoint that is known here.",
                     "Use a file of torch.save, a .safetensors file, or an ONNX file as a finished graph.");
}

}  // namespace chestlight
