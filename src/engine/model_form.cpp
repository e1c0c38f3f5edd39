#include "engine/model_form.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <optional>

#include "base/sha256.h"
#include "base/text.h"
#include "findings/finding_words.h"
#include "findings/manifest.h"

namespace chestlight {
namespace {

constexpr std::size_t kMostText = 1 << 20;  // bytes
constexpr std::size_t kMostLabels = 64;     // as manifests have it

Error unfit_form(std::string message, std::string hint) {
  return {ErrorCode::kInvalidRequest, std::move(message), std::move(hint)};
}

std::string_view trimmed(std::string_view words) {
  constexpr std::string_view kBlank = " \t\r\n\"'";
  const std::size_t first = words.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return words.substr(first, words.find_last_not_of(kBlank) - first + 1);
}

/// Without the number, dash or bullet that lists put before a line.
std::string_view without_mark(std::string_view line) {
  line = trimmed(line);
  std::size_t digits = 0;
  while (digits < line.size() && line[digits] >= '0' && line[digits] <= '9') ++digits;
  if (digits > 0 && digits < line.size() && std::string_view(".):\t ,").find(line[digits]) != std::string_view::npos)
    return trimmed(line.substr(digits + 1));
  if (line.starts_with("- ") || line.starts_with("* ")) return trimmed(line.substr(2));
  return line;
}

std::vector<std::string> labels_of_lines(std::string_view words) {
  const char between = words.find('\n') != std::string_view::npos ? '\n' : ',';
  std::vector<std::string> labels;
  for (std::size_t begin = 0; begin <= words.size();) {
    const std::size_t end = std::min(words.find(between, begin), words.size());
    std::string_view label = without_mark(words.substr(begin, end - begin));
    while (label.ends_with(',') || label.ends_with(';')) label = trimmed(label.substr(0, label.size() - 1));
    if (!label.empty()) labels.emplace_back(label);
    begin = end + 1;
  }
  return labels;
}

std::vector<std::string> texts_of(const Json& json) {
  std::vector<std::string> texts;
  for (const Json& item : json) {
    if (!item.is_string()) return {};
    texts.push_back(item.get<std::string>());
  }
  return texts;
}

std::optional<long long> whole_number(std::string_view words) {
  if (words.empty() || words.size() > 4 || words.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  return std::stoll(std::string(words));
}

/// {"0": "Mass", …} or {"Mass": 0, …}, whose numbers count up from 0.
std::vector<std::string> labels_of_numbers(const Json& json) {
  std::map<long long, std::string> by_number;
  for (const auto& [key, value] : json.items()) {
    if (const auto number = whole_number(key); number && value.is_string()) by_number[*number] = value.get<std::string>();
    else if (value.is_number_integer()) by_number[value.get<long long>()] = key;
    else return {};
  }
  std::vector<std::string> labels;
  for (const auto& [number, label] : by_number) {
    if (number != static_cast<long long>(labels.size())) return {};
    labels.push_back(label);
  }
  return labels.size() == json.size() ? labels : std::vector<std::string>{};
}

std::vector<std::string> labels_in(const Json& json) {
  if (json.is_array()) return texts_of(json);
  return json.is_object() ? labels_of_numbers(json) : std::vector<std::string>{};
}

std::vector<double> numbers_of(const Json& json) {
  std::vector<double> numbers;
  if (json.is_number()) return {json.get<double>()};
  if (!json.is_array()) return {};
  for (const Json& item : json) {
    if (!item.is_number()) return {};
    numbers.push_back(item.get<double>());
  }
  return numbers;
}

/// A number, the last of a shape, or that of {"height", "width"} or {"shortest_edge"}.
int side_of(const Json& json) {
  const Json* number = &json;
  if (json.is_array() && !json.empty()) number = &json.back();
  if (json.is_object())
    for (const char* key : {"width", "shortest_edge"})
      if (json.contains(key)) number = &json[key];
  return number->is_number_integer() ? static_cast<int>(std::clamp<long long>(number->get<long long>(), 0, 1 << 20)) : 0;
}

/// The first of these members for which `read` finds something.
template <class T>
void take(const Json& json, std::initializer_list<const char*> keys, T& value, T (*read)(const Json&)) {
  for (const char* key : keys)
    if (const auto found = json.find(key); found != json.end())
      if (T got = read(*found); got != T{}) {
        value = std::move(got);
        return;
      }
}

void take_members(const Json& json, contract::ModelForm& form) {
  take(json, {"label_names", "labels", "id2label", "label2id", "classes", "class_names"}, form.labels, &labels_in);
  take(json, {"mean", "image_mean"}, form.mean, &numbers_of);
  take(json, {"std", "image_std", "deviation"}, form.deviation, &numbers_of);
  take(json, {"input_size", "crop_size", "size", "side"}, form.side, &side_of);
  if (const auto crop = json.find("crop_pct"); crop != json.end() && crop->is_number()) form.crop = crop->get<double>();
  if (const auto fit = json.find("fit"); fit != json.end() && fit->is_string()) form.fit = fit->get<std::string>();
  if (const auto crop = json.find("crop"); crop != json.end() && crop->is_number()) form.crop = crop->get<double>();
}

bool says_nothing(const contract::ModelForm& form) {
  return form.labels.empty() && form.mean.empty() && form.deviation.empty() && form.side == 0 && form.fit.empty() &&
         form.crop == 0;
}

Result<void> check_numbers(const char* what, const std::vector<double>& numbers, int channels, bool positive) {
  if (numbers.empty()) return {};
  if (numbers.size() != 1 && numbers.size() != static_cast<std::size_t>(channels))
    return unfit_form(text("The network's input has ", channels, channels == 1 ? " channel" : " channels", "; ", numbers.size(),
                           " numbers were given for ", what, "."),
                      "Give one number, or one for each channel.");
  for (double number : numbers)
    if (!std::isfinite(number) || (positive && !(number > 0)))
      return unfit_form(text("A number for ", what, " is ", number, "."),
                        positive ? "Give numbers above 0." : "Give finite numbers.");
  return {};
}

/// One number for each channel.
Json each_channel(const std::vector<double>& numbers, int channels) {
  Json all = Json::array();
  for (int channel = 0; channel < channels; ++channel)
    all.push_back(numbers.size() == 1 ? numbers[0] : numbers[static_cast<std::size_t>(channel)]);
  return all;
}

void drop_limits(Json& manifest, std::initializer_list<std::string_view> beginnings) {
  Json kept = Json::array();
  for (const Json& limit : manifest["limits"]) {
    const std::string words = limit.get<std::string>();
    if (std::none_of(beginnings.begin(), beginnings.end(), [&](std::string_view begin) { return words.starts_with(begin); }))
      kept.push_back(limit);
  }
  manifest["limits"] = std::move(kept);
}

Result<void> apply_labels(Json& manifest, const std::vector<std::string>& names, std::size_t outputs) {
  if (names.size() != outputs)
    return unfit_form(text("The network has ", outputs, " outputs; ", names.size(), " labels were given."),
                      "Give one label for each output, in their order.");
  Json labels = Json::array();
  for (const std::string& name : names) labels.push_back(manifest_label(name));
  manifest["labels"] = std::move(labels);
  drop_limits(manifest, {kLabelsGuessed, kLabelsNumbered});
  return {};
}

}  // namespace

Result<contract::ModelForm> read_model_form(std::string_view words) {
  const std::string hint = "Give labels, a line each, or JSON with labels, mean and std, such as the config.json of timm.";
  if (words.size() > kMostText) return unfit_form(text("The text has ", words.size(), " bytes: too many for labels."), hint);
  contract::ModelForm form;
  const std::size_t first = words.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return unfit_form("The text is empty.", hint);
  if (words[first] == '{' || words[first] == '[') {
    CHESTLIGHT_TRY(const Json json, parse_json(words, "The text"));
    if (json.is_array()) form.labels = texts_of(json);
    else {
      take_members(json, form);
      for (const char* key : {"default_cfg", "pretrained_cfg"})
        if (const auto inner = json.find(key); inner != json.end() && inner->is_object()) {
          contract::ModelForm of_weights;
          take_members(*inner, of_weights);
          form = completed(std::move(form), of_weights);
        }
      if (form.labels.empty()) form.labels = labels_of_numbers(json);
    }
  } else {
    form.labels = labels_of_lines(words);
  }
  if (says_nothing(form)) return unfit_form("The text says nothing of a network's labels or input.", hint);
  if (form.labels.size() > kMostLabels)
    return unfit_form(text("The text has ", form.labels.size(), " labels; at most ", kMostLabels, " are read."), hint);
  return form;
}

contract::ModelForm completed(contract::ModelForm form, const contract::ModelForm& beside) {
  auto fill = [](auto& value, const auto& other) {
    if (value == std::decay_t<decltype(value)>{}) value = other;
  };
  fill(form.name, beside.name), fill(form.labels, beside.labels), fill(form.mean, beside.mean);
  fill(form.deviation, beside.deviation), fill(form.side, beside.side), fill(form.fit, beside.fit), fill(form.crop, beside.crop);
  return form;
}

Json manifest_label(const std::string& label) {
  std::string id;
  for (char c : label) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (plain && (!id.empty() || (c != '_' && c != '-'))) id += c;
    else if (!id.empty() && id.back() != ' ') id += ' ';
  }
  if (id.size() > 64) id.resize(64);
  while (!id.empty() && id.back() == ' ') id.pop_back();
  const FindingWords* words = find_finding_words(id);
  return {{"id", id},
          {"name", words ? std::string(words->name) : label},
          {"explanation", words ? std::string(words->explanation) : "No explanation came with this model."},
          {"calibration", {{"kind", "none"}}},
          {"cutoff", words ? words->cutoff : 0.5f}};
}

Result<void> apply_form(Json& manifest, const contract::ModelForm& form, std::size_t outputs, int channels) {
  CHESTLIGHT_CHECK(check_numbers("the mean", form.mean, channels, false));
  CHESTLIGHT_CHECK(check_numbers("the deviation", form.deviation, channels, true));
  if (form.side != 0 && (form.side < 32 || form.side > 1024))
    return unfit_form(text("The input is to be ", form.side, " pixels wide."), "Choose 32 to 1024 pixels.");
  if (form.crop != 0 && !(form.crop > 0 && form.crop <= 1))
    return unfit_form(text("The share of the film that is seen is ", form.crop, "."), "Choose a share above 0, at most 1.");
  if (!form.labels.empty()) CHESTLIGHT_CHECK(apply_labels(manifest, form.labels, outputs));
  Json& input = manifest["input"];
  if (!form.mean.empty()) input["mean"] = each_channel(form.mean, channels);
  if (!form.deviation.empty()) input["std"] = each_channel(form.deviation, channels);
  if (form.side) input["width"] = form.side, input["height"] = form.side;
  if (!form.fit.empty()) input["fit"] = form.fit;
  if (form.crop != 0) input["crop"] = form.crop;
  if (!form.mean.empty() && !form.deviation.empty()) drop_limits(manifest, {kInputAssumed});
  if (!form.name.empty()) manifest["name"] = form.name;
  return {};
}

std::string imported_version(const Json& manifest) {
  Json rest = manifest;
  rest.erase("version");
  const std::string words = rest.dump();
  return "imported, " + sha256_hex(as_bytes(words)).substr(0, 8);
}

Result<std::vector<std::uint8_t>> revised_manifest(Bytes source, const contract::ModelForm& form) {
  CHESTLIGHT_TRY(const Manifest before, parse_manifest(as_text(source)));
  CHESTLIGHT_TRY(Json manifest, parse_manifest_json(as_text(source)));
  if (before.evaluation)
    return unfit_form(text(before.name, " comes with an evaluation, which would not hold for other labels or another input."),
                      "Change models that were added without one.");
  CHESTLIGHT_CHECK(apply_form(manifest, form, before.labels.size(), before.input.channels));
  manifest["version"] = imported_version(manifest);
  const std::string words = manifest.dump(1);
  CHESTLIGHT_CHECK(parse_manifest(words));
  return std::vector<std::uint8_t>(words.begin(), words.end());
}

}  // namespace chestlight
