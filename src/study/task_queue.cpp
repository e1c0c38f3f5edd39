#include "study/task_queue.h"

#include <algorithm>
#include <iterator>
#include <type_traits>
#include <utility>

#include "base/text.h"

namespace chestlight {
namespace {

using namespace contract;

template <class... Kinds>
bool is_one_of(const CaseTask& task) {
  return (std::holds_alternative<Kinds>(task) || ...);
}

/// The same question about the same thing.
bool same_task(const CaseTask& a, const CaseTask& b) {
  if (a.index() != b.index() || is_one_of<ExportFindings, ExportMap, ExportReport, ExportEvaluation>(a)) return false;
  const ExplanationQuestion *question = question_of(a), *other = question_of(b);
  return question ? question->request == other->request : film_of(a) == film_of(b);
}

}  // namespace

std::string Task::key() const { return text("task:", number); }

const ExplanationQuestion* question_of(const CaseTask& task) {
  if (const auto* explain = std::get_if<Explain>(&task)) return &explain->question;
  if (const auto* check = std::get_if<CheckTrust>(&task)) return &check->question;
  if (const auto* map = std::get_if<ExportMap>(&task)) return &map->question;
  if (const auto* report = std::get_if<ExportReport>(&task)) return &report->question;
  return nullptr;
}

int film_of(const CaseTask& task) {
  if (const ExplanationQuestion* question = question_of(task)) return question->id;
  return std::visit(
      [](const auto& one) {
        if constexpr (requires { one.id; }) return one.id;
        else return 0;
      },
      task);
}

bool needs_film(const CaseTask& task) { return !is_one_of<ExportFindings, JoinLabels, EvaluateFilms, ExportEvaluation>(task); }

bool needs_network(const CaseTask& task) {
  return is_one_of<Analyse, CheckStability, FindAnatomy, Explain, CheckTrust, ExportMap, ExportReport>(task);
}

const Task* TaskQueue::add(CaseTask asked) {
  if (any([&](const Task& task) { return same_task(task.asked, asked); })) return nullptr;
  return &tasks_.emplace_back(Task{++last_, std::move(asked)});
}

void TaskQueue::put_back(Task task) {
  auto at = std::find_if(tasks_.begin(), tasks_.end(), [&](const Task& other) { return other.number > task.number; });
  tasks_.insert(at, std::move(task));
}

Urgency TaskQueue::urgency(const Task& task, bool film_is_open) const {
  const CaseTask& asked = task.asked;
  if (is_one_of<OpenFilm>(asked)) return film_is_open ? Urgency::kOpened : Urgency::kOpening;
  if (is_one_of<ShowFilm>(asked)) return Urgency::kPixels;
  if (is_one_of<ShowModelInput, JoinLabels, EvaluateFilms, ExportEvaluation>(asked)) return Urgency::kFacts;
  if (is_one_of<ExportFindings>(asked)) return Urgency::kExport;
  if (is_one_of<FindAnatomy>(asked)) return film_of(asked) == looked_at ? Urgency::kSeenAnatomy : Urgency::kAnatomy;
  if (question_of(asked) || is_one_of<CheckStability>(asked)) return Urgency::kExplanation;
  return film_of(asked) == looked_at ? Urgency::kLookedAt : Urgency::kAnalysis;
}

const Task* TaskQueue::first(const std::function<bool(const Task&)>& may_go, const std::function<bool(int)>& is_open) const {
  const Task* best = nullptr;
  Urgency of_best{};
  for (const Task& task : tasks_) {
    if (!may_go(task)) continue;
    const Urgency own = urgency(task, is_open(film_of(task.asked)));
    if (!best || own < of_best) best = &task, of_best = own;
  }
  return best;
}

Task TaskQueue::take(int number) {
  auto found = std::find_if(tasks_.begin(), tasks_.end(), [&](const Task& task) { return task.number == number; });
  Task task = std::move(*found);
  tasks_.erase(found);
  return task;
}

std::vector<Task> TaskQueue::take_all(const std::function<bool(const Task&)>& which) {
  auto rest = std::stable_partition(tasks_.begin(), tasks_.end(), [&](const Task& task) { return !which(task); });
  std::vector<Task> taken(std::make_move_iterator(rest), std::make_move_iterator(tasks_.end()));
  tasks_.erase(rest, tasks_.end());
  return taken;
}

bool TaskQueue::any(const std::function<bool(const Task&)>& which) const {
  return std::any_of(tasks_.begin(), tasks_.end(), which);
}

}  // namespace chestlight
