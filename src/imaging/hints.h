// What to do about a damaged file, in the same words for every format.
#pragma once

namespace chestlight {

inline constexpr auto kExportAgain = "Copy or export the file again from where it came.";

}  // namespace chestlight
