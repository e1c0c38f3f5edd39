// One table of everything a key can do: id, label, keys, help text, whether it can be done now, and its act.
// Keys, tool labels, the help panel, the DOM mirror and the tests all read this table; nothing else knows a key. Which
// key a reader has given a command instead is keys.h.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "viewer/actions/update.h"

namespace chestlight::viewer {

/// A key as KeyboardEvent.key names it ("m", "[", "ArrowUp"): by the character, so that any layout works.
struct Chord {
  std::string_view key;
  bool ctrl = false;   // Ctrl, or Command on a Mac
  bool shift = false;  // told only for named keys and letters; "?" already implies it
};

enum class CommandGroup { kFilms, kFindings, kMap, kFilm, kModel, kWindow, kMeasuring };

struct Command {
  std::string_view id;
  std::string_view label;     // for a button: "Invert"
  std::string_view help;      // one line for the list of keys
  std::string_view shortcut;  // as shown: "Ctrl+O"; empty: no key
  CommandGroup group;
  std::vector<Chord> chords;
  bool (*enabled)(const State&);
  void (*perform)(State&, std::vector<Effect>&);
  bool measuring = false;  // its keys count only while a tool is chosen, and then come first
  bool held = false;       // does its work as long as the key is down
};

std::span<const Command> commands();
const Command* find_command(std::string_view id);

}  // namespace chestlight::viewer
