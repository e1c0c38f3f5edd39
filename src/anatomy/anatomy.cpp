#include "anatomy/anatomy.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "anatomy/mask_outline.h"
#include "base/text.h"

namespace chestlight {
namespace {

constexpr double kSmallestLung = 0.01;    // of what the network saw of the film
constexpr double kSmallestHeart = 0.006;  // the same
constexpr double kSmallerLung = 0.25;     // of the other one's area
constexpr double kLeastBetween = 0.35;    // between the lungs' centres across the body, over the width of both
constexpr double kMostOffset = 0.45;      // between them along the body, over the taller one's height
constexpr double kOnEdge = 0.012;         // of the film's longer side: closer than this to its edge is at the edge
constexpr double kThinning = 0.15;        // ModelPx, of outlines once everything is measured
constexpr double kCutOffLength = 0.12;    // at the edge, of the organ's extent along it

using Outline = std::vector<MapPx>;
using BodyOutline = std::vector<BodyPx>;

struct Extent {
  double left, top, right, bottom;
  double width() const { return right - left; }
  double height() const { return bottom - top; }
};

template <class Space>
Extent extent_of(const std::vector<Point<Space>>& outline) {
  Extent extent{outline[0].x, outline[0].y, outline[0].x, outline[0].y};
  for (const auto& [x, y] : outline) {
    extent.left = std::min(extent.left, x), extent.right = std::max(extent.right, x);
    extent.top = std::min(extent.top, y), extent.bottom = std::max(extent.bottom, y);
  }
  return extent;
}

Extent around(const Extent& a, const Extent& b) {
  return {std::min(a.left, b.left), std::min(a.top, b.top), std::max(a.right, b.right), std::max(a.bottom, b.bottom)};
}

/// Area, centre and second moments of a polygon's inside, by Green's theorem.
struct Moments {
  double area = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;  // second moments about the centre, over the area

  /// Of the long axis against the vertical, clockwise on the screen.
  double axis() const { return 0.5 * std::atan2(-2 * xy, yy - xx); }
};

template <class Space>
Moments moments_of(const std::vector<Point<Space>>& outline) {
  Moments m;
  for (std::size_t i = 0; i < outline.size(); ++i) {
    const auto &a = outline[i], &b = outline[(i + 1) % outline.size()];
    const double cross = a.x * b.y - b.x * a.y;
    m.area += cross / 2;
    m.x += (a.x + b.x) * cross / 6;
    m.y += (a.y + b.y) * cross / 6;
    m.xx += (a.x * a.x + a.x * b.x + b.x * b.x) * cross / 12;
    m.yy += (a.y * a.y + a.y * b.y + b.y * b.y) * cross / 12;
    m.xy += (a.x * b.y + 2 * a.x * a.y + 2 * b.x * b.y + b.x * a.y) * cross / 24;
  }
  m.x /= m.area, m.y /= m.area;
  m.xx = m.xx / m.area - m.x * m.x;
  m.yy = m.yy / m.area - m.y * m.y;
  m.xy = m.xy / m.area - m.x * m.y;
  return m;
}

template <class From, class To>
std::vector<Point<To>> mapped(const std::vector<Point<From>>& outline, const Map<From, To>& map) {
  std::vector<Point<To>> result;
  for (const Point<From>& point : outline) result.push_back(map(point));
  return result;
}

/// From the network's input to a frame that is turned back by so many quarters, and by `tilt` (radians, clockwise) about it.
Map<ModelSpace, BodySpace> to_upright(int quarter_turns, double tilt) {
  const double angle = quarter_turns * std::numbers::pi / 2 + tilt;
  // Exact for quarters.
  auto exact = [](double value) { return std::abs(value) < 1e-15 ? 0 : value; };
  const double cos = exact(std::cos(angle)), sin = exact(std::sin(angle));
  return {cos, sin, 0, -sin, cos, 0};
}

/// Which edges of the film (left, top, right, bottom of the input) the outline runs along.
std::array<bool, 4> edges_touched(const std::vector<ModelPx>& outline, const Extent& film) {
  const double near = kOnEdge * std::max(film.width(), film.height());
  const Extent own = extent_of(outline);
  std::array<double, 4> along{};
  for (std::size_t i = 0; i < outline.size(); ++i) {
    const ModelPx &a = outline[i], &b = outline[(i + 1) % outline.size()];
    if (std::max(a.x, b.x) <= film.left + near) along[0] += std::abs(b.y - a.y);
    if (std::max(a.y, b.y) <= film.top + near) along[1] += std::abs(b.x - a.x);
    if (std::min(a.x, b.x) >= film.right - near) along[2] += std::abs(b.y - a.y);
    if (std::min(a.y, b.y) >= film.bottom - near) along[3] += std::abs(b.x - a.x);
  }
  std::array<bool, 4> touched{};
  for (int edge = 0; edge < 4; ++edge)
    touched[edge] = along[edge] >= kCutOffLength * (edge % 2 == 0 ? own.height() : own.width());
  return touched;
}

/// The film's part of the network's input.
Extent film_in_model(const FilmView& view) {
  const ModelPx a = view.source_to_model(SourcePx{0, 0});
  const ModelPx b = view.source_to_model(SourcePx{static_cast<double>(view.film_width), static_cast<double>(view.film_height)});
  return {std::max(0.0, std::min(a.x, b.x)), std::max(0.0, std::min(a.y, b.y)),
          std::min<double>(view.model_width, std::max(a.x, b.x)), std::min<double>(view.model_height, std::max(a.y, b.y))};
}

int surest_turn(const std::array<double, 4>& turned, double threshold) {
  const int turn = static_cast<int>(std::max_element(turned.begin(), turned.end()) - turned.begin());
  return turned[static_cast<std::size_t>(turn)] >= threshold ? turn : 0;
}

std::string percent(double share) { return text(std::lround(100 * share), " %"); }

/// Builds an Anatomy step by step; each step may end it with a reason.
class Reading {
 public:
  Reading(AnatomyEvidence evidence, const FilmView& view, const AnatomyThresholds& thresholds)
      : view_(view), film_(film_in_model(view)), thresholds_(thresholds) {
    anatomy_.evidence = std::move(evidence);
  }

  Anatomy run() && {
    const AnatomyEvidence& said = anatomy_.evidence;
    anatomy_.quarter_turns = surest_turn(said.turned, thresholds_.turned);
    anatomy_.mirrored = said.mirrored >= thresholds_.mirrored;
    anatomy_.inverted = said.inverted >= thresholds_.inverted;
    if (said.chest < thresholds_.chest)
      return refused("no-chest", text("The network sees no frontal chest film here (", percent(said.chest), ", expected ",
                                      percent(thresholds_.chest), " or more)."));
    left_ = model_outline(said.lung_on_left, kSmallestLung);
    right_ = model_outline(said.lung_on_right, kSmallestLung);
    if (left_.empty() && right_.empty()) return refused("no-lungs", "No lung stands out on this film.");
    if (left_.empty() || right_.empty()) {
      return refused("one-lung", text("Only the lung on the picture's ", left_.empty() ? "right" : "left",
                                      " stands out: the other one is white, missing, or outside the film."));
    }
    const double left_area = std::abs(signed_area(left_)), right_area = std::abs(signed_area(right_));
    if (std::min(left_area, right_area) < kSmallerLung * std::max(left_area, right_area))
      return refused("one-lung", text("Little more than the lung on the picture's ", left_area < right_area ? "right" : "left",
                                      " stands out: of the other one less than a quarter of its size."));
    set_frame();
    if (!lungs_lie_beside_each_other())
      return refused("lungs-misplaced", "What looks like lungs does not lie as two lungs do on a frontal film.");
    anatomy_.found = true;
    fill_lungs();
    fill_heart();
    for (auto* body : {&anatomy_.left_body, &anatomy_.right_body, &anatomy_.heart_body}) *body = thinned(*body, kThinning);
    return std::move(anatomy_);
  }

 private:
  Anatomy refused(std::string id, std::string reason) {
    anatomy_.reason_id = std::move(id);
    anatomy_.reason = std::move(reason);
    return std::move(anatomy_);
  }

  double film_area() const { return film_.width() * film_.height(); }

  /// Empty where the part is smaller than that share of the film. Cut at the film's edges: masks know of no letterbox.
  std::vector<ModelPx> model_outline(const Grid<float>& logits, double smallest) const {
    if (logits.empty()) return {};
    const Grid<float> field = largest_part(logits.view());
    const Outline outline = outline_of(field.view());
    std::vector<ModelPx> points;
    for (const MapPx& at : outline)
      points.push_back({std::clamp(at.x * view_.model_width / logits.width(), film_.left, film_.right),
                        std::clamp(at.y * view_.model_height / logits.height(), film_.top, film_.bottom)});
    if (std::abs(signed_area(points)) < smallest * film_area()) return {};
    return points;
  }

  Organ organ(const std::vector<ModelPx>& outline) const {
    return {mapped(thinned(outline, kThinning), view_.source_to_model.inverse()), std::abs(signed_area(outline)) / film_area()};
  }

  void set_frame() {
    const auto turned_back = to_upright(anatomy_.quarter_turns, 0);
    const double axes = moments_of(mapped(left_, turned_back)).axis() + moments_of(mapped(right_, turned_back)).axis();
    anatomy_.tilt = axes / 2 * 180 / std::numbers::pi - kUsualTilt;
    to_body_ = to_upright(anatomy_.quarter_turns, anatomy_.tilt * std::numbers::pi / 180);
    anatomy_.to_body = compose(view_.source_to_model, to_body_);
    anatomy_.left_body = mapped(left_, to_body_);
    anatomy_.right_body = mapped(right_, to_body_);
  }

  bool lungs_lie_beside_each_other() const {
    const Moments left = moments_of(anatomy_.left_body), right = moments_of(anatomy_.right_body);
    const Extent left_box = extent_of(anatomy_.left_body), right_box = extent_of(anatomy_.right_body);
    const double width = around(left_box, right_box).width(), height = std::max(left_box.height(), right_box.height());
    return right.x - left.x >= kLeastBetween * width && std::abs(right.y - left.y) <= kMostOffset * height;
  }

  void fill_lungs() {
    anatomy_.lung_on_left = organ(left_), anatomy_.lung_on_right = organ(right_);
    const double left = anatomy_.lung_on_left.share, right = anatomy_.lung_on_right.share;
    anatomy_.asymmetry = (left - right) / (left + right);
    const Extent left_box = extent_of(anatomy_.left_body), right_box = extent_of(anatomy_.right_body);
    lungs_ = around(left_box, right_box);
    anatomy_.inspiration = std::max(left_box.height(), right_box.height()) / lungs_.width();
    const Extent upright = around(extent_of(left_), extent_of(right_));
    anatomy_.chest_share = upright.width() * upright.height() / film_area();
    std::array<bool, 4> touched = edges_touched(left_, film_);
    const std::array<bool, 4> also = edges_touched(right_, film_);
    for (int edge = 0; edge < 4; ++edge) touched[edge] = touched[edge] || also[edge];
    anatomy_.cut_off = upright_sides(touched);
    anatomy_.shallow_inspiration = !anatomy_.cut_off.any() && anatomy_.inspiration < kShallowInspiration;
  }

  /// Edges of the input, in the order left, top, right, bottom, as sides of the upright picture: of a picture that is turned
  /// clockwise by a quarter, its right edge is the upright top.
  CutOff upright_sides(const std::array<bool, 4>& edges) const {
    auto side = [&](int upright) { return edges[static_cast<std::size_t>((upright + anatomy_.quarter_turns) % 4)]; };
    return {.left = side(0), .right = side(2), .top = side(1), .bottom = side(3)};
  }

  void fill_heart() {
    const std::vector<ModelPx> heart = model_outline(anatomy_.evidence.heart, kSmallestHeart);
    if (heart.empty()) {
      anatomy_.no_ratio = "The heart does not stand out on this film.";
      return;
    }
    anatomy_.heart = organ(heart);
    anatomy_.heart_body = mapped(heart, to_body_);
    const Extent box = extent_of(anatomy_.heart_body);
    const double middle = (box.left + box.right) / 2;
    if (middle <= lungs_.left || middle >= lungs_.right || box.width() >= lungs_.width()) {
      anatomy_.no_ratio = "What looks like the heart does not lie between the lungs.";
      return;
    }
    const CutOff heart_cut = upright_sides(edges_touched(heart, film_));
    if (anatomy_.cut_off.left || anatomy_.cut_off.right || heart_cut.any()) {
      anatomy_.no_ratio = "The lungs or the heart are cut off at the film's edge, so a width cannot be measured.";
      return;
    }
    anatomy_.cardiothoracic_ratio = box.width() / lungs_.width();
    anatomy_.heart_line = across(anatomy_.heart_body, anatomy_.heart_body);
    anatomy_.chest_line = across(anatomy_.left_body, anatomy_.right_body);
  }

  /// From the leftmost point of one outline to the rightmost of another, level across the body at their mean height.
  AnatomyLine across(const BodyOutline& from, const BodyOutline& to) const {
    auto by_x = [](const BodyPx& a, const BodyPx& b) { return a.x < b.x; };
    const BodyPx a = *std::min_element(from.begin(), from.end(), by_x), b = *std::max_element(to.begin(), to.end(), by_x);
    const auto to_source = anatomy_.to_body.inverse();
    const double level = (a.y + b.y) / 2;
    return {to_source(BodyPx{a.x, level}), to_source(BodyPx{b.x, level})};
  }

  const FilmView& view_;
  Extent film_;
  AnatomyThresholds thresholds_;
  Anatomy anatomy_;
  std::vector<ModelPx> left_, right_;
  Map<ModelSpace, BodySpace> to_body_;
  Extent lungs_{};
};

}  // namespace

Anatomy read_anatomy(AnatomyEvidence evidence, const FilmView& view, const AnatomyThresholds& thresholds) {
  return Reading(std::move(evidence), view, thresholds).run();
}

}  // namespace chestlight
