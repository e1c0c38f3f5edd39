// One finding of one film explained by one method, and whether that map deserves trust.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "contract/analysis.h"

namespace chestlight::contract {

struct ExplainedFinding {
  std::string id{};
  std::string name{};
  double logit{0};
  double calibrated{0};
  double threshold{0};
  FindingState state{FindingState::kBelow};
};

/// Of a film that the gate refused: analysed (false), reasons, the two after them, method, model and notice only.
struct Explanation {
  bool analysed{false};
  std::vector<Reason> reasons = {};
  bool may_be_overridden = false;
  bool overridden = false;
  std::string method = "";
  std::optional<std::string> layer;  // of methods that look into the network
  std::optional<ExplainedFinding> finding;
  std::string operating_point = "";
  int width = 0;  // cells of the map
  int height = 0;
  bool spread = false;     // a second map of the same size follows: the standard deviation
  bool is_signed = false;  // @name signed
  std::string unit = "";
  double cutoff = 0.5;
  std::optional<MapPlace> geometry;
  std::string sentence = "";
  double area = 0;
  std::vector<Box> boxes = {};
  std::vector<std::string> notes = {};
  std::map<std::string, double> measures = {};
  ModelId model = {};
  std::string notice = "";
  std::vector<float> map = {};  // @buffer height × width, then the spread
};

struct TrustCheck {
  std::string id{};
  std::string name{};
  std::string verdict{};  // "passed", "doubtful", "failed", "not-run"
  std::string text{};     // what was done and found, in a sentence or two
  std::map<std::string, std::vector<double>> values = {};
};

struct TrustReport {
  std::string line{};  // one sentence
  std::vector<TrustCheck> checks = {};
};

}  // namespace chestlight::contract
