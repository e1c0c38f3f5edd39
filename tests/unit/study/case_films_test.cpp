// Decoded films stay within their budget; what is known of a film stays.
#include "study/case_films.h"

#include <gtest/gtest.h>

namespace chestlight {
namespace {

constexpr auto kNothing = [](int) { return false; };

void decode(CaseFilms& films, int id, std::size_t bytes) {
  CaseFilm& film = films.add(id, "film");
  film.decoded = static_cast<std::uint32_t>(100 + id);
  film.bytes = bytes;
}

TEST(CaseFilms, TheOneUsedLongestAgoGoesFirst) {
  CaseFilms films(250);
  for (int id : {1, 2, 3}) decode(films, id, 100);
  films.find(1);
  EXPECT_EQ(films.make_room(*films.find(3), kNothing), (std::vector<std::uint32_t>{102}));
  EXPECT_EQ(films.decoded_bytes(), 200u);
  EXPECT_EQ(films.find(2)->decoded, 0u);
  EXPECT_EQ(films.find(2)->name, "film");
}

TEST(CaseFilms, OneThatIsWaitedForGoesLast) {
  CaseFilms films(250);
  for (int id : {1, 2, 3}) decode(films, id, 100);
  EXPECT_EQ(films.make_room(*films.find(3), [](int id) { return id == 1; }), (std::vector<std::uint32_t>{102}));
}

TEST(CaseFilms, AFilmLargerThanTheBudgetStaysAlone) {
  CaseFilms films(250);
  decode(films, 1, 100);
  decode(films, 2, 900);
  EXPECT_EQ(films.make_room(*films.find(2), kNothing), (std::vector<std::uint32_t>{101}));
  EXPECT_EQ(films.decoded_bytes(), 900u);
}

TEST(CaseFilms, OneThatIsNotThereIsNotFound) {
  CaseFilms films;
  films.add(1, "film");
  films.remove(1);
  EXPECT_EQ(films.find(1), nullptr);
}

}  // namespace
}  // namespace chestlight
