#include "findings/evaluation_json.h"

#include <cmath>

#include "findings/manifest_fields.h"

namespace chestlight {

namespace {

constexpr int kMostFilms = 100'000'000;
constexpr double kLargestLogit = 1e6;

Result<double> read_share(const JsonReader& at, std::string_view key) {
  CHESTLIGHT_TRY(double value, at.number(key));
  CHESTLIGHT_TRY(JsonReader member, at.member(key));
  if (!(value >= 0 && value <= 1)) return complaint(member, "a number from 0 to 1", text(value));
  return value;
}

Result<Bounds> read_interval(const JsonReader& at, std::string_view key) {
  CHESTLIGHT_TRY(std::vector<double> ends, at.numbers(key));
  CHESTLIGHT_TRY(JsonReader member, at.member(key));
  if (ends.size() != 2) return complaint(member, "a low and a high end", text(ends.size(), " numbers"));
  if (!(ends[0] >= 0 && ends[0] <= ends[1] && ends[1] <= 1))
    return complaint(member, "two numbers from 0 to 1, the lower first", text(ends[0], " and ", ends[1]));
  return Bounds{ends[0], ends[1]};
}

Result<int> read_count(const JsonReader& at, std::string_view key, long long most) {
  CHESTLIGHT_TRY(long long count, read_integer(at, key, 1, most));
  return static_cast<int>(count);
}

Result<std::vector<double>> read_knots(const JsonReader& at, std::string_view key) {
  CHESTLIGHT_TRY(std::vector<double> knots, at.numbers(key));
  CHESTLIGHT_TRY(JsonReader member, at.member(key));
  if (knots.size() != kKnots) return complaint(member, text(kKnots, " numbers"), text(knots.size()));
  for (std::size_t i = 0; i < knots.size(); ++i) {
    if (!(std::abs(knots[i]) <= kLargestLogit)) return complaint(member, "logits of ordinary size", text(knots[i]));
    if (i > 0 && knots[i] < knots[i - 1])
      return complaint(member, "numbers that never fall", text(knots[i], " after ", knots[i - 1]));
  }
  return knots;
}

}  // namespace

Result<std::optional<EvaluatedFilms>> read_model_evaluation(const JsonReader& root) {
  if (!root.has("evaluation")) return std::optional<EvaluatedFilms>();
  static constexpr std::pair<const char*, const char*> kKinds[] = {{"out-of-fold", "out-of-fold"}, {"held-out", "held-out"}};
  CHESTLIGHT_TRY(JsonReader at, root.member("evaluation"));
  EvaluatedFilms read;
  CHESTLIGHT_TRY(read.kind, read_choice(at, "kind", kKinds));
  CHESTLIGHT_TRY(read.data, read_text(at, "data"));
  CHESTLIGHT_TRY(read.films, read_count(at, "films", kMostFilms));
  CHESTLIGHT_TRY(read.patients, read_count(at, "patients", read.films));
  CHESTLIGHT_TRY(read.mean_auroc, read_share(at, "mean_auroc"));
  CHESTLIGHT_TRY(read.mean_auroc_interval, read_interval(at, "mean_auroc_interval"));
  return std::optional(std::move(read));
}

Result<std::optional<ScoreEvaluation>> read_evaluation(const JsonReader& parent, int films) {
  if (!parent.has("evaluation")) return std::optional<ScoreEvaluation>();
  CHESTLIGHT_TRY(JsonReader at, parent.member("evaluation"));
  if (films == 0) return complaint(at, "an evaluation at the root that says on which films", "none");
  ScoreEvaluation read;
  CHESTLIGHT_TRY(read.positives, read_count(at, "positives", kMostFilms));
  CHESTLIGHT_TRY(read.negatives, read_count(at, "negatives", kMostFilms));
  if (read.positives + read.negatives > films)
    return complaint(at, text("at most the ", films, " films of the evaluation"), text(read.positives + read.negatives));
  CHESTLIGHT_TRY(read.auroc, read_share(at, "auroc"));
  CHESTLIGHT_TRY(read.auroc_interval, read_interval(at, "auroc_interval"));
  CHESTLIGHT_TRY(read.with, read_knots(at, "with"));
  CHESTLIGHT_TRY(read.without, read_knots(at, "without"));
  return std::optional(std::move(read));
}

}  // namespace chestlight
