// See formatting.h.
#include "viewer/text/formatting.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "findings/zone_statement.h"
#include "viewer/state/stability.h"
#include "viewer/state/threshold_trial.h"
#include "viewer/text/explanation_snapshot.h"

namespace chestlight::viewer {

std::string bytes_in_words(double bytes) {
  if (bytes < 1000) return text(static_cast<long long>(bytes), " B");
  if (bytes < 1e6) return fixed(bytes / 1e3, 0) + " kB";
  if (bytes < 1e9) return fixed(bytes / 1e6, bytes < 1e8 ? 1 : 0) + " MB";
  return fixed(bytes / 1e9, 1) + " GB";
}

std::string seconds_in_words(double seconds) {
  if (seconds < 90) return fixed(std::max(1.0, std::ceil(seconds)), 0) + " s";
  return fixed(std::ceil(seconds / 60), 0) + " min";
}

std::string milliseconds_in_words(double milliseconds) {
  if (milliseconds < 1000) return fixed(milliseconds, milliseconds < 10 ? 1 : 0) + " ms";
  return fixed(milliseconds / 1000, 1) + " s";
}

std::string score_in_figures(double score) { return score_figure({static_cast<float>(score)}); }

std::string change_in_figures(double difference) {
  const std::string figures = fixed(std::abs(difference), 2);
  return figures == "0.00" ? figures : (difference > 0 ? "+" : "−") + figures;
}

ResultInShort result_in_short(const Analysis& analysis) {
  int likely = 0, uncertain = 0, assessed = 0, above = 0;
  for (const Finding& finding : analysis.findings) {
    likely += finding.zone == Zone::kLikely;
    uncertain += finding.zone == Zone::kUncertain;
    assessed += finding.zone != Zone::kNotAssessed;
    above += finding.state == FindingState::kAbove;
  }
  if (likely > 0) return {text(likely, " likely"), Zone::kLikely};
  if (uncertain > 0) return {text(uncertain, " uncertain"), Zone::kUncertain};
  if (assessed > 0) return {"Nothing likely", Zone::kUnlikely};
  return {above > 0 ? text(above, " above") : "None above", Zone::kNotAssessed};
}

std::string operating_point_in_words(const Analysis& analysis) {
  const std::string headline = analysis.summary.headline + ".";
  return analysis.operating_point.name.empty() ? headline : text("At ", analysis.operating_point.name, ": ", headline);
}

std::string model_evaluation_in_words(const ModelInfo& model) {
  if (model.id.empty()) return "";
  return model.evaluation ? evaluation_data_sentence(*model.evaluation) : "Nothing is known of this model's scores here.";
}

std::string evaluation_in_words(const State& state, const Finding& finding) {
  const LabelInfo* label = find_label(state, finding.id);
  if (!label || !label->evaluation) return "";
  return evaluation_sentence(*label->evaluation, {static_cast<float>(finding.threshold)}, calibration_of(*label));
}

const char* state_in_words(FindingState state) {
  switch (state) {
    case FindingState::kAbove: return "above threshold";
    case FindingState::kBorderline: return "borderline";
    case FindingState::kBelow: return "below threshold";
  }
  return "";
}

const char* stage_in_words(FilmStage stage) {
  switch (stage) {
    case FilmStage::kQueued: return "Reading";
    case FilmStage::kWaiting: return "Waiting for the model";
    case FilmStage::kAnalysing: return "Analysing";
    case FilmStage::kAnalysed: return "Analysed";
    case FilmStage::kRefused: return "Not analysed";
    case FilmStage::kUnreadable: return "Not readable";
    case FilmStage::kAnalysisFailed: return "Analysis failed";
    case FilmStage::kCancelled: return "Cancelled";
    case FilmStage::kHidden: return "Hidden until you have read it";
  }
  return "";
}

std::string backend_in_words(const std::string& name) {
  if (name == "webgpu-fp16") return "WebGPU, 16 bit";
  if (name == "webgpu") return "WebGPU";
  if (name == "wasm-threads") return "CPU, threads";
  if (name == "wasm") return "CPU";
  return name;
}

std::string reason_in_short(const FilmEntry& film) {
  std::string id;
  if (film.failure) id = film.failure->code;
  if (film.stage == FilmStage::kRefused && film.analysis)
    for (const Reason& reason : film.analysis->reasons)
      if (reason.refuses() && id.empty()) id = reason.id;
  std::replace(id.begin(), id.end(), '-', ' ');
  return id;
}

std::string headline(const FilmEntry& film) {
  switch (film.stage) {
    case FilmStage::kAnalysed:
      return film.analysis->summary.sentence + (request_in_short(film).empty() ? "" : " (" + request_in_short(film) + ")");
    case FilmStage::kRefused:
      for (const Reason& reason : film.analysis->reasons)
        if (reason.refuses()) return reason.text;
      return stage_in_words(film.stage);
    case FilmStage::kUnreadable:
    case FilmStage::kAnalysisFailed: return film.failure ? film.failure->message : stage_in_words(film.stage);
    case FilmStage::kAnalysing:
      if (film.waits_for_turn()) return "Waiting for its turn";
      if (film.steps_total > 1) return text("Analysing, step ", film.steps_done, " of ", film.steps_total);
      [[fallthrough]];
    default: return stage_in_words(film.stage);
  }
}

namespace {

/// Of all parts together; without a total while that of one is unknown.
Loading::Bytes bytes_of(const Loading& loading) {
  Loading::Bytes sum;
  bool known = true;
  for (const auto& [name, part] : loading.parts) {
    sum.done += part.done;
    sum.total += part.total;
    known = known && part.total > 0;
  }
  if (!known) sum.total = 0;
  return sum;
}

std::string loading_text(const State& state) {
  const Loading& loading = state.loading;
  if (loading.cancelling) return "Cancelling";
  if (loading.graph == "reverse") return "Preparing gradients on this device";
  if (loading.warming_up || !loading.graph.empty()) return "Preparing the model on this device";
  bool runtime = loading.parts.contains("runtime"), model = loading.parts.contains("model");
  std::string what = runtime && model ? "Loading the model and the runtime"
                     : runtime        ? "Loading the runtime"
                                      : "Loading the model";
  Loading::Bytes sum = bytes_of(loading);
  if (sum.total <= 0) return what;
  what += text(": ", bytes_in_words(sum.done), " of ", bytes_in_words(sum.total));
  double spent = state.now - loading.since;
  if (spent > 1 && sum.done > 0 && sum.done < sum.total)
    what += ", " + seconds_in_words(spent * (sum.total - sum.done) / sum.done) + " left";
  return what;
}

}  // namespace

Progress progress(const State& state) {
  Progress p;
  int work = films_in_work(state);
  if (state.own.importing) {
    const OwnModels::Import& import = *state.own.importing;
    p.busy = true;
    p.can_cancel = !import.cancelling;
    p.text = import_in_words(state);
    if (import.total > 0 && import.step == "reading") p.fraction = std::clamp(import.done / import.total, 0.0, 1.0);
    return p;
  }
  if (state.engine == EnginePhase::kLoading) {
    p.busy = true;
    p.can_cancel = !state.loading.cancelling;
    p.text = loading_text(state);
    Loading::Bytes sum = bytes_of(state.loading);
    if (sum.total > 0 && !state.loading.warming_up) p.fraction = std::clamp(sum.done / sum.total, 0.0, 1.0);
    return p;
  }
  if (state.engine == EnginePhase::kFailed) return p;
  if (work == 0) {
    p = explanation_progress(state);
    if (!p.busy && checking_stability(state)) p.busy = p.can_cancel = true, p.text = "Checking the stability of the scores";
    return p;
  }
  p.busy = true;
  int all = static_cast<int>(state.films.size());
  p.can_cancel = std::any_of(state.films.begin(), state.films.end(), [](const FilmEntry& f) { return f.cancellable(); });
  const bool preparing = !state.loading.graph.empty();
  p.text = preparing  ? loading_text(state)
           : all == 1 ? headline(state.films.front())
                      : text("Film ", all - work + 1, " of ", all);
  double within = 0;
  for (const FilmEntry& film : state.films)
    if (film.stage == FilmStage::kAnalysing && film.steps_total > 0)
      within = std::max(within, static_cast<double>(film.steps_done) / film.steps_total);
  p.fraction = (all - work + within) / all;
  return p;
}

std::string status_line(const State& state, bool brief) {
  if (state.engine == EnginePhase::kFailed && state.engine_failure) return state.engine_failure->sentence();
  if (Progress p = progress(state); p.busy) return p.text;
  if (!state.notice.empty()) return state.notice;
  const FilmEntry* film = selected_film(state);
  if (film && film->stage == FilmStage::kAnalysed) {
    const Milliseconds& t = film->analysis->milliseconds;
    if (t.total() <= 0) return "Ready";
    std::string whole = "Analysed in " + milliseconds_in_words(t.total());
    if (brief) return whole;
    return text(whole, ": decode ", milliseconds_in_words(t.decode), ", prepare ", milliseconds_in_words(t.prepare), ", model ",
                milliseconds_in_words(t.run), ", maps ", milliseconds_in_words(t.explain));
  }
  if (film) return headline(*film);
  return "Ready";
}

std::string failure_details(const State& state, const FilmEntry* film, const Failure& failure) {
  std::string details =
      text("code: ", failure.code, "\nmodel: ", state.model.id, " ", state.model.version, "\nbackend: ", state.backend.name);
  if (film && film->decoded())
    details +=
        text("\nfilm: ", film->info.format, ", ", film->info.width, " × ", film->info.height, ", ", film->info.bits, " bit");
  return details;
}

}  // namespace chestlight::viewer
