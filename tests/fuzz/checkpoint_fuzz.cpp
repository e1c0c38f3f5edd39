// Any bytes are either a checkpoint or have a reason why not, in one sentence and with a way out; whatever tensors come out can
// be read to their last byte and judged as a network, and take no more memory beyond the file than the file itself.
#include <cstdint>
#include <cstdlib>

#include "model/architectures/architecture.h"
#include "model/weights/checkpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chestlight;
  const auto checkpoint = read_checkpoint({data, size});
  if (!checkpoint) {
    if (checkpoint.error().message.empty() || checkpoint.error().message.size() > 600 || checkpoint.error().hint.empty())
      std::abort();
    return 0;
  }
  std::size_t copied = 0;
  for (const auto& numbers : checkpoint->rearranged) copied += numbers.size();
  if (copied > size) std::abort();
  std::size_t read = 0, sum = 0;
  for (const auto& [name, tensor] : checkpoint->tensors) {
    if (read += tensor.bytes.size(); read > 4 * size) break;  // tensors may share their numbers
    for (const std::uint8_t byte : tensor.bytes) sum += byte;
    const auto numbers = widen(checkpoint->tensors, name);
    if (numbers && numbers->size() != tensor.count()) std::abort();
  }
  const auto network = recognise(checkpoint->tensors);
  if (!network && (network.error().message.empty() || network.error().hint.empty())) std::abort();
  return sum == SIZE_MAX ? 1 : 0;
}
