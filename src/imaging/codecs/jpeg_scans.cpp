#include "imaging/codecs/jpeg_scans.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "imaging/codecs/jpeg_entropy.h"
#include "imaging/codecs/jpeg_markers.h"
#include "imaging/hints.h"

namespace chestlight {
namespace {

constexpr int kCoefficients = 64;
constexpr int kTables = 4;
constexpr int kMostComponents = 4;
constexpr int kMostBlocksOfUnit = 10;  // T.81, B.2.3
// A scan of a few bytes can cover the whole picture, so their number bounds the work. Encoders write up to about thirty.
constexpr int kMostScans = 400;

Error damaged(const std::string& what) { return corrupt_file("The JPEG is damaged: " + what + "."); }
Error cut_short(const std::string& what) { return truncated_file("The JPEG is truncated: " + what + "."); }
Error missing_blocks(std::uint64_t done, std::uint64_t all, int scan) {
  return cut_short(text("its data end after ", done, " of ", all, " blocks of scan ", scan));
}

struct Component {
  int id = 0, across = 1, down = 1, quantisation = 0;  // `across` and `down` are the sampling factors
  int blocks_across = 0, blocks_down = 0;              // of a scan of this component alone
  // For each coefficient the lowest bit that has come: 0 is all of it, kNothing none.
  static constexpr int kNothing = 127;
  std::array<std::uint8_t, kCoefficients> lowest_bit = filled();
  // Which coefficients of each block are other than zero: refining scans have a bit for each of them.
  std::vector<std::uint64_t> nonzero;

  static constexpr std::array<std::uint8_t, kCoefficients> filled() {
    std::array<std::uint8_t, kCoefficients> bits{};
    bits.fill(kNothing);
    return bits;
  }
};

struct ScanComponent {
  Component* component = nullptr;
  int divisor = 1;  // of its first coefficient
  int level = 0;    // that coefficient of the block before
  const HuffmanTable* dc = nullptr;
  const HuffmanTable* ac = nullptr;
};

struct Scan {
  std::vector<ScanComponent> components;
  int first = 0, last = 63;  // coefficients
  int high = 0, low = 0;     // point transform of the scan before (0: none was) and of this one
};

class Walker {
 public:
  explicit Walker(Bytes bytes) : bytes_(bytes), reader_(bytes) {}

  Result<WholeJpeg> walk();

 private:
  Result<void> read_segment(int marker, Bytes parameters);
  Result<void> read_huffman(Bytes parameters);
  Result<void> read_quantisation(Bytes parameters);
  Result<void> read_frame(int marker, Bytes parameters);
  Result<Scan> read_scan(Bytes parameters);
  Result<void> check_progression(const Scan& scan);

  Result<void> walk_scan(Scan& scan);
  Result<void> walk_units(Scan& scan, EntropyBits& bits);
  Result<void> pass_restart(EntropyBits& bits, int number, std::uint64_t done, std::uint64_t all);
  bool walk_block(EntropyBits& bits, const Scan& scan, ScanComponent& part, std::size_t block);
  bool walk_level(EntropyBits& bits, const Scan& scan, ScanComponent& part);
  bool walk_sequential(EntropyBits& bits, const Scan& scan, ScanComponent& part);
  bool walk_first(EntropyBits& bits, const Scan& scan, const HuffmanTable& ac, std::uint64_t& nonzero);
  bool walk_refining(EntropyBits& bits, const Scan& scan, const HuffmanTable& ac, std::uint64_t& nonzero);

  void keep(int marker, std::size_t start);
  Result<WholeJpeg> finish(bool has_end_marker);

  Bytes bytes_;
  ByteReader reader_;
  std::vector<std::uint8_t> kept_{0xff, kStartOfImage};
  std::vector<Component> components_;
  int across_ = 1, down_ = 1;  // largest sampling factors
  int units_across_ = 0, units_down_ = 0;
  bool progressive_ = false;
  std::array<std::optional<HuffmanTable>, kTables> dc_, ac_;
  std::array<std::optional<int>, kTables> quantisation_;  // the divisor of the first coefficient
  int restart_interval_ = 0;
  int scans_ = 0;
  std::uint32_t end_of_band_run_ = 0;  // blocks whose band has ended already
};

// JFIF and Adobe segments say which colours the components are.
bool is_part_of_picture(int marker) {
  return is_frame(marker) || marker == kHuffmanTables || marker == kQuantisationTables || marker == kRestartInterval ||
         marker == kStartOfScan || marker == kJfif || marker == kAdobe;
}

int divide_up(int value, int by) { return (value + by - 1) / by; }

Result<WholeJpeg> Walker::walk() {
  while (auto marker = next_marker(reader_)) {
    if (*marker == kEndOfImage) return finish(true);
    if (is_standalone(*marker)) continue;
    const std::size_t start = reader_.position();
    auto parameters = segment(reader_);
    if (!parameters) break;
    if (*marker == kStartOfScan) {
      if (++scans_ > kMostScans) return damaged(text("it has more than ", kMostScans, " scans"));
      CHESTLIGHT_TRY(auto scan, read_scan(*parameters));
      CHESTLIGHT_CHECK(walk_scan(scan));
    } else {
      CHESTLIGHT_CHECK(read_segment(*marker, *parameters));
    }
    if (is_part_of_picture(*marker)) keep(*marker, start);
  }
  return finish(false);
}

// From just behind its marker to where the reader stands.
void Walker::keep(int marker, std::size_t start) {
  const auto part = bytes_.subspan(start, reader_.position() - start);
  kept_.insert(kept_.end(), {0xff, static_cast<std::uint8_t>(marker)});
  kept_.insert(kept_.end(), part.begin(), part.end());
}

Result<void> Walker::read_segment(int marker, Bytes parameters) {
  if (marker == kHuffmanTables) return read_huffman(parameters);
  if (marker == kQuantisationTables) return read_quantisation(parameters);
  if (marker == kRestartInterval) {
    if (parameters.size() != 2) return damaged("its restart interval is not two bytes long");
    restart_interval_ = parameters[0] << 8 | parameters[1];
  }
  return is_frame(marker) ? read_frame(marker, parameters) : Result<void>{};
}

Result<void> Walker::read_huffman(Bytes parameters) {
  ByteReader reader(parameters);
  while (reader.remaining() > 0) {
    const int target = *reader.big<std::uint8_t>();
    auto lengths = reader.take(16);
    std::size_t count = 0;
    for (auto length : lengths.value_or(Bytes{})) count += length;
    auto symbols = reader.take(count);
    auto table = lengths && symbols ? HuffmanTable::make(*lengths, *symbols) : std::nullopt;
    if (!table || (target & 15) >= kTables || target >> 4 > 1) return damaged("a Huffman table of it is not sound");
    (target >> 4 ? ac_ : dc_)[target & 15] = *table;
  }
  return {};
}

Result<void> Walker::read_quantisation(Bytes parameters) {
  ByteReader reader(parameters);
  while (reader.remaining() > 0) {
    const int target = *reader.big<std::uint8_t>();
    const bool wide = target >> 4 == 1;
    const auto table = reader.take(kCoefficients * (wide ? 2 : 1));
    if ((target & 15) >= kTables || target >> 4 > 1 || !table) return damaged("a quantisation table of it is not sound");
    quantisation_[target & 15] = wide ? (*table)[0] << 8 | (*table)[1] : (*table)[0];
  }
  return {};
}

Result<void> Walker::read_frame(int marker, Bytes parameters) {
  if (!components_.empty()) return damaged("it has two frame headers");
  if (marker > 0xc2 || parameters.size() < 6 || parameters[0] != 8)
    return Error{ErrorCode::kUnsupportedFormat, "The JPEG is coded in a way that is not read.",
                 "Open it in an image viewer and save it as PNG."};
  progressive_ = marker == 0xc2;
  const int height = parameters[1] << 8 | parameters[2], width = parameters[3] << 8 | parameters[4], count = parameters[5];
  if (height == 0 || width == 0) return damaged("its frame header states no size");
  if (count < 1 || count > kMostComponents || parameters.size() != 6 + 3 * std::size_t(count))
    return damaged(text("its frame header names ", count, " components in ", parameters.size(), " bytes"));
  for (int i = 0; i < count; ++i) {
    const auto part = parameters.subspan(6 + 3 * std::size_t(i), 3);
    Component component{part[0], part[1] >> 4, part[1] & 15, part[2]};
    if (component.across < 1 || component.across > 4 || component.down < 1 || component.down > 4 ||
        component.quantisation >= kTables)
      return damaged("its frame header has a component that cannot be");
    across_ = std::max(across_, component.across);
    down_ = std::max(down_, component.down);
    components_.push_back(std::move(component));
  }
  units_across_ = divide_up(width, 8 * across_);
  units_down_ = divide_up(height, 8 * down_);
  for (auto& component : components_) {
    component.blocks_across = divide_up(divide_up(width * component.across, across_), 8);
    component.blocks_down = divide_up(divide_up(height * component.down, down_), 8);
  }
  return {};
}

Result<Scan> Walker::read_scan(Bytes parameters) {
  const auto unsound = [] { return damaged("a scan header of it is not sound"); };
  const int count = parameters.empty() ? 0 : parameters[0];
  if (count < 1 || count > kMostComponents || parameters.size() != 4 + 2 * std::size_t(count)) return unsound();
  Scan scan;
  const auto rest = parameters.last(3);
  if (progressive_) scan = {{}, rest[0], rest[1], rest[2] >> 4, rest[2] & 15};
  if (scan.last >= kCoefficients || scan.first > scan.last || scan.low > 13) return unsound();
  int blocks = 0;
  for (int i = 0; i < count; ++i) {
    const int id = parameters[1 + 2 * std::size_t(i)], tables = parameters[2 + 2 * std::size_t(i)];
    auto found = std::ranges::find(components_, id, &Component::id);
    if (found == components_.end() || (tables >> 4) >= kTables || (tables & 15) >= kTables) return unsound();
    if (std::ranges::find(scan.components, &*found, &ScanComponent::component) != scan.components.end()) return unsound();
    const auto& dc = dc_[tables >> 4];
    const auto& ac = ac_[tables & 15];
    const bool needs_dc = scan.first == 0 && scan.high == 0, needs_ac = scan.last > 0;
    if ((needs_dc && !dc) || (needs_ac && !ac)) return damaged("a scan of it names a Huffman table that is not there");
    if (!quantisation_[found->quantisation]) return damaged("a quantisation table of it is missing");
    scan.components.push_back({&*found, *quantisation_[found->quantisation], 0, dc ? &*dc : nullptr, ac ? &*ac : nullptr});
    blocks += found->across * found->down;
  }
  if (count > 1 && blocks > kMostBlocksOfUnit) return unsound();
  CHESTLIGHT_CHECK(check_progression(scan));
  return scan;
}

// Every scan continues where the one before it left its coefficients (T.81, G.1.1.1).
Result<void> Walker::check_progression(const Scan& scan) {
  const bool band = scan.first > 0;
  if (progressive_ && ((band && scan.components.size() > 1) || (!band && scan.last != 0)))
    return damaged(text("scan ", scans_, " mixes what progressive scans keep apart"));
  if (scan.high != 0 && scan.high != scan.low + 1) return damaged(text("scan ", scans_, " refines more than one bit"));
  for (const auto& part : scan.components) {
    auto& lowest = part.component->lowest_bit;
    for (int k = scan.first; k <= scan.last; ++k) {
      if (lowest[k] != (scan.high == 0 ? Component::kNothing : scan.high))
        return damaged(text("scan ", scans_, " repeats or skips a part of the picture"));
      lowest[k] = static_cast<std::uint8_t>(scan.low);
    }
    const auto blocks = std::size_t(part.component->blocks_across) * std::size_t(part.component->blocks_down);
    if (band) part.component->nonzero.resize(blocks);
  }
  return {};
}

Result<void> Walker::walk_scan(Scan& scan) {
  EntropyBits bits(bytes_, reader_.position());
  CHESTLIGHT_CHECK(walk_units(scan, bits));
  if (end_of_band_run_ > 0) return damaged(text("scan ", scans_, " goes on after the last block"));
  if (const auto unused = bits.unused_bytes(); unused > 0)
    return damaged(text(unused, " bytes are left over after the last block of scan ", scans_));
  // Behind the data stands a marker, or the file ends there; anything else would be passed over as if it were nothing.
  const auto behind = bytes_.subspan(bits.position());
  const auto marker = std::ranges::find_if(behind, [](auto byte) { return byte != 0xff; });
  if (marker != behind.end() && (*marker == 0 || is_restart(*marker)))
    return damaged(text("scan ", scans_, " does not end where its last block ends"));
  reader_.seek(bits.position());
  return {};
}

Result<void> Walker::walk_units(Scan& scan, EntropyBits& bits) {
  const bool alone = scan.components.size() == 1;
  const auto& only = *scan.components[0].component;
  const std::uint64_t units = alone ? std::uint64_t(only.blocks_across) * std::uint64_t(only.blocks_down)
                                    : std::uint64_t(units_across_) * std::uint64_t(units_down_);
  std::uint64_t blocks_of_unit = 0;
  for (const auto& part : scan.components)
    blocks_of_unit += alone ? 1 : std::uint64_t(part.component->across * part.component->down);

  const std::uint64_t all = units * blocks_of_unit;
  std::uint64_t done = 0;
  end_of_band_run_ = 0;
  int restarts = 0, left = restart_interval_;
  for (std::uint64_t unit = 0; unit < units; ++unit) {
    if (restart_interval_ > 0 && left-- == 0) {
      CHESTLIGHT_CHECK(pass_restart(bits, restarts++ % 8, done, all));
      left = restart_interval_ - 1;
      for (auto& part : scan.components) part.level = 0;
    }
    for (auto& part : scan.components) {
      const int blocks = alone ? 1 : part.component->across * part.component->down;
      for (int block = 0; block < blocks; ++block, ++done) {
        const bool sound = walk_block(bits, scan, part, unit);
        if (bits.has_ended()) return missing_blocks(done, all, scans_);
        if (!sound) return damaged(text("block ", done + 1, " of ", all, " of scan ", scans_, " cannot be decoded"));
      }
    }
  }
  return {};
}

Result<void> Walker::pass_restart(EntropyBits& bits, int number, std::uint64_t done, std::uint64_t all) {
  if (end_of_band_run_ > 0) return damaged(text("a run goes on over the restart marker after block ", done));
  if (const auto unused = bits.unused_bytes(); unused > 0)
    return damaged(text(unused, " bytes are left over after block ", done, " of ", all, ", where a restart marker belongs"));
  std::size_t at = bits.position();
  while (at + 1 < bytes_.size() && bytes_[at] == 0xff && bytes_[at + 1] == 0xff) ++at;
  if (at + 1 >= bytes_.size() || bytes_[at + 1] == kEndOfImage) return missing_blocks(done, all, scans_);
  if (bytes_[at + 1] != kFirstRestart + number)
    return damaged(text("restart marker ", number, " is missing after block ", done, " of ", all));
  bits = EntropyBits(bytes_, at + 2);
  return {};
}

// False where a code is in no table or a value does not fit.
bool Walker::walk_block(EntropyBits& bits, const Scan& scan, ScanComponent& part, std::size_t block) {
  if (!progressive_) return walk_sequential(bits, scan, part);
  if (scan.first > 0) {
    auto& nonzero = part.component->nonzero[block];
    return scan.high == 0 ? walk_first(bits, scan, *part.ac, nonzero) : walk_refining(bits, scan, *part.ac, nonzero);
  }
  if (scan.high > 0) {
    bits.skip(1);
    return true;
  }
  return walk_level(bits, scan, part);
}

// The mean of a block is coded as its difference to the one before, so that a damaged difference shifts every block after
// it: sooner or later one is darker than black or brighter than white.
bool Walker::walk_level(EntropyBits& bits, const Scan& scan, ScanComponent& part) {
  constexpr int kDarkest = 8 * 128;  // of a block, as the transform scales it
  const int size = bits.symbol(*part.dc);
  if (size < 0 || size > 11) return false;  // T.81, table F.1
  const int value = static_cast<int>(bits.take(size));
  part.level += size > 0 && value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  const int rounding = 2 * part.divisor + (part.divisor << scan.low) + 64;
  return std::abs((part.level << scan.low) * part.divisor) <= kDarkest + rounding;
}

bool Walker::walk_sequential(EntropyBits& bits, const Scan& scan, ScanComponent& part) {
  if (!walk_level(bits, scan, part)) return false;
  for (int k = 1; k < kCoefficients; ++k) {
    const int symbol = bits.symbol(*part.ac);
    if (symbol == 0) return true;
    if (symbol < 0) return false;
    k += symbol >> 4;
    if (k >= kCoefficients || ((symbol & 15) == 0 && symbol != 0xf0)) return false;
    bits.skip(symbol & 15);
  }
  return true;
}

// The first scan of a band (T.81, G.1.2.2).
bool Walker::walk_first(EntropyBits& bits, const Scan& scan, const HuffmanTable& ac, std::uint64_t& nonzero) {
  if (end_of_band_run_ > 0) {
    --end_of_band_run_;
    return true;
  }
  for (int k = scan.first; k <= scan.last; ++k) {
    const int symbol = bits.symbol(ac);
    if (symbol < 0) return false;
    const int run = symbol >> 4, size = symbol & 15;
    if (size == 0 && run < 15) {
      end_of_band_run_ = (1u << run) + bits.take(run) - 1;
      return true;
    }
    k += run;
    if (k > scan.last) return false;
    bits.skip(size);
    if (size > 0) nonzero |= std::uint64_t{1} << k;
  }
  return true;
}

// A scan that adds one bit to a band (T.81, G.1.2.3): one to each value known to be other than zero, and new values.
bool Walker::walk_refining(EntropyBits& bits, const Scan& scan, const HuffmanTable& ac, std::uint64_t& nonzero) {
  int k = scan.first;
  while (end_of_band_run_ == 0 && k <= scan.last) {
    const int symbol = bits.symbol(ac);
    if (symbol < 0) return false;
    int run = symbol >> 4;
    const int size = symbol & 15;
    if (size > 1) return false;
    if (size == 0 && run < 15) {
      end_of_band_run_ = (1u << run) + bits.take(run);
      break;
    }
    bits.skip(size);
    for (; k <= scan.last; ++k) {
      if (nonzero >> k & 1) bits.skip(1);
      else if (run-- == 0) break;
    }
    if (k > scan.last) return false;
    if (size == 1) nonzero |= std::uint64_t{1} << k;
    ++k;
  }
  if (end_of_band_run_ == 0) return true;
  --end_of_band_run_;
  for (; k <= scan.last; ++k) bits.skip(static_cast<int>(nonzero >> k & 1));
  return true;
}

Result<WholeJpeg> Walker::finish(bool has_end_marker) {
  if (components_.empty()) return damaged("it has no frame header");
  for (const auto& component : components_) {
    const auto finest = std::ranges::max(component.lowest_bit);
    if (finest == 0) continue;
    return cut_short(scans_ == 0 ? "it ends before its picture"
                     : component.lowest_bit[0] == Component::kNothing
                         ? "a part of its colours is missing"
                         : text("it ends after scan ", scans_, "; the finer parts of its picture are missing"));
  }
  kept_.insert(kept_.end(), {0xff, kEndOfImage});
  return WholeJpeg{std::move(kept_), has_end_marker};
}

}  // namespace

Result<WholeJpeg> prove_jpeg(Bytes bytes) { return Walker(bytes).walk(); }

}  // namespace chestlight
