#include "engine/export_notes.h"

#include "findings/operating_point.h"

namespace chestlight {

void add_notes(contract::FilmRecord& record, const std::vector<contract::MeasurementRecord>& measurements,
               const std::map<std::string, double>& own_thresholds, const std::string& date) {
  record.measurements = measurements;
  record.date = date;
  for (contract::FindingRecord& finding : record.findings) {
    const auto own = own_thresholds.find(finding.id);
    if (own == own_thresholds.end() || !(own->second > 0 && own->second < 1)) continue;
    finding.own_threshold = own->second;
    finding.own_state = finding_state({static_cast<float>(finding.calibrated)}, {static_cast<float>(own->second)});
  }
}

std::string last_part(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

std::string stem_of(const std::string& path) {
  const std::size_t dot = path.find_last_of('.'), slash = path.find_last_of('/');
  return dot == std::string::npos || (slash != std::string::npos && dot < slash) ? path : path.substr(0, dot);
}

}  // namespace chestlight
