// See film_description.h.
#include "viewer/text/film_description.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "viewer/measuring/film_scale.h"
#include "viewer/state/window_presets.h"

namespace chestlight::viewer {
namespace {

using Facts = std::vector<std::pair<std::string, std::string>>;

struct Syntax {
  std::string_view uid;
  std::string_view name;
};
constexpr Syntax kSyntaxes[] = {
    {"1.2.840.10008.1.2", "implicit, little endian"},
    {"1.2.840.10008.1.2.1", "explicit, little endian"},
    {"1.2.840.10008.1.2.1.99", "deflated"},
    {"1.2.840.10008.1.2.2", "explicit, big endian"},
    {"1.2.840.10008.1.2.4.50", "JPEG baseline"},
    {"1.2.840.10008.1.2.4.51", "JPEG extended"},
    {"1.2.840.10008.1.2.4.57", "JPEG lossless"},
    {"1.2.840.10008.1.2.4.70", "JPEG lossless, first order"},
    {"1.2.840.10008.1.2.4.80", "JPEG-LS lossless"},
    {"1.2.840.10008.1.2.4.81", "JPEG-LS near-lossless"},
    {"1.2.840.10008.1.2.4.90", "JPEG 2000 lossless"},
    {"1.2.840.10008.1.2.4.91", "JPEG 2000"},
    {"1.2.840.10008.1.2.4.201", "HTJ2K lossless"},
    {"1.2.840.10008.1.2.4.202", "HTJ2K lossless, by resolution"},
    {"1.2.840.10008.1.2.4.203", "HTJ2K"},
    {"1.2.840.10008.1.2.5", "run-length"},
};

std::string coding(const std::string& uid) {
  for (const Syntax& syntax : kSyntaxes)
    if (syntax.uid == uid) return std::string(syntax.name);
  return uid;
}

std::string joined(std::initializer_list<std::string> parts) {
  std::string all;
  for (const std::string& part : parts)
    if (!part.empty()) all += (all.empty() ? "" : ", ") + part;
  return all;
}

/// At most two decimals, and none where they are zero.
std::string figure(double value) {
  std::string digits = fixed(value, 2);
  while (digits.back() == '0') digits.pop_back();
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

void add_dicom(Facts& facts, const FilmInfo& info) {
  const DicomFacts& dicom = *info.dicom;
  std::string orientation = dicom.orientation;
  std::replace(orientation.begin(), orientation.end(), '\\', '/');
  facts.emplace_back("Coding", coding(dicom.transfer_syntax));
  facts.emplace_back("Taken as", joined({dicom.modality, dicom.body_part, dicom.view_position}));
  facts.emplace_back("Intent", dicom.presentation_intent);
  facts.emplace_back("Side", dicom.laterality);
  facts.emplace_back("Orientation", orientation);
  facts.emplace_back("Stored as", joined({dicom.photometric, dicom.inverted ? "larger values are darker" : ""}));
  if (dicom.slope != 1 || dicom.intercept != 0)
    facts.emplace_back(
        "Rescale", joined({text("value = ", figure(dicom.slope), " · stored + ", figure(dicom.intercept)), dicom.rescale_type}));
  if (dicom.spacing)
    facts.emplace_back("Spacing", text(fixed(dicom.spacing->row, 3), " × ", fixed(dicom.spacing->column, 3), " mm"));
  if (dicom.frames > 1) facts.emplace_back("Frame", text(dicom.frame, " of ", dicom.frames));
  if (dicom.lossy_ratio > 1) facts.emplace_back("Compression", text("lossy, ", figure(dicom.lossy_ratio), " : 1"));
  if (dicom.burned_in) facts.emplace_back("Burned in", "The file says that there is text in the picture itself.");
}

}  // namespace

std::vector<std::pair<std::string, std::string>> describe_film(const FilmEntry& film) {
  const FilmInfo& info = film.info;
  Facts facts = {{"File", joined({info.format, film.synthetic ? "synthetic" : "", info.lossy ? "lossy" : ""})},
                 {"Picture", joined({text(info.width, " × ", info.height, " pixels"), text(info.bits, " bit"),
                                     info.channels > 1 ? text(info.channels, " channels") : ""})},
                 {"Values", text(info.low, " to ", info.high, " used, ", info.full_scale, " is white")}};
  if (info.dicom) add_dicom(facts, info);
  facts.emplace_back("Lengths", ruler_in_words(info));
  facts.emplace_back("Window", window_in_words(film));
  std::string presets;
  for (const NamedWindow& preset : info.presets) presets += (presets.empty() ? "" : ", ") + preset.name;
  facts.emplace_back("Its windows", presets);
  for (const std::string& note : info.notes) facts.emplace_back("Note", note);
  std::erase_if(facts, [](const auto& fact) { return fact.second.empty(); });
  return facts;
}

std::string short_name(const FilmEntry& film) { return one_line(last_part(film.name), 40); }

}  // namespace chestlight::viewer
