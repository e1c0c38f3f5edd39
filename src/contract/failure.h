// What went wrong and what to do, as it crosses from one part of the program to another. Not Error (base/result.h), which
// stays inside C++: a Failure may also come from JavaScript.
#pragma once

#include <string>

namespace chestlight::contract {

struct Failure {
  std::string code{};     // kebab-case, stable: for scripts and tests
  std::string message{};  // what was found, and what was expected where that helps
  std::string hint = "";  // what to do

  std::string sentence() const { return hint.empty() ? message : message + " " + hint; }
};

}  // namespace chestlight::contract
