#include "model/weights/tensor_names.h"

#include <utility>

#include "base/text.h"

namespace chestlight {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Length of a leading wrapper of `name`, 0 where there is none.
std::size_t wrapper_length(std::string_view name) {
  for (std::string_view wrapper : {"model.", "module."})
    if (name.starts_with(wrapper)) return wrapper.size();
  constexpr std::string_view kDenseNet = "densenet";
  if (!name.starts_with(kDenseNet)) return 0;
  std::size_t end = kDenseNet.size();
  while (end < name.size() && is_digit(name[end])) ++end;
  return end > kDenseNet.size() && end < name.size() && name[end] == '.' ? end + 1 : 0;
}

/// "norm.1." → "norm1." at the start of `rest`; nothing else changes.
std::string joined_ordinal(std::string_view rest) {
  for (std::string_view part : {"norm.", "conv.", "relu."})
    if (rest.starts_with(part) && rest.size() > part.size() + 1 && is_digit(rest[part.size()]) && rest[part.size() + 1] == '.')
      return text(part.substr(0, part.size() - 1), rest.substr(part.size()));
  return std::string(rest);
}

}  // namespace

std::string canonical_tensor_name(std::string_view name) {
  while (std::size_t length = wrapper_length(name)) name.remove_prefix(length);
  constexpr std::string_view kWrappedClassifier = "classifier.0.";
  if (name.starts_with(kWrappedClassifier)) return text("classifier.", name.substr(kWrappedClassifier.size()));
  constexpr std::string_view kLayer = ".denselayer";
  std::size_t layer = name.find(kLayer);
  if (layer == std::string_view::npos) return std::string(name);
  std::size_t after = name.find('.', layer + kLayer.size());
  if (after == std::string_view::npos) return std::string(name);
  return text(name.substr(0, after + 1), joined_ordinal(name.substr(after + 1)));
}

Result<TensorMap> with_canonical_names(const TensorMap& tensors) {
  TensorMap renamed;
  for (const auto& [name, tensor] : tensors) {
    auto [entry, fresh] = renamed.emplace(canonical_tensor_name(name), tensor);
    if (!fresh)
      return Error{ErrorCode::kInvalidModel,
                   text("Two tensors would both be called ", entry->first, "; one of them is ", name, "."),
                   "Keep only one network in the checkpoint."};
  }
  return renamed;
}

}  // namespace chestlight
