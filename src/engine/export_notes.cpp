#include "engine/export_notes.h"

#include "findings/operating_point.h"

namespace chestlight {

void add_notes(contract::FilmRecord& record, const std::map<std::string, double>& own_thresholds, const std::string& date) {
  record.date = date;
  for (contract::FindingRecord& finding : record.findings) {
    const auto own = own_thresholds.find(finding.id);
    if (own == own_thresholds.end() || !(own->second > 0 && own->second < 1)) continue;
    finding.own_threshold = own->second;
    finding.own_state = finding_state({static_cast<float>(finding.calibrated)}, {static_cast<float>(own->second)});
  }
}

std::string stem_of(std::string_view path) {
  const std::size_t dot = path.find_last_of('.'), slash = path.find_last_of('/');
  return std::string(dot == path.npos || (slash != path.npos && dot < slash) ? path : path.substr(0, dot));
}

}  // namespace chestlight
