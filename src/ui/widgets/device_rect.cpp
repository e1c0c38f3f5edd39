// See device_rect.h.
#include "ui/widgets/device_rect.h"

#include <algorithm>
#include <cmath>

namespace chestlight::ui {

DeviceRect intersection(const DeviceRect& a, const DeviceRect& b) {
  return {std::max(a.left, b.left), std::max(a.top, b.top), std::min(a.right, b.right), std::min(a.bottom, b.bottom)};
}

DeviceRect around(const DeviceRect& a, const DeviceRect& b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  return {std::min(a.left, b.left), std::min(a.top, b.top), std::max(a.right, b.right), std::max(a.bottom, b.bottom)};
}

DevicePage device_page(const ImVec2& size, float scale) {
  return {static_cast<int>(size.x * scale), static_cast<int>(size.y * scale), scale};
}

// As imgui_impl_opengl3.cpp: the lower left corner and the size are cut off to whole numbers, y from below.
DeviceRect clipped_pixels(const ImVec4& clip, const DevicePage& page) {
  const ImVec2 min{clip.x * page.scale, clip.y * page.scale}, max{clip.z * page.scale, clip.w * page.scale};
  if (max.x <= min.x || max.y <= min.y) return {};
  const int left = static_cast<int>(min.x), below = static_cast<int>(static_cast<float>(page.height) - max.y);
  const int bottom = page.height - below;
  return {left, bottom - static_cast<int>(max.y - min.y), left + static_cast<int>(max.x - min.x), bottom};
}

// Corners inside the pixels, away from where the cutting off changes its mind.
ImVec4 clip_of(const DeviceRect& pixels, const DevicePage& page) {
  auto at = [&](int pixel, float within) { return (static_cast<float>(pixel) + within) / page.scale; };
  return {at(pixels.left, 0.25f), at(pixels.top, -0.5f), at(pixels.right, 0.5f), at(pixels.bottom, -0.25f)};
}

DeviceRect touched_pixels(const ImVec2& min, const ImVec2& max, const DevicePage& page) {
  auto down = [&](float value) { return static_cast<int>(std::floor(value * page.scale)); };
  auto up = [&](float value) { return static_cast<int>(std::ceil(value * page.scale)); };
  return {down(min.x), down(min.y), up(max.x), up(max.y)};
}

DeviceRect covered_pixels(const ImVec2& min, const ImVec2& max, const DevicePage& page) {
  auto first = [&](float value) { return static_cast<int>(std::ceil(value * page.scale - 0.5f)); };
  return {first(min.x), first(min.y), first(max.x), first(max.y)};
}

}  // namespace chestlight::ui
