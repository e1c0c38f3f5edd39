// Three coordinate systems that must never be mixed, each a type of its own.
//
//   SourcePx  pixels of the upright film (after EXIF or DICOM orientation), origin at its top left corner
//   ModelPx   pixels of the network's input, origin at its top left corner
//   ScreenPx  CSS pixels of the page's canvas
//
// Coordinates are continuous and pixel centres lie at half-integers: the centre of the first pixel is (0.5, 0.5).
// A Map<From, To> is the affine map between two of them; it composes and inverts only where the types fit.
#pragma once

#include <array>

namespace chestlight {

template <class Space>
struct Point {
  double x = 0;
  double y = 0;
  bool operator==(const Point&) const = default;
};
struct SourceSpace {};
struct ModelSpace {};
struct ScreenSpace {};
using SourcePx = Point<SourceSpace>;
using ModelPx = Point<ModelSpace>;
using ScreenPx = Point<ScreenSpace>;

/// to.x = a·from.x + b·from.y + c,  to.y = d·from.x + e·from.y + f
template <class From, class To>
struct Map {
  double a = 1, b = 0, c = 0;
  double d = 0, e = 1, f = 0;

  Point<To> operator()(Point<From> p) const { return {a * p.x + b * p.y + c, d * p.x + e * p.y + f}; }

  /// The map must be invertible (a·e ≠ b·d): every film geometry is.
  Map<To, From> inverse() const {
    double det = a * e - b * d;
    return {e / det, -b / det, (b * f - c * e) / det, -d / det, a / det, (c * d - a * f) / det};
  }
  std::array<double, 6> coefficients() const { return {a, b, c, d, e, f}; }
};

/// first, then second.
template <class A, class B, class C>
Map<A, C> compose(const Map<A, B>& first, const Map<B, C>& second) {
  const Map<A, B>& p = first;
  const Map<B, C>& q = second;
  return {q.a * p.a + q.b * p.d, q.a * p.b + q.b * p.e, q.a * p.c + q.b * p.f + q.c,
          q.d * p.a + q.e * p.d, q.d * p.b + q.e * p.e, q.d * p.c + q.e * p.f + q.f};
}

using SourceToModel = Map<SourceSpace, ModelSpace>;
using SourceToScreen = Map<SourceSpace, ScreenSpace>;

}  // namespace chestlight
