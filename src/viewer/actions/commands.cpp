// See commands.h.
#include "viewer/actions/commands.h"

#include <algorithm>

#include "viewer/actions/exports.h"
#include "viewer/actions/film_commands.h"
#include "viewer/actions/keeping.h"
#include "viewer/actions/undo.h"
#include "viewer/state/anatomy.h"
#include "viewer/state/evaluations.h"
#include "viewer/state/explanations.h"
#include "viewer/state/map_comparison.h"
#include "viewer/state/operating_points.h"
#include "viewer/state/reader_study.h"
#include "viewer/state/side_by_side.h"
#include "viewer/state/stability.h"
#include "viewer/state/threshold_trial.h"
#include "viewer/state/warnings.h"
#include "viewer/state/window_presets.h"

namespace chestlight::viewer {
namespace {

using Effects = std::vector<Effect>;

bool always(const State&) { return true; }
bool has_films(const State& s) { return !s.films.empty(); }
bool has_several_films(const State& s) { return s.films.size() > 1; }
bool has_second_film(const State& s) { return second_film(s) != nullptr; }
bool has_picture(const State& s) {
  const FilmEntry* film = selected_film(s);
  return film && film->decoded();
}
bool has_drawing(const State& s) { return has_picture(s) && selected_film(s)->info.has_drawing; }
bool has_greys(const State& s) {
  const FilmEntry* film = selected_film(s);
  return film && film->greys;
}
bool has_findings(const State& s) {
  const FilmEntry* film = selected_film(s);
  return film && film->analysis && !film->analysis->findings.empty();
}
bool has_any_findings(const State& s) {
  return !study_is_running(s) && std::any_of(s.films.begin(), s.films.end(),
                                             [](const FilmEntry& f) { return f.analysis && !f.analysis->findings.empty(); });
}
bool can_cancel(const State& s) {
  if (s.own.importing) return !s.own.importing->cancelling;
  if (s.engine == EnginePhase::kLoading) return !s.loading.cancelling;
  return explaining(s) || checking_stability(s) ||
         std::any_of(s.films.begin(), s.films.end(), [](const FilmEntry& f) { return f.cancellable(); });
}
bool is_comparing(const State& s) { return !s.own.beside.empty(); }
bool can_describe(const State& s) { return model_of_form(s).has_value(); }
bool has_frames(const State& s) {
  const FilmEntry* film = selected_film(s);
  return film && film->frames() > 1;
}
bool can_explain(const State& s) { return s.engine == EnginePhase::kReady && !s.methods.empty() && pinned_finding(s); }
bool can_analyse_again(const State& s) {
  const FilmEntry* film = selected_film(s);
  if (film && film->stage == FilmStage::kUnreadable) return film->can_retry;
  return film && s.engine == EnginePhase::kReady &&
         (film->awaits_choice_of_frame() || film->stage == FilmStage::kCancelled || film->stage == FilmStage::kAnalysisFailed);
}

bool may_be_overridden(const State& s) {
  const FilmEntry* film = selected_film(s);
  return film && film->analysis && !film->analysis->analysed && film->analysis->may_be_overridden;
}
bool is_corrected(const State& s) {
  const FilmEntry* film = selected_film(s);
  return film && film->decoded() && film->request.any();
}
bool can_undo(const State& s) { return !s.undo.done.empty(); }
bool can_redo(const State& s) { return !s.undo.undone.empty(); }
bool has_pinned_finding(const State& s) { return pinned_finding(s) != nullptr; }
bool has_unread_film(const State& s) {
  return std::any_of(s.films.begin(), s.films.end(), [](const FilmEntry& film) { return !film.reading.read; });
}
template <Opinion opinion>
void say(State& s, Effects& effects) {
  give_opinion(s, s.pinned, opinion, effects);
}
void correct(State& s, const Correction& correction, Effects& effects) {
  FilmEntry* film = find_film(s, s.selected);
  change_request(s, *film, {correction, film->request.anyway}, effects);
}
template <Correction (Correction::*turned)() const>
void correct_by(State& s, Effects& effects) {
  correct(s, (find_film(s, s.selected)->request.correction.*turned)(), effects);
}
void correct_inversion(State& s, Effects& effects) {
  Correction correction = find_film(s, s.selected)->request.correction;
  correction.inverted = !correction.inverted;
  correct(s, correction, effects);
}
void correct_window(State& s, Effects& effects) {
  const FilmEntry& film = *find_film(s, s.selected);
  Correction correction = film.request.correction;
  correction.window = ValueRange{film.window.centre - film.window.width / 2, film.window.centre + film.window.width / 2};
  correct(s, correction, effects);
}
void correct_crop(State& s, Effects& effects) {
  const FilmEntry& film = *find_film(s, s.selected);
  Correction correction = film.request.correction;
  correction.crop = crop_on_screen(s, film);
  if (correction.crop) correct(s, correction, effects);
}
void toggle_popup(State& s, Popup popup) { s.popup = s.popup == popup ? Popup::kNone : popup; }

template <int rank>
bool has_rank(const State& s) {
  const FilmEntry* film = selected_film(s);
  return film && film->analysis && static_cast<int>(film->analysis->findings.size()) >= rank;
}
template <int rank>
void pin_rank(State& s, Effects&) {
  pin_displayed(s, rank - 1);
}

constexpr char kOpened[] = "opened", kFull[] = "full", kAuto[] = "auto", kLung[] = "lung", kBone[] = "bone";
template <const char* preset>
void choose(State& s, Effects&) {
  choose_preset(*find_film(s, s.selected), preset);
}

bool has_cross(const State& s) { return has_picture(s) && s.measuring.cross; }
bool has_measurements(const State& s) {
  if (!has_picture(s)) return false;
  const FilmEntry& film = *selected_film(s);
  return std::ranges::any_of(film.measurements, [&](const Measurement& one) { return is_shown(s, film, one); });
}
bool has_remedy(const State& s) {
  if (!has_picture(s)) return false;
  const auto warnings = warnings_of(*selected_film(s));
  return first_remedy(warnings) != nullptr;
}
void do_remedy(State& s, Effects& effects) {
  const auto warnings = warnings_of(*selected_film(s));
  const Warning& first = *first_remedy(warnings);
  if (first.correction) return correct(s, *first.correction, effects);
  find_command(first.command)->perform(s, effects);
}
bool has_marked_measurement(const State& s) { return has_picture(s) && s.measuring.selected != 0; }
bool nothing_hidden(const State& s) { return !study_is_running(s); }
bool has_site_profile(const State& s) { return s.site.has_value(); }
bool has_kept_readings(const State& s) { return s.on_device.films > 0; }
bool has_own_keys(const State& s) { return !s.settings.keys.empty() || !s.settings.gestures.empty(); }
template <Tool which>
void tool(State& s, Effects&) {
  choose_tool(s, which);
}

void analyse_again(State& s, Effects& effects) {
  FilmEntry& film = *find_film(s, s.selected);
  if (film.stage == FilmStage::kUnreadable) retry_film(s, film.id, effects);
  else if (film.awaits_choice_of_frame()) show_frame(s, film.info.dicom->frame, true, effects);
  else film.stage = FilmStage::kWaiting;
}

void change_order(State& s) {
  bool fixed = s.settings.order == FindingsOrder::kFixed;
  s.settings.order = fixed ? FindingsOrder::kZone : FindingsOrder::kFixed;
}

constexpr double kZoomStep = 1.25;
constexpr double kCrossStep = 8;    // ScreenPx
constexpr double kPanStep = 60;     // ScreenPx
constexpr double kWindowStep = 24;  // ScreenPx of drag

// clang-format off
std::vector<Command> make_commands() {
  using G = CommandGroup;
  return {
      {"open", "Open…", "Open films", "Ctrl+O", G::kFilms, {{"o", true}}, always,
       [](State&, Effects& e) { e.push_back(PickFiles{}); }},
      {"open-folder", "Folder…", "Open a folder of films", "Ctrl+Shift+O", G::kFilms, {{"o", true, true}}, always,
       [](State&, Effects& e) { e.push_back(PickFolder{}); }},
      {"open-labels", "Open labels…", "Open a table of labels of the films", "", G::kFilms, {}, always,
       [](State&, Effects& e) { e.push_back(PickLabels{}); }},
      {"paste", "Paste", "Open films from the clipboard", "Ctrl+V", G::kFilms, {}, always,
       [](State&, Effects& e) { e.push_back(PasteFiles{}); }},
      {"export", "Export…", "Export the findings", "Ctrl+S", G::kFilms, {{"s", true}}, has_any_findings,
       [](State& s, Effects&) { s.popup = s.popup == Popup::kExport ? Popup::kNone : Popup::kExport; }},
      {"report", "Report", "Print a report of this film, or save it as PDF", "Ctrl+P", G::kFilms, {{"p", true}}, can_report,
       [](State& s, Effects& e) { s.popup = Popup::kNone; print_report(s, e); }},
      {"report-all", "Report of all", "Print a report of all films", "Ctrl+Shift+P", G::kFilms, {{"p", true, true}},
       can_report_all, [](State& s, Effects& e) { s.popup = Popup::kNone; report_all(s, true, e); }},
      {"save-report", "Save report", "Save a report of all films as HTML", "Ctrl+Shift+S", G::kFilms, {{"s", true, true}},
       can_report_all, [](State& s, Effects& e) { s.popup = Popup::kNone; report_all(s, false, e); }},
      {"keep-readings", "Keep readings", "Keep what you say of films on this device, or keep no more", "{", G::kFilms, {{"{"}}, always,
       [](State& s, Effects&) { switch_keeping(s); }},
      {"forget-readings", "Forget all", "Forget all that is kept of films on this device", "", G::kFilms, {}, has_kept_readings,
       [](State& s, Effects& e) { forget_readings(s, e); }},
      {"evaluation", "Evaluate…", "Scores against labels: figures, plots, reports", "'", G::kFilms, {{"'"}}, nothing_hidden,
       [](State& s, Effects& e) { toggle_evaluation(s, e); }},
      {"analyse-rest", "Analyse the rest", "Analyse all films that were not", "", G::kFilms, {}, has_rest,
       [](State& s, Effects&) { analyse_rest(s); }},
      {"study", "Reader study…", "Read films while scores are hidden, then with them", "@", G::kFilms, {{"@"}}, has_films,
       [](State& s, Effects&) { toggle_popup(s, Popup::kStudy); }},
      {"study-next", "Next in the study", "In a study: show the model, then the next film", "_", G::kFilms, {{"_"}}, study_film_is_read,
       study_next},
      {"end-study", "End the study", "End the study, and show all scores", "", G::kFilms, {}, study_is_running, end_study},
      {"export-study", "Export the study", "Readings of the study: JSON, and CSV for iMRMC", "", G::kFilms, {}, has_study,
       [](State& s, Effects& e) { e.push_back(ExportStudy{study_record(s)}); }},
      {"glossary", "Glossary…", "What the findings mean, and what they look like", "\"", G::kFindings, {{"\""}}, always,
       [](State& s, Effects&) { toggle_popup(s, Popup::kGlossary); }},
      {"remove-profile", "Remove the profile", "Use the model’s own zones and thresholds again", "", G::kFindings, {}, has_site_profile,
       [](State&, Effects& e) { e.push_back(RemoveProfile{}); }},
      {"previous-film", "Previous film", "Previous film", "↑", G::kFilms, {{"ArrowUp"}}, has_several_films,
       [](State& s, Effects&) { step_film(s, -1); }},
      {"next-film", "Next film", "Next film", "↓", G::kFilms, {{"ArrowDown"}}, has_several_films,
       [](State& s, Effects&) { step_film(s, +1); }},
      {"first-film", "First film", "First film, last with End", "Home", G::kFilms, {{"Home"}}, has_several_films,
       [](State& s, Effects&) { show_end(s, false); }},
      {"last-film", "Last film", "", "End", G::kFilms, {{"End"}}, has_several_films,
       [](State& s, Effects&) { show_end(s, true); }},
      {"compare-before", "Film before", "Side by side with the film before, of the same patient; again: alone", "Ctrl+↑", G::kFilms,
       {{"ArrowUp", true}}, has_several_films, [](State& s, Effects&) { compare_with_neighbour(s, -1); }},
      {"compare-next", "Film after", "Side by side with the film after, of the same patient; again: alone", "Ctrl+↓", G::kFilms,
       {{"ArrowDown", true}}, has_several_films, [](State& s, Effects&) { compare_with_neighbour(s, +1); }},
      {"compare-film", "Keep film", "Keep this film beside the next one chosen, or no longer", "*", G::kFilms, {{"*"}},
       has_several_films, [](State& s, Effects&) { s.second.id != 0 ? end_comparison(s) : compare_with(s, s.selected); }},
      {"swap-films", "Other film", "Side by side: to the other film", "$", G::kFilms, {{"$"}}, has_second_film,
       [](State& s, Effects&) { swap_films(s); }},
      {"compare-link", "Linked", "Side by side: zoom, place (as a fraction of the picture) and window linked, or not", "Shift+J",
       G::kFilms, {{"j", false, true}}, has_second_film, [](State& s, Effects&) { s.second.linked = !s.second.linked; }},
      {"score-changes", "Changes", "Side by side: the change of scores, or the findings", "#", G::kFilms, {{"#"}}, has_second_film,
       [](State& s, Effects&) { s.second.scores = !s.second.scores; }},
      {"worklist", "Worklist", "Worklist, or the strip of films", "\\", G::kFilms, {{"\\"}}, has_films,
       [](State& s, Effects&) { toggle_worklist(s); }},
      {"search", "Search", "Search films by name", "/", G::kFilms, {{"/"}, {"f", true}}, has_films,
       [](State& s, Effects& e) { begin_text(s, "search", "", e); }},
      {"read-next", "Read, next", "This film is read: on to the next unread one", "Enter", G::kFilms, {{"Enter"}}, has_unread_film,
       read_and_go_on},
      {"read", "Read", "Film read, or not", "}", G::kFilms, {{"}"}}, has_films,
       [](State& s, Effects& e) { mark_read(s, s.selected, !selected_film(s)->reading.read, e); }},
      {"remove-film", "Remove film", "Remove this film", "Del", G::kFilms, {{"Delete"}}, has_films,
       [](State& s, Effects& e) { remove_film(s, s.selected, e); }},
      {"clear-films", "Clear all", "Remove all films", "Shift+Del", G::kFilms, {{"Delete", false, true}}, has_films,
       [](State& s, Effects& e) { clear_films(s, e); }},
      {"analyse-again", "Analyse again", "Analyse this film again, or the frame shown; read its file again", "A", G::kFilms, {{"a"}},
       can_analyse_again, [](State& s, Effects& e) { analyse_again(s, e); }},
      {"previous-frame", "Previous frame", "Previous frame of a film with several", "PgUp", G::kFilms, {{"PageUp"}}, has_frames,
       [](State& s, Effects& e) { step_frame(s, -1, e); }},
      {"next-frame", "Next frame", "Next frame", "PgDn", G::kFilms, {{"PageDown"}}, has_frames,
       [](State& s, Effects& e) { step_frame(s, +1, e); }},
      {"cancel", "Cancel", "Stop loading, analysing or explaining", "X", G::kFilms, {{"x"}}, can_cancel,
       [](State& s, Effects& e) { cancel_work(s, e); }},
      {"load-again", "Load again", "Load the model again", "Shift+X", G::kFilms, {{"x", false, true}},
       can_load_again, [](State& s, Effects& e) { load_model(s, "", e); }},

      {"finding-1", "Finding 1", "Map of the finding in that row", "1-9", G::kFindings, {{"1"}}, has_rank<1>,
       pin_rank<1>},
      {"finding-2", "Finding 2", "", "2", G::kFindings, {{"2"}}, has_rank<2>, pin_rank<2>},
      {"finding-3", "Finding 3", "", "3", G::kFindings, {{"3"}}, has_rank<3>, pin_rank<3>},
      {"finding-4", "Finding 4", "", "4", G::kFindings, {{"4"}}, has_rank<4>, pin_rank<4>},
      {"finding-5", "Finding 5", "", "5", G::kFindings, {{"5"}}, has_rank<5>, pin_rank<5>},
      {"finding-6", "Finding 6", "", "6", G::kFindings, {{"6"}}, has_rank<6>, pin_rank<6>},
      {"finding-7", "Finding 7", "", "7", G::kFindings, {{"7"}}, has_rank<7>, pin_rank<7>},
      {"finding-8", "Finding 8", "", "8", G::kFindings, {{"8"}}, has_rank<8>, pin_rank<8>},
      {"finding-9", "Finding 9", "", "9", G::kFindings, {{"9"}}, has_rank<9>, pin_rank<9>},
      {"next-finding", "Next finding", "Next finding", "N", G::kFindings, {{"n"}}, has_findings,
       [](State& s, Effects&) { step_finding(s, +1); }},
      {"previous-finding", "Previous finding", "Previous finding", "P", G::kFindings, {{"p"}}, has_findings,
       [](State& s, Effects&) { step_finding(s, -1); }},
      {"order", "Change order", "Sort by zone, or keep a fixed order", "G", G::kFindings, {{"g"}},
       always, [](State& s, Effects&) { change_order(s); }},
      {"operating-point", "Thresholds…", "Choose a set of thresholds", "Shift+U", G::kFindings, {{"u", false, true}},
       has_operating_points, [](State& s, Effects&) { toggle_popup(s, Popup::kOperatingPoint); }},
      {"next-operating-point", "Next thresholds", "Next set of thresholds", "Shift+O", G::kFindings, {{"o", false, true}},
       has_operating_points, [](State& s, Effects& e) { step_operating_point(s, e); }},
      {"try-threshold", "Try a threshold", "Try a threshold of your own for the finding", ";", G::kFindings,
       {{";"}}, can_try_threshold, [](State& s, Effects&) { s.trial_open = !s.trial_open; }},
      {"stability", "Check stability", "How far small changes move the scores", "~", G::kFindings, {{"~"}}, can_check_stability,
       check_stability},
      {"agree", "Agree", "Agree with the finding", ">", G::kFindings, {{">"}}, has_pinned_finding, say<Opinion::kAgree>},
      {"disagree", "Disagree", "Disagree with the finding", "<", G::kFindings, {{"<"}}, has_pinned_finding,
       say<Opinion::kDisagree>},
      {"note", "Note…", "Write a note on the finding", ":", G::kFindings, {{":"}}, has_pinned_finding,
       [](State& s, Effects& e) { begin_text(s, "note", s.pinned, e); }},
      {"clear", "Clear", "Close what is open, then the film beside, kept maps, the pinned finding, the list’s filter, then stop loading", "Esc", G::kFindings,
       {{"Escape"}}, always, [](State& s, Effects& e) { clear_one(s, e); }},

      {"map", "Map", "Map on or off", "M", G::kMap, {{"m"}}, has_findings,
       [](State& s, Effects&) { s.settings.overlay.visible = !s.settings.overlay.visible; }},
      {"original", "Original", "The film alone, while held", "O", G::kMap, {{"o"}}, has_picture,
       [](State& s, Effects&) { s.original_held = !s.original_held; }, false, true},
      {"mode", "Evidence or signed", "Evidence for, or signed evidence", "E", G::kMap, {{"e"}}, has_findings,
       [](State& s, Effects&) {
         s.settings.overlay.visible = true;
         s.settings.overlay.mode =
             s.settings.overlay.mode == OverlayMode::kSigned ? OverlayMode::kEvidence : OverlayMode::kSigned;
       }},
      {"contour", "Contour", "Contour on or off", "C", G::kMap, {{"c"}}, has_findings,
       [](State& s, Effects&) { show_contour(s, !s.settings.overlay.contour); }},
      {"fainter", "Fainter map", "Fainter map", "[", G::kMap, {{"["}}, has_findings,
       [](State& s, Effects&) { change_opacity(s, -0.1); }},
      {"stronger", "Stronger map", "Stronger map", "]", G::kMap, {{"]"}}, has_findings,
       [](State& s, Effects&) { change_opacity(s, +0.1); }},
      {"method", "Method…", "Choose how the finding is explained", "Shift+E", G::kMap, {{"e", false, true}}, can_explain,
       [](State& s, Effects&) { s.popup = s.popup == Popup::kMethod ? Popup::kNone : Popup::kMethod; }},
      {"next-method", "Next method", "Explain it by the next method", "Shift+N", G::kMap, {{"n", false, true}}, can_explain,
       [](State& s, Effects& e) { step_method(s, +1, e); }},
      {"keep-map", "Keep beside", "Keep this map beside the next one, or no longer", "Shift+P", G::kMap, {{"p", false, true}},
       can_keep, [](State& s, Effects&) { keep_map(s); }},
      {"check-map", "Check this map", "Run trust checks", "Shift+C", G::kMap, {{"c", false, true}},
       can_check_map, [](State& s, Effects& e) { check_map(s, e); }},
      {"export-map", "Export this map", "Export the map: picture, numbers and facts", "Shift+Z", G::kMap,
       {{"z", false, true}}, can_explain, [](State& s, Effects& e) { export_map(s, e); }},
      {"model-outline", "Outline on film", "Outline what the model saw", "S", G::kMap, {{"s"}},
       has_picture, [](State& s, Effects&) { s.settings.overlay.model_outline = !s.settings.overlay.model_outline; }},
      {"anatomy", "Lungs and heart", "Outline lungs and heart, with their ratio", "`", G::kMap, {{"`"}}, has_picture,
       [](State& s, Effects&) { s.settings.overlay.anatomy = !s.settings.overlay.anatomy; }},

      {"models", "Models…", "Models: use, add, remove, compare", "Ctrl+M", G::kModel, {{"m", true}}, always,
       [](State& s, Effects&) { toggle_popup(s, Popup::kModels); }},
      {"add-model", "Add a model…", "Add a model from a file", "", G::kModel, {}, always,
       [](State&, Effects& e) { e.push_back(PickModel{}); }},
      {"describe-model", "Labels and input…", "Labels and input of an added model", "", G::kModel, {}, can_describe,
       [](State& s, Effects& e) { describe_model(s, model_of_form(s)->id, e); }},
      {"stop-comparing", "Stop comparing", "Scores of one model only", "", G::kModel, {}, is_comparing,
       [](State& s, Effects& e) { compare_model(s, "", e); }},
      {"model-input", "Model input…", "Pixels that the model saw", "Shift+S", G::kModel,
       {{"s", false, true}}, has_picture, [](State& s, Effects&) { toggle_popup(s, Popup::kModelInput); }},
      {"corrections", "Correct input…", "Correct what the model sees", "Y", G::kModel, {{"y"}}, has_picture,
       [](State& s, Effects&) { toggle_popup(s, Popup::kCorrections); }},
      {"remedy", "Do what is advised", "Do what the first warning advises", "Ctrl+Enter", G::kModel, {{"Enter", true}},
       has_remedy, do_remedy},
      {"correct-invert", "Invert", "Invert for the model", "Shift+I", G::kModel, {{"i", false, true}}, has_picture,
       correct_inversion},
      {"correct-turn-left", "Turn left", "Turn left for the model", "", G::kModel, {}, has_picture,
       correct_by<&Correction::turned_left>},
      {"correct-turn-right", "Turn right", "Turn right for the model", "Shift+R", G::kModel, {{"r", false, true}},
       has_picture, correct_by<&Correction::turned_right>},
      {"correct-flip-horizontal", "Flip H", "Flip left to right for the model", "Shift+H", G::kModel,
       {{"h", false, true}}, has_picture, correct_by<&Correction::flipped_left_right>},
      {"correct-flip-vertical", "Flip V", "Flip top to bottom for the model", "Shift+V", G::kModel,
       {{"v", false, true}}, has_picture, correct_by<&Correction::flipped_top_bottom>},
      {"correct-window", "Use this window", "Let the model see the window of the screen", "", G::kModel, {},
       has_picture, correct_window},
      {"correct-crop", "Crop to screen", "Let the model see only what is on the screen", "", G::kModel, {}, has_picture,
       correct_crop},
      {"correct-draw-crop", "Draw a crop", "Draw the part that the model is to see", "Shift+K", G::kModel,
       {{"k", false, true}}, has_picture,
       [](State& s, Effects&) { s.cropping = !s.cropping; s.popup = Popup::kNone; }},
      {"correct-as-shown", "As on the screen", "Turn, inversion and window of the screen, for the model", "", G::kModel, {},
       has_picture, [](State& s, Effects& e) { correct(s, correction_as_shown(*find_film(s, s.selected)), e); }},
      {"analyse-anyway", "Analyse anyway", "Analyse a refused film all the same", "Shift+Y", G::kModel,
       {{"y", false, true}}, may_be_overridden,
       [](State& s, Effects& e) { auto* f = find_film(s, s.selected); change_request(s, *f, {f->request.correction, true}, e); }},
      {"undo", "Undo", "Undo: films removed, corrections, measurements, verdicts", "Ctrl+Z", G::kFilms, {{"z", true}}, can_undo,
       undo},
      {"redo", "Redo", "Do it again", "Ctrl+Y", G::kFilms, {{"y", true}, {"z", true, true}}, can_redo, redo},
      {"correct-reset", "As opened", "Take back all corrections for the model", "", G::kModel, {}, is_corrected,
       [](State& s, Effects& e) { change_request(s, *find_film(s, s.selected), {}, e); }},

      {"fit", "Fit", "Fit the film", "F", G::kFilm, {{"f"}, {"="}}, has_picture,
       [](State& s, Effects&) { change_view(s, [](const FilmView& v, FilmSize, const State&) {
           return FilmView{true, v.zoom, v.centre, v.orientation}; }); }},
      {"one-to-one", "1:1", "One film pixel per screen pixel", "Z", G::kFilm, {{"z"}}, has_picture,
       [](State& s, Effects&) { change_view(s, [](const FilmView& v, FilmSize film, const State& state) {
           return one_to_one(v, state.pixel_ratio, film, state.film_area); }); }},
      {"zoom-in", "Zoom in", "Zoom in", "+", G::kFilm, {{"+"}}, has_picture,
       [](State& s, Effects&) { change_view(s, [](const FilmView& v, FilmSize film, const State& state) {
           return zoomed_at(v, kZoomStep, state.film_area.centre(), film, state.film_area); }); }},
      {"zoom-out", "Zoom out", "Zoom out", "−", G::kFilm, {{"-"}}, has_picture,
       [](State& s, Effects&) { change_view(s, [](const FilmView& v, FilmSize film, const State& state) {
           return zoomed_at(v, 1 / kZoomStep, state.film_area.centre(), film, state.film_area); }); }},
      {"pan-left", "Move left", "Move the film", "Shift+arrows", G::kFilm, {{"ArrowLeft", false, true}},
       has_picture, [](State& s, Effects&) { pan_film(s, -kPanStep, 0); }},
      {"pan-right", "Move right", "", "Shift+→", G::kFilm, {{"ArrowRight", false, true}}, has_picture,
       [](State& s, Effects&) { pan_film(s, kPanStep, 0); }},
      {"pan-up", "Move up", "", "Shift+↑", G::kFilm, {{"ArrowUp", false, true}}, has_picture,
       [](State& s, Effects&) { pan_film(s, 0, -kPanStep); }},
      {"pan-down", "Move down", "", "Shift+↓", G::kFilm, {{"ArrowDown", false, true}}, has_picture,
       [](State& s, Effects&) { pan_film(s, 0, kPanStep); }},
      {"invert", "Invert", "Invert grey values", "I", G::kWindow, {{"i"}}, has_picture,
       [](State& s, Effects&) { auto* f = find_film(s, s.selected); f->inverted = !f->inverted; }},
      {"rotate-right", "Turn right", "Turn right", "R", G::kFilm, {{"r"}}, has_picture,
       [](State& s, Effects&) { turn(s, &Orientation::turned_right); }},
      {"rotate-left", "Turn left", "Turn left", "L", G::kFilm, {{"l"}}, has_picture,
       [](State& s, Effects&) { turn(s, &Orientation::turned_left); }},
      {"flip-horizontal", "Flip H", "Flip left to right", "H", G::kFilm, {{"h"}}, has_picture,
       [](State& s, Effects&) { turn(s, &Orientation::flipped_left_right); }},
      {"flip-vertical", "Flip V", "Flip top to bottom", "V", G::kFilm, {{"v"}}, has_picture,
       [](State& s, Effects&) { turn(s, &Orientation::flipped_top_bottom); }},
      {"window-wider", "Wider window", "Wider window, narrower with Shift", "W", G::kWindow, {{"w"}},
       has_picture, [](State& s, Effects&) { drag_window(s, kWindowStep, 0); }},
      {"window-narrower", "Narrower window", "", "Shift+W", G::kWindow, {{"w", false, true}}, has_picture,
       [](State& s, Effects&) { drag_window(s, -kWindowStep, 0); }},
      {"brighter", "Brighter", "Brighter, darker with Shift", "B", G::kWindow, {{"b"}}, has_picture,
       [](State& s, Effects&) { drag_window(s, 0, -kWindowStep); }},
      {"darker", "Darker", "", "Shift+B", G::kWindow, {{"b", false, true}}, has_picture,
       [](State& s, Effects&) { drag_window(s, 0, kWindowStep); }},
      {"windows", "Window…", "Choose a window", "J", G::kWindow, {{"j"}}, has_picture,
       [](State& s, Effects&) { s.popup = s.popup == Popup::kWindow ? Popup::kNone : Popup::kWindow; }},
      {"preset-next", "Next window", "Next window, the one before with Shift", "Q", G::kWindow, {{"q"}}, has_picture,
       [](State& s, Effects&) { step_preset(*find_film(s, s.selected), +1); }},
      {"preset-previous", "Window before", "", "Shift+Q", G::kWindow, {{"q", false, true}}, has_picture,
       [](State& s, Effects&) { step_preset(*find_film(s, s.selected), -1); }},
      {"window-opened", "As opened", "Window as opened", "Shift+D", G::kWindow, {{"d", false, true}}, has_picture,
       choose<kOpened>},
      {"window-full", "Full range", "Window: full range", "Shift+F", G::kWindow, {{"f", false, true}}, has_picture,
       choose<kFull>},
      {"window-auto", "Auto", "Window: automatic", "Shift+A", G::kWindow, {{"a", false, true}}, has_greys, choose<kAuto>},
      {"window-lung", "Lung", "Window: lung", "Shift+L", G::kWindow, {{"l", false, true}}, has_greys, choose<kLung>},
      {"window-bone", "Mediastinum, bone", "Window: mediastinum and bone", "Shift+M", G::kWindow, {{"m", false, true}},
       has_greys, choose<kBone>},
      {"reset", "Reset", "Window, turns and zoom as the film came", "0", G::kFilm, {{"0"}}, has_picture,
       [](State& s, Effects&) { reset_film(*find_film(s, s.selected)); }},
      {"film-facts", "Facts…", "File details", "!", G::kFilm, {{"!"}}, has_picture,
       [](State& s, Effects&) { toggle_popup(s, Popup::kFilmFacts); }},
      {"corner-text", "Corner text", "Corner text on or off", "T", G::kFilm, {{"t"}}, always,
       [](State& s, Effects&) { s.settings.corner_text = !s.settings.corner_text; }},
      {"file-drawing", "Drawing in the file", "What the file draws over the picture: shown or hidden", "|", G::kFilm,
       {{"|"}}, has_drawing,
       [](State& s, Effects&) { auto* f = find_film(s, s.selected); f->drawing_shown = !f->drawing_shown; }},
      {"identifiers", "Identifiers", "Patient details: shown or hidden", "D", G::kFilm, {{"d"}}, always,
       [](State& s, Effects&) { s.identifiers_shown = !s.identifiers_shown; }},
      {"films-panel", "Films panel", "Films panel on or off", ",", G::kFilms, {{","}}, always,
       [](State& s, Effects&) { s.settings.films_open = !s.settings.films_open; }},
      {"findings-panel", "Findings panel", "Findings panel on or off", ".", G::kFindings, {{"."}}, always,
       [](State& s, Effects&) { s.settings.findings_open = !s.settings.findings_open; }},
      {"tool-length", "Length", "Measure a length (tape)", "Shift+T", G::kMeasuring, {{"t", false, true}}, has_picture, tool<Tool::kLength>},
      {"tool-angle", "Angle", "Measure an angle: end, corner, end", "Shift+G", G::kMeasuring, {{"g", false, true}}, has_picture,
       tool<Tool::kAngle>},
      {"tool-probe", "Probe", "Read a pixel", "K", G::kMeasuring, {{"k"}}, has_picture, tool<Tool::kProbe>},
      {"tool-magnifier", "Magnifier", "Magnifier", "U", G::kMeasuring, {{"u"}}, has_picture, tool<Tool::kMagnifier>},
      {"cross-left", "Cross left", "With a tool: move the cross", "Arrows", G::kMeasuring, {{"ArrowLeft"}}, has_cross,
       [](State& s, Effects&) { move_cross(s, -kCrossStep, 0, false); }, true},
      {"cross-right", "Cross right", "", "→", G::kMeasuring, {{"ArrowRight"}}, has_cross,
       [](State& s, Effects&) { move_cross(s, kCrossStep, 0, false); }, true},
      {"cross-up", "Cross up", "", "↑", G::kMeasuring, {{"ArrowUp"}}, has_cross,
       [](State& s, Effects&) { move_cross(s, 0, -kCrossStep, false); }, true},
      {"cross-down", "Cross down", "", "↓", G::kMeasuring, {{"ArrowDown"}}, has_cross,
       [](State& s, Effects&) { move_cross(s, 0, kCrossStep, false); }, true},
      {"cross-left-fine", "Cross left by one pixel", "By one film pixel", "Ctrl+arrows", G::kMeasuring,
       {{"ArrowLeft", true}}, has_cross, [](State& s, Effects&) { move_cross(s, -1, 0, true); }, true},
      {"cross-right-fine", "Cross right by one pixel", "", "Ctrl+→", G::kMeasuring, {{"ArrowRight", true}}, has_cross,
       [](State& s, Effects&) { move_cross(s, 1, 0, true); }, true},
      {"cross-up-fine", "Cross up by one pixel", "", "Ctrl+↑", G::kMeasuring, {{"ArrowUp", true}}, has_cross,
       [](State& s, Effects&) { move_cross(s, 0, -1, true); }, true},
      {"cross-down-fine", "Cross down by one pixel", "", "Ctrl+↓", G::kMeasuring, {{"ArrowDown", true}}, has_cross,
       [](State& s, Effects&) { move_cross(s, 0, 1, true); }, true},
      {"set-point", "Set point", "Place, drag or release an end point", "Enter", G::kMeasuring, {{"Enter"}}, has_cross,
       [](State& s, Effects&) { press_tool(s); }, true},
      {"next-point", "Next end point", "Cross to the next end point", "Page down", G::kMeasuring, {{"PageDown"}},
       has_measurements, [](State& s, Effects&) { next_end_point(s); }, true},
      {"remove-measurement", "Delete", "Delete the marked measurement", "Del", G::kMeasuring,
       {{"Delete"}, {"Backspace"}}, has_marked_measurement,
       [](State& s, Effects&) { remove_measurement(s, s.measuring.selected); }, true},
      {"reset-keys", "Default keys", "All keys and gestures as they were", "", G::kFilms, {}, has_own_keys,
       [](State& s, Effects&) { s.settings.keys.clear(); s.settings.gestures.clear(); }},
      {"help", "?", "This list", "?", G::kFilms, {{"?"}, {"F1"}}, always,
       [](State& s, Effects&) { s.popup = s.popup == Popup::kHelp ? Popup::kNone : Popup::kHelp; }},
  };
}

// clang-format on

}  // namespace

std::span<const Command> commands() {
  static const std::vector<Command> table = make_commands();
  return table;
}

const Command* find_command(std::string_view id) {
  for (const Command& command : commands())
    if (command.id == id) return &command;
  return nullptr;
}

}  // namespace chestlight::viewer
