// See snapshot.h.
#include "viewer/text/snapshot.h"

#include "base/version.h"
#include "contract/analysis_json.h"
#include "contract/failure_json.h"
#include "contract/json_fields.h"
#include "contract/messages_json.h"
#include "contract/model_json.h"
#include "contract/reading_json.h"
#include "contract/site_profile_json.h"
#include "findings/zone_statement.h"
#include "viewer/actions/commands.h"
#include "viewer/actions/film_commands.h"
#include "viewer/actions/keeping.h"
#include "viewer/actions/undo.h"
#include "viewer/input/gestures.h"
#include "viewer/input/keys.h"
#include "viewer/measuring/film_scale.h"
#include "viewer/state/anatomy.h"
#include "viewer/state/choices_json.h"
#include "viewer/state/explanations.h"
#include "viewer/state/map_comparison.h"
#include "viewer/state/operating_points.h"
#include "viewer/state/own_models.h"
#include "viewer/state/side_by_side.h"
#include "viewer/state/stability.h"
#include "viewer/state/threshold_trial.h"
#include "viewer/state/warnings.h"
#include "viewer/state/window_presets.h"
#include "viewer/state/worklist_choices_json.h"
#include "viewer/text/evaluation_snapshot.h"
#include "viewer/text/explanation_snapshot.h"
#include "viewer/text/film_description.h"
#include "viewer/text/formatting.h"
#include "viewer/text/glossary.h"
#include "viewer/text/models_snapshot.h"
#include "viewer/text/study_snapshot.h"

namespace chestlight::viewer {
namespace {

Json film_json(const State& state, const FilmEntry& film) {
  Json json = {{"id", film.id},
               {"name", film.name},
               {"status", to_json(film.stage)},
               {"kind", film.kind},
               {"headline", headline(film)},
               {"reason", reason_in_short(film)},
               {"can_retry", film.stage == FilmStage::kUnreadable && film.can_retry},
               {"selected", film.id == state.selected},
               {"second", film.id == state.second.id},
               {"synthetic", film.synthetic},
               {"request", request_in_words(film)},
               {"read", film.reading.read}};
  json["copies"] = Json::array();
  for (const FilmCopy& copy : film.copies) json["copies"].push_back(copy.name);
  if (film.decoded()) {
    json["width"] = film.info.width;
    json["height"] = film.info.height;
    json["notes"] = film.info.notes;
  }
  if (film.frames() > 1) {
    json["frame"] = film.info.dicom->frame;
    json["frames"] = film.frames();
    json["frame_chosen"] = film.info.dicom->frame_chosen;
  }
  if (film.failure) json["error"] = to_json(*film.failure);
  return json;
}

Json finding_json(const State& state, const Finding& f) {
  const FilmEntry* film = selected_film(state);
  const Verdict verdict = verdict_on(film->reading, f.id).value_or(Verdict{f.id});
  return {{"id", f.id},
          {"name", f.name},
          {"score", f.calibrated},
          {"score_text", score_in_figures(f.calibrated)},
          {"threshold_text", score_in_figures(f.threshold)},
          {"zone", to_json(f.zone)},
          {"zone_text", zone_in_words(f.zone)},
          {"zone_reason", f.zone_reason},
          {"percentile_text", f.percentile_text},
          {"reading", f.reading},
          {"evaluation", evaluation_in_words(state, f)},
          {"threshold", f.threshold},
          {"state", to_json(f.state)},
          {"state_text", state_in_words(f.state)},
          {"logit", f.logit},
          {"probability", f.probability},
          {"selected", f.id == state.pinned},
          {"hovered", f.id == state.hovered},
          {"where", f.where},
          {"place", f.place},
          {"evidence", f.evidence ? to_json(*f.evidence) : Json(nullptr)},
          {"evidence_text", f.evidence_text},
          {"possible_shortcut", f.possible_shortcut},
          {"sentence", f.sentence},
          {"residual", f.residual},
          {"verdict", to_json(verdict.opinion)},
          {"note", verdict.note}};
}

/// Null where it was not checked.
Json stability_json(const FilmEntry& film, const Finding& finding) {
  const FindingStability* stability = stability_of(film, finding.id);
  if (!stability) return nullptr;
  return {{"low", stability->low}, {"high", stability->high}, {"flips", stability->flips}, {"text", stability->text}};
}

/// Null until it is known whether there are lungs on the film.
Json anatomy_json(const FilmEntry& film) {
  const std::string words = anatomy_in_words(film);
  if (words.empty()) return nullptr;
  const auto ratio = width_ratio(film);
  return {{"found", film.anatomy && film.anatomy->found},
          {"text", words},
          {"ratio", ratio ? Json(ratio->value) : Json(nullptr)},
          {"moved", ratio && ratio->moved},
          {"tilt", film.anatomy && film.anatomy->tilt_degrees ? Json(*film.anatomy->tilt_degrees) : Json(nullptr)},
          {"heart", film.anatomy && film.anatomy->heart}};
}

Json warnings_json(const FilmEntry& film) {
  Json list = Json::array();
  for (const Warning& warning : warnings_of(film)) {
    Json action = nullptr;
    if (warning.correction) action = {{"type", "set-correction"}, {"correction", to_json(*warning.correction)}};
    else if (!warning.command.empty()) action = {{"type", "run-command"}, {"id", warning.command}};
    list.push_back({{"id", warning.id}, {"text", warning.text}, {"remedy", warning.remedy}, {"action", std::move(action)}});
  }
  return list;
}

Json selected_film_json(const State& state, const FilmEntry& film) {
  Json json = film_json(state, film);
  json["correction"] = film.request.correction.any() ? to_json(film.request.correction) : Json(nullptr);
  json["anyway"] = film.request.anyway;
  json["facts"] = Json::array();
  if (film.decoded())
    for (const auto& [label, words] : describe_film(film)) json["facts"].push_back({{"label", label}, {"text", words}});
  json["anatomy"] = anatomy_json(film);
  json["warnings"] = warnings_json(film);
  if (!film.analysis) return json;
  const Analysis& analysis = *film.analysis;
  json["summary"] = {{"sentence", analysis.summary.sentence},
                     {"headline", operating_point_in_words(analysis)},
                     {"caveat", analysis.summary.caveat}};
  json["comparison"] = comparison_summary(state, film);
  json["stability"] = stability_summary(film);
  json["any_finding"] = analysis.any_finding ? Json(analysis.any_finding->sentence) : Json(nullptr);
  json["operating_point"] = to_json(analysis.operating_point);
  json["reasons"] = to_json(analysis.reasons);
  json["may_be_overridden"] = analysis.may_be_overridden;
  json["overridden"] = analysis.overridden;
  json["input"] = to_json(analysis.input);
  json["evidence_residual"] = analysis.evidence_residual;
  json["milliseconds"] = to_json(analysis.milliseconds);
  return json;
}

Json presets_json(const FilmEntry& film) {
  Json list = Json::array();
  for (const WindowPreset& preset : window_presets(film))
    list.push_back({{"id", preset.id}, {"name", preset.name}, {"centre", preset.window.centre}, {"width", preset.window.width}});
  return list;
}

Json measuring_json(const State& state, const FilmEntry& film) {
  const Measuring& m = state.measuring;
  Json list = Json::array();
  for (const Measurement& one : film.measurements) {
    Json points = Json::array();
    for (SourcePx point : one.points) points.push_back({point.x, point.y});
    list.push_back({{"id", one.id},
                    {"kind", to_json(one.kind)},
                    {"role", to_json(one.role)},
                    {"shown", is_shown(state, film, one)},
                    {"text", measurement_in_words(film.info, one)},
                    {"points", std::move(points)},
                    {"selected", one.id == m.selected}});
  }
  auto letters = edge_letters(film);
  Json json = {{"tool", to_json(m.tool)},
               {"cross", m.cross ? Json{m.cross->x, m.cross->y} : Json(nullptr)},
               {"measurements", std::move(list)},
               {"unit", ruler_in_words(film.info)},
               {"probe", m.tool == Tool::kProbe ? probe_in_words(state) : std::vector<std::string>{}},
               {"sides", sides_in_words(film)},
               {"letters", nullptr}};
  if (letters)
    json["letters"] = {{"left", letters->left}, {"right", letters->right}, {"top", letters->top}, {"bottom", letters->bottom}};
  return json;
}

Json operating_points_json(const State& state) {
  Json list = Json::array();
  const std::string used = operating_point_id(state);
  for (const OperatingPoint* point : operating_points(state))
    list.push_back({{"id", point->id}, {"name", point->name}, {"selected", point->id == used}});
  return list;
}

Json view_json(const State& state, const FilmEntry& film) {
  FilmSize size = film_size(film);
  FilmView view = resolved(film.view, size, state.film_area);
  SourceToScreen map = source_to_screen(film.view, size, state.film_area);
  ScreenRect area = state.film_area;
  return {{"zoom", view.zoom},
          {"fitted", film.view.fitted},
          {"pan", {{"x", view.centre.x}, {"y", view.centre.y}}},
          {"window", {{"centre", film.window.centre}, {"width", film.window.width}}},
          {"window_in_words", window_in_words(film)},
          {"preset", film.preset},
          {"presets", presets_json(film)},
          {"inverted", film.inverted},
          {"drawing", film.info.has_drawing ? Json(film.drawing_shown) : Json(nullptr)},
          {"rotation", view.orientation.degrees()},
          {"flipped", view.orientation.mirrored()},
          {"area", {{"x", area.x}, {"y", area.y}, {"width", area.width}, {"height", area.height}}},
          {"source_to_screen", {map.a, map.b, map.c, map.d, map.e, map.f}},
          {"pixels", state.pixels != nullptr},
          {"halvings", halvings_for_display(state, film)},
          {"measuring", measuring_json(state, film)}};
}

Json overlay_json(const State& state) {
  const OverlaySettings& overlay = state.settings.overlay;
  const Finding* shown = overlaid_finding(state);
  return {{"finding", shown ? Json(shown->id) : Json(nullptr)},
          {"mode", to_json(overlay.mode)},
          {"opacity", overlay.opacity},
          {"contour", overlay.contour},
          {"contour_level", shown ? contour_share(shown->cutoff, overlay.look()) : overlay.contour_level},
          {"model_outline", overlay.model_outline},
          {"anatomy", overlay.anatomy},
          {"visible", shown != nullptr},
          {"enabled", overlay.visible},
          {"original_held", state.original_held}};
}

/// Null while the switch is off.
Json identifiers_json(const State& state) {
  if (!state.identifiers_shown) return nullptr;
  Json list = Json::array();
  if (auto found = state.identifiers.find(state.selected); found != state.identifiers.end())
    for (const Identifier& one : found->second) list.push_back({{"label", one.label}, {"value", one.value}});
  return list;
}

Json commands_json(const State& state) {
  Json list = Json::array();
  for (const Command& command : commands())
    list.push_back({{"id", command.id},
                    {"label", command.label},
                    {"help", command.help},
                    {"shortcut", shortcut_of(state.settings, command)},
                    {"key_can_change", !command.chords.empty()},
                    {"enabled", command.enabled(state)}});
  return list;
}

Json gestures_json(const State& state) {
  Json list = Json::array();
  for (const GestureBinding& binding : gestures())
    list.push_back({{"id", binding.id},
                    {"name", binding.name},
                    {"device", binding.device == Device::kMouse ? "mouse" : "touch"},
                    {"help", in_words(gesture_action_of(state.settings, binding.gesture))},
                    {"can_change", binding.can_change()}});
  return list;
}

Json films_json(const State& state) {
  Json films = Json::array();
  for (const FilmEntry& film : state.films) films.push_back(film_json(state, film));
  return films;
}

/// The rows of the worklist in their order, and what of them is shown; null while the films are a strip.
Json worklist_json(const State& state) {
  if (!worklist_shown(state)) return nullptr;
  const Worklist& list = state.worklist;
  Json rows = Json::array();
  for (const WorklistRow& row : list.rows) {
    Json scores = Json::array();
    for (const WorklistScore& score : row.scores)
      scores.push_back(score.text.empty() ? "" : score.text + " " + zone_in_words(score.zone));
    const bool in_zone = row.zone == Zone::kLikely || row.zone == Zone::kUncertain;
    rows.push_back({{"id", row.film},
                    {"name", row.name},
                    {"study", row.study},
                    {"view", row.view},
                    {"state", row.state},
                    {"finding", row.finding},
                    {"zone", in_zone ? zone_in_words(row.zone) : ""},
                    {"score", row.score},
                    {"verdict", row.verdict},
                    {"scores", std::move(scores)}});
  }
  Json columns = Json::array();
  for (const std::string& id : list.columns) {
    const LabelInfo* label = find_label(state, id);
    columns.push_back({{"id", id}, {"name", label ? label->name : id}});
  }
  return {{"summary", worklist_in_words(state)}, {"sort", to_json(list.sort)},
          {"filter", to_json(list.filter)},      {"search", list.search},
          {"columns", std::move(columns)},       {"rows", std::move(rows)}};
}

Json findings_json(const State& state) {
  Json findings = Json::array();
  if (const FilmEntry* film = selected_film(state))
    for (int index : displayed_order(state, *film)) {
      const Finding& finding = film->analysis->findings[static_cast<std::size_t>(index)];
      findings.push_back(finding_json(state, finding));
      findings.back()["beside"] = beside_json(state, *film, finding);
      findings.back()["stability"] = stability_json(*film, finding);
    }
  return findings;
}

/// The threshold that is tried for the opened finding, and the next ones; null where nothing is known of its score.
Json trial_json(const State& state) {
  const Finding* finding = pinned_finding(state);
  const auto trial = finding ? threshold_trial(state, *finding) : std::nullopt;
  if (!trial) return nullptr;
  return {{"finding", finding->id},
          {"name", finding->name},
          {"open", state.trial_open},
          {"threshold_text", trial->threshold_text},
          {"verdict", trial->verdict},
          {"evaluation", trial->evaluation},
          {"prevalence_text", trial->prevalence_text},
          {"at_prevalence", trial->at_prevalence},
          {"lower", stepped_threshold(state, *finding, -1)},
          {"higher", stepped_threshold(state, *finding, +1)},
          {"rarer", stepped_prevalence(state, *finding, -1)},
          {"commoner", stepped_prevalence(state, *finding, +1)}};
}

Json errors_json(const State& state) {
  Json errors = Json::array();
  if (state.engine_failure) errors.push_back(to_json(*state.engine_failure));
  return errors;
}

Json progress_json(const State& state) {
  Progress p = progress(state);
  return {{"busy", p.busy}, {"fraction", p.fraction}, {"text", p.text}, {"can_cancel", p.can_cancel}};
}

/// Null while it is not open.
Json glossary_json(const State& state) {
  if (state.popup != Popup::kGlossary) return nullptr;
  Json terms = Json::array();
  for (const GlossaryTerm& term : glossary()) {
    const Example* example = example_showing(state, term.id);
    terms.push_back({{"id", term.id},
                     {"name", term.name},
                     {"words", term.words},
                     {"example", example ? Json({{"file", example->file}, {"name", example->name}}) : Json(nullptr)}});
  }
  return terms;
}

Json keeping_json(const State& state) {
  return {{"on", state.settings.keep_readings},
          {"films", state.on_device.films},
          {"text", keeping_in_words(state)},
          {"keep", keep_in_words(state)},
          {"forget", state.on_device.films > 0 ? Json(forget_in_words(state)) : Json(nullptr)}};
}

constexpr Sections bits(std::initializer_list<Section> sections) {
  Sections all = 0;
  for (Section section : sections) all |= bit(section);
  return all;
}

/// What an action may change. Those that come many times a second are told apart; others may change everything.
struct Changed {
  using S = Section;

  template <class Any>
  Sections operator()(const Any&) const {
    return kAllSections;
  }
  Sections operator()(const Ticked&) const { return bits({S::kStatus, S::kExplanation}); }
  Sections operator()(const FilmAreaMeasured&) const { return bits({S::kView, S::kSideBySide}); }
  Sections operator()(const GraphicsKnown&) const { return bits({S::kView}); }
  Sections operator()(const GraphicsRestored&) const { return 0; }
  Sections operator()(const NetworkCounted&) const { return bits({S::kEngine}); }
  Sections operator()(const LoadingProgressed&) const { return bits({S::kStatus, S::kEngine, S::kCommands}); }
  Sections operator()(const ImportProgressed&) const { return bits({S::kStatus, S::kEngine, S::kCommands}); }
  Sections operator()(const AnalysisProgressed&) const {
    return bits({S::kFilms, S::kWorklist, S::kSelected, S::kSideBySide, S::kStatus, S::kCommands, S::kEvaluation});
  }
  Sections operator()(const ExplanationProgressed&) const { return bits({S::kExplanation, S::kStatus, S::kCommands}); }
  Sections operator()(const HoverFinding&) const { return bits({S::kFindings, S::kOverlay, S::kSideBySide}); }
  Sections operator()(const ZoomAt&) const { return bits({S::kView, S::kSideBySide, S::kCommands}); }
  Sections operator()(const Pan&) const { return bits({S::kView, S::kSideBySide, S::kCommands}); }
  Sections operator()(const DragWindow&) const { return bits({S::kView, S::kSelected, S::kSideBySide, S::kCommands}); }
  Sections operator()(const PointAt&) const { return bits({S::kView, S::kSelected, S::kCommands}); }
};

}  // namespace

Json section_json(const State& state, const Drawn& drawn, Section section) {
  const FilmEntry* selected = selected_film(state);
  switch (section) {
    case Section::kFilms: return {{"films", films_json(state)}};
    case Section::kWorklist: return {{"worklist", worklist_json(state)}};
    case Section::kSelected:
      return {{"selected", selected ? selected_film_json(state, *selected) : Json(nullptr)},
              {"identifiers", identifiers_json(state)}};
    case Section::kFindings:
      return {{"findings", findings_json(state)}, {"order", to_json(state.settings.order)}, {"trial", trial_json(state)}};
    case Section::kExplanation:
      return {{"methods", methods_json(state)}, {"explanation", explanation_json(state)}, {"kept", kept_json(state)}};
    case Section::kSideBySide: return {{"side_by_side", side_by_side_json(state)}};
    case Section::kEvaluation: return {{"evaluation", evaluation_json(state)}};
    case Section::kStudy: return {{"study", study_json(state)}};
    case Section::kOverlay: return {{"overlay", overlay_json(state)}};
    case Section::kView: return {{"view", selected && selected->decoded() ? view_json(state, *selected) : Json(nullptr)}};
    case Section::kStatus:
      return {{"status", status_line(state)}, {"progress", progress_json(state)}, {"undo_offer", undo_offer(state)}};
    case Section::kEngine:
      return {{"app", app_name_and_version()},
              {"engine", to_json(state.engine)},
              {"backend", to_json(state.backend)},
              {"model",
               {{"id", state.model.id},
                {"name", state.model.name},
                {"sha256", state.model.sha256},
                {"evaluation", model_evaluation_in_words(state.model)}}},
              {"site_profile", state.site ? to_json(state.site->told) : Json(nullptr)},
              {"models", models_json(state)},
              {"import", import_json(state)},
              {"model_form", model_form_json(state)},
              {"errors", errors_json(state)},
              {"network", to_json(state.network)},
              {"operating_points", operating_points_json(state)}};
    case Section::kCommands:
      return {{"rebinding", state.rebinding}, {"gestures", gestures_json(state)}, {"commands", commands_json(state)}};
    case Section::kPage:
      return {{"popup", to_json(state.popup)},
              {"glossary", glossary_json(state)},
              {"model_picture", state.model_picture ? Json(state.model_picture->film) : Json(nullptr)},
              {"cropping", state.cropping},
              {"dragging_files", state.dragging_files},
              {"unsaved", state.leaving_guarded},
              {"keeping", keeping_json(state)},
              {"editing", state.editing ? Json(state.editing->field) : Json(nullptr)}};
    case Section::kDrawn: return {{"frames", drawn.frames}, {"pixels_drawn", drawn.pixels}, {"film_uploads", drawn.film_uploads}};
  }
  return Json::object();
}

Sections sections_changed_by(const Action& action) { return std::visit(Changed{}, action); }

Json snapshot(const State& state, const Drawn& drawn) {
  Json whole = Json::object();
  for (int i = 0; i < kSections; ++i) whole.update(section_json(state, drawn, static_cast<Section>(i)));
  return whole;
}

}  // namespace chestlight::viewer
