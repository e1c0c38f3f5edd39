// Scores whose law is known: normal around 0 for films without the finding and around `shift` for films with it.
#pragma once

#include "base/random.h"
#include "metrics/distributions.h"
#include "metrics/sample.h"

namespace chestlight::testing {

struct MadeUpSite {
  double prevalence = 0.3;
  double shift = 2;

  Sample draw(int films, Random& random) const {
    std::vector<double> scores;
    std::vector<std::uint8_t> truth;
    for (int i = 0; i < films; ++i) {
      truth.push_back(random.uniform() < prevalence);
      scores.push_back(random.normal() + shift * truth.back());
    }
    return Sample::make(std::move(scores), std::move(truth)).value();
  }

  /// Of all films of the site above (or not above) a score, the share with (or without) the finding.
  double true_ppv_above(double score) const {
    const double with = prevalence * normal_cdf(shift - score), without = (1 - prevalence) * normal_cdf(-score);
    return with / (with + without);
  }
  double true_npv_below(double score) const {
    const double with = prevalence * normal_cdf(score - shift), without = (1 - prevalence) * normal_cdf(score);
    return without / (with + without);
  }
  double true_area() const { return normal_cdf(shift / 1.4142135623730951); }
};

inline Sample sample_of(std::vector<double> scores, std::vector<std::uint8_t> truth) {
  return Sample::make(std::move(scores), std::move(truth)).value();
}

}  // namespace chestlight::testing
