#include "model/weights/safetensors_writer.h"

#include <cstdint>
#include <string>

#include "base/json.h"

namespace chestlight {

std::vector<std::uint8_t> write_safetensors(const TensorMap& tensors) {
  constexpr std::size_t kAlignment = 8;  // of the data, as the format recommends
  Json header = Json::object();
  std::size_t position = 0;
  for (const auto& [name, tensor] : tensors) {
    header[name] = {{"dtype", std::string(data_type_name(tensor.type))},
                    {"shape", tensor.shape},
                    {"data_offsets", {position, position + tensor.bytes.size()}}};
    position += tensor.bytes.size();
  }
  std::string head = write_json(header);
  head.resize((head.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  std::vector<std::uint8_t> file;
  file.reserve(kAlignment + head.size() + position);
  for (std::size_t i = 0; i < kAlignment; ++i) file.push_back(static_cast<std::uint8_t>(std::uint64_t{head.size()} >> 8 * i));
  file.insert(file.end(), head.begin(), head.end());
  for (const auto& [name, tensor] : tensors) file.insert(file.end(), tensor.bytes.begin(), tensor.bytes.end());
  return file;
}

}  // namespace chestlight
