// The report: one page per film, as HTML that needs nothing else: no script, no file, pictures as data: addresses. The page's
// print command and `cxr report` make it by these functions alone. Black on white, for A4 and Letter; zones are told by word and
// shape, so that it reads in grey.
//
// A report is report_head(), its pages in order, and report_tail(). Pages come one by one, because each holds two pictures.
// Figures and words are those of the screen (findings/zone_statement.h). A film that could not be read or analysed says why and
// shows no number. No patient is named unless the record names one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contract/film_record.h"

namespace chestlight {

struct ReportPicture {
  std::string caption;  // "The film"
  std::vector<std::uint8_t> png;
};

/// Under the map: the bar of its colours, with its ends and unit.
struct ReportLegend {
  std::vector<std::uint8_t> png;
  std::string least, most, unit;
};

struct ReportPage {
  contract::FilmRecord record;
  std::optional<contract::FilmInfo> film;    // nothing: it was not read
  std::optional<contract::ModelInfo> model;  // nothing: none was in use
  std::string shown_window;                  // in words: how the pictures are windowed
  std::vector<ReportPicture> pictures;       // the plain film first; none where there is no film
  std::optional<ReportLegend> legend;
};

/// The finding whose map the page shows: `wanted` where the record has it; else the first that is likely, or else uncertain;
/// empty where there is none.
std::string finding_for_report(const contract::FilmRecord& record, const std::string& wanted);

std::string report_head(const std::string& title);
std::string report_page(const ReportPage& page);
std::string report_tail();

}  // namespace chestlight
