// Figures and states as words: the page, its mirror for screen readers and the status line all say the same
// thing.
#pragma once

#include <string>

#include "viewer/state/state.h"

namespace chestlight::viewer {

std::string bytes_in_words(double bytes);      // "3.2 MB"
std::string seconds_in_words(double seconds);  // "4 s", "2 min"
std::string milliseconds_in_words(double milliseconds);
std::string score_in_figures(double score);        // "0.31", "0.052", "<0.001", ">0.99": as findings/statement.h
std::string change_in_figures(double difference);  // of two scores: "+0.31", "−0.05", "0.00"
const char* state_in_words(FindingState state);    // "above threshold"
/// What an analysed film came to, for its row: "2 likely", "3 uncertain", "Nothing likely"; of a model without an evaluation
/// "2 above", "None above".
struct ResultInShort {
  std::string words;
  Zone zone = Zone::kUnlikely;  // the highest that any finding is in
};
ResultInShort result_in_short(const Analysis& analysis);
/// "At Rule in: 2 findings above threshold, 1 borderline."
std::string operating_point_in_words(const Analysis& analysis);
/// On which films the model was evaluated and how well it did on them; that nothing is known, where nothing is. Empty before
/// there is a model.
std::string model_evaluation_in_words(const ModelInfo& model);
/// Sensitivity, specificity, AUROC and counts of a finding at the threshold in use, in a line; empty where nothing is known.
std::string evaluation_in_words(const State& state, const Finding& finding);
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
