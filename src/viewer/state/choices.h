// The sets that the screen's state chooses from. Their names in JSON follow from these (tools/contract): "kFilmMenu" is
// "film-menu".
#pragma once

namespace chestlight::viewer {

enum class EnginePhase { kLoading, kReady, kFailed };

enum class FilmStage {
  kQueued,     // named, not yet decoded
  kWaiting,    // can be looked at; waits for the model
  kAnalysing,  // asked for
  kAnalysed,
  kRefused,     // looked at by the quality gate, not analysed
  kUnreadable,  // the file could not be decoded
  kAnalysisFailed,
  kCancelled,
  kHidden,  // what became of it is withheld while a study is read (reader_study.h)
};

/// Of an explanation or a check that was asked for.
enum class WorkStage { kRunning, kDone, kFailed, kCancelled };

enum class OverlayMode { kEvidence, kSigned };

/// By zone and then by likelihood ratio, what is not assessed last; or the model's own order.
enum class FindingsOrder { kZone, kFixed };

enum class Tool { kNone, kLength, kAngle, kProbe, kMagnifier };

enum class MeasurementKind { kLength, kAngle };

/// The lines of the cardiothoracic ratio are measurements with a role; a reader's own have none.
enum class MeasurementRole { kNone, kHeartWidth, kChestWidth };

/// What results against labels are sorted by.
enum class EvaluationColumn { kFinding, kFilms, kAuroc, kPrecision, kSensitivity, kSpecificity, kPpv, kNpv };

/// What a reader may choose of how labels are joined to films.
enum class JoinPart { kNone, kTable, kColumn, kKey, kUncertain, kBlank, kFindings, kGroups };

/// A film is read without the model, then with it.
enum class StudyStage { kUnaided, kAided, kDone };

enum class PhoneTab { kFindings, kFilm, kFilms };

enum class Popup {
  kNone,
  kHelp,
  kModel,
  kModels,     // the models there are
  kModelForm,  // labels and input of one that was added
  kBackend,
  kExport,
  kEvaluation,
  kExamples,
  kMoreTools,
  kWindow,
  kModelInput,
  kCorrections,
  kMethod,
  kLayer,
  kOperatingPoint,
  kFilmMenu,
  kFilmFacts,
  kWorklistFindings,
  kStudy,
  kGlossary
};

}  // namespace chestlight::viewer
