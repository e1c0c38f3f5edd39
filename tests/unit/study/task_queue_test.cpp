// What waits, in the order of what a reader waits for.
#include "study/task_queue.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace chestlight {
namespace {

using namespace contract;

constexpr auto kAnyTask = [](const Task&) { return true; };

/// The films of all tasks in the order they are taken, each with the name of what is asked.
std::vector<std::string> order_of(TaskQueue& queue, const std::set<int>& open = {}) {
  static constexpr const char* kNames[] = {"open",    "show",  "input", "analyse", "stability", "anatomy",
                                           "explain", "check", "map",   "report",  "export"};
  std::vector<std::string> order;
  while (const Task* task = queue.first(kAnyTask, [&](int film) { return open.contains(film); })) {
    order.push_back(std::string(kNames[task->asked.index()]) + " " + std::to_string(film_of(task->asked)));
    queue.take(task->number);
  }
  return order;
}

ExplanationQuestion question(int request, int film) { return {request, film, "effusion", "evidence"}; }

TEST(TaskQueue, TheFilmLookedAtGoesFirst) {
  TaskQueue queue;
  queue.looked_at = 3;
  queue.add(ExportFindings{});
  for (int film : {1, 3}) queue.add(FindAnatomy{film, {}});
  for (int film : {1, 2, 3}) queue.add(Analyse{film});
  queue.add(Explain{question(7, 1)});
  queue.add(OpenFilm{4, "4.png"});
  queue.add(OpenFilm{5, "5.png"});
  queue.add(ShowModelInput{2});
  queue.add(ShowFilm{3});
  EXPECT_EQ(order_of(queue, {4}), (std::vector<std::string>{"open 4", "show 3", "input 2", "analyse 3", "explain 1", "open 5",
                                                            "analyse 1", "analyse 2", "anatomy 3", "anatomy 1", "export 0"}))
      << "lungs and heart come after every finding";
}

TEST(TaskQueue, WhatIsAskedTwiceIsDoneOnceButForExports) {
  TaskQueue queue;
  EXPECT_NE(queue.add(ShowFilm{1}), nullptr);
  EXPECT_EQ(queue.add(ShowFilm{1}), nullptr);
  queue.add(Explain{question(1, 1)});
  queue.add(Explain{question(2, 1)});
  EXPECT_EQ(queue.add(Explain{question(2, 1)}), nullptr);
  queue.add(ExportMap{question(0, 1), {}});
  queue.add(ExportMap{question(0, 1), {}});
  queue.add(ExportFindings{"csv"});
  queue.add(ExportFindings{"json"});
  EXPECT_EQ(order_of(queue).size(), 7u);
}

TEST(TaskQueue, WhatIsPutBackHasItsOldPlace) {
  TaskQueue queue;
  for (int film : {1, 2, 3}) queue.add(Analyse{film});
  Task second = queue.take(2);
  queue.put_back(std::move(second));
  EXPECT_EQ(order_of(queue), (std::vector<std::string>{"analyse 1", "analyse 2", "analyse 3"}));
}

TEST(TaskQueue, OnlyWhatMayGoIsFirst) {
  TaskQueue queue;
  queue.add(Analyse{1});
  queue.add(OpenFilm{2, "2.png"});
  const Task* task = queue.first([](const Task& one) { return !needs_network(one.asked); }, [](int) { return false; });
  ASSERT_NE(task, nullptr);
  EXPECT_EQ(film_of(task->asked), 2);
  EXPECT_EQ(queue.first([](const Task&) { return false; }, [](int) { return false; }), nullptr);
}

}  // namespace
}  // namespace chestlight
