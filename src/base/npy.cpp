#include "base/npy.h"

#include <cstring>
#include <string>

#include "base/text.h"

namespace chestlight {

std::vector<std::uint8_t> write_npy(GridView<const float> map) {
  std::string head("\x93NUMPY\x01\x00\x00\x00", 10);
  head += text("{'descr': '<f4', 'fortran_order': False, 'shape': (", map.height, ", ", map.width, "), }");
  // Numbers begin at a multiple of 64 bytes; the header ends with a line feed.
  head.append(63 - head.size() % 64, ' ');
  head += '\n';
  const std::size_t length = head.size() - 10;
  head[8] = static_cast<char>(length & 0xff), head[9] = static_cast<char>(length >> 8);
  std::vector<std::uint8_t> bytes(head.size() + map.size() * sizeof(float));
  std::memcpy(bytes.data(), head.data(), head.size());
  if (map.size() > 0) std::memcpy(bytes.data() + head.size(), map.data, map.size() * sizeof(float));
  return bytes;
}

}  // namespace chestlight
