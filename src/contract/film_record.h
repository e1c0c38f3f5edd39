// What is exported of a film: one record per file, whatever became of it. The page and the command line write the same ones
// (study/export.h). It names no patient unless that was asked for.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "contract/analysis.h"
#include "contract/anatomy.h"
#include "contract/failure.h"
#include "contract/reading.h"

namespace chestlight::contract {

struct FindingRecord {
  std::string id{};
  double logit{0};
  double probability{0};
  double calibrated{0};
  double threshold{0};
  FindingState state{FindingState::kBelow};
  std::optional<double> own_threshold;    // calibrated: one that the reader tries, beside the threshold in use
  std::optional<FindingState> own_state;  // against that
  Zone zone = Zone::kNotAssessed;         // these as a Finding has them
  std::string zone_reason = "";
  std::optional<double> percentile;
  std::optional<double> rule_out;
  std::optional<double> rule_in;
  std::optional<double> likelihood_ratio;
  std::string place = "";
  std::string reading = "";
  std::optional<EvidenceShares> evidence;
  bool possible_shortcut = false;
  std::optional<double> calibrated_low;   // over small changes of the picture; nothing: that was not checked
  std::optional<double> calibrated_high;  // so of these two
  std::optional<bool> zone_flips;         // the zone is not the same in all
  std::string stability = "";             // the same in a sentence
  std::optional<Opinion> verdict;         // the reader's; nothing: none was given
  std::string verdict_note = "";
};

/// ok: the file was read. A film that was read and is not fit for the network is ok, has no findings, and says why in `error`,
/// with the code "not-analysed".
struct FilmRecord {
  std::string file{};  // as it was given
  bool ok{false};
  std::optional<Failure> error;
  std::string sha256 = "";  // of the file; empty: it was not read
  bool synthetic = false;   // known to be computer-generated, of no patient
  std::optional<ModelId> model;
  std::optional<std::string> decoder;          // "chestlight" or "browser"; nothing: the file was not read
  std::optional<std::string> backend;          // what ran the network: "wasm", "webgpu", …
  std::optional<std::string> operating_point;  // its id
  std::optional<std::string> operating_point_name;
  std::string site_profile = "";       // whose zones are told, and maybe whose thresholds; empty: the model's own
  std::optional<std::string> summary;  // the zones in a sentence
  std::vector<FindingRecord> findings = {};
  std::optional<InputRecord> input;
  bool overridden = false;                 // analysed because a reader asked for it, although a reason refuses the film
  std::vector<std::string> refusals = {};  // ids of the reasons that refuse it
  std::vector<std::string> warnings = {};  // ids of those that only make its scores doubtful
  std::vector<Reason> reasons = {};        // both, in sentences
  std::vector<MeasurementRecord> measurements = {};
  bool read = false;         // by a reader, who said so
  std::string copy_of = "";  // the file before it with the same bytes, whose results these are
  std::optional<double> evidence_residual;
  std::optional<AnatomyReport> anatomy;        // nothing where it was not looked for, or could not be
  std::optional<double> cardiothoracic_ratio;  // the reader's, where the lines were moved; else as measured
  std::optional<MovedLines> moved_lines;       // of that ratio, by the reader
  std::string date = "";                       // of the export, ISO 8601
  std::string app = "";                        // what made it: "Chestlight 0.1.0"
  std::string notice = "";
  std::map<std::string, std::string> identifiers = {};  // who the film is about; empty unless that was asked for
};

}  // namespace chestlight::contract
