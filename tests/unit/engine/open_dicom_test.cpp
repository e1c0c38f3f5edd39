// open-dicom through the engine's one entrance: what it takes, what it says, what it refuses.
#include <gtest/gtest.h>

#include <cstring>

#include "engine/protocol.h"

namespace chestlight {
namespace {

Json call(Protocol& protocol, const std::string& method, const Json& args, std::vector<Blob> blobs = {}) {
  const std::string text = write_json({{"method", method}, {"args", args}});
  blobs.insert(blobs.begin(), Blob(text.begin(), text.end()));
  return *parse_json(as_text(protocol.call(std::move(blobs))[0]), "reply");
}

Json image_json() {
  return *parse_json(R"({"width": 3, "height": 1, "channels": 1, "bits": 12, "signed": false, "lossy": true,
    "presentation_inverse": false, "notes": ["Frame 1 of 2."], "rescale": {"slope": 1, "intercept": 0, "type": "US"},
    "voi_function": "LINEAR_EXACT", "windows": [{"centre": 1000, "width": 400, "name": "NORMAL"}], "modality_lut": null,
    "voi_luts": [{"first": 0, "bits": 8, "values": [0, 255], "name": ""}], "padding": {"low": 4095, "high": 4095}, "type": "int32",
    "facts": {"transfer_syntax": "1.2.840.10008.1.2.1", "modality": "DX", "body_part": "CHEST", "view_position": "PA",
      "view": "frontal", "other_part": false, "laterality": "", "orientation": "L\\F", "photometric": "MONOCHROME1", "presentation_intent": "",
      "dual_energy": false, "burned_in": true, "lossy_ratio": 12.5, "frames": 2, "frame": 1, "frame_chosen": true,
      "spacing": {"row": 0.1, "column": 0.2, "kind": "detector"}, "aspect": 1}})",
                     "image");
}

Blob values_of(const std::vector<std::int32_t>& values) {
  Blob blob(values.size() * sizeof(std::int32_t));
  std::memcpy(blob.data(), values.data(), blob.size());
  return blob;
}

TEST(OpenDicom, MakesAFilmAndRepeatsItsFacts) {
  Protocol protocol;
  const Json reply = call(protocol, "open-dicom", {{"name", "a"}, {"image", image_json()}}, {values_of({4095, 900, 1100})});
  ASSERT_EQ(reply["ok"], true) << reply.dump();
  const Json& film = reply["value"];
  EXPECT_EQ(film["format"], "DICOM");
  EXPECT_EQ(film["bits"], 12);
  EXPECT_EQ(film["lossy"], true);
  EXPECT_EQ(film["low"], 4095 - 1100);
  EXPECT_EQ(film["high"], 4095 - 900);
  EXPECT_EQ(film["presets"][0]["name"], "NORMAL");
  EXPECT_EQ(film["presets"][0]["window"]["centre"], 3095);
  EXPECT_EQ(film["window"]["centre"], 3095);
  EXPECT_EQ(film["dicom"]["burned_in"], true);
  EXPECT_EQ(film["dicom"]["dual_energy"], false);
  EXPECT_EQ(film["dicom"]["lossy_ratio"], 12.5);
  EXPECT_EQ(film["dicom"]["frames"], 2);
  EXPECT_EQ(film["dicom"]["frame"], 1);
  EXPECT_EQ(film["dicom"]["frame_chosen"], true);
  EXPECT_EQ(film["dicom"]["orientation"], "L\\F");
  EXPECT_EQ(film["dicom"]["spacing"]["column"], 0.2);
  EXPECT_EQ(film["dicom"]["inverted"], true);
  EXPECT_EQ(film["dicom"]["film_scale"]["scale"], -1);
  EXPECT_EQ(film["dicom"]["film_scale"]["offset"], 4095);
  EXPECT_EQ(film["dicom"]["film_scale"]["after_lut"], false);
  EXPECT_EQ(film["dicom"]["film_scale"]["padded"], true);
  EXPECT_EQ(film["notes"][0], "Frame 1 of 2.");
}

TEST(OpenDicom, PixelsBringTheTablesOfTheDisplay) {
  Protocol protocol;
  Json image = image_json();
  image["facts"]["photometric"] = "MONOCHROME2";
  const Json film = call(protocol, "open-dicom", {{"name", "a"}, {"image", image}}, {values_of({0, 1, 2})})["value"];
  EXPECT_EQ(film["presets"][0]["window"]["shape"], "linear");
  EXPECT_EQ(film["presets"][1]["window"]["shape"], "table");
  EXPECT_EQ(film["presets"][1]["window"]["table"], 0);
  const std::string text = write_json({{"method", "pixels"}, {"args", {{"film", film["film"]}}}});
  const auto outputs = protocol.call({Blob(text.begin(), text.end())});
  const Json pixels = *parse_json(as_text(outputs[0]), "reply");
  ASSERT_EQ(outputs.size(), 3u);
  ASSERT_EQ(pixels["value"]["tables"].size(), 1u);
  EXPECT_EQ(pixels["value"]["tables"][0]["entries"], 2);
  EXPECT_EQ(outputs[2], (Blob{0, 0, 0xff, 0xff}));
}

struct Row {
  const char* origin;
  void (*change)(Json&);
  const char* code;
};

const Row kRows[] = {
    {"a missing key", [](Json& j) { j.erase("bits"); }, "invalid-request"},
    {"a size of the wrong type", [](Json& j) { j["width"] = "3"; }, "invalid-request"},
    {"a size that is not the values'", [](Json& j) { j["width"] = 4; }, "corrupt"},
    {"a size beyond all bounds", [](Json& j) { j["width"] = 1e18; }, "invalid-request"},
    {"an empty table", [](Json& j) { j["voi_luts"][0]["values"] = Json::array(); }, "invalid-request"},
    {"a table of negative values", [](Json& j) { j["voi_luts"][0]["values"] = {-1, 2}; }, "invalid-request"},
    {"facts that are no object", [](Json& j) { j["facts"] = 3; }, "invalid-request"},
};

TEST(OpenDicom, RefusesACallersMistakes) {
  Protocol protocol;
  for (const auto& row : kRows) {
    Json image = image_json();
    row.change(image);
    const Json reply = call(protocol, "open-dicom", {{"name", "a"}, {"image", image}}, {values_of({1, 2, 3})});
    ASSERT_EQ(reply["ok"], false) << row.origin;
    EXPECT_EQ(reply["error"]["code"], row.code) << row.origin << ": " << reply.dump();
  }
}

}  // namespace
}  // namespace chestlight
