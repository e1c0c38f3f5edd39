// The whole page, drawn without a screen: everything must fit, nothing may overlap, and clicks must do what
// they say.
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "platform/native/headless_ui.h"
#include "unit/ui/evaluation_scenes.h"
#include "unit/ui/page_values.h"
#include "unit/ui/sound_layout.h"
#include "unit/viewer/viewer_values.h"

namespace chestlight::ui {
namespace {

using platform::HeadlessUi;

/// The same film, refused for its view.
std::shared_ptr<const viewer::Analysis> refused_but(const viewer::Analysis& analysis) {
  auto refused = std::make_shared<viewer::Analysis>();
  refused->input = analysis.input;
  refused->reasons = {{"lateral", contract::Severity::kRefuse,
                       "A lateral view (LL): the model knows frontal films only; use the PA or AP film."}};
  refused->may_be_overridden = true;
  return refused;
}

viewer::EngineReady explaining_ready() {
  viewer::EngineReady ready = viewer::engine_ready();
  ready.methods = viewer::three_methods();
  return ready;
}

const Scene kScenes[] = {
    {"empty", [](HeadlessUi&) {}},
    {"empty with examples",
     [](HeadlessUi& ui) { ui.act(viewer::EnvironmentKnown{false, false, {{"a.png", "A"}, {"b.png", "B"}}, {}}); }},
    {"loading the model",
     [](HeadlessUi& ui) {
       ui.act(viewer::LoadingProgressed{"model", 3e6, 9e6});
       add_films(ui, 1, false);
     }},
    {"one film",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 1);
     }},
    {"a finding whose score is known",
     [](HeadlessUi& ui) {
       ui.act(evaluated_ready());
       add_films(ui, 1);
       ui.act(viewer::PinFinding{"Nodule"});
     }},
    {"a threshold is tried",
     [](HeadlessUi& ui) {
       ui.act(evaluated_ready());
       add_films(ui, 1);
       ui.act(viewer::PinFinding{"Emphysema"});
       ui.act(viewer::RunCommand{"try-threshold"});
       ui.act(viewer::TryThreshold{"Emphysema", 0.75});
       ui.act(viewer::SetPrevalence{"Emphysema", 0.05});
     }},
    {"pinned with checks",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 1);
       ui.act(viewer::PinFinding{"Nodule"});
       ui.act(viewer::ToggleChecks{});
     }},
    {"explained by another method",
     [](HeadlessUi& ui) {
       ui.act(explaining_ready());
       add_films(ui, 1);
       ui.act(viewer::PinFinding{"Nodule"});
       ui.act(viewer::ChooseMethod{"rise", ""});
       ui.act(viewer::ExplanationArrived{1, viewer::some_explanation()});
       ui.act(viewer::RunCommand{"contour"});
       ui.act(viewer::RunCommand{"check-map"});
       ui.act(viewer::TrustArrived{2, {"3 of 5 checks passed: mind what they say.", {{"Adds up", "doubtful", "Nearly."}}}});
       ui.act(viewer::ToggleTrustDetails{});
     }},
    {"two maps beside the film",
     [](HeadlessUi& ui) {
       ui.act(explaining_ready());
       add_films(ui, 2);
       ui.act(viewer::PinFinding{"Nodule"});
       ui.act(viewer::RunCommand{"keep-map"});
       ui.act(viewer::ChooseMethod{"grad-cam", "fused"});
       ui.act(viewer::RunCommand{"keep-map"});
       ui.act(viewer::ExplanationFailed{1, {"inference-failed", "The network could not be run.", "Close other tabs."}});
       ui.act(viewer::PinFinding{"Pleural thickening"});
     }},
    {"an explanation under way",
     [](HeadlessUi& ui) {
       ui.act(explaining_ready());
       add_films(ui, 1);
       ui.act(viewer::PinFinding{"Nodule"});
       ui.act(viewer::ChooseMethod{"grad-cam", "block3"});
       ui.act(viewer::ExplanationProgressed{1, 3, 385, false});
     }},
    {"an explanation that failed",
     [](HeadlessUi& ui) {
       ui.act(explaining_ready());
       add_films(ui, 1);
       ui.act(viewer::PinFinding{"Nodule"});
       ui.act(viewer::ChooseMethod{"rise", ""});
       ui.act(viewer::ExplanationFailed{
           1, {"inference-failed", "The network could not be run.", "Close other tabs and try again."}});
     }},
    {"methods to choose from",
     [](HeadlessUi& ui) {
       ui.act(explaining_ready());
       add_films(ui, 1);
       ui.act(viewer::PinFinding{"Nodule"});
       ui.act(viewer::RunCommand{"method"});
     }},
    {"labels are asked for", labels_are_asked_for},
    {"a table that cannot be used, and folders that can", table_that_cannot_be_used},
    {"labels are joined, and the column is being chosen", column_is_being_chosen},
    {"results against labels, with a row open", results_with_a_row_open},
    {"thirty films",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 30);
       ui.act(viewer::PinFinding{"Hernia"});
     }},
    {"signed, inverted, turned",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 2);
       ui.act(viewer::PinFinding{"Mass"});
       for (const char* id : {"mode", "contour", "invert", "rotate-right", "flip-horizontal", "model-outline"})
         ui.act(viewer::RunCommand{id});
     }},
    {"unreadable",
     [](HeadlessUi& ui) {
       ui.act(viewer::FilmQueued{1, "report.pdf"});
       ui.act(viewer::FilmFailed{1,
                                 "report.pdf",
                                 {"unsupported-format", "This is a PDF document, which holds no film that can be read here.",
                                  "Export the film as PNG or JPEG and open that."},
                                 "PDF"});
     }},
    {"refused",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 1, false);
       auto analysis = std::make_shared<viewer::Analysis>();
       analysis->reasons = {{"too-small", contract::Severity::kRefuse, "The film is 1 × 1 pixels; at least 64 × 64 are needed."}};
       ui.act(viewer::analysis_arrived(1, analysis));
     }},
    {"analysis failed",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 1, false);
       ui.act(
           viewer::AnalysisFailed{1, {"inference-failed", "The graphics device was lost while the network ran.", "Try again."}});
     }},
    {"engine failed",
     [](HeadlessUi& ui) {
       add_films(ui, 1, false);
       ui.act(
           viewer::EngineFailed{{"hash-mismatch", "The model's weights are not those its manifest names.", "Reload the page."}});
     }},
    {"loading, empty", [](HeadlessUi& ui) { ui.act(viewer::LoadingProgressed{"model", 3e6, 9e6}); }},
    {"loading cancelled, empty",
     [](HeadlessUi& ui) {
       ui.act(viewer::EngineFailed{
           {"cancelled", "Loading the model was cancelled.", "Films can be looked at; load the model again."}});
     }},
    {"loading cancelled",
     [](HeadlessUi& ui) {
       add_films(ui, 1, false);
       ui.act(viewer::EngineFailed{
           {"cancelled", "Loading the model was cancelled.", "Films can be looked at; load the model again."}});
     }},
    {"a batch at work",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 9, false);
       ui.act(viewer::analysis_arrived(1, fourteen_findings()));
     }},
    {"help",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 1);
       ui.act(viewer::RunCommand{"help"});
     }},
    {"model menu",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 1);
       ui.act(viewer::OpenPopup{viewer::Popup::kModel});
     }},
    {"export menu",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 1);
       ui.act(viewer::RunCommand{"export"});
     }},
    {"windows",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 1);
       ui.act(viewer::RunCommand{"windows"});
     }},
    {"measuring",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 1);
       ui.settle();  // the film's area is known then
       ui.act(viewer::RunCommand{"tool-length"});
       for (ScreenPx at : {ScreenPx{0.35, 0.5}, {0.65, 0.5}}) {
         const viewer::ScreenRect& area = ui.state().film_area;
         ui.act(viewer::PointAt{{area.x + area.width * at.x, area.y + area.height * at.y}});
         ui.act(viewer::PressTool{});
       }
       ui.act(viewer::RunCommand{"tool-probe"});
     }},
    {"a key is asked for",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 1);
       ui.act(viewer::RunCommand{"help"});
       ui.act(viewer::RebindKey{"invert"});
       ui.act(viewer::KeyTaken{"x", false, false, false});
       ui.act(viewer::KeyTaken{"j", false, true, false});
       ui.act(viewer::RebindKey{"invert"});
     }},
    {"gestures changed",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 1);
       ui.act(viewer::RunCommand{"help"});
       ui.act(viewer::ChangeGesture{"wheel"});
     }},
    {"menu of the film",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 1);
       ui.act(viewer::OpenFilmMenu{{300, 200}});
     }},
    {"facts of the film",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 1);
       viewer::FilmInfo info = viewer::film_info(3000, 2500);
       info.format = "DICOM";
       info.notes = {"The model sees the file’s first window (NORMAL).",
                     "Stored with dark bones; shown and analysed with bright bones."};
       info.dicom = DicomFacts{};
       info.dicom->modality = "DX";
       info.dicom->burned_in = true;
       info.dicom->spacing = PixelSpacing{0.1, 0.1, "detector"};
       ui.act(viewer::film_opened(1, "a.dcm", info));
       ui.act(viewer::RunCommand{"film-facts"});
     }},
    {"film tab",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 3);
       ui.act(viewer::SetTab{viewer::PhoneTab::kFilm});
     }},
    {"all films",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 12);
       ui.act(viewer::analysis_arrived(3, refused_but(*fourteen_findings())));
       ui.act(viewer::FilmFailed{4,
                                 "report.pdf",
                                 {"not-an-image", "This is a PDF document; a DICOM, PNG or JPEG picture was expected.",
                                  "Export the page or the picture in it as PNG."},
                                 "PDF"});
       ui.act(viewer::SetTab{viewer::PhoneTab::kFilms});
     }},
    {"more tools",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 1);
       ui.act(viewer::OpenPopup{viewer::Popup::kMoreTools});
     }},
    {"corrected, refused and analysed anyway",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 2);
       Correction correction{PixelRect{100, 200, 1800, 1700}, true, 1, ValueRange{20, 180}, true};
       ui.act(viewer::SetCorrection{correction});
       auto analysis = std::make_shared<viewer::Analysis>(*fourteen_findings());
       analysis->input.corrections = correction;
       analysis->overridden = true;
       analysis->reasons.push_back(
           {"lateral", contract::Severity::kRefuse, "A lateral view (LL): the model knows frontal films only."});
       int id = ui.state().selected;
       ui.act(viewer::analysis_arrived(id, refused_but(*analysis)));
       ui.act(viewer::RunCommand{"analyse-anyway"});
       ui.act(viewer::analysis_arrived(id, analysis));
     }},
    {"refused, to be analysed anyway",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 1, false);
       ui.act(viewer::analysis_arrived(1, refused_but(*fourteen_findings())));
     }},
    {"corrections menu",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 1);
       ui.act(viewer::RunCommand{"correct-invert"});
       ui.act(viewer::RunCommand{"corrections"});
     }},
    {"what the model saw",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 1);
       ui.act(viewer::RunCommand{"model-input"});
       contract::InputRecord input;
       input.rule = "The largest centred part with the shape of the model's input, scaled to 128 × 128 pixels.";
       input.width = input.height = 128;
       input.crop = {250, 0, 2500, 2500};
       input.window = ValueRange{0, 255};
       input.inverted.by_file = true;
       ui.act(viewer::ModelInputArrived{1, input, std::vector<std::uint8_t>(128 * 128)});
     }},
    {"cropping, with identifiers",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 1);
       ui.act(viewer::RunCommand{"identifiers"});
       ui.act(viewer::IdentifiersArrived{1, {{"Patient", "Zebrafinch, Quilla"}, {"Institution", "The Hospital of the Narwhal"}}});
       ui.act(viewer::RunCommand{"correct-draw-crop"});
     }},
    {"export menu, with identifiers",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 1);
       ui.act(viewer::RunCommand{"identifiers"});
       ui.act(viewer::RunCommand{"export"});
     }},
    {"a worklist with columns, filtered by finding",
     [](HeadlessUi& ui) {
       ui.act(evaluated_ready());
       add_films(ui, 40);
       for (const char* id : {"Hernia", "Pleural thickening", "Nodule"}) ui.act(viewer::ShowFindingColumn{id, true});
       ui.act(viewer::FilterWorklist{{true, false, viewer::VerdictFilter::kWithout, "Emphysema", viewer::Zone::kLikely}});
       ui.act(viewer::SetTab{viewer::PhoneTab::kFilms});
     }},
    {"findings of the worklist",
     [](HeadlessUi& ui) {
       ui.act(evaluated_ready());
       add_films(ui, 12);
       ui.act(viewer::OpenPopup{viewer::Popup::kWorklistFindings});
     }},
    {"a verdict with its note",
     [](HeadlessUi& ui) {
       ui.act(evaluated_ready());
       add_films(ui, 1);
       ui.act(viewer::PinFinding{"Pleural thickening"});
       ui.act(viewer::RunCommand{"disagree"});
       ui.act(viewer::BeginText{"note", "Pleural thickening"});
       ui.act(viewer::TextEntered{"note", "An old scar, seen on the film of last year, and nothing new beside it.", true});
     }},
    {"a reader study to be begun",
     [](HeadlessUi& ui) {
       ui.act(evaluated_ready());
       add_films(ui, 2);
       ui.act(viewer::ToggleStudyFinding{"Pleural thickening"});
       ui.act(viewer::RunCommand{"study"});
     }},
    {"a film of a reader study",
     [](HeadlessUi& ui) {
       ui.act(evaluated_ready());
       add_films(ui, 2);
       ui.act(viewer::ToggleStudyFinding{"Pleural thickening"});
       ui.act(viewer::ToggleStudyFinding{"Nodule"});
       ui.act(viewer::StartStudy{1});
       ui.act(viewer::GiveStudyVerdict{"Nodule", true});
       ui.act(viewer::GiveStudyConfidence{"Nodule", 60});
     }},
    {"the glossary",
     [](HeadlessUi& ui) {
       ui.act(evaluated_ready());
       add_films(ui, 1);
       ui.act(viewer::RunCommand{"glossary"});
     }},
    {"all films taken away",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 3);
       ui.act(viewer::RunCommand{"clear-films"});
     }},
    {"panels closed",
     [](HeadlessUi& ui) {
       ui.act(viewer::engine_ready());
       add_films(ui, 2);
       ui.act(viewer::RunCommand{"films-panel"});
       ui.act(viewer::RunCommand{"findings-panel"});
     }},
};

TEST(Page, EverythingFitsAndNothingOverlaps) { expect_sound_at_every_size(kScenes); }
TEST(Page, TouchTargetsAreLargeEnough) { expect_large_targets(kScenes); }

TEST(Page, HoverPreviewsClickPinsAndASecondClickUnpins) {
  HeadlessUi ui(1440, 900, CHESTLIGHT_FONTS);
  kScenes[3].set(ui);
  ui.settle();
  ASSERT_TRUE(ui.click("Hernia"));
  EXPECT_EQ(ui.state().pinned, "Hernia");
  EXPECT_EQ(ui.state().hovered, "Hernia");
  ui.move(600, 400);
  ui.settle();
  EXPECT_EQ(ui.state().hovered, "");
  EXPECT_EQ(viewer::overlaid_finding(ui.state())->id, "Hernia") << "pinned stays";
  ASSERT_TRUE(ui.click("Hernia"));
  EXPECT_EQ(ui.state().pinned, "");
}

TEST(Page, AClickOnAGestureOfTheListGivesItSomethingElseToDo) {
  for (const PageSize& size : {kPages[0], kPages[4]}) {
    HeadlessUi ui(size.width, size.height, CHESTLIGHT_FONTS);
    kScenes[3].set(ui);
    ui.act(viewer::RunCommand{"help"});
    ui.settle();
    ASSERT_TRUE(ui.click("gesture-one-finger"));
    EXPECT_EQ(ui.state().settings.gestures.at("one-finger"), "move");
    ui.settle();
    ASSERT_TRUE(ui.click("reset-keys"));
    EXPECT_TRUE(ui.state().settings.gestures.empty());
  }
}

TEST(Page, WhatIsKeptIsSwitchedAndForgottenWithTheKeys) {
  for (const PageSize& size : {kPages[0], kPages[4]}) {
    HeadlessUi ui(size.width, size.height, CHESTLIGHT_FONTS);
    ui.act(viewer::engine_ready());
    ui.act(viewer::RunCommand{"help"});
    ui.settle();
    EXPECT_FALSE(ui.click("forget-readings")) << "nothing is kept";
    ASSERT_TRUE(ui.click("keep-readings"));
    EXPECT_TRUE(ui.state().settings.keep_readings);
    ui.act(viewer::KeepingKnown{12});
    ui.settle();
    ASSERT_TRUE(ui.click("forget-readings"));
    EXPECT_FALSE(ui.state().settings.keep_readings);
  }
}

TEST(Page, ButtonsAskThePage) {
  HeadlessUi ui(1440, 900, CHESTLIGHT_FONTS);
  kScenes[1].set(ui);
  ui.settle();
  ui.take_effects();
  ASSERT_TRUE(ui.click("open"));
  EXPECT_EQ(viewer::count_of<viewer::PickFiles>(ui.take_effects()), 1);
  ASSERT_TRUE(ui.click("try-example"));
  ASSERT_TRUE(ui.click("B"));
  auto effects = ui.take_effects();
  ASSERT_EQ(viewer::count_of<viewer::OpenExample>(effects), 1);
  EXPECT_EQ(ui.state().popup, viewer::Popup::kNone);
}

TEST(Page, LoadingCanBeCancelledAndBegunAgainOnAnyPage) {
  for (const PageSize& size : kPages)
    for (bool empty : {true, false}) {
      SCOPED_TRACE(std::to_string(static_cast<int>(size.width)) + (empty ? " empty" : ""));
      HeadlessUi ui(size.width, size.height, CHESTLIGHT_FONTS);
      ui.act(viewer::LoadingProgressed{"model", 3e6, 9e6});
      if (!empty) add_films(ui, 1, false);
      ui.settle();
      ui.take_effects();
      ASSERT_TRUE(ui.click("cancel"));
      EXPECT_EQ(viewer::count_of<viewer::CancelLoading>(ui.take_effects()), 1);
      ui.act(viewer::EngineFailed{{"cancelled", "Loading the model was cancelled.", "Load it again."}});
      ui.settle();
      ASSERT_TRUE(ui.click("load-again"));
      EXPECT_EQ(viewer::count_of<viewer::LoadModel>(ui.take_effects()), 1);
    }
}

TEST(Page, MenusCloseByAClickBesideAndByTheirOwnLabel) {
  HeadlessUi ui(1440, 900, CHESTLIGHT_FONTS);
  kScenes[3].set(ui);
  ui.settle();
  ASSERT_TRUE(ui.click("model"));
  EXPECT_EQ(ui.state().popup, viewer::Popup::kModel);
  ui.settle();
  ASSERT_TRUE(ui.click("model"));
  EXPECT_EQ(ui.state().popup, viewer::Popup::kNone);
  ASSERT_TRUE(ui.click("model"));
  ASSERT_TRUE(ui.click("backend"));
  EXPECT_EQ(ui.state().popup, viewer::Popup::kBackend) << "one menu gives way to another";
  ui.settle();
  ASSERT_TRUE(ui.click("film"));
  EXPECT_EQ(ui.state().popup, viewer::Popup::kNone);
}

TEST(Page, AQuickClickCounts) {
  HeadlessUi ui(1440, 900, CHESTLIGHT_FONTS);
  kScenes[3].set(ui);
  ui.settle();
  for (const Entry& e : ui.log().entries)
    if (e.widget && e.label == "Nodule") {
      ui.quick_click((e.min.x + e.max.x) / 2, (e.min.y + e.max.y) / 2);
      break;
    }
  EXPECT_EQ(ui.state().pinned, "Nodule");
}

TEST(Page, RowsTakeFilmsAwayAndReadThemAgainOnAnyPage) {
  for (const PageSize& size : kPages) {
    SCOPED_TRACE(static_cast<int>(size.width));
    HeadlessUi ui(size.width, size.height, CHESTLIGHT_FONTS);
    ui.act(viewer::engine_ready());
    add_films(ui, 2);
    ui.act(viewer::FilmFailed{1, "a.dcm", {"truncated", "The file ends early.", "Copy it again."}, "DICOM"});
    ui.act(viewer::SetTab{viewer::PhoneTab::kFilms});
    ui.settle();
    ui.take_effects();
    ASSERT_TRUE(ui.click("retry-1"));
    EXPECT_EQ(viewer::count_of<viewer::ReopenFilm>(ui.take_effects()), 1);
    EXPECT_EQ(ui.state().films[0].stage, viewer::FilmStage::kQueued);
    ui.settle();
    ASSERT_TRUE(ui.click("remove-2"));
    ASSERT_EQ(ui.state().films.size(), 1u);
    EXPECT_EQ(ui.state().films[0].id, 1);
    ui.settle();
    ui.take_effects();
    ASSERT_TRUE(ui.click("clear-films"));
    EXPECT_TRUE(ui.state().films.empty());
    EXPECT_EQ(viewer::count_of<viewer::SetAsideFilms>(ui.take_effects()), 1);
    ui.settle();
    ASSERT_TRUE(ui.click("undo"));
    EXPECT_EQ(ui.state().films.size(), 1u);
  }
}

TEST(Page, TheNarrowestStripTellsTheWholeKindOfAFileOrNone) {
  for (bool can_retry : {false, true})
    for (const char* kind : {"PNG", "Web page", "JPEG 2000"}) {
      HeadlessUi ui(1440, 900, CHESTLIGHT_FONTS);
      ui.act(viewer::engine_ready());
      ui.act(viewer::SetPanelWidth{true, 0});
      ui.act(viewer::FilmQueued{1, "a", true});
      ui.act(viewer::FilmFailed{1, "a", {"truncated", "The file ends early.", "Copy it again."}, kind, can_retry});
      ui.settle();
      int told = 0;
      for (const Entry& e : ui.log().entries) {
        if (e.panel != "films" || e.label != kind) continue;
        EXPECT_FALSE(e.shortened) << kind;
        ++told;
      }
      EXPECT_EQ(told, can_retry && kind != std::string("PNG") ? 0 : 1) << kind;
    }
}

TEST(Page, OnlyVisibleRowsOfALongStripAreDrawn) {
  HeadlessUi ui(1440, 900, CHESTLIGHT_FONTS);
  ui.act(viewer::engine_ready());
  add_films(ui, 200);
  ui.act(viewer::RunCommand{"worklist"});
  ui.settle();
  int rows = 0;
  for (const Entry& e : ui.log().entries) rows += e.widget && e.label.starts_with("film-");
  EXPECT_LT(rows, 12);
  EXPECT_GT(rows, 3);
  EXPECT_EQ(ui.films_painted(), 1);
}

}  // namespace
}  // namespace chestlight::ui
