#include "engine/drift_request.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <string>

#include "base/text.h"
#include "contract/json_fields.h"
#include "metrics/drift.h"
#include "metrics/multiple_tests.h"

namespace chestlight {
namespace {

constexpr std::size_t kFewest = 20;             // films, below which quantiles and distances say nothing
constexpr double kLevel = 0.05;                 // of the tests, all findings together
constexpr double kSome = 0.1, kShifted = 0.25;  // of the stability index, by custom
constexpr double kUsual = 0.99;                 // share of the reference's films that are not unlike the rest

/// Rows of float32, one a film.
struct Rows {
  std::size_t films = 0, columns = 0;
  std::vector<float> values;

  std::vector<double> column(std::size_t index) const {
    std::vector<double> found(films);
    for (std::size_t film = 0; film < films; ++film) found[film] = values[film * columns + index];
    return found;
  }
  std::span<const float> row(std::size_t film) const { return std::span(values).subspan(film * columns, columns); }
};

Result<Rows> rows_of(const std::vector<std::uint8_t>& blob, std::size_t films, const char* what) {
  const std::size_t count = blob.size() / sizeof(float);
  if (films == 0 || count == 0 || count % films != 0 || blob.size() % sizeof(float) != 0)
    return Error{ErrorCode::kInvalidRequest, text(what, ": ", blob.size(), " bytes are not rows of ", films, " films."), ""};
  Rows rows{films, count / films, std::vector<float>(count)};
  std::memcpy(rows.values.data(), blob.data(), blob.size());
  if (!std::ranges::all_of(rows.values, [](float value) { return std::isfinite(value); }))
    return Error{ErrorCode::kInvalidRequest, text(what, ": a value is no finite number."), ""};
  return rows;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

const char* verdict_of(const Drift& drift, bool differs) {
  if (!differs || drift.stability_index < kSome) return "stable";
  return drift.stability_index <= kShifted ? "some" : "shifted";
}

/// Distances of films from the reference's means, in its standard deviations.
class Distance {
 public:
  explicit Distance(const Rows& reference) : mean_(reference.columns), deviation_(reference.columns) {
    for (std::size_t column = 0; column < reference.columns; ++column) {
      const std::vector<double> values = reference.column(column);
      mean_[column] = mean_of(values);
      double squares = 0;
      for (double value : values) squares += (value - mean_[column]) * (value - mean_[column]);
      deviation_[column] = std::max(std::sqrt(squares / static_cast<double>(values.size())), 1e-6);
    }
  }

  double of(std::span<const float> row) const {
    double squares = 0;
    for (std::size_t column = 0; column < row.size(); ++column) {
      const double z = (row[column] - mean_[column]) / deviation_[column];
      squares += z * z;
    }
    return std::sqrt(squares / static_cast<double>(row.size()));
  }

 private:
  std::vector<double> mean_, deviation_;
};

Json unlike_json(const Rows& reference, const Rows& batch, const std::vector<std::string>& files) {
  const Distance distance(reference);
  std::vector<double> usual(reference.films);
  for (std::size_t film = 0; film < reference.films; ++film) usual[film] = distance.of(reference.row(film));
  std::ranges::sort(usual);
  std::vector<std::pair<double, std::size_t>> far;
  for (std::size_t film = 0; film < batch.films; ++film) far.emplace_back(distance.of(batch.row(film)), film);
  std::ranges::sort(far, std::greater{});
  Json unlike = Json::array();
  for (const auto& [away, film] : far) {
    const auto below = static_cast<double>(std::ranges::lower_bound(usual, away) - usual.begin());
    const double share = 1 - below / static_cast<double>(usual.size());
    if (share > 1 - kUsual) break;
    unlike.push_back({{"file", files[film]}, {"distance", away}, {"share", share}});
  }
  return unlike;
}

Result<double> share_differing(const Rows& reference, const Rows& batch) {
  std::size_t differing = 0;
  for (std::size_t column = 0; column < reference.columns; ++column) {
    CHESTLIGHT_TRY(const Drift drift, compare_batches(reference.column(column), batch.column(column)));
    if (drift.p < kLevel) ++differing;
  }
  return static_cast<double>(differing) / static_cast<double>(reference.columns);
}

}  // namespace

Result<Json> drift_request(const JsonReader& args, std::span<const std::vector<std::uint8_t>> blobs) {
  if (blobs.size() != 4) return args.error(text("expected 4 buffers, found ", blobs.size()));
  std::vector<std::string> findings, reference_files, batch_files;
  CHESTLIGHT_CHECK(contract::take_field(args, "findings", findings));
  CHESTLIGHT_CHECK(contract::take_field(args, "reference", reference_files));
  CHESTLIGHT_CHECK(contract::take_field(args, "batch", batch_files));
  const std::size_t fewest = std::min(reference_files.size(), batch_files.size());
  if (fewest < kFewest)
    return Error{ErrorCode::kUnavailable, text("A batch has ", fewest, " films that could be analysed."),
                 text("Two batches can be compared from ", kFewest, " films each on; some hundred tell more.")};
  CHESTLIGHT_TRY(const Rows reference, rows_of(blobs[0], reference_files.size(), "scores of the reference"));
  CHESTLIGHT_TRY(const Rows batch, rows_of(blobs[1], batch_files.size(), "scores of the batch"));
  CHESTLIGHT_TRY(const Rows reference_features, rows_of(blobs[2], reference_files.size(), "features of the reference"));
  CHESTLIGHT_TRY(const Rows batch_features, rows_of(blobs[3], batch_files.size(), "features of the batch"));
  if (reference.columns != findings.size() || batch.columns != findings.size() ||
      reference_features.columns != batch_features.columns)
    return args.error(text("findings: expected scores of ", findings.size(), " findings for each film of both batches"));

  std::vector<Drift> drifts;
  std::vector<double> p;
  for (std::size_t f = 0; f < findings.size(); ++f) {
    CHESTLIGHT_TRY(const Drift drift, compare_batches(reference.column(f), batch.column(f)));
    drifts.push_back(drift);
    p.push_back(drift.p);
  }
  const std::vector<bool> differs = holm(p, kLevel);
  Json rows = Json::array();
  for (std::size_t f = 0; f < findings.size(); ++f)
    rows.push_back({{"id", findings[f]},
                    {"stability_index", drifts[f].stability_index},
                    {"largest_gap", drifts[f].largest_gap},
                    {"p", drifts[f].p},
                    {"verdict", verdict_of(drifts[f], differs[f])},
                    {"reference_mean", mean_of(reference.column(f))},
                    {"batch_mean", mean_of(batch.column(f))}});
  CHESTLIGHT_TRY(const double differing, share_differing(reference_features, batch_features));
  return Json{{"films", {{"reference", reference.films}, {"batch", batch.films}}},
              {"findings", rows},
              {"features", {{"share_differing", differing}}},
              {"unlike", unlike_json(reference_features, batch_features, batch_files)}};
}

}  // namespace chestlight
