// Everything that can happen to the page: what the engine and the page report (contract/messages.h), what a reader does
// (reader_actions.h), and what the screen itself finds out. update() gives them their meaning.
#pragma once

#include <type_traits>
#include <variant>
#include <vector>

#include "viewer/actions/reader_actions.h"
#include "viewer/state/view.h"

namespace chestlight::viewer {

using namespace contract;

struct Ticked {
  double now = 0;  // seconds
};
struct FilmAreaMeasured {
  ScreenRect area;
  double pixel_ratio = 1;
  std::vector<ScreenRect> kept = {};
  ScreenRect second = {};  // the pane of the film beside it
};
struct GraphicsKnown {
  int largest_texture = 0;  // its side, pixels
};
/// Textures were lost and must be sent again.
struct GraphicsRestored {};

using ScreenEvent = std::variant<Ticked, FilmAreaMeasured, GraphicsKnown, GraphicsRestored>;

/// One variant with the alternatives of all.
template <class... Variants>
struct Joined;
template <class... A>
struct Joined<std::variant<A...>> : std::type_identity<std::variant<A...>> {};
template <class... A, class... B, class... Rest>
struct Joined<std::variant<A...>, std::variant<B...>, Rest...> : Joined<std::variant<A..., B...>, Rest...> {};

using Action = Joined<Event, ReaderAction, ScreenEvent>::type;

/// What update() asks of the page and, through it, of the engine.
using Effect = Joined<ScreenRequest, EngineRequest>::type;

}  // namespace chestlight::viewer
