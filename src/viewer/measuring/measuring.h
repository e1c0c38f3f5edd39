// Tools of the pointer on the film: measuring a length or an angle, reading a pixel, the magnifier. State and steps; no
// drawing, no input device: a mouse, a finger and the keyboard all move the cross and press.
//
// The cross is where the reader points, in SourcePx. Pressing sets a point there, or takes hold of an end point close by;
// an angle is set as end, corner, end. Points are in SourcePx, so that they stay on the anatomy however the film is turned.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "viewer/state/choices.h"
#include "viewer/state/view.h"

namespace chestlight::viewer {

struct State;
struct FilmEntry;

struct Measurement {
  int id = 0;  // unique within the visit
  MeasurementKind kind = MeasurementKind::kLength;
  std::vector<SourcePx> points;
  MeasurementRole role = MeasurementRole::kNone;

  std::size_t points_wanted() const { return kind == MeasurementKind::kAngle ? 3 : 2; }
  bool complete() const { return points.size() == points_wanted(); }
  bool operator==(const Measurement&) const = default;
};

struct Measuring {
  Tool tool = Tool::kNone;
  std::optional<SourcePx> cross;
  int selected = 0;  // a measurement's id; 0: none
  int held = -1;     // the selected one's point that follows the cross; -1: none
  int film = 0;      // the film that cross and selection belong to
  int last_id = 0;
  int settled_film = 0;              // the film that `settled` belongs to
  std::vector<Measurement> settled;  // its measurements as they were remembered last (actions/undo.h)
  bool probe_held = false;           // the probe was not chosen but is held, and goes when it is let go
};

/// Again: back to none.
void choose_tool(State& state, Tool tool);
/// The probe for as long as it is held, unless another tool is chosen.
void hold_probe(State& state, bool held);
void point_at(State& state, ScreenPx at);
/// Keys: by ScreenPx, or by single film pixels. The film follows when the cross would leave the area.
void move_cross(State& state, double right, double down, bool film_pixels);
/// Sets a point at the cross, lets go of the one that is held, or takes hold of an end point within reach (ScreenPx).
void press_tool(State& state, double reach = 12);
/// Ends a drag: lets go, or sets the next point where the pointer has moved on from the last.
void release_tool(State& state);
void next_end_point(State& state);
/// Gives up what is begun: a point that is held, else a measurement that lacks points. False when nothing was begun.
bool give_up_point(State& state);
/// A line with a role goes back to where it was measured.
void remove_measurement(State& state, int id);
/// Called after every action: what belongs to another film is dropped.
void settle_measuring(State& state);

Measurement* find_measurement(FilmEntry& film, int id);
/// The measurement that still lacks points, or null.
const Measurement* begun_measurement(const FilmEntry& film);

}  // namespace chestlight::viewer
