// The checks that ask what stays the same: adds-up, stability and sanity.
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/text.h"
#include "explain/evidence.h"
#include "explain/film_edits.h"
#include "explain/map_geometry.h"
#include "explain/random.h"
#include "explain/trust.h"
#include "explain/trust_counts.h"

namespace chestlight {
namespace {

constexpr double kAddsUp = 1e-3;  // logits: rounding of float32 sums over a network of full size stays far below
constexpr int kCompared = 32;     // maps are compared on 32 × 32 samples
constexpr std::uint64_t kSanitySeed = 5;

bool affordable(const Method& method) { return method.requests <= kAffordable; }

/// The map on kCompared² samples, its content moved by (dx, dy) as shares of its size.
Grid<float> sampled(const Grid<float>& map, double dx, double dy) {
  Grid<float> samples(kCompared, kCompared);
  for (int y = 0; y < kCompared; ++y)
    for (int x = 0; x < kCompared; ++x)
      samples(x, y) = smooth_map(map.view(), {((x + 0.5) / kCompared - dx) * map.width(), ((y + 0.5) / kCompared - dy) * map.height()});
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
  const Grid<float> margin = margin_of(question, question.features, 0);
  double mean = 0;
  for (float value : margin.values()) mean += value / static_cast<double>(margin.values().size());
  const double residual = std::abs(mean + question.threshold - question.score);
  return {"adds-up", "Adds up", residual < kAddsUp ? "passed" : "failed",
          text("Evidence and bias sum to the score, but for ", residual < 5e-7 ? "less than 0.000001" : fixed(residual, 6), " of a logit."),
          {{"residual", {residual}}}};
}

Procedure<TrustCheck> check_stability(Network& network, const Question& question, const Method& method, const ExplanationMap& map) {
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
  check.text = text("Shifted by ", step, " pixels of the network's input or with contrast changed by up to a fifth, the score stays ",
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
  check.values.emplace_back("map_correlation", std::vector<double>{least});
  co_return check;
}

Procedure<TrustCheck> check_sanity(Network& network, const Question& question, const Method& method, const ExplanationMap& map) {
  Random random(kSanitySeed);
  const Grid<float> own = sampled(map.values, 0, 0);
  std::vector<double> correlations;
  for (int i = 0; i < (affordable(method) ? kRandomMixtures : 1); ++i) {
    std::vector<float> weights(question.class_weights.size());
    double squares = 0;
    for (float& weight : weights) weight = static_cast<float>(random.normal()), squares += weight * weight;
    for (float& weight : weights) weight = static_cast<float>(weight / std::sqrt(squares));
    Question other = question;
    other.aim_at(std::move(weights));
    other.threshold = other.score;
    const ExplanationMap mixture = co_await method.map(network, other);
    const Grid<float> theirs = sampled(mixture.values, 0, 0);
    correlations.push_back(std::abs(correlation(own.view(), theirs.view())));
  }
  double mean = 0;
  for (double each : correlations) mean += each / static_cast<double>(correlations.size());
  TrustCheck check{"sanity", "Sanity", mean < 0.6 ? "passed" : mean < 0.85 ? "doubtful" : "failed", "", {}};
  check.text = text("The map for random mixtures of the findings' outputs agrees with this one with a correlation of ", fixed(mean, 2),
                    mean < 0.6 ? ": the map belongs to the finding." : ": much of the map belongs to the film, not to the finding.");
  check.values = {{"correlations", correlations}};
  co_return check;
}

int trust_requests(const Method& method) {
  const int curves = requests_for(1 + 4 * (kCurveSteps - 1));
  const int stability = requests_for(kVariants) + (affordable(method) ? 2 * (1 + method.requests) : 0);
  const int sanity = method.requests * (affordable(method) ? kRandomMixtures : 1);
  return requests_for(1 + kRandomRegions) + curves + stability + sanity;
}

}  // namespace chestlight
