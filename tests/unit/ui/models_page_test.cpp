// The list of models, the form of one that was added, and two models compared, drawn without a screen.
#include <gtest/gtest.h>

#include "unit/ui/page_values.h"
#include "unit/ui/sound_layout.h"

namespace chestlight::ui {
namespace {

viewer::ModelChoice page_model() {
  return {"tiny", "Tiny", 7.3e6, "came with the page", "Apache-2.0", "", "one", 224, 14, "", true, true, ""};
}
viewer::ModelChoice added_model(const std::string& problem = "") {
  return {"own:two",
          "torchxrayvision, all data",
          28.4e6,
          "added from net.pt",
          "Apache-2.0",
          "https://github.com/mlmed/torchxrayvision",
          "two",
          224,
          18,
          "2026-12-01",
          problem.empty(),
          false,
          problem};
}

/// A model of the page and one that was added, which is in use and has 14 labels.
void use_added_model(HeadlessUi& ui) {
  ui.act(viewer::EnvironmentKnown{false, false, {}, {page_model()}});
  ui.act(viewer::ModelsListed{{added_model()}, "Added models are kept on this device, in this browser: 1.2 GB free."});
  viewer::EngineReady ready = viewer::engine_ready("two");
  const auto analysis = fourteen_findings();
  for (const viewer::Finding& finding : analysis->findings) ready.model.labels.push_back({finding.id, finding.name});
  ready.model.input = {224, 224, 224, 3, "letterbox", 1, {0.485, 0.456, 0.406}, {0.229, 0.224, 0.225}};
  ui.act(ready);
}

const Scene kModelScenes[] = {
    {"models, one looked at, one that cannot be used, one file that failed",
     [](HeadlessUi& ui) {
       use_added_model(ui);
       add_films(ui, 1);
       viewer::ModelChoice broken = added_model("It is damaged: weights.safetensors has 7 bytes where 28,381,998 were kept.");
       broken.id = "own:three", broken.name = "Broken", broken.sha256 = "three";
       ui.act(
           viewer::ModelsListed{{added_model(), broken}, "Added models are kept on this device, in this browser: 1.2 GB free."});
       ui.act(viewer::ImportFailed{
           "notes.pt", {"unsupported-format", "This is a text file, not a checkpoint.", "Choose the checkpoint itself."}});
       ui.act(viewer::ModelImported{
           added_model(),
           {"The labels are a guess from the number of outputs, 14: the order of ChestX-ray14."},
           "The browser leaves this page 3.0 MB, and the model has 28.4 MB. It stays until the page is closed."});
     }},
    {"a model is being added",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 1);
       ui.act(viewer::ImportProgressed{"net.pt", "reading", 12e6, 84e6});
       ui.act(viewer::RunCommand{"models"});
     }},
    {"form of an added model",
     [](HeadlessUi& ui) {
       use_added_model(ui);
       add_films(ui, 1);
       ui.act(viewer::RunCommand{"describe-model"});
       ui.act(
           viewer::ModelRevised{"own:two", viewer::Failure{"invalid-request", "The network has 14 outputs; 2 labels were given.",
                                                           "Give one label for each output, in their order."}});
     }},
    {"form of a model that is being loaded",
     [](HeadlessUi& ui) {
       ui.act(viewer::ModelsListed{{added_model()}, ""});
       ui.act(viewer::engine_ready());
       add_films(ui, 1);
       ui.act(viewer::DescribeModel{"own:two"});
     }},
    {"two models compared",
     [](HeadlessUi& ui) {
       ui.act(viewer::EnvironmentKnown{false, false, {}, {page_model()}});
       ui.act(viewer::ModelsListed{{added_model()}, ""});
       ui.act(viewer::engine_ready("one"));
       add_films(ui, 1);
       auto other = std::make_shared<viewer::Analysis>(*fourteen_findings());
       other->findings[2].zone = contract::Zone::kLikely;
       other->findings[3].zone = contract::Zone::kNotAssessed;
       ui.act(viewer::analysis_arrived(1, other));
       ui.act(viewer::CompareModel{"own:two"});
       ui.act(viewer::engine_ready("two"));
       ui.act(viewer::analysis_arrived(1, fourteen_findings()));
       ui.act(viewer::PinFinding{"Nodule"});
     }},
};

TEST(ModelsPage, EverythingFitsAndNothingOverlaps) { expect_sound_at_every_size(kModelScenes); }
TEST(ModelsPage, TouchTargetsAreLargeEnough) { expect_large_targets(kModelScenes); }

template <class Kind>
const Kind* asked(const std::vector<viewer::Effect>& effects) {
  for (const viewer::Effect& effect : effects)
    if (const auto* found = std::get_if<Kind>(&effect)) return found;
  return nullptr;
}

TEST(ModelsPage, ARowIsOpenedAndItsModelUsedSavedAndRemoved) {
  HeadlessUi ui(1440, 900, CHESTLIGHT_FONTS);
  ui.act(viewer::EnvironmentKnown{false, false, {}, {page_model()}});
  ui.act(viewer::ModelsListed{{added_model()}, ""});
  ui.act(viewer::engine_ready("one"));
  ui.act(viewer::RunCommand{"models"});
  ui.settle();
  ASSERT_TRUE(ui.click("own:two"));
  ui.settle();
  EXPECT_EQ(ui.state().own.selected, "own:two");
  ui.take_effects();
  ASSERT_TRUE(ui.click("Save as folder"));
  ui.settle();
  EXPECT_TRUE(asked<viewer::DownloadModel>(ui.take_effects()));
  ASSERT_TRUE(ui.click("Remove"));
  ui.settle();
  const auto effects = ui.take_effects();
  ASSERT_TRUE(asked<viewer::RemoveModel>(effects));
  EXPECT_EQ(asked<viewer::RemoveModel>(effects)->id, "own:two");
}

TEST(ModelsPage, TheFormAsksForAnotherInput) {
  HeadlessUi ui(1440, 900, CHESTLIGHT_FONTS);
  use_added_model(ui);
  add_films(ui, 1);
  ui.act(viewer::RunCommand{"describe-model"});
  ui.settle();
  ui.take_effects();
  ASSERT_TRUE(ui.click("Paste labels"));
  ui.settle();
  EXPECT_TRUE(asked<viewer::PasteFacts>(ui.take_effects()));
}

}  // namespace
}  // namespace chestlight::ui
