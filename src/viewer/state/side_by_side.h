// Two films side by side: the selected one and a second one (State::second), each with its own pixels, orientation and inversion.
// The older stands first, left or above, where their files tell; else the one that came first. Whatever is done is done to the
// selected film; a press in the other's pane makes that the selected one, and neither moves.
//
// Linked, the second film follows the selected one:
//   zoom and place   in fractions of the picture, as it is turned: few files state a true length, and a film that is fitted then
//                    begins to zoom without a jump
//   window           a named one by its name; a change by hand as the same fraction of the film's own range of values
// Taking either film away ends it. The change of their scores: score_changes.h.
#pragma once

#include <string>

#include "base/json.h"
#include "viewer/actions/update.h"

namespace chestlight::viewer {

/// The film that is seen beside the selected one; nullptr where there is none, and while it waits for another one.
const FilmEntry* second_film(const State& state);
/// Both in the order in which they stand; only while there is a second one.
struct FilmPair {
  const FilmEntry* first = nullptr;
  const FilmEntry* last = nullptr;
};
FilmPair film_pair(const State& state);
/// Their files tell which is older.
bool ages_known(const FilmPair& pair);
/// The pixels of one of both; nullptr where they are not here.
const PixelBuffer* held_pixels(const State& state, const FilmEntry& film);

/// Has a film stand beside the selected one; the selected one itself waits for another. Again: no longer.
void compare_with(State& state, int id);
/// The same with the film before (−1) or after (+1) of the same patient, else of the list (worklist/studies.h).
void compare_with_neighbour(State& state, int step);
/// The second film becomes the selected one.
void swap_films(State& state);
void end_comparison(State& state);

/// Called after every action: what is not there any more is dropped, and what is linked follows.
void settle_second(State& state);

/// The finding whose map lies over the second film, its evidence: that of the selected film; nullptr for none.
const Finding* second_finding(const State& state);
/// How evidence is drawn: side by side on a scale that both films share, so that colours mean the same.
MapFacts drawn_facts(const State& state, const FilmEntry& film, const Finding& finding);

/// "41 days apart", "the same day"; empty where one's date is not known.
std::string interval_in_words(const FilmEntry& a, const FilmEntry& b);
/// Which films, in which order, how far apart: "a.png, then b.png, 41 days apart." Empty while there is no second one.
std::string pair_in_words(const State& state);
/// What is linked, and how.
std::string link_in_words(const State& state);

/// {film, name, headline, first, last, dated, interval, text, linked, link_text, pixels, finding, view, scores, note, changes};
/// null while there is no second film.
Json side_by_side_json(const State& state);

}  // namespace chestlight::viewer
