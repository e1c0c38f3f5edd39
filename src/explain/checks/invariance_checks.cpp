// The checks that ask what stays the same: adds-up, stability and sanity.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "base/random.h"
#include "base/text.h"
#include "explain/checks/film_edits.h"
#include "explain/checks/trust.h"
#include "explain/checks/trust_counts.h"
#include "explain/methods/evidence.h"
#include "imaging/map_geometry.h"

namespace chestlight {
namespace {

constexpr double kAddsUp = 1e-3;  // logits: rounding of float32 sums over a network of full size stays far below
constexpr int kCompared = 32;     // maps are compared on 32 × 32 samples
constexpr std::uint64_t kSanitySeed = 5;
constexpr double kSimilarMap = 0.6, kSameMap = 0.85;  // correlations above which a map that should be another one is not

bool affordable(const Method& method) { return method.requests <= kAffordable; }

/// The map on kCompared² samples, its content moved by (dx, dy) as shares of its size.
Grid<float> sampled(const Grid<float>& map, double dx, double dy) {
  Grid<float> samples(kCompared, kCompared);
  for (int y = 0; y < kCompared; ++y)
    for (int x = 0; x < kCompared; ++x)
      samples(x, y) =
          smooth_map(map.view(), {((x + 0.5) / kCompared - dx) * map.width(), ((y + 0.5) / kCompared - dy) * map.height()});
  return samples;
}

struct Variant {
  std::vector<float> film;
  double dx = 0, dy = 0;  // ModelPx that the content was moved by
};

/// The map of the method for a changed film, moved back to where the film was.
Procedure<Grid<float>> map_of_variant(Network& network, const Question& question, const Method& method, Variant variant) {
  Question changed = question;
  changed.film = std::move(variant.film);
  Question looked_at = co_await look_at(network, std::move(changed));
  const ExplanationMap map = co_await method.map(network, looked_at);
  co_return sampled(map.values, -variant.dx / question.width, -variant.dy / question.height);
}

/// Weights of the outputs, of any direction alike and of length 1.
std::vector<float> random_mixture(Random& random, std::size_t outputs) {
  std::vector<float> weights(outputs);
  double squares = 0;
  for (float& weight : weights) weight = static_cast<float>(random.normal()), squares += double{weight} * weight;
  for (float& weight : weights) weight = static_cast<float>(weight / std::sqrt(squares));
  return weights;
}

}  // namespace

double correlation(GridView<const float> a, GridView<const float> b) {
  double mean_a = 0, mean_b = 0, aa = 0, bb = 0, ab = 0;
  const auto count = static_cast<double>(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) mean_a += a.data[i] / count, mean_b += b.data[i] / count;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double x = a.data[i] - mean_a, y = b.data[i] - mean_b;
    aa += x * x, bb += y * y, ab += x * y;
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

TrustCheck check_adds_up(const Question& question) {
  const Grid<float> evidence = evidence_of(question, question.features, 0);
  double mean = 0;
  for (float value : evidence.values()) mean += value / static_cast<double>(evidence.values().size());
  const double residual = std::abs(mean + question.zero - question.score);
  return {"adds-up",
          "Adds up",
          residual < kAddsUp ? "passed" : "failed",
          text("Evidence plus bias equals the logit within ", fixed(std::max<double>(residual, 1e-6), 6), " of a logit."),
          {{"residual", {residual}}}};
}

Procedure<TrustCheck> check_stability(Network& network, const Question& question, const Method& method,
                                      const ExplanationMap& map) {
  const int step = std::max(1, question.width / 32);
  std::vector<float> films;
  for (const auto& [dx, dy] : {std::pair{step, 0}, std::pair{-step, 0}, std::pair{0, step}, std::pair{0, -step}})
    append(films, shifted(question, dx, dy));
  for (float contrast : {0.8f, 0.9f, 1.1f, 1.2f}) append(films, with_contrast(question, contrast));
  const std::vector<float> scores = co_await scores_of(network, question, std::move(films));

  const bool above = question.score >= question.threshold;
  const auto flips = std::count_if(scores.begin(), scores.end(), [&](float s) { return (s >= question.threshold) != above; });
  TrustCheck check{"stability", "Stability", flips == 0 ? "passed" : 2 * flips <= kVariants ? "doubtful" : "failed", "", {}};
  const auto [lowest, highest] = std::minmax_element(scores.begin(), scores.end());
  check.text =
      text("Shifted by ", step, " pixels of the network's input or with contrast changed by up to a fifth, the score stays ",
           above ? "above" : "below", " its threshold in ", kVariants - flips, " of ", kVariants, " films");
  check.values = {{"lowest_logit", {*lowest}}, {"highest_logit", {*highest}}, {"flips", {static_cast<double>(flips)}}};
  if (!affordable(method)) {
    check.text += "; the map was not made again, because this method takes long.";
    co_return check;
  }
  const Grid<float> before = sampled(map.values, 0, 0);
  double least = 1;
  std::vector<Variant> variants(2);
  variants[0] = {shifted(question, step, 0), static_cast<double>(step), 0};
  variants[1] = {with_contrast(question, 0.8f), 0, 0};
  for (Variant& variant : variants) {
    const Grid<float> after = co_await map_of_variant(network, question, method, std::move(variant));
    least = std::min(least, correlation(before.view(), after.view()));
  }
  if (least < 0.5) check.verdict = "failed";
  else if (least < 0.8 && check.verdict == "passed") check.verdict = "doubtful";
  check.text += text("; maps of changed films agree with this one with a correlation of at least ", fixed(least, 2), ".");
  check.values["map_correlation"] = {least};
  co_return check;
}

Procedure<TrustCheck> check_sanity(Network& network, const Question& question, const Method& method, const ExplanationMap& map) {
  const Grid<float> own = sampled(map.values, 0, 0);
  TrustCheck check{"sanity", "Sanity", "passed", "", {}};
  std::string found;
  auto add = [&](const char* what, const std::string& name, std::vector<double> agreements) {
    const double mean = std::accumulate(agreements.begin(), agreements.end(), 0.0) / static_cast<double>(agreements.size());
    if (mean >= kSameMap) check.verdict = "failed";
    else if (mean >= kSimilarMap && check.verdict == "passed") check.verdict = "doubtful";
    found += text(found.empty() ? "" : ", ", what, " ", fixed(mean, 2));
    check.values[name] = std::move(agreements);
  };

  if (affordable(method)) {
    std::vector<double> agreements;
    Random random(kSanitySeed);
    for (int i = 0; i < kRandomMixtures; ++i) {
      Question other = question;
      other.aim_at(random_mixture(random, question.class_weights.size()));
      other.zero = other.score;
      const ExplanationMap theirs = co_await method.map(network, other);
      agreements.push_back(std::abs(correlation(own.view(), sampled(theirs.values, 0, 0).view())));
    }
    add("for random mixtures of the findings' outputs", "mixtures", std::move(agreements));
  }
  const bool reinitialised = !question.random_head.empty();
  if (!reinitialised && !affordable(method)) {
    check.verdict = "not-run";
    check.text = "Not run: this method takes long, and the network comes without weights that could be replaced by random ones.";
    co_return check;
  }
  for (NetworkWeights weights : {NetworkWeights::kRandomHead, NetworkWeights::kRandomBlock}) {
    if (!reinitialised) break;
    if (weights == NetworkWeights::kRandomBlock && !affordable(method)) break;
    Question other = co_await look_at(network, question.with(weights));
    other.zero = other.score;
    const ExplanationMap theirs = co_await method.map(network, other);
    const double agreement = std::abs(correlation(own.view(), sampled(theirs.values, 0, 0).view()));
    const bool head = weights == NetworkWeights::kRandomHead;
    add(head ? "with a random head" : "with the last block's weights in random order", head ? "random_head" : "random_block",
        {agreement});
  }
  check.text = text("Correlation of this map with the one ", found,
                    check.verdict == "passed" ? ": the map belongs to the finding and to what was learned."
                                              : ": much of the map does not depend on the finding, or on what was learned.");
  co_return check;
}

int trust_requests(const Method& method, bool reinitialised) {
  const int curves = requests_for(1 + 4 * (kCurveSteps - 1));
  const int stability = requests_for(kVariants) + (affordable(method) ? 2 * (1 + method.requests) : 0);
  const int untrained = !reinitialised ? 0 : affordable(method) ? 2 : 1;
  const int sanity = (affordable(method) ? kRandomMixtures * method.requests : 0) + untrained * (1 + method.requests);
  return requests_for(1 + kRandomRegions) + curves + stability + sanity;
}

}  // namespace chestlight
