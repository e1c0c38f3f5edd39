// Which reason comes first, and which gives way.
#include "findings/specific_reasons.h"

#include <gtest/gtest.h>

#include <string>

namespace chestlight {
namespace {

Reason warn(const char* id) { return {id, Severity::kWarn, "Found; do."}; }
Reason refuse(const char* id) { return {id, Severity::kRefuse, "Found; do."}; }

std::string ids(const std::vector<Reason>& reasons) {
  std::string all;
  for (const Reason& reason : reasons)
    all += std::string(all.empty() ? "" : " ") + (reason.refuses() ? "refuse:" : "warn:") + reason.id;
  return all;
}

struct Row {
  const char* origin;
  std::vector<Reason> reasons;
  double border;
  const char* expected;
};

TEST(SpecificReasons, ComeFirst) {
  const Row rows[] = {
      {"nothing", {}, 0.5, ""},
      {"no general reason: all stays", {warn("clipped"), warn("inverted")}, 0.5, "warn:clipped warn:inverted"},
      {"a photograph", {refuse("not-a-radiograph")}, 0, "refuse:not-a-radiograph"},
      {"an inverted film is no photograph", {refuse("not-a-radiograph"), warn("inverted")}, 0, "refuse:inverted"},
      {"a turned film is no other part of the body",
       {warn("small"), refuse("other-body-part"), warn("rotated")},
       0,
       "refuse:rotated warn:small"},
      {"turned by the file's account", {warn("turned"), refuse("other-body-part")}, 0, "refuse:turned"},
      {"a wrongly windowed film", {warn("clipped"), refuse("not-a-radiograph")}, 0, "refuse:clipped refuse:not-a-radiograph"},
      {"a bordered film", {refuse("not-a-radiograph")}, 0.3, "refuse:bordered refuse:not-a-radiograph"},
      {"a narrow border", {refuse("not-a-radiograph")}, 0.1, "refuse:not-a-radiograph"},
      {"a warning of the file is no general refusal",
       {warn("other-body-part"), warn("inverted")},
       0.3,
       "warn:other-body-part warn:inverted"},
  };
  for (const Row& row : rows) {
    const auto reasons = most_specific_first(row.reasons, row.border);
    EXPECT_EQ(ids(reasons), row.expected) << row.origin;
    for (const auto& reason : reasons) EXPECT_EQ(reason.text.back(), '.') << row.origin;
  }
}

TEST(SpecificReasons, ABorderIsWhatIsOfOneGrey) {
  Film film;
  film.pixels = Grid<std::uint16_t>(100, 100, 0);
  for (int y = 10; y < 90; ++y)
    for (int x = 10; x < 90; ++x) film.pixels(x, y) = static_cast<std::uint16_t>(50 + (x * 31 + y * 17) % 200);
  EXPECT_NEAR(border_share(film), 0.36, 1e-9);
}

}  // namespace
}  // namespace chestlight
