#include "anatomy/mask_outline.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <utility>

namespace chestlight {
namespace {

constexpr float kOut = -1e-3f;  // a logit just outside
constexpr std::array<std::array<int, 2>, 4> kNeighbours{{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}};

/// Numbers the cells that are connected to (x, y) and for which `joins` holds; gives their count.
template <class Joins>
int flood(Grid<int>& numbers, int x, int y, int number, Joins joins) {
  std::vector<std::array<int, 2>> open{{x, y}};
  numbers(x, y) = number;
  int count = 0;
  while (!open.empty()) {
    const auto [cx, cy] = open.back();
    open.pop_back();
    ++count;
    for (const auto& [dx, dy] : kNeighbours) {
      const int nx = cx + dx, ny = cy + dy;
      if (nx < 0 || ny < 0 || nx >= numbers.width() || ny >= numbers.height()) continue;
      if (numbers(nx, ny) != 0 || !joins(nx, ny)) continue;
      numbers(nx, ny) = number;
      open.push_back({nx, ny});
    }
  }
  return count;
}

/// The field with two rings around it: the border value at the grid's very edge, and outside it at the same place.
class Ringed {
 public:
  explicit Ringed(GridView<const float> field) : field_(field) {}

  int columns() const { return field_.width + 4; }
  int rows() const { return field_.height + 4; }
  float value(int column, int row) const {
    if (column == 0 || row == 0 || column == columns() - 1 || row == rows() - 1) return -1;
    return field_(std::clamp(column - 2, 0, field_.width - 1), std::clamp(row - 2, 0, field_.height - 1));
  }
  MapPx place(int column, int row) const { return {position(column, field_.width), position(row, field_.height)}; }

  /// Where the field passes 0 between two neighbouring nodes, one of them inside.
  MapPx crossing(int column, int row, int other_column, int other_row) const {
    const MapPx a = place(column, row), b = place(other_column, other_row);
    const double va = value(column, row), vb = value(other_column, other_row);
    const double t = va / (va - vb);
    return {a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
  }

 private:
  static double position(int node, int cells) { return std::clamp(node - 2 + 0.5, 0.0, static_cast<double>(cells)); }

  GridView<const float> field_;
};

/// An edge between two nodes: to the right of a node (0) or below it (1).
struct Edge {
  int column, row, down;
  auto operator<=>(const Edge&) const = default;
};

}  // namespace

Grid<float> largest_part(GridView<const float> logits) {
  Grid<float> field(logits.width, logits.height, std::vector<float>(logits.data, logits.data + logits.size()));
  Grid<int> parts(logits.width, logits.height);
  int number = 0, largest = 0, most = 0;
  for (int y = 0; y < logits.height; ++y)
    for (int x = 0; x < logits.width; ++x) {
      if (!(logits(x, y) > 0) || parts(x, y) != 0) continue;
      const int count = flood(parts, x, y, ++number, [&](int nx, int ny) { return logits(nx, ny) > 0; });
      if (count > most) most = count, largest = number;
    }
  if (largest == 0) return field;

  Grid<int> outside(logits.width, logits.height);
  auto is_other = [&](int x, int y) { return parts(x, y) != largest; };
  for (int y = 0; y < logits.height; ++y)
    for (int x = 0; x < logits.width; ++x) {
      const bool at_edge = x == 0 || y == 0 || x == logits.width - 1 || y == logits.height - 1;
      if (at_edge && is_other(x, y) && outside(x, y) == 0) flood(outside, x, y, 1, is_other);
    }
  for (int y = 0; y < logits.height; ++y)
    for (int x = 0; x < logits.width; ++x) {
      if (!is_other(x, y)) continue;
      float& value = field(x, y);
      if (outside(x, y) == 0) value = std::max(std::abs(value), -kOut);
      else value = std::min(value > 0 ? kOut : value, kOut);
    }
  return field;
}

std::vector<MapPx> outline_of(GridView<const float> field) {
  const Ringed nodes(field);
  // From each crossed edge to the next one, the inside on the right of the way: on the screen that is clockwise. Of a square
  // with two inside corners across, each is gone round by itself, as parts are connected along edges.
  std::map<Edge, Edge> next;
  for (int row = 0; row + 1 < nodes.rows(); ++row)
    for (int column = 0; column + 1 < nodes.columns(); ++column) {
      // Corners clockwise from the top left; side i lies between corner i and the next one.
      const bool inside[4] = {nodes.value(column, row) > 0, nodes.value(column + 1, row) > 0,
                              nodes.value(column + 1, row + 1) > 0, nodes.value(column, row + 1) > 0};
      const Edge sides[4] = {{column, row, 0}, {column + 1, row, 1}, {column, row + 1, 0}, {column, row, 1}};
      for (int i = 0; i < 4; ++i) {
        // The way enters a square where its corners, taken clockwise, go from inside to outside…
        if (!inside[i] || inside[(i + 1) % 4]) continue;
        // …and leaves it at the nearest side backwards where they come from outside to inside.
        int j = (i + 3) % 4;
        while (!(!inside[j] && inside[(j + 1) % 4])) j = (j + 3) % 4;
        next[sides[j]] = sides[i];
      }
    }

  std::vector<MapPx> longest;
  double largest = 0;
  while (!next.empty()) {
    std::vector<MapPx> loop;
    Edge at = next.begin()->first;
    for (auto step = next.find(at); step != next.end(); step = next.find(at)) {
      const MapPx point = nodes.crossing(at.column, at.row, at.column + 1 - at.down, at.row + at.down);
      if (loop.empty() || point.x != loop.back().x || point.y != loop.back().y) loop.push_back(point);
      at = step->second;
      next.erase(step);
    }
    const double area = std::abs(signed_area(loop));
    if (area > largest) largest = area, longest = std::move(loop);
  }
  if (signed_area(longest) < 0) std::reverse(longest.begin(), longest.end());
  return longest;
}

std::vector<std::size_t> points_to_keep(const std::vector<std::array<double, 2>>& polygon, double tolerance) {
  const std::size_t count = polygon.size();
  std::vector<bool> kept(count, false);
  auto distance = [&](std::size_t i, std::size_t from, std::size_t to) {
    const auto &a = polygon[from], &b = polygon[to % count], &p = polygon[i];
    const double dx = b[0] - a[0], dy = b[1] - a[1], squared = dx * dx + dy * dy;
    const double t = squared > 0 ? std::clamp(((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / squared, 0.0, 1.0) : 0;
    return std::hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy);
  };
  auto farthest = [&](std::size_t from, std::size_t to) {
    std::pair<double, std::size_t> best{-1, from};
    for (std::size_t i = from + 1; i < to; ++i) best = std::max(best, {distance(i, from, to), i});
    return best;
  };
  // The polygon is opened at its first point and the one farthest from it; `count` stands for the first point again.
  std::vector<std::array<std::size_t, 2>> open;
  if (count > 0) {
    const std::size_t across = farthest(0, count).second;
    kept[0] = kept[across] = true;
    open = {{0, across}, {across, count}};
  }
  while (!open.empty()) {
    const auto [from, to] = open.back();
    open.pop_back();
    const auto [most, at] = farthest(from, to);
    if (most <= tolerance) continue;
    kept[at] = true;
    open.push_back({from, at});
    open.push_back({at, to});
  }
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < count; ++i)
    if (kept[i]) indices.push_back(i);
  if (indices.size() >= 3 || count < 3) return indices;
  for (indices.clear(); indices.size() < count;) indices.push_back(indices.size());
  return indices;
}

}  // namespace chestlight
