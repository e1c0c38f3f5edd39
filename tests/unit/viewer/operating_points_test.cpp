#include "viewer/state/operating_points.h"

#include <gtest/gtest.h>

#include "unit/viewer/viewer_values.h"
#include "viewer/actions/commands.h"
#include "viewer/actions/messages.h"
#include "viewer/text/snapshot.h"

namespace chestlight::viewer {
namespace {

EngineReady with_points(const std::string& sha256 = "one", const std::string& usual = "rule-in") {
  EngineReady ready = engine_ready(sha256);
  ready.model.operating_points = {{"rule-out", "Rule out", "Misses little.", "films"},
                                  {"rule-in", "Rule in", "Calls little.", "films"}};
  ready.model.default_operating_point = usual;
  return ready;
}

std::shared_ptr<const Analysis> analysis_at(const std::string& id) {
  auto analysis = std::make_shared<Analysis>(*three_findings());
  analysis->operating_point.id = id;
  return analysis;
}

State analysed_with_points() {
  State state;
  update(state, with_points());
  open_film(state, 1);
  update(state, analysis_arrived(1, analysis_at("rule-in")));
  return state;
}

/// The set that each wanted analysis is to be made with.
std::vector<std::string> asked_with(const std::vector<Effect>& effects) {
  std::vector<std::string> points;
  for (const Effect& effect : effects)
    if (auto* wanted = std::get_if<Analyse>(&effect)) points.push_back(wanted->operating_point);
  return points;
}

TEST(OperatingPoints, TheModelsOwnIsUsedUntilOneIsChosen) {
  State state;
  EXPECT_EQ(operating_point_in_use(state), nullptr);
  EXPECT_EQ(operating_point_id(state), "");
  update(state, with_points());
  EXPECT_EQ(operating_point_id(state), "rule-in");
  EXPECT_EQ(asked_with(open_film(state, 1)), std::vector<std::string>{"rule-in"});
}

TEST(OperatingPoints, AnotherAsksForTheAnalysesAgainAndIsRemembered) {
  State state = analysed_with_points();
  auto effects = update(state, ChooseOperatingPoint{"rule-out"});
  EXPECT_EQ(asked_with(effects), std::vector<std::string>{"rule-out"});
  EXPECT_EQ(count_of<SaveSettings>(effects), 1);
  EXPECT_EQ(state.films[0].analysis, nullptr);
  EXPECT_EQ(settings_from_json(settings_to_json(state.settings)).operating_point, "rule-out");
}

TEST(OperatingPoints, AnAnalysisOfTheOtherSetThatComesLateIsPassedOver) {
  State state = analysed_with_points();
  update(state, ChooseOperatingPoint{"rule-out"});
  update(state, analysis_arrived(1, analysis_at("rule-in")));
  EXPECT_EQ(state.films[0].analysis, nullptr);
  update(state, analysis_arrived(1, analysis_at("rule-out")));
  EXPECT_NE(state.films[0].analysis, nullptr);
}

TEST(OperatingPoints, TheSameOrAnUnknownOneChangesNothing) {
  State state = analysed_with_points();
  EXPECT_TRUE(update(state, ChooseOperatingPoint{"rule-in"}).empty());
  EXPECT_TRUE(update(state, ChooseOperatingPoint{"nonsense"}).empty());
  EXPECT_NE(state.films[0].analysis, nullptr);
}

TEST(OperatingPoints, AModelWithoutTheChosenOneUsesItsOwn) {
  State state = analysed_with_points();
  update(state, ChooseOperatingPoint{"rule-out"});
  EngineReady other = with_points("two", "only");
  other.model.operating_points = {{"only", "Only", "", ""}};
  update(state, other);
  EXPECT_EQ(operating_point_id(state), "only");
  EXPECT_FALSE(has_operating_points(state));
  update(state, with_points("one"));
  EXPECT_EQ(operating_point_id(state), "rule-out") << "the choice is kept for models that have it";
}

TEST(OperatingPoints, TheKeyStepsThroughThemAndExplanationsFollow) {
  State state = analysed_with_points();
  update(state, RunCommand{"next-operating-point"});
  EXPECT_EQ(operating_point_id(state), "rule-out");
  update(state, RunCommand{"operating-point"});
  EXPECT_EQ(state.popup, Popup::kOperatingPoint);
  EXPECT_EQ(operating_point_id(state), "rule-out");
  update(state, RunCommand{"next-operating-point"});
  EXPECT_EQ(operating_point_id(state), "rule-in");
  update(state, analysis_arrived(1, analysis_at("rule-in")));
  EngineReady ready = with_points();
  ready.methods = three_methods();
  update(state, ready);
  update(state, PinFinding{"a"});
  auto effects = update(state, ChooseMethod{"rise", ""});
  ASSERT_EQ(count_of<Explain>(effects), 1);
  for (const Effect& effect : effects)
    if (auto* wanted = std::get_if<Explain>(&effect)) {
      EXPECT_EQ(wanted->question.operating_point, "rule-in");
      EXPECT_EQ(effect_to_json(effect)["question"]["operating_point"], "rule-in");
    }
}

TEST(OperatingPoints, ThePublishedStateNamesThem) {
  Json points = snapshot(analysed_with_points(), {})["operating_points"];
  ASSERT_EQ(points.size(), 2u);
  EXPECT_EQ(points[0], Json({{"id", "rule-out"}, {"name", "Rule out"}, {"selected", false}}));
  EXPECT_EQ(points[1]["selected"], true);
}

ProfileChanged profile_of(const std::string& name) { return {ProfileInUse{name, {"site", name, "", "120 films"}, {"a: …"}}, {}}; }

std::shared_ptr<const Analysis> analysis_by(const std::string& profile) {
  auto analysis = std::make_shared<Analysis>(*analysis_at("site"));
  analysis->site_profile = profile;
  return analysis;
}

TEST(SiteProfile, AsksForNewAnalysesAtItsThresholdsAndIsNamed) {
  State state = analysed_with_points();
  auto effects = update(state, profile_of("Site profile 1"));
  EXPECT_EQ(asked_with(effects), std::vector<std::string>{"site"});
  EXPECT_EQ(state.notice, "Site profile 1 gives zones and thresholds from now on.");
  EXPECT_EQ(snapshot(state, {})["site_profile"]["name"], "Site profile 1");
  EXPECT_EQ(operating_points(state).size(), 3u);
  update(state, analysis_arrived(1, analysis_at("rule-in")));
  EXPECT_EQ(state.films[0].analysis, nullptr) << "it was on its way when the profile came";
  update(state, analysis_arrived(1, analysis_by("Site profile 1")));
  EXPECT_NE(state.films[0].analysis, nullptr);
  EXPECT_TRUE(asked_with(update(state, profile_of("Site profile 1"))).empty()) << "told again, nothing changes";
  EXPECT_EQ(asked_with(update(state, profile_of("Site profile 2"))), std::vector<std::string>{"site"});
}

TEST(SiteProfile, OtherThresholdsCanBeChosenAndItGoesWithItsModel) {
  State state = analysed_with_points();
  update(state, profile_of("Site profile 1"));
  EXPECT_EQ(asked_with(update(state, ChooseOperatingPoint{"rule-out"})), std::vector<std::string>{"rule-out"});
  EXPECT_EQ(state.settings.operating_point, "rule-out");
  update(state, RunCommand{"next-operating-point"});
  update(state, RunCommand{"next-operating-point"});
  EXPECT_EQ(operating_point_id(state), "site");
  EXPECT_EQ(count_of<RemoveProfile>(update(state, RunCommand{"remove-profile"})), 1);
  EXPECT_EQ(asked_with(update(state, ProfileChanged{})), std::vector<std::string>{"rule-in"})
      << "what was chosen last of the model's";
  EXPECT_FALSE(find_command("remove-profile")->enabled(state));
  update(state, profile_of("Site profile 1"));
  update(state, with_points("two"));
  EXPECT_FALSE(state.site) << "another model: the case tells it again where it is that model's";
}

TEST(SiteProfile, WhyOneIsRefusedIsSaidAndNothingChanges) {
  State state = analysed_with_points();
  auto effects = update(state, ProfileChanged{{}, Failure{"unavailable", "It was made for another model.", "Choose that."}});
  EXPECT_EQ(state.notice, "It was made for another model. Choose that.");
  EXPECT_TRUE(asked_with(effects).empty());
  EXPECT_NE(state.films[0].analysis, nullptr);
}

}  // namespace
}  // namespace chestlight::viewer
