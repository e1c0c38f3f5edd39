// What opens over the page: the list of keys, the model, the backend, export, the gallery. Esc or a click beside closes.
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
  if (view.log) outer = view.log->panel, view.log->panel = name;
  float top = place.min.y - ImGui::GetScrollY();
  float height = content(place.min.x + kInset, top + kInset, place.width() - 2 * kInset);
  ImGui::SetCursorScreenPos({place.min.x, top + 2 * kInset + height});
  ImGui::Dummy({1, 0});
  if (view.log) view.log->panel = outer;
  bool beside = ImGui::IsMouseClicked(ImGuiMouseButton_Left) && !ImGui::IsWindowAppearing() &&
                !ImGui::IsMouseHoveringRect(place.min, place.max, false);
  if (beside) out.push_back(app::OpenPopup{which});
  ImGui::End();
}

Box clamped_to_page(const View& view, Box wanted) {
  float width = static_cast<float>(view.layout.page.width), height = static_cast<float>(view.layout.page.height);
  float w = std::min(wanted.width(), width - 16), h = std::min(wanted.height(), height - 16);
  float x = std::clamp(wanted.min.x, 8.0f, std::max(8.0f, width - 8 - w)), y = std::clamp(wanted.min.y, 8.0f, std::max(8.0f, height - 8 - h));
  return box(x, y, w, h);
}

Box centred(const View& view, float width, float height) {
  return clamped_to_page(view, box((static_cast<float>(view.layout.page.width) - width) / 2,
                                   (static_cast<float>(view.layout.page.height) - height) / 2, width, height));
}

float facts(const View& view, float x, float y, float width, const std::vector<std::pair<std::string, std::string>>& rows) {
  constexpr float kLabel = 108;
  float begun = y;
  for (const auto& [label, words] : rows) {
    if (words.empty()) continue;
    draw_text(view, {x, y}, view.small(colour::kQuiet), label, kLabel - kGap);
    y += draw_wrapped(view, {x + kLabel, y}, width - kLabel, view.small(), words) + 6;
  }
  return y - begun;
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
      groups[static_cast<std::size_t>(command.group)].rows.push_back({std::string(command.shortcut), std::string(command.help)});
  groups.push_back({"Mouse", {{"Left drag", "Window: right is wider, down is darker"}, {"Wheel", "Zoom at the pointer"},
                              {"Middle drag", "Move the film; also Space and left drag"}, {"Double click", "Fit the film"}}});
  groups.push_back({"Touch", {{"One finger", "Window; moves the film when zoomed in"}, {"Two fingers", "Zoom and move"},
                              {"Three fingers", "Window"}, {"Swipe", "Next film, on a phone"}}});
  groups.push_back({"Page", {{"Tab", "Step through buttons and rows"}, {"Esc, Tab", "Leave the canvas"}}});
  return groups;
}

float key_group_height(const KeyGroup& group) { return 28 + static_cast<float>(group.rows.size()) * 24 + kPadding; }

float draw_key_group(const View& view, float x, float y, float width, const KeyGroup& group) {
  draw_text(view, {x, y}, view.small_medium(colour::kAccent), group.name);
  float at = y + 28;
  constexpr float kKeys = 104;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (const KeyRow& row : group.rows) {
    float cap = text_width(view.small(), row.keys) + 12;
    list.AddRectFilled({x, at}, {x + cap, at + 20}, colour::kPanel, 3);
    list.AddRect({x + 0.5f, at + 0.5f}, {x + cap - 0.5f, at + 19.5f}, colour::kLine, 3);
    draw_text(view, {x + 6, at + 1}, view.small(), row.keys);
    draw_text(view, {x + kKeys, at + 1}, view.small(colour::kQuiet), row.help, width - kKeys);
    at += 24;
  }
  return at - y + kPadding;
}

void help_popup(const View& view, Actions& out) {
  std::vector<KeyGroup> groups = key_groups();
  float page = static_cast<float>(view.layout.page.width);
  int columns = page >= 1160 ? 3 : page >= 780 ? 2 : 1;
  float width = std::min(page - 16, 372.0f * static_cast<float>(columns) + 2 * kInset);
  float total = 0;
  for (const KeyGroup& group : groups) total += key_group_height(group);
  // Fill columns from the left; a group is never broken.
  std::vector<std::vector<KeyGroup>> placed(static_cast<std::size_t>(columns));
  std::vector<float> heights(placed.size(), 0);
  std::sort(groups.begin(), groups.end(), [](const KeyGroup& a, const KeyGroup& b) { return a.rows.size() > b.rows.size(); });
  for (KeyGroup& group : groups) {
    auto shortest = static_cast<std::size_t>(std::min_element(heights.begin(), heights.end()) - heights.begin());
    heights[shortest] += key_group_height(group);
    placed[shortest].push_back(std::move(group));
  }
  float tallest = *std::max_element(heights.begin(), heights.end());
  popup(view, out, "help", app::Popup::kHelp, centred(view, width, tallest + 2 * kInset + 44), [&](float x, float y, float inner) {
    float row = view.layout.touch ? kTouchTarget : kRow, close = button_width(view, "Close");
    draw_text(view, {x, y + (row - 20) / 2}, view.body_medium(), "Keys and gestures");
    if (button(view, "close-help", box(x + inner - close, y, close, row), "Close", ButtonLook::kQuiet))
      out.push_back(app::OpenPopup{app::Popup::kHelp});
    float top = y + row + kPadding, column = inner / static_cast<float>(columns), lowest = top;
    for (std::size_t i = 0; i < placed.size(); ++i) {
      float at = top;
      for (const KeyGroup& group : placed[i])
        at += draw_key_group(view, x + column * static_cast<float>(i), at, column - 24, group);
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

float model_facts(const View& view, float x, float y, float width) {
  const app::ModelInfo& model = view.state.model;
  std::string input = model.input_width ? text(model.input_width, " × ", model.input_height, " pixels") : "";
  return facts(view, x, y, width,
               {{"Id", model.id}, {"Version", model.version}, {"Input", input},
                {"Findings", model.labels.empty() ? "" : text(model.labels.size())},
                {"Thresholds", joined(model.operating_points, ", ")}, {"SHA-256", model.sha256.substr(0, 16)},
                {"Licence", model.licence}, {"Limits", joined(model.limits, " ")}, {"Notice", model.notice}});
}

float choices(const View& view, float x, float y, float width, const std::vector<std::pair<std::string, std::string>>& items, int* clicked) {
  float row = view.layout.touch ? kTouchTarget : kRow, begun = y;
  for (std::size_t i = 0; i < items.size(); ++i) {
    ImGui::PushID(static_cast<int>(i));
    Box area = box(x - 8, y, width + 16, row);
    ButtonState state = hot_area(view, items[i].first.c_str(), area);
    if (state.hovered) ImGui::GetWindowDrawList()->AddRectFilled(area.min, area.max, colour::kHover, kRadius);
    float right = items[i].second.empty() ? 0 : text_width(view.small(), items[i].second);
    draw_text_in(view, box(x, y, width - right - kGap, row), view.small(), items[i].first);
    if (right > 0) draw_text_in(view, box(x + width - right, y, right + 1, row), view.small(colour::kQuiet), items[i].second);
    if (state.clicked) *clicked = static_cast<int>(i);
    ImGui::PopID();
    y += row;
  }
  return y - begun;
}

void model_popup(const View& view, Actions& out) {
  const app::State& state = view.state;
  float width = 420, inner = std::min(width, static_cast<float>(view.layout.page.width) - 16) - 2 * kInset - 108;
  float height = 32 + 9 * 24 + 2 * kInset + static_cast<float>(state.models.size()) * view.layout.row();
  std::vector<std::string> long_ones = {joined(state.model.limits, " "), state.model.notice};
  for (const std::string& words : long_ones) height += static_cast<float>(wrapped_lines(view.small(), words, inner).size()) * 18;
  popup(view, out, "model", app::Popup::kModel,
        clamped_to_page(view, box(96, static_cast<float>(view.layout.top.height) + 4, width, height)),
        [&](float x, float y, float room) {
          float begun = y;
          y += title(view, x, y, state.model.id.empty() ? "No model yet" : state.model.name);
          y += model_facts(view, x, y, room);
          if (state.models.size() > 1) {
            std::vector<std::pair<std::string, std::string>> items;
            for (const app::ModelChoice& model : state.models)
              items.push_back({model.name, model.id == state.model.id ? "in use" : app::bytes_in_words(static_cast<double>(model.bytes))});
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
  float width = 380;
  float height = 32 + 2 * kInset + 30;
  float inner = std::min(width, static_cast<float>(view.layout.page.width) - 16) - 2 * kInset;
  auto lines = [&](const std::string& words, float room) {
    return static_cast<float>(wrapped_lines(view.small(), words, room).size()) * 18;
  };
  height += lines(backend.detail, inner - 108);
  for (const std::string& reason : backend.fallbacks) height += lines(reason, inner - 20) + 4;
  if (!backend.fallbacks.empty()) height += 26;
  popup(view, out, "backend", app::Popup::kBackend,
        clamped_to_page(view, box(240, static_cast<float>(view.layout.top.height) + 4, width, height)),
        [&](float x, float y, float room) {
          float begun = y;
          y += title(view, x, y, app::backend_in_words(backend.name));
          y += facts(view, x, y, room, {{"Provider", backend.name}, {"Detail", backend.detail}});
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
  popup(view, out, "examples", app::Popup::kExamples, centred(view, 360, height), [&](float x, float y, float room) {
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

}  // namespace

void draw_popups(const View& view, Actions& out) {
  switch (view.state.popup) {
    case app::Popup::kNone: break;
    case app::Popup::kHelp: help_popup(view, out); break;
    case app::Popup::kModel: model_popup(view, out); break;
    case app::Popup::kBackend: backend_popup(view, out); break;
    case app::Popup::kExport: export_popup(view, out); break;
    case app::Popup::kExamples: examples_popup(view, out); break;
  }
}

}  // namespace chestlight::ui
