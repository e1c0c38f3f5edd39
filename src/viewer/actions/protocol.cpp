// See protocol.h.
#include "viewer/actions/protocol.h"

#include <cstring>

#include "base/text.h"
#include "imaging/correction_json.h"
#include "viewer/actions/analysis_json.h"
#include "viewer/actions/explanation_json.h"
#include "viewer/actions/film_facts.h"
#include "viewer/actions/json_fields.h"

namespace chestlight::viewer {
namespace {

constexpr ErrorCode kBad = ErrorCode::kInvalidRequest;

const Json& object_or_empty(const Json& json, const char* key) {
  static const Json empty = Json::object();
  auto found = json.find(key);
  return found != json.end() && found->is_object() ? *found : empty;
}
std::vector<std::string> texts_or(const Json& json, const char* key) {
  std::vector<std::string> texts;
  if (auto found = json.find(key); found != json.end() && found->is_array())
    for (const Json& item : *found)
      if (item.is_string()) texts.push_back(item.get<std::string>());
  return texts;
}
std::vector<std::string> names_or(const Json& json, const char* key) {
  std::vector<std::string> names;
  if (auto found = json.find(key); found != json.end() && found->is_array())
    for (const Json& item : *found) names.push_back(item.is_string() ? item.get<std::string>() : text_or(item, "name"));
  return names;
}

Failure parse_failure(const Json& message) {
  const Json& error = object_or_empty(message, "error");
  Failure failure{text_or(error, "code", "internal"), text_or(error, "message"), text_or(error, "hint")};
  if (failure.message.empty()) failure.message = "Something went wrong, and no reason was given.";
  return failure;
}

Backend parse_backend(const Json& json) { return {text_or(json, "name"), text_or(json, "detail"), texts_or(json, "fallbacks")}; }

ModelInfo parse_model(const Json& json) {
  const Json& input = object_or_empty(json, "input");
  ModelInfo model;
  model.id = text_or(json, "id");
  model.name = text_or(json, "name", model.id);
  model.version = text_or(json, "version");
  model.sha256 = text_or(json, "sha256");
  model.licence = text_or(json, "licence");
  model.input_width = static_cast<int>(number_or(input, "width"));
  model.input_height = static_cast<int>(number_or(input, "height"));
  model.notice = text_or(json, "notice");
  model.labels = names_or(json, "labels");
  if (auto points = json.find("operating_points"); points != json.end() && points->is_array())
    for (const Json& point : *points) model.operating_points.push_back(operating_point_from_json(point));
  model.default_operating_point = text_or(json, "default_operating_point");
  model.limits = texts_or(json, "limits");
  return model;
}

Result<std::optional<Action>> parse_film(const JsonReader& reader, int id, Bytes blob) {
  CHESTLIGHT_TRY(JsonReader film, reader.member("film"));
  FilmInfo info;
  CHESTLIGHT_TRY(long long width, film.integer("width"));
  CHESTLIGHT_TRY(long long height, film.integer("height"));
  CHESTLIGHT_TRY(long long full_scale, film.integer("full_scale"));
  if (width < 1 || height < 1 || full_scale < 1) return film.error("a film needs a size and a scale above zero");
  info.width = static_cast<int>(width);
  info.height = static_cast<int>(height);
  info.full_scale = static_cast<int>(full_scale);
  const Json& json = film.json();
  info.low = static_cast<int>(number_or(json, "low"));
  info.high = static_cast<int>(number_or(json, "high", info.full_scale));
  info.window = parse_window(object_or_empty(json, "window"), {info.full_scale / 2.0, static_cast<double>(info.full_scale)});
  info.format = text_or(json, "format");
  info.bits = static_cast<int>(number_or(json, "bits", 8));
  info.channels = static_cast<int>(number_or(json, "channels", 1));
  info.lossy = flag_or(json, "lossy");
  info.notes = texts_or(json, "notes");
  read_film_facts(json, info);

  const Json& size = object_or_empty(reader.json(), "thumbnail");
  auto thumbnail = std::make_shared<Thumbnail>();
  thumbnail->width = static_cast<int>(number_or(size, "width"));
  thumbnail->height = static_cast<int>(number_or(size, "height"));
  auto cells = static_cast<std::size_t>(thumbnail->width) * static_cast<std::size_t>(thumbnail->height);
  bool whole = thumbnail->width > 0 && thumbnail->height > 0 && cells == blob.size();
  if (whole) thumbnail->grey.assign(blob.begin(), blob.end());
  return std::optional<Action>(FilmOpened{id, text_or(json, "name"), info, whole ? thumbnail : nullptr});
}

/// The display tables, whose values follow those of the pixels. An empty vector if they do not fit the bytes.
std::vector<DisplayTable> parse_tables(const Json& message, Bytes values) {
  std::vector<DisplayTable> tables;
  auto list = message.find("tables");
  if (list == message.end() || !list->is_array()) return tables;
  for (const Json& json : *list) {
    DisplayTable table{number_or(json, "first", 0), number_or(json, "last", 1), {}};
    double entries = number_or(json, "entries");
    if (!(entries >= 2 && entries * 2 <= static_cast<double>(values.size())) || !(table.first < table.last)) return {};
    table.values.resize(static_cast<std::size_t>(entries));
    std::memcpy(table.values.data(), values.data(), table.values.size() * 2);
    values = values.subspan(table.values.size() * 2);
    tables.push_back(std::move(table));
  }
  return tables;
}

Result<std::optional<Action>> parse_pixels(const JsonReader& reader, int id, Bytes blob) {
  CHESTLIGHT_TRY(long long width, reader.integer("width"));
  CHESTLIGHT_TRY(long long height, reader.integer("height"));
  auto pixels = std::make_shared<PixelBuffer>();
  pixels->film = id;
  pixels->width = static_cast<int>(width);
  pixels->height = static_cast<int>(height);
  pixels->full_scale = static_cast<int>(number_or(reader.json(), "full_scale", 65535));
  bool sized = width >= 1 && height >= 1 && width <= 1'000'000 && height <= 1'000'000;
  auto count = sized ? static_cast<std::size_t>(width) * static_cast<std::size_t>(height) : 0;
  if (!sized || blob.size() / 2 < count)
    return reader.error(text("expected ", width, " × ", height, " 16-bit pixels, found ", blob.size(), " bytes"));
  pixels->values.resize(count);
  std::memcpy(pixels->values.data(), blob.data(), count * 2);
  pixels->tables = parse_tables(reader.json(), blob.subspan(count * 2));
  return std::optional<Action>(PixelsArrived{pixels});
}

std::vector<FilmQueued> parse_queued(const Json& message) {
  std::vector<FilmQueued> queued;
  if (auto films = message.find("films"); films != message.end() && films->is_array())
    for (const Json& film : *films)
      if (int id = static_cast<int>(number_or(film, "id"))) queued.push_back({id, text_or(film, "name")});
  return queued;
}

Result<std::optional<Action>> parse_model_picture(const JsonReader& reader, int id, Bytes blob) {
  auto picture = std::make_shared<ModelPicture>();
  picture->film = id;
  CHESTLIGHT_TRY(JsonReader input, reader.member("input"));
  CHESTLIGHT_TRY(picture->input, model_input_from_json(input));
  const auto width = picture->input.width, height = picture->input.height;
  if (width < 1 || height < 1 || blob.size() != static_cast<std::size_t>(width) * static_cast<std::size_t>(height))
    return reader.error(text("expected ", width, " × ", height, " grey values, found ", blob.size(), " bytes"));
  picture->grey.assign(blob.begin(), blob.end());
  return std::optional<Action>(ModelPictureArrived{picture});
}

Action parse_identifiers(const Json& message, int id) {
  IdentifiersArrived arrived{id, {}};
  if (auto list = message.find("identifiers"); list != message.end() && list->is_array())
    for (const Json& one : *list) arrived.identifiers.push_back({text_or(one, "label"), text_or(one, "value")});
  return arrived;
}

Tool tool_of(const std::string& name) {
  return name == "length"      ? Tool::kLength
         : name == "angle"     ? Tool::kAngle
         : name == "probe"     ? Tool::kProbe
         : name == "magnifier" ? Tool::kMagnifier
                               : Tool::kNone;
}

Action parse_environment(const Json& message) {
  EnvironmentKnown environment{flag_or(message, "reduced_motion"), flag_or(message, "touch"), {}, {}};
  if (auto examples = message.find("examples"); examples != message.end() && examples->is_array())
    for (const Json& example : *examples) {
      std::string file = text_or(example, "file");
      if (!file.empty()) environment.examples.push_back({file, text_or(example, "name", file)});
    }
  if (auto models = message.find("models"); models != message.end() && models->is_array())
    for (const Json& model : *models) {
      std::string id = text_or(model, "id");
      auto bytes = static_cast<long long>(number_or(model, "bytes"));
      if (!id.empty()) environment.models.push_back({id, text_or(model, "name", id), bytes});
    }
  return environment;
}

}  // namespace

Result<std::optional<Action>> parse_message(const Json& message, Bytes blob) {
  JsonReader reader(message, "message", kBad);
  CHESTLIGHT_TRY(std::string type, reader.string("type"));
  auto some = [](Action action) { return Result<std::optional<Action>>(std::optional<Action>(std::move(action))); };

  if (type == "loading")
    return some(LoadingProgressed{text_or(message, "what"), number_or(message, "done"), number_or(message, "total")});
  if (type == "ready")
    return some(EngineReady{parse_backend(object_or_empty(message, "backend")), parse_model(object_or_empty(message, "model")),
                            methods_from_json(message)});
  if (type == "failed") return some(EngineFailed{parse_failure(message)});
  if (type == "backend") return some(BackendChanged{parse_backend(object_or_empty(message, "backend"))});
  if (type == "drag") return some(FilesDragged{flag_or(message, "over")});
  if (type == "settings") return some(SettingsRestored{settings_from_json(object_or_empty(message, "settings"))});
  if (type == "environment") return some(parse_environment(message));
  if (type == "network")
    return some(NetworkCounted{
        {static_cast<long long>(number_or(message, "bytes_sent")), static_cast<int>(number_or(message, "foreign_requests"))}});
  if (type == "exported") return some(Exported{text_or(message, "name")});
  if (type == "notice") return some(Noticed{text_or(message, "text")});
  if (type == "action") {
    CHESTLIGHT_TRY(Action action, parse_action(object_or_empty(message, "action")));
    return some(std::move(action));
  }
  if (type == "explaining" || type == "explanation" || type == "trust" || type == "explanation-failed" ||
      type == "explanation-cancelled") {
    CHESTLIGHT_TRY(long long request, reader.integer("request"));
    if (type == "explanation-failed") return some(ExplanationFailed{static_cast<int>(request), parse_failure(message)});
    return some(parse_explanation_message(reader, type, static_cast<int>(request), blob));
  }
  if (type != "queued" && type != "unpacked" && type != "film" && type != "film-failed" && type != "pixels" &&
      type != "model-input" && type != "identifiers" && type != "analysing" && type != "analysis" && type != "analysis-failed" &&
      type != "cancelled")
    return std::optional<Action>();

  CHESTLIGHT_TRY(long long long_id, reader.integer("id"));
  int id = static_cast<int>(long_id);
  if (type == "queued") return some(FilmQueued{id, text_or(message, "name"), flag_or(message, "synthetic")});
  if (type == "unpacked") return some(FilmsUnpacked{id, parse_queued(message)});
  if (type == "film") return parse_film(reader, id, blob);
  if (type == "film-failed")
    return some(FilmFailed{id, text_or(message, "name"), parse_failure(message), text_or(message, "kind"),
                           flag_or(message, "retry", true)});
  if (type == "pixels") return parse_pixels(reader, id, blob);
  if (type == "identifiers") return some(parse_identifiers(message, id));
  if (type == "model-input") return parse_model_picture(reader, id, blob);
  if (type == "analysing")
    return some(
        AnalysisProgressed{id, static_cast<int>(number_or(message, "done")), static_cast<int>(number_or(message, "total"))});
  if (type == "analysis-failed") return some(AnalysisFailed{id, parse_failure(message)});
  if (type == "cancelled") return some(AnalysisCancelled{id});
  CHESTLIGHT_TRY(JsonReader body, reader.member("analysis"));
  CHESTLIGHT_TRY(Analysis analysis, analysis_from_json(body, blob));
  const Json& times = object_or_empty(message, "milliseconds");
  analysis.milliseconds = {number_or(times, "decode"), number_or(times, "prepare"), number_or(times, "run"),
                           number_or(times, "explain")};
  return some(AnalysisArrived{id, std::make_shared<Analysis>(std::move(analysis))});
}

Result<Action> parse_action(const Json& json) {
  JsonReader reader(json, "action", kBad);
  CHESTLIGHT_TRY(std::string type, reader.string("type"));
  auto mode = [&] { return text_or(json, "mode") == "signed" ? OverlayMode::kSigned : OverlayMode::kEvidence; };
  int id = static_cast<int>(number_or(json, "id"));
  double value = number_or(json, "value");

  if (type == "command") return Action(RunCommand{text_or(json, "id")});
  if (type == "select-film") return Action(SelectFilm{id});
  if (type == "remove-film") return Action(RemoveFilm{id});
  if (type == "retry-film") return Action(RetryFilm{id});
  if (type == "hover") return Action(HoverFinding{text_or(json, "finding")});
  if (type == "pin") return Action(PinFinding{text_or(json, "finding")});
  if (type == "overlay-visible") return Action(SetOverlayVisible{flag_or(json, "visible", true)});
  if (type == "overlay-mode") return Action(SetOverlayMode{mode()});
  if (type == "opacity") return Action(SetOpacity{value});
  if (type == "contour") return Action(SetContour{flag_or(json, "visible", true)});
  if (type == "contour-level") return Action(SetContourLevel{value});
  if (type == "model-outline") return Action(SetModelOutline{flag_or(json, "visible", true)});
  if (type == "correct") {
    CHESTLIGHT_TRY(Correction correction, correction_from_json(reader));
    return Action(SetCorrection{correction});
  }
  if (type == "order")
    return Action(SetOrder{text_or(json, "order") == "fixed" ? FindingsOrder::kFixed : FindingsOrder::kByMargin});
  if (type == "hold-original") return Action(HoldOriginal{flag_or(json, "held", true)});
  if (type == "frame") return Action(ShowFrame{static_cast<int>(number_or(json, "frame")), flag_or(json, "chosen")});
  if (type == "window") {
    CHESTLIGHT_TRY(double centre, reader.number("centre"));
    CHESTLIGHT_TRY(double width, reader.number("width"));
    return Action(SetWindow{{centre, width}});
  }
  if (type == "window-preset") return Action(ChoosePreset{text_or(json, "id")});
  if (type == "zoom-at") {
    CHESTLIGHT_TRY(double x, reader.number("x"));
    CHESTLIGHT_TRY(double y, reader.number("y"));
    CHESTLIGHT_TRY(double factor, reader.number("factor"));
    if (factor <= 0) return reader.error("factor must be above zero");
    return Action(ZoomAt{{x, y}, factor});
  }
  if (type == "pan") return Action(Pan{number_or(json, "x"), number_or(json, "y")});
  if (type == "tool") return Action(ChooseTool{tool_of(text_or(json, "tool"))});
  if (type == "point-at") return Action(PointAt{{number_or(json, "x"), number_or(json, "y")}});
  if (type == "press-tool") return Action(PressTool{});
  if (type == "release-tool") return Action(ReleaseTool{});
  if (type == "select-measurement") return Action(SelectMeasurement{id});
  if (type == "remove-measurement") return Action(RemoveMeasurement{id});
  if (type == "rebind") return Action(RebindKey{text_or(json, "id")});
  if (type == "operating-point") return Action(ChooseOperatingPoint{text_or(json, "id")});
  if (type == "change-gesture") return Action(ChangeGesture{text_or(json, "id")});
  if (type == "toggle-checks") return Action(ToggleChecks{});
  if (type == "choose-method") return Action(ChooseMethod{text_or(json, "method"), text_or(json, "layer")});
  if (type == "toggle-trust-details") return Action(ToggleTrustDetails{});
  if (type == "close-kept") return Action(CloseKept{static_cast<int>(number_or(json, "index", -1))});
  if (type == "run-kept") return Action(RunKept{static_cast<int>(number_or(json, "index", -1))});
  if (type == "open-example") return Action(OpenExample{text_or(json, "file")});
  if (type == "load-model") return Action(LoadModel{text_or(json, "model")});
  if (type == "export") return Action(ExportFindings{text_or(json, "format", "json"), flag_or(json, "identifiers")});
  return reader.error("unknown type \"" + type + "\"");
}

Json effect_to_json(const Effect& effect) {
  struct Writer {
    Json operator()(const PickFiles&) { return {{"type", "pick-files"}}; }
    Json operator()(const PickFolder&) { return {{"type", "pick-folder"}}; }
    Json operator()(const PasteFiles&) { return {{"type", "paste"}}; }
    Json operator()(const RequestExample& e) { return {{"type", "open-example"}, {"file", e.file}}; }
    Json operator()(const RequestPixels& e) { return {{"type", "pixels"}, {"id", e.id}}; }
    Json operator()(const RequestFrame& e) { return {{"type", "frame"}, {"id", e.id}, {"frame", e.frame}, {"chosen", e.chosen}}; }
    Json operator()(const RequestAnalysis& e) {
      Json json = {{"type", "analyse"}, {"id", e.id}};
      if (e.request.correction.any()) json["correction"] = correction_json(e.request.correction);
      if (e.request.anyway) json["anyway"] = true;
      if (!e.operating_point.empty()) json["operating_point"] = e.operating_point;
      return json;
    }
    Json operator()(const RequestModelPicture& e) {
      return {{"type", "model-input"}, {"id", e.id}, {"correction", correction_json(e.correction)}};
    }
    Json operator()(const RequestCancel& e) { return {{"type", "cancel"}, {"id", e.id}}; }
    Json operator()(const RequestClose& e) { return {{"type", "close"}, {"id", e.id}}; }
    Json operator()(const RequestReopen& e) { return {{"type", "reopen"}, {"id", e.id}}; }
    Json operator()(const RequestModel& e) { return {{"type", "load-model"}, {"model", e.id}}; }
    Json operator()(const RequestCancelLoading&) { return {{"type", "cancel-loading"}}; }
    Json operator()(const SaveSettings& e) { return {{"type", "settings"}, {"settings", settings_to_json(e.settings)}}; }
    Json operator()(const CopyToClipboard& e) { return {{"type", "copy"}, {"text", e.text}}; }
    Json operator()(const RequestExport& e) {
      Json json = {{"type", "export"}, {"format", e.format}};
      if (e.identifiers) json["identifiers"] = true;
      return json;
    }
    Json operator()(const RequestIdentifiers& e) { return {{"type", "identifiers"}, {"id", e.id}}; }
    Json operator()(const RequestExplanation& e) { return question_json("explain", e.question); }
    Json operator()(const RequestTrust& e) { return question_json("trust", e.question); }
    Json operator()(const RequestMapExport& e) { return question_json("export-map", e.question); }
    Json operator()(const RequestCancelExplanation& e) { return {{"type", "cancel-explanation"}, {"request", e.request}}; }
  };
  return std::visit(Writer{}, effect);
}

}  // namespace chestlight::viewer
