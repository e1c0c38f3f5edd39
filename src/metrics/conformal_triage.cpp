#include "metrics/conformal_triage.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "metrics/distributions.h"

namespace chestlight {
namespace {

constexpr int kStarts = 8;

/// One side of the scores: films from the most extreme one on, and whether each is right to be in the zone.
struct Side {
  std::vector<double> scores;  // most extreme first
  std::vector<int> right;      // right[k]: of the first k films
  std::vector<int> beyond;  // beyond[k]: films strictly beyond the score of film k, which is the zone that film k is the edge of
};

Side side_of(const Sample& sample, bool called) {
  std::vector<int> order = sample.by_falling_score();
  if (!called) std::reverse(order.begin(), order.end());
  Side side{{}, {0}, {}};
  for (int film : order) {
    const auto rank = static_cast<int>(side.scores.size());
    const bool tied = rank > 0 && side.scores.back() == sample.scores()[film];
    side.beyond.push_back(tied ? side.beyond.back() : rank);
    side.scores.push_back(sample.scores()[film]);
    side.right.push_back(side.right.back() + (sample.truth()[film] == (called ? 1 : 0)));
  }
  return side;
}

/// The fewest films that prove `goal` where all of them are right.
int fewest_films(double goal, double level) { return static_cast<int>(std::ceil(std::log(level) / std::log(goal) - 1e-9)); }

/// Whether `right` of `films` prove that the share of right ones is at least `goal`.
bool proves(int right, int films, double goal, double level) {
  return films > 0 && 1 - binomial_cdf(right - 1, films, goal) <= level;
}

/// Sizes that are fixed before a label is looked at: from the fewest films that can prove anything to all, evenly on a log scale.
std::vector<int> starting_sizes(int fewest, int films) {
  std::vector<int> sizes;
  for (int i = 0; i < kStarts; ++i) {
    const double size = fewest * std::pow(static_cast<double>(films) / fewest, static_cast<double>(i) / kStarts);
    sizes.push_back(static_cast<int>(std::lround(size)));
  }
  return sizes;
}

/// Every size whose zone is proved, rising.
std::vector<int> proved_sizes(const Side& side, double goal, double level) {
  std::vector<int> proved;
  const int films = static_cast<int>(side.scores.size());
  const int fewest = fewest_films(goal, level);
  if (fewest >= films) return proved;
  const std::vector<int> starts = starting_sizes(fewest, films);
  bool running = false;
  for (int size = fewest; size < films; ++size) {  // the film of rank `size` is the edge
    running = running || std::find(starts.begin(), starts.end(), size) != starts.end();
    if (!running) continue;
    running = proves(side.right[side.beyond[size]], side.beyond[size], goal, level);
    if (running) proved.push_back(size);
  }
  return proved;
}

TriageZone zone_of(const Side& side, int size) { return {side.scores[size], side.beyond[size], side.right[side.beyond[size]]}; }

TriageRefusal refusal_of(const Side& side, double goal, double level, std::string_view what) {
  const int films = static_cast<int>(side.scores.size());
  const int fewest = fewest_films(goal, level);
  const std::string percent = fixed(100 * goal, 0) + " %";
  const double reach = -normal_quantile(level);
  std::optional<int> enough;
  // One film that is right at the goal's rate is added to each zone, so that three right ones of three promise nothing.
  for (int size = std::min(films, 10); size <= films; ++size) {
    const double share = (side.right[size] + goal) / (size + 1);
    if (share <= goal + 1e-9) continue;
    const double in_zone = std::max<double>(fewest, goal * (1 - goal) * reach * reach / ((share - goal) * (share - goal)));
    const double in_all = std::ceil(in_zone * films / size) + 1;
    if (in_all < 1e8 && (!enough || in_all < *enough)) enough = static_cast<int>(in_all);
  }
  std::string reason = text("These ", films, " films do not prove ", what, " of ", percent, ": a zone needs ", fewest,
                            " films that are all right, or more films with a few wrong ones.");
  if (enough && *enough <= films) enough = films + std::max(1, films / 4);  // it came close: the estimate is no finer than that
  reason += enough ? text(" About ", *enough, " labelled films like these would do.")
                   : text(" No zone of these films reaches ", percent, ", so more of them would not help.");
  return {std::move(reason), enough};
}

}  // namespace

Result<Triage> conformal_triage(const Sample& sample, const TriageGoal& goal) {
  for (double share : {goal.ppv, goal.npv, goal.confidence})
    if (!(share > 0 && share < 1))
      return Error{ErrorCode::kInvalidRequest, "PPV, NPV and confidence must lie between 0 and 1.", ""};
  CHESTLIGHT_CHECK(sample.expect_both_classes());
  // Half of the risk for each zone, shared by the sizes that testing starts from.
  const double level = (1 - goal.confidence) / 2 / kStarts;
  const Side high = side_of(sample, true), low = side_of(sample, false);
  std::vector<int> called = proved_sizes(high, goal.ppv, level), cleared = proved_sizes(low, goal.npv, level);
  Triage triage;
  if (called.empty()) triage.called_refusal = refusal_of(high, goal.ppv, level, "a positive predictive value");
  if (cleared.empty()) triage.cleared_refusal = refusal_of(low, goal.npv, level, "a negative predictive value");

  // The pair that decides most films and has none in both zones. Nothing stands for no zone.
  int best = -1;
  const auto sizes_or_none = [](std::vector<int>& sizes) { sizes.insert(sizes.begin(), -1); };
  sizes_or_none(called);
  sizes_or_none(cleared);
  std::size_t other = cleared.size() - 1;
  for (int size : called) {
    const std::optional<TriageZone> above = size < 0 ? std::nullopt : std::optional(zone_of(high, size));
    for (;; --other) {  // a larger called zone leaves room for smaller cleared ones only
      const std::optional<TriageZone> below = cleared[other] < 0 ? std::nullopt : std::optional(zone_of(low, cleared[other]));
      if (above && below && above->edge < below->edge && other > 0) continue;
      const int decided = (above ? above->films : 0) + (below ? below->films : 0);
      if (decided > best) {
        best = decided;
        triage.called = above;
        triage.cleared = below;
      }
      break;
    }
  }
  triage.undecided = sample.size() - best;
  const TriageRefusal no_room{"A zone was proved, but every size of it meets the other one, which decides more films.",
                              std::nullopt};
  if (!triage.called && !triage.called_refusal) triage.called_refusal = no_room;
  if (!triage.cleared && !triage.cleared_refusal) triage.cleared_refusal = no_room;
  return triage;
}

}  // namespace chestlight
