// What went wrong and what to do, as the engine or the page's services worded it.
#pragma once

#include <string>

namespace chestlight::viewer {

struct Failure {
  std::string code;  // kebab-case
  std::string message;
  std::string hint;
};

}  // namespace chestlight::viewer
