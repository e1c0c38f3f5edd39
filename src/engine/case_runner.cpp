#include "engine/case_runner.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "base/text.h"
#include "contract/case_json.h"
#include "contract/json_fields.h"
#include "contract/messages_json.h"
#include "engine/describe.h"
#include "findings/preprocess.h"
#include "imaging/window.h"
#include "study/export.h"

namespace chestlight {
namespace {

/// Longest side of a thumbnail, pixels: twice the strip's width, so that it stays sharp on dense screens.
constexpr int kThumbnailSide = 224;
constexpr std::size_t kBytesPerPixel = sizeof(std::uint16_t);

contract::Failure crashed_on(const std::string& what) {
  return {"engine-crashed", text("The engine stopped while it worked on ", what, "; it was started again."),
          "The other films go on. If this one is a valid film, please report its format and size."};
}

contract::Failure crashed_explaining() {
  return {"engine-crashed", "The engine stopped while it worked on the explanation; it was started again.",
          "If it happens again, please report the method and the size of the film."};
}

template <class Kind>
std::function<bool(const Task&)> of_film(int id) {
  return [id](const Task& task) { return std::holds_alternative<Kind>(task.asked) && film_of(task.asked) == id; };
}

}  // namespace

CaseRunner::CaseRunner(Engine& engine, std::size_t decoded_budget) : engine_(engine), films_(decoded_budget) {}

void CaseRunner::tell(contract::CaseMessage message, std::vector<Blob> blobs, double spent) {
  book(spent);
  std::visit(
      [&](auto& one) {
        using Message = std::decay_t<decltype(one)>;
        if constexpr (requires { receive(one, std::move(blobs)); }) receive(one, std::move(blobs));
        else if constexpr (std::is_constructible_v<contract::CaseTask, Message>) enqueue(contract::CaseTask(std::move(one)));
        else receive(one);
      },
      message);
  read_next();
}

void CaseRunner::enqueue(contract::CaseTask asked) {
  if (const auto* open = std::get_if<contract::OpenFilm>(&asked)) {
    CaseFilm& film = films_.add(open->id, open->name);
    film.synthetic = open->synthetic;
    keep(film);
    labels_changed();
  }
  // What is known now is evaluated, as it was asked for last.
  if (std::holds_alternative<contract::EvaluateFilms>(asked))
    for (const Task& task :
         queue_.take_all([](const Task& one) { return std::holds_alternative<contract::EvaluateFilms>(one.asked); }))
      forget(task.key());
  if (const auto* show = std::get_if<contract::ShowFilm>(&asked)) queue_.looked_at = show->id;
  if (const int id = film_of(asked); id && !films_.find(id)) {
    if (const auto* report = std::get_if<contract::ExportReport>(&asked)) tell_report_page(*report, "", "");
    return;
  }
  if (const auto* analyse = std::get_if<contract::Analyse>(&asked)) {
    // Asked for otherwise, with other corrections or thresholds, what waits or runs gives way without a word.
    const int id = analyse->id;
    const auto gives_way = [id](const Task& task) {
      return of_film<contract::Analyse>(id)(task) || of_film<contract::FindAnatomy>(id)(task);
    };
    for (const Task& task : queue_.take_all(gives_way)) forget(task.key());
    end_running([&](const Running& running) { return gives_way(running.task); }, {});
    end_stability_checks(id);
    if (model_failure_) return post(contract::AnalysisFailed{id, *model_failure_});
  }
  if (const auto* check = std::get_if<contract::CheckStability>(&asked)) {
    end_stability_checks(check->id);
    if (model_failure_) return post(contract::StabilityFailed{check->id, *model_failure_});
    if (tell_known_stability(*check)) return;
  }
  if (const Task* task = queue_.add(std::move(asked))) step(contract::Keep{task->key(), to_json(task->asked)});
}

void CaseRunner::receive(const contract::ReopenFilm& message) {
  CaseFilm* film = films_.find(message.id);
  if (!film) return;
  film->record.reset();
  answers_.forget(film->id);
  forget_anatomy(film->id);
  release(*film);
  enqueue(contract::OpenFilm{film->id, film->name});
}

/// Whatever was asked of the frame before is void; the film is opened again with the new one.
void CaseRunner::receive(const contract::OpenFrame& message) {
  CaseFilm* film = films_.find(message.id);
  if (!film) return;
  drop_film_tasks(message.id);
  forget_anatomy(message.id);
  release(*film);
  film->frame = message.frame;
  film->frame_chosen = message.chosen;
  film->record.reset();
  film->reading.moved_lines.reset();
  keep(*film);
  enqueue(contract::OpenFilm{film->id, film->name});
}

void CaseRunner::receive(const contract::CloseFilm& message) {
  CaseFilm* film = films_.find(message.id);
  if (!film) return;
  drop_film_tasks(message.id);
  forget_anatomy(message.id);
  stabilities_.erase(message.id);
  answers_.forget(message.id);
  release(*film);
  films_.remove(message.id);
  forget(film_key(message.id));
  labels_changed();
}

void CaseRunner::drop_film_tasks(int id) {
  const auto tell_cancelled = [this](const Task& task) {
    if (const auto* report = std::get_if<contract::ExportReport>(&task.asked)) tell_report_page(*report, "", "");
    if (const auto* question = question_of(task.asked); question && question->request)
      post(contract::ExplanationCancelled{question->request});
  };
  for (const Task& task : queue_.take_all([id](const Task& task) { return film_of(task.asked) == id; })) {
    forget(task.key());
    tell_cancelled(task);
  }
  end_running([id](const Running& running) { return film_of(running.task.asked) == id; }, tell_cancelled);
  forget_explanations(id);
  identifiers_known(id, {});
}

void CaseRunner::receive(const contract::CancelAnalysis& message) {
  const std::vector<Task> waiting = queue_.take_all(of_film<contract::Analyse>(message.id));
  for (const Task& task : waiting) forget(task.key());
  const std::size_t before = running_.size();
  end_running([&](const Running& running) { return of_film<contract::Analyse>(message.id)(running.task); }, {});
  if (!waiting.empty() || running_.size() < before) post(contract::AnalysisCancelled{message.id});
  if (end_stability_checks(message.id))
    post(contract::StabilityFailed{message.id, {"cancelled", "The check of the scores was cancelled.", ""}});
}

void CaseRunner::receive(const contract::CancelExplanation& message) {
  const auto is_asked = [&](const Task& task) {
    const auto* question = question_of(task.asked);
    return question && question->request == message.request;
  };
  bool found = false;
  for (const Task& task : queue_.take_all(is_asked)) forget(task.key()), found = true;
  end_running([&](const Running& running) { return is_asked(running.task); }, [&](const Task&) { found = true; });
  if (found && message.request) post(contract::ExplanationCancelled{message.request});
}

void CaseRunner::receive(contract::FilmKept& message) {
  CaseFilm& film = films_.add(message.id, message.name);
  film.frame = message.frame;
  film.frame_chosen = message.chosen;
  film.synthetic = message.synthetic;
  film.record = std::move(message.record);
  film.reading = std::move(message.reading);
  film.sha256 = std::move(message.sha256);
  film.set_aside = message.set_aside;
  keep(film);
  labels_changed();
}

void CaseRunner::receive(const contract::TaskCrashed& message) {
  if (blame_labels(message.task)) return;
  auto asked = contract::parse_case_task(JsonReader(message.task, "task", ErrorCode::kInvalidRequest));
  if (!asked) return;
  const Task task{0, *asked};
  const CaseFilm* film = films_.find(film_of(task.asked));
  fail(task, question_of(task.asked) ? crashed_explaining() : crashed_on(film ? film->name : "the export"), message.kind);
}

/// Asks for the file that is needed first, when none is being read.
void CaseRunner::read_next() {
  if (reading_) return;
  // What has been read is told before the next one could take its place.
  if (queue_.any([&](const Task& task) {
        return std::holds_alternative<contract::OpenFilm>(task.asked) && is_decoded(film_of(task.asked));
      }))
    return;
  const bool analysing = backend_.has_value();
  const auto is_open = [&](int id) { return is_decoded(id); };
  // What waits to be analysed is kept; files are opened no faster than there is room for that.
  std::size_t waiting_bytes = 0;
  if (analysing)
    for (const Task& waiting : queue_.all())
      if (const auto* analyse = std::get_if<contract::Analyse>(&waiting.asked))
        if (auto film = films_.all().find(analyse->id); film != films_.all().end()) waiting_bytes += film->second.bytes;
  const bool crowded = waiting_bytes > films_.budget() / 2;
  const Task* task = queue_.first(
      [&](const Task& one) {
        if (!needs_film(one.asked) || is_decoded(film_of(one.asked))) return false;
        if (!can_be_done(one)) return false;
        return !crowded || queue_.urgency(one, false) < Urgency::kOpening;
      },
      is_open);
  if (!task) return;
  const CaseFilm* film = films_.find(film_of(task->asked));
  reading_ = film->id;
  step(contract::ReadFilm{film->id, film->frame, film->frame_chosen, task->key()});
}

void CaseRunner::receive(const contract::FilmRead& message) {
  reading_ = 0;
  CaseFilm* film = films_.find(message.id);
  const auto handle = static_cast<FilmId>(message.film.film);
  const auto* dicom = message.film.dicom ? &*message.film.dicom : nullptr;
  const bool overtaken =
      film && film->frame && dicom && (dicom->frame != film->frame || dicom->frame_chosen != film->frame_chosen);
  if (film && film->sha256 != message.sha256) {
    film->sha256 = message.sha256;
    film->synthetic = film->synthetic || message.synthetic;
    keep(*film);
  }
  if (!film || film->set_aside || overtaken) return engine_.close(handle);
  release(*film);
  film->decoded = handle;
  film->info = message.film;
  film->decoder = message.decoder;
  film->synthetic = film->synthetic || message.synthetic;
  film->decode_milliseconds = message.milliseconds;
  film->bytes = static_cast<std::size_t>(message.film.width) * static_cast<std::size_t>(message.film.height) * kBytesPerPixel;
  const auto is_waited_for = [&](int id) {
    return queue_.any([id](const Task& task) {
      return film_of(task.asked) == id && !std::holds_alternative<contract::FindAnatomy>(task.asked);
    });
  };
  for (FilmId closed : films_.make_room(*film, is_waited_for)) engine_.close(closed);
}

void CaseRunner::receive(const contract::FilmNotRead& message) {
  reading_ = 0;
  const int id = message.id;
  if (CaseFilm* film = films_.find(id)) film->sha256 = message.sha256;
  bool told = false;  // of the film itself, once
  for (const Task& task : queue_.take_all([id](const Task& one) { return film_of(one.asked) == id && needs_film(one.asked); })) {
    forget(task.key());
    const bool about_film =
        std::holds_alternative<contract::OpenFilm>(task.asked) || std::holds_alternative<contract::ShowFilm>(task.asked);
    if (!about_film || !told) fail(task, message.error, message.kind);
    told = told || about_film;
  }
}

void CaseRunner::receive(const contract::FilmIsArchive& message) {
  reading_ = 0;
  receive(contract::CloseFilm{message.id});
}

bool CaseRunner::is_decoded(int id) const {
  auto found = films_.all().find(id);
  return found != films_.all().end() && found->second.decoded;
}

void CaseRunner::release(CaseFilm& film) {
  if (film.decoded) engine_.close(film.decoded);
  film.decoded = 0;
  film.bytes = 0;
}

bool CaseRunner::can_be_done(const Task& task) const {
  if (std::holds_alternative<contract::FindAnatomy>(task.asked) && anatomy_ != AnatomyStage::kLoaded) return false;
  return !needs_network(task.asked) || backend_.has_value();
}

CaseRunner::Choice CaseRunner::choose() const {
  const auto is_open = [&](int id) { return is_decoded(id); };
  // What takes no network goes first: a reader waits for it, and it is done in a moment.
  const Task* quick = queue_.first(
      [&](const Task& task) {
        if (needs_film(task.asked) && !is_decoded(film_of(task.asked))) return false;
        if (const auto* map = std::get_if<contract::ExportMap>(&task.asked))
          return kept_job(map->question) && (typeface_ || !font_asked_);
        if (const auto* report = std::get_if<contract::ExportReport>(&task.asked)) return report_is_ready(*report);
        if (const auto* explain = std::get_if<contract::Explain>(&task.asked)) return kept_job(explain->question) != nullptr;
        if (std::holds_alternative<contract::ExportFindings>(task.asked)) return running_.empty();
        return !needs_network(task.asked);
      },
      is_open);
  if (quick && queue_.urgency(*quick, true) < Urgency::kExport) return {Choice::Kind::kTask, quick->number};

  const bool network_free = backend_ && !asked_for_;
  if (network_free) {
    const Task* next = queue_.first(
        [&](const Task& task) {
          if (!needs_network(task.asked) || !can_be_done(task) || !is_decoded(film_of(task.asked))) return false;
          if (const auto* map = std::get_if<contract::ExportMap>(&task.asked); map && kept_job(map->question)) return false;
          if (const auto* report = std::get_if<contract::ExportReport>(&task.asked); report && report_is_ready(*report))
            return false;
          // A job under way is finished first, but for the film that is looked at.
          return running_.empty() ||
                 (std::holds_alternative<contract::Analyse>(task.asked) && film_of(task.asked) == queue_.looked_at &&
                  !std::holds_alternative<contract::Analyse>(running_.back().task.asked));
        },
        is_open);
    if (next) return {Choice::Kind::kTask, next->number};
    if (!running_.empty()) return {Choice::Kind::kGoOn, 0};
  }
  const bool nothing_else =
      !reading_ && running_.empty() && !queue_.any([&](const Task& task) { return needs_film(task.asked) && can_be_done(task); });
  if (quick && nothing_else) return {Choice::Kind::kTask, quick->number};
  return {};
}

std::string CaseRunner::next_task() const {
  const Choice choice = choose();
  if (choice.kind == Choice::Kind::kGoOn) return running_.back().task.key();
  return choice.kind == Choice::Kind::kTask ? Task{choice.task, {}}.key() : "";
}

bool CaseRunner::work(double spent) {
  book(spent);
  const Choice choice = choose();
  if (choice.kind == Choice::Kind::kNothing) return false;
  if (choice.kind == Choice::Kind::kGoOn) {
    const JobId job = running_.back().job;
    meter_ = job;
    auto done = guarded([&] { return go_on(); });
    if (const Running* running = running_of(job); running && !done) fail_running(*running, describe(done.error()));
  } else {
    const Task task = queue_.take(choice.task);
    if (auto done = guarded([&] { return perform(task); }); !done) {
      end_running([&](const Running& running) { return running.task.number == task.number; }, {});
      forget(task.key());
      fail(task, describe(done.error()));
    }
  }
  read_next();
  return true;
}

Result<void> CaseRunner::perform(const Task& task) {
  CaseFilm* film = films_.find(film_of(task.asked));
  if (const auto* map = std::get_if<contract::ExportMap>(&task.asked)) {
    if (!kept_job(map->question)) return start_job(task);
    if (!typeface_) {  // it waits for that
      font_asked_ = true;
      step(contract::FetchFont{});
      queue_.put_back(task);
      return {};
    }
    CHESTLIGHT_CHECK(export_map(*map, *film));
  } else if (const auto* report = std::get_if<contract::ExportReport>(&task.asked)) {
    if (const Task* waits = search_before(*report)) {
      const Task search = queue_.take(waits->number);
      queue_.put_back(task);
      if (auto begun = start_job(search); !begun) {
        forget(search.key());
        fail(search, describe(begun.error()));
      }
      return {};
    }
    if (!report_is_ready(*report)) return start_job(task);
    CHESTLIGHT_CHECK(write_report_page(*report, *film));
  } else if (const auto* explain = std::get_if<contract::Explain>(&task.asked); explain && kept_job(explain->question)) {
    const KeptJob kept = *kept_job(explain->question);
    keep_job(explain->question, kept.job);  // it was used last
    CHESTLIGHT_CHECK(tell_explanation(explain->question, kept.job));
  } else if (needs_network(task.asked)) {
    return start_job(task);
  } else if (std::holds_alternative<contract::OpenFilm>(task.asked)) {
    CHESTLIGHT_CHECK(tell_opened(*film));
    // Its pixels come with the message that it is open.
    for (const Task& shown : queue_.take_all(of_film<contract::ShowFilm>(film->id))) {
      CHESTLIGHT_CHECK(tell_pixels(*film));
      forget(shown.key());
    }
  } else if (std::holds_alternative<contract::ShowFilm>(task.asked)) {
    CHESTLIGHT_CHECK(tell_pixels(*film));
  } else if (const auto* input = std::get_if<contract::ShowModelInput>(&task.asked)) {
    CHESTLIGHT_CHECK(tell_model_input(*film, input->correction.value_or(contract::Correction{})));
  } else if (const auto* findings = std::get_if<contract::ExportFindings>(&task.asked)) {
    export_findings(*findings);
  } else if (std::holds_alternative<contract::JoinLabels>(task.asked)) {
    join_labels_to_films();
  } else if (const auto* evaluate = std::get_if<contract::EvaluateFilms>(&task.asked)) {
    tell_evaluation(*evaluate);
  } else if (const auto* evaluation = std::get_if<contract::ExportEvaluation>(&task.asked)) {
    CHESTLIGHT_CHECK(export_evaluation(*evaluation));
  }
  forget(task.key());
  return {};
}

Result<void> CaseRunner::tell_opened(const CaseFilm& film) {
  CHESTLIGHT_TRY(const Film* pixels, engine_.film(film.decoded));
  Grid<std::uint8_t> small = downsample_thumbnail(*pixels, kThumbnailSide);
  post(contract::FilmOpened{film.id, film.info, film.sha256, contract::PictureSize{small.width(), small.height()}},
       {std::move(small.values())});
  return {};
}

Result<void> CaseRunner::tell_pixels(const CaseFilm& film) {
  CHESTLIGHT_TRY(const Film* pixels, engine_.film(film.decoded));
  const auto& values = pixels->pixels.values();
  contract::PixelsArrived arrived{film.id, pixels->width(), pixels->height(), pixels->full_scale};
  std::size_t entries = values.size();
  for (const contract::DisplayTable& table : pixels->tables) {
    arrived.tables.push_back({table.first, table.last, static_cast<int>(table.values.size())});
    entries += table.values.size();
  }
  arrived.has_drawing = !pixels->drawing.empty();
  Blob blob(entries * sizeof(std::uint16_t) + pixels->drawing.size());
  std::uint8_t* at = blob.data();
  const auto append = [&](const std::vector<std::uint16_t>& part) {
    if (!part.empty()) std::memcpy(at, part.data(), part.size() * sizeof(std::uint16_t));
    at += part.size() * sizeof(std::uint16_t);
  };
  append(values);
  for (const contract::DisplayTable& table : pixels->tables) append(table.values);
  std::ranges::copy(pixels->drawing, at);
  post(std::move(arrived), {std::move(blob)});
  return {};
}

Result<void> CaseRunner::tell_model_input(const CaseFilm& film, const contract::Correction& correction) {
  CHESTLIGHT_TRY(PreparedInput prepared, engine_.prepare(film.decoded, correction));
  CHESTLIGHT_TRY(auto model, engine_.model());
  post(contract::ModelInputArrived{film.id, prepared.record}, {input_picture(prepared.input, model->manifest().input).values()});
  return {};
}

void CaseRunner::fail(const Task& task, const contract::Failure& failure, const std::string& kind) {
  CaseFilm* film = films_.find(film_of(task.asked));
  const bool opens =
      std::holds_alternative<contract::OpenFilm>(task.asked) || std::holds_alternative<contract::ShowFilm>(task.asked);
  const bool analyses = std::holds_alternative<contract::Analyse>(task.asked);
  if (film && (opens || analyses)) {
    contract::FilmRecord record = failure_record(film->name, failure);
    if (auto model = engine_.model()) record.model = model_id(**model);
    if (backend_) record.backend = backend_->name;
    remember(*film, std::move(record));
  }
  if (opens && film) return post(contract::FilmFailed{film->id, film->name, failure, kind, true, film->sha256});
  if (analyses) return post(contract::AnalysisFailed{film_of(task.asked), failure});
  if (const auto* report = std::get_if<contract::ExportReport>(&task.asked)) return fail_report_page(*report, failure);
  if (const auto* evaluate = std::get_if<contract::EvaluateFilms>(&task.asked)) {
    contract::FilmsEvaluated told{0, evaluate->operating_point};
    told.error = failure;
    return post(told);
  }
  if (std::holds_alternative<contract::FindAnatomy>(task.asked)) {
    told_.erase(film_of(task.asked));
    return post(contract::AnatomyFailed{film_of(task.asked), failure});
  }
  if (std::holds_alternative<contract::CheckStability>(task.asked))
    return post(contract::StabilityFailed{film_of(task.asked), failure});
  const auto* question = question_of(task.asked);
  if (question && !std::holds_alternative<contract::ExportMap>(task.asked))
    return post(contract::ExplanationFailed{question->request, failure});
  post(contract::Noticed{failure.sentence()});
}

void CaseRunner::fail_all(const std::function<bool(const Task&)>& which, const contract::Failure& failure) {
  for (const Task& task : queue_.take_all(which)) {
    forget(task.key());
    fail(task, failure);
  }
}

void CaseRunner::post(const contract::Event& event, std::vector<Blob> blobs) {
  step(contract::Tell{to_json(event)}, std::move(blobs));
}

void CaseRunner::step(contract::CaseStep asked, std::vector<Blob> blobs) {
  steps_.push_back({std::move(asked), std::move(blobs)});
}

std::string CaseRunner::film_key(int id) { return text("film:", id); }

void CaseRunner::keep(const CaseFilm& film) {
  const contract::FilmKept kept{film.id,        film.name,    film.frame,  film.frame_chosen, film.record,
                                film.synthetic, film.reading, film.sha256, film.set_aside};
  step(contract::Keep{film_key(film.id), contract::named_message(message_name(kept), to_json(kept))});
}

void CaseRunner::remember(CaseFilm& film, contract::FilmRecord record) {
  record.sha256 = film.sha256;
  record.synthetic = film.synthetic;
  film.record = std::move(record);
  keep(film);
}

void CaseRunner::forget(std::string key) { step(contract::Keep{std::move(key), nullptr}); }

}  // namespace chestlight
