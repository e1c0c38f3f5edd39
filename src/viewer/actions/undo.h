// Undo and redo of everything a reader does to films: taking them away, corrections, measurements, verdicts. Nothing asks whether
// it is meant, because all of it can be taken back.
//
// Films that are taken away stay in the case, with their files, until so much else was done that this cannot be undone any more.
#pragma once

#include <string>
#include <vector>

#include "viewer/actions/update.h"

namespace chestlight::viewer {

constexpr std::size_t kMostDeeds = 100;
constexpr double kUndoOffered = 10;  // seconds

/// Remembers what was done; what had been undone is forgotten.
void remember(State& state, Deed deed, std::vector<Effect>& effects);
void undo(State& state, std::vector<Effect>& effects);
void redo(State& state, std::vector<Effect>& effects);
/// "Removed 12 films", for as long as undoing that is offered; else empty.
std::string undo_offer(const State& state);

/// Takes films away, with their copies; the selection goes to a neighbour.
void take_away(State& state, const std::vector<int>& films, const std::string& words, std::vector<Effect>& effects);

/// Asks for a new analysis of the film; nothing where nothing changes.
void change_request(State& state, FilmEntry& film, const ModelRequest& request, std::vector<Effect>& effects);

/// What the reader says of a finding of the film, in place of what they said before.
void give_verdict(State& state, int film, const Verdict& verdict, std::vector<Effect>& effects);
void mark_read(State& state, int film, bool read, std::vector<Effect>& effects);
/// Called after every action: remembers a measurement that was made, moved or deleted, and lines of the cardiothoracic ratio.
void settle_measurements(State& state, std::vector<Effect>& effects);

/// The lines of the cardiothoracic ratio go back to where they are measured, because the picture is another.
void put_back_lines(FilmEntry& film, std::vector<Effect>& effects);

/// Whether the reader said or measured something that no export holds, and that is not kept on the device.
bool is_unsaved(const State& state);

}  // namespace chestlight::viewer
