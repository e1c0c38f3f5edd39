// How the map lies on the film: which map, how strong, its contour, and what the model saw.
#include <cmath>

#include "base/text.h"
#include "ui/panels.h"
#include "viewer/state/explanations.h"

namespace chestlight::ui {
namespace {
float row_height(const View& view) { return view.layout.touch ? kTouchTarget : kRow; }
}  // namespace

float overlay_controls_height(const View& view) { return 4 * row_height(view) + 3 * 4 + 2 * kPadding; }

void draw_overlay_controls(const View& view, Actions& out, Box area) {
  Panel panel(view, "overlay", area, colour::kPanel);
  const viewer::OverlaySettings& overlay = view.state.settings.overlay;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddLine({area.min.x, area.min.y + 0.5f}, {area.max.x, area.min.y + 0.5f}, colour::kLine);
  constexpr float kLabel = 92, kFigure = 48;
  float x = area.min.x + kPadding, right = area.max.x - kPadding, y = area.min.y + kPadding, row = row_height(view);

  int chosen = !overlay.visible ? 0 : overlay.mode == viewer::OverlayMode::kEvidence ? 1 : 2;
  // Other methods have one look each: what it is follows from whether their values have a sign.
  bool other = viewer::overlaid_explanation(view.state) != nullptr;
  std::vector<std::string> looks =
      other ? std::vector<std::string>{"No map", "Map"} : std::vector<std::string>{"No map", "Evidence for", "Signed"};
  int clicked = segments(view, "map", box(x, y, right - x, row), looks, other ? 1 : chosen);
  if (other && clicked == 1) clicked = -1;
  if (clicked == 0) out.push_back(viewer::SetOverlayVisible{false});
  if (clicked == 1) out.push_back(viewer::SetOverlayMode{viewer::OverlayMode::kEvidence});
  if (clicked == 2) out.push_back(viewer::SetOverlayMode{viewer::OverlayMode::kSigned});
  y += row + 4;

  draw_text_in(view, box(x, y, kLabel, row), view.small(overlay.visible ? colour::kText : colour::kDisabled), "Opacity");
  double opacity = overlay.opacity;
  if (slider(view, "opacity", box(x + kLabel, y, right - kFigure - x - kLabel, row), opacity, 0, 1, overlay.visible))
    out.push_back(viewer::SetOpacity{opacity});
  draw_figures(view, box(right - kFigure, y, kFigure, row), view.small(colour::kQuiet), fixed(overlay.opacity * 100, 0) + " %");
  y += row + 4;

  if (check(view, "contour", box(x, y, kLabel, row), "Contour", overlay.contour, overlay.visible))
    out.push_back(viewer::SetContour{!overlay.contour});
  const viewer::Finding* finding = viewer::current_finding(view.state);
  double level = contour_share(finding ? finding->cutoff : MapFacts{}.cutoff, overlay.look());
  bool contour = overlay.visible && overlay.contour;
  if (slider(view, "contour-level", box(x + kLabel, y, right - kFigure - x - kLabel, row), level, 0.05, 0.95, contour))
    out.push_back(viewer::SetContourLevel{level});
  draw_figures(view, box(right - kFigure, y, kFigure, row), view.small(contour ? colour::kQuiet : colour::kDisabled),
               fixed(level * 100, 0) + " %");
  y += row + 4;

  const float first = std::floor((right - x) * 0.56f);  // the longer label
  if (check(view, "model-outline", box(x, y, first, row), "What the model saw", overlay.model_outline))
    out.push_back(viewer::SetModelOutline{!overlay.model_outline});
  if (check(view, "anatomy", box(x + first, y, right - x - first, row), "Lungs and heart", overlay.anatomy))
    out.push_back(viewer::SetAnatomy{!overlay.anatomy});
}

}  // namespace chestlight::ui
