#include "metrics/distributions.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace chestlight {
namespace {

/// Upper quantile for p <= 0.5, to 4.5e-4. Source: Abramowitz and Stegun, 26.2.23.
double rough_upper_quantile(double p) {
  const double t = std::sqrt(-2 * std::log(p));
  return t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
}

double log_binomial_term(int k, int n, double p) {
  return std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0) + k * std::log(p) + (n - k) * std::log1p(-p);
}

/// The sum of the terms k, k − 1, …, 0, which fall from k on where k is below the mean.
double lower_tail(int k, int n, double p) {
  double term = std::exp(log_binomial_term(k, n, p));
  double sum = term;
  for (int i = k; i > 0 && term > sum * 1e-18; --i) {
    term *= static_cast<double>(i) / (n - i + 1) * ((1 - p) / p);
    sum += term;
  }
  return sum;
}

}  // namespace

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double normal_quantile(double p) {
  if (!(p > 0)) return -std::numeric_limits<double>::infinity();
  if (!(p < 1)) return std::numeric_limits<double>::infinity();
  const bool upper = p > 0.5;
  const double tail = upper ? 1 - p : p;
  double z = tail == 0.5 ? 0 : rough_upper_quantile(tail);  // P(Z >= z) = tail
  for (int step = 0; step < 3; ++step) {                    // Newton's, corrected by the curvature: 1e-4, 1e-10, exact
    const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
    const double slope = (normal_cdf(-z) - tail) / density;
    z += slope / (1 - z * slope / 2);
  }
  return upper ? z : -z;
}

double two_sided_p(double z) { return std::erfc(std::abs(z) / std::numbers::sqrt2); }

double normal_reach(double confidence) { return normal_quantile(1 - (1 - confidence) / 2); }

double binomial_cdf(int k, int n, double p) {
  if (k < 0) return 0;
  if (k >= n || p <= 0) return 1;
  if (p >= 1) return 0;
  if (k <= n * p) return lower_tail(k, n, p);
  return 1 - lower_tail(n - k - 1, n, 1 - p);
}

double kolmogorov_survival(double x) {
  if (x <= 0) return 1;
  if (x < 1) {  // the other series of the same function, which is the quicker one here
    const double step = -std::numbers::pi * std::numbers::pi / (8 * x * x);
    double below = 0;
    for (int k = 1; k < 40; k += 2) below += std::exp(step * k * k);
    return 1 - below * std::sqrt(2 * std::numbers::pi) / x;
  }
  double sum = 0;
  for (int k = 1; k < 20; ++k) sum += (k % 2 == 1 ? 2 : -2) * std::exp(-2.0 * k * k * x * x);
  return sum;
}

}  // namespace chestlight
