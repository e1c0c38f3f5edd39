#include "metrics/logistic_head.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace chestlight {
namespace {

constexpr int kMostSteps = 100;           // Newton's; ten are usual
constexpr double kSmallestSlope = 1e-10;  // of the first slope: further steps change no digit that is shown

/// Eight sums side by side: the compiler may then use vector instructions, and the rounding is smaller than that of one sum.
double dot(std::span<const float> a, const double* b) {
  constexpr std::size_t kLanes = 8;
  double sums[kLanes] = {};
  std::size_t i = 0;
  for (; i + kLanes <= a.size(); i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) sums[lane] += a[i + lane] * b[i + lane];
  double sum = 0;
  for (; i < a.size(); ++i) sum += a[i] * b[i];
  for (double part : sums) sum += part;
  return sum;
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// log(1 + exp(x)) without overflow.
double softplus(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }
double logistic(double x) { return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)); }

/// The loss and its derivatives at one place. Parameters are the weights and, last, the bias.
class Objective {
 public:
  Objective(const FeatureMatrix& features, std::span<const int> rows, std::span<const std::uint8_t> truth,
            std::vector<double> weights)
      : features_(features),
        rows_(rows),
        truth_(truth),
        weights_(std::move(weights)),
        logits_(rows.size()),
        curvature_(rows.size()) {}

  std::size_t parameters() const { return static_cast<std::size_t>(features_.columns) + 1; }

  /// The logits of `parameters`, which become those that slope() and curvature() are taken at.
  double value(const std::vector<double>& parameters) {
    double sum = 0;
    for (int j = 0; j < features_.columns; ++j) sum += 0.5 * parameters[j] * parameters[j];
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      logits_[i] = dot(features_.row(rows_[i]), parameters.data()) + parameters.back();
      sum += weights_[i] * softplus(truth_[i] ? -logits_[i] : logits_[i]);
    }
    return sum;
  }

  std::vector<double> slope(const std::vector<double>& parameters) {
    std::vector<double> slope = parameters;
    slope.back() = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const double probability = logistic(logits_[i]);
      // Not probability − 1, which loses all digits near 1.
      add_row(slope, i, weights_[i] * (truth_[i] ? -logistic(-logits_[i]) : probability));
      curvature_[i] = weights_[i] * probability * logistic(-logits_[i]);
    }
    return slope;
  }

  /// The second derivative along `direction`, at the place of the last slope().
  std::vector<double> curve(const std::vector<double>& direction) const {
    std::vector<double> result = direction;
    result.back() = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i)
      add_row(result, i, curvature_[i] * (dot(features_.row(rows_[i]), direction.data()) + direction.back()));
    return result;
  }

 private:
  void add_row(std::vector<double>& sum, std::size_t i, double factor) const {
    const std::span<const float> row = features_.row(rows_[i]);
    for (std::size_t j = 0; j < row.size(); ++j) sum[j] += factor * row[j];
    sum.back() += factor;
  }

  const FeatureMatrix& features_;
  std::span<const int> rows_;
  std::span<const std::uint8_t> truth_;
  std::vector<double> weights_, logits_, curvature_;
};

/// Solves curvature · step = −slope by conjugate gradients, as far as `tolerance` (of the slope's length).
std::vector<double> newton_step(const Objective& objective, const std::vector<double>& slope, double tolerance) {
  std::vector<double> step(slope.size(), 0), residual(slope.size()), direction;
  for (std::size_t j = 0; j < slope.size(); ++j) residual[j] = -slope[j];
  direction = residual;
  double square = dot(residual, residual);
  const double enough = tolerance * tolerance * square;
  for (std::size_t round = 0; round < 2 * slope.size() + 20 && square > enough; ++round) {
    const std::vector<double> curved = objective.curve(direction);
    const double along = dot(direction, curved);
    if (!(along > 0)) break;  // flat to rounding: what was found so far is a descent
    const double length = square / along;
    for (std::size_t j = 0; j < slope.size(); ++j) {
      step[j] += length * direction[j];
      residual[j] -= length * curved[j];
    }
    const double next = dot(residual, residual);
    for (std::size_t j = 0; j < slope.size(); ++j) direction[j] = residual[j] + next / square * direction[j];
    square = next;
  }
  return step;
}

Result<void> check_request(const FeatureMatrix& features, std::span<const int> rows, std::span<const std::uint8_t> truth,
                           const HeadOptions& options) {
  const auto wrong = [](std::string message) { return Error{ErrorCode::kInvalidRequest, std::move(message), ""}; };
  if (rows.size() != truth.size()) return wrong(text("There are ", rows.size(), " films for ", truth.size(), " labels."));
  if (features.values.size() != static_cast<std::size_t>(features.rows) * static_cast<std::size_t>(features.columns))
    return wrong("The features are not rows × columns numbers.");
  if (!(options.inverse_penalty > 0 && std::isfinite(options.inverse_penalty))) return wrong("C must be a number above 0.");
  int positives = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] < 0 || rows[i] >= features.rows) return wrong(text("There is no film ", rows[i], "."));
    if (truth[i] > 1) return wrong(text("Label ", i, " is neither 0 nor 1."));
    positives += truth[i];
    for (float value : features.row(rows[i]))
      if (!std::isfinite(value)) return wrong(text("A feature of film ", rows[i], " is not a finite number."));
  }
  if (positives > 0 && positives < static_cast<int>(rows.size())) return {};
  return Error{ErrorCode::kUnavailable, "All films have the same label, so there is nothing to learn.",
               "Add films with and without the finding."};
}

}  // namespace

double LogisticHead::logit(std::span<const float> features) const { return dot(features, weights.data()) + bias; }

Result<LogisticHead> fit_logistic_head(const FeatureMatrix& features, std::span<const int> rows,
                                       std::span<const std::uint8_t> truth, const HeadOptions& options) {
  CHESTLIGHT_CHECK(check_request(features, rows, truth, options));
  const double films = static_cast<double>(rows.size());
  const double positives = static_cast<double>(std::count(truth.begin(), truth.end(), 1));
  std::vector<double> weights;
  for (std::uint8_t label : truth)
    weights.push_back(options.inverse_penalty *
                      (options.balance_classes ? films / (2 * (label ? positives : films - positives)) : 1));

  Objective objective(features, rows, truth, std::move(weights));
  std::vector<double> parameters(objective.parameters(), 0);
  double value = objective.value(parameters);
  double first_slope = 0;
  for (int round = 0; round < kMostSteps; ++round) {
    const std::vector<double> slope = objective.slope(parameters);
    const double length = std::sqrt(dot(slope, slope));
    if (round == 0) first_slope = length;
    if (length <= kSmallestSlope * first_slope) break;
    const std::vector<double> step = newton_step(objective, slope, std::min(0.1, length / first_slope));
    const double descent = dot(slope, step);
    bool better = false;
    for (double share = 1; share > 1e-9 && !better; share /= 2) {
      std::vector<double> next = parameters;
      for (std::size_t j = 0; j < next.size(); ++j) next[j] += share * step[j];
      const double next_value = objective.value(next);
      // Near the minimum the gain is below the rounding of the value itself.
      better = next_value <= value + 1e-4 * share * descent + 1e-14 * std::abs(value);
      if (!better) continue;
      parameters = std::move(next);
      value = next_value;
    }
    if (!better) {
      objective.value(parameters);
      break;
    }
  }
  LogisticHead head;
  head.bias = parameters.back();
  parameters.pop_back();
  head.weights = std::move(parameters);
  return head;
}

}  // namespace chestlight
