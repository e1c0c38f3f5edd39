// Text building without format strings: text("Image is ", width, " × ", height, " pixels").
// Numbers print as operator<< prints them; use fixed(value, digits) where the digits matter.
#pragma once

#include <iomanip>
#include <sstream>
#include <string>
#include <string_view>

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

/// "a/b/film.dcm" → "film.dcm": films of one folder begin alike, the part that tells them apart is the last.
inline std::string_view last_part(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == path.npos ? path : path.substr(slash + 1);
}

/// Text from outside, such as a file's name, as it is shown: on one line, without control characters and marks that turn the
/// direction of what stands beside it, at most `longest` letters of UTF-8.
inline std::string one_line(std::string_view text, std::size_t longest) {
  std::string line;
  std::size_t letters = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    while (end < text.size() && (text[end] & 0xC0) == 0x80) ++end;
    const std::string_view letter = text.substr(at, end - at);
    at = end;
    const auto byte = static_cast<unsigned char>(letter[0]);
    const bool turns = letter == "\u200e" || letter == "\u200f" || (letter >= "\u202a" && letter <= "\u202e") ||
                       (letter >= "\u2066" && letter <= "\u2069");
    if (turns) continue;
    if (letters++ == longest) break;
    if (byte < 0x20 || byte == 0x7F) line += ' ';
    else line += letter;
  }
  const std::size_t first = line.find_first_not_of(' ');
  return first == std::string::npos ? "" : line.substr(first, line.find_last_not_of(' ') - first + 1);
}

}  // namespace chestlight
