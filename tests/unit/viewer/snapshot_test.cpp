#include "viewer/text/snapshot.h"

#include <gtest/gtest.h>

#include "support/tolerances.h"
#include "unit/viewer/viewer_values.h"
#include "viewer/actions/commands.h"

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

}  // namespace
}  // namespace chestlight::viewer
