// The case's jobs and its network: see case_runner.h.
#include <algorithm>
#include <span>

#include "base/text.h"
#include "contract/case_json.h"
#include "contract/correction.h"
#include "contract/explanation_json.h"
#include "contract/messages_json.h"
#include "engine/case_runner.h"
#include "engine/describe.h"
#include "study/export.h"

namespace chestlight {
namespace {

/// Finished explanations that are kept; each holds its input, its features and its map, a few megabytes.
constexpr std::size_t kMostKept = 16;
/// Further graphs that the runtime holds beside the first (web/worker/runtime.js).
constexpr std::size_t kMostFurtherGraphs = 2;

/// Questions that have the same answer are the same text.
std::string answer_key(contract::ExplanationQuestion question) {
  question.request = 0;
  return write_json(to_json(question));
}

}  // namespace

/// The time of the call before belongs to the job that it worked on.
void CaseRunner::book(double spent) {
  for (Running& running : running_)
    if (running.job == meter_) (meter_prepares_ ? running.milliseconds.prepare : running.milliseconds.explain) += spent;
  meter_ = 0;
}

void CaseRunner::receive(const contract::NetworkReady& message) {
  backend_ = message.backend;
  model_failure_.reset();
  graphs_.clear();
  labels_changed();  // another model has other findings
  auto model = engine_.model();
  if (!model) return;
  if (message.again) return apply_profile();
  post(contract::EngineReady{message.backend, describe(**model), describe_methods(**model)});
  apply_profile();
}

/// What the model before computed is void. An analysis under way begins again with the next one, and so does a search for
/// lungs and heart; an explanation ends.
void CaseRunner::receive(const contract::NetworkLeft&) {
  backend_.reset();
  for (const KeptJob& kept : kept_) engine_.cancel(kept.job);
  kept_.clear();
  end_running(
      [](const Running&) { return true; },
      [this](const Task& task) {
        if (std::holds_alternative<contract::Analyse>(task.asked) || std::holds_alternative<contract::FindAnatomy>(task.asked)) {
          step(contract::Keep{task.key(), to_json(task.asked)});
          queue_.put_back(task);
        } else {
          fail(task, {"engine-crashed", "Another model took the place of the one that was asked.", "Choose the method again."});
        }
      });
}

void CaseRunner::receive(const contract::ModelFailed& message) {
  backend_.reset();
  model_failure_ = message.error;
  fail_all(
      [](const Task& task) {
        return std::holds_alternative<contract::Analyse>(task.asked) ||
               std::holds_alternative<contract::CheckStability>(task.asked);
      },
      message.error);
}

void CaseRunner::receive(const contract::NetworkAnswered& message, std::vector<Blob> blobs) {
  if (message.run != run_ || !asked_for_) return;
  Running* running = running_of(std::exchange(asked_for_, 0));
  if (!running) return;  // nobody waits for it any more
  running->milliseconds.run += message.milliseconds;
  auto outputs = tensors_of(message.outputs, blobs);
  if (!outputs) return fail_running(*running, describe(outputs.error()));
  if (is_remembered(*running)) answers_.keep(film_of(running->task.asked), running->about, running->requests, *outputs);
  if (auto accepted = guarded([&] { return accept(*running, std::move(*outputs)); }); !accepted)
    fail_running(*running, describe(accepted.error()));
}

void CaseRunner::receive(const contract::NetworkFailed& message) {
  if (message.run != run_ || !asked_for_) return;
  if (const Running* running = running_of(std::exchange(asked_for_, 0))) fail_running(*running, message.error);
}

CaseRunner::Running* CaseRunner::running_of(JobId job) {
  auto found = std::find_if(running_.begin(), running_.end(), [&](const Running& one) { return one.job == job; });
  return found == running_.end() ? nullptr : &*found;
}

void CaseRunner::fail_running(const Running& running, const contract::Failure& failure) {
  const JobId job = running.job;
  end_running([job](const Running& one) { return one.job == job; }, [&](const Task& task) { fail(task, failure); });
}

void CaseRunner::end_running(const std::function<bool(const Running&)>& which, const std::function<void(const Task&)>& tell) {
  std::vector<Task> ended;
  std::erase_if(running_, [&](const Running& running) {
    if (!which(running)) return false;
    engine_.cancel(running.job);
    forget(running.task.key());
    ended.push_back(running.task);
    return true;
  });
  for (const Task& task : ended)
    if (tell) tell(task);
}

Result<void> CaseRunner::start_job(const Task& task) {
  const CaseFilm& film = *films_.find(film_of(task.asked));
  Running running{task};
  if (const auto* find = std::get_if<contract::FindAnatomy>(&task.asked)) {
    CHESTLIGHT_TRY(running.job, engine_.anatomy(film.decoded, find->correction.value_or(contract::Correction{})));
    running_.push_back(std::move(running));
    return {};
  }
  if (const auto* check = std::get_if<contract::CheckStability>(&task.asked)) {
    const contract::Correction correction = check->correction.value_or(contract::Correction{});
    CHESTLIGHT_TRY(running.job, engine_.stability(film.decoded, correction, check->anyway));
    running.about = about(film, correction);
    running_.push_back(std::move(running));
    return {};
  }
  const std::optional<contract::ExplanationQuestion> question = asked_question(task.asked);
  const auto* analyse = std::get_if<contract::Analyse>(&task.asked);
  const contract::Correction correction =
      (question ? question->correction : analyse->correction).value_or(contract::Correction{});
  const KnownAnatomy* known = known_anatomy(film, correction);
  auto anatomy = known ? known->anatomy : nullptr;
  if (question) {
    const ExplainRequest request{film.decoded, question->finding, question->method,  question->layer, question->operating_point,
                                 correction,   question->anyway,  std::move(anatomy)};
    const bool checks = std::holds_alternative<contract::CheckTrust>(task.asked);
    CHESTLIGHT_TRY(running.job, checks ? engine_.trust(request) : engine_.explain(request));
  } else {
    post(contract::AnalysisProgressed{film.id, 0, 1});
    CHESTLIGHT_TRY(running.job,
                   engine_.analyse(film.decoded, analyse->operating_point, correction, analyse->anyway, std::move(anatomy)));
  }
  running.about = about(film, correction);
  meter_ = running.job;
  meter_prepares_ = true;
  running_.push_back(std::move(running));
  if (question) tell_progress(running_.back());
  return {};
}

/// The next request of the job under way, answered from memory where that is possible; or its result.
Result<void> CaseRunner::go_on() {
  Running& running = running_.back();
  CHESTLIGHT_TRY(Job * job, engine_.job(running.job));
  meter_prepares_ = true;
  const std::optional<InferenceRequest> request = job->next();
  if (!request) return finish(running);
  if (is_remembered(running)) {
    if (const auto* known = answers_.find(film_of(running.task.asked), running.about, running.requests))
      return accept(running, *known);
  }
  const std::string graph(graph_of(*request));
  if (!request->of_anatomy && graph != graph_name({})) {  // building another graph takes as long as many runs: it is told before
    if (!std::erase(graphs_, graph)) tell_progress(running, true);
    graphs_.push_back(graph);
    if (graphs_.size() > kMostFurtherGraphs) graphs_.erase(graphs_.begin());
  }
  asked_for_ = running.job;
  contract::RunNetwork run{++run_, graph, {}, request->outputs, running.task.key()};
  std::vector<Blob> blobs;
  for (const InferenceTensor& tensor : request->inputs) {
    run.inputs.push_back(shape_of(tensor));
    blobs.push_back(to_blob(std::span(tensor.values)));
  }
  step(std::move(run), std::move(blobs));
  return {};
}

/// The first request of an explanation, or of a check of the scores, is that of an analysis, which has no other.
bool CaseRunner::is_remembered(const Running& running) { return !running.about.empty() && running.requests == 0; }

Result<void> CaseRunner::accept(Running& running, std::vector<InferenceTensor> outputs) {
  CHESTLIGHT_TRY(Job * job, engine_.job(running.job));
  meter_ = running.job;
  meter_prepares_ = false;
  running.requests += 1;
  CHESTLIGHT_CHECK(job->accept(std::move(outputs)));
  tell_progress(running);
  return {};
}

void CaseRunner::tell_progress(const Running& running, bool loading_graph) {
  const contract::CaseTask& asked = running.task.asked;
  if (std::holds_alternative<contract::FindAnatomy>(asked) || std::holds_alternative<contract::CheckStability>(asked)) return;
  auto job = engine_.job(running.job);
  if (!job) return;
  const JobProgress progress = (*job)->progress();
  if (const auto* question = question_of(running.task.asked)) {
    if (question->request) post(contract::ExplanationProgressed{question->request, progress.done, progress.total, loading_graph});
  } else {
    post(contract::AnalysisProgressed{film_of(running.task.asked), progress.done, progress.total});
  }
}

Result<void> CaseRunner::finish(const Running& running) {
  const Running done = running;  // it is taken out below
  const contract::CaseTask& asked = done.task.asked;
  if (std::holds_alternative<contract::Analyse>(asked)) {
    CHESTLIGHT_CHECK(tell_analysis(done));
  } else if (std::holds_alternative<contract::FindAnatomy>(asked)) {
    CHESTLIGHT_CHECK(tell_anatomy(done));
  } else if (std::holds_alternative<contract::CheckStability>(asked)) {
    CHESTLIGHT_CHECK(tell_stability(done));
  } else if (const auto* check = std::get_if<contract::CheckTrust>(&asked)) {
    CHESTLIGHT_TRY(Job * job, engine_.job(done.job));
    const JobResult result = job->result();
    contract::TrustArrived arrived{check->question.request};
    CHESTLIGHT_CHECK(from_json(JsonReader(result.value, "trust", ErrorCode::kInternal), arrived.trust));
    post(std::move(arrived));
  } else {
    const contract::ExplanationQuestion question = *asked_question(asked);
    std::erase_if(running_, [&](const Running& one) { return one.job == done.job; });  // the job stays
    keep_job(question, done.job);
    if (std::holds_alternative<contract::ExportMap>(asked) || std::holds_alternative<contract::ExportReport>(asked))
      return queue_.put_back(done.task), Result<void>();
    CHESTLIGHT_CHECK(tell_explanation(question, done.job));
    forget(done.task.key());
    return {};
  }
  end_running([&](const Running& one) { return one.job == done.job; }, {});
  return {};
}

Result<void> CaseRunner::tell_analysis(const Running& running) {
  CHESTLIGHT_TRY(AnalyseJob * job, engine_.analyse_job(running.job));
  CaseFilm& film = *films_.find(film_of(running.task.asked));
  contract::AnalysisArrived arrived{film.id, describe(job->model(), job->analysis())};
  arrived.analysis.milliseconds = running.milliseconds;
  arrived.analysis.milliseconds.decode = film.decode_milliseconds;
  contract::FilmRecord record = analysis_record(film.name, arrived.analysis, backend_ ? backend_->name : "", film.decoder);
  const contract::Correction correction = arrived.analysis.input.correction();
  if (const KnownAnatomy* known = known_anatomy(film, correction)) record_anatomy(record, *known);
  const auto* stability = arrived.analysis.analysed ? known_stability(film.id, running.about) : nullptr;
  if (stability) record_stability(record, *stability);
  remember(film, std::move(record));
  std::vector<Blob> blobs;
  if (const auto& maps = job->analysis().evidence.contributions; !maps.empty()) blobs.push_back(to_blob(std::span(maps)));
  const std::optional<contract::Correction> asked = arrived.analysis.input.corrections;
  post(std::move(arrived), std::move(blobs));
  if (stability) post(contract::StabilityArrived{film.id, asked, *stability});
  follow_with_anatomy(film, correction, *job);
  return {};
}

Result<void> CaseRunner::tell_explanation(const contract::ExplanationQuestion& question, JobId id) {
  CHESTLIGHT_TRY(ExplainJob * job, engine_.explain_job(id));
  std::vector<Blob> blobs;
  for (const std::vector<float>& map : job->result().tensors) {
    Blob bytes = to_blob(std::span(map));
    if (blobs.empty()) blobs.push_back(std::move(bytes));
    else blobs[0].insert(blobs[0].end(), bytes.begin(), bytes.end());
  }
  post(contract::ExplanationArrived{question.request, describe(job->model(), job->value())}, std::move(blobs));
  return {};
}

std::optional<contract::ExplanationQuestion> CaseRunner::asked_question(const contract::CaseTask& task) const {
  if (const auto* report = std::get_if<contract::ExportReport>(&task)) return report_question(*report);
  const contract::ExplanationQuestion* question = question_of(task);
  return question ? std::optional(*question) : std::nullopt;
}

const CaseRunner::KeptJob* CaseRunner::kept_job(const contract::ExplanationQuestion& question) const {
  const std::string key = answer_key(question);
  auto found = std::find_if(kept_.begin(), kept_.end(), [&](const KeptJob& kept) { return kept.question == key; });
  return found == kept_.end() ? nullptr : &*found;
}

void CaseRunner::keep_job(const contract::ExplanationQuestion& question, JobId job) {
  std::erase_if(kept_, [&](const KeptJob& kept) { return kept.job == job; });
  kept_.push_back({answer_key(question), question.id, job});
  if (kept_.size() <= kMostKept) return;
  engine_.cancel(kept_.front().job);
  kept_.erase(kept_.begin());
}

void CaseRunner::forget_explanations(int film) {
  std::erase_if(kept_, [&](const KeptJob& kept) {
    if (kept.film == film) engine_.cancel(kept.job);
    return kept.film == film;
  });
}

std::string CaseRunner::about(const CaseFilm& film, const contract::Correction& correction) const {
  auto model = engine_.model();
  if (!model || !backend_) return "";
  const Manifest& manifest = (*model)->manifest();
  return text(manifest.id, " ", manifest.version, " ", (*model)->sha256(), " ", backend_->name, " ", seen_as(film, correction));
}

}  // namespace chestlight
