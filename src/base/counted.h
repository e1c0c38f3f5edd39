// A number with the words that go with it: "1 film is", "3 films are".
#pragma once

#include <string>
#include <string_view>

#include "base/text.h"

namespace chestlight {

inline std::string counted(int number, std::string_view one, std::string_view several) {
  return text(number, " ", number == 1 ? one : several);
}

}  // namespace chestlight
