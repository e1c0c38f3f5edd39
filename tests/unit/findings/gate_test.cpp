// What the gate lets through, warns about and refuses; and, where the film packs are present, that it refuses
// no film.
#include "findings/gate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "imaging/decode.h"
#include "support/files.h"

namespace chestlight {
namespace {

// A plain ramp from `low` to `high` over all pixels: contrast without a picture.
Film ramp(int width, int height, int low, int high, int full_scale = 255) {
  Film film;
  film.pixels = Grid<std::uint16_t>(width, height);
  const double last = std::max(1.0, static_cast<double>(width) * height - 1);
  for (std::size_t i = 0; i < film.pixels.values().size(); ++i)
    film.pixels.values()[i] = static_cast<std::uint16_t>(low + (high - low) * (i / last) + 0.5);
  film.full_scale = static_cast<std::uint16_t>(full_scale);
  film.low = static_cast<std::uint16_t>(low);
  film.high = static_cast<std::uint16_t>(high);
  return film;
}

// Like a roof: bright in the middle, so that its halves are mirror images, as those of a chest film are.
Film roof(int width, int height) {
  Film film = ramp(width, height, 0, 255);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      film.pixels(x, y) = static_cast<std::uint16_t>(255 * (1 - std::abs(2.0 * x / (width - 1) - 1)) + 0.5);
  return film;
}

// `count` shades, evenly from 0 to 255.
Film shades(int count) {
  Film film = ramp(600, 600, 0, count - 1);
  for (auto& pixel : film.pixels.values()) pixel = static_cast<std::uint16_t>(pixel * 255 / (count - 1));
  film.high = 255;
  return film;
}

Film coloured(double fraction) {
  Film film = ramp(600, 600, 0, 255);
  film.facts.coloured_fraction = fraction;
  return film;
}

InputSpec input(int width, int height) {
  InputSpec spec;
  spec.width = width;
  spec.height = height;
  return spec;
}

std::string ids(const std::vector<Reason>& reasons) {
  std::string joined;
  for (const Reason& reason : reasons)
    joined += std::string(joined.empty() ? "" : " ") + (reason.refuses() ? "refuse" : "warn") + ":" + reason.id;
  return joined;
}

TEST(Gate, Rules) {
  struct Row {
    const char* what;
    Film film;
    int model_side;
    const char* expected;
  };
  const Row rows[] = {
      {"an ordinary film", ramp(1024, 1024, 0, 255), 128, ""},
      {"at the warning limit", ramp(512, 512, 0, 255), 224, ""},
      {"just below it", ramp(511, 600, 0, 255), 224, "warn:small"},
      {"twice the input counts where that is more", ramp(600, 600, 0, 255), 320, "warn:small"},
      {"as large as the input", ramp(128, 128, 0, 255), 128, "warn:small"},
      {"one pixel short", ramp(127, 400, 0, 255), 128, "refuse:too-small warn:odd-shape"},
      {"one pixel in all", ramp(1, 1, 0, 0), 128, "refuse:too-small refuse:no-contrast"},
      {"all black", ramp(600, 600, 0, 0), 128, "refuse:no-contrast"},
      {"all of one grey", ramp(600, 600, 77, 77), 128, "refuse:no-contrast"},
      {"5 of 255 is under 2 %", ramp(600, 600, 100, 105), 128, "refuse:no-contrast"},
      {"enough contrast, too few greys", ramp(600, 600, 100, 110), 128, "refuse:few-greys"},
      {"black and white", shades(2), 128, "refuse:few-greys"},
      {"15 shades", shades(15), 128, "refuse:few-greys"},
      {"16 shades, a sixteenth of the pixels wholly white", shades(16), 128, "warn:clipped"},
      {"mean 0.196 of the scale", ramp(600, 600, 0, 100), 128, "warn:too-dark"},
      {"mean 0.853", ramp(600, 600, 180, 255), 128, "warn:too-bright"},
      {"dark only beside what 16 bits could hold", ramp(600, 600, 0, 100, 65535), 128, ""},
      {"10 bits stored in 16", ramp(600, 600, 0, 1023, 65535), 128, ""},
      {"12 bits with an offset", ramp(600, 600, 30000, 34095, 65535), 128, ""},
      {"16 bits, all of one value", ramp(600, 600, 30000, 30000, 65535), 128, "refuse:no-contrast"},
      {"a coloured mark on 1 % of the film", coloured(0.01), 128, ""},
      {"a photograph", coloured(0.0101), 128, "refuse:colour"},
      {"wide", roof(1199, 600), 128, ""},
      {"two equal halves", ramp(1199, 600, 0, 255), 128, "refuse:two-films"},
      {"twice as wide as high", roof(1200, 600), 128, "warn:odd-shape"},
      {"high", ramp(600, 1199, 0, 255), 128, ""},
      {"twice as high as wide", ramp(600, 1200, 0, 255), 128, "warn:odd-shape"},
  };
  for (const Row& row : rows) {
    auto reasons = check_film(row.film, input(row.model_side, row.model_side));
    EXPECT_EQ(ids(reasons), row.expected) << row.what;
    EXPECT_EQ(refuses(reasons), std::string(row.expected).find("refuse") != std::string::npos) << row.what;
    for (const Reason& reason : reasons) {
      EXPECT_EQ(reason.text.back(), '.') << reason.text;
      EXPECT_NE(reason.text.find(';'), std::string::npos) << "what to do is missing: " << reason.text;
    }
  }
}

TEST(Gate, AHotPixelDoesNotMakeContrast) {
  Film film = ramp(600, 600, 100, 101);
  film.pixels(300, 300) = film.high = 255;
  film.pixels(301, 300) = film.low = 0;
  EXPECT_EQ(ids(check_film(film, input(128, 128))), "refuse:no-contrast");
}

TEST(Gate, TheShorterSideOfTheInputCounts) { EXPECT_EQ(ids(check_film(ramp(600, 600, 0, 255), input(512, 256))), ""); }

TEST(Gate, AFilmNeedsTheDetailThatTheNetworkCanUse) {
  InputSpec enlarged = input(192, 192);
  enlarged.detail = 128;
  EXPECT_EQ(ids(check_film(roof(600, 128), enlarged)), "warn:small warn:odd-shape");
  EXPECT_EQ(ids(check_film(roof(200, 127), enlarged)), "refuse:too-small");
}

// CHESTLIGHT_FILMS: the folder with the film packs (films/*.png).
TEST(Gate, RefusesNoRealFilm) {
  const std::filesystem::path folder = std::filesystem::path(testing::films_folder()) / "films";
  if (testing::films_folder().empty() || !std::filesystem::is_directory(folder))
    GTEST_SKIP() << "Gate.RefusesNoRealFilm: set CHESTLIGHT_FILMS to the folder of the film packs";
  int seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".png") continue;
    const auto bytes = testing::read_file(entry.path().string());
    auto film = decode_image(bytes);
    ASSERT_TRUE(film) << entry.path().filename() << ": " << film.error().message;
    EXPECT_FALSE(refuses(check_film(*film, input(128, 128)))) << entry.path().filename();
    ++seen;
  }
  EXPECT_GT(seen, 0);
}

}  // namespace
}  // namespace chestlight
