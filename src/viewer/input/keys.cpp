// See keys.h.
#include "viewer/input/keys.h"

#include <algorithm>
#include <array>
#include <utility>

namespace chestlight::viewer {
namespace {

bool is_letter(const std::string& key) { return key.size() == 1 && key[0] >= 'a' && key[0] <= 'z'; }

/// Shift tells commands apart only where it does not change the character itself.
bool shift_matters(const std::string& key) { return key.size() > 1 || is_letter(key); }

bool is_modifier(const std::string& key) {
  constexpr std::array kNone = {"Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Process", "Unidentified"};
  return std::ranges::find(kNone, key) != kNone.end();
}

/// Why a key can be nobody's, or "".
std::string reserved(const KeyPress& press) {
  constexpr std::array kPage = {"Escape", "Tab", "Enter", " "};
  if (std::ranges::find(kPage, press.key) != kPage.end()) return in_words(press) + " is needed to move about the page.";
  bool function_key = press.key.size() >= 2 && press.key[0] == 'F' && press.key[1] >= '0' && press.key[1] <= '9';
  if (press.alt || press.ctrl || (function_key && press.key != "F1")) return in_words(press) + " belongs to the browser.";
  return {};
}

const Command* owner(const Settings& settings, const KeyPress& press, const Command& other_than) {
  for (const Command& command : commands())
    if (&command != &other_than)
      if (auto keys = keys_of(settings, command); std::ranges::find(keys, press) != keys.end()) return &command;
  return nullptr;
}

std::vector<KeyPress> keys_of_table(const Command& command) {
  std::vector<KeyPress> keys;
  for (const Chord& chord : command.chords) keys.push_back({std::string(chord.key), chord.ctrl, chord.shift, false});
  return keys;
}

std::string name_of(const Command& command) { return std::string(command.help.empty() ? command.label : command.help); }

}  // namespace

KeyPress key_press(std::string_view key, bool ctrl, bool shift, bool alt) {
  KeyPress press{std::string(key), ctrl, shift, alt};
  if (press.key.size() == 1 && press.key[0] >= 'A' && press.key[0] <= 'Z') press.key[0] += 'a' - 'A';
  if (!shift_matters(press.key)) press.shift = false;
  return press;
}

KeyPress key_press_at(std::string_view code, bool ctrl, bool shift, bool alt) {
  struct Place {
    std::string_view code;
    const char* key;
    const char* with_shift;
  };
  constexpr std::array<Place, 11> kPlaces = {{{"Minus", "-", "_"},
                                              {"Equal", "=", "+"},
                                              {"BracketLeft", "[", "{"},
                                              {"BracketRight", "]", "}"},
                                              {"Semicolon", ";", ":"},
                                              {"Quote", "'", "\""},
                                              {"Backquote", "`", "~"},
                                              {"Backslash", "\\", "|"},
                                              {"Comma", ",", "<"},
                                              {"Period", ".", ">"},
                                              {"Slash", "/", "?"}}};
  std::string key;
  if (code.size() == 4 && code.starts_with("Key")) key = code.substr(3);
  if (code.size() == 6 && code.starts_with("Digit") && !shift) key = code.substr(5);
  for (const Place& place : kPlaces)
    if (place.code == code) key = shift ? place.with_shift : place.key;
  return key_press(key, ctrl, shift, alt);
}

std::string in_settings(const KeyPress& press) {
  return std::string(press.ctrl ? "Ctrl+" : "") + (press.shift ? "Shift+" : "") + press.key;
}

KeyPress from_settings(std::string_view text) {
  auto took = [&](std::string_view prefix) {
    bool there = text.size() > prefix.size() && text.starts_with(prefix);
    if (there) text.remove_prefix(prefix.size());
    return there;
  };
  bool ctrl = took("Ctrl+"), shift = took("Shift+");
  return key_press(text, ctrl, shift, false);
}

std::string in_words(const KeyPress& press) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kNames = {{{"ArrowUp", "↑"},
                                                                                    {"ArrowDown", "↓"},
                                                                                    {"ArrowLeft", "←"},
                                                                                    {"ArrowRight", "→"},
                                                                                    {"Escape", "Esc"},
                                                                                    {"Delete", "Del"},
                                                                                    {" ", "Space"},
                                                                                    {"-", "−"},
                                                                                    {"PageDown", "Page down"}}};
  KeyPress shown = press;
  for (const auto& [key, name] : kNames)
    if (press.key == key) shown.key = name;
  if (is_letter(shown.key)) shown.key[0] += 'A' - 'a';
  return (press.alt ? "Alt+" : "") + in_settings(shown);
}

std::vector<KeyPress> keys_of(const Settings& settings, const Command& command) {
  auto own = settings.keys.find(std::string(command.id));
  if (own == settings.keys.end()) return keys_of_table(command);
  return {from_settings(own->second)};
}

std::string shortcut_of(const Settings& settings, const Command& command) {
  auto own = settings.keys.find(std::string(command.id));
  return own == settings.keys.end() ? std::string(command.shortcut) : in_words(from_settings(own->second));
}

const Command* command_for_key(const State& state, const KeyPress& press) {
  if (press.alt || press.key.empty()) return nullptr;
  const Command* without_shift = nullptr;
  for (bool measuring : {true, false}) {
    if (measuring && state.measuring.tool == Tool::kNone) continue;
    for (const Command& command : commands()) {
      if (command.measuring != measuring) continue;
      for (const KeyPress& key : keys_of(state.settings, command)) {
        if (key == press) return &command;
        bool stray = is_letter(press.key) && press.shift && !key.shift && key.key == press.key && key.ctrl == press.ctrl;
        if (stray && !without_shift) without_shift = &command;
      }
    }
  }
  return without_shift;
}

const Command* command_for_key(const State& state, const KeyPress& press, const KeyPress& in_place) {
  const bool is_digit = press.key.size() == 1 && press.key[0] >= '0' && press.key[0] <= '9';
  const Command* command = command_for_key(state, press);
  return command || is_digit || is_letter(press.key) ? command : command_for_key(state, in_place);
}

std::string bind_key(Settings& settings, const Command& command, const KeyPress& press) {
  auto own = keys_of_table(command);
  if (std::ranges::find(own, press) == own.end())
    if (std::string why = reserved(press); !why.empty()) return why;
  if (const Command* other = owner(settings, press, command))
    return in_words(press) + " is taken by “" + name_of(*other) + "”. Give that another key first.";
  if (own.size() == 1 && own.front() == press) settings.keys.erase(std::string(command.id));
  else settings.keys[std::string(command.id)] = in_settings(press);
  return {};
}

void take_key(State& state, const KeyPress& press) {
  if (is_modifier(press.key)) return;
  const Command* command = find_command(std::exchange(state.rebinding, {}));
  if (!command || press.key == "Escape") return;
  std::string why = bind_key(state.settings, *command, press);
  state.notice = why.empty() ? name_of(*command) + ": " + shortcut_of(state.settings, *command) : why;
}

void keep_possible_keys(Settings& settings) {
  for (bool dropped = true; dropped;) {
    dropped = false;
    for (auto [id, text] : std::map(settings.keys)) {
      const Command* command = find_command(id);
      KeyPress press = from_settings(text);
      bool possible = command && !command->chords.empty() && !press.key.empty() && !is_modifier(press.key) &&
                      press.key.size() <= 16 && reserved(press).empty() && !owner(settings, press, *command);
      if (possible) continue;
      settings.keys.erase(id);
      dropped = true;
      break;  // what was taken may be free now
    }
  }
}

}  // namespace chestlight::viewer
