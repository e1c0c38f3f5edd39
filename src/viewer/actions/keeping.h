// What a reader said of films, kept on the device from visit to visit: the switch, what comes back with a film, and the words for
// it. Off unless a reader switches it on. The thread of the engine keeps it (web/worker/kept_readings.js), by the hash of the
// file.
//
// What comes back is no deed: there is nothing to undo, since nobody did it now.
#pragma once

#include <string>
#include <vector>

#include "viewer/actions/update.h"

namespace chestlight::viewer {

/// On or off; nothing is forgotten by that.
void switch_keeping(State& state);
/// Forgets all that is kept, and switches keeping off. What is said of the films that are open stays on the screen.
void forget_readings(State& state, std::vector<Effect>& effects);

/// Of a film that is not open yet, it waits until that is.
void reading_came_back(State& state, const ReadingCameBack& back);
/// Once the film is open: what was said of it, what was measured on it and its correction, each where nothing was said of that
/// since.
void take_back_reading(State& state, FilmEntry& film);
void keeping_known(State& state, const KeepingKnown& known);

/// Where what is kept, or why it is not.
std::string keeping_in_words(const State& state);
/// "Keep what I say of films", or "Keep no more".
std::string keep_in_words(const State& state);
/// "Forget what is kept of 12 films"
std::string forget_in_words(const State& state);

}  // namespace chestlight::viewer
