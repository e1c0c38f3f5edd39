// Every message that crosses between the screen, the page and the engine's worker. This is the one table: the name of a message
// is that of its struct ("FilmOpened" is "film-opened"), and its JSON, its dispatch in C++ and its types for JavaScript are made
// from here when the program is built (tools/contract).
//
//   ScreenRequest   what the screen asks of the page
//   EngineRequest   what the screen asks of the engine; the page passes it on as it is
//   Event           what the engine and the page report to the screen
//
// What a reader does is an action of the screen alone: viewer/actions/reader_actions.h.
// Films are named by the page's numbers, counted up from 1 and never used twice. A field marked @buffer is no JSON: its bytes,
// little-endian, come in the one buffer that may go with a message.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/json.h"
#include "contract/analysis.h"
#include "contract/explanation.h"
#include "contract/failure.h"
#include "contract/film.h"
#include "contract/model.h"
#include "contract/picture_look.h"

namespace chestlight::contract {

// --- what the screen asks of the page ---

struct PickFiles {};
struct PickFolder {};
/// Weights of a network, for a model of the reader's own.
struct PickModel {};
/// What is said of a model, from the clipboard: becomes ReviseModel.
struct PasteFacts {
  std::string id{};
};
struct PasteFiles {};
struct OpenExample {
  std::string file{};
};
struct SaveSettings {
  Json settings{};  // viewer/state/settings.h
};
struct CopyText {
  std::string text{};
};
/// The canvas cannot be drawn: the text of the page takes its place, below what keeps it from being drawn.
struct ShowText {
  Failure error{};
};
/// It can be drawn again.
struct ShowCanvas {};

using ScreenRequest = std::variant<PickFiles, PickFolder, PickModel, PasteFacts, PasteFiles, OpenExample, SaveSettings, CopyText,
                                   ShowText, ShowCanvas>;

// --- what the screen asks of the engine ---

/// The pixels of a film, which is looked at from now on: it goes first in the queue.
struct ShowFilm {
  int id{0};
};
/// Another frame of a film; chosen: it is the one to analyse. Answered by FilmOpened.
struct OpenFrame {
  int id{0};
  int frame{1};
  bool chosen = false;
};
/// Replaces an analysis of the film that waits or runs.
struct Analyse {
  int id{0};
  std::optional<Correction> correction;
  bool anyway = false;               // also where the film is refused
  std::string operating_point = "";  // empty: the model's own
};
/// Ends an analysis, waiting or running; the film stays.
struct CancelAnalysis {
  int id{0};
};
struct CloseFilm {
  int id{0};
};
/// Reads the file of a film that failed once more.
struct ReopenFilm {
  int id{0};
};
/// The very pixels that the network gets of a film.
struct ShowModelInput {
  int id{0};
  std::optional<Correction> correction;
};
struct ReadIdentifiers {
  int id{0};
};
/// Without an id: the model asked for last, once more.
struct LoadModel {
  std::string id = "";
};
/// Answered by EngineFailed with the code "cancelled" or, when another model is in use, by Noticed and EngineReady.
struct CancelLoading {};
/// Of weights that are being added. Answered by ImportFailed with the code "cancelled".
struct CancelImport {};
/// Of those that were added.
struct RemoveModel {
  std::string id{};
};
/// Other labels, or another input, for a model that was added: said in the form, or in a text (engine/model_form.h). Answered by
/// ModelRevised; a model in use is then loaded again.
struct ReviseModel {
  std::string id{};
  ModelForm form = {};
  std::string facts = "";
};
/// Offers the folder of a model that was added, as a ZIP archive.
struct DownloadModel {
  std::string id{};
};
/// One finding of one film, asked about by one method.
struct ExplanationQuestion {
  int request = 0;  // the screen's number of this piece of work, in every answer about it
  int id{0};
  std::string finding{};
  std::string method{};
  std::string layer = "";
  std::optional<Correction> correction;
  bool anyway = false;
  std::string operating_point = "";
};
struct Explain {
  ExplanationQuestion question{};
};
/// Checks the map that Explain of the same question gives.
struct CheckTrust {
  ExplanationQuestion question{};
};
/// Offers that map as files.
struct ExportMap {
  ExplanationQuestion question{};
  PictureLook look = {};  // the picture looks as the film does on screen
};
struct CancelExplanation {
  int request{0};
};
struct ExportFindings {
  std::string format = "json";  // or "csv", a line per finding; "csv-wide", a line per film
  bool identifiers = false;     // with who the films are about
};

using EngineRequest = std::variant<ShowFilm, OpenFrame, Analyse, CancelAnalysis, CloseFilm, ReopenFilm, ShowModelInput,
                                   ReadIdentifiers, LoadModel, CancelLoading, CancelImport, RemoveModel, ReviseModel,
                                   DownloadModel, Explain, CheckTrust, ExportMap, CancelExplanation, ExportFindings>;

// --- what the engine and the page report to the screen ---

/// Grey of 16 bits as stored, row-major, and the film's display curves.
struct PixelBuffer {
  int film = 0;
  int width = 0;
  int height = 0;
  int full_scale = 255;
  std::vector<std::uint16_t> values = {};  // @buffer
  std::vector<DisplayTable> tables = {};   // @buffer
};

struct FilmQueued {
  int id{0};
  std::string name = "";
  bool synthetic = false;
  double bytes = 0;
};
/// An archive's row becomes its films'.
struct FilmsUnpacked {
  int id{0};
  std::vector<FilmQueued> films{};
};
struct FilmOpened {
  int id{0};
  FilmInfo film{};
  std::optional<PictureSize> thumbnail;
  std::vector<std::uint8_t> grey = {};  // @buffer of the thumbnail, row-major; empty where there is none
};
struct FilmFailed {
  int id{0};
  std::string name = "";
  Failure error{};
  std::string kind = "";  // of its bytes, as far as they tell: "PDF"
  bool retry = true;      // there is something to read again
};
struct PixelsArrived {
  int id{0};
  int width{0};
  int height{0};
  int full_scale = 65535;
  std::vector<DisplayCurve> tables = {};
  std::shared_ptr<const PixelBuffer> pixels;  // @buffer uint16, row-major, then the entries of the curves
};
struct AnalysisProgressed {
  int id{0};
  int done = 0;
  int total = 0;
};
struct AnalysisArrived {
  int id{0};
  Analysis analysis{};
};
struct AnalysisFailed {
  int id{0};
  Failure error{};
};
struct AnalysisCancelled {
  int id{0};
};
struct ModelInputArrived {
  int id{0};
  InputRecord input{};
  std::vector<std::uint8_t> grey = {};  // @buffer of input.width × input.height
};
struct IdentifiersArrived {
  int id{0};
  std::vector<Identifier> identifiers = {};
};
struct ExplanationProgressed {
  int request{0};
  int done = 0;
  int total = 0;
  bool loading_graph = false;
};
struct ExplanationArrived {
  int request{0};
  Explanation explanation{};
};
struct TrustArrived {
  int request{0};
  TrustReport trust{};
};
struct ExplanationFailed {
  int request{0};
  Failure error{};
};
struct ExplanationCancelled {
  int request{0};
};
/// Bytes of "runtime" and "model"; steps of "warm-up" and of a further graph ("reverse"), made ready when a job first needs it.
struct LoadingProgressed {
  std::string what{};
  double done = 0;
  double total = 0;
};
struct EngineReady {
  Backend backend{};
  ModelInfo model{};
  std::vector<MethodInfo> methods = {};
};
struct EngineFailed {
  Failure error{};
};
/// Models that were added, and where they are kept, in a sentence.
struct ModelsListed {
  std::vector<ModelChoice> models{};
  std::string storage = "";
};
/// step: "reading" (bytes), "rebuilding", "keeping".
struct ImportProgressed {
  std::string name{};
  std::string step{};
  double done = 0;
  double total = 0;
};
/// assumptions: what was guessed of it, in sentences; none where it is known. note: what there is to say about where it is kept.
struct ModelImported {
  ModelChoice model{};
  std::vector<std::string> assumptions = {};
  std::string note = "";
};
struct ImportFailed {
  std::string name{};
  Failure error{};
};
/// error: why what was said does not fit; nothing where it does.
struct ModelRevised {
  std::string id{};
  std::optional<Failure> error;
};
struct BackendChanged {
  Backend backend{};
};
struct FilesDragged {
  bool over{false};
};
struct SettingsRestored {
  Json settings{};  // viewer/state/settings.h
};
struct Example {
  std::string file{};
  std::string name = "";
};
struct EnvironmentKnown {
  bool reduced_motion = false;
  bool touch = false;
  std::vector<Example> examples = {};
  std::vector<ModelChoice> models = {};
};
struct NetworkCounted {
  double bytes_sent = 0;
  int foreign_requests = 0;
};
struct Exported {
  std::string name{};
  std::string mime = "";
};
struct Noticed {
  std::string text{};
};

using Event = std::variant<FilmQueued, FilmsUnpacked, FilmOpened, FilmFailed, PixelsArrived, AnalysisProgressed, AnalysisArrived,
                           AnalysisFailed, AnalysisCancelled, ModelInputArrived, IdentifiersArrived, ExplanationProgressed,
                           ExplanationArrived, TrustArrived, ExplanationFailed, ExplanationCancelled, LoadingProgressed,
                           EngineReady, EngineFailed, ModelsListed, ImportProgressed, ModelImported, ImportFailed, ModelRevised,
                           BackendChanged, FilesDragged, SettingsRestored, EnvironmentKnown, NetworkCounted, Exported, Noticed>;

}  // namespace chestlight::contract
