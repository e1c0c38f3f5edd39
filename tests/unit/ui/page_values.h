// Films and findings for the tests of the drawn page.
#pragma once

#include <memory>
#include <string>

#include "platform/native/headless_ui.h"
#include "unit/viewer/viewer_values.h"

namespace chestlight::ui {

inline std::shared_ptr<const viewer::Analysis> fourteen_findings() {
  static const char* const kNames[] = {"Atelectasis", "Cardiomegaly", "Pleural effusion",   "Infiltration",  "Mass",
                                       "Nodule",      "Pneumonia",    "Pneumothorax",       "Consolidation", "Oedema",
                                       "Emphysema",   "Fibrosis",     "Pleural thickening", "Hernia"};
  auto analysis = std::make_shared<viewer::Analysis>();
  analysis->analysed = true;
  analysis->summary.sentence = "Likely: emphysema, oedema. Uncertain: pneumothorax, consolidation. 6 unlikely. 4 not assessed.";
  analysis->summary.headline = "9 findings above threshold";
  analysis->summary.caveat = "A network sees less than a radiologist does.";
  analysis->reasons = {{"narrow", contract::Severity::kWarn, "The film is much wider than high; the model saw only its middle."}};
  analysis->operating_point = {"balanced", "Balanced", "misses and false alarms weigh the same on the validation films.",
                               "some films"};
  for (int i = 0; i < 14; ++i) {
    viewer::Finding f = viewer::finding(kNames[i], 0.07 * i, 0.3);
    f.sentence = "The score is " + std::string(i > 4 ? "above" : "below") + " its threshold.";
    f.where = "mainly right lower zone";
    const bool assessed = i != 2 && i < 11;
    f = viewer::finding_in(!assessed ? viewer::Zone::kNotAssessed
                           : i > 8   ? viewer::Zone::kLikely
                           : i > 6   ? viewer::Zone::kUncertain
                                     : viewer::Zone::kUnlikely,
                           0.2 * i, f);
    f.logit = 0.14 * i;
    if (assessed) f.rule_out = 0.6, f.rule_in = 0.7;
    f.percentile_text = i > 9 ? ">99 %" : std::to_string(9 * i + 1) + " %";
    f.reading = "0.50, higher than 96 % of films without it: likely (from 0.22).";
    f.explanation = "Something that is explained in one sentence of a plausible length.";
    f.residual = 1e-7;
    analysis->findings.push_back(f);
  }
  analysis->any_finding = contract::AnyFinding{};
  analysis->any_finding->sentence =
      "Any of these findings together scores 0.55, higher than 40 % of films without any: uncertain (from 0.28, below 0.71).";
  analysis->map = {4, 4};
  analysis->maps.assign(14 * 16, 0.5f);
  analysis->geometry = {{0.32, 0, 0, 0, 0.32, 0}, 128, 128};
  return analysis;
}

/// A model that brings the evaluations of those findings.
inline viewer::EngineReady evaluated_ready() {
  viewer::EngineReady ready = viewer::engine_ready();
  const auto analysis = fourteen_findings();
  for (const viewer::Finding& finding : analysis->findings) {
    viewer::LabelInfo label = viewer::evaluated_labels().front();
    label.id = label.name = finding.id;
    ready.model.labels.push_back(label);
  }
  return ready;
}

inline void add_films(platform::HeadlessUi& ui, int count, bool analysed = true) {
  auto name_of = [](int id) { return "a film with quite a long name " + std::to_string(id) + ".png"; };
  for (int id = 1; id <= count; ++id) ui.act(viewer::FilmQueued{id, name_of(id), id == 1});
  for (int id = 1; id <= count; ++id) {
    const std::string name = name_of(id);
    viewer::FilmOpened opened = viewer::film_opened(id, name, viewer::film_info(3000, 2500));
    opened.thumbnail = {2, 3};
    opened.grey.assign(6, 128);
    ui.act(opened);
  }
  for (int id = 1; analysed && id <= count; ++id) ui.act(viewer::analysis_arrived(id, fourteen_findings()));
  ui.act(viewer::pixels_arrived(1));
}

}  // namespace chestlight::ui
