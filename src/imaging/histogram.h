// How often each of 65,536 values occurs. A value.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace chestlight {

class Histogram {
 public:
  void add(std::uint16_t value) {
    ++count_[value];
    ++total_;
  }
  void drop(std::uint16_t value) {
    total_ -= count_[value];
    count_[value] = 0;
  }

  std::size_t total() const { return total_; }
  bool empty() const { return total_ == 0; }

  /// Of all values, 0..1.
  double share(std::uint16_t value) const { return part(count_[value]); }
  double share(double low, double high) const {
    std::size_t inside = 0;
    const auto last = static_cast<std::int64_t>(std::floor(std::min(high, 65535.0)));
    for (auto value = static_cast<std::int64_t>(std::ceil(std::max(low, 0.0))); value <= last; ++value)
      inside += count_[static_cast<std::size_t>(value)];
    return part(inside);
  }

  /// The value that a share of at least `fraction` (0..1) does not exceed; 0 where there is none.
  std::uint16_t percentile(double fraction) const {
    const auto wanted = std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(fraction * static_cast<double>(total_))));
    std::size_t seen = 0;
    for (std::size_t value = 0; value < count_.size(); ++value)
      if ((seen += count_[value]) >= wanted) return static_cast<std::uint16_t>(value);
    return 0;
  }

  /// The value that occurs and is nearest to `bound`, from above or from below; `bound` itself where there is none.
  double least_from(double bound) const {
    for (auto value = static_cast<std::size_t>(std::ceil(std::max(bound, 0.0))); value < count_.size(); ++value)
      if (count_[value] > 0) return static_cast<double>(value);
    return bound;
  }
  double greatest_to(double bound) const {
    for (auto value = static_cast<std::int64_t>(std::floor(std::min(bound, 65535.0))); value >= 0; --value)
      if (count_[static_cast<std::size_t>(value)] > 0) return static_cast<double>(value);
    return bound;
  }

 private:
  double part(std::size_t count) const { return total_ == 0 ? 0 : static_cast<double>(count) / static_cast<double>(total_); }

  std::vector<std::size_t> count_ = std::vector<std::size_t>(65536);
  std::size_t total_ = 0;
};

}  // namespace chestlight
