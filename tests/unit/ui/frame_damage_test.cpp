#include "ui/widgets/frame_damage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"

namespace chestlight::ui {
namespace {

/// A drawing of the caller's own, as the film is one: fills its clip rectangle.
void film(const ImDrawList*, const ImDrawCmd*) {}

/// Frames made by hand, on a page of 200 × 100 ScreenPx.
class FrameDamageTest : public testing::Test {
 protected:
  void SetUp() override { ImGui::CreateContext(); }
  void TearDown() override {
    lists_.clear();
    ImGui::DestroyContext();
  }

  void begin(float scale = 1) {
    lists_.clear();
    frame_.Clear();
    frame_.Valid = true;
    frame_.DisplaySize = {200, 100};
    frame_.FramebufferScale = {scale, scale};
  }
  ImDrawList& window(const char* name) {
    lists_.push_back(std::make_unique<ImDrawList>(ImGui::GetDrawListSharedData()));
    ImDrawList& list = *lists_.back();
    list._ResetForNewFrame();
    list._OwnerName = name;
    list.PushTexture(ImTextureRef(ImTextureID{1}));
    list.PushClipRect({0, 0}, {200, 100});
    return list;
  }
  void add_film(ImDrawList& list, ImVec2 min, ImVec2 max, int value) {
    list.PushClipRect(min, max, true);
    list.AddCallback(film, &value, sizeof value);
    list.AddCallback(ImDrawCallback_ResetRenderState, nullptr);
    list.PopClipRect();
  }
  ImDrawData& end() {
    for (const auto& list : lists_) frame_.AddDrawList(list.get());
    return frame_;
  }
  std::vector<DeviceRect> next() { return damage_.next(end()); }

  FrameDamage damage_;
  ImDrawData frame_;
  std::vector<std::unique_ptr<ImDrawList>> lists_;
};

constexpr ImU32 kRed = IM_COL32(255, 0, 0, 255), kBlue = IM_COL32(0, 0, 255, 255);
using Rects = std::vector<DeviceRect>;

TEST_F(FrameDamageTest, TheFirstFrameIsDrawnWholeAndTheSameOneNotAgain) {
  for (const Rects& expected : {Rects{{0, 0, 200, 100}}, Rects{}, Rects{}}) {
    begin();
    window("page").AddRectFilled({10, 10}, {20, 20}, kRed);
    EXPECT_EQ(next(), expected);
  }
}

TEST_F(FrameDamageTest, AnotherColourOfOneThingAmongOthersIsThatThing) {
  for (ImU32 colour : {kRed, kBlue}) {
    begin();
    ImDrawList& page = window("page");
    page.AddRectFilled({0, 0}, {200, 100}, kRed);
    page.AddRectFilled({10, 10}, {20, 21}, colour);
    page.AddRectFilled({30, 10}, {40, 20}, kRed);
    const Rects damaged = next();
    if (colour == kBlue) {
      EXPECT_EQ(damaged, (Rects{{10, 10, 20, 21}}));
    }
  }
}

TEST_F(FrameDamageTest, WhatMovesIsWhereItWasAndWhereItIs) {
  for (float x : {10.0f, 150.0f}) {
    begin();
    window("page").AddRectFilled({x, 10}, {x + 40, 90}, kRed);
    const Rects damaged = next();
    if (x > 100) {
      EXPECT_EQ(damaged, (Rects{{10, 10, 50, 90}, {150, 10, 190, 90}}));
    }
  }
}

TEST_F(FrameDamageTest, WhatComesBetweenOthersDoesNotTouchThem) {
  for (bool more : {false, true, false}) {
    begin();
    ImDrawList& page = window("page");
    page.AddRectFilled({0, 0}, {100, 50}, kRed);
    if (more) page.AddRectFilled({150, 60}, {160, 70}, kBlue);
    page.AddRectFilled({100, 50}, {200, 100}, kRed);
    const Rects damaged = next();
    if (more) {
      EXPECT_EQ(damaged, (Rects{{150, 60, 160, 70}}));
    }
  }
  begin();
  ImDrawList& page = window("page");
  page.AddRectFilled({0, 0}, {100, 50}, kRed);
  page.AddRectFilled({100, 50}, {200, 100}, kRed);
  EXPECT_EQ(next(), Rects{});
}

TEST_F(FrameDamageTest, AWindowThatComesAndGoesIsWhatItDraws) {
  for (int step = 0; step < 3; ++step) {
    begin();
    window("page").AddRectFilled({0, 0}, {200, 100}, kRed);
    if (step == 1) window("popup").AddRectFilled({50, 40}, {90, 70}, kBlue);
    window("hint").AddRectFilled({0, 90}, {20, 100}, kBlue);
    const Rects damaged = next();
    if (step > 0) {
      EXPECT_EQ(damaged, (Rects{{50, 40, 90, 70}})) << step;
    }
  }
}

TEST_F(FrameDamageTest, ADrawingOfTheCallersOwnIsItsClipWhenItsDataChange) {
  for (int value : {1, 1, 2}) {
    begin();
    ImDrawList& page = window("page");
    add_film(page, {20, 10}, {60, 90}, value);
    page.AddRectFilled({180, 20}, {190, 20.0f + static_cast<float>(value)}, kRed);
    const Rects damaged = next();
    if (value == 2) {
      EXPECT_EQ(damaged, (Rects{{20, 10, 60, 90}, {180, 20, 190, 22}}));
    }
  }
}

TEST_F(FrameDamageTest, AnotherClipTextureSizeOrDensityCounts) {
  struct Look {
    float clip, scale;
    ImTextureID texture;
  };
  const Look before{60, 1, 1};
  for (const Look& after : {Look{50, 1, 1}, Look{60, 2, 1}, Look{60, 1, 2}}) {
    damage_.forget();
    Rects damaged;
    for (const Look& look : {before, after}) {
      begin(look.scale);
      ImDrawList& page = window("page");
      page.PushClipRect({0, 0}, {look.clip, 100}, true);
      page.PushTexture(ImTextureRef(look.texture));
      page.AddRectFilled({40, 10}, {80, 20}, kRed);
      damaged = next();
    }
    const Rects expected = after.scale == 2 ? Rects{{0, 0, 400, 200}} : Rects{{40, 10, 60, 20}};
    EXPECT_EQ(damaged, expected);
  }
}

TEST_F(FrameDamageTest, WhatIsForgottenIsDrawnWhole) {
  for (int step = 0; step < 2; ++step) {
    begin();
    window("page").AddRectFilled({10, 10}, {20, 20}, kRed);
    damage_.forget();
    EXPECT_EQ(next(), (Rects{{0, 0, 200, 100}}));
  }
}

TEST(DeviceRects, AClipRectangleDrawsThePixelsThatItWasMadeOf) {
  Random random(7);
  for (float scale : {1.0f, 1.1f, 1.25f, 1.5f, 2.0f, 2.625f, 3.0f}) {
    const DevicePage page = device_page({1003, 777}, scale);
    for (int i = 0; i < 2000; ++i) {
      const int left = random.below(page.width), top = random.below(page.height);
      const DeviceRect pixels{left, top, left + 1 + random.below(page.width - left), top + 1 + random.below(page.height - top)};
      ASSERT_EQ(clipped_pixels(clip_of(pixels, page), page), pixels) << scale;
    }
  }
}

TEST(DeviceRects, PixelsAreTouchedOrCovered) {
  const DevicePage page = device_page({100, 100}, 2);
  EXPECT_EQ(touched_pixels({1.1f, 2}, {3, 4.4f}, page), (DeviceRect{2, 4, 6, 9}));
  EXPECT_EQ(covered_pixels({1.1f, 2}, {3, 4.4f}, page), (DeviceRect{2, 4, 6, 9}));
  EXPECT_EQ(covered_pixels({1.3f, 2}, {3, 4.2f}, page), (DeviceRect{3, 4, 6, 8}));
  EXPECT_TRUE(covered_pixels({1.3f, 2}, {1.7f, 4}, page).empty());
}

/// ImGui's renderer on the processor: triangles and films over a page, blended so that order and repetition show.
class Screen {
 public:
  explicit Screen(const DevicePage& page) : page_(page), pixels_(static_cast<std::size_t>(page.all().pixels()), 0) {}

  void draw(const ImDrawData& frame, const std::vector<DeviceRect>& cleared) {
    for (const DeviceRect& rect : cleared) fill(rect, [](std::uint32_t&, int, int) { return std::uint32_t{0}; });
    for (const ImDrawList* list : frame.CmdLists)
      for (const ImDrawCmd& command : list->CmdBuffer) draw(*list, command);
  }
  bool operator==(const Screen& other) const { return pixels_ == other.pixels_; }

 private:
  void draw(const ImDrawList& list, const ImDrawCmd& command) {
    if (command.UserCallback == ImDrawCallback_ResetRenderState) return;
    const DeviceRect clip = intersection(clipped_pixels(command.ClipRect, page_), page_.all());
    if (command.UserCallback) {
      int value = 0;
      std::memcpy(&value, command.UserCallbackData, sizeof value);
      fill(clip, [&](std::uint32_t, int x, int y) { return static_cast<std::uint32_t>(value * 1000003 + x * 31 + y * 17); });
      return;
    }
    for (unsigned int i = 0; i < command.ElemCount; i += 3) {
      std::array<ImDrawVert, 3> corners;
      for (unsigned int k = 0; k < 3; ++k)
        corners[k] =
            list.VtxBuffer[static_cast<int>(command.VtxOffset) + list.IdxBuffer[static_cast<int>(command.IdxOffset + i + k)]];
      fill(clip, [&](std::uint32_t under, int x, int y) {
        return covers(corners, (static_cast<float>(x) + 0.5f) / page_.scale, (static_cast<float>(y) + 0.5f) / page_.scale)
                   ? under * 2654435761u + corners[0].col + 1
                   : under;
      });
    }
  }
  static bool covers(const std::array<ImDrawVert, 3>& corners, float x, float y) {
    bool left = true, right = true;
    for (std::size_t k = 0; k < 3; ++k) {
      const ImVec2 a = corners[k].pos, b = corners[(k + 1) % 3].pos;
      const float side = (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
      left = left && side >= 0;
      right = right && side <= 0;
    }
    return left || right;
  }
  template <class Paint>
  void fill(const DeviceRect& rect, const Paint& paint) {
    for (int y = rect.top; y < rect.bottom; ++y)
      for (int x = rect.left; x < rect.right; ++x) {
        std::uint32_t& pixel =
            pixels_[static_cast<std::size_t>(y) * static_cast<std::size_t>(page_.width) + static_cast<std::size_t>(x)];
        pixel = paint(pixel, x, y);
      }
  }

  DevicePage page_;
  std::vector<std::uint32_t> pixels_;
};

// The point of it all: a screen that was only mended always looks like one that was drawn whole.
TEST_F(FrameDamageTest, AMendedScreenIsTheWholeFrame) {
  struct Thing {
    int window;
    bool film;
    ImVec2 min, max;
    int value;
  };
  Random random(3);
  auto pick = [&](int below) { return random.below(below); };
  auto place = [&](int below) { return static_cast<float>(pick(below * 4)) / 4; };
  auto some_thing = [&] {
    const ImVec2 min{place(180), place(80)};
    return Thing{pick(4), pick(5) == 0, min, {min.x + 1 + place(60), min.y + 1 + place(40)}, pick(1000)};
  };
  static const char* const kNames[] = {"page", "list", "popup", "hint"};
  for (float scale : {1.0f, 1.25f, 2.0f}) {
    damage_.forget();
    std::vector<Thing> things;
    for (int i = 0; i < 12; ++i) things.push_back(some_thing());
    Screen mended(device_page({200, 100}, scale));
    for (int step = 0; step < 60; ++step) {
      for (int change = pick(4); change > 0; --change) {
        const auto at = things.begin() + pick(static_cast<int>(things.size()));
        switch (pick(4)) {
          case 0: *at = some_thing(); break;
          case 1: at->value += 1; break;
          case 2: things.insert(at, some_thing()); break;
          default:
            if (things.size() > 3) things.erase(at);
        }
      }
      begin(scale);
      for (int w = 0; w < 4; ++w) {
        if (std::none_of(things.begin(), things.end(), [&](const Thing& one) { return one.window == w; })) continue;
        ImDrawList& list = window(kNames[w]);
        for (const Thing& one : things) {
          if (one.window != w) continue;
          if (one.film) add_film(list, one.min, one.max, one.value);
          else list.AddRectFilled(one.min, one.max, IM_COL32(one.value % 256, one.value / 256, 1, 255));
        }
      }
      ImDrawData& frame = end();
      const Rects damaged = damage_.next(frame);
      ASSERT_LE(damaged.size(), FrameDamage::kMostRects);
      for (std::size_t i = 0; i < damaged.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) ASSERT_TRUE(intersection(damaged[i], damaged[j]).empty());
      Screen whole(device_page({200, 100}, scale));
      whole.draw(frame, {});
      restrict_to(frame, damaged);
      mended.draw(frame, damaged);
      ASSERT_TRUE(mended == whole) << "scale " << scale << ", step " << step;
    }
  }
}

}  // namespace
}  // namespace chestlight::ui
