// See explanation_json.h.
#include "viewer/actions/explanation_json.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/text.h"
#include "imaging/correction_json.h"
#include "viewer/actions/json_fields.h"

namespace chestlight::viewer {
namespace {

constexpr double kSmallestMapScale = 1e-9;  // keeps a map of zeros from dividing by zero
constexpr double kShownShare = 0.995;       // of a fine map's values that the ramp tells apart

std::vector<std::string> texts(const Json& json, const char* key) {
  std::vector<std::string> found;
  if (auto list = json.find(key); list != json.end() && list->is_array())
    for (const Json& item : *list)
      if (item.is_string()) found.push_back(item.get<std::string>());
  return found;
}

/// Means of whole cells, at most `most` per side.
MapCells averaged(const MapCells& map, int most) {
  MapCells cells{std::min(map.width, most), std::min(map.height, most), {}};
  for (int y = 0; y < cells.height; ++y)
    for (int x = 0; x < cells.width; ++x) {
      const int left = x * map.width / cells.width, right = (x + 1) * map.width / cells.width;
      const int top = y * map.height / cells.height, bottom = (y + 1) * map.height / cells.height;
      double sum = 0;
      for (int v = top; v < bottom; ++v)
        for (int u = left; u < right; ++u) sum += map.values[static_cast<std::size_t>(v * map.width + u)];
      cells.values.push_back(static_cast<float>(sum / ((right - left) * (bottom - top))));
    }
  return cells;
}

/// The largest magnitude that is drawn, of positive values only unless the map is signed.
void set_scale(Explanation& explanation) {
  std::vector<float> magnitudes;
  for (float value : explanation.map.values) magnitudes.push_back(explanation.is_signed ? std::abs(value) : value);
  const bool fine = std::max(explanation.map.width, explanation.map.height) > kMostContourCells;
  auto at = magnitudes.end() - 1;
  if (fine) at = magnitudes.begin() + static_cast<std::ptrdiff_t>(kShownShare * static_cast<double>(magnitudes.size() - 1));
  std::nth_element(magnitudes.begin(), at, magnitudes.end());
  explanation.scale = std::max<double>(*at, kSmallestMapScale);
  explanation.clipped = fine && *std::max_element(at, magnitudes.end()) > *at;
}

std::string refusal(const Json& json) {
  if (auto reasons = json.find("reasons"); reasons != json.end() && reasons->is_array())
    for (const Json& reason : *reasons)
      if (text_or(reason, "severity") == "refuse") return text_or(reason, "text");
  return "The film was not analysed.";
}

Trust trust_from_json(const Json& json) {
  Trust trust{text_or(json, "line"), {}};
  if (auto checks = json.find("checks"); checks != json.end() && checks->is_array())
    for (const Json& check : *checks)
      trust.checks.push_back({text_or(check, "name"), text_or(check, "verdict"), text_or(check, "text")});
  return trust;
}

}  // namespace

float MapCells::largest() const { return values.empty() ? 0 : *std::max_element(values.begin(), values.end()); }

std::vector<MethodInfo> methods_from_json(const Json& message) {
  std::vector<MethodInfo> methods;
  auto list = message.find("methods");
  if (list == message.end() || !list->is_array()) return methods;
  for (const Json& json : *list) {
    MethodInfo method;
    method.id = text_or(json, "id");
    method.name = text_or(json, "name", method.id);
    method.explanation = text_or(json, "explanation");
    method.paper = text_or(json, "paper");
    method.needs_reverse = flag_or(json, "needs_reverse");
    method.requests = static_cast<int>(number_or(json, "requests", 1));
    method.layers = texts(json, "layers");
    method.default_layer = text_or(json, "default_layer", method.layers.empty() ? "" : method.layers.front());
    method.unavailable = text_or(json, "unavailable");
    if (!method.id.empty()) methods.push_back(std::move(method));
  }
  return methods;
}

Result<Explanation> explanation_from_json(const JsonReader& reader, Bytes map) {
  CHESTLIGHT_TRY(bool analysed, reader.boolean("analysed"));
  const Json& json = reader.json();
  if (!analysed) return Error{ErrorCode::kInvalidRequest, refusal(json), ""};
  Explanation explanation;
  CHESTLIGHT_TRY(long long width, reader.integer("width"));
  CHESTLIGHT_TRY(long long height, reader.integer("height"));
  CHESTLIGHT_TRY(JsonReader geometry, reader.member("geometry"));
  CHESTLIGHT_TRY(std::vector<double> m, geometry.numbers("source_to_model"));
  if (m.size() != 6) return geometry.error(text("source_to_model needs 6 numbers, found ", m.size()));
  CHESTLIGHT_TRY(explanation.model_width, geometry.number("model_width"));
  CHESTLIGHT_TRY(explanation.model_height, geometry.number("model_height"));
  CHESTLIGHT_TRY(explanation.is_signed, reader.boolean("signed"));
  const double expected = static_cast<double>(width) * static_cast<double>(height) * sizeof(float);
  if (width < 1 || height < 1 || width > 16384 || height > 16384 || static_cast<double>(map.size()) != expected)
    return reader.error(text("expected a map of ", width, " × ", height, ", found ", map.size(), " bytes"));
  explanation.source_to_model = {m[0], m[1], m[2], m[3], m[4], m[5]};
  explanation.map = {static_cast<int>(width), static_cast<int>(height), std::vector<float>(map.size() / sizeof(float))};
  std::memcpy(explanation.map.values.data(), map.data(), map.size());
  for (float value : explanation.map.values)
    if (!std::isfinite(value)) return reader.error("the map holds a value that is no number");

  explanation.contour = averaged(explanation.map, kMostContourCells);
  set_scale(explanation);
  explanation.from_threshold = flag_or(json, "from_threshold");
  explanation.unit = text_or(json, "unit");
  explanation.cutoff = number_or(json, "cutoff", explanation.cutoff);
  explanation.sentence = text_or(json, "sentence");
  explanation.area = number_or(json, "area");
  explanation.notes = texts(json, "notes");
  explanation.boxes = boxes_or_none(json);
  if (auto measures = json.find("measures"); measures != json.end() && measures->is_object())
    for (const auto& [name, value] : measures->items())
      if (value.is_number()) explanation.measures.emplace_back(name, value.get<double>());
  return explanation;
}

Action parse_explanation_message(const JsonReader& message, const std::string& type, int request, Bytes blob) {
  const Json& json = message.json();
  if (type == "explanation-cancelled") return Action(ExplanationCancelled{request});
  if (type == "explaining")
    return Action(ExplanationProgressed{request, static_cast<int>(number_or(json, "done")),
                                        static_cast<int>(number_or(json, "total")), flag_or(json, "loading_graph")});
  auto failed = [&](const Error& error) {
    return Action(ExplanationFailed{request, {"not-explained", error.message, error.hint}});
  };
  Result<JsonReader> body = message.member(type);
  if (!body) return failed(body.error());
  if (type == "trust") return Action(TrustArrived{request, trust_from_json(body->json())});
  Result<Explanation> explanation = explanation_from_json(*body, blob);
  if (!explanation) return failed(explanation.error());
  return Action(ExplanationArrived{request, std::make_shared<Explanation>(std::move(*explanation))});
}

Json question_json(const char* type, const ExplanationQuestion& question) {
  Json json = {{"type", type}, {"id", question.film}, {"finding", question.key.finding}, {"method", question.key.choice.method}};
  if (question.request != 0) json["request"] = question.request;
  if (!question.key.choice.layer.empty()) json["layer"] = question.key.choice.layer;
  if (question.seen.correction.any()) json["correction"] = correction_json(question.seen.correction);
  if (question.seen.anyway) json["anyway"] = true;
  if (!question.operating_point.empty()) json["operating_point"] = question.operating_point;
  return json;
}

}  // namespace chestlight::viewer
