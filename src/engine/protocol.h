// The engine's one entrance, for the page's worker, for Node and for tests: a JSON request with byte buffers in, a JSON
// reply with byte buffers out.
//
//   inputs   [0] {"method": "open", "args": {…}}   [1…] the method's blobs
//   outputs  [0] {"ok": true, "value": …} or {"ok": false, "error": {"code", "message", "hint"}}   [1…] its blobs
//
// Numbers in blobs are little-endian: uint8, uint16, int32 or float32 as the table says. call() never throws: running out of
// memory is an Error too.
//
//   method      args                         blobs in            value                                   blobs out
//   sha256      {}                           file bytes          {sha256}                                –
//   version     {}                           –                   {app}: "Chestlight 0.1.0"                 –
//   load-model  {}                           manifest, weights   contract::ModelInfo                      –
//   load-anatomy {}                          manifest, weights   {id, version, sha256, bytes}            –
//   import      {names, id?, known?, form?, facts?}  a file for each name  {id, name, container, architecture,    manifest,
//                     channels, side, known, labels, left_out, assumptions, notes, licence, link, sha256, file} network
//   revise      {form?, facts?}              manifest                contract::ModelChoice of the new manifest      manifest
//   describe-manifest {}                     manifest                contract::ModelChoice                          –
//   graph       {graph, precision}           –                   {}                                      ONNX bytes
//   warm-up     {anatomy?}                   –                   {request} as `next`                     float32 each
//   open        {name}                       file bytes          contract::FilmInfo                      –
//   open-dicom  {name, image}                values, drawing?    the film; image as in dicom_json.h      –
//   sniff       {}                           first bytes         {kind}, as sniff.h has it: "PDF"          –
//   pixels      {film}                       –                   {width, height, full_scale, tables: [{first, last,  uint16 grey,
//   then
//                                                                 entries}]} of display curves             uint16 each
//   analyse     {film, operating_point?, correction?, anyway?, anatomy?}  –  {job}; correction as contract::Correction –
//   model-input {film, correction?}          –                   contract::InputRecord                   uint8 grey
//   methods     {}                           –                   {methods: [contract::MethodInfo]}        –
//   evaluation  {finding, operating_point?, prevalence?}  –  {finding, threshold, evaluation, at_prevalence}: sentences –
//   explain     {film, finding, method, layer?, operating_point?, correction?, anyway?}  –  {job}           –
//   trust       as explain                   –                   {job}                                  –
//   anatomy     {film, correction?}          –                   {job}                                   –
//   next        {job}                        –                   {request: null | {graph, inputs, outputs}}  float32 each
//   accept      {job, outputs:[{name,shape}]}  float32 each      {done, total}                           –
//   result      {job}                        –                   Analysis, Explanation, TrustReport or AnatomyReport  float32
//   maps overlay     {job, film, finding, look?, file?, date?}  font  {width, height, full_scale}             PNG bytes
//   export-map  {job, film, look?, file?, date?}  font           contract::Explanation, full_scale, app       NPY, PNG, NPY?
//   close       {film}                       –                   {}                                      –
//   cancel      {job}                        –                   {}                                      –
//   tell        {message, spent?}            the message's       {steps, task}                           the steps', in order
//   work        {spent?}                     –                   {steps, task}                           the same
//   records     {format, records}            –                   {}                                      JSON or CSV
//   evaluate    as evaluate.h has it         table, scores       figures of models on labels             report, CSV
//   features    {job}                        –                   {}: of a finished analysis              float32, pooled
//   drift       as drift_request.h has it    scores ×2, features ×2  how a batch differs from another     –
//   train-head  as head_training.h has it    table, features, manifest  figures of the new head         manifest, weights
//
// `tell` and `work` are the case (case_runner.h): a contract::CaseMessage goes in, contract::CaseStep come out, each with
// `blobs`, the number of its buffers. task: what `work` would do next, empty for nothing. spent: milliseconds that the call
// before took. `records`: contract::FilmRecord, of which the command line makes its output.
//
// `form` is a contract::ModelForm; `facts` a text that says the same, as model_form.h reads it. Both say less than all.
//
// The anatomy network is one more graph of the runtime, by the name "anatomy"; `warm-up` with `anatomy` true tries that one, so
// that it can be used without a model.
//
// `analyse` with `anatomy`, a finished job of that film and correction, puts places into words by lungs and heart.
//
// A job whose film the gate refused has no request: `next` is null at once and `result` says why. `anyway` analyses it all
// the same where that is sensible; the result then says `overridden`. `result` leaves the
// job in place (for `overlay`); `cancel` frees it, finished or not. The maps of an analysis are those of all findings, of
// an explanation one map of width × height and, where `spread` says so, a second one of the same size. `export-map` of a
// finished explanation: the map as NumPy's .npy, the film with the map over it, and the spread where there is one. Pictures
// look as `look` says (contract/picture_look.h), as the film opens where it is left out, and carry a caption; the font for
// it is a TrueType file. full_scale: of the map's unit, at full strength of the colours.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/json.h"
#include "engine/blobs.h"
#include "engine/case_runner.h"
#include "engine/engine.h"

namespace chestlight {

class Protocol {
 public:
  std::vector<Blob> call(std::vector<Blob> inputs);

 private:
  struct Reply {
    Json value = Json::object();
    std::vector<Blob> blobs;
  };
  using Handler = Result<Reply> (Protocol::*)(const JsonReader& args, std::span<Blob> blobs);
  static Handler find_handler(std::string_view method);

  Result<Reply> dispatch(std::span<Blob> inputs);
  Result<Reply> sha256(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> version(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> load_model(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> load_anatomy(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> import_checkpoint(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> revise(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> describe_manifest(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> graph(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> warm_up(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> open(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> open_dicom(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> sniff_format(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> pixels(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> analyse(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> anatomy(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> model_input(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> methods(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> evaluation(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> explain(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> trust(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> start_explanation(const JsonReader& args, Result<JobId> (Engine::*start)(const ExplainRequest&));
  Result<Reply> next(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> accept(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> result(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> overlay(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> export_map(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> evaluate(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> features(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> drift(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> train_head(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> close(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> cancel(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> tell(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> work(const JsonReader& args, std::span<Blob> blobs);
  Result<Reply> records(const JsonReader& args, std::span<Blob> blobs);
  Reply steps();

  Engine engine_;
  CaseRunner case_{engine_};
};

}  // namespace chestlight
