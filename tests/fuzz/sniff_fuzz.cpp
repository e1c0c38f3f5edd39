// Any bytes have a format with a name, and a format without a reader has an error with a message.
#include <cstdlib>

#include "imaging/sniff.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chestlight;
  Format format = sniff({data, size});
  if (format_info(format).name.empty() || unreadable_format(format).message.empty()) std::abort();
  return 0;
}
