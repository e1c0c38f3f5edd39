// Colours, type and measures of the page, and their ImGui style. Nothing else in the project names a colour
// or a size. Measures are ScreenPx (CSS pixels) in steps of 4; ImGui's dynamic fonts make text crisp at any
// device pixel ratio.
#pragma once

#include <imgui.h>

#include "base/bytes.h"
#include "viewer/state/film_entry.h"

namespace chestlight::ui {

constexpr ImU32 rgb(unsigned hex, float alpha = 1.0f) {
  return IM_COL32(hex >> 16 & 255, hex >> 8 & 255, hex & 255, static_cast<int>(alpha * 255.0f + 0.5f));
}

namespace colour {
constexpr ImU32 kBackground = rgb(0x0B0D10);  // what the platform clears the page to: a panel of this colour draws kNone
constexpr ImU32 kNone = 0;
constexpr ImU32 kPanel = rgb(0x14181D);
constexpr ImU32 kRaised = rgb(0x1C2128);
constexpr ImU32 kLine = rgb(0x2A313A);
constexpr ImU32 kHover = rgb(0x242B33);  // between raised and line: a raised thing under the pointer
constexpr ImU32 kText = rgb(0xE6E9EE);
constexpr ImU32 kQuiet = rgb(0x9AA4B0);     // 4.5:1 and more on background, panel and raised
constexpr ImU32 kDisabled = rgb(0x5F6975);  // things that cannot be used now; never information
constexpr ImU32 kBarBelow = rgb(0x6B7683);  // the bar of a finding below its threshold
constexpr ImU32 kAccent = rgb(0x4CC2FF);
constexpr ImU32 kAbove = rgb(0xFFB454);
constexpr ImU32 kBorderline = rgb(0xE3D26F);
constexpr ImU32 kUnlikelyZone = rgb(0x262D36);  // grounds of a bar's zones: a score drawn on any of them is plainly seen
constexpr ImU32 kUncertainZone = rgb(0x46432F);
constexpr ImU32 kLikelyZone = rgb(0x5A3F22);
}  // namespace colour

constexpr float kSmallText = 13, kBodyText = 15, kTitleText = 20;
constexpr float kRadius = 4;
constexpr float kGap = 8, kPadding = 12;
constexpr float kRow = 32, kTouchRow = 48;
constexpr float kTouchTarget = 44;

struct Fonts {
  ImFont* regular = nullptr;
  ImFont* medium = nullptr;
};

/// One way of setting text: weight, size, colour.
struct TextStyle {
  const ImFont* font;
  float size;
  ImU32 colour;
};

ImU32 finding_colour(viewer::FindingState state);
ImU32 zone_colour(viewer::Zone zone);

/// Sets every colour and measure of ImGui's style; nothing of its default look is left.
void apply_theme();

/// Whether all tables that a TrueType or OpenType font names lie within its bytes. ImGui reads a font without looking at its
/// length.
bool is_whole_font(Bytes bytes);

/// Adds a TrueType or OpenType font whose bytes ImGui copies; null when they are none, or not all of one.
ImFont* add_font(const void* bytes, int size);

}  // namespace chestlight::ui
