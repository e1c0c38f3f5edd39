#include "explain/question.h"

#include <algorithm>

namespace chestlight {

float Question::score_of(const NetworkAnswer& answer, int index) const {
  const auto outputs = answer.at("logits").film(index);
  float sum = 0;
  for (std::size_t c = 0; c < class_weights.size(); ++c)
    if (class_weights[c] != 0) sum += class_weights[c] * outputs[c];
  return sum;
}

void Question::aim_at(std::vector<float> mixture) {
  class_weights = std::move(mixture);
  const std::size_t length = head.size() / class_weights.size();
  head_weights.assign(length, 0.0f);
  head_bias = 0;
  for (std::size_t c = 0; c < class_weights.size(); ++c) {
    head_bias += class_weights[c] * head_biases[c];
    for (std::size_t k = 0; k < length; ++k) head_weights[k] += class_weights[c] * head[c * length + k];
  }
  if (features.values.empty()) return;
  const std::size_t cells = static_cast<std::size_t>(features.width) * features.height;
  double sum = 0;
  for (std::size_t i = 0; i < features.values.size(); ++i) sum += double{head_weights[i / cells]} * features.values[i];
  score = head_bias + static_cast<float>(sum / static_cast<double>(cells));
}

Question Question::with(NetworkWeights other) const {
  Question question = *this;
  question.weights = other;
  question.features = {}, question.logits = {};
  if (other == NetworkWeights::kRandomHead) {
    question.head = random_head;
    question.head_biases.assign(head_biases.size(), 0.0f);
  }
  question.aim_at(class_weights);
  return question;
}

NetworkBatch Question::ask(std::vector<float> films, std::vector<std::string> outputs) const {
  NetworkBatch batch;
  batch.count = static_cast<int>(films.size() / film_size());
  batch.films = std::move(films);
  batch.weights = weights;
  const bool gradients =
      std::any_of(outputs.begin(), outputs.end(), [](const std::string& name) { return name != "logits" && name != "features"; });
  if (gradients) batch.class_weights = class_weights;
  batch.outputs = std::move(outputs);
  return batch;
}

Procedure<Question> look_at(Network& network, Question question) {
  std::vector<std::string> outputs = {"logits"};
  if (!question.head.empty()) outputs.push_back("features");  // a graph that gives scores alone has none
  NetworkBatch batch = question.ask(question.film, std::move(outputs));
  NetworkAnswer answer = co_await network.run(std::move(batch));
  question.score = question.score_of(answer, 0);
  if (!question.head.empty()) question.features = std::move(answer.at("features"));
  question.logits = std::move(answer.at("logits").values);
  co_return question;
}

Procedure<std::vector<float>> scores_of(Network& network, const Question& question, std::vector<float> films) {
  std::vector<float> scores;
  const std::size_t step = kBatchFilms * question.film_size();
  for (std::size_t begin = 0; begin < films.size(); begin += step) {
    const std::size_t end = std::min(films.size(), begin + step);
    std::vector<float> part(films.begin() + static_cast<std::ptrdiff_t>(begin), films.begin() + static_cast<std::ptrdiff_t>(end));
    NetworkBatch batch = question.ask(std::move(part), {"logits"});
    const int count = batch.count;
    const NetworkAnswer answer = co_await network.run(std::move(batch));
    for (int i = 0; i < count; ++i) scores.push_back(question.score_of(answer, i));
  }
  co_return scores;
}

}  // namespace chestlight
