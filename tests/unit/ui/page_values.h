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
  analysis->summary.headline = "No finding above threshold: this is not the same as normal";
  analysis->summary.caveat = "A network sees less than a radiologist does.";
  analysis->reasons = {{"narrow", contract::Severity::kWarn, "The film is much wider than high; the model saw only its middle."}};
  analysis->operating_point = {"balanced", "Balanced", "misses and false alarms weigh the same on the validation films.",
                               "some films"};
  for (int i = 0; i < 14; ++i) {
    viewer::Finding f = viewer::finding(kNames[i], 0.07 * i, 0.3);
    f.sentence = "The score is " + std::string(i > 4 ? "above" : "below") + " its threshold.";
    f.where = "mainly right lower zone";
    f.explanation = "Something that is explained in one sentence of a plausible length.";
    f.residual = 1e-7;
    analysis->findings.push_back(f);
  }
  analysis->map = {4, 4};
  analysis->maps.assign(14 * 16, 0.5f);
  analysis->geometry = {{0.32, 0, 0, 0, 0.32, 0}, 128, 128};
  return analysis;
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
