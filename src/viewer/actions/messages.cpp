#include "viewer/actions/messages.h"

#include <cmath>
#include <cstring>

#include "base/text.h"
#include "contract/json_fields.h"
#include "contract/messages_json.h"
#include "viewer/actions/reader_actions_json.h"

namespace chestlight::viewer {
namespace {

constexpr ErrorCode kBad = ErrorCode::kInvalidRequest;

Error wrong(std::string complaint) { return Error{kBad, std::move(complaint), ""}; }

/// Reads `count` values of a blob, which is not shorter.
template <class T>
std::vector<T> values_of(Bytes blob, std::size_t count) {
  std::vector<T> values(count);
  if (count > 0) std::memcpy(values.data(), blob.data(), count * sizeof(T));
  return values;
}

std::size_t cells_of(int width, int height) {
  return width > 0 && height > 0 ? static_cast<std::size_t>(width) * static_cast<std::size_t>(height) : 0;
}

// One overload for each message with a buffer: puts it in its place.
template <class Message>
Result<void> attach(Message&, Bytes) {
  return {};
}

Result<void> attach(FilmOpened& opened, Bytes blob) {
  FilmInfo& film = opened.film;
  if (film.width < 1 || film.height < 1 || film.full_scale < 1)
    return wrong("message.film: a film needs a size and a scale above zero");
  if (!(film.window.width > 0)) film.window = {film.full_scale / 2.0, static_cast<double>(film.full_scale)};
  std::erase_if(film.presets, [](const NamedWindow& preset) { return !(preset.window.width > 0); });
  if (film.dicom && film.dicom->film_scale && film.dicom->film_scale->scale == 0) film.dicom->film_scale.reset();
  const auto& size = opened.thumbnail;
  if (size && !blob.empty() && cells_of(size->width, size->height) == blob.size())
    opened.grey = values_of<std::uint8_t>(blob, blob.size());
  return {};
}

Result<void> attach(PixelsArrived& arrived, Bytes blob) {
  auto pixels = std::make_shared<PixelBuffer>();
  pixels->film = arrived.id;
  pixels->width = arrived.width;
  pixels->height = arrived.height;
  pixels->full_scale = arrived.full_scale;
  const std::size_t count = cells_of(arrived.width, arrived.height);
  if (count == 0 || blob.size() / 2 < count)
    return wrong(text("expected ", arrived.width, " × ", arrived.height, " 16-bit pixels, found ", blob.size(), " bytes"));
  pixels->values = values_of<std::uint16_t>(blob, count);
  blob = blob.subspan(count * 2);
  for (const DisplayCurve& curve : arrived.tables) {
    const auto entries = static_cast<std::size_t>(std::max(curve.entries, 0));
    if (entries < 2 || entries > blob.size() / 2 || !(curve.first < curve.last))
      return wrong(text("expected display curves of ", curve.entries, " entries, found ", blob.size(), " bytes"));
    pixels->tables.push_back({curve.first, curve.last, values_of<std::uint16_t>(blob, entries)});
    blob = blob.subspan(entries * 2);
  }
  if (arrived.has_drawing) {
    if (blob.size() != (count + 7) / 8)
      return wrong(text("expected ", (count + 7) / 8, " bytes of a drawing, found ", blob.size()));
    pixels->drawing = values_of<std::uint8_t>(blob, blob.size());
  }
  arrived.pixels = std::move(pixels);
  return {};
}

Result<void> attach(AnalysisArrived& arrived, Bytes blob) {
  Analysis& analysis = arrived.analysis;
  if (!analysis.analysed || !analysis.map) return {};
  const std::size_t cells = cells_of(analysis.map->width, analysis.map->height);
  const std::size_t expected = analysis.findings.size() * cells * sizeof(float);
  if (cells == 0 || blob.size() != expected || !analysis.geometry)
    return wrong(text("message.analysis.map: expected ", expected, " bytes of maps, found ", blob.size()));
  analysis.maps = values_of<float>(blob, expected / sizeof(float));
  for (std::size_t i = 0; i < analysis.maps.size(); ++i)
    analysis.maps[i] -= static_cast<float>(analysis.findings[i / cells].map_zero);
  return {};
}

Result<void> attach(ModelInputArrived& arrived, Bytes blob) {
  const auto& input = arrived.input;
  if (blob.empty() || cells_of(input.width, input.height) != blob.size())
    return wrong(text("expected ", input.width, " × ", input.height, " grey values, found ", blob.size(), " bytes"));
  arrived.grey = values_of<std::uint8_t>(blob, blob.size());
  return {};
}

Result<void> attach(ExplanationArrived& arrived, Bytes blob) {
  contract::Explanation& explanation = arrived.explanation;
  if (!explanation.analysed) {
    for (const Reason& reason : explanation.reasons)
      if (reason.refuses()) return wrong(reason.text);
    return wrong("The film was not analysed.");
  }
  const std::size_t cells = cells_of(explanation.width, explanation.height);
  if (cells == 0 || blob.size() / sizeof(float) != cells || !explanation.geometry)
    return wrong(text("expected a map of ", explanation.width, " × ", explanation.height, ", found ", blob.size(), " bytes"));
  explanation.map = values_of<float>(blob, cells);
  for (float value : explanation.map)
    if (!std::isfinite(value)) return wrong("the map holds a value that is no number");
  return {};
}

/// Of an answer whose body cannot be read, what tells the screen so; other messages are an error.
Result<Action> refused(const Json& message, const Error& error) {
  const std::string type = message.is_object() ? message.value("type", "") : "";
  const bool answers = type == "explanation-arrived" || type == "trust-arrived";
  if (!answers || !message.contains("request") || !message["request"].is_number_integer()) return error;
  return Action(ExplanationFailed{message["request"].get<int>(), {"not-explained", error.message, error.hint}});
}

}  // namespace

Result<Action> parse_message(const Json& message, Bytes blob) {
  JsonReader reader(message, "message", kBad);
  CHESTLIGHT_TRY(std::string type, reader.string("type"));
  if (type == "action") {
    CHESTLIGHT_TRY(JsonReader action, reader.member("action"));
    return parse_action(action.json());
  }
  Result<Event> event = parse_event(reader);
  if (!event) return refused(message, event.error());
  Result<void> attached = std::visit([&](auto& one) { return attach(one, blob); }, *event);
  if (!attached) return refused(message, attached.error());
  return std::visit([](auto&& one) { return Action(std::move(one)); }, std::move(*event));
}

Result<Action> parse_action(const Json& json) {
  JsonReader reader(json, "action", kBad);
  CHESTLIGHT_TRY(ReaderAction action, parse_reader_action(reader));
  if (auto* zoom = std::get_if<ZoomAt>(&action); zoom && !(zoom->factor > 0)) return reader.error("factor must be above zero");
  return std::visit([](auto&& one) { return Action(std::move(one)); }, std::move(action));
}

Json effect_to_json(const Effect& effect) { return message_to_json(effect); }

}  // namespace chestlight::viewer
