// The few distributions that intervals and tests need: normal, binomial, Kolmogorov's.
//
// Accurate to 1e-12 over the range that is stated; arguments outside it give the limit (0 or 1), never NaN.
#pragma once

namespace chestlight {

/// P(Z <= z) of a standard normal Z.
double normal_cdf(double z);

/// z with normal_cdf(z) = p. p in (0, 1); −infinity and infinity at its ends.
double normal_quantile(double p);

/// P(|Z| >= |z|) of a standard normal Z: the p-value of a two-sided test.
double two_sided_p(double z);

/// How many standard deviations an interval of this confidence reaches to each side: 1.96 for 0.95.
double normal_reach(double confidence);

/// P(X <= k) of a binomial X: n trials (0 to a million), each true with probability p.
double binomial_cdf(int k, int n, double p);

/// P(K >= x) of Kolmogorov's distribution: the limit of √n times the largest gap between two distribution functions.
double kolmogorov_survival(double x);

}  // namespace chestlight
