// See measuring.h.
#include "viewer/measuring/measuring.h"

#include <algorithm>
#include <cmath>

#include "viewer/actions/film_commands.h"
#include "viewer/state/anatomy.h"

namespace chestlight::viewer {
namespace {

constexpr double kMoved = 4;  // ScreenPx: less is a click, not a drag

FilmEntry* film_of(State& state) {
  FilmEntry* film = find_film(state, state.selected);
  return film && film->decoded() ? film : nullptr;
}

SourceToScreen to_screen(const State& state, const FilmEntry& film) {
  return source_to_screen(film.view, film_size(film), state.film_area);
}

double screen_distance(const State& state, const FilmEntry& film, SourcePx a, SourcePx b) {
  SourceToScreen map = to_screen(state, film);
  ScreenPx p = map(a), q = map(b);
  return std::hypot(p.x - q.x, p.y - q.y);
}

void move_to(State& state, FilmEntry& film, SourcePx at) {
  Measuring& m = state.measuring;
  m.cross = clamped_centre(at, film_size(film));
  if (Measurement* one = find_measurement(film, m.selected); one && m.held >= 0)
    one->points[static_cast<std::size_t>(m.held)] = *m.cross;
}

Measurement* begun(FilmEntry& film) {
  for (Measurement& one : film.measurements)
    if (!one.complete()) return &one;
  return nullptr;
}

bool take_hold(State& state, FilmEntry& film, double reach) {
  Measuring& m = state.measuring;
  for (Measurement& one : film.measurements)
    for (std::size_t i = 0; i < one.points.size() && is_shown(state, film, one); ++i)
      if (double distance = screen_distance(state, film, one.points[i], *m.cross); distance <= reach) {
        reach = distance;
        m.selected = one.id;
        m.held = static_cast<int>(i);
      }
  return m.held >= 0;
}

bool measures(Tool tool) { return tool == Tool::kLength || tool == Tool::kAngle; }

}  // namespace

Measurement* find_measurement(FilmEntry& film, int id) {
  for (Measurement& one : film.measurements)
    if (one.id == id) return &one;
  return nullptr;
}

const Measurement* begun_measurement(const FilmEntry& film) { return begun(const_cast<FilmEntry&>(film)); }

void choose_tool(State& state, Tool tool) {
  give_up_point(state);
  Measuring& m = state.measuring;
  m.probe_held = false;
  m.tool = m.tool == tool ? Tool::kNone : tool;
  FilmEntry* film = film_of(state);
  if (film && m.tool != Tool::kNone && !m.cross) m.cross = resolved(film->view, film_size(*film), state.film_area).centre;
}

void hold_probe(State& state, bool held) {
  Measuring& m = state.measuring;
  if (held == m.probe_held || (held && m.tool != Tool::kNone)) return;
  choose_tool(state, Tool::kProbe);
  m.probe_held = held;
}

void point_at(State& state, ScreenPx at) {
  if (FilmEntry* film = film_of(state)) move_to(state, *film, to_screen(state, *film).inverse()(at));
}

void move_cross(State& state, double right, double down, bool film_pixels) {
  FilmEntry* film = film_of(state);
  if (!film || !state.measuring.cross) return;
  const Orientation& o = film->view.orientation;
  double per_step = film_pixels ? 1 : 1 / resolved(film->view, film_size(*film), state.film_area).zoom;
  SourcePx from = *state.measuring.cross;
  move_to(state, *film, {from.x + (o.xx * right + o.yx * down) * per_step, from.y + (o.xy * right + o.yy * down) * per_step});
  ScreenPx seen = to_screen(state, *film)(*state.measuring.cross);
  const ScreenRect& area = state.film_area;
  double x = seen.x - std::clamp(seen.x, area.x, area.x + area.width);
  double y = seen.y - std::clamp(seen.y, area.y, area.y + area.height);
  if (x != 0 || y != 0) pan_film(state, -x, -y);
}

void press_tool(State& state, double reach) {
  FilmEntry* film = film_of(state);
  Measuring& m = state.measuring;
  if (!film || !m.cross || !measures(m.tool)) return;
  if (m.held >= 0) {
    m.held = -1;
    return;
  }
  if (Measurement* one = begun(*film)) {
    if (screen_distance(state, *film, one->points.back(), *m.cross) > kMoved) one->points.push_back(*m.cross);
    return;
  }
  if (take_hold(state, *film, reach)) return;
  auto kind = m.tool == Tool::kAngle ? MeasurementKind::kAngle : MeasurementKind::kLength;
  m.selected = ++m.last_id;
  film->measurements.push_back({m.selected, kind, {*m.cross}});
}

void release_tool(State& state) {
  FilmEntry* film = film_of(state);
  Measuring& m = state.measuring;
  if (!film || !m.cross) return;
  m.held = -1;
  if (Measurement* one = begun(*film))
    if (screen_distance(state, *film, one->points.back(), *m.cross) > kMoved) one->points.push_back(*m.cross);
}

void next_end_point(State& state) {
  FilmEntry* film = film_of(state);
  if (!film || film->measurements.empty()) return;
  std::vector<std::pair<int, SourcePx>> all;
  for (const Measurement& one : film->measurements)
    if (is_shown(state, *film, one))
      for (SourcePx point : one.points) all.push_back({one.id, point});
  if (all.empty()) return;
  Measuring& m = state.measuring;
  m.held = -1;
  std::size_t next = 0;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].first == m.selected && m.cross && all[i].second.x == m.cross->x && all[i].second.y == m.cross->y)
      next = (i + 1) % all.size();
  m.selected = all[next].first;
  move_to(state, *film, all[next].second);
}

bool give_up_point(State& state) {
  Measuring& m = state.measuring;
  FilmEntry* film = film_of(state);
  if (m.held >= 0) {
    m.held = -1;
    return true;
  }
  Measurement* one = film ? begun(*film) : nullptr;
  if (one) remove_measurement(state, one->id);
  return one != nullptr;
}

void remove_measurement(State& state, int id) {
  FilmEntry* film = film_of(state);
  if (!film) return;
  if (Measurement* line = find_measurement(*film, id); line && line->role != MeasurementRole::kNone) {
    state.measuring.held = -1;
    return reset_width_line(*film, *line);
  }
  std::erase_if(film->measurements, [&](const Measurement& one) { return one.id == id; });
  if (state.measuring.selected != id) return;
  state.measuring.held = -1;
  state.measuring.selected = film->measurements.empty() ? 0 : film->measurements.back().id;
}

void settle_measuring(State& state) {
  Measuring& m = state.measuring;
  if (m.film == state.selected) return;
  if (FilmEntry* before = find_film(state, m.film))
    std::erase_if(before->measurements, [](const Measurement& one) { return !one.complete(); });
  m.film = state.selected;
  m.cross.reset();
  m.selected = 0;
  m.held = -1;
  FilmEntry* film = film_of(state);
  if (film && m.tool != Tool::kNone) m.cross = resolved(film->view, film_size(*film), state.film_area).centre;
}

}  // namespace chestlight::viewer
