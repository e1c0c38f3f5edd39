// What is remembered between visits: preferences only. Never a film, a name, a score or anything that came
// from a file; what a reader says of films is kept elsewhere, and only where `keep_readings` says so (actions/keeping.h).
#pragma once

#include <map>
#include <string>

#include "base/json.h"
#include "render/map_drawing.h"
#include "viewer/state/choices.h"
#include "viewer/state/worklist_choices.h"

namespace chestlight::viewer {

struct OverlaySettings {
  bool visible = true;  // M: no map at all when false
  OverlayMode mode = OverlayMode::kEvidence;
  double opacity = 0.6;  // 0..1
  bool contour = false;
  double contour_level = 0;    // fraction of the map's maximum; 0: the finding's own cutoff
  bool model_outline = false;  // what the model saw
  bool anatomy = false;        // outlines of lungs and heart, and the lines of the cardiothoracic ratio
  /// As maps are drawn.
  MapLook look() const { return {mode == OverlayMode::kSigned, opacity, contour, contour_level, model_outline}; }
  bool operator==(const OverlaySettings&) const = default;
};

struct Settings {
  OverlaySettings overlay;
  FindingsOrder order = FindingsOrder::kZone;
  std::string default_model;                  // id of the model that the page begins with; empty: its own default
  std::string operating_point;                // id of a model's set of thresholds; empty: the model's own choice
  std::map<std::string, double> thresholds;   // the reader's own: finding → calibrated threshold that is tried
  std::map<std::string, double> prevalences;  // finding → share of films that have it where the reader works
  bool keep_readings = false;                 // what the reader says of films is kept on the device
  bool corner_text = true;
  bool films_open = true;
  WorklistPanel worklist = WorklistPanel::kAuto;
  bool findings_open = true;
  double films_width = 112;  // ScreenPx
  double findings_width = 360;
  double worklist_width = 560;
  std::map<std::string, std::string> keys;      // the reader's own: command → key, as keys.h writes it
  std::map<std::string, std::string> gestures;  // the same of gestures.h: gesture → action
  bool operator==(const Settings&) const = default;
};

constexpr double kNarrowestFilms = 96, kWidestFilms = 240;
constexpr double kNarrowestWorklist = 320, kWidestWorklist = 1000;
constexpr double kNarrowestFindings = 300, kWidestFindings = 560;

Json settings_to_json(const Settings& settings);

/// Lenient: unknown keys are ignored, missing or nonsensical values keep their defaults.
Settings settings_from_json(const Json& json);

}  // namespace chestlight::viewer
