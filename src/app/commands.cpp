// See commands.h.
#include "app/commands.h"

#include <algorithm>

#include "app/film_commands.h"
#include "app/window_presets.h"

namespace chestlight::app {
namespace {

using Effects = std::vector<Effect>;

bool always(const State&) { return true; }
bool has_films(const State& s) { return !s.films.empty(); }
bool has_several_films(const State& s) { return s.films.size() > 1; }
bool has_picture(const State& s) {
  const FilmEntry* film = selected_film(s);
  return film && film->decoded();
}
bool has_greys(const State& s) {
  const FilmEntry* film = selected_film(s);
  return film && film->greys;
}
bool has_findings(const State& s) {
  const FilmEntry* film = selected_film(s);
  return film && film->analysis && !film->analysis->findings.empty();
}
bool has_any_findings(const State& s) {
  return std::any_of(s.films.begin(), s.films.end(),
                     [](const FilmEntry& f) { return f.analysis && !f.analysis->findings.empty(); });
}
bool is_working(const State& s) {
  return std::any_of(s.films.begin(), s.films.end(), [](const FilmEntry& f) { return f.cancellable(); });
}
bool has_frames(const State& s) {
  const FilmEntry* film = selected_film(s);
  return film && film->frames() > 1;
}
bool can_analyse_again(const State& s) {
  const FilmEntry* film = selected_film(s);
  return film && s.engine == EnginePhase::kReady &&
         (film->awaits_choice_of_frame() || film->stage == FilmStage::kCancelled || film->stage == FilmStage::kAnalysisFailed);
}

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

void analyse_again(State& s, Effects& effects) {
  FilmEntry& film = *find_film(s, s.selected);
  if (film.awaits_choice_of_frame())
    show_frame(s, film.info.dicom->frame, true, effects);
  else
    film.stage = FilmStage::kDecoded;
}

void change_order(State& s) {
  bool fixed = s.settings.order == FindingsOrder::kFixed;
  s.settings.order = fixed ? FindingsOrder::kByMargin : FindingsOrder::kFixed;
}

constexpr double kZoomStep = 1.25;
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
      {"paste", "Paste", "Open films from the clipboard", "Ctrl+V", G::kFilms, {}, always,
       [](State&, Effects& e) { e.push_back(PasteFiles{}); }},
      {"export", "Export…", "Export the findings", "Ctrl+S", G::kFilms, {{"s", true}}, has_any_findings,
       [](State& s, Effects&) { s.popup = s.popup == Popup::kExport ? Popup::kNone : Popup::kExport; }},
      {"previous-film", "Previous film", "Previous film", "↑", G::kFilms, {{"ArrowUp"}}, has_several_films,
       [](State& s, Effects&) { step_film(s, -1); }},
      {"next-film", "Next film", "Next film", "↓", G::kFilms, {{"ArrowDown"}}, has_several_films,
       [](State& s, Effects&) { step_film(s, +1); }},
      {"remove-film", "Remove film", "Remove this film", "Del", G::kFilms, {{"Delete"}}, has_films,
       [](State& s, Effects& e) { remove_film(s, s.selected, e); }},
      {"analyse-again", "Analyse again", "Analyse this film again, or the frame shown", "A", G::kFilms, {{"a"}},
       can_analyse_again, [](State& s, Effects& e) { analyse_again(s, e); }},
      {"previous-frame", "Previous frame", "Previous frame of a film with several", "PgUp", G::kFilms, {{"PageUp"}}, has_frames,
       [](State& s, Effects& e) { step_frame(s, -1, e); }},
      {"next-frame", "Next frame", "Next frame", "PgDn", G::kFilms, {{"PageDown"}}, has_frames,
       [](State& s, Effects& e) { step_frame(s, +1, e); }},
      {"cancel", "Cancel", "Stop analysing", "X", G::kFilms, {{"x"}}, is_working,
       [](State& s, Effects& e) { cancel_analyses(s, e); }},

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
      {"order", "Change order", "Sort by score − threshold, or keep a fixed order", "G", G::kFindings, {{"g"}},
       always, [](State& s, Effects&) { change_order(s); }},
      {"clear", "Clear", "Close what is open, then unpin the finding", "Esc", G::kFindings, {{"Escape"}},
       always, [](State& s, Effects&) { clear_one(s); }},

      {"map", "Map", "Map on or off", "M", G::kMap, {{"m"}}, has_findings,
       [](State& s, Effects&) { s.settings.overlay.visible = !s.settings.overlay.visible; }},
      {"original", "Original", "The film alone, while held", "O", G::kMap, {}, has_picture,
       [](State& s, Effects&) { s.original_held = !s.original_held; }},
      {"mode", "Evidence or signed", "Evidence for, or signed evidence", "E", G::kMap, {{"e"}}, has_findings,
       [](State& s, Effects&) {
         s.settings.overlay.visible = true;
         s.settings.overlay.mode =
             s.settings.overlay.mode == OverlayMode::kSigned ? OverlayMode::kEvidence : OverlayMode::kSigned;
       }},
      {"contour", "Contour", "Contour on or off", "C", G::kMap, {{"c"}}, has_findings,
       [](State& s, Effects&) { s.settings.overlay.contour = !s.settings.overlay.contour; }},
      {"fainter", "Fainter map", "Fainter map", "[", G::kMap, {{"["}}, has_findings,
       [](State& s, Effects&) { change_opacity(s, -0.1); }},
      {"stronger", "Stronger map", "Stronger map", "]", G::kMap, {{"]"}}, has_findings,
       [](State& s, Effects&) { change_opacity(s, +0.1); }},
      {"model-outline", "What the model saw", "Outline what the model saw", "S", G::kMap, {{"s"}},
       has_picture, [](State& s, Effects&) { s.settings.overlay.model_outline = !s.settings.overlay.model_outline; }},

      {"fit", "Fit", "Fit the film", "F", G::kFilm, {{"f"}}, has_picture,
       [](State& s, Effects&) { change_view(s, [](const FilmView& v, FilmSize, const State&) {
           return FilmView{true, v.zoom, v.centre, v.orientation}; }); }},
      {"one-to-one", "1:1", "One film pixel per screen pixel", "Z", G::kFilm, {{"z"}}, has_picture,
       [](State& s, Effects&) { change_view(s, [](const FilmView& v, FilmSize film, const State& state) {
           return one_to_one(v, state.pixel_ratio, film, state.film_area); }); }},
      {"zoom-in", "Zoom in", "Zoom in", "+", G::kFilm, {{"+"}, {"="}}, has_picture,
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
      {"invert", "Invert", "Invert grey values", "I", G::kFilm, {{"i"}}, has_picture,
       [](State& s, Effects&) { auto* f = find_film(s, s.selected); f->inverted = !f->inverted; }},
      {"rotate-right", "Turn right", "Turn right", "R", G::kFilm, {{"r"}}, has_picture,
       [](State& s, Effects&) { turn(s, &Orientation::turned_right); }},
      {"rotate-left", "Turn left", "Turn left", "L", G::kFilm, {{"l"}}, has_picture,
       [](State& s, Effects&) { turn(s, &Orientation::turned_left); }},
      {"flip-horizontal", "Flip H", "Flip left to right", "H", G::kFilm, {{"h"}}, has_picture,
       [](State& s, Effects&) { turn(s, &Orientation::flipped_left_right); }},
      {"flip-vertical", "Flip V", "Flip top to bottom", "V", G::kFilm, {{"v"}}, has_picture,
       [](State& s, Effects&) { turn(s, &Orientation::flipped_top_bottom); }},
      {"window-wider", "Wider window", "Wider window, narrower with Shift", "W", G::kFilm, {{"w"}},
       has_picture, [](State& s, Effects&) { drag_window(s, kWindowStep, 0); }},
      {"window-narrower", "Narrower window", "", "Shift+W", G::kFilm, {{"w", false, true}}, has_picture,
       [](State& s, Effects&) { drag_window(s, -kWindowStep, 0); }},
      {"brighter", "Brighter", "Brighter, darker with Shift", "B", G::kFilm, {{"b"}}, has_picture,
       [](State& s, Effects&) { drag_window(s, 0, -kWindowStep); }},
      {"darker", "Darker", "", "Shift+B", G::kFilm, {{"b", false, true}}, has_picture,
       [](State& s, Effects&) { drag_window(s, 0, kWindowStep); }},
      {"windows", "Window…", "Choose a window", "J", G::kFilm, {{"j"}}, has_picture,
       [](State& s, Effects&) { s.popup = s.popup == Popup::kWindow ? Popup::kNone : Popup::kWindow; }},
      {"preset-next", "Next window", "Next window, the one before with Shift", "Q", G::kFilm, {{"q"}}, has_picture,
       [](State& s, Effects&) { step_preset(*find_film(s, s.selected), +1); }},
      {"preset-previous", "Window before", "", "Shift+Q", G::kFilm, {{"q", false, true}}, has_picture,
       [](State& s, Effects&) { step_preset(*find_film(s, s.selected), -1); }},
      {"window-opened", "As opened", "Window as opened", "Shift+D", G::kFilm, {{"d", false, true}}, has_picture,
       choose<kOpened>},
      {"window-full", "Full range", "Window: full range", "Shift+F", G::kFilm, {{"f", false, true}}, has_picture,
       choose<kFull>},
      {"window-auto", "Auto", "Window: automatic", "Shift+A", G::kFilm, {{"a", false, true}}, has_greys, choose<kAuto>},
      {"window-lung", "Lung", "Window: lung", "Shift+L", G::kFilm, {{"l", false, true}}, has_greys, choose<kLung>},
      {"window-bone", "Mediastinum, bone", "Window: mediastinum and bone", "Shift+M", G::kFilm, {{"m", false, true}},
       has_greys, choose<kBone>},
      {"reset", "Reset", "Window, turns and zoom as the film came", "0", G::kFilm, {{"0"}}, has_picture,
       [](State& s, Effects&) { reset_film(*find_film(s, s.selected)); }},
      {"corner-text", "Corner text", "Corner text on or off", "T", G::kFilm, {{"t"}}, always,
       [](State& s, Effects&) { s.settings.corner_text = !s.settings.corner_text; }},
      {"films-panel", "Films panel", "Films panel on or off", ",", G::kFilms, {{","}}, always,
       [](State& s, Effects&) { s.settings.films_open = !s.settings.films_open; }},
      {"findings-panel", "Findings panel", "Findings panel on or off", ".", G::kFindings, {{"."}}, always,
       [](State& s, Effects&) { s.settings.findings_open = !s.settings.findings_open; }},
      {"help", "?", "This list", "?", G::kFilms, {{"?"}, {"F1"}}, always,
       [](State& s, Effects&) { s.popup = s.popup == Popup::kHelp ? Popup::kNone : Popup::kHelp; }},
  };
}

// clang-format on

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

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

const Command* command_for_key(std::string_view key, bool ctrl, bool shift, bool alt) {
  if (alt || key.empty()) return nullptr;
  std::string folded(key);
  bool one_character = key.size() == 1;
  if (one_character) folded[0] = lower(folded[0]);
  bool shift_matters = !one_character || (folded[0] >= 'a' && folded[0] <= 'z');
  const Command* unshifted = nullptr;
  for (const Command& command : commands())
    for (const Chord& chord : command.chords) {
      if (chord.key != folded || chord.ctrl != ctrl) continue;
      if (!shift_matters || chord.shift == shift) return &command;
      if (one_character && !chord.shift) unshifted = &command;  // Caps Lock or a stray Shift
    }
  return unshifted;
}

}  // namespace chestlight::app
