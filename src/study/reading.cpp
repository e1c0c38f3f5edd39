#include "study/reading.h"

namespace chestlight {

contract::FilmRecord with_reading(contract::FilmRecord record, const contract::FilmReading& reading) {
  record.read = reading.read;
  record.measurements = reading.measurements;
  record.moved_lines.reset();
  record.cardiothoracic_ratio = record.anatomy ? record.anatomy->cardiothoracic_ratio : std::nullopt;
  if (record.cardiothoracic_ratio && reading.moved_lines) {
    record.moved_lines = reading.moved_lines;
    record.cardiothoracic_ratio = reading.moved_lines->cardiothoracic_ratio;
  }
  for (contract::FindingRecord& finding : record.findings) {
    const contract::Verdict verdict = verdict_on(reading, finding.id).value_or(contract::Verdict{finding.id});
    finding.verdict.reset();
    if (verdict.opinion != contract::Opinion::kNone) finding.verdict = verdict.opinion;
    finding.verdict_note = verdict.note;
  }
  return record;
}

}  // namespace chestlight
