// Any bytes have an orientation of 1..8.
#include <cstdlib>

#include "imaging/codecs/exif.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  int orientation = chestlight::exif_orientation({data, size});
  if (orientation < 1 || orientation > 8) std::abort();
  return 0;
}
