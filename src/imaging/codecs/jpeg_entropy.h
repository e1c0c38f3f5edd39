// Huffman tables and bits of a JPEG's entropy-coded data (ITU-T T.81, annexes C and F.2.2). Values are counted and passed
// over, not kept: this is for proving that a scan is complete, not for decoding it.
#pragma once

#include <array>
#include <optional>

#include "base/bytes.h"

namespace chestlight {

/// Codes of up to 16 bits and the symbols they stand for.
class HuffmanTable {
 public:
  /// `lengths` counts the codes of 1 to 16 bits; `symbols` are theirs, in order. Nothing where the codes do not fit.
  static std::optional<HuffmanTable> make(Bytes lengths, Bytes symbols);

  struct Code {
    int bits = 0;  // 0: no code begins like this
    int symbol = 0;
  };
  /// `next`: the 16 bits that come next.
  Code find(std::uint32_t next) const;

 private:
  static constexpr int kQuickBits = 8;
  std::array<std::uint16_t, 1 << kQuickBits> quick_{};  // bits · 256 + symbol of the codes that are no longer than 8
  std::array<std::uint32_t, 18> end_{};                 // of the codes of n bits, the first 16-bit number beyond them
  std::array<std::uint32_t, 18> begin_{};               // and the first of them
  std::array<std::uint16_t, 18> first_symbol_{};
  std::array<std::uint8_t, 256> symbols_{};
};

/// Reads the bits between two markers. Beyond their end it gives zeros, and has_ended() tells that some were used.
class EntropyBits {
 public:
  EntropyBits(Bytes bytes, std::size_t at) : bytes_(bytes), at_(at) {}

  /// The next `count` bits, at most 16, which stay.
  std::uint32_t peek(int count) {
    if (held_bits_ < count) fill();
    return static_cast<std::uint32_t>(held_ >> (held_bits_ - count)) & ((1u << count) - 1);
  }
  void skip(int count) {
    if (held_bits_ < count) fill();
    held_bits_ -= count;
  }
  std::uint32_t take(int count) {
    const std::uint32_t value = count == 0 ? 0 : peek(count);
    held_bits_ -= count;
    return value;
  }
  /// The symbol of the next code, −1 where no code begins like this.
  int symbol(const HuffmanTable& table) {
    const auto code = table.find(peek(16));
    held_bits_ -= code.bits;
    return code.bits == 0 ? -1 : code.symbol;
  }

  /// More bits were used than there are.
  bool has_ended() const { return held_bits_ < made_up_bits_; }
  /// Whole bytes that were not used, up to the next marker or the end of the file.
  std::size_t unused_bytes();
  /// Where the next marker stands, or the end of the file. Known once unused_bytes() was asked.
  std::size_t position() const { return at_; }

 private:
  void fill();
  /// The next byte of data; nothing at a marker or at the end.
  std::optional<std::uint8_t> next_byte();

  Bytes bytes_;
  std::size_t at_;
  std::uint64_t held_ = 0;
  int held_bits_ = 0;
  int made_up_bits_ = 0;
};

}  // namespace chestlight
