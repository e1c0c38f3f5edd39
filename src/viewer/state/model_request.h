// What the model is asked to see of a film: a reader's corrections and whether to analyse it although it was refused.
// Apart from how the film is looked at: no window, turn or zoom of the screen ever comes in here by itself.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "contract/analysis.h"
#include "imaging/correction.h"
#include "viewer/state/view.h"

namespace chestlight::viewer {

struct FilmEntry;
struct State;

struct ModelRequest {
  Correction correction;
  bool anyway = false;  // also where the film is refused
  bool any() const { return anyway || correction.any(); }
  bool operator==(const ModelRequest&) const = default;
};

/// The very pixels that the network got of one film: 8-bit grey, row-major, ModelPx.
struct ModelPicture {
  int film = 0;
  contract::InputRecord input;
  std::vector<std::uint8_t> grey;
};

/// As messages carry it: nothing where nothing is corrected.
inline std::optional<Correction> asked_correction(const ModelRequest& request) {
  return request.correction.any() ? std::optional(request.correction) : std::nullopt;
}

/// Asks for a new analysis. It is remembered by change_request() (actions/undo.h).
void ask_again(FilmEntry& film, const ModelRequest& request);

/// Whether an analysis is of what is asked for now; one that comes late may not be.
bool answers(const contract::Analysis& analysis, const ModelRequest& request);

/// The part of the film between two points, in whole pixels; nothing where it is under kSmallestCrop on a side.
constexpr int kSmallestCrop = 16;
std::optional<PixelRect> crop_between(const FilmEntry& film, SourcePx a, SourcePx b);
/// The part of the film that is on the screen now.
std::optional<PixelRect> crop_on_screen(const State& state, const FilmEntry& film);
/// Turns, inversion and, where the reader changed it, the window of the screen: what "as on the screen" asks for.
Correction correction_as_shown(const FilmEntry& film);

/// "Corrected for the model: inverted, turned by 90°." and "Analysed although it was refused."; empty for neither.
std::string request_in_words(const FilmEntry& film);
/// "corrected", "refused, analysed anyway" or both; for where there is little room.
std::string request_in_short(const FilmEntry& film);

}  // namespace chestlight::viewer
