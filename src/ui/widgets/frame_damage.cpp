// See frame_damage.h.
#include "ui/widgets/frame_damage.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace chestlight::ui {
namespace {

// Drawing so many pixels more is cheaper than a rectangle of its own, each of which has its own draw calls.
constexpr long long kSlack = 4096;

template <class T>
bool same_bytes(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

bool same_clip(const ImVec4& a, const ImVec4& b) { return a.x == b.x && a.y == b.y && a.z == b.z && a.w == b.w; }

/// Draws something of the caller's own; the other callback only sets the renderer up again.
bool draws_itself(const ImDrawCmd& command) {
  return command.UserCallback && command.UserCallback != ImDrawCallback_ResetRenderState;
}

DevicePage page_of(const ImDrawData& frame) { return device_page(frame.DisplaySize, frame.FramebufferScale.x); }

}  // namespace

/// The smallest thing that is compared: a triangle, or a drawing of the caller's own.
struct FrameDamage::Mark {
  const ImDrawVert* corners[3] = {};  // none for a drawing of the caller's own
  const ImDrawCmd* command = nullptr;
  ImTextureID texture = ImTextureID_Invalid;
  const unsigned char* data = nullptr;
};

/// Rectangles that do not overlap, few enough.
class FrameDamage::Rects {
 public:
  void add(DeviceRect rect) {
    if (rect.empty()) return;
    // A rectangle grown around another may meet a third.
    for (std::size_t i = 0; i < rects_.size();) {
      const DeviceRect both = around(rects_[i], rect);
      const bool meet = !intersection(rects_[i], rect).empty();
      if (!meet && both.pixels() > rects_[i].pixels() + rect.pixels() + kSlack) {
        ++i;
        continue;
      }
      rect = both;
      rects_.erase(rects_.begin() + static_cast<std::ptrdiff_t>(i));
      i = 0;
    }
    rects_.push_back(rect);
    if (rects_.size() > kMostRects) join_cheapest();
  }
  std::vector<DeviceRect> take() { return std::move(rects_); }

 private:
  void join_cheapest() {
    long long least = -1;
    std::size_t first = 0, second = 0;
    for (std::size_t i = 0; i < rects_.size(); ++i)
      for (std::size_t j = i + 1; j < rects_.size(); ++j) {
        const long long waste = around(rects_[i], rects_[j]).pixels() - rects_[i].pixels() - rects_[j].pixels();
        if (least >= 0 && waste >= least) continue;
        least = waste;
        first = i;
        second = j;
      }
    const DeviceRect both = around(rects_[first], rects_[second]);
    rects_.erase(rects_.begin() + static_cast<std::ptrdiff_t>(second));
    rects_.erase(rects_.begin() + static_cast<std::ptrdiff_t>(first));
    add(both);
  }

  std::vector<DeviceRect> rects_;
};

FrameDamage::List FrameDamage::copy(const ImDrawList& list) {
  List copy;
  copy.name = list._OwnerName ? list._OwnerName : "";
  copy.vertices.assign(list.VtxBuffer.begin(), list.VtxBuffer.end());
  copy.indices.assign(list.IdxBuffer.begin(), list.IdxBuffer.end());
  for (const ImDrawCmd& command : list.CmdBuffer) {
    if (command.ElemCount == 0 && !draws_itself(command)) continue;
    copy.commands.push_back(command);
    copy.textures.push_back(command.UserCallback ? ImTextureID_Invalid : command.GetTexID());
    if (!command.UserCallback || command.UserCallbackDataSize == 0) continue;
    const auto* data = static_cast<const unsigned char*>(command.UserCallbackData);
    copy.data.insert(copy.data.end(), data, data + command.UserCallbackDataSize);
  }
  return copy;
}

/// Most windows are as they were, byte for byte: this is the quick way to know.
bool FrameDamage::same(const List& a, const List& b) {
  auto same_command = [](const ImDrawCmd& p, const ImDrawCmd& q) {
    return same_clip(p.ClipRect, q.ClipRect) && p.VtxOffset == q.VtxOffset && p.IdxOffset == q.IdxOffset &&
           p.ElemCount == q.ElemCount && p.UserCallback == q.UserCallback && p.UserCallbackDataSize == q.UserCallbackDataSize;
  };
  return same_bytes(a.vertices, b.vertices) && same_bytes(a.indices, b.indices) && same_bytes(a.data, b.data) &&
         a.textures == b.textures &&
         std::equal(a.commands.begin(), a.commands.end(), b.commands.begin(), b.commands.end(), same_command);
}

std::vector<FrameDamage::Mark> FrameDamage::marks(const List& list) {
  std::vector<Mark> all;
  all.reserve(list.indices.size() / 3);
  const unsigned char* data = list.data.data();
  for (std::size_t c = 0; c < list.commands.size(); ++c) {
    const ImDrawCmd& command = list.commands[c];
    Mark mark;
    mark.command = &command;
    mark.texture = list.textures[c];
    if (command.UserCallback) {
      mark.data = data;
      data += command.UserCallbackDataSize;
      all.push_back(mark);
      continue;
    }
    for (unsigned int i = 0; i + 2 < command.ElemCount; i += 3) {
      for (unsigned int k = 0; k < 3; ++k)
        mark.corners[k] = &list.vertices[command.VtxOffset + list.indices[command.IdxOffset + i + k]];
      all.push_back(mark);
    }
  }
  return all;
}

bool FrameDamage::same(const Mark& a, const Mark& b) {
  if (!same_clip(a.command->ClipRect, b.command->ClipRect) || a.texture != b.texture ||
      a.command->UserCallback != b.command->UserCallback)
    return false;
  if (a.command->UserCallback)
    return a.command->UserCallbackDataSize == b.command->UserCallbackDataSize &&
           std::equal(a.data, a.data + a.command->UserCallbackDataSize, b.data);
  return std::equal(a.corners, a.corners + 3, b.corners,
                    [](const ImDrawVert* p, const ImDrawVert* q) { return std::memcmp(p, q, sizeof(ImDrawVert)) == 0; });
}

void FrameDamage::add(Rects& rects, const Mark& mark, const DevicePage& page) {
  DeviceRect pixels = intersection(clipped_pixels(mark.command->ClipRect, page), page.all());
  if (!mark.command->UserCallback) {
    ImVec2 min = mark.corners[0]->pos, max = min;
    for (const ImDrawVert* corner : {mark.corners[1], mark.corners[2]}) {
      min = {std::min(min.x, corner->pos.x), std::min(min.y, corner->pos.y)};
      max = {std::max(max.x, corner->pos.x), std::max(max.y, corner->pos.y)};
    }
    pixels = intersection(pixels, touched_pixels(min, max, page));
  }
  rects.add(pixels);
}

/// What begins and ends alike is as it was. Between, one mark may have taken the place of another (a letter, the film);
/// where there are more or fewer than before, all of them count.
void FrameDamage::compare(const List& before, const List& now, const DevicePage& page, Rects& rects) {
  if (same(before, now)) return;
  const std::vector<Mark> old = marks(before), fresh = marks(now);
  const auto alike = [](const Mark& a, const Mark& b) { return same(a, b); };
  std::size_t first = 0;
  const std::size_t shorter = std::min(old.size(), fresh.size());
  while (first < shorter && same(old[first], fresh[first])) ++first;
  const auto tail = std::mismatch(old.rbegin(), old.rend() - static_cast<std::ptrdiff_t>(first), fresh.rbegin(),
                                  fresh.rend() - static_cast<std::ptrdiff_t>(first), alike);
  const std::size_t old_end = static_cast<std::size_t>(old.rend() - tail.first);
  const std::size_t fresh_end = static_cast<std::size_t>(fresh.rend() - tail.second);
  const bool pairs = old_end == fresh_end;
  for (std::size_t i = first; i < old_end; ++i)
    if (!pairs || !same(old[i], fresh[i])) add(rects, old[i], page);
  for (std::size_t i = first; i < fresh_end; ++i)
    if (!pairs || !same(old[i], fresh[i])) add(rects, fresh[i], page);
}

std::vector<DeviceRect> FrameDamage::next(const ImDrawData& frame) {
  const DevicePage page = page_of(frame);
  std::vector<List> lists;
  for (const ImDrawList* list : frame.CmdLists) lists.push_back(copy(*list));
  const bool whole = !known_ || !(page == page_);
  Rects rects;
  if (whole) {
    rects.add(page.all());
  } else {
    // Windows come and go between those that stay, such as a popup over the page.
    auto name_alike = [](const List& a, const List& b) { return a.name == b.name; };
    const auto [old_first, first] = std::mismatch(lists_.begin(), lists_.end(), lists.begin(), lists.end(), name_alike);
    const auto [old_last, last] = std::mismatch(lists_.rbegin(), std::make_reverse_iterator(old_first), lists.rbegin(),
                                                std::make_reverse_iterator(first), name_alike);
    const List nothing;
    auto old = lists_.begin();
    auto fresh = lists.begin();
    for (; fresh != first; ++old, ++fresh) compare(*old, *fresh, page, rects);
    for (; old != old_last.base(); ++old) compare(*old, nothing, page, rects);
    for (; fresh != last.base(); ++fresh) compare(nothing, *fresh, page, rects);
    for (; fresh != lists.end(); ++old, ++fresh) compare(*old, *fresh, page, rects);
  }
  known_ = true;
  page_ = page;
  lists_ = std::move(lists);
  return rects.take();
}

void restrict_to(ImDrawData& frame, const std::vector<DeviceRect>& rects) {
  const DevicePage page = page_of(frame);
  ImVector<ImDrawList*> drawn;
  for (ImDrawList* list : frame.CmdLists) {
    ImVector<ImDrawCmd> kept;
    bool set_up = true;  // the renderer is as it wants to be
    for (const ImDrawCmd& command : list->CmdBuffer) {
      if (command.UserCallback == ImDrawCallback_ResetRenderState) {
        if (!set_up) kept.push_back(command);
        set_up = true;
        continue;
      }
      if (command.ElemCount == 0 && !command.UserCallback) continue;
      const DeviceRect pixels = clipped_pixels(command.ClipRect, page);
      for (const DeviceRect& rect : rects) {
        const DeviceRect part = intersection(pixels, rect);
        if (part.empty()) continue;
        kept.push_back(command);
        kept.back().ClipRect = clip_of(part, page);
        if (command.UserCallback) set_up = false;
      }
    }
    if (kept.empty()) continue;
    list->CmdBuffer.swap(kept);
    drawn.push_back(list);
  }
  frame.CmdLists.swap(drawn);
  frame.CmdListsCount = frame.CmdLists.Size;
}

}  // namespace chestlight::ui
