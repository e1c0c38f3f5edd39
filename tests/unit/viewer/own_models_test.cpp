// Models that are added: the list, the import with its progress and its end, the form, and two models beside each other.
#include "viewer/state/own_models.h"

#include <gtest/gtest.h>

#include "unit/viewer/viewer_values.h"
#include "viewer/actions/commands.h"
#include "viewer/text/formatting.h"
#include "viewer/text/snapshot.h"

namespace chestlight::viewer {
namespace {

ModelChoice own_model(const std::string& hash = "two") {
  ModelChoice model{"own:" + hash, "Mine", 28e6, "added from a.pt", "MIT", "https://there.test", hash, 224, 14};
  return model;
}

State with_models() {
  State state;
  update(state, EnvironmentKnown{false, false, {}, {{"tiny", "Tiny", 7e6}}});
  update(state, engine_ready());
  update(state, ModelsListed{{own_model()}, "Kept on this device."});
  return state;
}

template <class Kind>
const Kind* asked_effect(const std::vector<Effect>& effects) {
  for (const Effect& effect : effects)
    if (const auto* found = std::get_if<Kind>(&effect)) return found;
  return nullptr;
}

/// A finding in a zone.
Finding zoned(const std::string& id, Zone zone, double score) {
  Finding finding;
  finding.id = finding.name = id;
  finding.zone = zone;
  finding.calibrated = score;
  return finding;
}

FilmEntry film_of_two(const std::vector<Finding>& here, const std::vector<Finding>& beside) {
  FilmEntry film;
  auto analysis = std::make_shared<Analysis>();
  analysis->analysed = true;
  analysis->findings = here;
  film.analysis = analysis;
  auto other = std::make_shared<Analysis>(*analysis);
  other->findings = beside;
  film.beside = other;
  return film;
}

TEST(OwnModels, TheListIsThatOfThePageAndThoseThatWereAdded) {
  const State state = with_models();
  ASSERT_EQ(all_models(state).size(), 2u);
  EXPECT_EQ(model_in_use(state), "tiny");
  EXPECT_FALSE(is_in_use(state, state.own.list[0]));
  EXPECT_FALSE(model_of_form(state)) << "a model of the page has no form";
}

TEST(OwnModels, AnImportShowsItsBytesAndCanBeCancelled) {
  State state = with_models();
  update(state, ImportProgressed{"net.pt", "reading", 12e6, 84e6});
  EXPECT_EQ(status_line(state), "Reading net.pt: 12.0 MB of 84.0 MB");
  EXPECT_NEAR(progress(state).fraction, 12.0 / 84, 1e-9);
  ASSERT_TRUE(find_command("cancel")->enabled(state));
  const auto effects = update(state, RunCommand{"cancel"});
  EXPECT_TRUE(asked_effect<CancelImport>(effects));
  update(state, ImportProgressed{"net.pt", "reading", 16e6, 84e6});
  EXPECT_FALSE(progress(state).can_cancel) << "it was asked for";
  update(state, ImportFailed{"net.pt", {"cancelled", "The model was not added: you cancelled it.", ""}});
  EXPECT_FALSE(state.own.importing);
  EXPECT_TRUE(state.own.failed.empty()) << "that is no failure";
}

TEST(OwnModels, AModelThatWasAddedIsLookedAtAndOneThatFailedIsSaid) {
  State state = with_models();
  update(state, ModelImported{own_model("three"), {"The labels are a guess."}, ""});
  EXPECT_EQ(state.popup, Popup::kModels);
  EXPECT_EQ(state.own.selected, "own:three");
  for (int i = 0; i < 7; ++i)
    update(state, ImportFailed{"page" + std::to_string(i), {"unsupported-format", "This is a web page.", "Download it again."}});
  EXPECT_EQ(state.own.failed.size(), 5u);
  EXPECT_EQ(state.own.failed.front().name, "page6");
  EXPECT_EQ(snapshot(state, {})["import"]["failed"][0]["error"]["message"], "This is a web page.");
}

TEST(OwnModels, TheFormLoadsItsModelAndAnotherVersionScoresFilmsAnew) {
  State state = with_models();
  open_film(state, 1);
  update(state, analysis_arrived(1, three_findings()));
  auto effects = update(state, DescribeModel{"own:two"});
  ASSERT_TRUE(asked_effect<LoadModel>(effects));
  EXPECT_EQ(asked_effect<LoadModel>(effects)->id, "own:two");
  EngineReady ready = engine_ready("two");
  ready.model.version = "imported, 1";
  effects = update(state, ready);
  EXPECT_TRUE(asked_effect<Analyse>(effects));
  ASSERT_TRUE(model_of_form(state));
  update(state, analysis_arrived(1, three_findings()));

  effects = update(state, ReviseModel{"own:two", ModelForm{.side = 320}, ""});
  EXPECT_EQ(asked_effect<ReviseModel>(effects)->form.side, 320);
  EXPECT_TRUE(state.own.revising);
  update(state, ModelRevised{"own:two", std::nullopt});
  EXPECT_FALSE(state.own.revising);
  ready.model.version = "imported, 2";
  effects = update(state, ready);
  EXPECT_TRUE(asked_effect<Analyse>(effects)) << "the same weights, another input";
  update(state, ModelRevised{"own:two", Failure{"invalid-request", "Two labels were given.", ""}});
  EXPECT_EQ(snapshot(state, {})["model_form"]["refused"], "Two labels were given.");
}

TEST(OwnModels, ScalingsAreKnownByTheirNumbers) {
  ModelInputSize input;
  input.channels = 3;
  input.mean = {0.485, 0.456, 0.406}, input.deviation = {0.229, 0.224, 0.225};
  EXPECT_STREQ(named_scalings()[static_cast<std::size_t>(scaling_in_use(input))].name, "ImageNet");
  input.mean = {0.5, 0.5, 0.5}, input.deviation = std::vector<double>(3, 1.0 / 2048);
  EXPECT_STREQ(named_scalings()[static_cast<std::size_t>(scaling_in_use(input))].name, "-1024 to 1024");
  input.mean = {0.1, 0.1, 0.1};
  EXPECT_EQ(scaling_in_use(input), -1);
}

TEST(OwnModels, TheDefaultIsRememberedAndForgottenWithItsModel) {
  State state = with_models();
  auto effects = update(state, MakeDefault{"own:two"});
  ASSERT_TRUE(asked_effect<SaveSettings>(effects));
  EXPECT_EQ(asked_effect<SaveSettings>(effects)->settings["default_model"], "own:two");
  EXPECT_EQ(settings_from_json(settings_to_json(state.settings)).default_model, "own:two");
  effects = update(state, RemoveModel{"own:two"});
  EXPECT_TRUE(asked_effect<RemoveModel>(effects));
  EXPECT_EQ(state.settings.default_model, "");
}

TEST(TwoModels, ScoresOfTheModelBeforeStayBesideThoseOfTheNext) {
  State state = with_models();
  open_film(state, 1);
  update(state, analysis_arrived(1, three_findings()));
  const auto effects = update(state, CompareModel{"own:two"});
  EXPECT_EQ(asked_effect<LoadModel>(effects)->id, "own:two");
  EXPECT_EQ(state.own.beside, "tiny");
  update(state, engine_ready("two"));
  update(state, analysis_arrived(1, three_findings()));
  const FilmEntry& film = state.films.front();
  ASSERT_TRUE(film.beside);
  EXPECT_NE(beside_finding(film, film.analysis->findings[0]), nullptr);
  EXPECT_NE(snapshot(state, {})["selected"]["comparison"].get<std::string>().find("Compared with Tiny"), std::string::npos);
  ASSERT_TRUE(find_command("stop-comparing")->enabled(state));
  update(state, RunCommand{"stop-comparing"});
  EXPECT_FALSE(state.films.front().beside);
  EXPECT_EQ(snapshot(state, {})["selected"]["comparison"], "");
}

/// A film with findings of the model in use and, beside them, those of "tiny".
State compared_film() {
  State state = with_models();
  open_film(state, 1);
  auto before = std::make_shared<Analysis>(*three_findings());
  before->model = {"tiny", "one"};
  update(state, analysis_arrived(1, before));
  update(state, CompareModel{"own:two"});
  update(state, engine_ready("two"));
  update(state, analysis_arrived(1, three_findings()));
  return state;
}

TEST(TwoModels, AFilmThatComesBackKeepsTheOtherScoresWhileThatModelIsComparedWith) {
  State state = compared_film();
  update(state, RemoveFilm{1});
  update(state, RunCommand{"undo"});
  ASSERT_EQ(state.films.size(), 1u);
  EXPECT_TRUE(state.films.front().beside);
  update(state, RemoveFilm{1});
  update(state, CompareModel{});
  update(state, RunCommand{"undo"});
  EXPECT_FALSE(state.films.front().beside) << "nothing is compared any more";
}

TEST(TwoModels, ACorrectionEndsTheComparisonOfItsFilm) {
  State state = compared_film();
  update(state, RunCommand{"correct-invert"});
  EXPECT_FALSE(state.films.front().beside) << "the other model saw the film as it was";
}

TEST(OwnModels, AFilmThatComesBackToAnotherVersionIsScoredAnew) {
  State state = with_models();
  EngineReady ready = engine_ready("two");
  ready.model.version = "imported, 1";
  update(state, ready);
  open_film(state, 1);
  update(state, analysis_arrived(1, three_findings()));
  update(state, RemoveFilm{1});
  ready.model.version = "imported, 2";
  update(state, ready);
  EXPECT_TRUE(asked_effect<Analyse>(update(state, RunCommand{"undo"})));
}

TEST(TwoModels, AnotherZoneIsADisagreementOnlyWhereBothAssess) {
  State state;
  state.own.beside = "a", state.own.beside_name = "Other";
  const FilmEntry film =
      film_of_two({zoned("Mass", Zone::kLikely, 0.9), zoned("Nodule", Zone::kUnlikely, 0.1), zoned("Edema", Zone::kLikely, 0.8),
                   zoned("Pleural_Thickening", Zone::kLikely, 0.7), zoned("Odd", Zone::kLikely, 0.6)},
                  {zoned("Nodule", Zone::kUnlikely, 0.2), zoned("mass", Zone::kUncertain, 0.4),
                   zoned("Edema", Zone::kNotAssessed, 0.3), zoned("Pleural thickening", Zone::kLikely, 0.65)});
  const auto& findings = film.analysis->findings;
  EXPECT_EQ(comparison_in_words(state, film, findings[0]), "Other scores 0.40. They disagree: likely here, uncertain by Other.");
  EXPECT_EQ(comparison_in_words(state, film, findings[1]), "Other scores 0.20. Both models: unlikely.");
  EXPECT_EQ(comparison_in_words(state, film, findings[2]),
            "Other scores 0.30. Their zones cannot be compared: nothing is known of one's score.");
  EXPECT_EQ(comparison_in_words(state, film, findings[4]), "Other has no finding of this name.");
  EXPECT_TRUE(disagrees(findings[0], *beside_finding(film, findings[0])));
  EXPECT_FALSE(disagrees(findings[2], *beside_finding(film, findings[2])));
  EXPECT_EQ(comparison_summary(state, film), "Compared with Other: another zone for 1 of 3 findings that both assess (Mass).");
}

}  // namespace
}  // namespace chestlight::viewer
