// What the model is asked to see: apart from the screen, undone and redone, marked; and who a film is about, which is
// nowhere while the switch is off.
#include "viewer/state/model_request.h"

#include <gtest/gtest.h>

#include "unit/viewer/viewer_values.h"
#include "viewer/actions/commands.h"
#include "viewer/actions/messages.h"
#include "viewer/text/snapshot.h"

namespace chestlight::viewer {
namespace {

std::vector<Effect> run(State& state, const char* command) { return update(state, RunCommand{command}); }

bool can_run(const State& state, const char* command) { return find_command(command)->enabled(state); }

template <class Wanted>
const Wanted* find_effect(const std::vector<Effect>& effects) {
  for (const Effect& effect : effects)
    if (const auto* found = std::get_if<Wanted>(&effect)) return found;
  return nullptr;
}

FilmEntry& film_of(State& state) { return *find_film(state, 1); }

std::shared_ptr<Analysis> analysis_of(const Correction& correction) {
  auto analysis = std::make_shared<Analysis>(*three_findings());
  if (correction.any()) analysis->input.corrections = correction;
  return analysis;
}

std::shared_ptr<Analysis> refusal(bool may_be_overridden) {
  auto analysis = std::make_shared<Analysis>();
  analysis->reasons = {{"lateral", Severity::kRefuse, "A lateral view."}};
  analysis->may_be_overridden = may_be_overridden;
  return analysis;
}

TEST(ModelRequest, TheScreenNeverChangesIt) {
  State state = analysed_state();
  for (const char* tool :
       {"invert", "rotate-right", "flip-vertical", "window-wider", "brighter", "zoom-in", "reset", "window-full"})
    EXPECT_EQ(find_effect<Analyse>(run(state, tool)), nullptr) << tool;
  EXPECT_FALSE(film_of(state).request.any());
  EXPECT_NE(film_of(state).analysis, nullptr);
}

TEST(ModelRequest, ACorrectionMakesANewAnalysisAndMarksIt) {
  State state = analysed_state();
  std::vector<Effect> effects = run(state, "correct-invert");
  const auto* asked = find_effect<Analyse>(effects);
  ASSERT_NE(asked, nullptr);
  ASSERT_TRUE(asked->correction);
  EXPECT_TRUE(asked->correction->inverted);
  EXPECT_EQ(effect_to_json(*asked)["correction"]["invert"], true);
  EXPECT_EQ(film_of(state).analysis, nullptr) << "what was found before is not of this film as it is now";
  EXPECT_FALSE(film_of(state).inverted) << "the screen stays as it was";

  update(state, analysis_arrived(1, three_findings()));  // late: of the film as it was
  EXPECT_EQ(film_of(state).analysis, nullptr);
  update(state, analysis_arrived(1, analysis_of(*asked->correction)));
  ASSERT_NE(film_of(state).analysis, nullptr);
  Json json = snapshot(state, {});
  EXPECT_EQ(json["selected"]["correction"]["invert"], true);
  EXPECT_EQ(json["selected"]["request"], "Corrected for the model: inverted.");
  EXPECT_EQ(json["films"][0]["headline"], "Likely: c. Uncertain: a. 1 unlikely. (corrected)");
}

TEST(ModelRequest, IsUndoneRedoneAndReset) {
  State state = analysed_state();
  EXPECT_TRUE(run(state, "undo").empty());
  run(state, "correct-invert");
  run(state, "correct-turn-right");
  const ModelRequest both = film_of(state).request;
  EXPECT_EQ(both.correction, (Correction{.quarter_turns = 1, .inverted = true}));
  EXPECT_NE(find_effect<Analyse>(run(state, "undo")), nullptr);
  EXPECT_EQ(film_of(state).request.correction, (Correction{.inverted = true}));
  run(state, "undo");
  EXPECT_FALSE(film_of(state).request.any());
  run(state, "redo");
  run(state, "redo");
  EXPECT_EQ(film_of(state).request, both);
  run(state, "correct-reset");
  EXPECT_FALSE(film_of(state).request.any());
  run(state, "undo");
  EXPECT_EQ(film_of(state).request, both);
  run(state, "correct-invert");
  EXPECT_TRUE(run(state, "redo").empty()) << "what was undone is gone once something else is done";
}

TEST(ModelRequest, AnalyseAnywayIsOfferedWhereItMayBe) {
  State state = analysed_state();
  EXPECT_FALSE(can_run(state, "analyse-anyway"));
  State blank = analysed_state();
  update(blank, analysis_arrived(1, refusal(false)));
  EXPECT_FALSE(can_run(blank, "analyse-anyway"));

  update(state, analysis_arrived(1, refusal(true)));
  ASSERT_TRUE(can_run(state, "analyse-anyway"));
  std::vector<Effect> effects = run(state, "analyse-anyway");
  const auto* asked = find_effect<Analyse>(effects);
  ASSERT_NE(asked, nullptr);
  EXPECT_EQ(effect_to_json(*asked)["anyway"], true);
  update(state, analysis_arrived(1, refusal(true)));  // late
  EXPECT_EQ(film_of(state).analysis, nullptr);
  auto overridden = analysis_of({});
  overridden->overridden = true;
  overridden->reasons = refusal(true)->reasons;
  update(state, analysis_arrived(1, overridden));
  EXPECT_EQ(film_of(state).stage, FilmStage::kAnalysed);
  EXPECT_NE(request_in_words(film_of(state)).find("Analysed at your request despite the warning."), std::string::npos);
  EXPECT_EQ(snapshot(state, {})["selected"]["overridden"], true);
}

TEST(ModelRequest, ACropIsOfTheFilmAsOpenedHoweverItIsTurnedOnScreen) {
  State state = analysed_state();
  run(state, "rotate-right");
  run(state, "correct-draw-crop");
  EXPECT_TRUE(state.cropping);
  update(state, CropForModel{{300.2, 250.7}, {-20, 40}});
  EXPECT_FALSE(state.cropping);
  EXPECT_EQ(film_of(state).request.correction.crop, (PixelRect{0, 40, 300, 211}));
  update(state, CropForModel{{10, 10}, {14, 200}});
  EXPECT_EQ(film_of(state).request.correction.crop, (PixelRect{0, 40, 300, 211})) << "a slip of the hand is no crop";
  run(state, "correct-draw-crop");
  run(state, "clear");
  EXPECT_FALSE(state.cropping);

  run(state, "correct-crop");  // the fitted film is wholly on the screen
  EXPECT_EQ(film_of(state).request.correction.crop, (PixelRect{0, 0, 400, 300}));
}

TEST(ModelRequest, AsOnTheScreenTakesTurnInversionAndAChangedWindow) {
  State state = analysed_state();
  for (const char* tool : {"rotate-right", "flip-horizontal", "invert"}) run(state, tool);
  const Orientation seen = film_of(state).view.orientation;
  run(state, "correct-as-shown");
  Correction correction = film_of(state).request.correction;
  EXPECT_FALSE(correction.window) << "as the film opened is no choice of the reader's";
  EXPECT_TRUE(correction.inverted);
  // What is at the top left of the screen comes to the top left of the model's film.
  const auto map = correction_map(correction, 400, 300);
  const SourcePx a = map({0, 0}), b = map({400, 0});
  EXPECT_EQ((b.x - a.x) / 400, seen.xx);
  EXPECT_EQ((b.y - a.y) / 400, seen.yx);

  update(state, SetWindow{{100, 60}});
  run(state, "correct-window");
  EXPECT_EQ(film_of(state).request.correction.window, (ValueRange{70, 130}));
}

TEST(ModelRequest, WrongCorrectionsChangeNothing) {
  State state = analysed_state();
  Correction outside;
  outside.crop = PixelRect{0, 0, 401, 300};
  update(state, SetCorrection{outside});
  EXPECT_FALSE(film_of(state).request.any());
  EXPECT_FALSE(parse_action(Json{{"type", "set-correction"}, {"correction", {{"rotate", 45}}}}));
  auto action = parse_action(Json{{"type", "set-correction"}, {"correction", {{"rotate", 90}}}});
  ASSERT_TRUE(action);
  update(state, *action);
  EXPECT_EQ(film_of(state).request.correction.quarter_turns, 1);
}

TEST(ModelPicture, IsFetchedWhileItIsLookedAtAndAgainWhenItIsAnother) {
  State state = analysed_state();
  std::vector<Effect> effects = run(state, "model-input");
  ASSERT_NE(find_effect<ShowModelInput>(effects), nullptr);
  const Json message = {{"type", "model-input-arrived"},
                        {"id", 1},
                        {"input",
                         {{"rule", "All of it."},
                          {"width", 2},
                          {"height", 1},
                          {"crop", {{"x", 1}, {"y", 2}, {"width", 3}, {"height", 4}}},
                          {"window", {{"black", 5}, {"white", 6}}},
                          {"inverted", {{"by_file", true}}},
                          {"corrections", nullptr}}}};
  const std::uint8_t grey[] = {7, 8};
  auto arrived = parse_message(message, Bytes(grey, 2));
  ASSERT_TRUE(arrived);
  EXPECT_TRUE(update(state, *arrived).empty());
  ASSERT_NE(state.model_picture, nullptr);
  EXPECT_EQ(state.model_picture->grey, (std::vector<std::uint8_t>{7, 8}));
  EXPECT_EQ(state.model_picture->input.crop, (PixelRect{1, 2, 3, 4}));
  EXPECT_TRUE(state.model_picture->input.inverted.by_file);
  EXPECT_FALSE(parse_message(message, Bytes(grey, 1)));

  effects = run(state, "correct-turn-left");
  const auto* asked = find_effect<ShowModelInput>(effects);
  ASSERT_NE(asked, nullptr);
  EXPECT_EQ(effect_to_json(*asked)["correction"]["rotate"], 270);
  EXPECT_EQ(state.model_picture, nullptr);
  run(state, "clear");
  update(state, *arrived);
  EXPECT_EQ(state.model_picture, nullptr) << "nobody looks any more";
}

// --- who a film is about ---

State dicom_state() {
  State state;
  update(state, engine_ready());
  FilmInfo info = film_info();
  info.dicom = DicomFacts{};
  update(state, FilmQueued{1, "a.dcm"});
  update(state, film_opened(1, "a.dcm", info));
  return state;
}

IdentifiersArrived somebody() { return {1, {{"Patient", "ZEBRAFINCH, QUILLA"}}}; }

TEST(Identifiers, AreAskedForWhileTheSwitchIsOnAndForgottenWithIt) {
  State state = dicom_state();
  update(state, somebody());  // unasked
  EXPECT_TRUE(state.identifiers.empty());
  EXPECT_TRUE(snapshot(state, {})["identifiers"].is_null());

  std::vector<Effect> effects = run(state, "identifiers");
  ASSERT_NE(find_effect<ReadIdentifiers>(effects), nullptr);
  EXPECT_EQ(find_effect<SaveSettings>(effects), nullptr) << "it is off again on the next visit";
  update(state, somebody());
  EXPECT_EQ(snapshot(state, {})["identifiers"][0]["value"], "ZEBRAFINCH, QUILLA");
  EXPECT_EQ(settings_to_json(state.settings).dump().find("ZEBRAFINCH"), std::string::npos);

  run(state, "identifiers");
  EXPECT_TRUE(state.identifiers.empty());
  update(state, somebody());  // on its way when the switch went off
  EXPECT_EQ(snapshot(state, {}).dump().find("ZEBRAFINCH"), std::string::npos);
}

TEST(Identifiers, OfAFilmThatIsRemovedAreForgotten) {
  State state = dicom_state();
  run(state, "identifiers");
  update(state, somebody());
  update(state, RemoveFilm{1});
  EXPECT_TRUE(state.identifiers.empty());
}

TEST(Identifiers, GoIntoNoExportThatIsNotAskedToHoldThem) {
  State state = dicom_state();
  auto asked = [&](bool identifiers) {
    std::vector<Effect> effects = update(state, ExportFindings{"csv", identifiers});
    return effect_to_json(*find_effect<ExportFindings>(effects));
  };
  EXPECT_EQ(asked(true)["identifiers"], false) << "not while they are hidden";
  run(state, "identifiers");
  EXPECT_EQ(asked(false)["identifiers"], false);
  EXPECT_EQ(asked(true)["identifiers"], true);
}

TEST(Identifiers, OfOtherFormatsAreNeverAskedFor) {
  State state = analysed_state();
  EXPECT_EQ(find_effect<ReadIdentifiers>(run(state, "identifiers")), nullptr);
}

}  // namespace
}  // namespace chestlight::viewer
