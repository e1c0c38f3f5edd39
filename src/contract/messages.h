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

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/json.h"
#include "contract/analysis.h"
#include "contract/anatomy.h"
#include "contract/evaluation.h"
#include "contract/explanation.h"
#include "contract/failure.h"
#include "contract/film.h"
#include "contract/model.h"
#include "contract/picture_look.h"
#include "contract/reader_study.h"
#include "contract/reading.h"
#include "contract/site_profile.h"

namespace chestlight::contract {

// --- what the screen asks of the page ---

struct PickFiles {};
struct PickFolder {};
/// A table of labels.
struct PickLabels {};
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
/// A field for a line of text over the canvas, at this place in ScreenPx; width 0: where the page likes. Asked for again, it is
/// moved. What is typed comes back as TextEntered (viewer/actions/reader_actions.h).
struct EditText {
  std::string field{};
  std::string label{};
  std::string text = "";
  int longest = 100;  // letters
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};
/// That field goes.
struct EndText {};
/// Whether leaving the page would lose what a reader said or measured.
struct GuardLeaving {
  bool unsaved{false};
};
/// The canvas cannot be drawn: the text of the page takes its place, below what keeps it from being drawn.
struct ShowText {
  Failure error{};
};
/// It can be drawn again.
struct ShowCanvas {};

using ScreenRequest = std::variant<PickFiles, PickFolder, PickLabels, PickModel, PasteFacts, PasteFiles, OpenExample,
                                   SaveSettings, CopyText, EditText, EndText, GuardLeaving, ShowText, ShowCanvas>;

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
/// How far small changes of the picture move the scores of a film that was analysed with this correction (findings/stability.h).
/// Answered by StabilityArrived or StabilityFailed; a new analysis of the film makes it void, without a word.
struct CheckStability {
  int id{0};
  std::optional<Correction> correction;
  bool anyway = false;  // as of Analyse
};
/// Ends an analysis and a check of its scores, waiting or running; the film stays.
struct CancelAnalysis {
  int id{0};
};
struct CloseFilm {
  int id{0};
};
/// Taken away, and yet kept with all that is known of them, because that can be undone. What was asked of them is void.
struct SetAsideFilms {
  std::vector<int> ids{};
};
struct BringBackFilms {
  std::vector<int> ids{};
};
/// In place of what the reader said of that finding before. Answered by ReadingChanged, as the two after it are.
struct GiveVerdict {
  int id{0};
  Verdict verdict{};
};
struct MarkRead {
  int id{0};
  bool read = true;
};
/// All measurements of a film.
struct KeepMeasurements {
  int id{0};
  std::vector<MeasurementRecord> measurements = {};
};
/// The lines of the cardiothoracic ratio, as the reader moved them; both are told, in SourcePx. Without: as they were measured.
struct MoveWidthLines {
  int id{0};
  std::optional<WidthLine> heart;
  std::optional<WidthLine> chest;
};
/// Whether what the reader says of films is kept on the device from now on, and comes back with a file of the same bytes. What is
/// kept stays kept when it is switched off. Answered by KeepingKnown.
struct KeepReadings {
  bool on{false};
};
/// Removes all that is kept of films, and keeps no more. Answered by KeepingKnown.
struct ForgetReadings {};
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
  std::string format = "json";                        // or "csv", a line per finding; "csv-wide", a line per film
  bool identifiers = false;                           // with who the films are about
  std::map<std::string, double> own_thresholds = {};  // finding → calibrated threshold that the reader tries
  std::string date = "";                              // now: the thread of the engine writes it in, the screen has no clock
};

/// One page of a report: a film with its findings, to be read on paper. Answered by ReportPageWritten, whatever comes of it.
struct ExportReport {
  ExplanationQuestion question{};                     // without a finding: about the first that is likely or else uncertain
  PictureLook look = {};                              // both pictures look as the film does on screen
  std::map<std::string, double> own_thresholds = {};  // as of ExportFindings
  int report = 1;                                     // pages of one report come under one number,
  int page = 1;                                       // and are put in order by this
  int pages = 1;
  bool print = false;     // it is to be printed, not offered as a file
  std::string date = "";  // as of ExportFindings
};
/// The text of a site profile (contract/site_profile.h), to be used from now on, as soon as its model is. Answered by
/// ProfileChanged, as the next one is.
struct UseProfile {
  std::string json{};
};
struct RemoveProfile {};
/// How labels are joined to the films from now on. Answered by LabelsJoined, now and whenever films or tables come or go.
struct ChooseLabels {
  LabelsChoice choice{};
};
/// Takes a table of labels away.
struct CloseLabels {
  int id{0};
};
/// Compares the scores that are known with the labels. Answered by FilmsEvaluated.
struct EvaluateFilms {
  std::string operating_point = "";  // as of Analyse
  std::string finding = "";          // whose measures are wanted
  CallCosts costs = {};
};
/// What the readings of a study are worth against the labels. Answered by StudyEvaluated.
struct EvaluateStudy {
  StudyRecord study{};
};
/// Offers a study as files: all of it ("study.json"), and for each finding the scores as iMRMC reads them ("imrmc-Effusion.csv").
struct ExportStudy {
  StudyRecord study{};
  std::string date = "";  // as of ExportFindings
};
/// Offers the results as a file: the report ("html"), all figures ("json"), the scores of each film ("csv"), the site profile
/// ("profile"), or the model card ("card").
struct ExportEvaluation {
  std::string format = "html";
  std::string operating_point = "";
  std::string date = "";  // the thread of the engine writes it in: the screen has no clock
  CallCosts costs = {};
  ThresholdRule rule = ThresholdRule::kYouden;  // of the thresholds in a profile
};

using EngineRequest =
    std::variant<ShowFilm, OpenFrame, Analyse, CheckStability, CancelAnalysis, CloseFilm, SetAsideFilms, BringBackFilms,
                 GiveVerdict, MarkRead, KeepMeasurements, MoveWidthLines, KeepReadings, ForgetReadings, ReopenFilm,
                 ShowModelInput, ReadIdentifiers, LoadModel, CancelLoading, CancelImport, RemoveModel, ReviseModel, DownloadModel,
                 Explain, CheckTrust, ExportMap, ExportReport, CancelExplanation, ExportFindings, UseProfile, RemoveProfile,
                 ChooseLabels, CloseLabels, EvaluateFilms, ExportEvaluation, EvaluateStudy, ExportStudy>;

// --- what the engine and the page report to the screen ---

/// Grey of 16 bits as stored, row-major, and the film's display curves.
struct PixelBuffer {
  int film = 0;
  int width = 0;
  int height = 0;
  int full_scale = 255;
  std::vector<std::uint16_t> values = {};  // @buffer
  std::vector<DisplayTable> tables = {};   // @buffer
  std::vector<std::uint8_t> drawing = {};  // @buffer one bit for each pixel, from the lowest of each byte; empty: none
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
  std::string sha256 = "";  // of the file
  std::optional<PictureSize> thumbnail;
  std::vector<std::uint8_t> grey = {};  // @buffer of the thumbnail, row-major; empty where there is none
};
struct FilmFailed {
  int id{0};
  std::string name = "";
  Failure error{};
  std::string kind = "";  // of its bytes, as far as they tell: "PDF"
  bool retry = true;      // there is something to read again
  std::string sha256 = "";
};
struct PixelsArrived {
  int id{0};
  int width{0};
  int height{0};
  int full_scale = 65535;
  std::vector<DisplayCurve> tables = {};
  bool has_drawing = false;
  std::shared_ptr<const PixelBuffer> pixels;  // @buffer uint16, row-major, the entries of the curves, the drawing's bits
};
struct ReadingChanged {
  int id{0};
  FilmReading reading{};
};
/// What was kept of the film by an earlier visit, with what was said of it since. Comes before FilmOpened, or later, where
/// keeping was switched on later. The correction is what the model was to see.
struct ReadingCameBack {
  int id{0};
  FilmReading reading{};
  std::optional<Correction> correction;
  bool anyway = false;  // as of Analyse
};
/// What is said of the film by now is kept on the device.
struct ReadingKept {
  int id{0};
};
/// Of so many films something is kept on the device. error: why nothing more can be kept, or nothing be read.
struct KeepingKnown {
  int films{0};
  std::optional<Failure> error;
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
/// Also comes after an analysis whose scores were checked before.
struct StabilityArrived {
  int id{0};
  std::optional<Correction> correction;
  ScoreStability stability{};
};
/// With the code "cancelled" where a reader ended it.
struct StabilityFailed {
  int id{0};
  Failure error{};
};
/// Where the evidence for a finding lies, told by lungs and heart: as the fields of a Finding.
struct FindingPlace {
  std::string finding{};
  std::string where = "";
  std::string place = "";
  std::optional<EvidenceShares> evidence;
  std::string evidence_text = "";
  bool possible_shortcut = false;
};
/// Comes after the findings of the film, once for each correction of it. Places are those of all findings of the analysis that
/// was told last, where they could be put into words anew; `summary` is its sentence with them.
struct AnatomyArrived {
  int id{0};
  std::optional<Correction> correction;
  AnatomyReport anatomy{};
  std::vector<FindingPlace> places = {};
  std::string summary = "";
};
struct AnatomyFailed {
  int id{0};
  Failure error{};
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
  std::vector<std::string> shows = {};  // findings, the one that it was drawn for first
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
/// A page of a report as HTML, in the buffer; head, the pages in their order, and tail are the report. Without a buffer the film
/// is no longer there.
struct ReportPageWritten {
  int report{1};
  int id{0};  // the film
  int page{1};
  int pages{1};
  bool print = false;
  std::string name = "";  // of the report as a file
  std::string head = "";
  std::string tail = "";
};
/// profile: the one in use by now, if any. error: why another one is not.
struct ProfileChanged {
  std::optional<ProfileInUse> profile;
  std::optional<Failure> error;
};
/// What is known of labels.
struct LabelsJoined {
  int version{0};  // counted up
  std::vector<LabelTable> tables = {};
  bool folders = false;  // the films' folders could be labels
  LabelsChoice choice = {};
  std::vector<LabelsKey> keys = {};  // there are
  std::optional<LabelsJoin> join;
  std::optional<Failure> error;  // why there is none, although something could be joined
};
struct FilmsEvaluated {
  int version{0};                    // of the labels
  std::string operating_point = "";  // as it was asked for
  std::string operating_point_name = "";
  LabelledFilms films = {};
  std::vector<std::string> remarks = {};
  std::vector<EvaluatedFinding> findings = {};
  std::optional<FindingMeasures> measures;  // of the finding that was asked for, where it has any
  std::optional<Failure> error;
};
/// error: why the readings could not be measured.
struct StudyEvaluated {
  std::vector<StudyFinding> findings = {};
  std::optional<Failure> error;
};
struct Noticed {
  std::string text{};
};

using Event =
    std::variant<FilmQueued, FilmsUnpacked, FilmOpened, FilmFailed, PixelsArrived, ReadingChanged, ReadingCameBack, ReadingKept,
                 KeepingKnown, AnalysisProgressed, AnalysisArrived, AnalysisFailed, AnalysisCancelled, StabilityArrived,
                 StabilityFailed, AnatomyArrived, AnatomyFailed, ModelInputArrived, IdentifiersArrived, ExplanationProgressed,
                 ExplanationArrived, TrustArrived, ExplanationFailed, ExplanationCancelled, LoadingProgressed, EngineReady,
                 EngineFailed, ModelsListed, ImportProgressed, ModelImported, ImportFailed, ModelRevised, BackendChanged,
                 FilesDragged, SettingsRestored, EnvironmentKnown, NetworkCounted, Exported, ReportPageWritten, ProfileChanged,
                 LabelsJoined, FilmsEvaluated, StudyEvaluated, Noticed>;

}  // namespace chestlight::contract
