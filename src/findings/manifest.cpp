#include "findings/manifest.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/json.h"
#include "base/sha256.h"
#include "base/text.h"
#include "findings/evaluation_json.h"
#include "findings/feature_heads_json.h"
#include "findings/manifest_fields.h"

namespace chestlight {

namespace {

constexpr std::size_t kManifestBytes = 1 << 20;
constexpr std::size_t kOperatingPoints = 16;
constexpr long long kFileBytes = 1ll << 30;
constexpr long long kSideMin = 32, kSideMax = 1024;

constexpr char kCheckHint[] = "Correct manifest.json, or download the model again.";

Result<std::vector<float>> read_channels(const JsonReader& at, std::string_view key, int channels, bool positive) {
  CHESTLIGHT_TRY(std::vector<JsonReader> items, at.items(key));
  CHESTLIGHT_TRY(JsonReader list, at.member(key));
  if (items.size() != static_cast<std::size_t>(channels))
    return complaint(list, text("one number for each of ", channels, " channels"), text(items.size()));
  std::vector<float> values;
  for (const JsonReader& item : items) {
    if (!item.json().is_number()) return complaint(item, "a number", item.json().type_name());
    values.push_back(static_cast<float>(item.json().get<double>()));
    if (!std::isfinite(values.back())) return complaint(item, "a finite number", "another");
    if (positive && !(values.back() > 0)) return complaint(item, "a number above 0", text(values.back()));
  }
  return values;
}

Result<std::vector<ManifestFile>> read_files(const JsonReader& root) {
  CHESTLIGHT_TRY(JsonReader files, root.member("files"));
  if (!files.json().is_object()) return complaint(files, "an object", files.json().type_name());
  if (files.json().size() > kListLength)
    return complaint(files, text("at most ", kListLength, " files"), text(files.json().size()));
  std::vector<ManifestFile> read;
  for (const auto& [name, unused] : files.json().items()) {
    bool plain = !name.empty() && name.size() <= 128 && name.front() != '.' && name.find_first_of("/\\:") == std::string::npos;
    if (!plain) return complaint(files, "file names without a path", in_quotes(name));
    CHESTLIGHT_TRY(JsonReader file, files.member(name));
    ManifestFile entry{name};
    CHESTLIGHT_TRY(entry.sha256, file.string("sha256"));
    if (entry.sha256.size() != 64 || entry.sha256.find_first_not_of("0123456789abcdef") != std::string::npos) {
      CHESTLIGHT_TRY(JsonReader digest, file.member("sha256"));
      return complaint(digest, "64 lower-case hexadecimal digits", in_quotes(entry.sha256));
    }
    CHESTLIGHT_TRY(long long bytes, read_integer(file, "bytes", 1, kFileBytes));
    entry.bytes = static_cast<std::uint64_t>(bytes);
    read.push_back(std::move(entry));
  }
  return read;
}

Result<void> read_architecture(const JsonReader& root, Manifest& manifest) {
  CHESTLIGHT_TRY(JsonReader architecture, root.member("architecture"));
  CHESTLIGHT_TRY(manifest.family, read_id(architecture, "family", false, "_-"));
  CHESTLIGHT_TRY(JsonReader files, root.member("files"));
  if (!manifest.find_file(manifest.network_file()))
    return complaint(files, in_quotes(manifest.network_file()), "no file of that name");
  if (!manifest.is_finished_graph()) return {};
  if (architecture.has("scores_only")) {
    CHESTLIGHT_TRY(manifest.scores_only, architecture.boolean("scores_only"));
    if (manifest.scores_only) return {};
  }
  manifest.head_weight = "classifier.weight", manifest.head_bias = "classifier.bias";
  if (!architecture.has("head")) return {};
  CHESTLIGHT_TRY(JsonReader head, architecture.member("head"));
  CHESTLIGHT_TRY(manifest.head_weight, read_text(head, "weight"));
  CHESTLIGHT_TRY(manifest.head_bias, read_text(head, "bias"));
  return {};
}

Result<InputSpec> read_input(const JsonReader& root) {
  static constexpr std::pair<const char*, Fit> kFits[] = {
      {"centre-square-crop", Fit::kCentreSquareCrop}, {"letterbox", Fit::kLetterbox}, {"stretch", Fit::kStretch}};
  static constexpr std::pair<const char*, Filter> kFilters[] = {
      {"lanczos3", Filter::kLanczos3}, {"area", Filter::kArea}, {"gaussian", Filter::kGaussian}, {"triangle", Filter::kTriangle}};
  CHESTLIGHT_TRY(JsonReader input, root.member("input"));
  CHESTLIGHT_TRY(long long width, read_integer(input, "width", kSideMin, kSideMax));
  CHESTLIGHT_TRY(long long height, read_integer(input, "height", kSideMin, kSideMax));
  CHESTLIGHT_TRY(long long channels, read_integer(input, "channels", 1, 3));
  if (channels == 2) {
    CHESTLIGHT_TRY(JsonReader member, input.member("channels"));
    return complaint(member, "1 or 3", "2");
  }
  InputSpec spec;
  spec.width = static_cast<int>(width);
  spec.height = static_cast<int>(height);
  spec.channels = static_cast<int>(channels);
  if (input.has("detail")) {
    CHESTLIGHT_TRY(long long detail, read_integer(input, "detail", kSideMin, width - 1));
    spec.detail = static_cast<int>(detail);
  }
  if (input.has("crop")) {
    CHESTLIGHT_TRY(spec.crop, input.number("crop"));
    CHESTLIGHT_TRY(JsonReader member, input.member("crop"));
    if (!(spec.crop > 0 && spec.crop <= 1)) return complaint(member, "a share above 0, at most 1", text(spec.crop));
  }
  CHESTLIGHT_TRY(spec.fit, read_choice(input, "fit", kFits));
  CHESTLIGHT_TRY(spec.filter, read_choice(input, "filter", kFilters));
  CHESTLIGHT_TRY(spec.mean, read_channels(input, "mean", spec.channels, false));
  CHESTLIGHT_TRY(spec.std_dev, read_channels(input, "std", spec.channels, true));
  return spec;
}

/// `films`: of the whole evaluation; 0 where there is none.
Result<std::vector<Label>> read_labels(const JsonReader& root, int films) {
  CHESTLIGHT_TRY(std::vector<JsonReader> items, root.items("labels"));
  CHESTLIGHT_TRY(JsonReader list, root.member("labels"));
  if (items.empty() || items.size() > kListLength)
    return complaint(list, text("1 to ", kListLength, " labels"), text(items.size()));
  std::vector<Label> labels;
  std::set<std::string> ids;
  for (const JsonReader& item : items) {
    Label label;
    CHESTLIGHT_TRY(label.id, read_id(item, "id", true, " _-"));
    if (!ids.insert(label.id).second) return complaint(item, "an id of its own", in_quotes(label.id) + " twice");
    CHESTLIGHT_TRY(label.name, read_text(item, "name"));
    CHESTLIGHT_TRY(label.explanation, read_text(item, "explanation"));
    CHESTLIGHT_TRY(label.calibration, read_calibration(item));
    CHESTLIGHT_TRY(label.cutoff, read_between(item, "cutoff", 0, 1));
    if (item.has("trained")) {
      CHESTLIGHT_TRY(label.trained, item.boolean("trained"));
    }
    CHESTLIGHT_TRY(label.evaluation, read_evaluation(item, films));
    labels.push_back(std::move(label));
  }
  return labels;
}

Result<std::vector<OperatingPoint>> read_operating_points(const JsonReader& root, std::size_t label_count) {
  CHESTLIGHT_TRY(std::vector<JsonReader> items, root.items("operating_points"));
  CHESTLIGHT_TRY(JsonReader list, root.member("operating_points"));
  if (items.empty() || items.size() > kOperatingPoints)
    return complaint(list, text("1 to ", kOperatingPoints, " operating points"), text(items.size()));
  std::vector<OperatingPoint> points;
  std::set<std::string> ids;
  for (const JsonReader& item : items) {
    OperatingPoint point;
    CHESTLIGHT_TRY(point.id, read_id(item, "id", false, "-"));
    if (!ids.insert(point.id).second) return complaint(item, "an id of its own", in_quotes(point.id) + " twice");
    CHESTLIGHT_TRY(point.name, read_text(item, "name"));
    CHESTLIGHT_TRY(point.explanation, read_text(item, "explanation"));
    CHESTLIGHT_TRY(point.data, read_text(item, "data"));
    CHESTLIGHT_TRY(std::vector<JsonReader> thresholds, item.items("thresholds"));
    if (thresholds.size() != label_count) {
      CHESTLIGHT_TRY(JsonReader member, item.member("thresholds"));
      return complaint(member, text("one threshold for each of ", label_count, " labels"), text(thresholds.size()));
    }
    for (const JsonReader& threshold : thresholds) {
      if (!threshold.json().is_number()) return complaint(threshold, "a number", threshold.json().type_name());
      auto value = static_cast<float>(threshold.json().get<double>());
      if (!(value > 0 && value < 1)) return complaint(threshold, "a number between 0 and 1", text(value));
      point.thresholds.push_back({value});
    }
    points.push_back(std::move(point));
  }
  return points;
}

Result<Manifest> read_manifest(const JsonReader& root) {
  CHESTLIGHT_TRY(Manifest manifest, read_network_part(root));
  CHESTLIGHT_TRY(manifest.evaluation, read_model_evaluation(root));
  const int films = manifest.evaluation ? manifest.evaluation->films : 0;
  CHESTLIGHT_TRY(manifest.labels, read_labels(root, films));
  CHESTLIGHT_TRY(manifest.operating_points, read_operating_points(root, manifest.labels.size()));
  CHESTLIGHT_TRY(std::string chosen, root.string("default_operating_point"));
  auto found = manifest.find_operating_point(chosen);
  if (!found) {
    CHESTLIGHT_TRY(JsonReader member, root.member("default_operating_point"));
    return complaint(member, "the id of one of operating_points", in_quotes(chosen));
  }
  manifest.default_operating_point = *found;
  if (root.has("feature_heads")) {
    CHESTLIGHT_TRY(JsonReader heads, root.member("feature_heads"));
    CHESTLIGHT_TRY(manifest.feature_heads, read_feature_heads(heads, films));
    if (const auto& any = manifest.feature_heads.any_finding;
        any && !any->thresholds.empty() && any->thresholds.size() != manifest.operating_points.size())
      return complaint(heads,
                       text("any_finding.thresholds: one for each of ", manifest.operating_points.size(), " operating points"),
                       text(any->thresholds.size()));
  }
  if (root.has("golden")) {
    CHESTLIGHT_TRY(manifest.golden, read_text(root, "golden"));
  }
  return manifest;
}

}  // namespace

Result<Manifest> read_network_part(const JsonReader& root) {
  CHESTLIGHT_TRY(long long schema, root.integer("schema_version"));
  if (schema != 1) {
    CHESTLIGHT_TRY(JsonReader member, root.member("schema_version"));
    return complaint(member, "1", text(schema));
  }
  Manifest manifest;
  CHESTLIGHT_TRY(manifest.id, read_id(root, "id", false, "._-"));
  CHESTLIGHT_TRY(manifest.name, read_text(root, "name"));
  CHESTLIGHT_TRY(manifest.version, read_text(root, "version"));
  CHESTLIGHT_TRY(manifest.licence, read_text(root, "licence"));
  CHESTLIGHT_TRY(manifest.sources, read_texts(root, "sources"));
  if (manifest.sources.empty()) {
    CHESTLIGHT_TRY(JsonReader member, root.member("sources"));
    return complaint(member, "at least one source", "none");
  }
  CHESTLIGHT_TRY(manifest.files, read_files(root));
  CHESTLIGHT_CHECK(read_architecture(root, manifest));
  CHESTLIGHT_TRY(manifest.input, read_input(root));
  CHESTLIGHT_TRY(manifest.limits, read_texts(root, "limits"));
  CHESTLIGHT_TRY(manifest.notice, read_text(root, "notice"));
  return manifest;
}

template <class Item>
static std::optional<std::size_t> index_of_id(const std::vector<Item>& items, std::string_view wanted) {
  auto found = std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.id == wanted; });
  if (found == items.end()) return std::nullopt;
  return static_cast<std::size_t>(found - items.begin());
}

std::optional<std::size_t> Manifest::find_operating_point(std::string_view wanted) const {
  return index_of_id(operating_points, wanted);
}

std::optional<std::size_t> Manifest::find_label(std::string_view wanted) const { return index_of_id(labels, wanted); }

Logit Manifest::evidence_zero(std::size_t label) const {
  float highest = 0;
  for (const OperatingPoint& point : operating_points) highest = std::max(highest, point.thresholds[label].value);
  return logit_at({highest}, labels[label].calibration);
}

const ManifestFile* Manifest::find_file(std::string_view wanted) const {
  auto found = std::find_if(files.begin(), files.end(), [&](const ManifestFile& file) { return file.name == wanted; });
  return found == files.end() ? nullptr : &*found;
}

Result<Json> parse_manifest_json(std::string_view source) {
  if (source.size() > kManifestBytes)
    return Error{ErrorCode::kTooLarge, text("manifest.json has ", source.size(), " bytes, the limit is ", kManifestBytes, "."),
                 "Check that it is the manifest and not the weights."};
  return parse_json(source, "manifest.json");
}

Error in_manifest(Error error) {
  error.message = "manifest.json: " + error.message;
  if (error.hint.empty()) error.hint = kCheckHint;
  return error;
}

Result<Manifest> parse_manifest(std::string_view source) { return parse_manifest_as<Manifest>(source, read_manifest); }

Result<void> verify_file(const Manifest& manifest, std::string_view name, Bytes bytes) {
  const ManifestFile* file = manifest.find_file(name);
  if (!file)
    return Error{ErrorCode::kMissing, text("The manifest of ", manifest.id, " names no file ", in_quotes(name), "."), kCheckHint};
  if (bytes.size() < file->bytes)
    return Error{ErrorCode::kTruncated, text(name, " has ", bytes.size(), " bytes, the manifest says ", file->bytes, "."),
                 "The download ended early: download the model again."};
  std::string expected = file->sha256, found;
  if (bytes.size() == file->bytes) {
    found = sha256_hex(bytes);
    if (found == expected) return {};
  } else {
    expected = text(file->bytes, " bytes");
    found = text(bytes.size(), " bytes");
  }
  return Error{ErrorCode::kHashMismatch,
               text(name, " is not the file of this manifest: expected ", expected, ", found ", found, "."),
               "Download the model again; if it happens again, the copy on the server is damaged or of "
               "another version."};
}

}  // namespace chestlight
