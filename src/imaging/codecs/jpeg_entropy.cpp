#include "imaging/codecs/jpeg_entropy.h"

namespace chestlight {

std::optional<HuffmanTable> HuffmanTable::make(Bytes lengths, Bytes symbols) {
  constexpr std::uint32_t kAll = 1u << 16;
  HuffmanTable table;
  std::uint32_t next = 0;
  std::size_t symbol = 0;
  for (int bits = 1; bits <= 16; ++bits) {
    const std::uint32_t span = kAll >> bits;
    table.begin_[bits] = next;
    table.first_symbol_[bits] = static_cast<std::uint16_t>(symbol);
    for (int left = lengths[bits - 1]; left > 0; --left, next += span, ++symbol) {
      if (symbol >= symbols.size() || symbol >= table.symbols_.size() || next + span > kAll) return std::nullopt;
      table.symbols_[symbol] = symbols[symbol];
      if (bits > kQuickBits) continue;
      const auto entry = static_cast<std::uint16_t>(bits << 8 | symbols[symbol]);
      for (std::uint32_t i = next >> 8; i < (next + span) >> 8; ++i) table.quick_[i] = entry;
    }
    table.end_[bits] = next;
  }
  return table;
}

HuffmanTable::Code HuffmanTable::find(std::uint32_t next) const {
  if (const int entry = quick_[next >> 8]) return {entry >> 8, entry & 0xff};
  for (int bits = kQuickBits + 1; bits <= 16; ++bits)
    if (next < end_[bits]) return {bits, symbols_[first_symbol_[bits] + ((next - begin_[bits]) >> (16 - bits))]};
  return {};
}

std::optional<std::uint8_t> EntropyBits::next_byte() {
  if (at_ >= bytes_.size()) return std::nullopt;
  const std::uint8_t byte = bytes_[at_];
  if (byte != 0xff) {
    ++at_;
    return byte;
  }
  if (at_ + 1 >= bytes_.size() || bytes_[at_ + 1] != 0) return std::nullopt;
  at_ += 2;
  return byte;
}

void EntropyBits::fill() {
  while (held_bits_ <= 48) {
    auto byte = next_byte();
    if (!byte) made_up_bits_ += 8;
    held_ = held_ << 8 | byte.value_or(0);
    held_bits_ += 8;
  }
}

std::size_t EntropyBits::unused_bytes() {
  std::size_t unused = has_ended() ? 0 : static_cast<std::size_t>(held_bits_ - made_up_bits_) / 8;
  while (next_byte()) ++unused;
  return unused;
}

}  // namespace chestlight
