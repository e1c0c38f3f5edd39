// Reading fixtures and goldens. A missing file fails the test that asked for it, by name.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace chestlight::testing {

inline std::vector<std::uint8_t> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) ADD_FAILURE() << "cannot read " << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::vector<std::uint8_t> read_fixture(const std::string& name) {
  return read_file(std::string(CHESTLIGHT_FIXTURES) + "/" + name);
}

/// The typeface of captions.
inline std::vector<std::uint8_t> read_font() { return read_file(CHESTLIGHT_CAPTION_FONT); }

/// The folder of film packs named by the environment, or empty. Tests that need it skip, naming CHESTLIGHT_FILMS.
inline std::string films_folder() {
  const char* folder = std::getenv("CHESTLIGHT_FILMS");
  return folder ? folder : "";
}

}  // namespace chestlight::testing
