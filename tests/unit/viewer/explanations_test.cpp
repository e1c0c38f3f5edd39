#include "viewer/state/explanations.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "contract/picture_look_json.h"
#include "render/picture_look.h"
#include "support/tolerances.h"
#include "unit/viewer/viewer_values.h"
#include "viewer/actions/film_commands.h"
#include "viewer/actions/messages.h"
#include "viewer/text/explanation_snapshot.h"
#include "viewer/text/snapshot.h"

namespace chestlight::viewer {
namespace {

std::vector<ExplanationQuestion> asked(const std::vector<Effect>& effects) {
  std::vector<ExplanationQuestion> questions;
  for (const Effect& effect : effects)
    if (const auto* request = std::get_if<Explain>(&effect)) questions.push_back(request->question);
  return questions;
}

TEST(Explanations, TheEvidenceIsShownUntilAnotherMethodIsChosenAndThere) {
  State state = explaining_state();
  EXPECT_EQ(chosen_method(state.films[0], "a").method, kEvidenceMethod);
  auto questions = asked(update(state, ChooseMethod{"rise", ""}));
  ASSERT_EQ(questions.size(), 1u);
  EXPECT_EQ(questions[0].id, 1);
  EXPECT_EQ(questions[0].finding, "a");
  EXPECT_EQ(overlaid_explanation(state), nullptr) << "not there yet";
  EXPECT_EQ(snapshot(state, {})["explanation"]["drawn"], "evidence");
  auto map = some_explanation();
  update(state, ExplanationArrived{questions[0].request, map});
  ASSERT_NE(overlaid_explanation(state), nullptr);
  EXPECT_EQ(overlaid_explanation(state)->map.values(), map.map);
  EXPECT_EQ(snapshot(state, {})["explanation"]["drawn"], "rise");
  update(state, HoverFinding{"b"});
  EXPECT_EQ(overlaid_explanation(state), nullptr) << "the other finding keeps its evidence";
}

TEST(Explanations, TheEvidenceHasItsRegionsInWords) {
  State state = explaining_state();
  auto analysis = std::make_shared<Analysis>(*state.films[0].analysis);
  analysis->findings[0].area = 0.12;
  analysis->findings[0].cutoff = 0.4;
  analysis->findings[0].boxes = {{1, 2, 30, 40}};
  update(state, analysis_arrived(1, analysis));
  const Json told = snapshot(state, {})["explanation"];
  EXPECT_EQ(told["regions"], "1 region, 12 % of what the model saw, at 40 % of the highest value");
  EXPECT_EQ(told["boxes"], (Json{{1, 2, 30, 40}}));
}

TEST(Explanations, SwitchingBackAsksForNothing) {
  State state = explaining_state();
  auto first = asked(update(state, ChooseMethod{"rise", ""}));
  update(state, ExplanationArrived{first[0].request, some_explanation()});
  EXPECT_TRUE(update(state, ChooseMethod{"evidence", ""}).empty());
  EXPECT_EQ(overlaid_explanation(state), nullptr);
  EXPECT_TRUE(asked(update(state, ChooseMethod{"rise", ""})).empty());
  EXPECT_NE(overlaid_explanation(state), nullptr);
}

TEST(Explanations, EveryLayerIsAnExplanationOfItsOwnAndHasADefault) {
  State state = explaining_state();
  auto first = asked(update(state, ChooseMethod{"grad-cam", ""}));
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].layer, "features");
  auto second = asked(update(state, ChooseMethod{"grad-cam", "block3"}));
  ASSERT_EQ(second.size(), 1u);
  EXPECT_NE(second[0].request, first[0].request);
  EXPECT_TRUE(asked(update(state, ChooseMethod{"grad-cam", ""})).empty()) << "it is on its way";
}

TEST(Explanations, ProgressIsToldInStepsWithTheTimeLeft) {
  State state = explaining_state();
  int request = asked(update(state, ChooseMethod{"rise", ""}))[0].request;
  EXPECT_EQ(progress(state).text, "RISE of a: waiting");
  update(state, ExplanationProgressed{request, 0, 385, true});
  EXPECT_EQ(progress(state).text, "RISE of a: building another network");
  update(state, Ticked{100});
  update(state, ExplanationProgressed{request, 1, 385, false});
  update(state, Ticked{110});
  update(state, ExplanationProgressed{request, 101, 385, false});
  EXPECT_EQ(progress(state).text, "RISE of a: step 101 of 385, 29 s left");
  EXPECT_NEAR(progress(state).fraction, 101.0 / 385, 1e-9);
}

TEST(Explanations, CancellingSaysSoAndItCanBeAskedForAgain) {
  State state = explaining_state();
  update(state, ChooseMethod{"rise", ""});
  auto effects = update(state, RunCommand{"cancel"});
  EXPECT_EQ(count_of<CancelExplanation>(effects), 1);
  EXPECT_EQ(state.films[0].stage, FilmStage::kAnalysed) << "the film's own findings stay";
  EXPECT_FALSE(progress(state).busy);
  Json told = snapshot(state, {})["explanation"];
  EXPECT_EQ(told["status"], "cancelled");
  EXPECT_EQ(told["error"]["message"], "RISE was cancelled.");
  EXPECT_EQ(asked(update(state, ChooseMethod{"rise", ""})).size(), 1u);
}

TEST(Explanations, AFailureKeepsItsWordsAndLeavesTheEvidence) {
  State state = explaining_state();
  int request = asked(update(state, ChooseMethod{"rise", ""}))[0].request;
  update(state, ExplanationFailed{request, {"inference-failed", "The network could not be run.", "Close other tabs."}});
  Json told = snapshot(state, {})["explanation"];
  EXPECT_EQ(told["status"], "failed");
  EXPECT_EQ(told["error"]["hint"], "Close other tabs.");
  EXPECT_EQ(told["drawn"], "evidence");
  update(state, ExplanationArrived{request, some_explanation()});
  EXPECT_EQ(overlaid_explanation(state), nullptr) << "nobody waits for it any more";
}

TEST(Explanations, ANewAnalysisMakesTheOldExplanationsVoid) {
  State state = explaining_state();
  update(state, ChooseMethod{"rise", ""});
  auto effects = update(state, analysis_arrived(1, three_findings()));
  EXPECT_EQ(count_of<CancelExplanation>(effects), 1);
  EXPECT_TRUE(state.films[0].explanations.entries.empty());
  EXPECT_FALSE(explaining(state));
}

TEST(Explanations, ACheckIsAskedForOnceAndItsLineAndDetailsAreTold) {
  State state = explaining_state();
  auto effects = update(state, RunCommand{"check-map"});
  ASSERT_EQ(count_of<CheckTrust>(effects), 1);
  EXPECT_EQ(count_of<CheckTrust>(update(state, RunCommand{"check-map"})), 0);
  const int request = std::get<CheckTrust>(effects[0]).question.request;
  update(state, TrustArrived{request, {"4 of 5 checks passed.", {{"adds-up", "Adds up", "passed", "To 3e-7."}}}});
  Json told = snapshot(state, {})["explanation"]["trust"];
  EXPECT_EQ(told["line"], "4 of 5 checks passed.");
  EXPECT_EQ(told["checks"][0]["verdict"], "Passed");
  EXPECT_EQ(count_of<CheckTrust>(update(state, RunCommand{"check-map"})), 0) << "it is known";
}

TEST(Explanations, TheNextMethodFollowsTheOrderOffered) {
  State state = explaining_state();
  auto effects = update(state, RunCommand{"next-method"});
  EXPECT_EQ(chosen_method(state.films[0], "a").method, "rise");
  EXPECT_EQ(asked(effects).size(), 1u);
}

TEST(Explanations, AMethodThatTheModelDoesNotAllowIsNotTakenAndPassedOver) {
  State state = explaining_state();
  MethodInfo& rise =
      *std::find_if(state.methods.begin(), state.methods.end(), [](const MethodInfo& m) { return m.id == "rise"; });
  rise.unavailable = "It needs gradients.";
  EXPECT_TRUE(update(state, ChooseMethod{"rise", ""}).empty());
  EXPECT_EQ(chosen_method(state.films[0], "a").method, kEvidenceMethod);
  update(state, RunCommand{"next-method"});
  EXPECT_EQ(chosen_method(state.films[0], "a").method, "grad-cam");
  const Json shown = snapshot(state, {});
  for (const Json& method : shown["methods"]) EXPECT_EQ(method["unavailable"] == "", method["id"] != "rise");
}

TEST(Explanations, TheExportIsOfWhatIsShownAsItIsShown) {
  State state = explaining_state();
  update(state, ChooseMethod{"grad-cam", "block3"});
  auto effects = update(state, RunCommand{"export-map"});
  ASSERT_EQ(count_of<ExportMap>(effects), 1);
  const Json asked = effect_to_json(effects.back());
  const Json question = asked["question"];
  EXPECT_EQ(question["id"], 1);
  EXPECT_EQ(question["finding"], "a");
  EXPECT_EQ(question["method"], "grad-cam");
  EXPECT_EQ(question["layer"], "block3");
  EXPECT_EQ(asked["look"], to_json(to_contract({.window = state.films[0].window})));

  update(state, SetWindow{{60, 90}});
  for (const char* command : {"invert", "rotate-right", "contour"}) update(state, RunCommand{command});
  update(state, SetOverlayMode{OverlayMode::kSigned});
  update(state, SetOpacity{0.25});
  const Json other = effect_to_json(update(state, RunCommand{"export-map"}).back())["look"];
  EXPECT_EQ(other["window"], (Json{{"centre", 60.0}, {"width", 90.0}, {"shape", "linear"}, {"table", -1}}));
  EXPECT_EQ(other["inverted"], true);
  EXPECT_EQ(other["orientation"], (Json{{"rotate", 90}, {"mirror", false}}));
  EXPECT_EQ(other["map"],
            (Json{{"against", true}, {"opacity", 0.25}, {"contour", true}, {"contour_level", 0.0}, {"outline", false}}));
}

// --- messages ---

Json explanation_message(int width, int height, bool is_signed = false) {
  return {{"analysed", true},
          {"width", width},
          {"height", height},
          {"signed", is_signed},
          {"unit", "logits"},
          {"cutoff", 0.4},
          {"geometry", {{"source_to_model", {0.5, 0, 0, 0, 0.5, 0}}, {"model_width", 200}, {"model_height", 150}}},
          {"sentence", "Mainly image left."},
          {"area", 0.12},
          {"boxes", {{1, 2, 30, 40}}},
          {"notes", {"Below."}},
          {"measures", {{"residual", 3e-7}}}};
}
std::vector<std::uint8_t> bytes_of(const std::vector<float>& values) {
  std::vector<std::uint8_t> blob(values.size() * sizeof(float));
  std::memcpy(blob.data(), values.data(), blob.size());
  return blob;
}
Action arrived(const Json& explanation, const std::vector<std::uint8_t>& map) {
  Json message = {{"type", "explanation-arrived"}, {"request", 3}, {"explanation", explanation}};
  return *parse_message(message, map);
}

TEST(ExplanationMessage, AMapComesWithItsWordsAndItsPlace) {
  Action action = arrived(explanation_message(2, 1, true), bytes_of({-4, 1}));
  const auto* parsed = std::get_if<ExplanationArrived>(&action);
  ASSERT_TRUE(parsed);
  const DrawnExplanation explanation = drawn_explanation(parsed->explanation);
  EXPECT_EQ(parsed->request, 3);
  EXPECT_EQ(explanation.map.values(), (std::vector<float>{-4, 1}));
  EXPECT_EQ(explanation.contour.values(), explanation.map.values()) << "coarse enough as it is";
  EXPECT_DOUBLE_EQ(drawing_of(explanation.facts, {}).scale, 4) << "of either sign";
  EXPECT_EQ(explanation.boxes, (std::vector<std::array<double, 4>>{{1, 2, 30, 40}}));
  EXPECT_EQ(regions_in_words(explanation.boxes, explanation.area, explanation.facts.cutoff),
            "1 region, 12 % of what the model saw, at 40 % of the highest value");
  EXPECT_EQ(measure_in_words(explanation.measures[0]), (std::pair<std::string, std::string>("Residual", "3.0e-7")));
}

TEST(ExplanationMessage, AFineMapIsAveragedForItsContourAndAFewBrightPixelsDoNotDarkenTheRest) {
  std::vector<float> values(128 * 64, 0.5f);
  values[0] = 100;
  Action action = arrived(explanation_message(128, 64), bytes_of(values));
  const DrawnExplanation explanation = drawn_explanation(std::get<ExplanationArrived>(action).explanation);
  EXPECT_EQ(explanation.contour.width(), kContourCells);
  EXPECT_EQ(explanation.contour.height(), kContourCells);
  EXPECT_NEAR(explanation.contour.values()[0], 0.5 + 99.5 / 8, 1e-4) << "the mean of 4 × 2 pixels";
  EXPECT_DOUBLE_EQ(explanation.facts.scale.top, 0.5);
  EXPECT_TRUE(explanation.facts.scale.clipped);
}

TEST(ExplanationMessage, WhatCannotBeShownIsAFailureThatSaysWhy) {
  Json refused = {{"analysed", false}, {"reasons", {{{"id", "too-small"}, {"severity", "refuse"}, {"text", "Too small."}}}}};
  struct {
    std::string origin;
    Json explanation;
    std::vector<std::uint8_t> map;
    std::string words;
  } rows[] = {
      {"the gate refused the film", refused, {}, "Too small."},
      {"a map cut short", explanation_message(2, 2), bytes_of({1, 2}), "2 × 2"},
      {"a size that cannot be", explanation_message(-1, 2), bytes_of({1, 2}), "-1 × 2"},
      {"no number", explanation_message(1, 1), bytes_of({NAN}), "no number"},
      {"no geometry",
       [] {
         Json j = explanation_message(1, 1);
         j.erase("geometry");
         return j;
       }(),
       bytes_of({1}), "expected a map"},
  };
  for (const auto& row : rows) {
    Action action = arrived(row.explanation, row.map);
    const auto* failed = std::get_if<ExplanationFailed>(&action);
    ASSERT_TRUE(failed) << row.origin;
    EXPECT_NE(failed->error.message.find(row.words), std::string::npos) << row.origin << ": " << failed->error.message;
  }
}

TEST(ExplanationMessage, MethodsComeWithTheModel) {
  Json method = {{"id", "grad-cam"},
                 {"name", "Grad-CAM"},
                 {"needs_reverse", true},
                 {"requests", 2},
                 {"layers", {"block1", "features"}},
                 {"default_layer", "features"}};
  Json message = {{"type", "engine-ready"}, {"backend", {{"name", "wasm"}}}, {"model", Json::object()}, {"methods", {method}}};
  Action action = *parse_message(message, {});
  const auto& methods = std::get<EngineReady>(action).methods;
  ASSERT_EQ(methods.size(), 1u);
  EXPECT_EQ(methods[0].default_layer, "features");
  EXPECT_EQ(cost_in_words(methods[0]), "2 runs of the network, with gradients");
  EXPECT_EQ(methods[0].unavailable, "");
}

}  // namespace
}  // namespace chestlight::viewer
