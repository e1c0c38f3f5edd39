#include "viewer/actions/commands.h"

#include <gtest/gtest.h>

#include <set>
#include <tuple>

#include "unit/viewer/viewer_values.h"
#include "viewer/input/keys.h"

namespace chestlight::viewer {
namespace {

TEST(Commands, IdsAndKeysAreUnique) {
  std::set<std::string_view> ids;
  std::set<std::tuple<std::string_view, bool, bool, bool>> chords;
  for (const Command& command : commands()) {
    EXPECT_TRUE(ids.insert(command.id).second) << command.id;
    EXPECT_FALSE(command.label.empty()) << command.id;
    for (const Chord& chord : command.chords)
      EXPECT_TRUE(chords.insert({chord.key, chord.ctrl, chord.shift, command.measuring}).second)
          << command.id << ": " << chord.key;
  }
}

struct KeyRow {
  const char* key;
  bool ctrl, shift;
  const char* command;  // "" none
};

// The keys are those of the page's description; what browsers keep for themselves stays theirs.
const KeyRow kKeys[] = {
    {"1", false, false, "finding-1"},
    {"9", false, false, "finding-9"},
    {"m", false, false, "map"},
    {"M", false, false, "map"},  // Caps Lock
    {"m", false, true, "window-bone"},
    {"q", false, false, "preset-next"},
    {"q", false, true, "preset-previous"},
    {"a", false, true, "window-auto"},
    {"l", false, true, "window-lung"},
    {"c", false, false, "contour"},
    {"[", false, false, "fainter"},
    {"]", false, false, "stronger"},
    {"i", false, false, "invert"},
    {"f", false, false, "fit"},
    {"z", false, false, "one-to-one"},
    {"r", false, false, "rotate-right"},
    {"l", false, false, "rotate-left"},
    {"h", false, false, "flip-horizontal"},
    {"v", false, false, "flip-vertical"},
    {"ArrowUp", false, false, "previous-film"},
    {"ArrowDown", false, false, "next-film"},
    {"n", false, false, "next-finding"},
    {"p", false, false, "previous-finding"},
    {"Escape", false, false, "clear"},
    {"?", false, true, "help"},
    {"{", false, true, "keep-readings"},
    {"o", true, false, "open"},
    {"s", true, false, "export"},
    {"s", false, false, "model-outline"},
    {"Delete", false, false, "remove-film"},
    {"Delete", false, true, "clear-films"},
    {"Home", false, false, "first-film"},
    {"End", false, false, "last-film"},
    {"=", false, false, "fit"},  // as OHIF has it
    {"w", false, true, "window-narrower"},
    {"w", false, false, "window-wider"},
    {"ArrowUp", false, true, "pan-up"},
    {"+", false, true, "zoom-in"},
    {"r", true, false, ""},
    {"t", true, false, ""},
    {"w", true, false, ""},
    {"f", true, false, "search"},
    {"/", false, false, "search"},
    {"\\", false, false, "worklist"},
    {"Enter", false, false, "read-next"},
    {"ArrowUp", true, false, "compare-before"},
    {"ArrowDown", true, false, "compare-next"},
    {"*", false, true, "compare-film"},
    {"$", false, true, "swap-films"},
    {"#", false, true, "score-changes"},
    {"j", false, true, "compare-link"},
    {">", false, true, "agree"},
    {"<", false, true, "disagree"},
    {"F5", false, false, ""},
};

TEST(Commands, KeysAreThoseOfTheDescription) {
  for (const KeyRow& row : kKeys) {
    const Command* command = command_for_key({}, key_press(row.key, row.ctrl, row.shift, false));
    EXPECT_EQ(command ? command->id : "", row.command) << row.key;
    EXPECT_EQ(command_for_key({}, key_press(row.key, row.ctrl, row.shift, true)), nullptr) << "Alt belongs to the browser";
  }
}

TEST(Commands, EveryEnabledCommandRunsInEveryState) {
  State empty;
  State full = analysed_state();
  open_film(full, 2);
  for (const State& start : {empty, full})
    for (const Command& command : commands()) {
      State state = start;
      update(state, RunCommand{std::string(command.id)});
      EXPECT_TRUE(state.films.empty() || find_film(state, state.selected)) << command.id;
    }
}

TEST(Commands, WhatNeedsAFilmIsDisabledWithoutOne) {
  State empty;
  for (const char* id : {"fit", "invert", "export", "map", "remove-film", "finding-1", "next-film"})
    EXPECT_FALSE(find_command(id)->enabled(empty)) << id;
  State state = analysed_state();
  for (const char* id : {"fit", "invert", "export", "map", "remove-film", "finding-3"})
    EXPECT_TRUE(find_command(id)->enabled(state)) << id;
  EXPECT_FALSE(find_command("finding-4")->enabled(state)) << "there are three findings";
}

}  // namespace
}  // namespace chestlight::viewer
