#include "metrics/cross_validation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "base/random.h"
#include "base/sha256.h"
#include "base/text.h"

namespace chestlight {
namespace {

/// Sets that are joined: rows of one patient.
class Groups {
 public:
  explicit Groups(int rows) : parent_(static_cast<std::size_t>(rows)) { std::iota(parent_.begin(), parent_.end(), 0); }
  int of(int row) {
    while (parent_[row] != row) row = parent_[row] = parent_[parent_[row]];
    return row;
  }
  void join(int a, int b) { parent_[of(a)] = of(b); }

 private:
  std::vector<int> parent_;
};

Groups group_rows(const FeatureMatrix& features, const std::vector<std::string>& patients) {
  Groups groups(features.rows);
  std::map<std::string, int> first_of_patient, first_with_features;
  for (int row = 0; row < features.rows; ++row) {
    const std::span<const float> values = features.row(row);
    const Bytes bytes(reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes());
    groups.join(row, first_with_features.try_emplace(sha256_hex(bytes), row).first->second);
    if (!patients[row].empty()) groups.join(row, first_of_patient.try_emplace(patients[row], row).first->second);
  }
  return groups;
}

struct Standard {
  std::vector<double> mean, deviation;
};

Standard standard_of(const FeatureMatrix& features, std::span<const int> rows) {
  const auto columns = static_cast<std::size_t>(features.columns);
  Standard standard{std::vector<double>(columns, 0), std::vector<double>(columns, 0)};
  for (int row : rows)
    for (std::size_t j = 0; j < columns; ++j) standard.mean[j] += features.row(row)[j];
  for (double& mean : standard.mean) mean /= static_cast<double>(rows.size());
  for (int row : rows)
    for (std::size_t j = 0; j < columns; ++j) {
      const double difference = features.row(row)[j] - standard.mean[j];
      standard.deviation[j] += difference * difference;
    }
  for (double& deviation : standard.deviation) {
    deviation = std::sqrt(deviation / static_cast<double>(rows.size()));
    if (!(deviation > 1e-12)) deviation = 1;  // a feature that never changes
  }
  return standard;
}

FeatureMatrix standardised(const FeatureMatrix& features, const Standard& standard) {
  FeatureMatrix result = features;
  for (std::size_t i = 0; i < result.values.size(); ++i) {
    const std::size_t j = i % static_cast<std::size_t>(features.columns);
    result.values[i] = static_cast<float>((features.values[i] - standard.mean[j]) / standard.deviation[j]);
  }
  return result;
}

/// The same head for features that are not standardised.
LogisticHead for_plain_features(LogisticHead head, const Standard& standard) {
  for (std::size_t j = 0; j < head.weights.size(); ++j) {
    head.weights[j] /= standard.deviation[j];
    head.bias -= head.weights[j] * standard.mean[j];
  }
  return head;
}

struct LabelledRows {
  std::vector<int> rows;
  std::vector<std::uint8_t> truth;
};

/// Rows with a known label for which `wanted(row)` holds.
template <class Wanted>
LabelledRows labelled_rows(const std::vector<std::int8_t>& labels, const Wanted& wanted) {
  LabelledRows found;
  for (int row = 0; row < static_cast<int>(labels.size()); ++row) {
    if (labels[row] < 0 || !wanted(row)) continue;
    found.rows.push_back(row);
    found.truth.push_back(static_cast<std::uint8_t>(labels[row]));
  }
  return found;
}

/// Platt's two numbers, from out-of-fold logits. Held back so little that it shows only where the classes do not overlap.
Result<void> fit_platt(const LabelledRows& known, TrainedHead& trained) {
  FeatureMatrix logits{static_cast<int>(known.rows.size()), 1, {}};
  std::vector<int> all(known.rows.size());
  std::iota(all.begin(), all.end(), 0);
  for (int row : known.rows) logits.values.push_back(static_cast<float>(trained.logits[row]));
  CHESTLIGHT_TRY(const LogisticHead platt, fit_logistic_head(logits, all, known.truth, {.inverse_penalty = 1e3}));
  trained.scale = platt.weights[0];
  trained.offset = platt.bias;
  return {};
}

}  // namespace

Result<std::vector<int>> patient_folds(const FeatureMatrix& features, const std::vector<std::string>& patients, int folds,
                                       std::uint64_t seed) {
  if (folds < 2) return Error{ErrorCode::kInvalidRequest, "Cross-validation needs two folds at least.", ""};
  if (static_cast<int>(patients.size()) != features.rows)
    return Error{ErrorCode::kInvalidRequest, text("There are ", patients.size(), " patients for ", features.rows, " films."), ""};
  Groups groups = group_rows(features, patients);
  std::map<int, std::vector<int>> rows_of;
  for (int row = 0; row < features.rows; ++row) rows_of[groups.of(row)].push_back(row);
  if (static_cast<int>(rows_of.size()) < folds)
    return Error{ErrorCode::kUnavailable, text("There are ", rows_of.size(), " patients for ", folds, " folds."),
                 "Add films of other patients, or use fewer folds."};
  std::vector<const std::vector<int>*> dealt;
  for (const auto& [group, rows] : rows_of) dealt.push_back(&rows);
  Random random(seed);
  for (std::size_t i = dealt.size(); i > 1; --i)
    std::swap(dealt[i - 1], dealt[static_cast<std::size_t>(random.below(static_cast<int>(i)))]);
  std::vector<int> fold_of(static_cast<std::size_t>(features.rows)), films(static_cast<std::size_t>(folds), 0);
  for (const std::vector<int>* rows : dealt) {
    const auto fold = static_cast<int>(std::min_element(films.begin(), films.end()) - films.begin());
    films[static_cast<std::size_t>(fold)] += static_cast<int>(rows->size());
    for (int row : *rows) fold_of[static_cast<std::size_t>(row)] = fold;
  }
  return fold_of;
}

Result<std::vector<TrainedFinding>> train_heads(const TrainingSet& set, int folds, std::uint64_t seed,
                                                const HeadOptions& options) {
  for (const auto& labels : set.labels)
    if (static_cast<int>(labels.size()) != set.features.rows)
      return Error{ErrorCode::kInvalidRequest, text("There are ", labels.size(), " labels for ", set.features.rows, " films."),
                   ""};
  CHESTLIGHT_TRY(const std::vector<int> fold_of, patient_folds(set.features, set.patients, folds, seed));

  std::vector<TrainedFinding> results(set.labels.size());
  for (TrainedFinding& result : results) {
    result.trained.emplace();
    result.trained->logits.assign(static_cast<std::size_t>(set.features.rows), std::numeric_limits<double>::quiet_NaN());
  }
  const auto refuse = [&results](std::size_t finding, const Error& error) {
    results[finding] = {std::nullopt, error};
    return error.code == ErrorCode::kUnavailable;
  };
  for (int fold = 0; fold <= folds; ++fold) {  // the last round trains on all
    std::vector<int> training;
    for (int row = 0; row < set.features.rows; ++row)
      if (fold_of[row] != fold) training.push_back(row);
    const Standard standard = standard_of(set.features, training);
    const FeatureMatrix features = standardised(set.features, standard);
    for (std::size_t finding = 0; finding < set.labels.size(); ++finding) {
      if (!results[finding].trained) continue;
      TrainedHead& trained = *results[finding].trained;
      const LabelledRows known = labelled_rows(set.labels[finding], [&](int row) { return fold_of[row] != fold; });
      Result<LogisticHead> head = fit_logistic_head(features, known.rows, known.truth, options);
      if (!head) {
        if (!refuse(finding, head.error())) return head.error();
        continue;
      }
      for (int row : labelled_rows(set.labels[finding], [&](int r) { return fold_of[r] == fold; }).rows)
        trained.logits[row] = head->logit(features.row(row));
      if (fold == folds) trained.head = for_plain_features(std::move(*head), standard);
    }
  }
  for (std::size_t finding = 0; finding < set.labels.size(); ++finding) {
    if (!results[finding].trained) continue;
    TrainedHead& trained = *results[finding].trained;
    const LabelledRows known = labelled_rows(set.labels[finding], [](int) { return true; });
    std::vector<double> scores;
    for (int row : known.rows) scores.push_back(trained.logits[row]);
    CHESTLIGHT_TRY(const Sample sample, Sample::make(std::move(scores), known.truth));
    CHESTLIGHT_TRY(trained.auroc, auroc(sample));
    CHESTLIGHT_CHECK(fit_platt(known, trained));
  }
  return results;
}

}  // namespace chestlight
