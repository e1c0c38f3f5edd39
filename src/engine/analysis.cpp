#include "engine/analysis.h"

#include <utility>

#include "anatomy/location.h"
#include "contract/analysis_json.h"
#include "engine/describe.h"
#include "findings/calibration.h"
#include "findings/feature_heads.h"
#include "findings/statement.h"

namespace chestlight {
namespace {

/// Score, state and words of one finding.
FindingResult finding_score(const Model& model, const FilmRequest& asked, std::size_t finding) {
  const Manifest& manifest = model.manifest();
  const Label& label = manifest.labels[finding];
  const Standing standing = standing_of(model, finding, asked.operating_point, {asked.question.logits[finding]});
  FindingResult result;
  result.logit = standing.logit;
  result.probability = sigmoid(standing.logit);
  result.calibrated = standing.calibrated;
  result.threshold = standing.threshold;
  result.state = standing.state;
  result.sentence = finding_sentence(label, standing.calibrated, standing.threshold, asked.operating_point);
  result.reading =
      read_score(standing.logit, label.calibration, label.trained, label.evaluation, asked.operating_point.zones_of(finding));
  result.zero = manifest.evidence_zero(finding);
  return result;
}

/// The same with the regions of its evidence.
FindingResult finding_result(const Model& model, const FilmRequest& asked, std::size_t finding, const EvidenceMaps& evidence) {
  const Label& label = model.manifest().labels[finding];
  FindingResult result = finding_score(model, asked, finding);
  const Grid<float> map = evidence_from(evidence, static_cast<int>(finding), result.zero);
  result.regions = find_regions(map.view(), asked.view, label.cutoff);
  return result;
}

}  // namespace

void place_findings(Analysis& analysis, const Anatomy* anatomy) {
  if (analysis.evidence.width == 0) return;  // scores alone
  const EvidencePlaces places = places_of(analysis.view, analysis.corrected_view, analysis.lungs, anatomy,
                                          analysis.evidence.width, analysis.evidence.height);
  for (std::size_t i = 0; i < analysis.findings.size(); ++i) {
    FindingResult& finding = analysis.findings[i];
    const Grid<float> map = analysis.map(i);
    const Location location = places.locate(map.view());
    const MainRegion region = main_region(places, map.view(), finding.regions);
    finding.where = location_words(location, region, map.width(), map.height(), analysis.sides);
    finding.place = place_in_short(location, region, analysis.sides);
    finding.shares = places.shares(map.view());
  }
}

Procedure<Result<Analysis>> analyse_film(Network& network, const Model& model, FilmRequest request) {
  FilmRequest asked = co_await look_at_film(network, model, std::move(request));
  Analysis analysis;
  analysis.analysed = asked.passes();
  analysis.reasons = asked.reasons;
  analysis.overridden = asked.overridden;
  analysis.input = asked.record;
  analysis.operating_point = asked.operating_point;
  if (!analysis.analysed) co_return std::move(analysis);

  analysis.view = asked.view;
  analysis.corrected_view = asked.corrected_view;
  analysis.sides = asked.sides;
  analysis.lungs = asked.lungs;
  if (model.head().features == 0) {  // scores alone: what bias and residual would be told of is not known
    analysis.evidence.bias.assign(model.manifest().labels.size(), 0.0f);
    analysis.evidence.residual = analysis.evidence.bias;
    for (std::size_t i = 0; i < model.manifest().labels.size(); ++i) analysis.findings.push_back(finding_score(model, asked, i));
    co_return std::move(analysis);
  }
  const NetworkTensor& features = asked.question.features;
  const Head& head = model.head();
  auto evidence = evidence_maps({features.values, features.channels, features.width, features.height}, head.weights, head.bias,
                                asked.question.logits);
  if (!evidence) co_return evidence.error();
  analysis.evidence = std::move(evidence).value();

  const Manifest& manifest = model.manifest();
  analysis.pooled = pooled_features(features.values, head.features);
  if (const auto& any = manifest.feature_heads.any_finding) {
    const Logit logit{head_score(any->head, analysis.pooled)};
    analysis.any_finding = calibrate(logit, any->calibration);
    analysis.any_finding_reading = read_score(logit, any->calibration, true, any->evaluation);
  }
  for (std::size_t i = 0; i < manifest.labels.size(); ++i)
    analysis.findings.push_back(finding_result(model, asked, i, analysis.evidence));
  place_findings(analysis, asked.anatomy.get());
  co_return std::move(analysis);
}

AnalyseJob::AnalyseJob(std::shared_ptr<const Model> model, const Film& film, const AnalysisRequest& request)
    : ProcedureJob(std::move(model), 1) {
  start(analyse_film(network(), this->model(), request_of(this->model(), film, request)));
}

Result<void> AnalyseJob::accept(std::vector<InferenceTensor> outputs) {
  CHESTLIGHT_CHECK(ProcedureJob::accept(std::move(outputs)));
  return value() ? Result<void>() : value().error();
}

bool AnalyseJob::finished() const { return ProcedureJob::finished() && value(); }

JobResult AnalyseJob::result() const { return {to_json(describe(model(), analysis())), {analysis().evidence.contributions}}; }

}  // namespace chestlight
