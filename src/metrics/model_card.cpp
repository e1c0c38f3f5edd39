#include "metrics/model_card.h"

#include "base/counted.h"
#include "base/json.h"
#include "base/text.h"
#include "findings/zone_statement.h"

namespace chestlight {
namespace {

constexpr char kNotStated[] = "Not stated.";

std::string or_not_stated(const std::string& words) { return words.empty() ? kNotStated : words; }

std::string joined_words(const std::vector<std::string>& sentences, std::string_view between = " ") {
  std::string all;
  for (const std::string& sentence : sentences) all += text(all.empty() ? "" : between, sentence);
  return all;
}

Json card_interval(const Interval& interval) { return Json::array({interval.low, interval.high}); }

Json card_result(const std::string& label, Json value) { return {{"Label", label}, {"ValueJson", std::move(value)}}; }

Json card_share(const Share& share) {
  return {{"value", share.value ? Json(*share.value) : Json(nullptr)},
          {"interval", card_interval(share.interval)},
          {"part", share.part},
          {"whole", share.whole}};
}

std::string names_of_findings(const contract::ModelInfo& model) {
  std::vector<std::string> names;
  for (const contract::LabelInfo& label : model.labels) names.push_back(label.name);
  return joined_words(names, ", ");
}

Json efficacy(const ModelEvaluation& evaluation) {
  Json results = Json::array();
  for (const FindingEvaluation& finding : evaluation.findings) {
    if (!finding.measures) continue;
    const Auroc& area = finding.measures->auroc;
    results.push_back(card_result(finding.id, {{"auroc", area.area},
                                               {"auroc_interval", card_interval(area.interval)},
                                               {"average_precision", finding.measures->average_precision},
                                               {"threshold", finding.threshold},
                                               {"sensitivity", card_share(finding.rates.sensitivity)},
                                               {"specificity", card_share(finding.rates.specificity)},
                                               {"ppv", card_share(finding.rates.ppv)},
                                               {"npv", card_share(finding.rates.npv)},
                                               {"positives", finding.positives},
                                               {"negatives", finding.negatives}}));
  }
  return results;
}

Json fairness(const ModelEvaluation& evaluation) {
  Json results = Json::array();
  for (const FindingEvaluation& finding : evaluation.findings)
    for (const GroupEvaluation& group : finding.groups)
      results.push_back(card_result(text(finding.id, ", ", group.group, ": ", group.value),
                                    {{"auroc", group.auroc ? Json(group.auroc->area) : Json(nullptr)},
                                     {"auroc_interval", group.auroc ? card_interval(group.auroc->interval) : Json(nullptr)},
                                     {"sensitivity", card_share(group.rates.sensitivity)},
                                     {"specificity", card_share(group.rates.specificity)},
                                     {"p", group.p ? Json(*group.p) : Json(nullptr)},
                                     {"differs_beyond_chance", group.differs},
                                     {"positives", group.positives},
                                     {"negatives", group.negatives}}));
  return results;
}

Json reliability(const ModelEvaluation& evaluation) {
  Json results = Json::array();
  for (const FindingEvaluation& finding : evaluation.findings) {
    if (finding.positives + finding.negatives == 0) continue;
    results.push_back(card_result(finding.id, {{"brier", finding.brier},
                                               {"calibration_error", finding.calibration_error},
                                               {"mean_score", finding.mean_score},
                                               {"missed", finding.confusion.false_negatives},
                                               {"called_wrongly", finding.confusion.false_positives}}));
  }
  return results;
}

int groups_that_differ(const ModelEvaluation& evaluation) {
  int count = 0;
  for (const FindingEvaluation& finding : evaluation.findings)
    for (const GroupEvaluation& group : finding.groups) count += group.differs;
  return count;
}

}  // namespace

std::string applied_model_card(const contract::ModelInfo& model, const ModelEvaluation& evaluation, const Labels& labels,
                               const ReportFacts& facts) {
  const std::string data =
      text(counted(evaluation.films, "film", "films"), " of one's own with labels (", label_format_name(labels.format),
           "), measured on ", facts.date.empty() ? "a day that is not stated" : facts.date, " by ", facts.app, ".",
           labels.remarks.empty() ? "" : " " + joined_words(labels.remarks),
           facts.remarks.empty() ? "" : " " + joined_words(facts.remarks));
  constexpr char kValidation[] =
      "Scores of the unchanged model against the labels. Areas have DeLong's intervals, shares Wilson's, both of 95 %. Films are "
      "taken "
      "as independent.";
  const auto metric = [&](const char* goal, Json results, std::string interpretation) -> Json {
    return {{"MetricGoal", goal},
            {"Results", {{"MetricResult", std::move(results)}}},
            {"Interpretation", std::move(interpretation)},
            {"TestType", "Retrospective, on films with labels"},
            {"TestingDataDescription", data},
            {"ValidationProcessAndJustification", kValidation}};
  };
  const int differ = groups_that_differ(evaluation);
  const std::string limits = or_not_stated(joined_words(model.limits));
  Json card;
  card["BasicInfo"] = {
      {"ModelName", text(model.name, " (", model.id, ")")}, {"ModelDeveloper", kNotStated}, {"DeveloperContact", kNotStated}};
  card["ReleaseInfo"] = {{"ReleaseStage", "Research and teaching"},
                         {"ReleaseDate", kNotStated},
                         {"ReleaseVersion", text(model.version, ", SHA-256 ", model.sha256)},
                         {"GlobalAvailability", text("Licence: ", or_not_stated(model.licence))},
                         {"RegulatoryApproval", "None: not a medical device."}};
  card["ModelSummary"] = {{"Summary", text("Scores ", counted(static_cast<int>(model.labels.size()), "finding", "findings"),
                                           " in chest X-rays and tells where the evidence for them lies. ", model.notice)},
                          {"Keywords", {{"Keyword", Json::array({"chest X-ray", "classification", "local evaluation"})}}}};
  card["UsesAndDirections"] = {
      {"IntendedUseAndWorkflow", "Research and teaching: a second look at films that a person reads. No diagnosis rests on it."},
      {"PrimaryIntendedUsers", "Readers of chest X-rays, researchers, teachers and students."},
      {"HowToUse",
       text("A finding is called where its calibrated score is at or above its threshold (", evaluation.operating_point, ").")},
      {"TargetedPatientPopulation", or_not_stated(model.evaluation ? model.evaluation->data : "")},
      {"CautionedOutOfScopeSettings", limits}};
  card["Warnings"] = {
      {"KnownRisksAndLimitations", limits},
      {"KnownBiasesOrEthicalConsiderations",
       differ > 0 ? text(counted(differ, "group differs", "groups differ"), " beyond chance on these films: see FairnessEquity.")
                  : "No group was found to differ beyond chance on these films; few films find few differences."},
      {"ClinicalRiskLevel", kNotStated}};
  card["TrustIngredients"] = {
      {"AISystemFacts",
       {{"OutcomesAndOutputs", text("A calibrated score from 0 to 1 for each of: ", names_of_findings(model), ".")},
        {"ModelType", "Neural network for image classification"},
        {"InputDataSource", "Frontal chest X-rays as DICOM, PNG or JPEG, read on the user's own device"},
        {"OutputAndInputDataTypes",
         text("Input: ", model.input.width, " × ", model.input.height, " pixels, ", model.input.channels,
              model.input.channels == 1 ? " channel" : " channels", ". Output: scores and evidence maps.")},
        {"DevelopmentDataCharacterization", or_not_stated(model.evaluation ? evaluation_data_sentence(*model.evaluation) : "")},
        {"BiasMitigationApproaches", kNotStated},
        {"OngoingMaintenance", kNotStated},
        {"Security", "Films stay on the device: the program sends nothing anywhere."},
        {"Transparency", "Every score equals its bias plus the mean of its evidence map, where the network gives one."}}},
      {"TransparencyInformation", {{"FundingSource", kNotStated}, {"StakeholdersConsulted", kNotStated}}}};
  card["KeyMetrics"] = {
      {"UsefulnessUsabilityEfficacy",
       metric("How well scores and the thresholds in use tell films with a finding from those without", efficacy(evaluation),
              "Intervals say how much these films can tell; predictive values hold where findings are as frequent as here.")},
      {"FairnessEquity", metric("Whether groups of films are scored as well as all others", fairness(evaluation),
                                text(counted(differ, "group differs", "groups differ"),
                                     " beyond chance, allowing for the number of groups (Holm)."))},
      {"SafetyReliability", metric("Whether scores are frequencies, and how many films are missed or called wrongly",
                                   reliability(evaluation), "A Brier score and a calibration error of 0 are best.")}};
  card["Resources"] = {
      {"EvaluationReferences", text("The report and the scores of each film were made with this card by ", facts.app)},
      {"PeerReviewedPublications", kNotStated},
      {"PatientConsentOrDisclosure", kNotStated}};
  card["Bibliography"] = "";
  return write_indented_json(Json{{"AppliedModelCard", std::move(card)}, {"notice", facts.notice}}) + "\n";
}

}  // namespace chestlight
