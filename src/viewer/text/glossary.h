// What the 14 findings of ChestX-ray14 are, what they look like on a film and what they are confused with: a short paragraph
// each, for readers who are learning. General words, not about any film.
#pragma once

#include <span>
#include <string_view>

#include "viewer/state/state.h"

namespace chestlight::viewer {

struct GlossaryTerm {
  std::string_view id;  // as models name it
  std::string_view name;
  std::string_view words;
};
/// By name.
std::span<const GlossaryTerm> glossary();
/// The synthetic film that shows it best: the first whose list begins with it, else one that shows it, too; null where there is
/// none.
const Example* example_showing(const State& state, std::string_view finding);

}  // namespace chestlight::viewer
