#include "study/report.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string_view>

#include "base/markup.h"
#include "base/text.h"
#include "findings/zone.h"
#include "findings/zone_statement.h"
#include "study/export.h"
#include "study/report_style.h"

namespace chestlight {
namespace {

using namespace contract;

std::string base64(std::span<const std::uint8_t> bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string digits;
  digits.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
    unsigned word = 0;
    for (std::size_t k = 0; k < 3; ++k) word = word << 8 | (k < left ? bytes[i + k] : 0u);
    for (std::size_t k = 0; k < 4; ++k) digits += k <= left ? kDigits[word >> (18 - 6 * k) & 63] : '=';
  }
  return digits;
}

std::string image(const char* kind, const std::string& alt, std::span<const std::uint8_t> png) {
  return text("<img class=\"", kind, "\" alt=\"", escape_markup(alt), "\" src=\"data:image/png;base64,", base64(png), "\">");
}

std::string paragraph(const char* kind, const std::string& words) {
  return words.empty() ? "" : text("<p class=\"", kind, "\">", escape_markup(words), "</p>\n");
}

std::string cell(const char* kind, const std::string& words) {
  return text("<td class=\"", kind, "\">", escape_markup(words), "</td>");
}

const LabelInfo* label_of(const ReportPage& page, const std::string& id) {
  if (page.model)
    for (const LabelInfo& label : page.model->labels)
      if (label.id == id) return &label;
  return nullptr;
}

/// A calibrated score or threshold, as on screen.
std::string score_words(double calibrated) { return score_figure({static_cast<float>(calibrated)}); }

const char* zone_shape(Zone zone) {
  switch (zone) {
    case Zone::kLikely: return "▲";
    case Zone::kUncertain: return "◆";
    case Zone::kUnlikely: return "○";
    case Zone::kNotAssessed: return "–";
  }
  return "";
}

const char* zone_class(Zone zone) { return zone == Zone::kNotAssessed ? "not-assessed" : zone_in_words(zone); }

const char* state_words(FindingState state) {
  switch (state) {
    case FindingState::kAbove: return "above";
    case FindingState::kBorderline: return "borderline";
    case FindingState::kBelow: return "below";
  }
  return "";
}

/// "0.31, above"; the reader's own after it.
std::string threshold_words(const FindingRecord& finding) {
  std::string words = text(score_words(finding.threshold), ", ", state_words(finding.state));
  if (finding.own_threshold && finding.own_state)
    words += text("; own ", score_words(*finding.own_threshold), ", ", state_words(*finding.own_state));
  return words;
}

/// "0.41", and the range of small changes where that was checked: "0.41 (0.36 to 0.44)".
std::string probability_words(const FindingRecord& finding) {
  const std::string score = score_words(finding.calibrated);
  if (!finding.calibrated_low || !finding.calibrated_high) return score;
  return text(score, " (", score_words(*finding.calibrated_low), " to ", score_words(*finding.calibrated_high), ")");
}

std::string finding_row(const ReportPage& page, const FindingRecord& finding) {
  const LabelInfo* label = label_of(page, finding.id);
  const bool assessed = finding.rule_out && finding.rule_in;
  std::string auroc = "not known", films;
  if (label && label->evaluation) {
    auroc = auroc_figure(*label->evaluation);
    films = text(label->evaluation->positives, " / ", label->evaluation->negatives);
  }
  return text("<tr class=\"", zone_class(finding.zone), "\">", cell("name", label ? label->name : finding.id),
              "<td class=\"zone\"><span class=\"shape\">", zone_shape(finding.zone), "</span>", zone_in_words(finding.zone),
              "</td>", cell("number score", probability_words(finding)),
              cell("number percentile", finding.percentile ? percentile_figure(*finding.percentile) : "not known"),
              cell("number limits", assessed ? score_words(*finding.rule_out) + " / " + score_words(*finding.rule_in) : "–"),
              cell("threshold", threshold_words(finding)), cell("place", finding.place), cell("small", auroc),
              cell("small", films), "</tr>\n");
}

/// Why findings are not assessed, each reason once: "Fibrosis, Hernia: Only 12 films of the evaluation had it; …"
std::string not_assessed(const ReportPage& page, const std::vector<FindingRecord>& findings) {
  std::vector<std::pair<std::string, std::string>> reasons;  // reason, names
  for (const FindingRecord& finding : findings) {
    if (finding.zone_reason.empty()) continue;
    const LabelInfo* label = label_of(page, finding.id);
    const std::string name = label ? label->name : finding.id;
    auto known = std::find_if(reasons.begin(), reasons.end(), [&](const auto& one) { return one.first == finding.zone_reason; });
    if (known == reasons.end()) reasons.emplace_back(finding.zone_reason, name);
    else known->second += ", " + name;
  }
  std::string paragraphs;
  for (const auto& [reason, names] : reasons) paragraphs += paragraph("small", text(names, ": ", reason));
  return paragraphs;
}

/// What small changes of the picture do to the scores, where that was checked: the findings whose zone is not the same in all.
std::string stability_words(const ReportPage& page, const std::vector<FindingRecord>& findings) {
  std::string flips;
  bool checked = false;
  for (const FindingRecord& finding : findings) {
    checked = checked || !finding.stability.empty();
    if (!finding.zone_flips.value_or(false)) continue;
    const LabelInfo* label = label_of(page, finding.id);
    flips += paragraph("small", text(label ? label->name : finding.id, ": ", finding.stability));
  }
  if (!checked) return "";
  return paragraph("small", text("The range beside a probability is that of the film and of small changes of it.",
                                 flips.empty() ? " No finding changes its zone." : "")) +
         flips;
}

std::string findings_table(const ReportPage& page) {
  std::vector<FindingRecord> findings = page.record.findings;
  std::stable_sort(findings.begin(), findings.end(), [](const auto& a, const auto& b) { return stands_before(a, b); });
  std::string rows;
  for (const FindingRecord& finding : findings) rows += finding_row(page, finding);
  const std::string point = page.record.operating_point_name.value_or("");
  return text(
      "<table><thead><tr><th>Finding</th><th>Zone</th><th class=\"number\">Probability</th>"
      "<th class=\"number\">Percentile</th><th class=\"number\">Unlikely below / likely from</th><th>Threshold",
      point.empty() ? "" : text(" (", escape_markup(point), ")"),
      "</th><th>Where</th><th>AUROC (95 %)</th><th>Films with / without</th></tr></thead>\n<tbody>\n", rows, "</tbody></table>\n",
      stability_words(page, findings), not_assessed(page, findings));
}

std::string warnings_of(const FilmRecord& record) {
  std::string items;
  if (record.overridden) items += "<li>Analysed at your request despite the warning.</li>";
  for (const Reason& reason : record.reasons) items += text("<li>", escape_markup(reason.text), "</li>");
  if (record.input && !record.input->corrections_text.empty())
    items += text("<li>Corrected for the model: ", escape_markup(record.input->corrections_text), ".</li>");
  return items.empty() ? "" : text("<ul class=\"warnings\">", items, "</ul>\n");
}

std::string width_words(const WidthLine& line) {
  if (line.millimetres) return fixed(*line.millimetres, 1) + " mm";
  return fixed(std::hypot(line.to[0] - line.from[0], line.to[1] - line.from[1]), 0) + " px";
}

/// "cardiothoracic ratio 0.47 (heart 131.0 mm, chest 279.0 mm)"; and whose lines they are where the reader moved them.
std::string ratio_words(const FilmRecord& record) {
  if (!record.cardiothoracic_ratio || !record.anatomy) return "";
  const bool moved = record.moved_lines.has_value();
  const auto heart = moved ? std::optional(record.moved_lines->heart_line) : record.anatomy->heart_line;
  const auto chest = moved ? std::optional(record.moved_lines->chest_line) : record.anatomy->chest_line;
  std::string words = "cardiothoracic ratio " + fixed(*record.cardiothoracic_ratio, 2);
  if (heart && chest) words += text(" (heart ", width_words(*heart), ", chest ", width_words(*chest), ")");
  if (moved && record.anatomy->cardiothoracic_ratio)
    words += text(", lines moved by the reader; measured by the network: ", fixed(*record.anatomy->cardiothoracic_ratio, 2));
  return words;
}

/// What was measured on the film, by the reader or by the program: everything that the record holds.
std::string measurements_of(const FilmRecord& record) {
  std::string words = ratio_words(record);
  for (const MeasurementRecord& one : record.measurements)
    words += text(words.empty() ? "" : "; ", one.kind == "angle" ? "angle " : "length ", one.text);
  return words.empty() ? "" : text("<h2>Measured on the film</h2>\n", paragraph("measured", words + "."));
}

std::string pictures_of(const ReportPage& page) {
  std::string figures;
  for (std::size_t i = 0; i < page.pictures.size(); ++i) {
    const ReportPicture& picture = page.pictures[i];
    figures += text("<figure>", image("picture", picture.caption, picture.png), "<figcaption>", escape_markup(picture.caption));
    if (i > 0 && page.legend)
      figures += text("<span class=\"legend\"><span>", escape_markup(page.legend->least), "</span>",
                      image("bar", "The colours of the map", page.legend->png), "<span>", escape_markup(page.legend->most), " ",
                      escape_markup(page.legend->unit), "</span></span>");
    figures += "</figcaption></figure>\n";
  }
  return figures.empty() ? "" : text("<div class=\"pictures\">\n", figures, "</div>\n");
}

std::string rectangle_words(const PixelRect& part) {
  return text(part.width, " × ", part.height, " pixels from (", part.x, ", ", part.y, ")");
}

std::string input_words(const InputRecord& input) {
  std::string words = text(rectangle_words(input.crop), " of the film became ", input.width, " × ", input.height, ".");
  if (input.window) words += text(" Black is ", input.window->black, ", white ", input.window->white, ".");
  if (input.inverted.by_file) words += " The file says that its larger values are darker.";
  return words + " " + input.rule;
}

std::string film_words(const FilmInfo& film) {
  std::string words = text(film.width, " × ", film.height, " pixels, ", film.format, ", ", film.bits, " bits");
  if (film.dicom) {
    for (const std::string* fact : {&film.dicom->modality, &film.dicom->body_part, &film.dicom->view_position})
      if (!fact->empty()) words += ", " + *fact;
    if (film.dicom->frames > 1) words += text(", frame ", film.dicom->frame, " of ", film.dicom->frames);
  }
  return words;
}

/// What the numbers are of: file, model, and what the model saw.
std::string facts_of(const ReportPage& page) {
  const FilmRecord& record = page.record;
  std::string list;
  const auto fact = [&](const char* name, const std::string& words) {
    if (!words.empty()) list += text("<dt>", name, "</dt><dd>", escape_markup(words), "</dd>\n");
  };
  fact("File SHA-256", record.sha256);
  if (page.film) fact("Film", film_words(*page.film));
  if (page.film) fact("Pictures", page.shown_window);
  for (const auto& [label, value] : record.identifiers) fact(escape_markup(label).c_str(), value);
  if (record.findings.empty()) return list.empty() ? "" : text("<dl>\n", list, "</dl>\n");
  if (record.model)
    fact("Model", text(page.model ? page.model->name + ", " : "", record.model->id, " ", record.model->version, ", SHA-256 ",
                       record.model->sha256, record.backend ? ", run by " + *record.backend : ""));
  if (page.model && page.model->evaluation) fact("Evaluation", evaluation_data_sentence(*page.model->evaluation));
  fact("Site profile",
       record.site_profile.empty()
           ? ""
           : text(record.site_profile, ", found on films of this site: its zones, and its thresholds where they are",
                  " the operating point, take the place of the model's own."));
  if (record.input) fact("Model input", input_words(*record.input));
  return text("<dl>\n", list, "</dl>\n");
}

constexpr char kNotAnalysed[] = "not-analysed";

std::string last_part(const std::string& path) { return path.substr(path.find_last_of("/\\") + 1); }

}  // namespace

std::string finding_for_report(const FilmRecord& record, const std::string& wanted) {
  const FindingRecord* best = nullptr;
  for (const FindingRecord& finding : record.findings) {
    if (!wanted.empty() && finding.id == wanted) return wanted;
    const bool speaks = finding.zone == Zone::kLikely || finding.zone == Zone::kUncertain;
    if (speaks && (!best || stands_before(finding, *best))) best = &finding;
  }
  return best ? best->id : "";
}

std::string report_head(const std::string& title) {
  return text(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><title>",
      escape_markup(title), "</title><style>", kReportStyle, "</style></head>\n<body><main class=\"report\">\n");
}

std::string report_page(const ReportPage& page) {
  const FilmRecord& record = page.record;
  const bool analysed = !record.findings.empty() && !page.pictures.empty();
  std::string html = text("<section class=\"page\">\n<header><h1>", escape_markup(last_part(record.file)), "</h1>\n");
  html += paragraph("small", text("Findings in a chest X-ray · ", record.date, record.date.empty() ? "" : " · ", record.app));
  if (record.synthetic) html += paragraph("mark", "Computer-generated. No real patient.");
  html += "</header>\n";
  if (record.error && !analysed)
    html += paragraph("summary", text(!record.ok                           ? "Not read. "
                                      : record.error->code == kNotAnalysed ? "Not analysed. "
                                                                           : "",
                                      record.error->sentence()));
  if (analysed) html += paragraph("summary", record.summary.value_or(""));
  const bool likely = std::any_of(record.findings.begin(), record.findings.end(),
                                  [](const FindingRecord& finding) { return finding.zone == Zone::kLikely; });
  if (analysed && !likely) html += paragraph("caveat", not_normal_caveat(record.findings.size()));
  html += warnings_of(record) + pictures_of(page);
  if (analysed) html += findings_table(page);
  html += measurements_of(record);
  html += text("<h2>Film and model</h2>\n", facts_of(page), "<footer>", escape_markup(record.notice), "</footer>\n</section>\n");
  return html;
}

std::string report_tail() { return "</main></body></html>\n"; }

}  // namespace chestlight
