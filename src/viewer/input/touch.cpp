// See touch.h.
#include "viewer/input/touch.h"

#include <cmath>

#include "viewer/actions/film_commands.h"
#include "viewer/input/gestures.h"
#include "viewer/state/map_comparison.h"
#include "viewer/state/side_by_side.h"

namespace chestlight::viewer {
namespace {

constexpr double kSlop = 8;          // ScreenPx before a touch is a move
constexpr double kSwipe = 48;        // ScreenPx sideways for the next film
constexpr double kDoubleTap = 0.35;  // seconds
constexpr double kLongPress = 0.5;   // seconds

ScreenPx middle(const std::vector<Finger>& fingers) {
  ScreenPx sum;
  for (const Finger& finger : fingers) sum = {sum.x + finger.at.x, sum.y + finger.at.y};
  auto count = static_cast<double>(fingers.size());
  return {sum.x / count, sum.y / count};
}

double spread(const std::vector<Finger>& fingers) {
  return std::hypot(fingers[0].at.x - fingers[1].at.x, fingers[0].at.y - fingers[1].at.y);
}

bool same_fingers(const std::vector<Finger>& a, const std::vector<Finger>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i].id != b[i].id) return false;
  return true;
}

bool zoomed_in(const State& state) {
  const FilmEntry* film = selected_film(state);
  if (!film || film->view.fitted) return false;
  return film->view.zoom > 1.02 * fit_zoom(film_size(*film), film->view.orientation, state.film_area);
}

/// How far a touch of a pane lies from the same point of the film's own pane; nothing where it touches neither.
std::optional<ScreenPx> way_to_film(const State& state, ScreenPx at) {
  if (state.popup != Popup::kNone || !selected_film(state)) return std::nullopt;
  if (state.film_area.contains(at)) return ScreenPx{0, 0};
  for (const ScreenRect& kept : state.kept_areas)
    if (kept.contains(at) && at.y >= kept.y + kKeptHeader)
      return ScreenPx{state.film_area.x - kept.x, state.film_area.y - kept.y};
  return std::nullopt;
}

/// The pane of the film beside: a touch makes that the selected one.
bool touches_second(const State& state, ScreenPx at) {
  return state.popup == Popup::kNone && second_film(state) && state.second.area.contains(at);
}

}  // namespace

TouchOutcome TouchInterpreter::film_move(const std::vector<Finger>& fingers, const State& state) {
  TouchOutcome out;
  ScreenPx now = middle(fingers), before = middle(last_);
  double dx = now.x - before.x, dy = now.y - before.y;
  Gesture gesture = fingers.size() == 1   ? (zoomed_in(state) ? Gesture::kOneFingerZoomed : Gesture::kOneFinger)
                    : fingers.size() == 2 ? Gesture::kTwoFingers
                                          : Gesture::kThreeFingers;
  GestureAction action = gesture_action_of(state.settings, gesture);
  if (action == GestureAction::kZoomAndMove && spread(last_) > 1)
    out.actions.push_back(ZoomAt{before, spread(fingers) / spread(last_)});
  out.actions.push_back(drag_action(action == GestureAction::kZoomAndMove ? GestureAction::kMove : action, before, dx, dy));
  return out;
}

TouchOutcome TouchInterpreter::feed(TouchPhase phase, std::vector<Finger> fingers, const State& state, bool phone) {
  TouchOutcome out;
  if (phase == TouchPhase::kStart && meaning_ == Meaning::kNone && !fingers.empty()) {
    std::optional<ScreenPx> way = way_to_film(state, fingers.front().at);
    if (!way && touches_second(state, fingers.front().at)) {
      out.actions.push_back(SwapFilms{});
      way = ScreenPx{0, 0};
    }
    began_on_film_ = way.has_value();
    moved_by_ = way.value_or(ScreenPx{0, 0});
  }
  for (Finger& finger : fingers) finger.at = {finger.at.x + moved_by_.x, finger.at.y + moved_by_.y};
  if (phase == TouchPhase::kStart) {
    if (meaning_ == Meaning::kNone && !fingers.empty()) {
      start_ = fingers.front().at;
      begun_ = state.now;
      meaning_ = Meaning::kUndecided;
      if (!began_on_film_) out.pointer = start_;
    } else if (began_on_film_) {
      if (meaning_ == Meaning::kTool) out.actions.push_back(ReleaseTool{});
      meaning_ = Meaning::kFilm;  // a second finger: never a swipe
    }
    last_ = fingers;
    return out;
  }

  if (phase == TouchPhase::kMove && !fingers.empty()) {
    ScreenPx at = fingers.front().at;
    double dx = at.x - start_.x, dy = at.y - start_.y;
    if (meaning_ == Meaning::kUndecided && std::hypot(dx, dy) > kSlop) {
      bool sideways = std::abs(dx) > std::abs(dy);
      if (began_on_film_)
        meaning_ = state.measuring.tool != Tool::kNone                                ? Meaning::kTool
                   : phone && sideways && !zoomed_in(state) && state.films.size() > 1 ? Meaning::kSwipe
                                                                                      : Meaning::kFilm;
      else meaning_ = sideways ? Meaning::kDrag : Meaning::kScroll;
      if (meaning_ == Meaning::kTool) out.actions = {PointAt{start_}, PressTool{true}};
      if (meaning_ == Meaning::kDrag) {
        out.pointer = start_;
        out.press = true;
        last_ = fingers;
        return out;
      }
    }
    if (same_fingers(fingers, last_)) {
      if (meaning_ == Meaning::kFilm) out = film_move(fingers, state);
      if (meaning_ == Meaning::kTool) out.actions.push_back(PointAt{at});
      if (meaning_ == Meaning::kScroll) out.scroll = at.y - last_.front().at.y;
      if (meaning_ == Meaning::kDrag) out.pointer = at;
    }
    last_ = fingers;
    return out;
  }

  // A finger was lifted, or the browser took the touch away.
  if (!fingers.empty()) {
    last_ = fingers;
    return out;
  }
  ScreenPx end = last_.empty() ? start_ : last_.front().at;
  if (phase == TouchPhase::kEnd && meaning_ == Meaning::kUndecided) {
    if (!began_on_film_) {
      out.pointer = start_;
      out.click = true;
    } else if (state.measuring.tool != Tool::kNone) {
      out.actions = {PointAt{start_}, PressTool{true}};
    } else if (state.now - begun_ >= kLongPress) {
      out.actions.push_back(tap_action(gesture_action_of(state.settings, Gesture::kLongPress), start_));
      last_tap_ = -1;
    } else if (last_tap_ >= 0 && state.now - last_tap_ < kDoubleTap) {
      out.actions.push_back(tap_action(gesture_action_of(state.settings, Gesture::kDoubleTap), start_));
      last_tap_ = -1;
    } else {
      last_tap_ = state.now;
    }
  }
  if (phase == TouchPhase::kEnd && meaning_ == Meaning::kSwipe && std::abs(end.x - start_.x) > kSwipe)
    out.actions.push_back(RunCommand{end.x < start_.x ? "next-film" : "previous-film"});
  if (meaning_ == Meaning::kTool) out.actions.push_back(ReleaseTool{});
  if (meaning_ == Meaning::kDrag) {
    out.pointer = end;
    out.release = true;
  }
  meaning_ = Meaning::kNone;
  last_.clear();
  return out;
}

}  // namespace chestlight::viewer
