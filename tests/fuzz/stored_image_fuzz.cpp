// Any stored image, however it contradicts itself, gives a film that keeps its promises or an error with a message. The
// input is the arguments of open-dicom as JSON, a line feed, then the values.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "base/bytes.h"
#include "engine/dicom_json.h"
#include "imaging/window.h"

namespace chestlight {
namespace {

void require(bool promise) {
  if (!promise) std::abort();
}

void check(const Film& film) {
  require(film.width() >= 1 && film.height() >= 1);
  require(film.low <= film.high && film.high <= film.full_scale);
  for (auto value : film.pixels.values()) require(value >= film.low && value <= film.high);
  if (auto range = film.network_range()) require(range->white > range->black);
  require(std::isfinite(film.window.centre) && film.window.width > 0);
  for (const DisplayTable& table : film.tables) require(table.values.size() >= 2 && table.first < table.last);
  for (const NamedWindow& preset : film.presets) {
    require(std::isfinite(preset.window.centre) && std::isfinite(preset.window.width) && preset.window.width > 0);
    require(preset.window.table < static_cast<int>(film.tables.size()));
    for (double value : {0.0, 1.0, static_cast<double>(film.low), static_cast<double>(film.high), 65535.0}) {
      const float shown = brightness(value, preset.window, film.tables);
      require(shown >= 0 && shown <= 1);
    }
  }
  require(apply_window(film.pixels.view(), film.window, film.tables).values().size() == film.pixels.values().size());
}

void open(Bytes bytes) {
  const auto text = as_text(bytes);
  const std::size_t end = std::min(text.find('\n'), text.size());
  auto json = parse_json(text.substr(0, end), "image");
  if (!json) return;
  const Bytes values = bytes.subspan(std::min(end + 1, bytes.size()));
  auto image = stored_image_from_json(JsonReader(*json, "image", ErrorCode::kInvalidRequest), {values.begin(), values.end()});
  if (!image) return require(!image.error().message.empty());
  auto film = film_from_stored(*image);
  if (!film) return require(!film.error().message.empty() && !film.error().hint.empty());
  check(*film);
}

}  // namespace
}  // namespace chestlight

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chestlight::open({data, size});
  return 0;
}
