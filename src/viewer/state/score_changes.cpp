// See score_changes.h.
#include "viewer/state/score_changes.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/text.h"
#include "findings/zone_statement.h"
#include "viewer/state/side_by_side.h"
#include "viewer/state/stability.h"
#include "viewer/text/film_description.h"
#include "viewer/text/formatting.h"

namespace chestlight::viewer {
namespace {

std::optional<bool> bands_overlap(const FilmEntry& a, const FilmEntry& b, const std::string& finding) {
  const FindingStability *one = stability_of(a, finding), *other = stability_of(b, finding);
  if (!one || !other) return std::nullopt;
  return one->low <= other->high && other->low <= one->high;
}

std::string change_in_words(const ScoreChange& change) {
  const std::string figure = change_in_figures(std::abs(change.difference)).substr(1);  // without its sign
  std::string words = !is_change(change.difference) ? "No change"
                      : change.difference > 0       ? "Up by " + figure
                                                    : "Down by " + figure;
  if (change.zone_changed) words += text(", from ", zone_in_words(change.first->zone), " to ", zone_in_words(change.last->zone));
  words += ".";
  if (change.within_bands)
    words += *change.within_bands ? " Small changes of the pictures move the scores as far."
                                  : " More than small changes of the pictures do.";
  return words;
}

/// Why there is nothing to compare; empty where there is.
std::string missing_scores(const FilmEntry& film) {
  const bool has_scores = film.analysis && film.analysis->analysed && !film.analysis->findings.empty();
  return has_scores ? "" : text(short_name(film), " has no scores: ", headline(film));
}

bool same_model(const Analysis& a, const Analysis& b) {
  return a.model.sha256 == b.model.sha256 && a.model.version == b.model.version;
}

}  // namespace

ScoreChanges score_changes(const State& state) {
  const FilmPair pair = film_pair(state);
  if (!pair.first) return {};
  for (const FilmEntry* film : {pair.first, pair.last})
    if (std::string why = missing_scores(*film); !why.empty()) return {{}, why};
  if (!same_model(*pair.first->analysis, *pair.last->analysis))
    return {{}, "The scores are of different models and cannot be compared."};

  ScoreChanges changes;
  for (const Finding& first : pair.first->analysis->findings) {
    const Finding* last = find_finding(*pair.last, first.id);
    if (!last) continue;
    ScoreChange change{&first, last, last->calibrated - first.calibrated, disagrees(first, *last),
                       bands_overlap(*pair.first, *pair.last, first.id)};
    change.text = change_in_words(change);
    changes.rows.push_back(std::move(change));
  }
  if (state.settings.order == FindingsOrder::kZone)
    std::ranges::stable_sort(changes.rows, std::greater{}, [](const ScoreChange& one) { return std::abs(one.difference); });
  return changes;
}

}  // namespace chestlight::viewer
