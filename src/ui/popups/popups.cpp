// What opens over the page: the list of keys, the model, the backend, export, the gallery, the menu and the facts of the
// film. Esc or a click beside closes.
#include <algorithm>

#include "base/text.h"
#include "ui/panels.h"
#include "ui/widgets/popup_frame.h"
#include "viewer/actions/keeping.h"
#include "viewer/text/film_description.h"
#include "viewer/text/formatting.h"

namespace chestlight::ui {
namespace {

constexpr float kFactLabel = 108;

// --- the menus of the top bar ---

std::string joined(const std::vector<std::string>& texts, const char* between) {
  std::string all;
  for (const std::string& one : texts) all += (all.empty() ? "" : between) + one;
  return all;
}

std::vector<std::string> names_of(const std::vector<viewer::OperatingPoint>& points) {
  std::vector<std::string> names;
  for (const viewer::OperatingPoint& point : points) names.push_back(point.name);
  return names;
}

Facts model_facts(const View& view) {
  const viewer::ModelInfo& model = view.state.model;
  std::string input = model.input.width ? text(model.input.width, " × ", model.input.height, " pixels") : "";
  return {{"Id", model.id},
          {"Version", model.version},
          {"Input", input},
          {"Findings", model.labels.empty() ? "" : text(model.labels.size())},
          {"Thresholds", joined(names_of(model.operating_points), ", ")},
          {"Evaluation", viewer::model_evaluation_in_words(model)},
          {"SHA-256", model.sha256.substr(0, 16)},
          {"Licence", model.licence},
          {"Limits", joined(model.limits, " ")},
          {"Notice", model.notice}};
}

void model_popup(const View& view, Actions& out) {
  const viewer::State& state = view.state;
  constexpr float kWidth = 420;
  Facts rows = model_facts(view);
  float height = 32 + facts_height(view, popup_inner(view, kWidth), kFactLabel, rows) + 2 * kInset;
  std::vector<viewer::ModelChoice> models = viewer::all_models(state);
  std::erase_if(models, [](const viewer::ModelChoice& model) { return !model.problem.empty(); });
  const std::vector<const char*> ids = {"models", "add-model", "describe-model"};
  const float choice_row = view.layout.touch ? kTouchTarget : kRow;
  if (models.size() > 1) height += kGap + static_cast<float>(models.size()) * choice_row;
  height += 2 * kGap + (popup_inner(view, kWidth) < 380 ? 2 * choice_row + kGap : choice_row);  // the buttons below
  popup(view, out, "model", viewer::Popup::kModel,
        clamped_to_page(view, box(88, static_cast<float>(view.layout.top.height) + 4, kWidth, height)),
        [&](float x, float y, float room) {
          float begun = y;
          y += popup_title(view, x, y, state.model.id.empty() ? "No model yet" : state.model.name);
          y += draw_facts(view, x, y, room, kFactLabel, rows);
          if (models.size() > 1) {
            std::vector<std::pair<std::string, std::string>> items;
            for (const viewer::ModelChoice& model : models)
              items.push_back({model.name, viewer::is_in_use(state, model) ? "in use" : viewer::bytes_in_words(model.bytes)});
            int clicked = -1;
            y += kGap + choices(view, x, y + kGap, room, items, &clicked);
            if (clicked >= 0 && !viewer::is_in_use(state, models[static_cast<std::size_t>(clicked)]))
              out.push_back(viewer::LoadModel{models[static_cast<std::size_t>(clicked)].id});
          }
          y += kGap;
          float at = x;
          for (const char* id : ids) {
            const float wide = button_width(view, viewer::find_command(id)->label);
            if (at > x && at + wide > x + room) at = x, y += choice_row + kGap;
            command_button(view, out, id, box(at, y, wide, choice_row), ButtonLook::kOutlined);
            at += wide + kGap;
          }
          return y + choice_row - begun;
        });
}

void backend_popup(const View& view, Actions& out) {
  const viewer::Backend& backend = view.state.backend;
  constexpr float kWidth = 380;
  Facts rows = {{"Provider", backend.name}, {"Detail", backend.detail}};
  float inner = popup_inner(view, kWidth);
  float height = 32 + facts_height(view, inner, kFactLabel, rows) + 2 * kInset + (backend.fallbacks.empty() ? 0 : 22);
  for (const std::string& reason : backend.fallbacks)
    height += static_cast<float>(wrapped_lines(view.small(), reason, inner - 20).size()) * 18 + 4;
  popup(view, out, "backend", viewer::Popup::kBackend,
        clamped_to_page(view, box(240, static_cast<float>(view.layout.top.height) + 4, kWidth, height)),
        [&](float x, float y, float room) {
          float begun = y;
          y += popup_title(view, x, y, viewer::backend_in_words(backend.name));
          y += draw_facts(view, x, y, room, kFactLabel, rows);
          if (!backend.fallbacks.empty()) {
            draw_text(view, {x, y}, view.small(colour::kQuiet), "Why no GPU");
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
  const bool named = view.state.identifiers_shown;
  float height = 32 + (named ? 9 : 7) * view.layout.row() + 2 * kInset;
  popup(view, out, "export", viewer::Popup::kExport,
        clamped_to_page(view, box(right, static_cast<float>(view.layout.top.height) + 4, width, height)),
        [&](float x, float y, float room) {
          float begun = y;
          y += popup_title(view, x, y, "Export the findings");
          int clicked = -1;
          std::vector<std::pair<std::string, std::string>> items = {
              {"Table", "CSV"}, {"Table, a line per film", "CSV"}, {"Full record", "JSON"}};
          if (named) items.insert(items.end(), {{"Table, with identifiers", "CSV"}, {"Everything, with identifiers", "JSON"}});
          const int tables = static_cast<int>(items.size());
          items.insert(
              items.end(),
              {{"Report of this film", "print, PDF"}, {"Report of all films", "print, PDF"}, {"Report of all films", "HTML"}});
          items.push_back({viewer::keep_in_words(view.state), "this device"});
          y += choices(view, x, y, room, items, &clicked);
          constexpr const char* kCommands[] = {"report", "report-all", "save-report", "keep-readings"};
          if (clicked >= tables) return out.push_back(viewer::RunCommand{kCommands[clicked - tables]}), y - begun;
          constexpr const char* kFormats[] = {"csv", "csv-wide", "json", "csv", "json"};
          if (clicked >= 0) out.push_back(viewer::ExportFindings{kFormats[clicked], clicked >= 3});
          return y - begun;
        });
}

void examples_popup(const View& view, Actions& out) {
  const auto& examples = view.state.examples;
  float height = 32 + 26 + static_cast<float>(examples.size()) * view.layout.row() + 2 * kInset;
  popup(view, out, "examples", viewer::Popup::kExamples, centred(view, 360, height), [&](float x, float y, float room) {
    float begun = y;
    y += popup_title(view, x, y, "Synthetic films");
    y += draw_wrapped(view, {x, y - 6}, room, view.small(colour::kQuiet), "Computer-generated. No real patient.");
    std::vector<std::pair<std::string, std::string>> items;
    for (const viewer::Example& example : examples) items.push_back({example.name, ""});
    int clicked = -1;
    y += choices(view, x, y, room, items, &clicked);
    if (clicked >= 0) out.push_back(viewer::OpenExample{examples[static_cast<std::size_t>(clicked)].file});
    return y - begun;
  });
}

void more_tools_popup(const View& view, Actions& out) {
  std::vector<const char*> tools = tools_behind_more(view);
  std::vector<std::pair<std::string, std::string>> items;
  for (const char* id : tools)
    items.push_back(
        {std::string(viewer::find_command(id)->help), viewer::shortcut_of(view.state.settings, *viewer::find_command(id))});
  float height = static_cast<float>(items.size()) * view.layout.row() + 2 * kInset;
  const viewer::ScreenRect& row = view.layout.tools;
  popup(view, out, "more", viewer::Popup::kMoreTools,
        clamped_to_page(
            view, box(static_cast<float>(row.x + row.width) - 300, static_cast<float>(row.y + row.height) + 4, 280, height)),
        [&](float x, float y, float room) {
          int clicked = -1;
          float used = choices(view, x, y, room, items, &clicked);
          if (clicked >= 0) out.push_back(viewer::RunCommand{tools[static_cast<std::size_t>(clicked)]});
          return used;
        });
}

/// Of the film's own commands, those that can be done now; opened where the pointer is.
void film_menu(const View& view, Actions& out) {
  std::vector<const char*> ids;
  for (const char* id : {"fit",          "one-to-one",      "windows",        "invert",        "rotate-left",
                         "rotate-right", "flip-horizontal", "reset",          "anatomy",       "tool-length",
                         "tool-angle",   "tool-probe",      "tool-magnifier", "film-facts",    "file-drawing",
                         "identifiers",  "model-input",     "corrections",    "analyse-again", "read",
                         "report",       "compare-before",  "compare-next",   "compare-film",  "remove-film"})
    if (viewer::find_command(id)->enabled(view.state)) ids.push_back(id);
  std::vector<std::pair<std::string, std::string>> items;
  for (const char* id : ids)
    items.push_back(
        {std::string(viewer::find_command(id)->label), viewer::shortcut_of(view.state.settings, *viewer::find_command(id))});
  float height = static_cast<float>(items.size()) * view.layout.row() + 2 * kInset;
  const ScreenPx& at = view.state.menu_at;
  popup(view, out, "film-menu", viewer::Popup::kFilmMenu,
        clamped_to_page(view, box(static_cast<float>(at.x), static_cast<float>(at.y), 232, height)),
        [&](float x, float y, float room) {
          int clicked = -1;
          float used = choices(view, x, y, room, items, &clicked);
          if (clicked >= 0) {
            out.push_back(viewer::ClosePopup{viewer::Popup::kFilmMenu});
            out.push_back(viewer::RunCommand{ids[static_cast<std::size_t>(clicked)]});
          }
          return used;
        });
}

void film_facts_popup(const View& view, Actions& out) {
  const viewer::FilmEntry* film = viewer::selected_film(view.state);
  if (!film || !film->decoded()) return;
  constexpr float kWidth = 460;
  Facts rows = viewer::describe_film(*film);
  float row = view.layout.touch ? kTouchTarget : kRow;
  const float drawing = film->info.has_drawing ? row + kPadding : 0;
  float height = row + kPadding + drawing + facts_height(view, popup_inner(view, kWidth), kFactLabel, rows) + 2 * kInset;
  popup(view, out, "film-facts", viewer::Popup::kFilmFacts, centred(view, kWidth, height), [&](float x, float y, float room) {
    float begun = y, close = button_width(view, "Close");
    draw_text_in(view, box(x, y, room - close - kGap, row), view.body_medium(), "What the file says");
    if (button(view, "close-facts", box(x + room - close, y, close, row), "Close", ButtonLook::kQuiet))
      out.push_back(viewer::ClosePopup{viewer::Popup::kFilmFacts});
    y += row + kPadding;
    if (drawing > 0) command_button(view, out, "file-drawing", box(x, y, room, row), ButtonLook::kOutlined);
    y += drawing;
    y += draw_facts(view, x, y, room, kFactLabel, rows);
    return y - begun;
  });
}

}  // namespace

void draw_popups(const View& view, Actions& out) {
  switch (view.state.popup) {
    case viewer::Popup::kNone: break;
    case viewer::Popup::kHelp: draw_help_popup(view, out); break;
    case viewer::Popup::kModel: model_popup(view, out); break;
    case viewer::Popup::kModels: draw_models_popup(view, out); break;
    case viewer::Popup::kModelForm: draw_model_form_popup(view, out); break;
    case viewer::Popup::kBackend: backend_popup(view, out); break;
    case viewer::Popup::kEvaluation: draw_evaluation_popup(view, out); break;
    case viewer::Popup::kExport: export_popup(view, out); break;
    case viewer::Popup::kExamples: examples_popup(view, out); break;
    case viewer::Popup::kModelInput: draw_model_input_popup(view, out); break;
    case viewer::Popup::kCorrections: draw_corrections_popup(view, out); break;
    case viewer::Popup::kMoreTools: more_tools_popup(view, out); break;
    case viewer::Popup::kWindow: draw_window_popup(view, out); break;
    case viewer::Popup::kOperatingPoint: draw_operating_point_popup(view, out); break;
    case viewer::Popup::kStudy: draw_study_popup(view, out); break;
    case viewer::Popup::kGlossary: draw_glossary_popup(view, out); break;
    case viewer::Popup::kMethod: draw_method_popup(view, out); break;
    case viewer::Popup::kFilmMenu: film_menu(view, out); break;
    case viewer::Popup::kFilmFacts: film_facts_popup(view, out); break;
    case viewer::Popup::kWorklistFindings: draw_worklist_findings_popup(view, out); break;
    case viewer::Popup::kLayer: draw_layer_popup(view, out); break;
  }
}

}  // namespace chestlight::ui
