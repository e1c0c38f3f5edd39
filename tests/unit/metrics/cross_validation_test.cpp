// The head for several findings: folds by patient, no leakage, findings that cannot be learnt.
#include "metrics/cross_validation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "base/random.h"

namespace chestlight {
namespace {

/// Two findings that features tell, a third that they do not; three films a patient, each film with noise of the patient.
TrainingSet made_up_set(int patients, std::uint64_t seed) {
  constexpr int kFilms = 3, kColumns = 20;
  Random random(seed);
  TrainingSet set;
  set.features = {patients * kFilms, kColumns, {}};
  set.labels.resize(3);
  for (int patient = 0; patient < patients; ++patient) {
    double own[kColumns];
    for (double& value : own) value = random.normal();
    const std::int8_t unrelated = random.uniform() < 0.5;
    for (int film = 0; film < kFilms; ++film) {
      const std::size_t begin = set.features.values.size();
      for (double value : own) set.features.values.push_back(static_cast<float>(10 * (value + 0.05 * random.normal()) + 50));
      const auto at = [&](std::size_t j) { return (set.features.values[begin + j] - 50) / 10; };
      set.labels[0].push_back(at(0) + 0.5 * at(1) + 0.5 * random.normal() > 0);
      set.labels[1].push_back(at(2) + 0.5 * random.normal() > 1);
      set.labels[2].push_back(unrelated);
      set.patients.push_back("patient " + std::to_string(patient));
    }
  }
  return set;
}

TEST(PatientFolds, KeepAPatientTogetherAndAreOfOneSize) {
  const TrainingSet set = made_up_set(40, 1);
  const std::vector<int> folds = patient_folds(set.features, set.patients, 5, 1).value();
  std::map<std::string, std::set<int>> of_patient;
  std::map<int, int> films;
  for (std::size_t row = 0; row < folds.size(); ++row) {
    of_patient[set.patients[row]].insert(folds[row]);
    ++films[folds[row]];
  }
  for (const auto& [patient, found] : of_patient) EXPECT_EQ(found.size(), 1u) << patient;
  EXPECT_EQ(films.size(), 5u);
  for (const auto& [fold, count] : films) EXPECT_EQ(count, 24);
}

TEST(PatientFolds, OneFilmUnderTwoNamesIsInOneFold) {
  TrainingSet set = made_up_set(30, 2);
  const std::vector<float> copy(set.features.values.begin(), set.features.values.begin() + 20);
  set.features.values.insert(set.features.values.end(), copy.begin(), copy.end());
  ++set.features.rows;
  set.patients.push_back("somebody else");
  const std::vector<int> folds = patient_folds(set.features, set.patients, 5, 3).value();
  EXPECT_EQ(folds.back(), folds.front());
}

TEST(PatientFolds, NeedAPatientForEachFold) {
  const TrainingSet set = made_up_set(3, 2);
  EXPECT_EQ(patient_folds(set.features, set.patients, 5, 3).error().code, ErrorCode::kUnavailable);
}

TEST(TrainHeads, LearnWhatFeaturesTellAndNothingElse) {
  const TrainingSet set = made_up_set(150, 4);
  const std::vector<TrainedFinding> found = train_heads(set, 5, 1, {.inverse_penalty = 0.1}).value();
  ASSERT_EQ(found.size(), 3u);
  EXPECT_GT(found[0].trained->auroc.area, 0.9);
  EXPECT_GT(found[1].trained->auroc.area, 0.9);
  // Patients' films are alike: folds that split a patient would let the head remember, with an area near 1.
  EXPECT_LT(found[2].trained->auroc.area, 0.62);
}

TEST(TrainHeads, TakeFeaturesAsTheyAre) {
  const TrainingSet set = made_up_set(100, 5);
  const TrainedHead head = *train_heads(set, 5, 1, {.inverse_penalty = 0.1}).value()[0].trained;
  int right = 0;
  for (int row = 0; row < set.features.rows; ++row)
    right += (head.head.logit(set.features.row(row)) > 0) == (set.labels[0][static_cast<std::size_t>(row)] == 1);
  EXPECT_GT(right, 0.8 * set.features.rows);
}

TEST(TrainHeads, CalibratedScoresAddUp) {
  const TrainingSet set = made_up_set(100, 6);
  const TrainedHead head = *train_heads(set, 5, 1, {.balance_classes = true}).value()[1].trained;
  double expected = 0, found = 0;
  for (std::size_t row = 0; row < head.logits.size(); ++row) {
    expected += 1 / (1 + std::exp(-(head.scale * head.logits[row] + head.offset)));
    found += set.labels[1][row];
  }
  EXPECT_NEAR(expected, found, 0.01 * found) << "class weights alone would count half of the films";
}

TEST(TrainHeads, UnknownLabelsAreLeftOut) {
  TrainingSet set = made_up_set(60, 7);
  for (std::size_t row = 0; row < set.labels[0].size(); row += 2) set.labels[0][row] = -1;
  const TrainedHead head = *train_heads(set, 4, 1, {}).value()[0].trained;
  for (std::size_t row = 0; row < head.logits.size(); ++row) EXPECT_EQ(std::isnan(head.logits[row]), row % 2 == 0);
}

TEST(TrainHeads, AFindingOfOnePatientIsRefusedAloneAndTheOthersLearn) {
  TrainingSet set = made_up_set(60, 8);
  set.labels[1].assign(set.labels[1].size(), 0);
  set.labels[1][0] = 1;
  const std::vector<TrainedFinding> found = train_heads(set, 5, 1, {}).value();
  EXPECT_TRUE(found[0].trained);
  ASSERT_TRUE(found[1].refusal);
  EXPECT_EQ(found[1].refusal->code, ErrorCode::kUnavailable);
  EXPECT_FALSE(found[1].trained);
}

TEST(LogisticHead, RefusesWhatIsNoNumber) {
  const FeatureMatrix features{2, 1, {1, std::nanf("")}};
  const int rows[] = {0, 1};
  const std::uint8_t truth[] = {0, 1};
  EXPECT_EQ(fit_logistic_head(features, rows, truth).error().code, ErrorCode::kInvalidRequest);
}

}  // namespace
}  // namespace chestlight
