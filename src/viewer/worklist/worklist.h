// The worklist: the films of the visit as rows that are sorted, filtered and searched. Values and functions of the state; the
// table that shows them is ui/panels/worklist.cpp.
//
// Rows are made anew only when something that they show has changed, so that a frame of a thousand films makes none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "viewer/state/film_entry.h"
#include "viewer/state/worklist_choices.h"

namespace chestlight::viewer {

struct State;

/// From this many films on the worklist opens by itself.
constexpr std::size_t kWorklistFrom = 8;

/// A score of one finding, in a column of its own.
struct WorklistScore {
  std::string text;  // "0.57"; empty where the film has none
  Zone zone = Zone::kNotAssessed;
  double value = -1;
};

struct WorklistRow {
  int film = 0;
  std::size_t at = 0;  // in State::films
  std::string name;    // the last part
  std::string study;
  std::string view;
  std::string state;    // "Waiting", "Refused: lateral"
  std::string finding;  // the highest one, or "Nothing likely"
  Zone zone = Zone::kNotAssessed;
  std::string score;    // of that finding
  std::string verdict;  // "Read", "Read, 1 disagree"
  std::vector<WorklistScore> scores;
  // To sort by.
  int state_rank = 0;
  double finding_rank = -1;
  int verdict_rank = 0;
};

struct Worklist {
  WorklistSort sort;
  WorklistFilter filter;
  std::string search;
  std::vector<std::string> columns;  // findings that have one
  std::vector<WorklistRow> rows;     // those that the filter lets through, in order; empty while it is not shown
  bool has_studies = false;          // some films belong together, or their files name a study
  bool has_views = false;            // of some film it is known
  bool has_states = false;           // some film is anything but analysed
  bool has_verdicts = false;         // the reader said something of a film
  std::uint64_t made_of = 0;         // fingerprint of what they were made of
};

/// The reader's choice, else by the number of films.
bool worklist_shown(const State& state);
/// By another column, by the same the other way round, or as the films came: one after the other.
void sort_worklist(Worklist& list, WorklistColumn column, const std::string& finding);
void show_finding_column(Worklist& list, const std::string& finding, bool shown);
/// Called after every action: makes the rows anew where that is needed.
void settle_worklist(State& state);
/// The films by number as they stand on the page, in the worklist or in the strip.
std::vector<int> shown_order(const State& state);

/// What a finding's score of an analysis is ordered by: its zone first; a film without is below all.
double finding_rank(const Finding& finding);
/// The one that stands first by zone; nullptr without findings.
const Finding* highest_finding(const Analysis& analysis);

/// "12 of 40 films, sorted by name, effusion likely, unread": what is shown and why.
std::string worklist_in_words(const State& state);
bool is_filtered(const Worklist& worklist);

/// Names as people order them: "film 2" before "film 10", small letters as capital ones.
bool stands_before(std::string_view a, std::string_view b);

}  // namespace chestlight::viewer
