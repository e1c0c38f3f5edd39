// Fingers on a canvas, as actions on the film or as a pointer for the panels. Pure: told where fingers are
// and when, says what they mean. The platform feeds it and performs what comes out.
//
//   on the film            as gestures.h says; a sideways swipe to the next film only on a phone, fitted, and without a tool
//   on a pane beside it    the same: of a kept map (map_comparison.h), and of another film, which is selected by that
//   (side_by_side.h) on the panels          a tap is a click; a vertical move scrolls; a sideways move drags (sliders)
#pragma once

#include <optional>
#include <vector>

#include "viewer/actions/action.h"
#include "viewer/state/state.h"

namespace chestlight::viewer {

struct Finger {
  long id = 0;
  ScreenPx at;
};

enum class TouchPhase { kStart, kMove, kEnd, kCancel };

struct TouchOutcome {
  std::vector<Action> actions;
  // For the panels: where the pointer is, whether its button is to change, and how far to scroll (ScreenPx).
  std::optional<ScreenPx> pointer;
  bool press = false;
  bool release = false;
  bool click = false;  // press and release at `pointer`, one after the other
  double scroll = 0;
};

class TouchInterpreter {
 public:
  /// `fingers`: all that are down now (after an end: those that remain).
  TouchOutcome feed(TouchPhase phase, std::vector<Finger> fingers, const State& state, bool phone);

 private:
  enum class Meaning { kNone, kUndecided, kFilm, kTool, kSwipe, kScroll, kDrag };
  TouchOutcome film_move(const std::vector<Finger>& fingers, const State& state);

  Meaning meaning_ = Meaning::kNone;
  bool began_on_film_ = false;
  ScreenPx moved_by_;  // from the pane that was touched first to the film's own
  ScreenPx start_;
  double begun_ = 0;  // seconds
  std::vector<Finger> last_;
  double last_tap_ = -1;  // seconds
};

}  // namespace chestlight::viewer
