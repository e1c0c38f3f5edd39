#include "engine/dicom_json.h"

#include <cmath>
#include <initializer_list>
#include <utility>

#include "base/text.h"

namespace chestlight {
namespace {

Result<int> small_integer(const JsonReader& json, std::string_view key) {
  CHESTLIGHT_TRY(long long value, json.integer(key));
  if (value < -1'000'000 || value > 1'000'000) return json.error(text(key, ": out of range"));
  return static_cast<int>(value);
}

Result<LookupTable> table_from_json(const JsonReader& json) {
  LookupTable table;
  CHESTLIGHT_TRY(table.first_input, small_integer(json, "first"));
  CHESTLIGHT_TRY(table.bits, small_integer(json, "bits"));
  CHESTLIGHT_TRY(table.name, json.string("name"));
  CHESTLIGHT_TRY(std::vector<double> values, json.numbers("values"));
  if (values.empty() || values.size() > 65536) return json.error("values: expected 1 to 65536 entries");
  for (double value : values) {
    if (!(value >= 0 && value <= 65535)) return json.error("values: expected 0 to 65535");
    table.values.push_back(static_cast<std::uint16_t>(value));
  }
  return table;
}

Result<std::vector<LookupTable>> tables_from_json(const JsonReader& json, std::string_view key) {
  std::vector<LookupTable> tables;
  CHESTLIGHT_TRY(std::vector<JsonReader> items, json.items(key));
  for (const JsonReader& each : items) {
    CHESTLIGHT_TRY(LookupTable table, table_from_json(each));
    tables.push_back(std::move(table));
  }
  return tables;
}

Result<StoredRange> range_from_json(const JsonReader& json) {
  StoredRange range;
  CHESTLIGHT_TRY(range.low, small_integer(json, "low"));
  CHESTLIGHT_TRY(range.high, small_integer(json, "high"));
  return range;
}

Result<DicomFacts> facts_from_json(const JsonReader& json) {
  DicomFacts facts;
  CHESTLIGHT_TRY(facts.transfer_syntax, json.string("transfer_syntax"));
  CHESTLIGHT_TRY(facts.modality, json.string("modality"));
  CHESTLIGHT_TRY(facts.body_part, json.string("body_part"));
  CHESTLIGHT_TRY(facts.view_position, json.string("view_position"));
  CHESTLIGHT_TRY(facts.view, json.string("view"));
  CHESTLIGHT_TRY(facts.other_part, json.boolean("other_part"));
  CHESTLIGHT_TRY(facts.laterality, json.string("laterality"));
  CHESTLIGHT_TRY(facts.orientation, json.string("orientation"));
  CHESTLIGHT_TRY(facts.photometric, json.string("photometric"));
  CHESTLIGHT_TRY(facts.presentation_intent, json.string("presentation_intent"));
  CHESTLIGHT_TRY(facts.dual_energy, json.boolean("dual_energy"));
  CHESTLIGHT_TRY(facts.burned_in, json.boolean("burned_in"));
  CHESTLIGHT_TRY(facts.lossy_ratio, json.number("lossy_ratio"));
  CHESTLIGHT_TRY(facts.frames, small_integer(json, "frames"));
  CHESTLIGHT_TRY(facts.frame, small_integer(json, "frame"));
  CHESTLIGHT_TRY(facts.frame_chosen, json.boolean("frame_chosen"));
  if (json.has("spacing")) {
    CHESTLIGHT_TRY(JsonReader spacing, json.member("spacing"));
    PixelSpacing read;
    CHESTLIGHT_TRY(read.row, spacing.number("row"));
    CHESTLIGHT_TRY(read.column, spacing.number("column"));
    CHESTLIGHT_TRY(read.kind, spacing.string("kind"));
    facts.spacing = read;
  }
  CHESTLIGHT_TRY(facts.aspect, json.number("aspect"));
  return facts;
}

using Entries = std::initializer_list<std::pair<const char*, int*>>;

// Whole numbers of one object.
Result<void> read_integers(const JsonReader& json, Entries entries) {
  for (const auto& [key, value] : entries) {
    CHESTLIGHT_TRY(*value, small_integer(json, key));
  }
  return {};
}

Result<Shutter> shutter_from_json(const JsonReader& json) {
  Shutter shutter;
  if (json.has("rectangle")) {
    CHESTLIGHT_TRY(JsonReader part, json.member("rectangle"));
    auto& [left, right, top, bottom] = shutter.rectangle.emplace();
    CHESTLIGHT_CHECK(read_integers(part, {{"left", &left}, {"right", &right}, {"top", &top}, {"bottom", &bottom}}));
  }
  if (json.has("circle")) {
    CHESTLIGHT_TRY(JsonReader part, json.member("circle"));
    auto& [row, column, radius] = shutter.circle.emplace();
    CHESTLIGHT_CHECK(read_integers(part, {{"row", &row}, {"column", &column}, {"radius", &radius}}));
  }
  if (json.has("polygon")) {
    CHESTLIGHT_TRY(std::vector<double> places, json.numbers("polygon"));
    for (double place : places)
      if (!(std::abs(place) <= 1e6)) return json.error("polygon: out of range");
    for (std::size_t i = 0; i + 1 < places.size(); i += 2)
      shutter.polygon.push_back({static_cast<int>(places[i]), static_cast<int>(places[i + 1])});
  }
  return shutter;
}

VoiFunction voi_function(std::string_view name) {
  if (name == "LINEAR_EXACT") return VoiFunction::kLinearExact;
  return name == "SIGMOID" ? VoiFunction::kSigmoid : VoiFunction::kLinear;
}

Result<void> read_windows(const JsonReader& json, StoredImage& image) {
  CHESTLIGHT_TRY(std::string function, json.string("voi_function"));
  image.voi_function = voi_function(function);
  CHESTLIGHT_TRY(std::vector<JsonReader> windows, json.items("windows"));
  for (const JsonReader& each : windows) {
    StoredWindow window;
    CHESTLIGHT_TRY(window.centre, each.number("centre"));
    CHESTLIGHT_TRY(window.width, each.number("width"));
    CHESTLIGHT_TRY(window.name, each.string("name"));
    image.windows.push_back(std::move(window));
  }
  CHESTLIGHT_TRY(image.voi_luts, tables_from_json(json, "voi_luts"));
  return {};
}

Result<void> read_rescale(const JsonReader& json, DicomFacts& facts) {
  CHESTLIGHT_TRY(JsonReader rescale, json.member("rescale"));
  CHESTLIGHT_TRY(facts.slope, rescale.number("slope"));
  CHESTLIGHT_TRY(facts.intercept, rescale.number("intercept"));
  CHESTLIGHT_TRY(facts.rescale_type, rescale.string("type"));
  return {};
}

}  // namespace

Result<StoredImage> stored_image_from_json(const JsonReader& json, std::vector<std::uint8_t> values) {
  StoredImage image;
  CHESTLIGHT_TRY(image.width, small_integer(json, "width"));
  CHESTLIGHT_TRY(image.height, small_integer(json, "height"));
  CHESTLIGHT_TRY(image.channels, small_integer(json, "channels"));
  CHESTLIGHT_TRY(image.bits, small_integer(json, "bits"));
  CHESTLIGHT_TRY(image.is_signed, json.boolean("signed"));
  CHESTLIGHT_TRY(image.lossy, json.boolean("lossy"));
  CHESTLIGHT_TRY(image.presentation_inverse, json.boolean("presentation_inverse"));
  CHESTLIGHT_TRY(JsonReader facts, json.member("facts"));
  CHESTLIGHT_TRY(image.facts, facts_from_json(facts));
  CHESTLIGHT_CHECK(read_rescale(json, image.facts));
  CHESTLIGHT_CHECK(read_windows(json, image));
  if (json.has("modality_lut")) {
    CHESTLIGHT_TRY(JsonReader table, json.member("modality_lut"));
    CHESTLIGHT_TRY(image.modality_lut, table_from_json(table));
  }
  if (json.has("palette")) {
    CHESTLIGHT_TRY(image.palette, tables_from_json(json, "palette"));
  }
  if (json.has("padding")) {
    CHESTLIGHT_TRY(JsonReader padding, json.member("padding"));
    CHESTLIGHT_TRY(image.padding, range_from_json(padding));
  }
  if (json.has("shutter")) {
    CHESTLIGHT_TRY(JsonReader shutter, json.member("shutter"));
    CHESTLIGHT_TRY(image.shutter, shutter_from_json(shutter));
  }
  CHESTLIGHT_TRY(std::vector<JsonReader> notes, json.items("notes"));
  for (const JsonReader& note : notes)
    if (note.json().is_string()) image.notes.push_back(note.json().get<std::string>());

  CHESTLIGHT_TRY(std::string type, json.string("type"));
  CHESTLIGHT_TRY(image.values, StoredValues::of(type, std::move(values)));
  return image;
}

}  // namespace chestlight
