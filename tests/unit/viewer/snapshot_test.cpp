#include "viewer/text/snapshot.h"

#include <gtest/gtest.h>

#include "support/tolerances.h"
#include "unit/viewer/viewer_values.h"
#include "viewer/actions/commands.h"
#include "viewer/text/glossary.h"

namespace chestlight::viewer {
namespace {

TEST(Snapshot, TellsFindingsInTheOrderShown) {
  State state = analysed_state();
  update(state, PinFinding{"a"});
  Json json = snapshot(state, {7, 0});
  EXPECT_EQ(json["frames"], 7);
  ASSERT_EQ(json["findings"].size(), 3u);
  EXPECT_EQ(json["findings"][0]["id"], "c");
  EXPECT_EQ(json["findings"][1]["selected"], true);
  EXPECT_DOUBLE_EQ(json["findings"][1]["score"], 0.6);
  EXPECT_EQ(json["findings"][1]["state_text"], "above threshold");
  EXPECT_EQ(json["overlay"]["finding"], "a");
  EXPECT_EQ(json["films"][0]["status"], "analysed");
  EXPECT_EQ(json["commands"].size(), commands().size());
}

TEST(Snapshot, TellsWhereTheFilmLies) {
  State state = analysed_state();
  Json view = snapshot(state, {0, 0})["view"];
  auto m = view["source_to_screen"];
  // The middle of the film is in the middle of its area.
  EXPECT_NEAR(m[0].get<double>() * 200 + m[2].get<double>(), state.film_area.centre().x, kGeometryPx);
  EXPECT_NEAR(m[4].get<double>() * 150 + m[5].get<double>(), state.film_area.centre().y, kGeometryPx);
  EXPECT_EQ(view["rotation"], 0);
  EXPECT_EQ(view["flipped"], false);
}

TEST(Snapshot, IsWholeForAnEmptyPageAndCarriesErrors) {
  State state;
  Json json = snapshot(state, {0, 0});
  EXPECT_TRUE(json["selected"].is_null());
  EXPECT_TRUE(json["view"].is_null());
  EXPECT_TRUE(json["findings"].empty());
  EXPECT_EQ(json["engine"], "loading");
  update(state, EngineFailed{{"hash-mismatch", "The model is not the one named.", "Reload."}});
  json = snapshot(state, {0, 0});
  EXPECT_EQ(json["errors"][0]["code"], "hash-mismatch");
  EXPECT_EQ(json["engine"], "failed");
}

TEST(Sections, TogetherAreTheWholeStateAndShareNoField) {
  const State state = explaining_state();
  std::size_t fields = 0;
  for (int i = 0; i < kSections; ++i) fields += section_json(state, {}, static_cast<Section>(i)).size();
  EXPECT_EQ(fields, snapshot(state, {}).size());
}

TEST(Sections, AnActionChangesNoSectionThatItDoesNotName) {
  const Action actions[] = {Ticked{12},
                            FilmAreaMeasured{{10, 20, 300, 400}, 1},
                            GraphicsKnown{64},
                            GraphicsRestored{},
                            NetworkCounted{3, 1},
                            LoadingProgressed{"reverse", 0, 1},
                            LoadingProgressed{"model", 5, 10},
                            AnalysisProgressed{2, 1, 3},
                            ExplanationProgressed{1, 2, 9, false},
                            HoverFinding{"b"},
                            HoverFinding{""},
                            ZoomAt{{200, 200}, 1.5},
                            Pan{5, -3},
                            DragWindow{20, 10},
                            PointAt{{200, 200}}};
  State state = explaining_state();
  update(state, ChooseMethod{"rise", ""});
  open_film(state, 2);
  update(state, CompareFilm{2});
  update(state, ChooseTool{Tool::kProbe});
  for (const Action& action : actions) {
    Json before[kSections];
    for (int i = 0; i < kSections; ++i) before[i] = section_json(state, {}, static_cast<Section>(i));
    update(state, action);
    for (int i = 0; i < kSections; ++i)
      if (!(sections_changed_by(action) & bit(static_cast<Section>(i)))) {
        EXPECT_EQ(section_json(state, {}, static_cast<Section>(i)), before[i])
            << "action " << action.index() << ", section " << i;
      }
  }
}

TEST(Sections, HoveringWritesNoListOfFilms) {
  const Sections changed = sections_changed_by(HoverFinding{"a"});
  EXPECT_FALSE(changed & bit(Section::kFilms));
  EXPECT_FALSE(changed & bit(Section::kCommands));
  EXPECT_TRUE(changed & bit(Section::kOverlay));
}

TEST(Glossary, HasAParagraphForEachFindingAndItsSyntheticFilm) {
  State state;
  update(state, EnvironmentKnown{
                    false, false, {{"mass.jpg", "Mass and nodule", {"Mass", "Nodule"}}, {"nodule.jpg", "Nodule", {"Nodule"}}}});
  EXPECT_TRUE(snapshot(state, {})["glossary"].is_null());
  update(state, RunCommand{"glossary"});
  const Json terms = snapshot(state, {})["glossary"];
  ASSERT_EQ(terms.size(), 14u);
  EXPECT_TRUE(std::is_sorted(glossary().begin(), glossary().end(),
                             [](const GlossaryTerm& a, const GlossaryTerm& b) { return a.name < b.name; }));
  for (const Json& term : terms) {
    EXPECT_NE(term["words"].get<std::string>().find("ilm"), std::string::npos) << term["id"];
    const std::string id = term["id"];
    const Json expected = id == "Mass" ? Json("mass.jpg") : id == "Nodule" ? Json("nodule.jpg") : Json(nullptr);
    EXPECT_EQ(term["example"].is_null() ? Json(nullptr) : term["example"]["file"], expected) << id;
  }
}

}  // namespace
}  // namespace chestlight::viewer
