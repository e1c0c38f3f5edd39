#include "study/case_films.h"

#include <utility>

namespace chestlight {

CaseFilm& CaseFilms::add(int id, std::string name) {
  CaseFilm& film = films_[id];
  film.id = id;
  film.name = std::move(name);
  film.last_use = ++uses_;
  return film;
}

CaseFilm* CaseFilms::find(int id) {
  auto found = films_.find(id);
  if (found == films_.end()) return nullptr;
  found->second.last_use = ++uses_;
  return &found->second;
}

std::size_t CaseFilms::decoded_bytes() const {
  std::size_t bytes = 0;
  for (const auto& [id, film] : films_) bytes += film.bytes;
  return bytes;
}

std::vector<std::uint32_t> CaseFilms::make_room(const CaseFilm& keep, const std::function<bool(int)>& is_waited_for) {
  std::vector<std::uint32_t> closed;
  for (std::size_t bytes = decoded_bytes(); bytes > budget_;) {
    CaseFilm* oldest = nullptr;
    const auto order = [&](const CaseFilm& film) { return std::pair(is_waited_for(film.id), film.last_use); };
    for (auto& [id, film] : films_)
      if (film.decoded && &film != &keep && (!oldest || order(film) < order(*oldest))) oldest = &film;
    if (!oldest) break;
    bytes -= oldest->bytes;
    closed.push_back(std::exchange(oldest->decoded, 0));
    oldest->bytes = 0;
  }
  return closed;
}

}  // namespace chestlight
