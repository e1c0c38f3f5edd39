// The list of keys and gestures, and whether what the reader says is kept. A click on a key changes it: a key is asked for, a
// gesture gets the next of its actions.
#include <algorithm>

#include "base/version.h"
#include "ui/widgets/popup_frame.h"
#include "viewer/actions/keeping.h"
#include "viewer/input/gestures.h"
#include "viewer/input/keys.h"

namespace chestlight::ui {
namespace {

struct KeyRow {
  std::string keys;
  std::string help;
  std::string command = {};  // whose key a click changes; empty: fixed
  std::string gesture = {};  // which a click gives something else to do; empty: fixed
};
struct KeyGroup {
  const char* name;
  std::vector<KeyRow> rows;
};

std::vector<KeyGroup> key_groups(const viewer::State& state) {
  std::vector<KeyGroup> groups = {{"Films", {}},         {"Findings", {}}, {"Map", {}},      {"Film", {}},
                                  {"For the model", {}}, {"Window", {}},   {"Measuring", {}}};
  for (const viewer::Command& command : viewer::commands()) {
    std::string keys = viewer::shortcut_of(state.settings, command);
    // What has no help is told in the row of its neighbour, unless the reader gave it a key of its own.
    bool own = state.settings.keys.contains(std::string(command.id));
    if (keys.empty() || (command.help.empty() && !own)) continue;
    std::string_view help = command.help.empty() ? command.label : command.help;
    groups[static_cast<std::size_t>(command.group)].rows.push_back(
        {keys, std::string(help), command.chords.empty() ? "" : std::string(command.id)});
  }
  KeyGroup mouse{"Mouse and pen", {}}, touch{"Touch", {}};
  for (const viewer::GestureBinding& binding : viewer::gestures())
    (binding.device == viewer::Device::kMouse ? mouse : touch)
        .rows.push_back({std::string(binding.name),
                         std::string(viewer::in_words(viewer::gesture_action_of(state.settings, binding.gesture))), "",
                         binding.can_change() ? std::string(binding.id) : ""});
  groups.push_back(std::move(mouse));
  groups.push_back(std::move(touch));
  groups.push_back({"Page", {{"Tab", "Step through buttons and rows"}, {"Esc, Tab", "Leave the canvas"}}});
  return groups;
}

constexpr float kKeys = 104;  // column of the keys
constexpr float kColumnGap = 24;

float key_row_height(const View& view, const KeyRow& row, float width) {
  auto lines = wrapped_lines(view.small(), row.help, width - kKeys).size();
  float least = view.layout.touch && !row.gesture.empty() ? kTouchTarget : 0;
  return std::max(least, static_cast<float>(lines) * 18 + 6);
}

float key_group_height(const View& view, const KeyGroup& group, float width) {
  float height = 28 + kPadding;
  for (const KeyRow& row : group.rows) height += key_row_height(view, row, width);
  return height;
}

float draw_key_group(const View& view, Actions& out, float x, float y, float width, const KeyGroup& group) {
  float named = draw_text(view, {x, y}, view.small_medium(colour::kAccent), group.name);
  bool changes = std::any_of(group.rows.begin(), group.rows.end(), [](const KeyRow& row) { return !row.gesture.empty(); });
  if (changes)
    draw_text(view, {x + named + kGap, y}, view.small(colour::kQuiet), view.layout.touch ? "Tap to change" : "Click to change");
  float at = y + 28;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (const KeyRow& row : group.rows) {
    float cap = text_width(view.small(), row.keys) + 12;
    bool waits = !row.command.empty() && row.command == view.state.rebinding, hovered = false;
    if (!row.command.empty() && !view.layout.touch) {
      ButtonState state = hot_area(view, ("key-" + row.command).c_str(), box(x, at, cap, 20));
      hovered = state.hovered;
      if (hovered) set_hint(view, "Click, then press another key");
      if (state.clicked) out.push_back(viewer::RebindKey{row.command});
    }
    if (!row.gesture.empty()) {
      float wide = view.layout.touch ? width : cap, high = view.layout.touch ? kTouchTarget : 20;
      ButtonState state = hot_area(view, ("gesture-" + row.gesture).c_str(), box(x, at, wide, high));
      hovered = state.hovered && !view.layout.touch;
      if (hovered) set_hint(view, "Click to have it do something else");
      if (state.clicked) out.push_back(viewer::ChangeGesture{row.gesture});
    }
    list.AddRectFilled({x, at}, {x + cap, at + 20}, hovered ? colour::kHover : colour::kPanel, 3);
    list.AddRect({x + 0.5f, at + 0.5f}, {x + cap - 0.5f, at + 19.5f}, waits ? colour::kAccent : colour::kLine, 3);
    draw_text(view, {x + 6, at + 1}, view.small(waits ? colour::kAccent : colour::kText), row.keys);
    draw_wrapped(view, {x + kKeys, at + 1}, width - kKeys, view.small(colour::kQuiet), row.help);
    at += key_row_height(view, row, width);
  }
  return at - y + kPadding;
}

/// Whether the switch and the way to forget stand in one row.
bool keeping_fits(const View& view, float width) {
  if (!viewer::find_command("forget-readings")->enabled(view.state)) return true;
  return button_width(view, viewer::keep_in_words(view.state)) + kGap + button_width(view, viewer::forget_in_words(view.state)) <=
         width;
}

float keeping_height(const View& view, float width) {
  const auto lines = wrapped_lines(view.small(), viewer::keeping_in_words(view.state), width).size();
  const float row = view.layout.touch ? kTouchTarget : kRow;
  return static_cast<float>(lines) * 18 + kGap + (keeping_fits(view, width) ? row : 2 * row + kGap) + kPadding;
}

/// Whether what the reader says is kept, with the switch and the way to forget it.
void draw_keeping(const View& view, Actions& out, float x, float y, float width) {
  const float row = view.layout.touch ? kTouchTarget : kRow;
  y += draw_wrapped(view, {x, y}, width, view.small(colour::kQuiet), viewer::keeping_in_words(view.state)) + kGap;
  const std::string keep = viewer::keep_in_words(view.state), forget = viewer::forget_in_words(view.state);
  const float wide = button_width(view, keep);
  if (button(view, "keep-readings", box(x, y, wide, row), keep, ButtonLook::kOutlined))
    out.push_back(viewer::RunCommand{"keep-readings"});
  if (!viewer::find_command("forget-readings")->enabled(view.state)) return;
  const bool fits = keeping_fits(view, width);
  const Box place = box(fits ? x + wide + kGap : x, fits ? y : y + row + kGap, button_width(view, forget), row);
  if (button(view, "forget-readings", place, forget, ButtonLook::kOutlined)) out.push_back(viewer::RunCommand{"forget-readings"});
}

}  // namespace

void draw_help_popup(const View& view, Actions& out) {
  std::vector<KeyGroup> groups = key_groups(view.state);
  float page = static_cast<float>(view.layout.page.width);
  int columns = page >= 1400 ? 4 : page >= 1160 ? 3 : page >= 780 ? 2 : 1;
  float width = std::min(page - 16, 372.0f * static_cast<float>(columns) + 2 * kInset);
  float column = (width - 2 * kInset) / static_cast<float>(columns);
  // Fill columns from the left; a group is never broken.
  std::vector<std::vector<KeyGroup>> placed(static_cast<std::size_t>(columns));
  std::vector<float> heights(placed.size(), 0);
  std::stable_sort(groups.begin(), groups.end(), [&](const KeyGroup& a, const KeyGroup& b) {
    auto weight = [&](const KeyGroup& group) {
      bool fingers = view.layout.touch && std::string_view(group.name) == "Touch";
      return fingers ? groups.size() * 100 : group.rows.size();
    };
    return weight(a) > weight(b);
  });
  for (KeyGroup& group : groups) {
    auto shortest = static_cast<std::size_t>(std::min_element(heights.begin(), heights.end()) - heights.begin());
    heights[shortest] += key_group_height(view, group, column - kColumnGap);
    placed[shortest].push_back(std::move(group));
  }
  float tallest = *std::max_element(heights.begin(), heights.end());
  popup(view, out, "help", viewer::Popup::kHelp,
        centred(view, width, tallest + keeping_height(view, width - 2 * kInset) + 2 * kInset + 44),
        [&](float x, float y, float inner) {
          float row = view.layout.touch ? kTouchTarget : kRow, close = button_width(view, "Close");
          bool own = viewer::find_command("reset-keys")->enabled(view.state);
          float reset = own ? button_width(view, "Default keys") + kGap : 0;
          bool answered = !view.state.notice.empty() && !view.layout.phone();
          std::string words = answered              ? view.state.notice
                              : view.layout.phone() ? std::string("Keys and gestures")
                                                    : "Keys and gestures · " + app_name_and_version();
          draw_text(view, {x, y + (row - 20) / 2}, answered ? view.small(colour::kAccent) : view.body_medium(), words,
                    inner - close - reset - kGap);
          if (reset > 0) command_button(view, out, "reset-keys", box(x + inner - close - reset, y, reset - kGap, row));
          if (button(view, "close-help", box(x + inner - close, y, close, row), "Close", ButtonLook::kQuiet))
            out.push_back(viewer::OpenPopup{viewer::Popup::kHelp});
          float top = y + row + kPadding;
          draw_keeping(view, out, x, top, inner);
          top += keeping_height(view, inner);
          float lowest = top;
          for (std::size_t i = 0; i < placed.size(); ++i) {
            float at = top;
            for (const KeyGroup& group : placed[i])
              at += draw_key_group(view, out, x + column * static_cast<float>(i), at, column - kColumnGap, group);
            lowest = std::max(lowest, at);
          }
          return lowest - y - kPadding;
        });
}

}  // namespace chestlight::ui
