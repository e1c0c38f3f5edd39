// Which key does what, now: the table of commands with the reader's own keys over it. Keys are told by the character, and
// where that means nothing by their place, so that any layout works. What the browser or the page's focus needs cannot be
// taken, and no key has two meanings.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "viewer/actions/commands.h"

namespace chestlight::viewer {

/// As KeyboardEvent has it; `key` is folded to lower case when it is one letter.
struct KeyPress {
  std::string key;
  bool ctrl = false;
  bool shift = false;
  bool alt = false;
  bool operator==(const KeyPress&) const = default;
};
KeyPress key_press(std::string_view key, bool ctrl, bool shift, bool alt);

/// The key press that a US keyboard makes in the same place (`code` as KeyboardEvent has it); no key: it has no character there.
KeyPress key_press_at(std::string_view code, bool ctrl, bool shift, bool alt);

/// "Shift+K", "↑": as the list of keys shows it; and as settings keep it: "Shift+k", "ArrowUp".
std::string in_words(const KeyPress& press);
std::string in_settings(const KeyPress& press);
KeyPress from_settings(std::string_view text);

/// The keys of a command: the reader's own one, else those of the table.
std::vector<KeyPress> keys_of(const Settings& settings, const Command& command);
/// What buttons, the list of keys and the mirror show; empty: no key.
std::string shortcut_of(const Settings& settings, const Command& command);

/// The command of a key press, or null. While a tool is chosen its own keys come first. Letters match in either case
/// unless Shift tells two commands apart.
const Command* command_for_key(const State& state, const KeyPress& press);
/// The same for every layout: a character without a command that is no Latin letter or digit counts by its place. Cyrillic and
/// Greek keyboards have no Latin letters, French ones no digits without Shift.
const Command* command_for_key(const State& state, const KeyPress& press, const KeyPress& in_place);

/// Gives a command another key; returns why not, in words, or "" when it is done. Its key of the table again takes the
/// reader's own one away.
std::string bind_key(Settings& settings, const Command& command, const KeyPress& press);

/// While the reader is asked for a key (State::rebinding): binds it, or says why not in State::notice. Escape gives up.
void take_key(State& state, const KeyPress& press);

/// Drops what cannot be: unknown commands, keys that are taken. For settings that were kept by another version.
void keep_possible_keys(Settings& settings);

}  // namespace chestlight::viewer
