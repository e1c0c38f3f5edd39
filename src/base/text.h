// Text building without format strings: text("Image is ", width, " × ", height, " pixels").
// Numbers print as operator<< prints them; use fixed(value, digits) where the digits matter.
#pragma once

#include <iomanip>
#include <sstream>
#include <string>

namespace chestlight {

template <class... Parts>
std::string text(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return std::move(out).str();
}

inline std::string fixed(double value, int digits) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(digits) << value;
  return std::move(out).str();
}

}  // namespace chestlight
