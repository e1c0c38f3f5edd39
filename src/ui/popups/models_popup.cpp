// The models there are, as a table: those that came with the page and those that were added. The row that is looked at tells all
// of its model, with what can be done with it.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "ui/widgets/popup_frame.h"
#include "viewer/text/formatting.h"

namespace chestlight::ui {
namespace {

using viewer::ModelChoice;

constexpr float kModelsWidth = 1000, kModelLabel = 96, kModelsHead = 24, kModelMark = 20;

std::string input_words(const ModelChoice& model) { return model.side ? text(model.side, " px") : ""; }
std::string labels_words(const ModelChoice& model) { return model.labels ? text(model.labels) : ""; }

struct ModelColumn {
  const char* head;
  float width;   // 0: what is left
  float least;   // of the popup's inner width, for the column to be there
  bool figures;  // right-aligned
  std::string (*words)(const ModelChoice&);
};

const ModelColumn kModelColumns[] = {
    {"Name", 0, 0, false, [](const ModelChoice& m) { return m.name; }},
    {"Size", 72, 0, true, [](const ModelChoice& m) { return m.bytes > 0 ? viewer::bytes_in_words(m.bytes) : std::string(); }},
    {"Input", 60, 480, true, input_words},
    {"Labels", 60, 480, true, labels_words},
    {"Licence", 104, 620, false, [](const ModelChoice& m) { return m.licence; }},
    {"Hash", 84, 700, false, [](const ModelChoice& m) { return m.sha256.substr(0, 8); }},
    {"Last used", 88, 620, false, [](const ModelChoice& m) { return m.used; }},
    {"Source", 176, 900, false, [](const ModelChoice& m) { return m.source; }},
};

std::vector<const ModelColumn*> columns_for(float inner) {
  std::vector<const ModelColumn*> columns;
  for (const ModelColumn& column : kModelColumns)
    if (inner >= column.least) columns.push_back(&column);
  return columns;
}

bool is_default(const viewer::State& state, const ModelChoice& model) {
  if (!state.settings.default_model.empty()) return model.id == state.settings.default_model;
  return model.preset;
}

Facts facts_of(const viewer::State& state, const ModelChoice& model) {
  const bool used = viewer::is_in_use(state, model);
  std::string notes = used ? "In use." : "";
  if (is_default(state, model)) notes += std::string(notes.empty() ? "" : " ") + "The page begins with it.";
  if (!model.kept) notes += std::string(notes.empty() ? "" : " ") + "It stays only until the page is closed.";
  Facts facts = {{"Source", model.source}, {"Published at", model.link}, {"Licence", model.licence}, {"SHA-256", model.sha256},
                 {"State", notes},         {"Problem", model.problem}};
  if (used) facts.insert(facts.end() - 1, {"Evaluation", viewer::model_evaluation_in_words(state.model)});
  if (model.id == state.own.selected && !state.own.assumptions.empty()) {
    std::string guessed;
    for (const std::string& one : state.own.assumptions) guessed += (guessed.empty() ? "" : " ") + one;
    facts.push_back({"Guessed", guessed});
  }
  return facts;
}

struct ModelAct {
  const char* label;
  viewer::Action action;
};

std::vector<ModelAct> acts_of(const viewer::State& state, const ModelChoice& model) {
  std::vector<ModelAct> acts;
  const bool usable = model.problem.empty(), used = viewer::is_in_use(state, model);
  if (usable && !used) acts.push_back({"Use", viewer::LoadModel{model.id}});
  if (usable && !used && !state.model.id.empty()) acts.push_back({"Use and compare", viewer::CompareModel{model.id}});
  if (usable && !is_default(state, model)) acts.push_back({"Make default", viewer::MakeDefault{model.preset ? "" : model.id}});
  if (usable && viewer::is_own(model)) acts.push_back({"Labels and input…", viewer::DescribeModel{model.id}});
  if (usable && viewer::is_own(model)) acts.push_back({"Save as folder", viewer::DownloadModel{model.id}});
  if (!model.link.empty()) acts.push_back({"Copy link", viewer::CopyText{model.link}});
  if (viewer::is_own(model)) acts.push_back({"Remove", viewer::RemoveModel{model.id}});
  return acts;
}

/// Buttons in rows as wide as `width`; drawn where `out` is given. Returns their height.
float button_rows(const View& view, Actions* out, const std::vector<ModelAct>& acts, float x, float y, float width) {
  const float high = view.layout.touch ? kTouchTarget : kRow;
  float at = x, top = y;
  for (const ModelAct& act : acts) {
    const float wide = button_width(view, act.label);
    if (at > x && at + wide > x + width) at = x, top += high + kGap;
    if (out && button(view, act.label, box(at, top, wide, high), act.label, ButtonLook::kOutlined)) out->push_back(act.action);
    at += wide + kGap;
  }
  return acts.empty() ? 0 : top + high - y;
}

struct Manager {
  const View& view;
  Actions& out;
  std::vector<ModelChoice> models;
  std::string selected;

  float row_height() const { return view.layout.touch ? view.layout.row() : kRow; }

  float words_height(const std::string& words, float width) const {
    return words.empty() ? 0 : static_cast<float>(wrapped_lines(view.small(), words, width).size()) * 18;
  }

  float details_height(const ModelChoice& model, float width) const {
    const float inner = width - 2 * kPadding;
    return kPadding + facts_height(view, inner, kModelLabel, facts_of(view.state, model)) + kGap +
           button_rows(view, nullptr, acts_of(view.state, model), 0, 0, inner) + kPadding;
  }

  float failures_height(float width) const {
    float height = 0;
    for (const auto& failed : view.state.own.failed) height += words_height(failure_words(failed), width - kModelMark) + 4;
    return height > 0 ? height + kGap : 0;
  }
  static std::string failure_words(const viewer::OwnModels::Failed& failed) {
    return text(failed.name, ": ", failed.error.message, failed.error.hint.empty() ? "" : " ", failed.error.hint);
  }

  float height(float width) const {
    float sum = 32 + kModelsHead + row_height() * static_cast<float>(models.size()) + failures_height(width);
    for (const ModelChoice& model : models)
      if (model.id == selected) sum += details_height(model, width);
    sum += kPadding + (view.layout.touch ? kTouchTarget : kRow) + kGap + words_height(view.state.own.storage, width);
    if (!view.state.own.note.empty()) sum += words_height(view.state.own.note, width) + kGap;
    return sum;
  }

  float failures(float x, float y, float width) const {
    const float begun = y;
    for (const auto& failed : view.state.own.failed) {
      draw_dash(*ImGui::GetWindowDrawList(), {x + 6, y + 9}, colour::kAbove);
      y += draw_wrapped(view, {x + kModelMark, y}, width - kModelMark, view.small(), failure_words(failed)) + 4;
    }
    return y > begun ? y + kGap - begun : 0;
  }

  void cells(const ModelChoice& model, const std::vector<const ModelColumn*>& columns, float name_width, Box row) const {
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float middle = (row.min.y + row.max.y) / 2;
    float x = row.min.x;
    const bool used = viewer::is_in_use(view.state, model), broken = !model.problem.empty();
    if (used) list.AddCircleFilled({x + 6, middle}, 4, colour::kAccent, 16);
    list.AddCircle({x + 6, middle}, 6, used ? colour::kAccent : colour::kQuiet, 20, 1.2f);
    for (const ModelColumn* column : columns) {
      const bool name = column->width == 0;
      const float width = name ? name_width : column->width;
      Box cell = box(x, row.min.y, width - kGap, row.height());
      if (name) cell.min.x += kModelMark;
      const TextStyle style = name ? (broken ? view.small(colour::kQuiet) : view.small_medium()) : view.small(colour::kQuiet);
      std::string words = column->words(model);
      if (name && broken) words += " (cannot be used)";
      if (column->figures) draw_figures(view, cell, style, words);
      else draw_text_in(view, cell, style, words);
      x += width;
    }
  }

  float table(float x, float y, float width) const {
    const float begun = y;
    const std::vector<const ModelColumn*> columns = columns_for(width);
    float fixed = 0;
    for (const ModelColumn* column : columns) fixed += column->width;
    const float name_width = width - fixed;
    ImGui::SetCursorScreenPos({x, y});
    ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {0, 0});
    bool open = begin(columns, name_width, width, 0);
    if (open) {
      ImGui::TableNextRow(ImGuiTableRowFlags_None, kModelsHead);
      ImGui::TableNextColumn();
      float at = x;
      for (const ModelColumn* column : columns) {
        const bool name = column->width == 0;
        Box cell = box(at + (name ? kModelMark : 0), y, (name ? name_width - kModelMark : column->width) - kGap, kModelsHead);
        draw_text_in(view, cell, view.small(colour::kQuiet), column->head, column->figures ? 1.0f : 0.0f);
        at += name ? name_width : column->width;
      }
    }
    y += kModelsHead;
    int part = 0;
    for (const ModelChoice& model : models) {
      if (!open) {
        ImGui::SetCursorScreenPos({x, y});
        open = begin(columns, name_width, width, ++part);
      }
      if (!open) break;
      y += row(model, columns, name_width, box(x, y, width, row_height()));
      if (model.id != selected) continue;
      ImGui::EndTable();
      open = false;
      y += details(model, x, y, width);
    }
    if (open) ImGui::EndTable();
    ImGui::PopStyleVar();
    return y - begun;
  }

  static bool begin(const std::vector<const ModelColumn*>& columns, float name_width, float width, int part) {
    const std::string id = text("models-table-", part);
    if (!ImGui::BeginTable(id.c_str(), static_cast<int>(columns.size()),
                           ImGuiTableFlags_NoSavedSettings | ImGuiTableFlags_NoPadOuterX | ImGuiTableFlags_NoPadInnerX |
                               ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_NoClip,
                           {width, 0}))
      return false;
    for (const ModelColumn* column : columns)
      ImGui::TableSetupColumn(column->head, ImGuiTableColumnFlags_WidthFixed, column->width == 0 ? name_width : column->width);
    return true;
  }

  float row(const ModelChoice& model, const std::vector<const ModelColumn*>& columns, float name_width, Box whole) const {
    ImGui::TableNextRow(ImGuiTableRowFlags_None, whole.height());
    ImGui::TableNextColumn();
    ImGui::SetCursorScreenPos(whole.min);
    ImGui::PushID(model.id.c_str());
    const bool clicked = ImGui::Selectable("##row", false, ImGuiSelectableFlags_SpanAllColumns, {0, whole.height()});
    const bool under = ImGui::IsItemHovered();
    ImGui::PopID();
    log_entry(view, true, model.id, whole.min, whole.max);
    if (under) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (clicked) out.push_back(viewer::SelectModel{model.id});
    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (under || model.id == selected)
      list.AddRectFilled({whole.min.x - kGap, whole.min.y}, {whole.max.x + kGap, whole.max.y}, colour::kHover, kRadius);
    cells(model, columns, name_width, whole);
    return whole.height();
  }

  float details(const ModelChoice& model, float x, float y, float width) const {
    const float begun = y, inner = width - 2 * kPadding;
    ImGui::GetWindowDrawList()->AddRectFilled({x - kGap, y}, {x + width + kGap, y + details_height(model, width)}, colour::kPanel,
                                              kRadius);
    y += kPadding;
    ImGui::PushID(model.id.c_str());
    y += draw_facts(view, x + kPadding, y, inner, kModelLabel, facts_of(view.state, model)) + kGap;
    y += button_rows(view, &out, acts_of(view.state, model), x + kPadding, y, inner) + kPadding;
    ImGui::PopID();
    return y - begun;
  }
};

}  // namespace

void draw_models_popup(const View& view, Actions& out) {
  const viewer::State& state = view.state;
  Manager manager{view, out, viewer::all_models(state), state.own.selected};
  const float inner = popup_inner(view, kModelsWidth);
  popup(view, out, "models", viewer::Popup::kModels, centred(view, kModelsWidth, manager.height(inner) + 2 * kInset),
        [&](float x, float y, float room) {
          const float begun = y;
          y += popup_title(view, x, y, "Models");
          y += manager.failures(x, y, room);
          y += manager.table(x, y, room) + kPadding;
          const float high = view.layout.touch ? kTouchTarget : kRow;
          float at = x;
          for (const char* id : {"add-model", "stop-comparing"}) {
            const float wide = button_width(view, viewer::find_command(id)->label);
            if (!viewer::find_command(id)->enabled(state)) continue;
            command_button(view, out, id, box(at, y, wide, high), ButtonLook::kOutlined);
            at += wide + kGap;
          }
          y += high + kGap;
          if (!state.own.note.empty())
            y += draw_wrapped(view, {x, y}, room, view.small(colour::kBorderline), state.own.note) + kGap;
          if (!state.own.storage.empty()) y += draw_wrapped(view, {x, y}, room, view.small(colour::kQuiet), state.own.storage);
          return y - begun;
        });
}

}  // namespace chestlight::ui
