// See own_models.h.
#include "viewer/state/own_models.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "findings/zone_statement.h"
#include "viewer/state/state.h"
#include "viewer/text/formatting.h"

namespace chestlight::viewer {
namespace {

bool same_numbers(const std::vector<double>& numbers, const std::vector<double>& wanted) {
  if (numbers.empty()) return false;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const double expected = wanted[std::min(i, wanted.size() - 1)];
    if (std::abs(numbers[i] - expected) > 1e-5 * std::max(1.0, std::abs(expected))) return false;
  }
  return true;
}

/// Letters alone, in lower case: "Pleural_Thickening" and "Pleural thickening" are the same.
std::string bare(const std::string& name) {
  std::string letters;
  for (char c : name) {
    if (c >= 'A' && c <= 'Z') letters += static_cast<char>(c - 'A' + 'a');
    else if (c >= 'a' && c <= 'z') letters += c;
  }
  return letters;
}

bool assessed(const Finding& finding) { return finding.zone != Zone::kNotAssessed; }

}  // namespace

void import_progressed(State& state, const contract::ImportProgressed& progress) {
  const auto& before = state.own.importing;
  const bool cancelling = before && before->name == progress.name && before->cancelling;
  state.own.importing = OwnModels::Import{progress.name, progress.step, progress.done, progress.total, cancelling};
}

void model_imported(State& state, const contract::ModelImported& imported) {
  state.own.importing.reset();
  state.own.selected = imported.model.id;
  state.own.assumptions = imported.assumptions;
  state.own.note = imported.note;
  state.notice = text("Added ", imported.model.name, ".");
  state.popup = Popup::kModels;
}

void import_failed(State& state, const contract::ImportFailed& failed) {
  constexpr std::size_t kMostShown = 5;
  state.own.importing.reset();
  state.notice = text(failed.name, ": ", failed.error.message);
  if (failed.error.code == "cancelled") return;
  state.own.failed.push_front({failed.name, failed.error});
  if (state.own.failed.size() > kMostShown) state.own.failed.pop_back();
  state.popup = Popup::kModels;
}

std::vector<ModelChoice> all_models(const State& state) {
  std::vector<ModelChoice> all = state.models;
  all.insert(all.end(), state.own.list.begin(), state.own.list.end());
  return all;
}

std::optional<ModelChoice> find_model(const State& state, const std::string& id) {
  for (const ModelChoice& model : all_models(state))
    if (model.id == id) return model;
  return std::nullopt;
}

bool is_in_use(const State& state, const ModelChoice& model) {
  if (state.model.id.empty()) return false;
  if (is_own(model)) return model.sha256 == state.model.sha256;
  return model.id == state.model.id && (model.sha256.empty() || model.sha256 == state.model.sha256);
}

std::string model_in_use(const State& state) {
  for (const ModelChoice& model : all_models(state))
    if (is_in_use(state, model)) return model.id;
  return "";
}

std::optional<ModelChoice> model_of_form(const State& state) {
  for (const ModelChoice& model : state.own.list)
    if (is_in_use(state, model)) return model;
  return std::nullopt;
}

const std::vector<NamedScaling>& named_scalings() {
  static const std::vector<NamedScaling> all = {
      {"ImageNet", "Mean and deviation of ImageNet's photographs.", {0.485, 0.456, 0.406}, {0.229, 0.224, 0.225}},
      {"Chest films", "Mean 0.5056 and deviation 0.252.", {0.5056}, {0.252}},
      {"0 to 1", "Black is 0, white is 1.", {0}, {1}},
      {"-1 to 1", "Black is -1, white is 1.", {0.5}, {0.5}},
      {"0 to 255", "Black is 0, white is 255.", {0}, {1.0 / 255}},
      {"-1024 to 1024", "Black is -1024, white is 1024.", {0.5}, {1.0 / 2048}},
  };
  return all;
}

int scaling_in_use(const ModelInputSize& input) {
  const auto& all = named_scalings();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (same_numbers(input.mean, all[i].mean) && same_numbers(input.deviation, all[i].deviation)) return static_cast<int>(i);
  return -1;
}

bool is_compared_with(const State& state, const contract::ModelId& model) {
  const std::string& beside = state.own.beside;
  return !beside.empty() && (beside == model.id || beside == "own:" + model.sha256);
}

const Finding* beside_finding(const FilmEntry& film, const Finding& finding) {
  if (!film.beside) return nullptr;
  for (const Finding& other : film.beside->findings)
    if (bare(other.id) == bare(finding.id) || bare(other.name) == bare(finding.name)) return &other;
  return nullptr;
}

bool disagrees(const Finding& finding, const Finding& other) {
  return assessed(finding) && assessed(other) && finding.zone != other.zone;
}

std::string comparison_in_words(const State& state, const FilmEntry& film, const Finding& finding) {
  if (state.own.beside.empty()) return "";
  const std::string& name = state.own.beside_name;
  if (!film.beside) return text(name, " has not scored this film.");
  const Finding* other = beside_finding(film, finding);
  if (!other) return text(name, " has no finding of this name.");
  const std::string score = text(name, " scores ", score_in_figures(other->calibrated), ".");
  if (!assessed(finding) || !assessed(*other))
    return text(score, " Their zones cannot be compared: nothing is known of one's score.");
  if (finding.zone == other->zone) return text(score, " Both models: ", zone_in_words(finding.zone), ".");
  return text(score, " They disagree: ", zone_in_words(finding.zone), " here, ", zone_in_words(other->zone), " by ", name, ".");
}

std::string comparison_summary(const State& state, const FilmEntry& film) {
  if (state.own.beside.empty() || !film.analysis || film.analysis->findings.empty()) return "";
  const std::string with = "Compared with " + state.own.beside_name;
  if (!film.beside) return with + ", which has not scored this film.";
  int shared = 0, comparable = 0, apart = 0;
  std::string names;
  for (const Finding& finding : film.analysis->findings) {
    const Finding* other = beside_finding(film, finding);
    if (!other) continue;
    ++shared;
    comparable += assessed(finding) && assessed(*other);
    if (!disagrees(finding, *other)) continue;
    names += text(names.empty() ? "" : ", ", finding.name);
    ++apart;
  }
  if (shared == 0) return with + ", which has no finding of the same name.";
  if (comparable == 0) return text(with, ": zones cannot be compared, because nothing is known of one model's scores.");
  if (apart == 0) return text(with, ": the same zone for all ", comparable, " findings that both assess.");
  return text(with, ": another zone for ", apart, " of ", comparable, " findings that both assess (", names, ").");
}

std::string import_in_words(const State& state) {
  if (!state.own.importing) return "";
  const OwnModels::Import& import = *state.own.importing;
  if (import.cancelling) return "Cancelling";
  if (import.step == "rebuilding") return "Rebuilding the network of " + import.name;
  if (import.step == "keeping") return "Keeping " + import.name + " on this device";
  return text("Reading ", import.name, ": ", bytes_in_words(import.done), " of ", bytes_in_words(import.total));
}

}  // namespace chestlight::viewer
