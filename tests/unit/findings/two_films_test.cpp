// Two films side by side, and what only looks wide. Films are drawn: two dark lungs, a bright spine between them.
#include "findings/two_films.h"

#include <gtest/gtest.h>

#include <cmath>

namespace chestlight {
namespace {

// Draws a chest into columns left .. left + width.
void draw(Film& film, int left, int width) {
  for (int y = 0; y < film.height(); ++y)
    for (int x = 0; x < width; ++x) {
      const double u = static_cast<double>(x) / width, v = static_cast<double>(y) / film.height();
      const bool lung = std::hypot((std::abs(u - 0.5) - 0.22) / 0.15, (v - 0.45) / 0.35) < 1;
      const bool heart = std::hypot((u - 0.58) / 0.15, (v - 0.6) / 0.15) < 1;
      film.pixels(left + x, y) = static_cast<std::uint16_t>(heart ? 220 : lung ? 60 : 180 - 100 * std::abs(u - 0.5) + 20 * v);
    }
}

Film picture(int width, int height, int films) {
  Film film;
  film.pixels = Grid<std::uint16_t>(width, height);
  film.high = 255;
  for (int i = 0; i < films; ++i) draw(film, i * width / films, width / films);
  return film;
}

TEST(TwoFilms, AreToldFromOne) {
  struct Row {
    const char* origin;
    Film film;
    bool two;
  };
  const Row rows[] = {
      {"one film", picture(500, 500, 1), false},
      {"one wide film", picture(800, 500, 1), false},
      {"one very wide film", picture(1000, 500, 1), false},
      {"two films at 2 : 1", picture(1000, 500, 2), true},
      {"two narrow films", picture(800, 500, 2), true},
      {"two films squeezed into a square", picture(500, 500, 2), false},
      {"too small to tell", picture(60, 20, 2), false},
  };
  for (const Row& row : rows) EXPECT_EQ(looks_like_two_films(row.film), row.two) << row.origin;
}

TEST(TwoFilms, AFlatHalfIsNoFilm) {
  Film film = picture(800, 400, 1);
  for (int y = 0; y < 400; ++y)
    for (int x = 0; x < 800; ++x)
      film.pixels(x, y) =
          static_cast<std::uint16_t>(60 + 120 * std::exp(-std::pow((x - 250) / 50.0, 2) - std::pow((y - 120) / 50.0, 2)));
  EXPECT_FALSE(looks_like_two_films(film)) << "the right half holds no more than the tail of the left";
}

}  // namespace
}  // namespace chestlight
