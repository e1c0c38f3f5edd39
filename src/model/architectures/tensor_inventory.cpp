#include "model/architectures/tensor_inventory.h"

#include <utility>

#include "base/text.h"

namespace chestlight {
namespace {

std::string wanted_text(const Extents& wanted) {
  std::string joined = "[";
  for (std::size_t i = 0; i < wanted.size(); ++i) joined += text(i ? ", " : "", wanted[i] ? text(wanted[i]) : std::string("any"));
  return joined + "]";
}

}  // namespace

bool is_bookkeeping(std::string_view name) { return name.ends_with(".num_batches_tracked") || name == "op_threshs"; }

Error misfit(std::string message) { return {ErrorCode::kInvalidModel, std::move(message), ""}; }

bool TensorInventory::has_below(std::string_view prefix) const {
  const auto first = tensors_.lower_bound(prefix);
  return first != tensors_.end() && first->first.starts_with(prefix);
}

Result<Extents> TensorInventory::take(const std::string& name, const Extents& wanted) {
  auto found = tensors_.find(name);
  if (found == tensors_.end()) return misfit(text("Tensor ", name, " is missing."));
  taken_.insert(found->first);
  const Extents& extents = found->second.shape;
  bool fits = extents.size() == wanted.size();
  for (std::size_t i = 0; fits && i < wanted.size(); ++i)
    fits = wanted[i] ? extents[i] == wanted[i] : extents[i] >= 1 && extents[i] <= kLargestExtent;
  if (fits) return extents;
  return misfit(text("Tensor ", name, " is ", shape_text(extents), "; expected ", wanted_text(wanted), "."));
}

Result<void> TensorInventory::take_batch_norm(const std::string& prefix, std::int64_t channels) {
  for (std::string_view part : {".weight", ".bias", ".running_mean", ".running_var"})
    CHESTLIGHT_CHECK(take(text(prefix, part), {channels}));
  return {};
}

Result<int> TensorInventory::take_head(std::int64_t features) {
  CHESTLIGHT_TRY(const Extents weight, take("classifier.weight", {0, features}));
  CHESTLIGHT_CHECK(take("classifier.bias", {weight[0]}));
  return static_cast<int>(weight[0]);
}

Result<void> TensorInventory::check_nothing_left(std::string_view network) const {
  for (const auto& [name, tensor] : tensors_)
    if (!taken_.contains(name) && !means_nothing(name))
      return misfit(text("Tensor ", name, " ", shape_text(tensor.shape), " is not part of a ", network, "."));
  return {};
}

bool TensorInventory::means_nothing(const std::string& name) const {
  constexpr std::string_view kScale = ".scale";
  if (is_bookkeeping(name)) return true;
  return name.ends_with(kScale) && tensors_.contains(std::string_view(name).substr(0, name.size() - kScale.size()));
}

}  // namespace chestlight
