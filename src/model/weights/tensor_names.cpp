#include "model/weights/tensor_names.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace chestlight {
namespace {

std::string without_trailing_digits(std::string_view word) {
  while (!word.empty() && word.back() >= '0' && word.back() <= '9') word.remove_suffix(1);
  return std::string(word);
}

/// "densenet121" and "mobilenet_v2" are the networks "densenet" and "mobilenetv2".
bool names_network(std::string_view word, std::string_view network) {
  std::string letters(word);
  std::erase(letters, '_');
  return without_trailing_digits(letters) == without_trailing_digits(network);
}

}  // namespace

std::string_view unwrapped_tensor_name(std::string_view name, std::string_view network) {
  constexpr std::string_view kWrappers[] = {"model", "module", "backbone", "network", "net"};
  for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
    const std::string_view first = name.substr(0, dot);
    const bool wraps = std::find(std::begin(kWrappers), std::end(kWrappers), first) != std::end(kWrappers);
    if (!wraps && !names_network(first, network)) break;
    name.remove_prefix(dot + 1);
  }
  return name;
}

std::string canonical_head_name(std::string_view name) {
  constexpr std::string_view kHead = "classifier.";
  std::string_view rest = name;
  for (std::string_view spelling : {kHead, std::string_view("head.fc."), std::string_view("fc."), std::string_view("head."),
                                    std::string_view("last_linear.")}) {
    if (!rest.starts_with(spelling)) continue;
    rest.remove_prefix(spelling.size());
    if (rest.size() > 2 && rest[0] >= '0' && rest[0] <= '9' && rest[1] == '.') rest.remove_prefix(2);
    return text(kHead, rest);
  }
  return std::string(name);
}

Result<TensorMap> with_canonical_names(const TensorMap& tensors, std::string_view network,
                                       std::string (*canonical)(std::string_view)) {
  TensorMap renamed;
  for (const auto& [name, tensor] : tensors) {
    auto [entry, fresh] = renamed.emplace(canonical(unwrapped_tensor_name(name, network)), tensor);
    if (!fresh)
      return Error{ErrorCode::kInvalidModel,
                   text("Two tensors would both be called ", entry->first, "; one of them is ", name, "."),
                   "Keep only one network in the checkpoint."};
  }
  return renamed;
}

}  // namespace chestlight
