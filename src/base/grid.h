// Grid<T>: an owning, row-major 2-D array; GridView<T>: the same without owning.
// Index order is (x, y), x to the right, y down, as pixels are spoken of.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace chestlight {

template <class T>
struct GridView {
  T* data = nullptr;
  int width = 0;
  int height = 0;

  T& operator()(int x, int y) const {
    assert(x >= 0 && x < width && y >= 0 && y < height);
    return data[static_cast<std::size_t>(y) * width + x];
  }
  std::size_t size() const { return static_cast<std::size_t>(width) * height; }
  std::span<T> span() const { return {data, size()}; }
  std::span<T> row(int y) const { return span().subspan(static_cast<std::size_t>(y) * width, width); }
  operator GridView<const T>() const { return {data, width, height}; }
};

template <class T>
class Grid {
 public:
  Grid() = default;
  Grid(int width, int height, T fill = T{})
      : width_(width), height_(height), values_(static_cast<std::size_t>(width) * height, fill) {}
  /// Takes over `values`, which must hold width × height elements.
  Grid(int width, int height, std::vector<T> values) : width_(width), height_(height), values_(std::move(values)) {
    assert(values_.size() == static_cast<std::size_t>(width) * height);
  }

  int width() const { return width_; }
  int height() const { return height_; }
  bool empty() const { return values_.empty(); }
  T& operator()(int x, int y) { return view()(x, y); }
  const T& operator()(int x, int y) const { return view()(x, y); }
  GridView<T> view() { return {values_.data(), width_, height_}; }
  GridView<const T> view() const { return {values_.data(), width_, height_}; }
  std::vector<T>& values() { return values_; }
  const std::vector<T>& values() const { return values_; }

 private:
  int width_ = 0;
  int height_ = 0;
  std::vector<T> values_;
};

}  // namespace chestlight
