#include "engine/protocol.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "base/npy.h"
#include "base/sha256.h"
#include "base/text.h"
#include "base/version.h"
#include "contract/analysis_json.h"
#include "contract/case_json.h"
#include "contract/explanation_json.h"
#include "contract/failure_json.h"
#include "contract/film_json.h"
#include "contract/film_record_json.h"
#include "contract/json_fields.h"
#include "contract/model_json.h"
#include "contract/picture_look_json.h"
#include "engine/describe.h"
#include "engine/dicom_json.h"
#include "engine/drift_request.h"
#include "engine/evaluate.h"
#include "engine/film_request.h"
#include "engine/head_training.h"
#include "engine/map_picture.h"
#include "engine/model_form.h"
#include "engine/model_import.h"
#include "findings/zone_statement.h"
#include "imaging/resample.h"
#include "imaging/sniff.h"
#include "imaging/window.h"
#include "render/picture_look.h"
#include "study/export.h"

namespace chestlight {
namespace {

constexpr std::size_t kLongestCaption = 1024;  // bytes of a file name

Result<std::uint32_t> id_argument(const JsonReader& args, std::string_view key) {
  CHESTLIGHT_TRY(long long id, args.integer(key));
  if (id < 0 || id > 0xffffffffLL) return args.error(text(key, ": not an id"));
  return static_cast<std::uint32_t>(id);
}

/// Empty where the key is missing.
Result<std::string> optional_string(const JsonReader& args, std::string_view key) {
  if (!args.has(key)) return std::string();
  return args.string(key);
}

/// False where the key is missing.
Result<bool> optional_flag(const JsonReader& args, std::string_view key) {
  if (!args.has(key)) return false;
  return args.boolean(key);
}

Result<void> expect_blobs(std::span<Blob> blobs, std::size_t count) {
  if (blobs.size() == count) return {};
  return Error{ErrorCode::kInvalidRequest, text("Expected ", count, " buffers, found ", blobs.size(), "."), ""};
}

/// The request as JSON, its inputs' values appended to `blobs`.
Json request_json(const std::optional<InferenceRequest>& request, std::vector<Blob>& blobs) {
  if (!request) return nullptr;
  Json inputs = Json::array();
  for (const InferenceTensor& tensor : request->inputs) {
    inputs.push_back(to_json(shape_of(tensor)));
    blobs.push_back(to_blob(std::span(tensor.values)));
  }
  return {{"graph", graph_of(*request)}, {"inputs", std::move(inputs)}, {"outputs", request->outputs}};
}

Result<Correction> correction_argument(const JsonReader& args) {
  Correction correction;
  CHESTLIGHT_CHECK(contract::take_field(args, "correction", correction));
  return correction;
}

/// What is said of a network: the form, and where that says nothing, the text of "facts".
Result<contract::ModelForm> form_argument(const JsonReader& args) {
  contract::ModelForm form;
  CHESTLIGHT_CHECK(contract::take_field(args, "form", form));
  CHESTLIGHT_TRY(const std::string facts, optional_string(args, "facts"));
  if (facts.empty()) return form;
  CHESTLIGHT_TRY(const contract::ModelForm beside, read_model_form(facts));
  return completed(std::move(form), beside);
}

/// How a picture is to look, as the film opens where that is left out; its caption; and the font, which is the one blob.
Result<PictureOrder> picture_argument(const JsonReader& args, std::span<Blob> blobs, const Film& film) {
  CHESTLIGHT_CHECK(expect_blobs(blobs, 1));
  contract::PictureLook asked;
  CHESTLIGHT_CHECK(contract::take_field(args, "look", asked));
  CHESTLIGHT_TRY(PictureLook look, picture_look_of(asked, film.window));
  CHESTLIGHT_TRY(std::string file, optional_string(args, "file"));
  CHESTLIGHT_TRY(std::string date, optional_string(args, "date"));
  if (file.size() > kLongestCaption || date.size() > kLongestCaption) return args.error("file, date: too long for a caption");
  CHESTLIGHT_TRY(Typeface typeface, Typeface::read(blobs[0]));
  return PictureOrder{look, std::move(file), std::move(date), std::make_shared<const Typeface>(std::move(typeface))};
}

}  // namespace

Protocol::Handler Protocol::find_handler(std::string_view method) {
  static constexpr std::pair<std::string_view, Handler> kHandlers[] = {
      {"version", &Protocol::version},
      {"sha256", &Protocol::sha256},
      {"load-model", &Protocol::load_model},
      {"graph", &Protocol::graph},
      {"warm-up", &Protocol::warm_up},
      {"open", &Protocol::open},
      {"pixels", &Protocol::pixels},
      {"analyse", &Protocol::analyse},
      {"next", &Protocol::next},
      {"accept", &Protocol::accept},
      {"result", &Protocol::result},
      {"overlay", &Protocol::overlay},
      {"close", &Protocol::close},
      {"cancel", &Protocol::cancel},
      {"open-dicom", &Protocol::open_dicom},
      {"sniff", &Protocol::sniff_format},
      {"model-input", &Protocol::model_input},
      {"methods", &Protocol::methods},
      {"explain", &Protocol::explain},
      {"trust", &Protocol::trust},
      {"export-map", &Protocol::export_map},
      {"tell", &Protocol::tell},
      {"work", &Protocol::work},
      {"records", &Protocol::records},
      {"evaluate", &Protocol::evaluate},
      {"features", &Protocol::features},
      {"drift", &Protocol::drift},
      {"train-head", &Protocol::train_head},
      {"anatomy", &Protocol::anatomy},
      {"load-anatomy", &Protocol::load_anatomy},
      {"import", &Protocol::import_checkpoint},
      {"revise", &Protocol::revise},
      {"describe-manifest", &Protocol::describe_manifest},
      {"evaluation", &Protocol::evaluation},
  };
  for (const auto& [name, handler] : kHandlers)
    if (name == method) return handler;
  return nullptr;
}

std::vector<Blob> Protocol::call(std::vector<Blob> inputs) {
  Result<Reply> reply = guarded([&] { return dispatch(inputs); });
  Json json;
  std::vector<Blob> outputs(1);
  if (reply) {
    json = {{"ok", true}, {"value", std::move(reply->value)}};
    for (Blob& blob : reply->blobs) outputs.push_back(std::move(blob));
  } else {
    json = {{"ok", false}, {"error", to_json(describe(reply.error()))}};
  }
  outputs[0] = to_blob(std::span<const char>(write_json(json)));
  return outputs;
}

Result<Protocol::Reply> Protocol::dispatch(std::span<Blob> inputs) {
  if (inputs.empty()) return Error{ErrorCode::kInvalidRequest, "A call needs a request.", ""};
  CHESTLIGHT_TRY(Json json, parse_json(as_text(inputs[0]), "the request"));
  JsonReader request(json, "", ErrorCode::kInvalidRequest);
  CHESTLIGHT_TRY(std::string method, request.string("method"));
  CHESTLIGHT_TRY(JsonReader args, request.member("args"));
  Handler handler = find_handler(method);
  if (!handler) return Error{ErrorCode::kInvalidRequest, text("There is no method \"", method, "\"."), ""};
  return (this->*handler)(args, inputs.subspan(1));
}

Result<Protocol::Reply> Protocol::version(const JsonReader&, std::span<Blob>) {
  return Reply{{{"app", app_name_and_version()}}, {}};
}

Result<Protocol::Reply> Protocol::sha256(const JsonReader&, std::span<Blob> blobs) {
  CHESTLIGHT_CHECK(expect_blobs(blobs, 1));
  return Reply{{{"sha256", sha256_hex(blobs[0])}}, {}};
}

Result<Protocol::Reply> Protocol::load_model(const JsonReader&, std::span<Blob> blobs) {
  CHESTLIGHT_CHECK(expect_blobs(blobs, 2));
  CHESTLIGHT_TRY(auto model, engine_.load_model(blobs[0], std::move(blobs[1])));
  return Reply{to_json(describe(*model)), {}};
}

Result<Protocol::Reply> Protocol::load_anatomy(const JsonReader&, std::span<Blob> blobs) {
  CHESTLIGHT_CHECK(expect_blobs(blobs, 2));
  const std::size_t bytes = blobs[1].size();
  CHESTLIGHT_TRY(auto model, engine_.load_anatomy(blobs[0], std::move(blobs[1])));
  const Manifest& manifest = model->manifest();
  return Reply{{{"id", manifest.id}, {"version", manifest.version}, {"sha256", model->sha256()}, {"bytes", bytes}}, {}};
}

Result<Protocol::Reply> Protocol::import_checkpoint(const JsonReader& args, std::span<Blob> blobs) {
  std::vector<std::string> names;
  CHESTLIGHT_CHECK(contract::take_field(args, "names", names));
  CHESTLIGHT_CHECK(expect_blobs(blobs, names.size()));
  std::map<std::string, Bytes, std::less<>> files;
  for (std::size_t i = 0; i < names.size(); ++i) files.emplace(names[i], blobs[i]);
  ImportRequest request;
  if (!names.empty()) request.file_name = names[0];
  CHESTLIGHT_TRY(request.id, optional_string(args, "id"));
  CHESTLIGHT_TRY(request.known, optional_string(args, "known"));
  CHESTLIGHT_TRY(request.form, form_argument(args));
  CHESTLIGHT_TRY(ImportedModel model, import_model(files, request));
  const Json value = {{"id", model.id},
                      {"name", model.name},
                      {"container", model.container},
                      {"architecture", model.architecture},
                      {"channels", model.channels},
                      {"side", model.side},
                      {"known", model.known},
                      {"labels", model.labels},
                      {"left_out", model.left_out},
                      {"assumptions", model.assumptions},
                      {"licence", model.licence},
                      {"link", model.link},
                      {"file", model.network_file},
                      {"notes", model.notes},
                      {"sha256", sha256_hex(model.weights)}};
  Reply reply{value, {}};
  reply.blobs.push_back(std::move(model.manifest));
  reply.blobs.push_back(std::move(model.weights));
  return reply;
}

Result<Protocol::Reply> Protocol::revise(const JsonReader& args, std::span<Blob> blobs) {
  CHESTLIGHT_CHECK(expect_blobs(blobs, 1));
  CHESTLIGHT_TRY(const contract::ModelForm form, form_argument(args));
  CHESTLIGHT_TRY(Blob manifest, revised_manifest(blobs[0], form));
  CHESTLIGHT_TRY(const Manifest parsed, parse_manifest(as_text(manifest)));
  Reply reply{to_json(describe_choice(parsed)), {}};
  reply.blobs.push_back(std::move(manifest));
  return reply;
}

Result<Protocol::Reply> Protocol::describe_manifest(const JsonReader&, std::span<Blob> blobs) {
  CHESTLIGHT_CHECK(expect_blobs(blobs, 1));
  CHESTLIGHT_TRY(const Manifest manifest, parse_manifest(as_text(blobs[0])));
  return Reply{to_json(describe_choice(manifest)), {}};
}

Result<Protocol::Reply> Protocol::graph(const JsonReader& args, std::span<Blob>) {
  CHESTLIGHT_TRY(std::string name, args.string("graph"));
  CHESTLIGHT_TRY(std::string precision_name, args.string("precision"));
  if (precision_name != "fp32" && precision_name != "fp16") return args.error("precision: expected fp32 or fp16");
  const Precision precision = precision_name == "fp16" ? Precision::kFloat16 : Precision::kFloat32;
  Reply reply;
  reply.blobs.resize(1);
  if (name == kAnatomyGraph) {
    CHESTLIGHT_TRY(auto anatomy, engine_.anatomy_model());
    CHESTLIGHT_TRY(reply.blobs[0], anatomy->architecture().onnx({}, precision));
    return reply;
  }
  CHESTLIGHT_TRY(auto model, engine_.model());
  CHESTLIGHT_TRY(const GraphVariant variant, graph_variant(name));
  CHESTLIGHT_TRY(reply.blobs[0], model->architecture().onnx(variant, precision));
  return reply;
}

Result<Protocol::Reply> Protocol::warm_up(const JsonReader& args, std::span<Blob>) {
  Reply reply;
  CHESTLIGHT_TRY(const bool of_anatomy, optional_flag(args, "anatomy"));
  if (of_anatomy) {
    CHESTLIGHT_TRY(auto anatomy, engine_.anatomy_model());
    reply.value = {{"request", request_json(anatomy->warm_up(), reply.blobs)}};
    return reply;
  }
  CHESTLIGHT_TRY(auto model, engine_.model());
  reply.value = {{"request", request_json(model->warm_up(), reply.blobs)}};
  return reply;
}

Result<Protocol::Reply> Protocol::open(const JsonReader& args, std::span<Blob> blobs) {
  CHESTLIGHT_CHECK(expect_blobs(blobs, 1));
  CHESTLIGHT_TRY(std::string name, args.string("name"));
  CHESTLIGHT_TRY(FilmId id, engine_.open(blobs[0]));
  CHESTLIGHT_TRY(const Film* film, engine_.film(id));
  return Reply{to_json(describe(id, name, *film)), {}};
}

Result<Protocol::Reply> Protocol::open_dicom(const JsonReader& args, std::span<Blob> blobs) {
  CHESTLIGHT_CHECK(expect_blobs(blobs, blobs.size() == 2 ? 2 : 1));
  CHESTLIGHT_TRY(std::string name, args.string("name"));
  CHESTLIGHT_TRY(JsonReader image_json, args.member("image"));
  CHESTLIGHT_TRY(StoredImage image, stored_image_from_json(image_json, std::move(blobs[0])));
  if (blobs.size() == 2) image.drawing = std::move(blobs[1]);
  CHESTLIGHT_TRY(FilmId id, engine_.open(image));
  CHESTLIGHT_TRY(const Film* film, engine_.film(id));
  return Reply{to_json(describe(id, name, *film)), {}};
}

Result<Protocol::Reply> Protocol::sniff_format(const JsonReader&, std::span<Blob> blobs) {
  CHESTLIGHT_CHECK(expect_blobs(blobs, 1));
  return Reply{{{"kind", format_info(sniff(blobs[0])).kind}}, {}};
}

Result<Protocol::Reply> Protocol::pixels(const JsonReader& args, std::span<Blob>) {
  CHESTLIGHT_TRY(std::uint32_t id, id_argument(args, "film"));
  CHESTLIGHT_TRY(const Film* film, engine_.film(id));
  Reply reply;
  Json tables = Json::array();
  reply.blobs.push_back(to_blob(std::span(film->pixels.values())));
  for (const DisplayTable& table : film->tables) {
    tables.push_back({{"first", table.first}, {"last", table.last}, {"entries", table.values.size()}});
    reply.blobs.push_back(to_blob(std::span(table.values)));
  }
  reply.value = {
      {"width", film->width()}, {"height", film->height()}, {"full_scale", film->full_scale}, {"tables", std::move(tables)}};
  return reply;
}

Result<Protocol::Reply> Protocol::analyse(const JsonReader& args, std::span<Blob>) {
  CHESTLIGHT_TRY(std::uint32_t film, id_argument(args, "film"));
  CHESTLIGHT_TRY(std::string operating_point, optional_string(args, "operating_point"));
  CHESTLIGHT_TRY(Correction correction, correction_argument(args));
  CHESTLIGHT_TRY(bool anyway, optional_flag(args, "anyway"));
  std::shared_ptr<const Anatomy> anatomy;
  if (args.has("anatomy")) {
    CHESTLIGHT_TRY(const std::uint32_t found, id_argument(args, "anatomy"));
    CHESTLIGHT_TRY(const AnatomyJob* finished, engine_.anatomy_job(found));
    if (!finished->finished()) return args.error("anatomy must be a finished job");
    anatomy = std::make_shared<const Anatomy>(finished->anatomy());
  }
  CHESTLIGHT_TRY(JobId job, engine_.analyse(film, operating_point, correction, anyway, std::move(anatomy)));
  return Reply{{{"job", job}}, {}};
}

Result<Protocol::Reply> Protocol::anatomy(const JsonReader& args, std::span<Blob>) {
  CHESTLIGHT_TRY(std::uint32_t film, id_argument(args, "film"));
  CHESTLIGHT_TRY(Correction correction, correction_argument(args));
  CHESTLIGHT_TRY(JobId job, engine_.anatomy(film, correction));
  return Reply{{{"job", job}}, {}};
}

Result<Protocol::Reply> Protocol::model_input(const JsonReader& args, std::span<Blob>) {
  CHESTLIGHT_TRY(std::uint32_t id, id_argument(args, "film"));
  CHESTLIGHT_TRY(Correction correction, correction_argument(args));
  CHESTLIGHT_TRY(PreparedInput prepared, engine_.prepare(id, correction));
  CHESTLIGHT_TRY(auto model, engine_.model());
  return Reply{to_json(prepared.record), {input_picture(prepared.input, model->manifest().input).values()}};
}

Result<Protocol::Reply> Protocol::methods(const JsonReader&, std::span<Blob>) {
  CHESTLIGHT_TRY(auto model, engine_.model());
  return Reply{{{"methods", contract::to_json(describe_methods(*model))}}, {}};
}

Result<Protocol::Reply> Protocol::evaluation(const JsonReader& args, std::span<Blob>) {
  CHESTLIGHT_TRY(auto model, engine_.model());
  const Manifest& manifest = model->manifest();
  CHESTLIGHT_TRY(std::string id, args.string("finding"));
  CHESTLIGHT_TRY(std::string operating_point, optional_string(args, "operating_point"));
  CHESTLIGHT_TRY(std::size_t finding, find_finding(manifest, id));
  CHESTLIGHT_TRY(const OperatingPoint point, find_operating_point(manifest, operating_point));
  const Label& label = manifest.labels[finding];
  if (!label.trained || !label.evaluation)
    return Error{ErrorCode::kInvalidRequest, text(label.name, ": ", why_not_assessed(label.trained, label.evaluation)),
                 "Ask about a finding whose score was evaluated."};
  const Calibrated threshold = point.thresholds[finding];
  Reply reply;
  reply.value = {{"finding", label.id},
                 {"threshold", threshold.value},
                 {"evaluation", evaluation_sentence(*label.evaluation, threshold, label.calibration)},
                 {"at_prevalence", ""}};
  if (!args.has("prevalence")) return reply;
  CHESTLIGHT_TRY(double prevalence, args.number("prevalence"));
  if (!(prevalence > 0 && prevalence < 1)) return args.error("prevalence: expected a number between 0 and 1");
  reply.value["at_prevalence"] = prevalence_sentence(*label.evaluation, threshold, label.calibration, prevalence);
  return reply;
}

Result<Protocol::Reply> Protocol::explain(const JsonReader& args, std::span<Blob>) {
  return start_explanation(args, &Engine::explain);
}

Result<Protocol::Reply> Protocol::trust(const JsonReader& args, std::span<Blob>) {
  return start_explanation(args, &Engine::trust);
}

Result<Protocol::Reply> Protocol::start_explanation(const JsonReader& args,
                                                    Result<JobId> (Engine::*start)(const ExplainRequest&)) {
  ExplainRequest request;
  CHESTLIGHT_TRY(request.film, id_argument(args, "film"));
  CHESTLIGHT_TRY(request.finding, args.string("finding"));
  CHESTLIGHT_TRY(request.method, args.string("method"));
  CHESTLIGHT_TRY(request.layer, optional_string(args, "layer"));
  CHESTLIGHT_TRY(request.operating_point, optional_string(args, "operating_point"));
  CHESTLIGHT_TRY(request.correction, correction_argument(args));
  CHESTLIGHT_TRY(request.anyway, optional_flag(args, "anyway"));
  CHESTLIGHT_TRY(JobId job, (engine_.*start)(request));
  return Reply{{{"job", job}}, {}};
}

Result<Protocol::Reply> Protocol::next(const JsonReader& args, std::span<Blob>) {
  CHESTLIGHT_TRY(std::uint32_t id, id_argument(args, "job"));
  CHESTLIGHT_TRY(Job * job, engine_.job(id));
  Reply reply;
  reply.value = {{"request", request_json(job->next(), reply.blobs)}};
  return reply;
}

Result<Protocol::Reply> Protocol::accept(const JsonReader& args, std::span<Blob> blobs) {
  CHESTLIGHT_TRY(std::uint32_t id, id_argument(args, "job"));
  CHESTLIGHT_TRY(Job * job, engine_.job(id));
  std::vector<contract::TensorShape> shapes;
  CHESTLIGHT_CHECK(contract::take_required(args, "outputs", shapes));
  CHESTLIGHT_TRY(std::vector<InferenceTensor> outputs, tensors_of(shapes, blobs));
  CHESTLIGHT_CHECK(job->accept(std::move(outputs)));
  JobProgress progress = job->progress();
  return Reply{{{"done", progress.done}, {"total", progress.total}}, {}};
}

Result<Protocol::Reply> Protocol::result(const JsonReader& args, std::span<Blob>) {
  CHESTLIGHT_TRY(std::uint32_t id, id_argument(args, "job"));
  CHESTLIGHT_TRY(Job * job, engine_.job(id));
  if (!job->finished()) return args.error("job: not finished");
  JobResult result = job->result();
  Reply reply{std::move(result.value), {}};
  for (const std::vector<float>& tensor : result.tensors) reply.blobs.push_back(to_blob(std::span(tensor)));
  return reply;
}

Result<Protocol::Reply> Protocol::overlay(const JsonReader& args, std::span<Blob> blobs) {
  CHESTLIGHT_TRY(std::uint32_t job_id, id_argument(args, "job"));
  CHESTLIGHT_TRY(std::uint32_t film_id, id_argument(args, "film"));
  CHESTLIGHT_TRY(std::string finding, args.string("finding"));
  CHESTLIGHT_TRY(AnalyseJob * job, engine_.analyse_job(job_id));
  CHESTLIGHT_TRY(const Film* film, engine_.film(film_id));
  if (!job->finished() || !job->analysis().analysed) return args.error("job: the film was not analysed");
  if (job->analysis().evidence.width == 0)
    return Error{ErrorCode::kUnavailable, "This model's graph gives scores alone: there is no map to draw.",
                 "Use another model."};
  auto label = job->model().manifest().find_label(finding);
  if (!label) return args.error(text("finding: the model has no \"", finding, "\""));
  CHESTLIGHT_TRY(PictureOrder order, picture_argument(args, blobs, *film));
  MapPicture picture = evidence_picture(job->model(), job->analysis(), *label, *film, order);
  return Reply{{{"width", picture.width}, {"height", picture.height}, {"full_scale", picture.full_scale}},
               {std::move(picture.png)}};
}

Result<Protocol::Reply> Protocol::export_map(const JsonReader& args, std::span<Blob> blobs) {
  CHESTLIGHT_TRY(std::uint32_t job_id, id_argument(args, "job"));
  CHESTLIGHT_TRY(std::uint32_t film_id, id_argument(args, "film"));
  CHESTLIGHT_TRY(ExplainJob * job, engine_.explain_job(job_id));
  CHESTLIGHT_TRY(const Film* film, engine_.film(film_id));
  if (!job->finished() || !job->value().analysed) return args.error("job: the film was not explained");
  const Explanation& explanation = job->value();
  CHESTLIGHT_TRY(PictureOrder order, picture_argument(args, blobs, *film));
  MapPicture picture = explanation_picture(job->model(), explanation, *film, order);
  Reply reply{to_json(describe(job->model(), explanation)), {write_npy(explanation.map.values.view()), std::move(picture.png)}};
  reply.value["full_scale"] = picture.full_scale;
  reply.value["app"] = app_name_and_version();
  if (!explanation.map.spread.empty()) reply.blobs.push_back(write_npy(explanation.map.spread.view()));
  return reply;
}

Result<Protocol::Reply> Protocol::evaluate(const JsonReader& args, std::span<Blob> blobs) {
  CHESTLIGHT_TRY(EvaluationReply reply, evaluate_request(args, blobs));
  return Reply{std::move(reply.value), std::move(reply.blobs)};
}

Result<Protocol::Reply> Protocol::features(const JsonReader& args, std::span<Blob>) {
  CHESTLIGHT_TRY(std::uint32_t job_id, id_argument(args, "job"));
  CHESTLIGHT_TRY(AnalyseJob * job, engine_.analyse_job(job_id));
  if (!job->finished() || !job->analysis().analysed) return args.error("job: the film was not analysed");
  if (job->analysis().pooled.empty())
    return Error{ErrorCode::kUnavailable, "The features behind the scores are needed; this model's graph gives scores alone.",
                 "Use a model that comes with its weights."};
  return Reply{Json::object(), {to_blob(std::span(job->analysis().pooled))}};
}

Result<Protocol::Reply> Protocol::drift(const JsonReader& args, std::span<Blob> blobs) {
  CHESTLIGHT_TRY(Json value, drift_request(args, blobs));
  return Reply{std::move(value), {}};
}

Result<Protocol::Reply> Protocol::train_head(const JsonReader& args, std::span<Blob> blobs) {
  CHESTLIGHT_TRY(auto model, engine_.model());
  CHESTLIGHT_TRY(EvaluationReply reply, train_head_request(args, blobs, *model));
  return Reply{std::move(reply.value), std::move(reply.blobs)};
}

Result<Protocol::Reply> Protocol::close(const JsonReader& args, std::span<Blob>) {
  CHESTLIGHT_TRY(std::uint32_t id, id_argument(args, "film"));
  engine_.close(id);
  return Reply{};
}

Result<Protocol::Reply> Protocol::cancel(const JsonReader& args, std::span<Blob>) {
  CHESTLIGHT_TRY(std::uint32_t id, id_argument(args, "job"));
  engine_.cancel(id);
  return Reply{};
}

Result<Protocol::Reply> Protocol::tell(const JsonReader& args, std::span<Blob> blobs) {
  double spent = 0;
  CHESTLIGHT_CHECK(contract::take_field(args, "spent", spent));
  CHESTLIGHT_TRY(JsonReader reader, args.member("message"));
  CHESTLIGHT_TRY(contract::CaseMessage message, contract::parse_case_message(reader));
  case_.tell(std::move(message), {std::make_move_iterator(blobs.begin()), std::make_move_iterator(blobs.end())}, spent);
  return steps();
}

Result<Protocol::Reply> Protocol::work(const JsonReader& args, std::span<Blob>) {
  double spent = 0;
  CHESTLIGHT_CHECK(contract::take_field(args, "spent", spent));
  case_.work(spent);
  return steps();
}

/// What the case asks of the thread since it was called last.
Protocol::Reply Protocol::steps() {
  Reply reply;
  Json steps = Json::array();
  for (CaseStep& one : case_.take_steps()) {
    Json& step = steps.emplace_back(contract::to_json(one.step));
    step["blobs"] = one.blobs.size();
    for (Blob& blob : one.blobs) reply.blobs.push_back(std::move(blob));
  }
  reply.value = {{"steps", std::move(steps)}, {"task", case_.next_task()}};
  return reply;
}

Result<Protocol::Reply> Protocol::records(const JsonReader& args, std::span<Blob>) {
  CHESTLIGHT_TRY(std::string format, args.string("format"));
  if (format != "json" && format != "csv" && format != "csv-wide") return args.error("format: expected json, csv or csv-wide");
  std::vector<contract::FilmRecord> records;
  CHESTLIGHT_CHECK(contract::take_required(args, "records", records));
  const std::string written = format == "csv"        ? records_as_csv(records)
                              : format == "csv-wide" ? records_as_wide_csv(records)
                                                     : records_as_json(records);
  return Reply{Json::object(), {to_blob(std::span<const char>(written))}};
}

}  // namespace chestlight
