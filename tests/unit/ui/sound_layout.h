// What holds of every page that is drawn: texts fit, widgets lie in their panel, nothing overlaps, targets of a finger are large
// enough.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <span>
#include <string>

#include "platform/native/headless_ui.h"

namespace chestlight::ui {

using platform::HeadlessUi;

constexpr float kRounding = 1.0f;  // ScreenPx: glyph advances are fractions

struct Scene {
  const char* name;
  std::function<void(HeadlessUi&)> set;
};

struct PageSize {
  float width, height;
};
inline const PageSize kPages[] = {{1440, 900}, {1920, 1080}, {1024, 768}, {820, 1180}, {390, 844}, {360, 640}};

using Entry = LayoutLog::Entry;

inline std::string place(const Entry& e) {
  return e.panel + " \"" + e.label + "\" (" + std::to_string(e.min.x) + ", " + std::to_string(e.min.y) + ") to (" +
         std::to_string(e.max.x) + ", " + std::to_string(e.max.y) + ")";
}

inline bool overlap(const Entry& a, const Entry& b) {
  return a.min.x < b.max.x - kRounding && b.min.x < a.max.x - kRounding && a.min.y < b.max.y - kRounding &&
         b.min.y < a.max.y - kRounding;
}

/// Texts that may be long by nature and are then shortened with "…".
inline bool may_be_shortened(const Entry& e) {
  return e.panel == "films" || e.panel.starts_with("worklist") || e.panel == "undo-offer" || e.panel == "film-list" ||
         e.panel == "status" || e.panel == "top" || e.panel == "pair" || e.label.find("long name") != std::string::npos ||
         e.label.find(".pdf") != std::string::npos;
}

inline void expect_sound(const LayoutLog& log) {
  ASSERT_FALSE(log.entries.empty());
  for (const Entry& e : log.entries) {
    auto panel = log.panels.find(e.panel);
    ASSERT_NE(panel, log.panels.end()) << place(e);
    EXPECT_GE(e.min.x, panel->second.min.x - kRounding) << place(e);
    EXPECT_LE(e.max.x, panel->second.max.x + kRounding) << place(e);
    if (!panel->second.scrolls) {
      EXPECT_GE(e.min.y, panel->second.min.y - kRounding) << place(e);
      EXPECT_LE(e.max.y, panel->second.max.y + kRounding) << place(e);
    }
    EXPECT_TRUE(e.widget || may_be_shortened(e) || !e.shortened) << place(e);
  }
  for (std::size_t i = 0; i < log.entries.size(); ++i)
    for (std::size_t j = i + 1; j < log.entries.size(); ++j) {
      const Entry &a = log.entries[i], &b = log.entries[j];
      if (a.panel != b.panel || a.widget != b.widget || a.label == "film" || b.label == "film") continue;
      EXPECT_FALSE(overlap(a, b)) << place(a) << "\n  and " << place(b);
    }
}

inline void expect_sound_at_every_size(std::span<const Scene> scenes) {
  for (const PageSize& size : kPages)
    for (const Scene& scene : scenes) {
      SCOPED_TRACE(std::string(scene.name) + " at " + std::to_string(static_cast<int>(size.width)));
      HeadlessUi ui(size.width, size.height, CHESTLIGHT_FONTS);
      scene.set(ui);
      ui.settle();
      expect_sound(ui.log());
    }
}

inline void expect_large_targets(std::span<const Scene> scenes) {
  for (const Scene& scene : scenes) {
    HeadlessUi ui(390, 844, CHESTLIGHT_FONTS);
    scene.set(ui);
    ui.settle();
    for (const Entry& e : ui.log().entries)
      if (e.widget && e.panel != "film") {
        EXPECT_GE(e.max.x - e.min.x, 44 - kRounding) << scene.name << ": " << place(e);
        EXPECT_GE(e.max.y - e.min.y, 44 - kRounding) << scene.name << ": " << place(e);
      }
  }
}

}  // namespace chestlight::ui
