// Where each panel lies, as a function of the page's size and the reader's settings. ScreenPx.
#pragma once

#include <vector>

#include "viewer/state/state.h"

namespace chestlight::ui {

enum class PageForm {
  kPhone,   // below 700 px: film above, tabs below
  kMedium,  // narrow panels
  kWide,    // from 1000 px
};

constexpr double kPhoneBelow = 700, kWideFrom = 1000;

struct Layout {
  PageForm form = PageForm::kWide;
  viewer::ScreenRect page;
  viewer::ScreenRect top;
  viewer::ScreenRect films;              // width 0: closed or not on this form
  viewer::ScreenRect tools;              // the row of buttons above the film; height 0 on a phone
  viewer::ScreenRect film;               // with maps kept beside it, the first of panes of one size
  viewer::ScreenRect second;             // of the same size, for the film beside it; width 0: there is none
  viewer::ScreenRect pair;               // the bar above both; height 0: there is none
  std::vector<viewer::ScreenRect> kept;  // one for each of State::kept, where the selected film has an analysis
  viewer::ScreenRect findings;           // width 0: closed
  viewer::ScreenRect tabs;               // phone only
  viewer::ScreenRect status;
  bool empty = false;     // no film yet: the film's rect is the drop area, panels are away
  bool worklist = false;  // the films' rect holds the worklist, not the strip
  bool touch = false;     // targets of 44 px

  /// The film beside it stands before it, left or above.
  bool second_first() const { return second.x < film.x || second.y < film.y; }
  bool stacked() const { return second.y != film.y; }
  bool phone() const { return form == PageForm::kPhone; }
  float row() const;  // height of a row of a list
};

Layout compute_layout(const viewer::State& state, double width, double height);

}  // namespace chestlight::ui
