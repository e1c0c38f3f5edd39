// The one number: this build's, in the form that exports carry.
#include "base/version.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace chestlight {
namespace {

TEST(Version, IsThreeNumbersAndStandsBehindTheName) {
  const std::string version = app_version();
  EXPECT_EQ(std::count(version.begin(), version.end(), '.'), 2) << version;
  EXPECT_EQ(version.find_first_not_of("0123456789."), std::string::npos) << version;
  EXPECT_EQ(app_name_and_version(), "Chestlight " + version);
}

}  // namespace
}  // namespace chestlight
