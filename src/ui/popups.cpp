// What opens over the page: the list of keys, the model, the backend, export, the gallery. Esc or a click
// beside closes.
#include <algorithm>

#include "app/words.h"
#include "base/text.h"
#include "ui/panels.h"

namespace chestlight::ui {
namespace {

constexpr float kInset = 16;

/// A window above the page. The content callback draws from (x, y) in `width` and returns its height.
template <class Content>
void popup(const View& view, Actions& out, const char* name, app::Popup which, Box place, Content content) {
  ImGui::SetNextWindowPos(place.min);
  ImGui::SetNextWindowSize({place.width(), place.height()});
  ImGui::PushStyleColor(ImGuiCol_WindowBg, colour::kRaised);
  ImGui::PushStyleColor(ImGuiCol_Border, colour::kLine);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1.0f);
  ImGui::Begin(name, nullptr,
               ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoSavedSettings);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor(2);
  if (ImGui::IsWindowAppearing()) ImGui::SetWindowFocus();
  std::string outer;
  if (view.log) {
    outer = view.log->panel;
    view.log->panel = name;
    view.log->panels[name] = {place.min, place.max, true};
  }
  float top = place.min.y - ImGui::GetScrollY();
  float height = content(place.min.x + kInset, top + kInset, place.width() - 2 * kInset);
  ImGui::SetCursorScreenPos({place.min.x, top + 2 * kInset + height});
  ImGui::Dummy({1, 0});
  if (view.log) view.log->panel = outer;
  bool beside = ImGui::IsMouseReleased(ImGuiMouseButton_Left) && !ImGui::IsWindowAppearing() &&
                !ImGui::IsMouseHoveringRect(place.min, place.max, false);
  if (beside) out.push_back(app::ClosePopup{which});
  ImGui::End();
}

Box clamped_to_page(const View& view, Box wanted) {
  float width = static_cast<float>(view.layout.page.width),
        height = static_cast<float>(view.layout.page.height);
  float w = std::min(wanted.width(), width - 16), h = std::min(wanted.height(), height - 16);
  float x = std::clamp(wanted.min.x, 8.0f, std::max(8.0f, width - 8 - w)),
        y = std::clamp(wanted.min.y, 8.0f, std::max(8.0f, height - 8 - h));
  return box(x, y, w, h);
}

Box centred(const View& view, float width, float height) {
  return clamped_to_page(view,
                         box((static_cast<float>(view.layout.page.width) - width) / 2,
                             (static_cast<float>(view.layout.page.height) - height) / 2, width, height));
}

using Facts = std::vector<std::pair<std::string, std::string>>;
constexpr float kFactLabel = 108;

float facts(const View& view, float x, float y, float width, const Facts& rows) {
  float begun = y;
  for (const auto& [label, words] : rows) {
    if (words.empty()) continue;
    draw_text(view, {x, y}, view.small(colour::kQuiet), label, kFactLabel - kGap);
    y += draw_wrapped(view, {x + kFactLabel, y}, width - kFactLabel, view.small(), words) + 6;
  }
  return y - begun;
}

float facts_height(const View& view, float width, const Facts& rows) {
  float height = 0;
  for (const auto& [label, words] : rows)
    if (!words.empty())
      height += static_cast<float>(wrapped_lines(view.small(), words, width - kFactLabel).size()) * 18 + 6;
  return height;
}

float title(const View& view, float x, float y, std::string_view words) {
  draw_text(view, {x, y}, view.body_medium(), words);
  return 20 + kPadding;
}

// --- the list of keys ---

struct KeyRow {
  std::string keys;
  std::string help;
};
struct KeyGroup {
  const char* name;
  std::vector<KeyRow> rows;
};

std::vector<KeyGroup> key_groups() {
  std::vector<KeyGroup> groups = {{"Films", {}}, {"Findings", {}}, {"Map", {}}, {"Film", {}}};
  for (const app::Command& command : app::commands())
    if (!command.help.empty() && !command.shortcut.empty())
      groups[static_cast<std::size_t>(command.group)].rows.push_back(
          {std::string(command.shortcut), std::string(command.help)});
  groups.push_back({"Mouse",
                    {{"Left drag", "Window: right is wider, down is darker"},
                     {"Wheel", "Zoom at the pointer"},
                     {"Middle drag", "Move the film; also Space and left drag"},
                     {"Double click", "Fit the film"}}});
  groups.push_back({"Touch",
                    {{"One finger", "Window; moves the film when zoomed in"},
                     {"Two fingers", "Zoom and move"},
                     {"Three fingers", "Window"},
                     {"Swipe", "Next film, on a phone"}}});
  groups.push_back({"Page", {{"Tab", "Step through buttons and rows"}, {"Esc, Tab", "Leave the canvas"}}});
  return groups;
}

constexpr float kKeys = 104;  // column of the keys
constexpr float kColumnGap = 24;

float key_row_height(const View& view, const KeyRow& row, float width) {
  auto lines = wrapped_lines(view.small(), row.help, width - kKeys).size();
  return static_cast<float>(lines) * 18 + 6;
}

float key_group_height(const View& view, const KeyGroup& group, float width) {
  float height = 28 + kPadding;
  for (const KeyRow& row : group.rows) height += key_row_height(view, row, width);
  return height;
}

float draw_key_group(const View& view, float x, float y, float width, const KeyGroup& group) {
  draw_text(view, {x, y}, view.small_medium(colour::kAccent), group.name);
  float at = y + 28;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (const KeyRow& row : group.rows) {
    float cap = text_width(view.small(), row.keys) + 12;
    list.AddRectFilled({x, at}, {x + cap, at + 20}, colour::kPanel, 3);
    list.AddRect({x + 0.5f, at + 0.5f}, {x + cap - 0.5f, at + 19.5f}, colour::kLine, 3);
    draw_text(view, {x + 6, at + 1}, view.small(), row.keys);
    draw_wrapped(view, {x + kKeys, at + 1}, width - kKeys, view.small(colour::kQuiet), row.help);
    at += key_row_height(view, row, width);
  }
  return at - y + kPadding;
}

void help_popup(const View& view, Actions& out) {
  std::vector<KeyGroup> groups = key_groups();
  float page = static_cast<float>(view.layout.page.width);
  int columns = page >= 1160 ? 3 : page >= 780 ? 2 : 1;
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
    auto shortest =
        static_cast<std::size_t>(std::min_element(heights.begin(), heights.end()) - heights.begin());
    heights[shortest] += key_group_height(view, group, column - kColumnGap);
    placed[shortest].push_back(std::move(group));
  }
  float tallest = *std::max_element(heights.begin(), heights.end());
  popup(view, out, "help", app::Popup::kHelp, centred(view, width, tallest + 2 * kInset + 44),
        [&](float x, float y, float inner) {
          float row = view.layout.touch ? kTouchTarget : kRow, close = button_width(view, "Close");
          draw_text(view, {x, y + (row - 20) / 2}, view.body_medium(), "Keys and gestures");
          if (button(view, "close-help", box(x + inner - close, y, close, row), "Close", ButtonLook::kQuiet))
            out.push_back(app::OpenPopup{app::Popup::kHelp});
          float top = y + row + kPadding, lowest = top;
          for (std::size_t i = 0; i < placed.size(); ++i) {
            float at = top;
            for (const KeyGroup& group : placed[i])
              at += draw_key_group(view, x + column * static_cast<float>(i), at, column - kColumnGap, group);
            lowest = std::max(lowest, at);
          }
          return lowest - y - kPadding;
        });
}

// --- the menus of the top bar ---

std::string joined(const std::vector<std::string>& texts, const char* between) {
  std::string all;
  for (const std::string& one : texts) all += (all.empty() ? "" : between) + one;
  return all;
}

Facts model_facts(const View& view) {
  const app::ModelInfo& model = view.state.model;
  std::string input = model.input_width ? text(model.input_width, " × ", model.input_height, " pixels") : "";
  return {{"Id", model.id},
          {"Version", model.version},
          {"Input", input},
          {"Findings", model.labels.empty() ? "" : text(model.labels.size())},
          {"Thresholds", joined(model.operating_points, ", ")},
          {"SHA-256", model.sha256.substr(0, 16)},
          {"Licence", model.licence},
          {"Limits", joined(model.limits, " ")},
          {"Notice", model.notice}};
}

float choices(const View& view, float x, float y, float width,
              const std::vector<std::pair<std::string, std::string>>& items, int* clicked) {
  float row = view.layout.touch ? kTouchTarget : kRow, begun = y;
  for (std::size_t i = 0; i < items.size(); ++i) {
    ImGui::PushID(static_cast<int>(i));
    Box area = box(x - 8, y, width + 16, row);
    ButtonState state = hot_area(view, items[i].first.c_str(), area);
    if (state.hovered) ImGui::GetWindowDrawList()->AddRectFilled(area.min, area.max, colour::kHover, kRadius);
    float right = items[i].second.empty() ? 0 : text_width(view.small(), items[i].second);
    draw_text_in(view, box(x, y, width - right - kGap, row), view.small(), items[i].first);
    if (right > 0)
      draw_text_in(view, box(x + width - right, y, right + 1, row), view.small(colour::kQuiet),
                   items[i].second);
    if (state.clicked) *clicked = static_cast<int>(i);
    ImGui::PopID();
    y += row;
  }
  return y - begun;
}

/// Width inside a popup that is `width` wide where the page has room.
float popup_inner(const View& view, float width) {
  return std::min(width, static_cast<float>(view.layout.page.width) - 16) - 2 * kInset;
}

void model_popup(const View& view, Actions& out) {
  const app::State& state = view.state;
  constexpr float kWidth = 420;
  Facts rows = model_facts(view);
  float height = 32 + facts_height(view, popup_inner(view, kWidth), rows) + 2 * kInset;
  if (state.models.size() > 1) height += kGap + static_cast<float>(state.models.size()) * view.layout.row();
  popup(view, out, "model", app::Popup::kModel,
        clamped_to_page(view, box(88, static_cast<float>(view.layout.top.height) + 4, kWidth, height)),
        [&](float x, float y, float room) {
          float begun = y;
          y += title(view, x, y, state.model.id.empty() ? "No model yet" : state.model.name);
          y += facts(view, x, y, room, rows);
          if (state.models.size() > 1) {
            std::vector<std::pair<std::string, std::string>> items;
            for (const app::ModelChoice& model : state.models)
              items.push_back({model.name, model.id == state.model.id
                                               ? "in use"
                                               : app::bytes_in_words(static_cast<double>(model.bytes))});
            int clicked = -1;
            y += kGap + choices(view, x, y + kGap, room, items, &clicked);
            if (clicked >= 0 && state.models[static_cast<std::size_t>(clicked)].id != state.model.id)
              out.push_back(app::LoadModel{state.models[static_cast<std::size_t>(clicked)].id});
          }
          return y - begun;
        });
}

void backend_popup(const View& view, Actions& out) {
  const app::Backend& backend = view.state.backend;
  constexpr float kWidth = 380;
  Facts rows = {{"Provider", backend.name}, {"Detail", backend.detail}};
  float inner = popup_inner(view, kWidth);
  float height = 32 + facts_height(view, inner, rows) + 2 * kInset + (backend.fallbacks.empty() ? 0 : 22);
  for (const std::string& reason : backend.fallbacks)
    height += static_cast<float>(wrapped_lines(view.small(), reason, inner - 20).size()) * 18 + 4;
  popup(view, out, "backend", app::Popup::kBackend,
        clamped_to_page(view, box(240, static_cast<float>(view.layout.top.height) + 4, kWidth, height)),
        [&](float x, float y, float room) {
          float begun = y;
          y += title(view, x, y, app::backend_in_words(backend.name));
          y += facts(view, x, y, room, rows);
          if (!backend.fallbacks.empty()) {
            draw_text(view, {x, y}, view.small(colour::kQuiet), "Why not a faster one");
            y += 22;
            for (const std::string& reason : backend.fallbacks) {
              draw_dash(*ImGui::GetWindowDrawList(), {x + 6, y + 9}, colour::kQuiet);
              y += draw_wrapped(view, {x + 20, y}, room - 20, view.small(), reason) + 4;
            }
          }
          return y - begun;
        });
}

void export_popup(const View& view, Actions& out) {
  float width = 280, right = static_cast<float>(view.layout.page.width) - width - 8;
  float height = 32 + 2 * view.layout.row() + 2 * kInset;
  popup(view, out, "export", app::Popup::kExport,
        clamped_to_page(view, box(right, static_cast<float>(view.layout.top.height) + 4, width, height)),
        [&](float x, float y, float room) {
          float begun = y;
          y += title(view, x, y, "Export the findings");
          int clicked = -1;
          y += choices(view, x, y, room, {{"Table", "CSV"}, {"With everything behind it", "JSON"}}, &clicked);
          if (clicked >= 0) out.push_back(app::ExportFindings{clicked == 0 ? "csv" : "json"});
          return y - begun;
        });
}

void examples_popup(const View& view, Actions& out) {
  const auto& examples = view.state.examples;
  float height = 32 + 26 + static_cast<float>(examples.size()) * view.layout.row() + 2 * kInset;
  popup(
      view, out, "examples", app::Popup::kExamples, centred(view, 360, height),
      [&](float x, float y, float room) {
        float begun = y;
        y += title(view, x, y, "Synthetic films");
        y += draw_wrapped(view, {x, y - 6}, room, view.small(colour::kQuiet), "Made by a program. Nobody's.");
        std::vector<std::pair<std::string, std::string>> items;
        for (const app::Example& example : examples) items.push_back({example.name, ""});
        int clicked = -1;
        y += choices(view, x, y, room, items, &clicked);
        if (clicked >= 0) out.push_back(app::OpenExample{examples[static_cast<std::size_t>(clicked)].file});
        return y - begun;
      });
}

void more_tools_popup(const View& view, Actions& out) {
  std::vector<const char*> tools = tools_behind_more(view);
  std::vector<std::pair<std::string, std::string>> items;
  for (const char* id : tools)
    items.push_back({std::string(app::find_command(id)->help), std::string(app::find_command(id)->shortcut)});
  float height = static_cast<float>(items.size()) * view.layout.row() + 2 * kInset;
  const app::ScreenRect& row = view.layout.tools;
  popup(view, out, "more", app::Popup::kMoreTools,
        clamped_to_page(view, box(static_cast<float>(row.x + row.width) - 300,
                                  static_cast<float>(row.y + row.height) + 4, 280, height)),
        [&](float x, float y, float room) {
          int clicked = -1;
          float used = choices(view, x, y, room, items, &clicked);
          if (clicked >= 0) out.push_back(app::RunCommand{tools[static_cast<std::size_t>(clicked)]});
          return used;
        });
}

}  // namespace

void draw_popups(const View& view, Actions& out) {
  switch (view.state.popup) {
    case app::Popup::kNone:
      break;
    case app::Popup::kHelp:
      help_popup(view, out);
      break;
    case app::Popup::kModel:
      model_popup(view, out);
      break;
    case app::Popup::kBackend:
      backend_popup(view, out);
      break;
    case app::Popup::kExport:
      export_popup(view, out);
      break;
    case app::Popup::kExamples:
      examples_popup(view, out);
      break;
    case app::Popup::kMoreTools:
      more_tools_popup(view, out);
      break;
  }
}

}  // namespace chestlight::ui
