// See theme.h.
#include "ui/widgets/theme.h"

#include <cstring>

namespace chestlight::ui {

ImU32 finding_colour(viewer::FindingState state) {
  switch (state) {
    case viewer::FindingState::kAbove: return colour::kAbove;
    case viewer::FindingState::kBorderline: return colour::kBorderline;
    case viewer::FindingState::kBelow: return colour::kQuiet;
  }
  return colour::kQuiet;
}

ImU32 zone_colour(viewer::Zone zone) {
  switch (zone) {
    case viewer::Zone::kLikely: return colour::kAbove;
    case viewer::Zone::kUncertain: return colour::kBorderline;
    case viewer::Zone::kUnlikely: return colour::kBarBelow;
    case viewer::Zone::kNotAssessed: return colour::kDisabled;
  }
  return colour::kQuiet;
}

void apply_theme() {
  ImGuiStyle& style = ImGui::GetStyle();
  style = ImGuiStyle();
  style.WindowPadding = {0, 0};
  style.FramePadding = {8, 8};
  style.ItemSpacing = {0, 0};
  style.WindowBorderSize = 0;
  style.ChildBorderSize = 0;
  style.PopupBorderSize = 0;
  style.WindowRounding = style.ChildRounding = style.FrameRounding = style.PopupRounding = kRadius;
  style.ScrollbarSize = 8;
  style.ScrollbarRounding = kRadius;
  style.WindowMinSize = {1, 1};
  style.DisabledAlpha = 1;
  style.FontSizeBase = kSmallText;
  style.HoverStationaryDelay = 0;

  auto set = [&](ImGuiCol index, ImU32 value) { style.Colors[index] = ImGui::ColorConvertU32ToFloat4(value); };
  for (int i = 0; i < ImGuiCol_COUNT; ++i) style.Colors[i] = {0, 0, 0, 0};
  set(ImGuiCol_Text, colour::kText);
  set(ImGuiCol_TextDisabled, colour::kQuiet);
  set(ImGuiCol_ScrollbarGrab, colour::kLine);
  set(ImGuiCol_ScrollbarGrabHovered, colour::kBarBelow);
  set(ImGuiCol_ScrollbarGrabActive, colour::kQuiet);
  set(ImGuiCol_NavCursor, colour::kAccent);
}

bool is_whole_font(Bytes bytes) {
  constexpr std::uint32_t kTrueType = 0x00010000, kOpenType = 0x4f54544f;  // "OTTO"
  ByteReader reader(bytes);
  const auto version = reader.big<std::uint32_t>();
  const auto tables = reader.big<std::uint16_t>();
  if (!version || !tables || (*version != kTrueType && *version != kOpenType) || *tables == 0) return false;
  reader.skip(6);  // three numbers that help to search the directory
  for (int index = 0; index < *tables; ++index) {
    const bool has_head = reader.skip(8);  // tag, checksum
    const auto offset = reader.big<std::uint32_t>(), length = reader.big<std::uint32_t>();
    if (!has_head || !offset || !length || *offset > bytes.size() || *length > bytes.size() - *offset) return false;
  }
  return true;
}

ImFont* add_font(const void* bytes, int size) {
  if (!is_whole_font({static_cast<const std::uint8_t*>(bytes), static_cast<std::size_t>(size)})) return nullptr;
  ImFontConfig config;
  void* copy = IM_ALLOC(static_cast<std::size_t>(size));
  std::memcpy(copy, bytes, static_cast<std::size_t>(size));
  config.FontDataOwnedByAtlas = true;
  return ImGui::GetIO().Fonts->AddFontFromMemoryTTF(copy, size, kSmallText, &config);
}

}  // namespace chestlight::ui
