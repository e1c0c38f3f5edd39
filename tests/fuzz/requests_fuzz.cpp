// Any requests in any order get replies that keep the protocol's promises: JSON, either a value or an error with a
// message, and never an exception from within. The input is requests, one a line; the engine begins with a tiny model and
// one open film. Outputs of the network that an "accept" describes are made up in the stated shapes.
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "engine/protocol.h"
#include "support/tiny_model.h"

namespace chestlight {
namespace {

constexpr int kSide = 240;  // the film: just large enough to be analysed
constexpr std::size_t kMostLines = 24;
constexpr double kMostNumbers = 1 << 16;  // of one made-up output

void require(bool promise) {
  if (!promise) std::abort();
}

Blob blob_of(std::string_view text) { return {text.begin(), text.end()}; }

Json request(const char* method, Json args) { return {{"method", method}, {"args", std::move(args)}}; }

Blob film_values() {
  std::vector<std::int32_t> values(kSide * kSide);
  for (int y = 0; y < kSide; ++y)
    for (int x = 0; x < kSide; ++x)
      values[y * kSide + x] = 400 + 8 * x + 3 * y + ((x - 80) * (x - 80) + (y - 120) * (y - 120) < 2000 ? 900 : 0);
  Blob blob(values.size() * sizeof(std::int32_t));
  std::memcpy(blob.data(), values.data(), blob.size());
  return blob;
}

Json film_image() {
  Json facts = {{"transfer_syntax", ""},     {"modality", "DX"},     {"body_part", ""},
                {"view_position", "PA"},     {"view", ""},           {"other_part", false},
                {"laterality", ""},          {"orientation", ""},    {"photometric", "MONOCHROME2"},
                {"presentation_intent", ""}, {"dual_energy", false}, {"burned_in", false},
                {"lossy_ratio", 0},          {"frames", 1},          {"frame", 1},
                {"frame_chosen", false},     {"spacing", nullptr},   {"aspect", 1}};
  return {{"width", kSide},
          {"height", kSide},
          {"channels", 1},
          {"bits", 12},
          {"signed", false},
          {"lossy", false},
          {"presentation_inverse", false},
          {"notes", Json::array()},
          {"rescale", {{"slope", 1}, {"intercept", 0}, {"type", ""}}},
          {"voi_function", "LINEAR"},
          {"windows", Json::array()},
          {"modality_lut", nullptr},
          {"voi_luts", Json::array()},
          {"padding", nullptr},
          {"type", "int32"},
          {"facts", std::move(facts)}};
}

Json call(Protocol& protocol, std::string_view line, std::vector<Blob> blobs = {}) {
  blobs.insert(blobs.begin(), blob_of(line));
  const std::vector<Blob> outputs = protocol.call(std::move(blobs));
  require(!outputs.empty());
  const auto reply = parse_json(as_text(outputs[0]), "reply");
  require(reply && reply->is_object() && reply->contains("ok"));
  if ((*reply)["ok"].get<bool>()) {
    require(reply->contains("value"));
  } else {
    const Json& error = (*reply)["error"];
    require(!error["message"].get<std::string>().empty());
    require(error["code"] != "internal");
  }
  return *reply;
}

/// Numbers for every output that a request describes sensibly.
std::vector<Blob> made_up_outputs(const Json& line) {
  std::vector<Blob> blobs;
  if (!line.is_object() || !line.contains("args") || !line["args"].is_object() || !line["args"].contains("outputs")) return blobs;
  for (const Json& output : line["args"]["outputs"]) {
    double count = 1;
    if (output.is_object() && output.contains("shape"))
      for (const Json& extent : output["shape"]) count *= extent.is_number() ? extent.get<double>() : 0;
    std::vector<float> numbers(count >= 0 && count <= kMostNumbers ? static_cast<std::size_t>(count) : 0);
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = std::sin(static_cast<float>(i));
    Blob blob(numbers.size() * sizeof(float));
    if (!blob.empty()) std::memcpy(blob.data(), numbers.data(), blob.size());
    blobs.push_back(std::move(blob));
  }
  return blobs;
}

void run(std::string_view text) {
  static const testing::TinyModel kModel = testing::tiny_model();
  static const Blob kValues = film_values();
  Protocol protocol;
  require(call(protocol, write_json(request("load-model", Json::object())), {kModel.manifest_bytes(), kModel.weights})["ok"]);
  require(call(protocol, write_json(request("open-dicom", {{"name", "film"}, {"image", film_image()}})), {kValues})["ok"]);
  for (std::size_t lines = 0; lines < kMostLines && !text.empty(); ++lines) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    const auto json = parse_json(line, "line");
    call(protocol, line, json ? made_up_outputs(*json) : std::vector<Blob>());
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace
}  // namespace chestlight

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chestlight::run(chestlight::as_text({data, size}));
  return 0;
}
