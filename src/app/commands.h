// One table of everything a key can do: id, label, keys, help text, whether it can be done now, and its act.
// Keys, tool labels, the help panel, the DOM mirror and the tests all read this table; nothing else knows a key.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/update.h"

namespace chestlight::app {

/// A key as KeyboardEvent.key names it ("m", "[", "ArrowUp"): by the character, so that any layout works.
struct Chord {
  std::string_view key;
  bool ctrl = false;   // Ctrl, or Command on a Mac
  bool shift = false;  // told only for named keys and letters; "?" already implies it
};

enum class CommandGroup { kFilms, kFindings, kMap, kFilm, kModel };

struct Command {
  std::string_view id;
  std::string_view label;     // for a button: "Invert"
  std::string_view help;      // one line for the list of keys
  std::string_view shortcut;  // as shown: "Ctrl+O"; empty: no key
  CommandGroup group;
  std::vector<Chord> chords;
  bool (*enabled)(const State&);
  void (*perform)(State&, std::vector<Effect>&);
};

std::span<const Command> commands();
const Command* find_command(std::string_view id);

/// The command of a key press, or null. Letters match in either case unless Shift tells two commands apart.
const Command* command_for_key(std::string_view key, bool ctrl, bool shift, bool alt);

}  // namespace chestlight::app
