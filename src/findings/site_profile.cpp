#include "findings/site_profile.h"

#include <cmath>
#include <set>

#include "base/counted.h"
#include "base/sha256.h"
#include "base/text.h"
#include "contract/site_profile_json.h"
#include "findings/zone_statement.h"

namespace chestlight {
namespace {

constexpr std::size_t kLargestProfile = 1 << 20;
constexpr std::size_t kShownOfHash = 8;
constexpr int kProfileSchema = 1;

Error wrong_profile(std::string message) {
  return {ErrorCode::kInvalidRequest, std::move(message), "Save the profile again from an evaluation."};
}

bool is_score(double value) { return value > 0 && value < 1; }
bool is_share(double value) { return value >= 0 && value <= 1; }

Result<void> check_zone(const std::string& id, const std::optional<contract::ProfileZone>& zone) {
  if (!zone || (is_score(zone->edge) && zone->films > 0 && zone->right >= 0 && zone->right <= zone->films)) return {};
  return wrong_profile(text("The site profile has a zone of ", id, " that cannot be: an edge between 0 and 1 is expected, and ",
                            "no more films in it that are right than there are."));
}

Result<void> check_values(const contract::SiteProfile& profile) {
  if (profile.films < 1) return wrong_profile(text("The site profile is of ", profile.films, " films: 1 or more are expected."));
  for (double goal : {profile.ppv, profile.npv, profile.confidence})
    if (!is_score(goal))
      return wrong_profile(text("The site profile promises ", goal, ": a number between 0 and 1 is expected."));
  std::set<std::string> ids;
  for (const contract::ProfileFinding& finding : profile.findings) {
    if (!ids.insert(finding.id).second) return wrong_profile(text("The site profile has ", finding.id, " twice."));
    if (finding.threshold && !(is_score(finding.threshold->value) && is_share(finding.threshold->sensitivity) &&
                               is_share(finding.threshold->specificity)))
      return wrong_profile(text("The site profile has a threshold of ", finding.threshold->value, " for ", finding.id,
                                ": numbers between 0 and 1 are expected."));
    CHESTLIGHT_CHECK(check_zone(finding.id, finding.likely));
    CHESTLIGHT_CHECK(check_zone(finding.id, finding.unlikely));
    if (finding.likely && finding.unlikely && finding.likely->edge < finding.unlikely->edge)
      return wrong_profile(text("In the site profile the zones of ", finding.id, " overlap."));
  }
  return {};
}

std::string model_words(const contract::ModelId& model) {
  return text(model.id, " ", model.version, " (SHA-256 ", model.sha256.substr(0, kShownOfHash), "…)");
}

float nearest_score(double value) { return static_cast<float>(value); }

/// Films beyond the edge are in the zone, the edge itself is not; a score is likely from its limit on.
LocalZones zones_of(const contract::ProfileFinding& finding) {
  LocalZones zones;
  if (finding.likely) zones.likely_from = Calibrated{std::nextafter(nearest_score(finding.likely->edge), 2.0f)};
  if (finding.unlikely) zones.unlikely_below = Calibrated{nearest_score(finding.unlikely->edge)};
  return zones;
}

}  // namespace

Result<NamedProfile> read_site_profile(std::string_view json) {
  if (json.size() > kLargestProfile)
    return Error{ErrorCode::kTooLarge, text("A site profile of ", json.size(), " bytes is too large: the limit is 1 MiB."),
                 "Choose the file that the evaluation saved."};
  CHESTLIGHT_TRY(const Json parsed, parse_json(json, "the site profile"));
  const bool is_profile = parsed.is_object() && parsed.value("kind", Json()) == kProfileKind;
  if (!is_profile) return wrong_profile("This JSON file is no site profile.");
  if (const Json version = parsed.value("schema_version", Json()); version != kProfileSchema)
    return wrong_profile(text("The site profile has schema version ", version.dump(), ": ", kProfileSchema, " is expected."));
  NamedProfile named;
  CHESTLIGHT_CHECK(from_json(JsonReader(parsed, "site profile", ErrorCode::kInvalidRequest), named.profile));
  CHESTLIGHT_CHECK(check_values(named.profile));
  const Bytes bytes{reinterpret_cast<const std::uint8_t*>(json.data()), json.size()};
  named.name = text("Site profile ", one_line(named.profile.date, 10), " (", counted(named.profile.films, "film", "films"), ", ",
                    sha256_hex(bytes).substr(0, kShownOfHash), ")");
  return named;
}

Result<OperatingPoint> profile_operating_point(const NamedProfile& named, const Manifest& manifest, std::string_view sha256) {
  const contract::SiteProfile& profile = named.profile;
  const contract::ModelId in_use{manifest.id, std::string(sha256), manifest.version};
  if (profile.model.id != in_use.id || profile.model.version != in_use.version || profile.model.sha256 != in_use.sha256)
    return Error{ErrorCode::kUnavailable,
                 text("The site profile was made for the model ", model_words(profile.model), ", and ", model_words(in_use),
                      " is in use."),
                 "Choose that model, or evaluate this one."};
  const OperatingPoint& usual = manifest.operating_points[manifest.default_operating_point];
  OperatingPoint point{kProfilePoint, named.name,
                       text("Thresholds found on films of this site; for all others those of ", usual.name, "."),
                       text(counted(profile.films, "film", "films"), " of this site"), usual.thresholds};
  point.profile = named.name;
  point.zones.resize(manifest.labels.size());
  for (const contract::ProfileFinding& finding : profile.findings) {
    const auto label = manifest.find_label(finding.id);
    if (!label) return wrong_profile(text("The site profile speaks of ", finding.id, ", which the model has not."));
    if (finding.threshold) point.thresholds[*label] = {nearest_score(finding.threshold->value)};
    if (finding.likely || finding.unlikely) point.zones[*label] = zones_of(finding);
  }
  return point;
}

std::vector<std::string> profile_sentences(const contract::SiteProfile& profile, const Manifest& manifest) {
  std::vector<std::string> sentences;
  for (const contract::ProfileFinding& finding : profile.findings) {
    const auto label = manifest.find_label(finding.id);
    std::string words;
    const auto add = [&words](const std::string& part) { words += (words.empty() ? "" : ", ") + part; };
    if (const auto& threshold = finding.threshold)
      add(text("threshold ", score_figure({nearest_score(threshold->value)}), " (", threshold->chosen_by, ": sensitivity ",
               fixed(threshold->sensitivity, 2), ", ", fixed(threshold->sensitivity_interval[0], 2), " to ",
               fixed(threshold->sensitivity_interval[1], 2), ")"));
    if (finding.likely) add("likely above " + score_figure({nearest_score(finding.likely->edge)}));
    if (finding.unlikely) add("unlikely below " + score_figure({nearest_score(finding.unlikely->edge)}));
    if (!words.empty())
      sentences.push_back(text(label ? manifest.labels[*label].name : finding.id, ": ", words, "; of ", finding.positives,
                               " with it and ", finding.negatives, " without."));
  }
  return sentences;
}

}  // namespace chestlight
