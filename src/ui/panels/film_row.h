// What a row of films is made of, wherever films are listed: the picture, or what went wrong in its place; the state in a
// shape and a word; the buttons that take it away or read it again.
#pragma once

#include <string>
#include <string_view>

#include "ui/panels.h"

namespace chestlight::ui {

/// Thumbnail, marks and progress, with an edge that shows the selected film. If it `tells_why` a film is not analysed: in a
/// word on the thumbnail, or the whole failure where there is none.
void draw_film_picture(const View& view, const viewer::FilmEntry& film, Box picture, bool tells_why);

/// What a click on a row does: the film is shown; with Shift it stands beside the selected one.
viewer::Action row_action(int film);
/// What is said of the row under the pointer.
std::string row_hint(const View& view, const viewer::FilmEntry& film);

void draw_film_state(const View& view, const viewer::FilmEntry& film, Box area);

/// The row's own button to take the film away, and to read it again where it could not be read.
void draw_remove_button(const View& view, Actions& out, const viewer::FilmEntry& film, Box area);
void draw_retry_button(const View& view, Actions& out, const viewer::FilmEntry& film, Box area);

}  // namespace chestlight::ui
