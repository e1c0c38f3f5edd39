// What is said between the case (engine/case_runner.h) and the thread it lives in. The case decides what is done next; the thread
// reads files, runs the network and keeps what must outlive a stopped engine.
//
//   CaseMessage   what the thread tells the case: requests of the screen, and answers to its steps
//   CaseStep      what the case asks of the thread. Each but Tell and Keep is answered once, by one of two messages
//
// Films are named by the page's numbers. Buffers come beside a message; a step says how many of the reply's are its own.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/json.h"
#include "contract/film_record.h"
#include "contract/messages.h"
#include "contract/reading.h"

namespace chestlight::contract {

// --- what the thread tells ---

/// A file came in; it is opened in its turn.
struct OpenFilm {
  int id{0};
  std::string name{};
  bool synthetic = false;
};
/// A film as Keep had it, told to a new engine.
struct FilmKept {
  int id{0};
  std::string name{};
  int frame = 0;  // 0: none was chosen, the first is shown
  bool chosen = false;
  std::optional<FilmRecord> record;
  bool synthetic = false;
  FilmReading reading = {};
  std::string sha256 = "";
  bool set_aside = false;
};
/// What was kept of a film by an earlier visit. What was said of it since stands. frame: the one to open, told before the film is
/// read for the first time; 0 for the first or the one that is open. Answered by ReadingCameBack.
struct BringBackReading {
  int id{0};
  FilmReading reading{};
  std::optional<Correction> correction;
  bool anyway = false;
  int frame = 0;
  bool chosen = false;
};
/// Answers ReadFilm: the film is open in the engine; film.film is the engine's number of it.
struct FilmRead {
  int id{0};
  FilmInfo film{};
  std::string decoder{};
  double milliseconds = 0;
  std::string sha256 = "";  // of the file
  bool synthetic = false;   // it is one of the films that come with the page
};
struct FilmNotRead {
  int id{0};
  Failure error{};
  std::string kind = "";    // of its bytes, as far as they tell: "PDF"
  std::string sha256 = "";  // of the file; empty where it could not even be read
};
/// Answers ReadFilm: the file holds other files, which come as films of their own.
struct FilmIsArchive {
  int id{0};
};
struct TensorShape {
  std::string name{};
  std::vector<int> shape{};
};
/// A table of labels came in. It answers that by ReadLabels.
struct OpenLabels {
  int id{0};
  std::string name{};
};
/// Answers ReadLabels, with the table's bytes as buffer.
struct LabelsRead {
  int id{0};
};
struct LabelsNotRead {
  int id{0};
  Failure error{};
};
/// Labels are joined anew, because films or tables are others.
struct JoinLabels {};
/// Answers RunNetwork, with one buffer for each output.
struct NetworkAnswered {
  int run{0};
  std::vector<TensorShape> outputs{};
  double milliseconds = 0;
};
struct NetworkFailed {
  int run{0};
  Failure error{};
};
struct IdentifiersRead {
  int id{0};
  std::vector<Identifier> identifiers = {};
};
struct IdentifiersNotRead {
  int id{0};
  Failure error{};
};
/// Answers FetchFont, with the TrueType file as buffer. date: today's, for captions.
struct FontRead {
  std::string date{};
};
struct FontNotRead {
  Failure error{};
};
/// The network of the model in the engine can be run. again: by another engine than before; the screen knows it already.
struct NetworkReady {
  Backend backend{};
  bool again = false;
};
/// Another model is about to take its place: what it computes is void.
struct NetworkLeft {};
/// No model can be used: what waits for one fails with this.
struct ModelFailed {
  Failure error{};
};
/// A model is being loaded; what waits for one waits on.
struct ModelAwaited {};
/// The anatomy network is to be loaded; films are asked for lungs and heart from now on, and wait for it.
struct AnatomyAwaited {};
/// It is in the engine, and its graph can be run by the network's runtime.
struct AnatomyLoaded {};
/// It cannot be used: what waits for it fails with this, and what comes.
struct AnatomyNotLoaded {
  Failure error{};
};
/// Lungs and heart of a film whose findings are known. The case asks itself.
struct FindAnatomy {
  int id{0};
  std::optional<Correction> correction;
};
/// The engine before this one stopped while it did this.
struct TaskCrashed {
  Json task{};  // @is CaseTask
  std::string kind = "";
};

/// What can wait for its turn.
using CaseTask = std::variant<OpenFilm, ShowFilm, ShowModelInput, Analyse, CheckStability, FindAnatomy, Explain, CheckTrust,
                              ExportMap, ExportReport, ExportFindings, JoinLabels, EvaluateFilms, ExportEvaluation>;

using CaseMessage =
    std::variant<OpenFilm, ShowFilm, ShowModelInput, Analyse, CheckStability, FindAnatomy, Explain, CheckTrust, ExportMap,
                 ExportReport, ExportFindings, ReopenFilm, OpenFrame, CloseFilm, SetAsideFilms, BringBackFilms, GiveVerdict,
                 MarkRead, KeepMeasurements, MoveWidthLines, CancelAnalysis, CancelExplanation, FilmKept, BringBackReading,
                 FilmRead, FilmNotRead, FilmIsArchive, NetworkAnswered, NetworkFailed, IdentifiersRead, IdentifiersNotRead,
                 FontRead, FontNotRead, NetworkReady, NetworkLeft, ModelFailed, ModelAwaited, AnatomyAwaited, AnatomyLoaded,
                 AnatomyNotLoaded, TaskCrashed, OpenLabels, LabelsRead, LabelsNotRead, ChooseLabels, CloseLabels, JoinLabels,
                 UseProfile, RemoveProfile, EvaluateFilms, ExportEvaluation, EvaluateStudy, ExportStudy>;

// --- what the case asks ---

struct ReadFilm {
  int id{0};
  int frame = 0;
  bool chosen = false;
  std::string task{};  // the key that Keep gave it
};
/// One call of the network, with one buffer for each input.
struct RunNetwork {
  int run{0};
  std::string graph{};
  std::vector<TensorShape> inputs{};
  std::vector<std::string> outputs{};
  std::string task{};
};
/// Who a film is about, for an export that is to hold it.
struct FetchIdentifiers {
  int id{0};
};
struct FetchFont {};
/// The bytes of a table of labels.
struct ReadLabels {
  int id{0};
  std::string task{};  // the key that Keep gave it
};
/// An event for the screen.
struct Tell {
  Json event{};  // @is Event
};
/// To be kept under this name for as long as the engine may stop, and told to the next one; null: forgotten.
struct Keep {
  std::string key{};
  Json value{};  // @is CaseMessage | null
};

using CaseStep = std::variant<ReadFilm, RunNetwork, FetchIdentifiers, FetchFont, ReadLabels, Tell, Keep>;

}  // namespace chestlight::contract
