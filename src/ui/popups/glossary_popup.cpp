// What the findings mean, a paragraph each, with the synthetic film that shows one.
#include "ui/widgets/popup_frame.h"
#include "viewer/text/glossary.h"

namespace chestlight::ui {

void draw_glossary_popup(const View& view, Actions& out) {
  constexpr float kGlossaryWidth = 620;
  const float page = static_cast<float>(view.layout.page.height);
  popup(
      view, out, "glossary", viewer::Popup::kGlossary, centred(view, kGlossaryWidth, page - (view.layout.phone() ? 16 : 64)),
      [&](float x, float y, float room) {
        const float begun = y, row = view.layout.touch ? kTouchTarget : 28;
        room -= 10;  // for the bar that scrolls
        const float close = button_width(view, "Close");
        if (button(view, "close-glossary", box(x + room - close, y, close, row), "Close", ButtonLook::kQuiet))
          out.push_back(viewer::ClosePopup{viewer::Popup::kGlossary});
        draw_text_in(view, box(x, y, room - close, row), view.body_medium(), "What the findings mean");
        y += row + kPadding;
        for (const viewer::GlossaryTerm& term : viewer::glossary()) {
          y += draw_wrapped(view, {x, y}, room, view.small_medium(), term.name) + 2;
          y += draw_wrapped(view, {x, y}, room, view.small(), term.words) + 4;
          if (const viewer::Example* example = viewer::example_showing(view.state, term.id)) {
            const std::string label = "Open the synthetic film: " + example->name;
            const std::string id = "example-of-" + std::string(term.id);
            if (button(view, id.c_str(), box(x, y, std::min(room, button_width(view, label)), row), label, ButtonLook::kOutlined))
              out.push_back(viewer::OpenExample{example->file});
            y += row;
          }
          y += kPadding;
        }
        return y - begun;
      });
}

}  // namespace chestlight::ui
