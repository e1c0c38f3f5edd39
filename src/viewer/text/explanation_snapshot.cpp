// See explanation_snapshot.h.
#include "viewer/text/explanation_snapshot.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "contract/failure_json.h"
#include "viewer/state/choices_json.h"
#include "viewer/state/explanations.h"

namespace chestlight::viewer {
namespace {

std::string name_of(const State& state, const std::string& method) {
  const MethodInfo* found = find_method(state, method);
  return found ? found->name : method;
}

Json work_json(const Work& work, const std::string& what) {
  Json json = {{"status", to_json(work.stage)}, {"done", work.done}, {"total", work.total}};
  if (Failure failure = missing_map(work, what); !failure.message.empty()) json["error"] = to_json(failure);
  return json;
}

void add_explanation(Json& json, const DrawnExplanation& explanation) {
  json["sentence"] = explanation.sentence;
  json["regions"] = regions_in_words(explanation.boxes, explanation.area, explanation.facts.cutoff);
  json["area"] = explanation.area;
  json["boxes"] = explanation.boxes;
  json["notes"] = explanation.notes;
  json["unit"] = explanation.facts.unit;
  json["signed"] = explanation.facts.sign == MapSign::kSigned;
  json["cutoff"] = explanation.facts.cutoff;
  json["size"] = {explanation.map.width(), explanation.map.height()};
  json["scale"] = drawing_of(explanation.facts, {}).scale;
  Json measures = Json::array();
  for (const auto& measure : explanation.measures) {
    auto [name, words] = measure_in_words(measure);
    measures.push_back({{"name", name}, {"value", measure.second}, {"text", words}});
  }
  json["measures"] = std::move(measures);
}

Json trust_json(const TrustReport& trust) {
  Json checks = Json::array();
  for (const TrustCheck& check : trust.checks)
    checks.push_back({{"name", check.name}, {"verdict", verdict_in_words(check.verdict)}, {"text", check.text}});
  return {{"line", trust.line}, {"checks", std::move(checks)}};
}

}  // namespace

Json methods_json(const State& state) {
  const Finding* finding = pinned_finding(state);
  const std::string chosen = finding ? chosen_method(*selected_film(state), finding->id).method : "";
  Json list = Json::array();
  for (const MethodInfo& method : state.methods)
    list.push_back({{"id", method.id},
                    {"name", method.name},
                    {"explanation", method.explanation},
                    {"requests", method.requests},
                    {"cost", cost_in_words(method)},
                    {"unavailable", method.unavailable},
                    {"layers", method.layers},
                    {"chosen", method.id == chosen}});
  return list;
}

Json explanation_json(const State& state) {
  const Finding* finding = pinned_finding(state);
  if (!finding) return nullptr;
  const FilmEntry& film = *selected_film(state);
  const MethodChoice choice = chosen_method(film, finding->id);
  const ExplanationEntry* entry = chosen_entry(film, finding->id);
  const std::string name = name_of(state, choice.method);
  Json json = {{"finding", finding->id}, {"method", choice.method},
               {"name", name},           {"layer", choice.layer},
               {"status", "known"},      {"drawn", entry && entry->explanation ? choice.method : kEvidenceMethod}};
  if (choice.method == kEvidenceMethod) {
    json["sentence"] = finding->where;
    json["cutoff"] = finding->cutoff;
    json["area"] = finding->area;
    json["boxes"] = finding->boxes;
    if (!finding->boxes.empty()) json["regions"] = regions_in_words(finding->boxes, finding->area, finding->cutoff);
  }
  if (entry && entry->work.request) json.update(work_json(entry->work, name));
  if (Progress p = explanation_progress(state); p.busy) json["progress"] = p.text;
  if (entry && entry->explanation) add_explanation(json, *entry->explanation);
  if (entry && entry->check) json["check"] = work_json(*entry->check, "The check");
  if (entry && entry->trust) json["trust"] = trust_json(*entry->trust);
  return json;
}

Progress explanation_progress(const State& state) {
  Progress p;
  std::optional<RunningWork> running = running_work(state);
  if (!running) return p;
  const Work& work = *running->work;
  const Finding* finding = find_finding(*running->film, running->key->finding);
  p.busy = p.can_cancel = true;
  p.text = text(running->is_check ? "Checking " : "", name_of(state, running->key->choice.method), " of ",
                finding ? finding->name : running->key->finding);
  if (work.loading_graph) {
    p.text += ": building another network";
  } else if (work.total > 0) {
    p.text += text(": step ", work.done, " of ", work.total);
    p.fraction = static_cast<double>(work.done) / work.total;
    const double spent = state.now - work.since;
    const int steps = work.done - work.done_since;
    if (spent > 1 && steps > 0 && work.done < work.total)
      p.text += ", " + seconds_in_words(spent * (work.total - work.done) / steps) + " left";
  } else {
    p.text += ": waiting";
  }
  return p;
}

std::string regions_in_words(const std::vector<std::array<double, 4>>& boxes, double area, double cutoff) {
  const std::size_t count = boxes.size();
  if (count == 0) return "No region";
  return text(count, count == 1 ? " region, " : " regions, ", fixed(area * 100, area < 0.1 ? 1 : 0),
              " % of what the model saw, at ", fixed(cutoff * 100, 0), " % of the highest value");
}

std::pair<std::string, std::string> measure_in_words(const std::pair<std::string, double>& measure) {
  std::string name = measure.first;
  std::replace(name.begin(), name.end(), '_', ' ');
  std::replace(name.begin(), name.end(), '-', ' ');
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
  const double value = measure.second, size = std::abs(value);
  if (size == 0 || (size >= 0.001 && size < 1e5)) return {name, fixed(value, size == std::floor(size) ? 0 : 3)};
  const int exponent = static_cast<int>(std::floor(std::log10(size)));
  return {name, text(fixed(value / std::pow(10.0, exponent), 1), "e", exponent)};
}

std::string layer_in_words(const std::string& layer) {
  if (layer.starts_with("block")) return "block " + layer.substr(5);
  if (layer == "fused") return "all blocks together";
  if (layer == "features") return "the last features";
  return layer;
}

std::string cost_in_words(const MethodInfo& method) {
  std::string runs = method.requests <= 1 ? "One run of the network" : text(method.requests, " runs of the network");
  if (method.id == kEvidenceMethod) return "Already there";
  return method.needs_reverse ? runs + ", with gradients" : runs;
}

std::string verdict_in_words(const std::string& verdict) {
  if (verdict == "passed") return "Passed";
  if (verdict == "doubtful") return "Doubtful";
  if (verdict == "failed") return "Failed";
  if (verdict == "not-run") return "Not run";
  return verdict;
}

Failure missing_map(const Work& work, const std::string& what) {
  if (work.stage == WorkStage::kCancelled) return {"cancelled", what + " was cancelled.", "Choose it again to run it."};
  if (work.stage == WorkStage::kFailed && work.failure) return *work.failure;
  return {};
}

}  // namespace chestlight::viewer
