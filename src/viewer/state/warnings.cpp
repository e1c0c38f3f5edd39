// See warnings.h.
#include "viewer/state/warnings.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "viewer/state/film_entry.h"

namespace chestlight::viewer {
namespace {

constexpr double kTilted = 8;        // degrees: half of the films that lie as films do stay under 3, all but a few under this
constexpr double kSmallChest = 0.3;  // of the film's area
constexpr double kUnseen = 0.02;     // of the chest's width or height, outside what the model saw
constexpr double kMargin = 0.08;     // around the lungs in a crop, of the longer side

struct LungsBox {
  double left = 0, top = 0, right = 0, bottom = 0;
  double width() const { return right - left; }
  double height() const { return bottom - top; }
};

/// Around both lungs, SourcePx; nothing where they were not found.
std::optional<LungsBox> lungs_box(const FilmEntry& film) {
  if (!film.anatomy || !film.anatomy->found) return std::nullopt;
  std::optional<LungsBox> box;
  for (const auto* lung : {&film.anatomy->lungs.left, &film.anatomy->lungs.right}) {
    if (!*lung) continue;
    for (const auto& [x, y] : (*lung)->outline) {
      if (!box) box = LungsBox{x, y, x, y};
      box->left = std::min(box->left, x), box->right = std::max(box->right, x);
      box->top = std::min(box->top, y), box->bottom = std::max(box->bottom, y);
    }
  }
  return box;
}

/// A square around both lungs where the film has room for one, in whole pixels.
PixelRect crop_around(const FilmEntry& film, const LungsBox& box) {
  const double side = std::max(box.width(), box.height()) * (1 + 2 * kMargin);
  const double width = std::min<double>(side, film.info.width), height = std::min<double>(side, film.info.height);
  const double left = std::clamp((box.left + box.right - width) / 2, 0.0, film.info.width - width);
  const double top = std::clamp((box.top + box.bottom - height) / 2, 0.0, film.info.height - height);
  const int x = static_cast<int>(std::floor(left)), y = static_cast<int>(std::floor(top));
  return {x, y, std::min(static_cast<int>(std::ceil(width)), film.info.width - x),
          std::min(static_cast<int>(std::ceil(height)), film.info.height - y)};
}

bool is_unseen(const LungsBox& box, const PixelRect& seen) {
  const double x = kUnseen * box.width(), y = kUnseen * box.height();
  return box.left < seen.x - x || box.right > seen.x + seen.width + x || box.top < seen.y - y ||
         box.bottom > seen.y + seen.height + y;
}

std::string sides_cut(const CutOffSides& cut) {
  std::string sides;
  for (const auto& [is_cut, name] : {std::pair(cut.left, "left"), {cut.right, "right"}, {cut.top, "top"}, {cut.bottom, "bottom"}})
    if (is_cut) sides += text(sides.empty() ? "" : ", ", name);
  return sides;
}

/// Builds the list: what is about the same is one warning.
class Warnings {
 public:
  explicit Warnings(const FilmEntry& film) : film_(film), now_(film.request.correction) {}

  std::vector<Warning> run() && {
    if (film_.analysis)
      for (const Reason& reason : film_.analysis->reasons) list_.push_back({reason.id, reason.text, reason.refuses()});
    add_inversion();
    if (film_.anatomy) add_turn();
    for (Warning& warning : list_)
      if (warning.remedy.empty() && (warning.id == "two-films" || warning.id == "bordered"))
        warning.remedy = "Draw a crop", warning.command = "correct-draw-crop";
    if (film_.anatomy && film_.anatomy->pose.mirrored && !is_turned())
      add({"mirrored", "The film looks mirrored: look for a side marker before you trust left and right.", false,
           "Flip left to right for the model", now_.flipped_left_right()});
    if (film_.anatomy && film_.anatomy->found) add_framing(*film_.anatomy);
    // What is said of the film itself comes before what only makes its scores doubtful; refusals stay first.
    std::ranges::stable_sort(list_, {}, [](const Warning& one) { return one.refuses ? 0 : one.remedy.empty() ? 2 : 1; });
    return std::move(list_);
  }

 private:
  bool is_turned() const { return film_.anatomy->pose.quarter_turns != 0; }

  Warning* find(const char* id) {
    auto found = std::ranges::find(list_, id, &Warning::id);
    return found == list_.end() ? nullptr : &*found;
  }
  void add(Warning warning) { list_.push_back(std::move(warning)); }

  void add_inversion() {
    Warning* known = find("inverted");
    const bool seen = film_.anatomy && film_.anatomy->pose.inverted;
    if (!known && !seen) return;
    if (!known) add({"inverted", "The film looks inverted, with air white."}), known = &list_.back();
    Correction inverted = now_;
    inverted.inverted = !inverted.inverted;
    known->remedy = now_.inverted ? "Undo the inversion" : "Invert for the model";
    known->correction = inverted;
  }

  void add_turn() {
    const int turns = film_.anatomy->pose.quarter_turns;
    if (turns == 0) return;
    Warning* known = find("rotated");
    if (!known) known = find("turned");
    if (!known) add({"turned", ""}), known = &list_.back();
    known->text = turns == 2 ? "The film lies upside down." : text("The film lies turned by ", 90 * turns, "° clockwise.");
    Correction back = now_;
    for (int i = turns; i < 4; ++i) back = back.turned_right();
    known->remedy = "Turn it upright for the model";
    known->correction = back;
  }

  void add_framing(const AnatomyReport& report) {
    const auto box = lungs_box(film_);
    const PixelRect crop = box ? crop_around(film_, *box) : PixelRect{};
    Correction cropped = now_;
    cropped.crop = crop;
    const bool helps = box && now_.crop != cropped.crop;
    if (helps && film_.analysis && film_.analysis->analysed && is_unseen(*box, film_.analysis->input.crop))
      add({"outside-input", "The model does not see all of the lungs: it takes the middle of the picture.", false,
           "Use this crop", cropped});
    else if (helps && report.chest_share && *report.chest_share < kSmallChest)
      add({"small-chest", text("Lungs and heart fill only ", fixed(100 * *report.chest_share, 0), " % of the picture."), false,
           "Use this crop", cropped});
    if (const std::string sides = report.cut_off ? sides_cut(*report.cut_off) : ""; !sides.empty()) {
      Warning cut{"cut-off", text("The lungs run into the edge of what was looked at: ", sides, ".")};
      if (now_.crop) {
        Correction whole = now_;
        whole.crop.reset();
        cut.remedy = "Use the whole picture", cut.correction = whole;
      }
      add(std::move(cut));
    }
    if (report.tilt_degrees && std::abs(*report.tilt_degrees) >= kTilted)
      add({"tilted", text("The patient lies tilted by ", fixed(std::abs(*report.tilt_degrees), 0), "° ",
                          *report.tilt_degrees > 0 ? "clockwise." : "anticlockwise.")});
  }

  const FilmEntry& film_;
  const Correction now_;
  std::vector<Warning> list_;
};

}  // namespace

std::vector<Warning> warnings_of(const FilmEntry& film) { return Warnings(film).run(); }

const Warning* first_remedy(const std::vector<Warning>& warnings) {
  auto found = std::ranges::find_if(warnings, [](const Warning& one) { return !one.remedy.empty(); });
  return found == warnings.end() ? nullptr : &*found;
}

}  // namespace chestlight::viewer
