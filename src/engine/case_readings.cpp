// What a reader makes of the films of a case, and films that are taken away and brought back: see case_runner.h.
#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/case_runner.h"
#include "study/reading.h"

namespace chestlight {
namespace {

double length_of(const contract::WidthLine& line) { return std::hypot(line.to[0] - line.from[0], line.to[1] - line.from[1]); }

}  // namespace

void CaseRunner::receive(const contract::GiveVerdict& message) {
  change_reading(message.id, [&](contract::FilmReading& reading) { set_verdict(reading, message.verdict); });
}

void CaseRunner::receive(const contract::MarkRead& message) {
  change_reading(message.id, [&](contract::FilmReading& reading) { reading.read = message.read; });
}

void CaseRunner::receive(const contract::KeepMeasurements& message) {
  change_reading(message.id, [&](contract::FilmReading& reading) { reading.measurements = message.measurements; });
}

/// Both lines or none: a ratio takes two.
void CaseRunner::receive(const contract::MoveWidthLines& message) {
  std::optional<contract::MovedLines> moved;
  if (message.heart && message.chest && length_of(*message.chest) > 0)
    moved = contract::MovedLines{length_of(*message.heart) / length_of(*message.chest), *message.heart, *message.chest};
  change_reading(message.id, [&](contract::FilmReading& reading) { reading.moved_lines = moved; });
}

void CaseRunner::change_reading(int id, const std::function<void(contract::FilmReading&)>& change) {
  CaseFilm* film = films_.find(id);
  if (!film) return;
  change(film->reading);
  keep(*film);
  post(contract::ReadingChanged{id, film->reading});
}

/// A frame is opened instead of the first only where none was opened yet.
void CaseRunner::receive(const contract::BringBackReading& message) {
  CaseFilm* film = films_.find(message.id);
  if (!film) return;
  if (message.frame && !film->frame && film->sha256.empty()) {
    film->frame = message.frame;
    film->frame_chosen = message.chosen;
  }
  contract::FilmReading earlier = message.reading;
  if (film->frame != message.frame) earlier.moved_lines.reset();  // they are of another picture
  bring_back(film->reading, earlier);
  keep(*film);
  post(contract::ReadingCameBack{film->id, film->reading, message.correction, message.anyway});
}

/// What was asked of them is void, and their pixels go; what is known of them stays.
void CaseRunner::receive(const contract::SetAsideFilms& message) {
  for (int id : message.ids) {
    CaseFilm* film = films_.find(id);
    if (!film || film->set_aside) continue;
    drop_film_tasks(id);
    release(*film);
    film->set_aside = true;
    keep(*film);
  }
}

void CaseRunner::receive(const contract::BringBackFilms& message) {
  for (int id : message.ids) {
    CaseFilm* film = films_.find(id);
    if (!film || !film->set_aside) continue;
    film->set_aside = false;
    keep(*film);
    look_for_missing_anatomy(*film);
  }
}

std::optional<contract::FilmRecord> CaseRunner::record_of(const CaseFilm& film) const {
  const CaseFilm* known = film.record ? &film : original_of(film);
  if (!known) return std::nullopt;
  contract::FilmRecord record = with_reading(*known->record, known->reading);
  record.sha256 = film.sha256;
  record.synthetic = film.synthetic;
  if (known != &film) {
    record.file = film.name;
    record.copy_of = known->name;
  }
  return record;
}

std::map<int, contract::FilmRecord> CaseRunner::records() const {
  std::map<int, contract::FilmRecord> records;
  for (const auto& [id, film] : films_.all())
    if (auto record = film.set_aside ? std::nullopt : record_of(film)) records[id] = std::move(*record);
  return records;
}

const CaseFilm* CaseRunner::original_of(const CaseFilm& copy) const {
  if (copy.sha256.empty()) return nullptr;
  for (const auto& [id, film] : films_.all())
    if (&film != &copy && film.record && !film.set_aside && film.sha256 == copy.sha256) return &film;
  return nullptr;
}

}  // namespace chestlight
