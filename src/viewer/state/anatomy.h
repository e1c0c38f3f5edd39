// What the screen knows of a film's lungs and heart: the outlines, the two lines of the cardiothoracic ratio, which a reader may
// move, and what is said of them. The lines are measurements with a role (measuring.h), so that they are held and moved as others
// are.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "contract/messages.h"
#include "viewer/measuring/measuring.h"

namespace chestlight::viewer {

struct FilmEntry;
struct State;

/// Takes in what was found, where it is of what is asked for now: lines, and the words of places that follow it.
void take_anatomy(State& state, const contract::AnatomyArrived& arrived);
/// Another picture, or another correction: what was found is not of it. Where the reader moved lines to is known on.
void forget_anatomy(FilmEntry& film);

/// Both lines as they are once the reader has moved one and let go of it; nothing where they are as they were.
std::optional<std::vector<SourcePx>> lines_moved(const State& state, const FilmEntry& film);
/// Puts the lines where the reader left them, FilmEntry::moved_lines, else where they were measured.
void set_lines(State& state, FilmEntry& film);
/// What the case is told of them.
contract::MoveWidthLines lines_to_tell(const FilmEntry& film);
/// The number of the frame that lines belong to; 0 where the file has none.
int frame_of(const contract::FilmInfo& film);

/// The outlines and lines of the film are on the screen, or would be if there were any.
bool anatomy_shown(const State& state, const FilmEntry& film);
/// Whether a measurement is on the screen: the reader's own are, the lines of the ratio with the outlines.
bool is_shown(const State& state, const FilmEntry& film, const Measurement& one);
/// Whether an end of a line that is shown lies within `reach` (ScreenPx).
bool width_line_end_at(const State& state, const FilmEntry& film, ScreenPx at, double reach);
/// Back to where it was measured.
void reset_width_line(FilmEntry& film, Measurement& line);

struct WidthRatio {
  double value = 0;
  bool moved = false;        // by the reader
  double measured = 0;       // as the masks give it
  std::string heart, chest;  // lengths in words
};
/// Nothing where none was measured.
std::optional<WidthRatio> width_ratio(const FilmEntry& film);
/// "0.47"
std::string ratio_in_figures(double ratio);
/// "Cardiothoracic ratio 0.47, moved by you"; what stands at the line on the film.
std::string ratio_in_short(const FilmEntry& film);
/// All that is to be said: ratio with its lengths, whether the reader moved them, that an AP film enlarges the heart; else why
/// there is no ratio, or why no lungs were found. Empty while nothing is known.
std::string anatomy_in_words(const FilmEntry& film);

}  // namespace chestlight::viewer
