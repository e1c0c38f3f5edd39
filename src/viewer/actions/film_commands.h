// The steps that commands and update() share. Each does nothing when there is no film to do it to.
#pragma once

#include "viewer/actions/update.h"

namespace chestlight::viewer {

void step_film(State& state, int step);
/// Asks for a frame of the selected film; its picture and findings are void from now on.
void show_frame(State& state, int frame, bool chosen, std::vector<Effect>& effects);
void step_frame(State& state, int step, std::vector<Effect>& effects);
void remove_film(State& state, int id, std::vector<Effect>& effects);
void clear_films(State& state, std::vector<Effect>& effects);
/// Shows the first or the last film in the order of the page.
void show_end(State& state, bool last);
/// Marks the selected film as read and shows the next one in the order of the page that is not.
void read_and_go_on(State& state, std::vector<Effect>& effects);
/// From the strip to the worklist and back; the choice is remembered.
void toggle_worklist(State& state);
/// Agrees or disagrees with the pinned finding of the selected film; again: takes that back.
void give_opinion(State& state, const std::string& finding, Opinion opinion, std::vector<Effect>& effects);
/// Opens the field for a line of text: "search", or a "note" on a finding of the selected film.
void begin_text(State& state, const std::string& field, const std::string& finding, std::vector<Effect>& effects);
void end_text(State& state, std::vector<Effect>& effects);
/// Asks the page for the field of State::editing at its place.
void ask_for_text(const State& state, std::vector<Effect>& effects);
/// Reads the file of a film that could not be read once more.
void retry_film(State& state, int id, std::vector<Effect>& effects);
/// Stops loading the model; when it is not loading, every analysis that runs or waits.
void cancel_work(State& state, std::vector<Effect>& effects);
/// `id` empty: the one asked for last. Films that failed because there was no model wait for it again.
void load_model(State& state, const std::string& id, std::vector<Effect>& effects);

/// The same, with the scores of the model in use kept beside its own; empty: they go.
void compare_model(State& state, const std::string& id, std::vector<Effect>& effects);
/// Opens the form of a model that was added, and loads it where it is not in use.
void describe_model(State& state, const std::string& id, std::vector<Effect>& effects);

void pin_finding(State& state, const std::string& id);  // again: unpins
void pin_displayed(State& state, int row);
void step_finding(State& state, int step);
/// Closes the uppermost open thing; with nothing open, unpins the finding; with none pinned, stops loading.
void clear_one(State& state, std::vector<Effect>& effects);

/// Switched off and on again it is at the finding's own cutoff.
void show_contour(State& state, bool visible);
void change_opacity(State& state, double by);
void reset_film(FilmEntry& film);
/// dx, dy in ScreenPx: right widens the window, down raises its level (darker).
void drag_window(State& state, double dx, double dy);
void set_window(FilmEntry& film, Window window);
void pan_film(State& state, double dx, double dy);
void turn(State& state, Orientation (Orientation::*how)() const);

inline FilmSize film_size(const FilmEntry& film) {
  return {static_cast<double>(film.info.width), static_cast<double>(film.info.height)};
}

template <class Change>
void change_view(State& state, Change change) {
  if (FilmEntry* film = find_film(state, state.selected); film && film->decoded())
    film->view = change(film->view, film_size(*film), state);
}

}  // namespace chestlight::viewer
