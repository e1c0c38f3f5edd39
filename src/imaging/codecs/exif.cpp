#include "imaging/codecs/exif.h"

namespace chestlight {
namespace {

constexpr int kUpright = 1;
constexpr std::uint16_t kOrientationTag = 0x0112, kShort = 3, kLong = 4;

template <class T>
std::optional<T> read(ByteReader& reader, bool big_endian) {
  return big_endian ? reader.big<T>() : reader.little<T>();
}

}  // namespace

int exif_orientation(Bytes tiff) {
  ByteReader reader(tiff);
  auto order = reader.take(2);
  if (!order || (as_text(*order) != "II" && as_text(*order) != "MM")) return kUpright;
  bool big = as_text(*order) == "MM";
  auto magic = read<std::uint16_t>(reader, big);
  auto directory = read<std::uint32_t>(reader, big);
  if (!magic || *magic != 42 || !directory || !reader.seek(*directory)) return kUpright;

  auto entries = read<std::uint16_t>(reader, big).value_or(0);
  for (int i = 0; i < entries; ++i) {
    auto tag = read<std::uint16_t>(reader, big);
    auto type = read<std::uint16_t>(reader, big);
    auto count = read<std::uint32_t>(reader, big);
    auto field = reader.take(4);
    if (!tag || !type || !count || !field) return kUpright;
    if (*tag != kOrientationTag) continue;
    // The standard wants a SHORT, which stands in the first two bytes of the field; some programs write a LONG.
    ByteReader in_field(*field);
    const std::uint32_t value = *type == kLong ? *read<std::uint32_t>(in_field, big) : *read<std::uint16_t>(in_field, big);
    const bool sound = (*type == kShort || *type == kLong) && *count == 1 && value >= 1 && value <= 8;
    return sound ? static_cast<int>(value) : kUpright;
  }
  return kUpright;
}

}  // namespace chestlight
