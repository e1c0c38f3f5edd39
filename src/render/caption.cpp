#include "render/caption.h"

#include <algorithm>
#include <cmath>

namespace chestlight {
namespace {

constexpr Rgba kGround = {11, 13, 16, 255}, kText = {232, 236, 241, 255}, kQuiet = {160, 170, 181, 255};
constexpr double kSmallest = 13;      // pixels to the em
constexpr double kShareOfWidth = 44;  // of the picture's width, at larger sizes
constexpr double kLargestBar = 30;    // em

struct Line {
  std::string text;
  Rgba ink;
};

/// Lines of the legend below its bar: in one where they fit, else the unit below.
class Strip {
 public:
  Strip(const Grid<Rgba>& picture, const Caption& caption, const Typeface& typeface)
      : caption_(caption),
        typeface_(typeface),
        size_(std::max(kSmallest, std::round(picture.width() / kShareOfWidth))),
        margin_(std::round(0.8 * size_)),
        row_(std::round(1.45 * size_)),
        room_(picture.width() - 2 * margin_) {
    for (const std::string& line : typeface.lines(caption.title, size_, room_)) above_.push_back({line, kText});
    for (const std::string& fact : caption.facts)
      for (const std::string& line : typeface.lines(fact, size_, room_)) below_.push_back({line, kQuiet});
    for (const std::string& line : typeface.lines(kPictureNotice, size_, room_)) below_.push_back({line, kText});
    bar_ = std::min(room_, std::round(kLargestBar * size_));
    const MapLegend& legend = caption.legend;
    const double outer = std::max(typeface.width(legend.least, size_), typeface.width(legend.most, size_));
    unit_fits_ = typeface.width(legend.unit, size_) + 2 * (outer + size_) <= bar_;
    if (!unit_fits_) unit_ = typeface.lines(legend.unit, size_, room_);
  }

  int height() const {
    const auto rows = static_cast<double>(above_.size() + below_.size() + unit_.size() + 1);
    return static_cast<int>(2 * margin_ + rows * row_ + bar_height() + row_ / 2);
  }

  void draw(Grid<Rgba>& picture, int top) const {
    for (int y = top; y < picture.height(); ++y)
      for (int x = 0; x < picture.width(); ++x) picture(x, y) = kGround;
    double y = top + margin_;
    for (const Line& line : above_) y = put(picture, y, line);
    draw_bar(picture, static_cast<int>(y + row_ / 4));
    y += bar_height() + row_ / 4;
    const MapLegend& legend = caption_.legend;
    const double baseline = y + size_;
    typeface_.draw(picture, margin_, baseline, legend.least, size_, kQuiet);
    typeface_.draw(picture, margin_ + bar_ - typeface_.width(legend.most, size_), baseline, legend.most, size_, kQuiet);
    if (unit_fits_)
      typeface_.draw(picture, margin_ + (bar_ - typeface_.width(legend.unit, size_)) / 2, baseline, legend.unit, size_, kQuiet);
    y += row_;
    for (const std::string& line : unit_) y = put(picture, y, {line, kQuiet});
    y += row_ / 4;
    for (const Line& line : below_) y = put(picture, y, line);
  }

 private:
  double bar_height() const { return std::round(0.8 * size_); }

  double put(Grid<Rgba>& picture, double y, const Line& line) const {
    typeface_.draw(picture, margin_, y + size_, line.text, size_, line.ink);
    return y + row_;
  }

  void draw_bar(Grid<Rgba>& picture, int top) const {
    const int left = static_cast<int>(margin_), width = std::max(1, static_cast<int>(bar_));
    const Grid<Rgba> bar = colour_bar(caption_.legend.is_signed, width, static_cast<int>(bar_height()), kGround);
    for (int y = 0; y < bar.height() && top + y < picture.height(); ++y)
      for (int x = 0; x < width && left + x < picture.width(); ++x) picture(left + x, top + y) = bar(x, y);
  }

  const Caption& caption_;
  const Typeface& typeface_;
  double size_, margin_, row_, room_;  // pixels
  double bar_ = 0;
  bool unit_fits_ = true;
  std::vector<Line> above_, below_;
  std::vector<std::string> unit_;
};

}  // namespace

Grid<Rgba> colour_bar(bool is_signed, int width, int height, Rgba ground) {
  const auto ramp = evidence_ramp();
  const auto byte = [](float share) { return static_cast<std::uint8_t>(std::lround(255 * share)); };
  Grid<Rgba> bar(width, height);
  for (int x = 0; x < width; ++x) {
    const float along = (static_cast<float>(x) + 0.5f) / static_cast<float>(width);
    const RampStop stop = map_colour(ramp, is_signed ? 2 * along - 1 : along, is_signed);
    const Rgba colour = blend_over(ground, {byte(stop.r), byte(stop.g), byte(stop.b), byte(stop.a)}, 1);
    for (int y = 0; y < height; ++y) bar(x, y) = colour;
  }
  return bar;
}

Grid<Rgba> with_caption(const Grid<Rgba>& picture, const Caption& caption, const Typeface& typeface) {
  const Strip strip(picture, caption, typeface);
  std::vector<Rgba> values = picture.values();
  const int height = picture.height() + strip.height();
  values.resize(static_cast<std::size_t>(picture.width()) * height);
  Grid<Rgba> whole(picture.width(), height, std::move(values));
  strip.draw(whole, picture.height());
  return whole;
}

}  // namespace chestlight
