// Figures and states as words: the page, its mirror for screen readers and the status line all say the same
// thing.
#pragma once

#include <string>

#include "viewer/state/state.h"

namespace chestlight::viewer {

std::string bytes_in_words(double bytes);      // "3.2 MB"
std::string seconds_in_words(double seconds);  // "4 s", "2 min"
std::string milliseconds_in_words(double milliseconds);
std::string score_in_figures(double score);      // "0.31"; "<0.01" and ">0.99" are never rounded to 0 or 1
const char* state_in_words(FindingState state);  // "above threshold"
const char* stage_in_words(FilmStage stage);
std::string backend_in_words(const std::string& name);  // "WebGPU, 16 bit"
/// Why a film is not analysed, in few words: "lateral", "too small", "corrupt". Empty for films that are, or will be.
std::string reason_in_short(const FilmEntry& film);
std::string headline(const FilmEntry& film);  // one line about a film for its row: the result or its state

struct Progress {
  bool busy = false;
  bool can_cancel = false;
  double fraction = -1;  // below 0: not known
  std::string text;
};
/// What the page is doing now, in bytes or steps, with the time left where it can be told.
Progress progress(const State& state);
/// `brief`: without the parts of a time.
std::string status_line(const State& state, bool brief = false);

/// What may be copied into a bug report: codes, sizes, versions. No name, no pixel, no score.
std::string failure_details(const State& state, const FilmEntry* film, const Failure& failure);

}  // namespace chestlight::viewer
