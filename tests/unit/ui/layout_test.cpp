#include "ui/widgets/layout.h"

#include <gtest/gtest.h>

#include "unit/viewer/viewer_values.h"
#include "viewer/actions/update.h"
#include "viewer/state/map_comparison.h"

namespace chestlight::ui {
namespace {

struct Size {
  double width, height;
  PageForm form;
};

const Size kSizes[] = {{1440, 900, PageForm::kWide},  {1000, 700, PageForm::kWide}, {999, 700, PageForm::kMedium},
                       {700, 900, PageForm::kMedium}, {390, 844, PageForm::kPhone}, {320, 480, PageForm::kPhone},
                       {2560, 1440, PageForm::kWide}};

bool overlaps(const viewer::ScreenRect& a, const viewer::ScreenRect& b) {
  return a.width > 0 && a.height > 0 && b.width > 0 && b.height > 0 && a.x < b.x + b.width && b.x < a.x + a.width &&
         a.y < b.y + b.height && b.y < a.y + a.height;
}

TEST(Layout, PanelsTileThePageWithoutOverlap) {
  for (const Size& size : kSizes)
    for (bool films : {true, false})
      for (bool findings : {true, false}) {
        viewer::State state = viewer::analysed_state();
        state.settings.films_open = films;
        state.settings.findings_open = findings;
        Layout l = compute_layout(state, size.width, size.height);
        EXPECT_EQ(l.form, size.form);
        const viewer::ScreenRect parts[] = {l.top, l.films, l.tools, l.film, l.findings, l.tabs, l.status};
        double area = 0;
        for (const viewer::ScreenRect& part : parts) {
          area += part.width * part.height;
          EXPECT_GE(part.x, 0);
          EXPECT_LE(part.x + part.width, size.width);
          EXPECT_LE(part.y + part.height, size.height);
          for (const viewer::ScreenRect& other : parts) EXPECT_TRUE(&part == &other || !overlaps(part, other));
        }
        EXPECT_NEAR(area, size.width * size.height, 1e-6) << size.width << " × " << size.height;
        EXPECT_GT(l.film.width, 150);
      }
}

TEST(Layout, ThePanelsAreAwayUntilThereIsAFilm) {
  Layout l = compute_layout(viewer::State{}, 1440, 900);
  EXPECT_TRUE(l.empty);
  EXPECT_EQ(l.films.width, 0);
  EXPECT_EQ(l.findings.width, 0);
  EXPECT_EQ(l.film.width, 1440);
}

TEST(Layout, KeptMapsShareTheFilmsAreaInPanesOfOneSize) {
  for (const Size& size : kSizes)
    for (std::size_t kept = 1; kept <= viewer::kMostKept; ++kept) {
      viewer::State state = viewer::analysed_state();
      const viewer::ScreenRect whole = compute_layout(state, size.width, size.height).film;
      state.kept.assign(kept, {"a", {}});
      Layout l = compute_layout(state, size.width, size.height);
      ASSERT_EQ(l.kept.size(), kept);
      std::vector<viewer::ScreenRect> panes = l.kept;
      panes.push_back(l.film);
      for (const viewer::ScreenRect& pane : panes) {
        EXPECT_EQ(pane.width, l.film.width);
        EXPECT_EQ(pane.height, l.film.height);
        EXPECT_GE(pane.x, whole.x);
        EXPECT_LE(pane.x + pane.width, whole.x + whole.width);
        EXPECT_LE(pane.y + pane.height, whole.y + whole.height);
        EXPECT_GT(std::min(pane.width, pane.height), 0.4 * std::min(whole.width, whole.height)) << size.width;
        for (const viewer::ScreenRect& other : panes) EXPECT_TRUE(&pane == &other || !overlaps(pane, other));
      }
      state.films[0].analysis.reset();
      EXPECT_EQ(compute_layout(state, size.width, size.height).film, whole) << "nothing to compare";
    }
}

TEST(Layout, RowsAreLargerUnderAFinger) {
  viewer::State state = viewer::analysed_state();
  EXPECT_EQ(compute_layout(state, 1440, 900).row(), 32);
  EXPECT_EQ(compute_layout(state, 390, 844).row(), 48);
  state.touch = true;
  EXPECT_EQ(compute_layout(state, 1440, 900).row(), 48);
}

}  // namespace
}  // namespace chestlight::ui
