// Whole device pixels of the page, and how they and ImGui's clip rectangles become each other.
//
// A clip rectangle is cut to whole pixels, as ImGui's own renderer for OpenGL does it. Who draws parts of a frame must cut
// exactly alike, or a line of pixels is drawn twice or never.
#pragma once

#include <imgui.h>

namespace chestlight::ui {

/// From the upper left corner of the page; right and bottom are the first pixels beyond.
struct DeviceRect {
  int left = 0, top = 0, right = 0, bottom = 0;

  int width() const { return right - left; }
  int height() const { return bottom - top; }
  bool empty() const { return right <= left || bottom <= top; }
  long long pixels() const { return empty() ? 0 : static_cast<long long>(width()) * height(); }
  bool operator==(const DeviceRect&) const = default;
};

/// What lies in both; may be empty.
DeviceRect intersection(const DeviceRect& a, const DeviceRect& b);
/// The smallest rectangle around both; an empty one adds nothing.
DeviceRect around(const DeviceRect& a, const DeviceRect& b);

/// The page's size in device pixels and those of them per ScreenPx, cut off to whole ones.
struct DevicePage {
  int width = 0, height = 0;
  float scale = 1;

  bool operator==(const DevicePage&) const = default;
  DeviceRect all() const { return {0, 0, width, height}; }
};
DevicePage device_page(const ImVec2& size, float scale);

/// The pixels that are drawn of a clip rectangle in ScreenPx.
DeviceRect clipped_pixels(const ImVec4& clip, const DevicePage& page);
/// A clip rectangle of which exactly these pixels of the page are drawn.
ImVec4 clip_of(const DeviceRect& pixels, const DevicePage& page);
/// All pixels that a rectangle in ScreenPx touches.
DeviceRect touched_pixels(const ImVec2& min, const ImVec2& max, const DevicePage& page);
/// All pixels whose middle lies in a rectangle in ScreenPx.
DeviceRect covered_pixels(const ImVec2& min, const ImVec2& max, const DevicePage& page);

}  // namespace chestlight::ui
