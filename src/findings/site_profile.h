// A site profile (contract/site_profile.h) read, held against the model in use, and as what analyses take: an operating point
// whose zones are the site's.
//
// A zone that was not proved on the site's films keeps the model's own limit. What is used of a profile is fixed by its file,
// whose hash is part of its name.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "contract/site_profile.h"
#include "findings/manifest.h"

namespace chestlight {

inline constexpr char kProfileKind[] = "chestlight-site-profile";
inline constexpr char kProfilePoint[] = "site";  // id of its operating point

struct NamedProfile {
  contract::SiteProfile profile;
  std::string name;  // as of contract::ProfileInUse
};

/// Errors: "corrupt" (no JSON), "too-large" (over 1 MiB), "invalid-request" (no site profile, of a later schema, or with a value
/// that cannot be: its place, what was expected and found).
Result<NamedProfile> read_site_profile(std::string_view json);

/// Of this model, whose network has this SHA-256. Errors: "unavailable" (it was made for another model: which, and which is in
/// use).
Result<OperatingPoint> profile_operating_point(const NamedProfile& profile, const Manifest& manifest, std::string_view sha256);

/// Of each finding that it says something of: "Effusion: threshold 0.31 (largest sum …), likely above 0.62, unlikely below 0.08."
std::vector<std::string> profile_sentences(const contract::SiteProfile& profile, const Manifest& manifest);

}  // namespace chestlight
