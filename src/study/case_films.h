// The films of a case: one entry for each, with its one owner here. An entry keeps what is known of its film; the decoded pixels
// are the engine's, named by its number, and are let go when there is no room for them.
//
// Decoded films are bounded by bytes: one that nothing waits for goes first, the one used longest ago, and is read again when it
// is needed, so that two hundred films cost as much memory as a few.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "contract/film_record.h"

namespace chestlight {

/// About thirty films of 2048 × 2048 at 16 bits.
inline constexpr std::size_t kDecodedBudget = std::size_t{256} * 1024 * 1024;

struct CaseFilm {
  int id = 0;  // the page's number
  std::string name;
  int frame = 0;  // 0: none was chosen
  bool frame_chosen = false;

  std::uint32_t decoded = 0;  // the engine's number, 0 while it is not decoded
  contract::FilmInfo info;    // as it was read last
  std::string decoder;
  std::string sha256;      // of the file
  bool synthetic = false;  // computer-generated, as far as is known
  double decode_milliseconds = 0;
  std::size_t bytes = 0;       // of the decoded pixels
  std::uint64_t last_use = 0;  // of CaseFilms' own count

  std::optional<contract::FilmRecord> record;  // what became of it, for exports
  contract::FilmReading reading;               // what the reader made of it
  bool set_aside = false;                      // taken away; that can be undone
};

class CaseFilms {
 public:
  explicit CaseFilms(std::size_t budget = kDecodedBudget) : budget_(budget) {}

  CaseFilm& add(int id, std::string name);
  /// nullptr for one that is not here. It counts as used.
  CaseFilm* find(int id);
  void remove(int id) { films_.erase(id); }
  /// By number.
  const std::map<int, CaseFilm>& all() const { return films_; }

  std::size_t budget() const { return budget_; }
  std::size_t decoded_bytes() const;
  /// The engine's numbers of the films to be closed so that the others fit; `keep` stays whatever its size. Those that nothing
  /// waits for go first.
  std::vector<std::uint32_t> make_room(const CaseFilm& keep, const std::function<bool(int)>& is_waited_for);

 private:
  std::map<int, CaseFilm> films_;
  std::size_t budget_;
  std::uint64_t uses_ = 0;
};

}  // namespace chestlight
