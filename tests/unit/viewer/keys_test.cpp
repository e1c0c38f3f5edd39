#include "viewer/input/keys.h"

#include <gtest/gtest.h>

#include "unit/viewer/viewer_values.h"

namespace chestlight::viewer {
namespace {

KeyPress plain(const char* key) { return key_press(key, false, false, false); }

std::string id_for(const State& state, const KeyPress& press) {
  const Command* command = command_for_key(state, press);
  return command ? std::string(command->id) : "";
}

std::string bind(State& state, const char* command, const KeyPress& press) {
  return bind_key(state.settings, *find_command(command), press);
}

TEST(Keys, AReadersOwnKeyTakesThePlaceOfTheOldOne) {
  State state = analysed_state();
  EXPECT_EQ(bind(state, "invert", plain("ö")), "");
  EXPECT_EQ(id_for(state, plain("ö")), "invert");
  EXPECT_EQ(id_for(state, plain("i")), "");
  EXPECT_EQ(shortcut_of(state.settings, *find_command("invert")), "ö");
  EXPECT_EQ(bind(state, "contour", plain("i")), "") << "what was given up is free";
  EXPECT_EQ(bind(state, "contour", plain("c")), "");
  EXPECT_FALSE(state.settings.keys.contains("contour")) << "the key of the table again";
  update(state, RunCommand{"reset-keys"});
  EXPECT_EQ(id_for(state, plain("i")), "invert");
  EXPECT_TRUE(state.settings.keys.empty());
}

struct LayoutRow {
  const char* keyboard;
  const char* key;  // what the browser calls the character
  const char* code;
  bool ctrl, shift;
  const char* command;
};

// Characters as the keyboards of Windows and Linux give them.
const LayoutRow kLayouts[] = {
    {"Russian", "ш", "KeyI", false, false, "invert"},
    {"Russian, Shift", "Д", "KeyL", false, true, "window-lung"},
    {"Russian, Ctrl", "щ", "KeyO", true, false, "open"},
    {"Russian, its comma is in another place", ",", "Slash", false, true, "films-panel"},
    {"Greek", "ι", "KeyI", false, false, "invert"},
    {"French, digits need Shift", "&", "Digit1", false, false, "finding-1"},
    {"French, with Shift", "1", "Digit1", false, true, "finding-1"},
    {"French, à la place de zéro", "à", "Digit0", false, false, "reset"},
    {"German, brackets need AltGr", "ü", "BracketLeft", false, false, "fainter"},
    {"French, a dead key", "Dead", "BracketLeft", false, false, "fainter"},
    {"Dvorak, a Latin letter is meant", "c", "KeyI", false, false, "contour"},
    {"Dvorak, Ctrl+R reloads in the place of O", "r", "KeyO", true, false, ""},
    {"a key without a character", "F7", "F7", false, false, ""},
    {"Russian, Shift with another letter", "Ь", "KeyM", false, true, "window-bone"},
};

TEST(Keys, EveryLayoutReachesTheCommands) {
  for (const LayoutRow& row : kLayouts) {
    const Command* command = command_for_key(analysed_state(), key_press(row.key, row.ctrl, row.shift, false),
                                             key_press_at(row.code, row.ctrl, row.shift, false));
    EXPECT_EQ(command ? std::string(command->id) : "", row.command) << row.keyboard;
  }
}

TEST(Keys, AReadersOwnCharacterComesBeforeThePlace) {
  State state = analysed_state();
  EXPECT_EQ(bind(state, "invert", plain("ö")), "");
  const Command* command = command_for_key(state, plain("ö"), key_press_at("BracketLeft", false, false, false));
  ASSERT_NE(command, nullptr);
  EXPECT_EQ(command->id, "invert");
}

struct RefusalRow {
  const char* command;
  KeyPress press;
  const char* why;
};

const RefusalRow kRefusals[] = {
    {"invert", {"f"}, "F is taken by “Fit the film”. Give that another key first."},
    {"invert", {"l", false, true}, "Shift+L is taken by “Window: lung”. Give that another key first."},
    {"invert", {"Delete"}, "Del is taken by “Remove this film”. Give that another key first."},
    {"invert", {"w", true}, "Ctrl+W belongs to the browser."},
    {"invert", {"ArrowLeft", false, false, true}, "Alt+← belongs to the browser."},
    {"invert", {"F5"}, "F5 belongs to the browser."},
    {"invert", {"Tab"}, "Tab is needed to move about the page."},
    {"invert", {"Escape"}, "Esc is needed to move about the page."},
    {"invert", {" "}, "Space is needed to move about the page."},
};

TEST(Keys, WhatCannotBeIsRefusedInWords) {
  for (const RefusalRow& row : kRefusals) {
    State state = analysed_state();
    EXPECT_EQ(bind(state, row.command, row.press), row.why);
    EXPECT_TRUE(state.settings.keys.empty());
  }
}

TEST(Keys, ThePageAsksAndTheNextKeyAnswers) {
  State state = analysed_state();
  update(state, RebindKey{"invert"});
  EXPECT_EQ(state.rebinding, "invert");
  update(state, KeyTaken{"Shift", false, true, false});
  EXPECT_EQ(state.rebinding, "invert") << "Shift alone is no key yet";
  auto effects = update(state, KeyTaken{"%", false, true, false});
  EXPECT_EQ(state.rebinding, "");
  EXPECT_EQ(id_for(state, key_press("%", false, true, false)), "invert");
  EXPECT_EQ(count_of<SaveSettings>(effects), 1);
  EXPECT_EQ(state.notice, "Invert grey values: %");

  update(state, RebindKey{"fit"});
  update(state, KeyTaken{"j", false, false, false});
  EXPECT_NE(state.notice.find("is taken by"), std::string::npos);
  update(state, RebindKey{"fit"});
  update(state, KeyTaken{"Escape", false, false, false});
  EXPECT_EQ(id_for(state, plain("f")), "fit");
  update(state, RebindKey{"paste"});
  EXPECT_EQ(state.rebinding, "") << "the browser's own";
}

TEST(Keys, AreRememberedAndImpossibleOnesAreDropped) {
  State state = analysed_state();
  EXPECT_EQ(bind(state, "invert", plain("+")), "+ is taken by “Zoom in”. Give that another key first.");
  EXPECT_EQ(bind(state, "invert", plain("%")), "");
  EXPECT_EQ(bind(state, "fit", key_press("ö", false, true, false)), "");
  EXPECT_EQ(settings_from_json(settings_to_json(state.settings)), state.settings);

  auto json =
      parse_json(R"({"keys":{"invert":"f","fit":"f","help":"Ctrl+w","no-such":"#","map":5,"order":"","contour":"ß"}})", "test");
  Settings read = settings_from_json(*json);
  EXPECT_TRUE(read.keys.contains("contour"));
  EXPECT_EQ(read.keys.size(), 1u) << "two that claim one key both keep that of the table";
}

TEST(Keys, ReadAsTheyAreWritten) {
  for (const KeyPress& press : {plain("k"), plain("+"), plain("ArrowUp"), key_press("U", false, true, false),
                                key_press("+", true, false, false), key_press("PageDown", true, true, false)})
    EXPECT_EQ(from_settings(in_settings(press)), press) << in_settings(press);
  EXPECT_EQ(in_words(plain("ArrowUp")), "↑");
  EXPECT_EQ(in_words(key_press("k", true, true, false)), "Ctrl+Shift+K");
}

}  // namespace
}  // namespace chestlight::viewer
