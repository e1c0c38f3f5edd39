// Maps from the gradient of the score with respect to every pixel of the input, summed over its channels.
//
//   Input gradient        |g|                                                   Simonyan et al., ICLR workshop 2014
//   Gradient × input      g · x                                                 Shrikumar et al., arXiv 1605.01713
//   SmoothGrad            mean of |g| over 24 films with noise of 0.15 of the film's range    Smilkov et al., 2017
//   Integrated gradients  x · ∫ g(t·x) dt over 0..1                             Sundararajan et al., ICML 2017
//
// Signs and defaults are Captum's: Saliency and NoiseTunnel over it take magnitudes; the baseline of integrated gradients
// is 0 of the normalised input, the network's grey, and the integral has 50 Gauss-Legendre points. Completeness: the sum
// of an integrated-gradients map is score − score of the baseline; how far it is off is among its measures.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/random.h"
#include "explain/checks/film_edits.h"
#include "explain/methods/methods.h"

namespace chestlight {
namespace {

constexpr int kBatch = 4;  // films per request: gradients need much more memory than scores
constexpr int kNoisyFilms = 24;
constexpr double kNoise = 0.15;
constexpr int kPathPoints = 50;
constexpr std::uint64_t kNoiseSeed = 2;

/// Gradients of the score for films one after the other in `films`; like `films`, and as long.
Procedure<std::vector<float>> gradients_of(Network& network, const Question& question, std::vector<float> films) {
  NetworkBatch batch = question.ask(std::move(films), {"gradient_input"});
  NetworkAnswer answer = co_await network.run(std::move(batch));
  co_return std::move(answer.at("gradient_input").values);
}

/// Σ over channels of film `index` of a batch.
Grid<float> channels_summed(const Question& question, std::span<const float> batch, int index) {
  Grid<float> map(question.width, question.height);
  const std::size_t pixels = map.values().size();
  const auto film = batch.subspan(index * question.film_size(), question.film_size());
  for (std::size_t i = 0; i < film.size(); ++i) map.values()[i % pixels] += film[i];
  return map;
}

struct Quadrature {
  std::vector<double> points, weights;  // on 0..1
};

/// Gauss-Legendre: the roots of the Legendre polynomial by Newton's method.
Quadrature gauss_legendre(int count) {
  Quadrature rule;
  for (int i = 0; i < count; ++i) {
    double x = std::cos(std::numbers::pi * (i + 0.75) / (count + 0.5)), slope = 1;
    for (int step = 0; step < 20; ++step) {
      double before = 1, here = x;
      for (int n = 2; n <= count; ++n) {
        const double next = ((2 * n - 1) * x * here - (n - 1) * before) / n;
        before = here, here = next;
      }
      slope = count * (x * here - before) / (x * x - 1);
      x -= here / slope;
    }
    rule.points.push_back((1 - x) / 2);
    rule.weights.push_back(1 / ((1 - x * x) * slope * slope));
  }
  return rule;
}

}  // namespace

Procedure<ExplanationMap> input_gradient(Network& network, const Question& question) {
  const std::vector<float> gradients = co_await gradients_of(network, question, question.film);
  ExplanationMap result{channels_summed(question, gradients, 0), {}, {}};
  for (float& value : result.values.values()) value = std::abs(value);
  co_return result;
}

Procedure<ExplanationMap> gradient_times_input(Network& network, const Question& question) {
  std::vector<float> products = co_await gradients_of(network, question, question.film);
  for (std::size_t i = 0; i < products.size(); ++i) products[i] *= question.film[i];
  co_return ExplanationMap{channels_summed(question, products, 0), {}, {}};
}

Procedure<ExplanationMap> smooth_grad(Network& network, const Question& question) {
  const auto [low, high] = std::minmax_element(question.film.begin(), question.film.end());
  const double deviation = kNoise * (*high - *low);
  Random random(kNoiseSeed);
  ExplanationMap result{Grid<float>(question.width, question.height), {}, {{"films", kNoisyFilms}, {"noise", deviation}}};
  for (int begin = 0; begin < kNoisyFilms; begin += kBatch) {
    std::vector<float> films;
    for (int i = 0; i < kBatch; ++i)
      for (float value : question.film) films.push_back(static_cast<float>(value + deviation * random.normal()));
    const std::vector<float> gradients = co_await gradients_of(network, question, std::move(films));
    for (int i = 0; i < kBatch; ++i) {
      const Grid<float> map = channels_summed(question, gradients, i);
      for (std::size_t pixel = 0; pixel < map.values().size(); ++pixel)
        result.values.values()[pixel] += std::abs(map.values()[pixel]) / kNoisyFilms;
    }
  }
  co_return result;
}

Procedure<ExplanationMap> integrated_gradients(Network& network, const Question& question) {
  const Quadrature rule = gauss_legendre(kPathPoints);
  std::vector<double> integral(question.film_size());
  for (int begin = 0; begin < kPathPoints; begin += kBatch) {
    const int end = std::min(kPathPoints, begin + kBatch);
    std::vector<float> films;
    for (int i = begin; i < end; ++i)
      for (float value : question.film) films.push_back(static_cast<float>(rule.points[i] * value));
    const std::vector<float> gradients = co_await gradients_of(network, question, std::move(films));
    for (std::size_t i = 0; i < gradients.size(); ++i)
      integral[i % integral.size()] += rule.weights[begin + i / integral.size()] * gradients[i];
  }
  std::vector<float> baseline(question.film_size());
  const std::vector<float> scores = co_await scores_of(network, question, std::move(baseline));

  std::vector<float> products(question.film_size());
  double sum = 0;
  for (std::size_t i = 0; i < products.size(); ++i) {
    products[i] = static_cast<float>(integral[i] * question.film[i]);
    sum += integral[i] * question.film[i];
  }
  const double difference = double{question.score} - scores[0];
  co_return ExplanationMap{channels_summed(question, products, 0),
                           {},
                           {{"score_difference", difference}, {"completeness_error", std::abs(sum - difference)}}};
}

}  // namespace chestlight
