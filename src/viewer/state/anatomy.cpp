// See anatomy.h.
#include "viewer/state/anatomy.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/text.h"
#include "viewer/measuring/film_scale.h"
#include "viewer/state/state.h"

namespace chestlight::viewer {
namespace {

constexpr MeasurementRole kRoles[] = {MeasurementRole::kHeartWidth, MeasurementRole::kChestWidth};

bool is_line(const Measurement& one) { return one.role != MeasurementRole::kNone; }

std::vector<SourcePx> points_of(const WidthLine& line) { return {{line.from[0], line.from[1]}, {line.to[0], line.to[1]}}; }

/// Where the line was measured; no points where it was not.
std::vector<SourcePx> measured_points(const FilmEntry& film, MeasurementRole role) {
  if (!film.anatomy) return {};
  const auto& line = role == MeasurementRole::kHeartWidth ? film.anatomy->heart_line : film.anatomy->chest_line;
  return line ? points_of(*line) : std::vector<SourcePx>{};
}

/// As `measured_points`, but where the reader left it.
std::vector<SourcePx> present_points(const FilmEntry& film, MeasurementRole role) {
  if (film.moved_lines.size() != 4) return measured_points(film, role);
  const auto first = film.moved_lines.begin() + (role == MeasurementRole::kHeartWidth ? 0 : 2);
  return {first, first + 2};
}

const Measurement* line_of(const FilmEntry& film, MeasurementRole role) {
  auto found = std::ranges::find(film.measurements, role, &Measurement::role);
  return found == film.measurements.end() ? nullptr : &*found;
}

bool same(const std::vector<SourcePx>& a, const std::vector<SourcePx>& b) {
  return std::ranges::equal(a, b, [](SourcePx p, SourcePx q) { return p.x == q.x && p.y == q.y; });
}

double length_of(const Measurement& line) {
  return std::hypot(line.points[1].x - line.points[0].x, line.points[1].y - line.points[0].y);
}

bool is_moved(const FilmEntry& film) {
  return std::ranges::any_of(kRoles, [&](MeasurementRole role) {
    const Measurement* line = line_of(film, role);
    return line && !same(line->points, measured_points(film, role));
  });
}

void place_anew(FilmEntry& film, const AnatomyArrived& arrived) {
  if (!film.analysis || arrived.places.empty() || film.analysis->findings.size() != arrived.places.size()) return;
  auto analysis = std::make_shared<Analysis>(*film.analysis);
  for (std::size_t i = 0; i < arrived.places.size(); ++i) {
    const FindingPlace& place = arrived.places[i];
    Finding& finding = analysis->findings[i];
    if (finding.id != place.finding) return;
    finding.where = place.where;
    finding.place = place.place;
    finding.evidence = place.evidence;
    finding.evidence_text = place.evidence_text;
    finding.possible_shortcut = place.possible_shortcut;
  }
  if (!arrived.summary.empty()) analysis->summary.sentence = arrived.summary;
  film.analysis = std::move(analysis);
}

WidthLine told(const FilmEntry& film, SourcePx from, SourcePx to) {
  WidthLine width{{from.x, from.y}, {to.x, to.y}, {}};
  if (const auto ruler = ruler_of(film.info)) width.millimetres = std::hypot(to.x - from.x, to.y - from.y) * ruler->mm;
  return width;
}

}  // namespace

void take_anatomy(State& state, const AnatomyArrived& arrived) {
  FilmEntry* film = find_film(state, arrived.id);
  if (!film || arrived.correction.value_or(Correction{}) != film->request.correction) return;
  film->anatomy = std::make_shared<AnatomyReport>(arrived.anatomy);
  film->anatomy_failure.reset();
  set_lines(state, *film);
  place_anew(*film, arrived);
}

void forget_anatomy(FilmEntry& film) {
  film.anatomy.reset();
  film.anatomy_failure.reset();
  std::erase_if(film.measurements, is_line);
}

std::optional<std::vector<SourcePx>> lines_moved(const State& state, const FilmEntry& film) {
  if (!film.anatomy || (state.measuring.held >= 0 && state.measuring.film == film.id)) return std::nullopt;
  const Measurement *heart = line_of(film, kRoles[0]), *chest = line_of(film, kRoles[1]);
  if (!heart || !chest) return std::nullopt;
  std::vector<SourcePx> now;
  if (is_moved(film)) now = {heart->points[0], heart->points[1], chest->points[0], chest->points[1]};
  return same(now, film.moved_lines) ? std::nullopt : std::optional(std::move(now));
}

void set_lines(State& state, FilmEntry& film) {
  if (!film.anatomy || !film.anatomy->cardiothoracic_ratio) {
    std::erase_if(film.measurements, is_line);
    return;
  }
  for (const MeasurementRole role : kRoles) {
    auto line = std::ranges::find(film.measurements, role, &Measurement::role);
    if (line == film.measurements.end())
      film.measurements.push_back({++state.measuring.last_id, MeasurementKind::kLength, present_points(film, role), role});
    else if (line->id != state.measuring.selected || state.measuring.held < 0) line->points = present_points(film, role);
  }
}

MoveWidthLines lines_to_tell(const FilmEntry& film) {
  const std::vector<SourcePx>& ends = film.moved_lines;
  if (ends.size() != 4) return MoveWidthLines{film.id, {}, {}};
  return MoveWidthLines{film.id, told(film, ends[0], ends[1]), told(film, ends[2], ends[3])};
}

int frame_of(const FilmInfo& film) { return film.dicom ? film.dicom->frame : 0; }

bool anatomy_shown(const State& state, const FilmEntry& film) {
  return state.settings.overlay.anatomy && !state.original_held && film.anatomy != nullptr;
}

bool is_shown(const State& state, const FilmEntry& film, const Measurement& one) {
  return is_line(one) ? anatomy_shown(state, film) : !state.original_held;
}

bool width_line_end_at(const State& state, const FilmEntry& film, ScreenPx at, double reach) {
  if (!anatomy_shown(state, film)) return false;
  const SourceToScreen to_screen =
      source_to_screen(film.view, {static_cast<double>(film.info.width), static_cast<double>(film.info.height)}, state.film_area);
  return std::ranges::any_of(film.measurements, [&](const Measurement& one) {
    return is_line(one) && std::ranges::any_of(one.points, [&](SourcePx point) {
             const ScreenPx seen = to_screen(point);
             return std::hypot(seen.x - at.x, seen.y - at.y) <= reach;
           });
  });
}

void reset_width_line(FilmEntry& film, Measurement& line) {
  if (auto points = measured_points(film, line.role); !points.empty()) line.points = std::move(points);
}

std::optional<WidthRatio> width_ratio(const FilmEntry& film) {
  const Measurement *heart = line_of(film, kRoles[0]), *chest = line_of(film, kRoles[1]);
  if (!film.anatomy || !film.anatomy->cardiothoracic_ratio || !heart || !chest || !(length_of(*chest) > 0)) return std::nullopt;
  return WidthRatio{length_of(*heart) / length_of(*chest), is_moved(film), *film.anatomy->cardiothoracic_ratio,
                    measurement_in_words(film.info, *heart), measurement_in_words(film.info, *chest)};
}

std::string ratio_in_figures(double ratio) { return fixed(ratio, 2); }

std::string ratio_in_short(const FilmEntry& film) {
  const auto ratio = width_ratio(film);
  return ratio ? text("Cardiothoracic ratio ", ratio_in_figures(ratio->value), ratio->moved ? ", moved by you" : "") : "";
}

std::string anatomy_in_words(const FilmEntry& film) {
  if (film.anatomy_failure) return text("Lungs and heart were not looked for: ", film.anatomy_failure->sentence());
  if (!film.anatomy) return "";
  const AnatomyReport& report = *film.anatomy;
  if (!report.found) return text("Lungs not found: ", report.reason);
  const auto ratio = width_ratio(film);
  if (!ratio) return text("Lungs found, no cardiothoracic ratio: ", report.no_ratio);
  std::string words =
      text("Cardiothoracic ratio ", ratio_in_figures(ratio->value), ": heart ", ratio->heart, ", chest ", ratio->chest, ".");
  if (ratio->moved) words += text(" Lines moved by you; measured by the network: ", ratio_in_figures(ratio->measured), ".");
  if (film.info.dicom && film.info.dicom->view_position == "AP") words += " AP film: the heart looks larger.";
  return words;
}

}  // namespace chestlight::viewer
