#include "base/markup.h"

namespace chestlight {

std::string escape_markup(std::string_view text) {
  std::string escaped;
  for (char letter : text) switch (letter) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      default: escaped.push_back(static_cast<unsigned char>(letter) < 0x20 ? ' ' : letter);
    }
  return escaped;
}

}  // namespace chestlight
