#include "study/export.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "base/json.h"
#include "base/text.h"
#include "base/version.h"
#include "contract/analysis_json.h"
#include "contract/film_record_json.h"
#include "contract/reading_json.h"

namespace chestlight {
namespace {

using namespace contract;

/// The shortest decimal that reads back as the same number.
std::string figure(double value) {
  std::array<char, 32> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  return {digits.data(), end};
}

std::string in_csv(const std::string& value) { return csv_field(value); }
std::string in_csv(double value) { return figure(value); }
std::string truth(bool value) { return value ? "true" : "false"; }
template <class T>
std::string in_csv(const std::optional<T>& value) {
  return value ? in_csv(*value) : "";
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : " ") + word;
  return all;
}

std::string rectangle(const PixelRect& r) { return text(r.x, " ", r.y, " ", r.width, " ", r.height); }

std::string verdict_column(const FindingRecord& finding) {
  return finding.verdict ? to_json(*finding.verdict).get<std::string>() : "";
}

/// Corrections in words, crop "x y width height", window "black white", rule.
std::array<std::string, 4> input_columns(const std::optional<InputRecord>& input) {
  if (!input) return {};
  return {input->corrections_text, rectangle(input->crop),
          input->window ? figure(input->window->black) + " " + figure(input->window->white) : "", input->rule};
}

/// "length 48.3 mm; angle 37.2°"
std::string measurements_column(const FilmRecord& record) {
  std::string all;
  for (const MeasurementRecord& one : record.measurements) all += text(all.empty() ? "" : "; ", one.kind, " ", one.text);
  return all;
}

/// Of the lungs, of the heart, elsewhere in the chest, outside it; empty where they are not known.
std::array<std::string, 4> shares_columns(const std::optional<EvidenceShares>& shares) {
  if (!shares) return {};
  return {figure(shares->lungs), figure(shares->heart), figure(shares->elsewhere), figure(shares->outside)};
}

std::string identifiers_column(const FilmRecord& record) {
  std::string all;
  for (const auto& [label, value] : record.identifiers) all += (all.empty() ? "" : "; ") + label + ": " + value;
  return all;
}

constexpr std::string_view kColumns =
    "file,ok,error_code,error_message,sha256,synthetic,model,model_version,model_sha256,decoder,backend,operating_point,"
    "operating_point_name,site_profile,finding,logit,probability,calibrated,threshold,state,own_threshold,own_state,zone,zone_"
    "reason,"
    "percentile,rule_out,rule_in,likelihood_ratio,place,reading,evidence_lungs,evidence_heart,evidence_elsewhere,evidence_"
    "outside,"
    "possible_shortcut,calibrated_low,calibrated_high,zone_flips,stability,verdict,verdict_note,summary,overridden,warnings,"
    "corrections,input_crop,input_window,input_rule,evidence_"
    "residual,measurements,cardiothoracic_ratio,read,copy_of,date,app,notice";

/// What of a text begins a formula for a spreadsheet; the wide ones are of East Asian keyboards.
bool begins_formula(std::string_view text) {
  constexpr std::array<std::string_view, 9> kStarts = {"=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d"};
  return std::any_of(kStarts.begin(), kStarts.end(), [&](std::string_view start) { return text.starts_with(start); }) ||
         text.starts_with("\uff20");
}

}  // namespace

FilmRecord analysis_record(const std::string& file, const Analysis& analysis, const std::string& backend,
                           const std::string& decoder) {
  FilmRecord record{file, true};
  for (const Reason& reason : analysis.reasons) {
    (reason.refuses() ? record.refusals : record.warnings).push_back(reason.id);
    if (reason.refuses() && !analysis.analysed && !record.error) record.error = Failure{"not-analysed", reason.text, ""};
  }
  if (!analysis.analysed && !record.error) record.error = Failure{"not-analysed", "", ""};
  record.model = analysis.model;
  if (!decoder.empty()) record.decoder = decoder;
  if (!backend.empty()) record.backend = backend;
  record.reasons = analysis.reasons;
  record.operating_point = analysis.operating_point.id;
  record.operating_point_name = analysis.operating_point.name;
  record.site_profile = analysis.site_profile;
  for (const Finding& f : analysis.findings)
    record.findings.push_back({f.id,
                               f.logit,
                               f.probability,
                               f.calibrated,
                               f.threshold,
                               f.state,
                               {},
                               {},
                               f.zone,
                               f.zone_reason,
                               f.percentile,
                               f.rule_out,
                               f.rule_in,
                               f.likelihood_ratio,
                               f.place,
                               f.reading,
                               f.evidence,
                               f.possible_shortcut});
  if (!analysis.summary.sentence.empty()) record.summary = analysis.summary.sentence;
  record.input = analysis.input;
  record.overridden = analysis.overridden;
  record.app = app_name_and_version();
  if (analysis.analysed && analysis.map) record.evidence_residual = analysis.evidence_residual;
  record.notice = kExportNotice;
  return record;
}

FilmRecord failure_record(const std::string& file, const Failure& failure) {
  FilmRecord record{file, false, failure};
  record.app = app_name_and_version();
  record.notice = kExportNotice;
  return record;
}

std::string records_as_json(const std::vector<FilmRecord>& records) {
  Json all = Json::array();
  for (const FilmRecord& record : records) {
    Json& json = all.emplace_back(to_json(record));
    if (record.identifiers.empty()) json.erase("identifiers");
  }
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string csv_field(const std::string& value) {
  std::string safe;
  bool at_start = true;  // of the text, or of what a spreadsheet may take for another cell
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (at_start && begins_formula(std::string_view(value).substr(i))) safe += '\'';
    at_start = value[i] == ';' || value[i] == '|' || value[i] == '\t' || value[i] == '\r' || value[i] == '\n' ||
               (at_start && value[i] == ' ');
    safe += value[i];
  }
  if (safe.find_first_of("\",;\t\r\n") == std::string::npos) return safe;
  std::string quoted = "\"";
  for (char c : safe) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string records_as_csv(const std::vector<FilmRecord>& records) {
  const bool identified = std::any_of(records.begin(), records.end(), [](const FilmRecord& r) { return !r.identifiers.empty(); });
  std::string csv(kColumns);
  csv += identified ? ",identifiers\r\n" : "\r\n";
  for (const FilmRecord& r : records) {
    const auto model = r.model.value_or(ModelId{});
    const auto error = r.error.value_or(Failure{});
    const auto input = input_columns(r.input);
    const auto line = [&](const std::array<std::string, 27>& finding) {
      const std::vector<std::string> before = {in_csv(r.file),
                                               truth(r.ok),
                                               in_csv(error.code),
                                               in_csv(error.message),
                                               in_csv(r.sha256),
                                               truth(r.synthetic),
                                               in_csv(model.id),
                                               in_csv(model.version),
                                               in_csv(model.sha256),
                                               in_csv(r.decoder),
                                               in_csv(r.backend),
                                               in_csv(r.operating_point),
                                               in_csv(r.operating_point_name),
                                               in_csv(r.site_profile)};
      const std::vector<std::string> after = {in_csv(r.summary),
                                              in_csv(r.overridden ? joined(r.refusals) : ""),
                                              in_csv(joined(r.warnings)),
                                              in_csv(input[0]),
                                              in_csv(input[1]),
                                              in_csv(input[2]),
                                              in_csv(input[3]),
                                              in_csv(r.evidence_residual),
                                              in_csv(measurements_column(r)),
                                              in_csv(r.cardiothoracic_ratio),
                                              truth(r.read),
                                              in_csv(r.copy_of),
                                              in_csv(r.date),
                                              in_csv(r.app),
                                              in_csv(r.notice)};
      for (const std::string& field : before) csv += field + ",";
      for (const std::string& field : finding) csv += field + ",";
      for (std::size_t i = 0; i < after.size(); ++i) csv += (i ? "," : "") + after[i];
      csv += identified ? "," + in_csv(identifiers_column(r)) + "\r\n" : "\r\n";
    };
    for (const FindingRecord& f : r.findings) {
      const auto shares = shares_columns(f.evidence);
      line({in_csv(f.id),
            figure(f.logit),
            figure(f.probability),
            figure(f.calibrated),
            figure(f.threshold),
            to_json(f.state).get<std::string>(),
            in_csv(f.own_threshold),
            f.own_state ? to_json(*f.own_state).get<std::string>() : "",
            to_json(f.zone).get<std::string>(),
            in_csv(f.zone_reason),
            in_csv(f.percentile),
            in_csv(f.rule_out),
            in_csv(f.rule_in),
            in_csv(f.likelihood_ratio),
            in_csv(f.place),
            in_csv(f.reading),
            shares[0],
            shares[1],
            shares[2],
            shares[3],
            f.evidence ? truth(f.possible_shortcut) : "",
            in_csv(f.calibrated_low),
            in_csv(f.calibrated_high),
            f.zone_flips ? truth(*f.zone_flips) : "",
            in_csv(f.stability),
            verdict_column(f),
            in_csv(f.verdict_note)});
    }
    if (r.findings.empty()) line({});
  }
  return csv;
}

std::string records_as_wide_csv(const std::vector<FilmRecord>& records) {
  std::vector<std::string> ids;
  for (const FilmRecord& r : records)
    for (const FindingRecord& f : r.findings)
      if (std::find(ids.begin(), ids.end(), f.id) == ids.end()) ids.push_back(f.id);
  std::string csv =
      "file,ok,error_code,error_message,sha256,synthetic,model,model_version,model_sha256,operating_point,operating_point_name,"
      "site_profile,summary,warnings,measurements,cardiothoracic_ratio,read,copy_of,";
  for (const std::string& id : ids)
    for (const char* column : {"", " low", " high", " zone", " zone flips", " threshold", " own threshold", " verdict", " note"})
      csv += in_csv(id + column) + ",";
  csv += "date,app,notice\r\n";
  for (const FilmRecord& r : records) {
    const auto model = r.model.value_or(ModelId{});
    const auto error = r.error.value_or(Failure{});
    for (const std::string& field :
         {in_csv(r.file), truth(r.ok), in_csv(error.code), in_csv(error.message), in_csv(r.sha256), truth(r.synthetic),
          in_csv(model.id), in_csv(model.version), in_csv(model.sha256), in_csv(r.operating_point),
          in_csv(r.operating_point_name), in_csv(r.site_profile), in_csv(r.summary), in_csv(joined(r.warnings)),
          in_csv(measurements_column(r)), in_csv(r.cardiothoracic_ratio), truth(r.read), in_csv(r.copy_of)})
      csv += field + ",";
    for (const std::string& id : ids) {
      auto found = std::find_if(r.findings.begin(), r.findings.end(), [&](const FindingRecord& f) { return f.id == id; });
      if (found == r.findings.end()) csv += ",,,,,,,,,";
      else
        csv += text(figure(found->calibrated), ",", in_csv(found->calibrated_low), ",", in_csv(found->calibrated_high), ",",
                    to_json(found->zone).get<std::string>(), ",", found->zone_flips ? truth(*found->zone_flips) : "", ",",
                    figure(found->threshold), ",", in_csv(found->own_threshold), ",", verdict_column(*found), ",",
                    in_csv(found->verdict_note), ",");
    }
    csv += text(in_csv(r.date), ",", in_csv(r.app), ",", in_csv(r.notice), "\r\n");
  }
  return csv;
}

}  // namespace chestlight
