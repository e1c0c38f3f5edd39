// What the screen adds to exports, because it alone knows it: which thresholds are tried, how a film is looked at; and what the
// reader measured, as the case keeps it. The exports themselves are the engine's.
#pragma once

#include <vector>

#include "viewer/actions/update.h"

namespace chestlight::viewer {

/// Finished measurements in words and points; not the lines of the cardiothoracic ratio, which are told apart.
std::vector<MeasurementRecord> measurements_of(const FilmEntry& film);

/// Films that a report can be made of: analysed, refused, or not readable though the engine has their file.
bool can_report(const State& state);
bool can_report_all(const State& state);

/// Asks for a report of one film, about its pinned finding by the method chosen for that; to be printed.
void print_report(State& state, std::vector<Effect>& effects);
/// Of all films, each about its own first finding; to be printed, or saved as one file.
void report_all(State& state, bool print, std::vector<Effect>& effects);

}  // namespace chestlight::viewer
