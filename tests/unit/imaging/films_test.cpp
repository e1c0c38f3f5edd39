// Real films against Pillow, pixel by pixel. Needs the film packs (CHESTLIGHT_FILMS, the folder with films/ and
// nih-128.tar) and a python3 with Pillow (PYTHON names another); skips by name where either is missing.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>

#include "imaging/decode.h"
#include "support/files.h"
#include "support/tolerances.h"

namespace chestlight {
namespace {

struct Decoded {
  std::string name;
  std::vector<std::uint8_t> file, pixels;  // pixels: Pillow's, 8-bit grey
  int width = 0, height = 0;
};

// The stream of tests/support/pillow_pixels.py: name, file size, width, height on a line, then the file and the pixels.
std::vector<Decoded> decoded_by_pillow([[maybe_unused]] const std::string& arguments) {
  std::vector<Decoded> films;
#ifndef __EMSCRIPTEN__
  const char* python = std::getenv("PYTHON");
  std::string command =
      std::string(python ? python : "/usr/bin/python3") + " " + CHESTLIGHT_FIXTURES + "/../support/pillow_pixels.py " + arguments;
  FILE* pipe = popen(command.c_str(), "r");
  char name[512];
  unsigned size = 0;
  Decoded film;
  while (pipe && std::fscanf(pipe, "%511s %u %d %d", name, &size, &film.width, &film.height) == 4) {
    std::fgetc(pipe);  // the end of the line
    film.name = name;
    film.file.resize(size);
    film.pixels.resize(std::size_t(film.width) * film.height);
    if (std::fread(film.file.data(), 1, size, pipe) != size) break;
    if (std::fread(film.pixels.data(), 1, film.pixels.size(), pipe) != film.pixels.size()) break;
    films.push_back(film);
  }
  if (pipe) pclose(pipe);
#endif
  return films;
}

int largest_difference(const Film& film, const Decoded& pillow) {
  EXPECT_EQ(film.width(), pillow.width);
  EXPECT_EQ(film.height(), pillow.height);
  if (film.pixels.values().size() != pillow.pixels.size()) return 65535;
  int largest = 0;
  for (std::size_t i = 0; i < pillow.pixels.size(); ++i)
    largest = std::max(largest, std::abs(int(film.pixels.values()[i]) - int(pillow.pixels[i])));
  return largest;
}

void compare(const std::string& pack, int count, std::size_t expected, int tolerance) {
  std::string path = testing::films_folder() + "/" + pack;
  if (testing::films_folder().empty() || !std::filesystem::exists(path))
    GTEST_SKIP() << "SKIPPED: real films against Pillow (" << pack << "): set CHESTLIGHT_FILMS to the folder that holds it";
  auto films = decoded_by_pillow("'" + path + "' " + std::to_string(count));
  if (films.empty()) GTEST_SKIP() << "SKIPPED: real films against Pillow (" << pack << "): no python3 with Pillow here";
  EXPECT_EQ(films.size(), expected);
  int largest = 0, exact = 0;
  for (const auto& pillow : films) {
    auto film = decode_image(pillow.file);
    ASSERT_TRUE(film) << pillow.name << ": " << film.error().message;
    int difference = largest_difference(*film, pillow);
    EXPECT_LE(difference, tolerance) << pillow.name;
    largest = std::max(largest, difference);
    exact += difference == 0;
  }
  std::printf("%s: %zu films, largest difference %d of 255, %d exact\n", pack.c_str(), films.size(), largest, exact);
}

TEST(RealFilms, PngsAreThoseOfPillow) { compare("films", 1000, 20, 0); }
TEST(RealFilms, JpegsAreThoseOfPillowWithinTheTransform) { compare("nih-128.tar", 400, 400, kJpegDecoders); }

}  // namespace
}  // namespace chestlight
