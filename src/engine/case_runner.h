// The case at work: films are read, looked at, analysed and explained, one thing at a time, in the order of what a reader waits
// for (study/task_queue.h). One owner of the films, one queue, one cache of answers, for the page and the command line.
//
// It reads no file and runs no network: it asks for that in steps (contract/case.h), and the thread around it answers. Reading a
// film and running the network go on side by side. Everything that was asked is answered by an event: a result, a failure, or
// that it was cancelled. What must outlive a stopped engine is given away in Keep steps and told to the next one.
//
// Times are told by the thread; there is no clock here.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "contract/case.h"
#include "engine/answers.h"
#include "engine/blobs.h"
#include "engine/case_labels.h"
#include "engine/engine.h"
#include "metrics/reader_study.h"
#include "render/typeface.h"
#include "study/case_films.h"
#include "study/task_queue.h"

namespace chestlight {

/// A step with the buffers that go with it.
struct CaseStep {
  contract::CaseStep step;
  std::vector<Blob> blobs;
};

class CaseRunner {
 public:
  /// `engine` must outlive it. The budget is that of decoded films, in bytes.
  explicit CaseRunner(Engine& engine, std::size_t decoded_budget = kDecodedBudget);

  /// `spent`: milliseconds that the call before this one took.
  void tell(contract::CaseMessage message, std::vector<Blob> blobs, double spent = 0);
  /// Does the next thing that waits and can be done; one thing, so that messages get in between. False: there was none.
  bool work(double spent = 0);
  /// What work() would do next, by its key; empty for nothing.
  std::string next_task() const;
  /// Everything asked of the thread since the last call, in order.
  std::vector<CaseStep> take_steps() { return std::exchange(steps_, {}); }

 private:
  /// A job under way; its requests have the network to themselves one after the other.
  struct Running {
    Task task;
    JobId job = 0;
    std::size_t requests = 0;  // answered
    std::string about;         // all that its answers depend on
    contract::Milliseconds milliseconds;
  };
  struct KeptJob {
    std::string question;
    int film = 0;
    JobId job = 0;
  };
  /// An export that waits to know who its films are about.
  struct WaitingExport {
    contract::ExportFindings asked;
    std::set<int> unread;
    std::map<int, std::vector<contract::Identifier>> stated;
  };
  enum class AnatomyStage { kAbsent, kAwaited, kLoaded, kFailed };
  struct KnownAnatomy {
    std::string seen_as;
    std::shared_ptr<const Anatomy> anatomy;  // without the masks
    contract::AnatomyReport report;
  };
  struct KnownStability {
    std::string about;
    contract::ScoreStability stability;
  };
  /// An analysis that was told before lungs and heart were known.
  struct ToldAnalysis {
    std::shared_ptr<const Model> model;
    Analysis analysis;
  };
  /// What can be done now: a task that waits, or the job under way (task 0).
  struct Choice {
    enum class Kind { kNothing, kTask, kGoOn } kind = Kind::kNothing;
    int task = 0;
  };

  void receive(const contract::ReopenFilm& message);
  void receive(const contract::OpenFrame& message);
  void receive(const contract::CloseFilm& message);
  void receive(const contract::SetAsideFilms& message);
  void receive(const contract::BringBackFilms& message);
  void receive(const contract::GiveVerdict& message);
  void receive(const contract::MarkRead& message);
  void receive(const contract::KeepMeasurements& message);
  void receive(const contract::MoveWidthLines& message);
  void receive(const contract::CancelAnalysis& message);
  void receive(const contract::CancelExplanation& message);
  void receive(contract::FilmKept& message);
  void receive(const contract::BringBackReading& message);
  void receive(const contract::FilmRead& message);
  void receive(const contract::FilmNotRead& message);
  void receive(const contract::FilmIsArchive& message);
  void receive(const contract::NetworkAnswered& message, std::vector<Blob> blobs);
  void receive(const contract::NetworkFailed& message);
  void receive(const contract::IdentifiersRead& message);
  void receive(const contract::IdentifiersNotRead& message);
  void receive(const contract::FontRead& message, std::vector<Blob> blobs);
  void receive(const contract::FontNotRead& message);
  void receive(const contract::NetworkReady& message);
  void receive(const contract::NetworkLeft&);
  void receive(const contract::ModelFailed& message);
  void receive(const contract::ModelAwaited&) { model_failure_.reset(); }
  void receive(const contract::AnatomyAwaited&) { anatomy_ = AnatomyStage::kAwaited; }
  void receive(const contract::AnatomyLoaded&) { anatomy_ = AnatomyStage::kLoaded; }
  void receive(const contract::AnatomyNotLoaded& message);
  void receive(const contract::TaskCrashed& message);
  void receive(const contract::EvaluateStudy& message);
  void receive(const contract::ExportStudy& message);
  void receive(const contract::UseProfile& message);
  void receive(const contract::RemoveProfile&);
  void receive(const contract::OpenLabels& message);
  void receive(const contract::LabelsRead& message, std::vector<Blob> blobs);
  void receive(const contract::LabelsNotRead& message);
  void receive(const contract::CloseLabels& message);
  void receive(const contract::ChooseLabels& message);

  void enqueue(contract::CaseTask asked);
  Choice choose() const;
  /// Whether what it needs besides its film is here.
  bool can_be_done(const Task& task) const;
  void read_next();
  void drop_film_tasks(int film);
  bool is_decoded(int film) const;
  void release(CaseFilm& film);

  Result<void> perform(const Task& task);
  Result<void> tell_opened(const CaseFilm& film);
  Result<void> tell_pixels(const CaseFilm& film);
  Result<void> tell_model_input(const CaseFilm& film, const contract::Correction& correction);

  Result<void> start_job(const Task& task);
  Result<void> go_on();
  Result<void> accept(Running& running, std::vector<InferenceTensor> outputs);
  Result<void> finish(const Running& running);
  Result<void> tell_analysis(const Running& running);
  Result<void> tell_explanation(const contract::ExplanationQuestion& question, JobId job);
  Result<void> tell_anatomy(const Running& running);
  /// After its findings were told: tells what is known of lungs and heart, or has them looked for.
  void follow_with_anatomy(const CaseFilm& film, const contract::Correction& correction, const AnalyseJob& job);
  /// Of a film that was brought back before they were found.
  void look_for_missing_anatomy(const CaseFilm& film);
  Result<void> tell_stability(const Running& running);
  /// False where it is not known.
  bool tell_known_stability(const contract::CheckStability& asked);
  /// Without a word; false: there were none.
  bool end_stability_checks(int film);
  /// `tell` is told of each afterwards.
  void end_running(const std::function<bool(const Running&)>& which, const std::function<void(const Task&)>& tell);
  /// nullptr where it has ended.
  Running* running_of(JobId job);
  void fail_running(const Running& running, const contract::Failure& failure);
  void tell_progress(const Running& running, bool loading_graph = false);
  void book(double spent);
  /// Whether the answer to its next request is that of any job about the same.
  static bool is_remembered(const Running& running);

  void change_reading(int film, const std::function<void(contract::FilmReading&)>& change);
  /// What became of a film and what the reader made of it: of one whose bytes another one had, the results of that one.
  std::optional<contract::FilmRecord> record_of(const CaseFilm& film) const;
  /// For exports, by film.
  std::map<int, contract::FilmRecord> records() const;
  /// Another film of the same bytes that has results; nullptr where there is none.
  const CaseFilm* original_of(const CaseFilm& copy) const;

  Result<void> export_map(const contract::ExportMap& asked, const CaseFilm& film);
  /// What a page of a report asks: without a finding where there is no map to show.
  contract::ExplanationQuestion report_question(const contract::ExportReport& asked) const;
  Result<void> write_report_page(const contract::ExportReport& asked, const CaseFilm& film,
                                 const contract::Failure* no_map = nullptr);
  void fail_report_page(const contract::ExportReport& asked, const contract::Failure& failure);
  void tell_report_page(const contract::ExportReport& asked, const std::string& file, const std::string& html);
  /// The search for lungs and heart that a page waits for: its film's, where that can be done; nullptr for none.
  const Task* search_before(const contract::ExportReport& asked) const;
  /// Whether it waits for no map and for no lungs: those are there, or there are none to come.
  bool report_is_ready(const contract::ExportReport& asked) const;
  void export_findings(const contract::ExportFindings& asked);
  void write_export(const WaitingExport& ready);
  void identifiers_known(int film, std::vector<contract::Identifier> identifiers);

  std::vector<std::pair<std::string, std::vector<ReadFilm>>> read_films(const contract::StudyRecord& study) const;
  /// Uses the site profile that was asked for last with the model that is there by now.
  void apply_profile();
  /// Another profile, or none: what was worked out with the one before is void.
  void profile_changed(const std::optional<NamedProfile>& profile);
  std::optional<contract::ProfileInUse> profile_in_use() const;

  bool blame_labels(const Json& task);
  /// Films, tables or the model are others: labels are joined anew where somebody wants them.
  void labels_changed();
  std::vector<CaseLabels::Film> films_for_labels() const;
  void join_labels_to_films();
  void tell_evaluation(const contract::EvaluateFilms& asked);
  Result<void> export_evaluation(const contract::ExportEvaluation& asked);

  void fail(const Task& task, const contract::Failure& failure, const std::string& kind = "");
  void fail_all(const std::function<bool(const Task&)>& which, const contract::Failure& failure);
  void post(const contract::Event& event, std::vector<Blob> blobs = {});
  void step(contract::CaseStep asked, std::vector<Blob> blobs = {});
  static std::string film_key(int film);
  void keep(const CaseFilm& film);
  /// What became of a film, with what is known of its file.
  void remember(CaseFilm& film, contract::FilmRecord record);
  void forget(std::string key);

  /// What a task asks an explanation for; nothing for others.
  std::optional<contract::ExplanationQuestion> asked_question(const contract::CaseTask& task) const;
  const KeptJob* kept_job(const contract::ExplanationQuestion& question) const;
  void keep_job(const contract::ExplanationQuestion& question, JobId job);
  void forget_explanations(int film);
  const KnownAnatomy* known_anatomy(const CaseFilm& film, const contract::Correction& correction) const;
  /// Puts lungs and heart into a film's record, as they may be told of it.
  static void record_anatomy(contract::FilmRecord& record, const KnownAnatomy& known);
  void forget_anatomy(int film);
  const contract::ScoreStability* known_stability(int film, const std::string& about) const;
  static void record_stability(contract::FilmRecord& record, const contract::ScoreStability& stability);
  /// All that the pixels given to a network depend on.
  static std::string seen_as(const CaseFilm& film, const contract::Correction& correction);
  /// All that pixels and network depend on.
  std::string about(const CaseFilm& film, const contract::Correction& correction) const;

  Engine& engine_;
  CaseFilms films_;
  TaskQueue queue_;
  CaseLabels labels_;
  Answers answers_;
  std::vector<Running> running_;              // the last one has the network
  std::vector<KeptJob> kept_;                 // finished explanations, the one used longest ago first
  std::vector<std::string> graphs_;           // further graphs that the runtime holds, the one used longest ago first
  std::optional<contract::Backend> backend_;  // nothing: no network can be run
  std::optional<contract::Failure> model_failure_;
  AnatomyStage anatomy_ = AnatomyStage::kAbsent;
  contract::Failure anatomy_failure_;
  std::map<int, KnownAnatomy> anatomies_;      // by film
  std::map<int, KnownStability> stabilities_;  // by film
  std::map<int, ToldAnalysis> told_;           // by film, until its lungs and heart are known
  std::vector<WaitingExport> exports_;
  std::optional<NamedProfile> profile_;  // in use, or to be used when its model is there
  std::shared_ptr<const Typeface> typeface_;
  std::string date_;
  bool font_asked_ = false;
  int reading_ = 0;      // the film being read; 0: none
  int run_ = 0;          // of the network, counted up
  JobId asked_for_ = 0;  // the job whose request is being run; 0: the network is idle
  JobId meter_ = 0;      // the job that the time of the last call belongs to
  bool meter_prepares_ = false;
  std::vector<CaseStep> steps_;
};

}  // namespace chestlight
