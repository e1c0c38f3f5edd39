// Whatever was stored gives settings within their bounds, and they survive being stored again.
#include <cstdlib>

#include "base/bytes.h"
#include "viewer/state/settings.h"

namespace chestlight::viewer {
namespace {

void require(bool promise) {
  if (!promise) std::abort();
}

bool within(double value, double low, double high) { return value >= low && value <= high; }

void read(Bytes bytes) {
  const auto json = parse_json(as_text(bytes), "settings");
  if (!json) return;
  const Settings settings = settings_from_json(*json);
  require(within(settings.overlay.opacity, 0, 1) && within(settings.overlay.contour_level, 0, 1));
  require(within(settings.films_width, kNarrowestFilms, kWidestFilms));
  require(within(settings.findings_width, kNarrowestFindings, kWidestFindings));
  const auto stored = parse_json(write_json(settings_to_json(settings)), "stored settings");
  require(stored && settings_from_json(*stored) == settings);
}

}  // namespace
}  // namespace chestlight::viewer

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chestlight::viewer::read({data, size});
  return 0;
}
