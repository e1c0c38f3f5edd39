// What a reader did that can be undone, with what it takes to undo it. Values; what is done with them: actions/undo.h.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "viewer/state/film_entry.h"

namespace chestlight::viewer {

/// Each with its place in State::films.
struct RemovedFilms {
  std::vector<std::pair<std::size_t, FilmEntry>> films;
  std::string model;  // the one in use then, its version included: another one's findings do not come back
};
struct BroughtBackFilms {
  std::vector<int> films;
};
/// Of a correction: what was asked for before.
struct ChangedRequest {
  int film = 0;
  ModelRequest before;
};
struct ChangedMeasurements {
  int film = 0;
  std::vector<Measurement> before;
};
/// Of the lines of the cardiothoracic ratio (state/anatomy.h).
struct MovedWidthLines {
  int film = 0;
  int frame = 0;
  std::vector<SourcePx> before;
};
/// Of a verdict, a note or the mark that a film is read.
struct ChangedReading {
  int film = 0;
  FilmReading before;
};

struct Deed {
  std::variant<RemovedFilms, BroughtBackFilms, ChangedRequest, ChangedMeasurements, MovedWidthLines, ChangedReading> what;
  std::string words;  // "removed 12 films"
};

struct UndoHistory {
  std::vector<Deed> done, undone;  // the latest last
  double offered_until = 0;        // seconds: the latest is offered to be undone, in words, until then
};

}  // namespace chestlight::viewer
