// Damaged PNG and JPEG files: all pixels or an error, and never a pixel of a film that was decoded before.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "base/random.h"
#include "imaging/decode.h"
#include "support/files.h"

namespace chestlight {
namespace {

using File = std::vector<std::uint8_t>;

File fixture(const std::string& name) { return testing::read_fixture("images/" + name); }

// --- What a decoder's memory held before ---------------------------------------------------------------------------

// Freed memory keeps what a film left in it; glibc can fill it besides.
void soil_memory(const char* film, [[maybe_unused]] int byte) {
#if defined(__GLIBC__)
  mallopt(M_PERTURB, byte);
#endif
  ASSERT_TRUE(decode_image(fixture(film)));
}

struct Outcome {
  std::vector<std::uint16_t> pixels;  // empty for an error
  std::string error;

  bool operator==(const Outcome&) const = default;
};

Outcome outcome(Bytes file) {
  auto film = decode_image(file);
  return film ? Outcome{film->pixels.values(), ""}
              : Outcome{{}, std::string(error_code_name(film.error().code)) + film.error().message};
}

// As a careless transfer does it: bytes changed, zeroed, left out, doubled, or cut off with an end put behind them.
File damaged(const File& whole, Random& random) {
  File file = whole;
  const auto below = [&](std::size_t bound) { return static_cast<std::size_t>(random.uniform() * static_cast<double>(bound)); };
  for (std::size_t times = 1 + below(3); times > 0; --times) {
    const std::size_t at = 2 + below(file.size() - 3), length = 1 + below(std::min<std::size_t>(64, file.size() - at - 1));
    const auto begin = file.begin() + std::ptrdiff_t(at), end = begin + std::ptrdiff_t(length);
    switch (below(5)) {
      case 0: file[at] ^= static_cast<std::uint8_t>(1u << below(8)); break;
      case 1: std::fill(begin, end, std::uint8_t{0}); break;
      case 2: file.erase(begin, end); break;
      case 3: file.insert(begin, whole.begin() + std::ptrdiff_t(at), whole.begin() + std::ptrdiff_t(at + length)); break;
      default: file.resize(at + length); file.insert(file.end(), {0xff, 0xd9});
    }
    if (file.size() < 8) break;
  }
  return file;
}

TEST(DecodeDamaged, SameBytesGiveTheSamePixelsWhateverWasDecodedBefore) {
  Random random(11);
  int films = 0, errors = 0;
  for (const char* name : {"field_baseline.jpg", "field_progressive.jpg", "field_colour.jpg", "field_restart.jpg"}) {
    SCOPED_TRACE(name);
    const auto whole = fixture(name);
    for (int n = 0; n < 250; ++n) {
      const auto file = damaged(whole, random);
      soil_memory("field_baseline.jpg", 0x5a);
      const auto first = outcome(file);
      soil_memory("field_colour.jpg", 0xa5);
      ASSERT_EQ(outcome(file), first) << n;
      (first.error.empty() ? films : errors) += 1;
    }
  }
  EXPECT_GT(errors, 900) << films << " films of damaged files were taken for whole";
}

// --- JPEG ----------------------------------------------------------------------------------------------------------

std::size_t find(const File& file, int marker) {
  for (std::size_t at = 0; at + 1 < file.size(); ++at)
    if (file[at] == 0xff && file[at + 1] == marker) return at;
  ADD_FAILURE() << "no marker " << marker;
  return 0;
}

std::size_t first_scan(const File& file) {
  const std::size_t at = find(file, 0xda);
  return at + 2 + (file[at + 2] << 8 | file[at + 3]);
}

File with_end(File file) {
  file.insert(file.end(), {0xff, 0xd9});
  return file;
}

void expect_refused(const File& file, const char* says) {
  const auto film = decode_image(file);
  ASSERT_FALSE(film);
  EXPECT_TRUE(film.error().code == ErrorCode::kCorrupt || film.error().code == ErrorCode::kTruncated);
  EXPECT_NE(film.error().message.find(says), std::string::npos) << film.error().message;
  EXPECT_FALSE(film.error().hint.empty());
}

TEST(DecodeDamagedJpeg, ACutScanIsNoFilmEvenWithAnEndMarkerBehindIt) {
  for (const char* name : {"field_baseline.jpg", "field_progressive.jpg", "field_colour.jpg", "field_restart.jpg"}) {
    SCOPED_TRACE(name);
    const auto whole = fixture(name);
    ASSERT_TRUE(decode_image(whole));
    const std::size_t start = first_scan(whole);
    for (std::size_t length = start; length < whole.size() - 3; ++length) {
      File cut(whole.begin(), whole.begin() + std::ptrdiff_t(length));
      EXPECT_FALSE(decode_image(cut)) << length;
      EXPECT_FALSE(decode_image(with_end(cut))) << length;
    }
  }
}

TEST(DecodeDamagedJpeg, SaysHowMuchOfThePictureIsThere) {
  const auto whole = fixture("field_restart.jpg");
  const std::size_t third = find(whole, 0xd2);
  expect_refused(with_end(File(whole.begin(), whole.begin() + std::ptrdiff_t(third))), "12 of 64 blocks of scan 1");
}

TEST(DecodeDamagedJpeg, EveryChangedRestartMarkerIsFound) {
  const auto whole = fixture("field_restart.jpg");
  int markers = 0;
  for (std::size_t at = first_scan(whole); at + 1 < whole.size(); ++at) {
    if (whole[at] != 0xff || whole[at + 1] < 0xd0 || whole[at + 1] > 0xd7) continue;
    ++markers;
    for (int other : {0xd0, 0xd3, 0xd7, 0xd9, 0xe0, 0x00, 0x01}) {
      if (other == whole[at + 1]) continue;
      auto file = whole;
      file[at + 1] = static_cast<std::uint8_t>(other);
      EXPECT_FALSE(decode_image(file)) << at << " " << other;
    }
    auto without = whole;
    without.erase(without.begin() + std::ptrdiff_t(at), without.begin() + std::ptrdiff_t(at) + 2);
    EXPECT_FALSE(decode_image(without)) << at;
  }
  EXPECT_EQ(markers, 15);
}

TEST(DecodeDamagedJpeg, ZeroedBytesInTheMiddleAreFound) {
  for (const char* name : {"field_baseline.jpg", "field_progressive.jpg", "field_colour.jpg", "field_restart.jpg"}) {
    SCOPED_TRACE(name);
    const auto whole = fixture(name);
    const std::size_t length = name == std::string("field_restart.jpg") ? 32 : 512;
    auto file = whole;
    const auto middle = file.begin() + std::ptrdiff_t(first_scan(file) + (file.size() - first_scan(file)) / 2 - length / 2);
    std::fill_n(middle, length, std::uint8_t{0});
    EXPECT_FALSE(decode_image(file));
  }
}

// One damaged difference shifts the mean of every block after it; most such shifts leave the range of greys.
TEST(DecodeDamagedJpeg, BlocksBeyondBlackAndWhiteAreFound) {
  auto file = fixture("field_restart.jpg");
  const auto whole = outcome(file);
  for (std::size_t at = 0; at + 1 < file.size(); ++at) {
    if (file[at] != 0xff || file[at + 1] != 0xdb) continue;
    file[at + 5] = 19;  // the divisor of the means, 8 before: ±50 of 19 are within ±1024, and twice as much is not
    EXPECT_TRUE(decode_image(file));
    file[at + 5] = 40;
    expect_refused(file, "cannot be decoded");
    break;
  }
  EXPECT_TRUE(whole.error.empty());
}

// Progressive files have several scans: those that end between two of them lack the finer parts.
TEST(DecodeDamagedJpeg, MissingScansAreFound) {
  const auto whole = fixture("field_progressive.jpg");
  int ends = 0;
  for (std::size_t at = first_scan(whole); at + 1 < whole.size(); ++at) {
    if (whole[at] != 0xff || whole[at + 1] != 0xc4) continue;
    expect_refused(with_end(File(whole.begin(), whole.begin() + std::ptrdiff_t(at))), "are missing");
    ++ends;
  }
  EXPECT_GE(ends, 4);
}

TEST(DecodeDamagedJpeg, TablesThatAreNotThereAreNamed) {
  auto without = [](int marker, int skip) {
    auto file = fixture("field_restart.jpg");
    for (std::size_t at = 2; at + 3 < file.size();) {
      const std::size_t length = 2 + std::size_t(file[at + 2] << 8 | file[at + 3]);
      if (file[at + 1] == marker && skip-- == 0) {
        file.erase(file.begin() + std::ptrdiff_t(at), file.begin() + std::ptrdiff_t(at + length));
        break;
      }
      at += length;
    }
    return file;
  };
  expect_refused(without(0xc4, 0), "Huffman table that is not there");
  expect_refused(without(0xc4, 1), "Huffman table that is not there");
  expect_refused(without(0xdb, 0), "quantisation table of it is missing");
  expect_refused(without(0xdd, 0), "block 5 of 64");
}

TEST(DecodeDamagedJpeg, WithoutItsEndMarkerAWholeFilmIsReadWithANote) {
  for (const char* name :
       {"field_baseline.jpg", "field_progressive.jpg", "field_colour.jpg", "field_restart.jpg", "no_end.jpg"}) {
    SCOPED_TRACE(name);
    auto file = fixture(name);
    const bool has_end = file.back() == 0xd9;
    const auto whole = outcome(has_end ? file : with_end(file));
    if (has_end) file.resize(file.size() - 2);
    const auto film = decode_image(file);
    ASSERT_TRUE(film) << film.error().message;
    EXPECT_EQ(film->pixels.values(), whole.pixels);
    ASSERT_FALSE(film->facts.notes.empty());
    EXPECT_EQ(film->facts.notes.front(), "The end marker of the JPEG file is missing; all its pixels are there.");
  }
}

TEST(DecodeDamagedJpeg, WhatLiesBehindTheEndIsNotThePictures) {
  auto file = fixture("field_baseline.jpg");
  const auto whole = outcome(file);
  file.insert(file.end(), {0, 0, 0xff, 0xd8, 0xff, 0xe1, 1, 2, 3});
  EXPECT_EQ(outcome(file), whole);
}

// --- PNG -----------------------------------------------------------------------------------------------------------

struct PngRow {
  const char* file;
  const char* says;  // in a note of the film, or in the error
  bool opens;
};

// The faults that every viewer passes over, and those that change pixels: written in tests/fixtures/make_images.py.
const PngRow kPngRows[] = {
    {"odd_plain.png", "8 bits per pixel", true},
    {"odd_text_crc.png", "tEXt chunk of the PNG does not match its check sum", true},
    {"no_end.png", "end of the PNG file is missing", true},
    {"odd_cut_in_end.png", "end of the PNG file is missing", true},
    {"odd_last_crc_cut.png", "end of the PNG file is missing", true},
    {"odd_bytes_behind.png", "8 bits per pixel", true},
    {"odd_alpha_0.png", "Every pixel is marked as transparent", true},
    {"odd_missing_idat.png", "damaged", false},
    {"odd_adler.png", "check sum behind the pixel data of the PNG is missing or wrong", true},
    {"odd_adler_missing.png", "check sum behind the pixel data of the PNG is missing or wrong", true},
    {"odd_adler_of_chunks.png", "do not match their check sum", false},
    {"odd_adler_and_cut.png", "end before their check sum", false},
    {"odd_too_many_rows.png", "holds 42 bytes of rows where its size needs 35: the last 7 are passed over", true},
    {"odd_too_many_rows_adler.png", "do not match their check sum", false},
    {"odd_far_too_many_rows.png", "size of its picture", false},
    {"odd_trns_crc.png", "tRNS chunk at byte 33", false},
    {"odd_unknown_critical.png", "ABCD", false},
};

TEST(DecodeDamagedPng, WhatLeavesThePixelsAloneIsANoteTheRestAnError) {
  std::vector<std::uint16_t> values;
  for (int y = 0; y < 5; ++y)
    for (int x = 0; x < 6; ++x) values.push_back(static_cast<std::uint16_t>((x * 29 + y * 53) % 256));
  for (const auto& row : kPngRows) {
    SCOPED_TRACE(row.file);
    const auto film = decode_image(fixture(row.file));
    ASSERT_EQ(static_cast<bool>(film), row.opens) << (film ? "" : film.error().message);
    if (!film) {
      EXPECT_NE(film.error().message.find(row.says), std::string::npos) << film.error().message;
      continue;
    }
    const auto says = [&](const std::string& note) { return note.find(row.says) != std::string::npos; };
    EXPECT_TRUE(std::ranges::any_of(film->facts.notes, says));
    if (std::string(row.file) != "no_end.png") {
      EXPECT_EQ(film->pixels.values(), values);
    }
  }
}

TEST(DecodeDamagedPng, EveryPrefixIsTheWholeFilmOrAnError) {
  for (const char* name : {"grey8.png", "interlaced_rgb16.png", "palette_transparent.png"}) {
    SCOPED_TRACE(name);
    const auto file = fixture(name);
    const auto whole = outcome(file);
    int films = 0;
    for (std::size_t n = 0; n < file.size(); ++n) {
      const auto part = outcome(Bytes(file).first(n));
      if (!part.error.empty()) continue;
      EXPECT_EQ(part.pixels, whole.pixels) << n;
      ++films;
    }
    EXPECT_LE(films, 16) << "the last check sum and the end chunk have sixteen bytes";
  }
}

TEST(DecodeDamagedPng, EveryChangedByteGivesTheSameFilmOrAnError) {
  auto file = fixture("palette_transparent.png");
  const auto whole = outcome(file);
  for (std::size_t n = 0; n < file.size(); ++n)
    for (int bit = 0; bit < 8; ++bit) {
      file[n] ^= static_cast<std::uint8_t>(1 << bit);
      const auto changed = outcome(file);
      if (changed.error.empty()) {
        EXPECT_EQ(changed.pixels, whole.pixels) << n << " " << bit;
      }
      file[n] ^= static_cast<std::uint8_t>(1 << bit);
    }
}

}  // namespace
}  // namespace chestlight
