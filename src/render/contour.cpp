#include "render/contour.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace chestlight {

namespace {

// The edges of one square of four samples, clockwise on screen from the top.
enum Edge { kTop, kRight, kBottom, kLeft };
struct Segment {
  Edge from, to;
};
struct Segments {
  int count = 0;
  std::array<Segment, 2> segment{};
};

// Corners are bits: top left 1, top right 2, bottom right 4, bottom left 8; set where the value is at or
// above the level. Each segment has its set corners on the right as it is walked on screen.
// clang-format off
Segments segments_of(int corners, bool centre_above) {
  switch (corners) {
    case 1: return {1, {{{kTop, kLeft}}}};
    case 2: return {1, {{{kRight, kTop}}}};
    case 3: return {1, {{{kRight, kLeft}}}};
    case 4: return {1, {{{kBottom, kRight}}}};
    case 6: return {1, {{{kBottom, kTop}}}};
    case 7: return {1, {{{kBottom, kLeft}}}};
    case 8: return {1, {{{kLeft, kBottom}}}};
    case 9: return {1, {{{kTop, kBottom}}}};
    case 11: return {1, {{{kRight, kBottom}}}};
    case 12: return {1, {{{kLeft, kRight}}}};
    case 13: return {1, {{{kTop, kRight}}}};
    case 14: return {1, {{{kLeft, kTop}}}};
    case 5:  // top left and bottom right above
      return centre_above ? Segments{2, {{{kTop, kRight}, {kBottom, kLeft}}}}
                          : Segments{2, {{{kTop, kLeft}, {kBottom, kRight}}}};
    case 10:  // top right and bottom left above
      return centre_above ? Segments{2, {{{kRight, kBottom}, {kLeft, kTop}}}}
                          : Segments{2, {{{kRight, kTop}, {kLeft, kBottom}}}};
    default: return {};
  }
}
// clang-format on

// Every crossing lies on one edge between two neighbouring samples, and every such edge belongs to at most
// two squares: a line enters it once and leaves it once. So lines are lists linked by edge number.
class Tracer {
 public:
  Tracer(GridView<const float> field, float level)
      : field_(field), level_(level), next_(2 * field.size(), kNone), entered_(2 * field.size(), 0) {
    for (int y = 0; y + 1 < field.height; ++y)
      for (int x = 0; x + 1 < field.width; ++x) link_square(x, y);
  }

  std::vector<Polyline<MapSpace>> trace() {
    std::vector<Polyline<MapSpace>> lines;
    for (bool closed : {false, true})
      for (std::size_t edge = 0; edge < next_.size(); ++edge)
        if (next_[edge] != kNone && (closed || !entered_[edge])) lines.push_back(follow(edge, closed));
    return lines;
  }

 private:
  static constexpr std::int64_t kNone = -1;

  void link_square(int x, int y) {
    const float a = field_(x, y), b = field_(x + 1, y), c = field_(x + 1, y + 1), d = field_(x, y + 1);
    const int corners = (a >= level_) | (b >= level_) << 1 | (c >= level_) << 2 | (d >= level_) << 3;
    bool centre_above = false;
    if (corners == 5 || corners == 10) {
      const double saddle = (double{a} * c - double{b} * d) / (double{a} + c - b - d);
      centre_above = saddle >= level_;
    }
    const Segments found = segments_of(corners, centre_above);
    for (int i = 0; i < found.count; ++i) {
      const std::size_t from = edge_number(x, y, found.segment[i].from);
      const std::size_t to = edge_number(x, y, found.segment[i].to);
      next_[from] = static_cast<std::int64_t>(to);
      entered_[to] = 1;
    }
  }

  // Horizontal edges first (from sample x, y to the right), then vertical ones (downwards).
  std::size_t edge_number(int x, int y, Edge edge) const {
    const auto sample = [&](int sx, int sy) { return static_cast<std::size_t>(sy) * field_.width + sx; };
    switch (edge) {
      case kTop: return sample(x, y);
      case kBottom: return sample(x, y + 1);
      case kLeft: return field_.size() + sample(x, y);
      case kRight: return field_.size() + sample(x + 1, y);
    }
    return 0;
  }

  MapPx crossing(std::size_t edge) const {
    const bool vertical = edge >= field_.size();
    const std::size_t sample = vertical ? edge - field_.size() : edge;
    const int x = static_cast<int>(sample % field_.width), y = static_cast<int>(sample / field_.width);
    const double first = field_(x, y), second = vertical ? field_(x, y + 1) : field_(x + 1, y);
    const double part = (level_ - first) / (second - first);
    return vertical ? MapPx{x + 0.5, y + 0.5 + part} : MapPx{x + 0.5 + part, y + 0.5};
  }

  Polyline<MapSpace> follow(std::size_t edge, bool closed) {
    Polyline<MapSpace> line;
    line.closed = closed;
    for (auto at = static_cast<std::int64_t>(edge); at != kNone;) {
      const std::int64_t following = next_[at];
      if (closed && following == kNone) break;  // back at the first edge, whose link is spent
      line.points.push_back(crossing(static_cast<std::size_t>(at)));
      next_[at] = kNone;
      at = following;
    }
    return line;
  }

  GridView<const float> field_;
  float level_;
  std::vector<std::int64_t> next_;
  std::vector<std::uint8_t> entered_;
};

}  // namespace

std::vector<Polyline<MapSpace>> contour_lines(GridView<const float> field, float level) {
  if (field.width < 2 || field.height < 2) return {};
  return Tracer(field, level).trace();
}

std::vector<Polyline<SourceSpace>> contour_on_film(GridView<const float> map, float level, const FilmView& view, int refine) {
  if (map.width < 1 || map.height < 1) return {};
  Grid<float> fine(map.width * refine, map.height * refine);
  for (int y = 0; y < fine.height(); ++y)
    for (int x = 0; x < fine.width(); ++x) fine(x, y) = smooth_map(map, {(x + 0.5) / refine, (y + 0.5) / refine});

  const auto to_film = source_to_map(view, fine.width(), fine.height()).inverse();
  std::vector<Polyline<SourceSpace>> on_film;
  for (const Polyline<MapSpace>& line : contour_lines(std::as_const(fine).view(), level)) {
    Polyline<SourceSpace>& copy = on_film.emplace_back();
    copy.closed = line.closed;
    copy.points.reserve(line.points.size());
    for (MapPx point : line.points) copy.points.push_back(to_film(point));
  }
  return on_film;
}

float contour_level(GridView<const float> map, float cutoff) {
  auto values = map.span();
  return values.empty() ? 0 : cutoff * std::max(0.0f, *std::max_element(values.begin(), values.end()));
}

}  // namespace chestlight
