// See settings.h.
#include "viewer/state/settings.h"

#include <algorithm>
#include <cmath>

#include "viewer/input/gestures.h"
#include "viewer/input/keys.h"
#include "viewer/state/worklist_choices_json.h"

namespace chestlight::viewer {
namespace {

void read(const Json& json, const char* key, bool& value) {
  if (auto found = json.find(key); found != json.end() && found->is_boolean()) value = found->get<bool>();
}
void read(const Json& json, const char* key, double& value, double low, double high) {
  if (auto found = json.find(key); found != json.end() && found->is_number()) {
    double number = found->get<double>();
    if (std::isfinite(number)) value = std::clamp(number, low, high);
  }
}

void read(const Json& json, const char* key, std::map<std::string, std::string>& texts) {
  if (auto found = json.find(key); found != json.end() && found->is_object())
    for (const auto& [id, text] : found->items())
      if (text.is_string()) texts[id] = text.get<std::string>();
}

/// Shares between 0 and 1; others are left out.
void read(const Json& json, const char* key, std::map<std::string, double>& shares) {
  if (auto found = json.find(key); found != json.end() && found->is_object())
    for (const auto& [id, share] : found->items())
      if (share.is_number() && share.get<double>() > 0 && share.get<double>() < 1) shares[id] = share.get<double>();
}

}  // namespace

Json settings_to_json(const Settings& s) {
  return {{"version", 1},
          {"overlay",
           {{"visible", s.overlay.visible},
            {"mode", s.overlay.mode == OverlayMode::kSigned ? "signed" : "evidence"},
            {"opacity", s.overlay.opacity},
            {"contour", s.overlay.contour},
            {"contour_level", s.overlay.contour_level},
            {"model_outline", s.overlay.model_outline},
            {"anatomy", s.overlay.anatomy}}},
          {"order", s.order == FindingsOrder::kFixed ? "fixed" : "zone"},
          {"default_model", s.default_model},
          {"operating_point", s.operating_point},
          {"thresholds", s.thresholds},
          {"prevalences", s.prevalences},
          {"keep_readings", s.keep_readings},
          {"corner_text", s.corner_text},
          {"films_open", s.films_open},
          {"worklist", to_json(s.worklist)},
          {"worklist_width", s.worklist_width},
          {"findings_open", s.findings_open},
          {"films_width", s.films_width},
          {"findings_width", s.findings_width},
          {"keys", s.keys},
          {"gestures", s.gestures}};
}

Settings settings_from_json(const Json& json) {
  Settings s;
  if (!json.is_object()) return s;
  if (auto overlay = json.find("overlay"); overlay != json.end() && overlay->is_object()) {
    read(*overlay, "visible", s.overlay.visible);
    if (auto mode = overlay->find("mode"); mode != overlay->end() && *mode == "signed") s.overlay.mode = OverlayMode::kSigned;
    read(*overlay, "opacity", s.overlay.opacity, 0, 1);
    read(*overlay, "contour", s.overlay.contour);
    read(*overlay, "contour_level", s.overlay.contour_level, 0, 0.95);
    read(*overlay, "model_outline", s.overlay.model_outline);
    read(*overlay, "anatomy", s.overlay.anatomy);
  }
  if (auto order = json.find("order"); order != json.end() && *order == "fixed") s.order = FindingsOrder::kFixed;
  if (auto point = json.find("operating_point"); point != json.end() && point->is_string())
    s.operating_point = point->get<std::string>();
  if (auto model = json.find("default_model"); model != json.end() && model->is_string())
    s.default_model = model->get<std::string>();
  read(json, "thresholds", s.thresholds);
  read(json, "prevalences", s.prevalences);
  read(json, "keep_readings", s.keep_readings);
  read(json, "corner_text", s.corner_text);
  read(json, "films_open", s.films_open);
  read(json, "findings_open", s.findings_open);
  read(json, "films_width", s.films_width, kNarrowestFilms, kWidestFilms);
  if (auto panel = json.find("worklist"); panel != json.end()) {
    const JsonReader reader(*panel, "worklist", ErrorCode::kInvalidRequest);
    if (WorklistPanel kept{}; from_json(reader, kept)) s.worklist = kept;
  }
  read(json, "worklist_width", s.worklist_width, kNarrowestWorklist, kWidestWorklist);
  read(json, "findings_width", s.findings_width, kNarrowestFindings, kWidestFindings);
  read(json, "keys", s.keys);
  read(json, "gestures", s.gestures);
  keep_possible_keys(s);
  keep_possible_gestures(s);
  return s;
}

}  // namespace chestlight::viewer
