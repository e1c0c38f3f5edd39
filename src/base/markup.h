// Text as HTML and SVG take it, between tags and in quoted attributes.
#pragma once

#include <string>
#include <string_view>

namespace chestlight {

/// & < > " as entities; control characters as spaces.
std::string escape_markup(std::string_view text);

}  // namespace chestlight
