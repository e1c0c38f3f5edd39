// See film_scale.h.
#include "viewer/measuring/film_scale.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/text.h"

namespace chestlight::viewer {
namespace {

constexpr double kSquare = 0.01;  // spacings that differ by less are the same

std::string opposite(const std::string& letters) {
  static const std::string kFrom = "APRLHF", kTo = "PALRFH";
  std::string other;
  for (char letter : letters) other += kTo[kFrom.find(letter)];
  return other;
}

/// Values of a component of Patient Orientation; empty when it has other letters than those for people.
std::string direction(const std::string& word) {
  bool known = !word.empty() && word.size() <= 3 && word.find_first_not_of("APRLHF") == std::string::npos;
  return known ? word : std::string();
}

double degrees_at(SourcePx a, SourcePx corner, SourcePx b, double aspect) {
  double ax = a.x - corner.x, ay = (a.y - corner.y) * aspect, bx = b.x - corner.x, by = (b.y - corner.y) * aspect;
  return std::atan2(std::abs(ax * by - ay * bx), ax * bx + ay * by) * 180 / std::numbers::pi;
}

}  // namespace

std::optional<Ruler> ruler_of(const FilmInfo& info) {
  if (!info.dicom || !info.dicom->spacing) return std::nullopt;
  const PixelSpacing& spacing = *info.dicom->spacing;
  if (!(spacing.row > 0) || !(spacing.column > 0)) return std::nullopt;
  if (std::abs(spacing.row / spacing.column - 1) > kSquare) return std::nullopt;
  return Ruler{(spacing.row + spacing.column) / 2, spacing.kind != "patient"};
}

std::string ruler_in_words(const FilmInfo& info) {
  if (auto ruler = ruler_of(info))
    return ruler->at_detector ? "mm at the detector (Imager Pixel Spacing): the chest is magnified 5–15 %"
                              : "mm, calibrated (Pixel Spacing)";
  bool uneven = info.dicom && info.dicom->spacing && info.dicom->spacing->row > 0 && info.dicom->spacing->column > 0;
  return uneven ? "px: the file’s pixels are not square" : "px: the file states no pixel spacing";
}

std::string measurement_in_words(const FilmInfo& info, const Measurement& m) {
  if (!m.complete()) return {};
  if (m.kind == MeasurementKind::kAngle) {
    double aspect = 1;
    if (info.dicom && info.dicom->spacing && info.dicom->spacing->row > 0 && info.dicom->spacing->column > 0)
      aspect = info.dicom->spacing->row / info.dicom->spacing->column;
    return fixed(degrees_at(m.points[0], m.points[1], m.points[2], aspect), 1) + "°";
  }
  double pixels = std::hypot(m.points[1].x - m.points[0].x, m.points[1].y - m.points[0].y);
  auto ruler = ruler_of(info);
  if (!ruler) return fixed(pixels, 0) + " px";
  return fixed(pixels * ruler->mm, 1) + (ruler->at_detector ? " mm at detector" : " mm");
}

std::optional<ScaleBar> scale_bar(const FilmEntry& film, double zoom, double longest) {
  auto ruler = ruler_of(film.info);
  if (!ruler) return std::nullopt;
  double screen_per_mm = zoom / ruler->mm;
  for (double mm : {500.0, 200.0, 100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0})
    if (mm * screen_per_mm <= longest)
      return ScaleBar{mm, mm * screen_per_mm, text(mm, ruler->at_detector ? " mm at detector" : " mm")};
  return std::nullopt;
}

std::optional<EdgeLetters> edge_letters(const FilmEntry& film) {
  if (!film.info.dicom) return std::nullopt;
  const std::string& both = film.info.dicom->orientation;
  std::size_t between = both.find('\\');
  if (between == std::string::npos) return std::nullopt;
  std::string along_row = direction(both.substr(0, between)), along_column = direction(both.substr(between + 1));
  if (along_row.empty() || along_column.empty()) return std::nullopt;
  // The film's directions that point right and down on screen: rows of the orientation's matrix.
  auto towards = [&](int x, int y) {
    return x > 0 ? along_row : x < 0 ? opposite(along_row) : y > 0 ? along_column : opposite(along_column);
  };
  const Orientation& o = film.view.orientation;
  std::string right = towards(o.xx, o.xy), bottom = towards(o.yx, o.yy);
  return EdgeLetters{opposite(right), right, opposite(bottom), bottom};
}

std::vector<std::string> sides_in_words(const FilmEntry& film) {
  auto words = [](bool right) { return std::string("Image left = patient's ") + (right ? "right" : "left"); };
  if (auto letters = edge_letters(film)) {
    bool right = letters->left.find('R') != std::string::npos, left = letters->left.find('L') != std::string::npos;
    if (right != left) return {words(right)};
    return {};
  }
  const Orientation& o = film.view.orientation;
  if (o == Orientation{}) return {words(true), "(assumed)"};
  if (o == Orientation{}.flipped_left_right()) return {words(false), "(assumed)"};
  return {};
}

std::vector<std::string> probe_in_words(const State& state) {
  const FilmEntry* film = selected_film(state);
  if (!film || !film->decoded() || !state.measuring.cross || !state.pixels || state.pixels->film != film->id) return {};
  const PixelBuffer& pixels = *state.pixels;
  int x = std::clamp(static_cast<int>(std::floor(state.measuring.cross->x)), 0, pixels.width - 1);
  int y = std::clamp(static_cast<int>(std::floor(state.measuring.cross->y)), 0, pixels.height - 1);
  double value =
      pixels.values[static_cast<std::size_t>(y) * static_cast<std::size_t>(pixels.width) + static_cast<std::size_t>(x)];
  std::vector<std::string> lines = {text("x ", x, "  y ", y)};
  const auto& dicom = film->info.dicom;
  if (!dicom || !dicom->film_scale) {
    lines.push_back(text(dicom || film->info.channels >= 3 ? "Grey " : "Stored ", value, " of ", film->info.full_scale));
    return lines;
  }
  const FilmScale& scale = *dicom->film_scale;
  double grey = scale.grey(value);
  bool exact = std::abs(scale.scale) == 1;
  if (!scale.after_lut) lines.push_back(text(exact ? "Stored " : "Stored about ", fixed(grey, 0)));
  bool rescaled = dicom->slope != 1 || dicom->intercept != 0;
  if (scale.after_lut || rescaled) {
    double modality = scale.after_lut ? grey : dicom->slope * grey + dicom->intercept;
    bool whole = modality == std::round(modality);
    std::string unit = dicom->rescale_type.empty() || dicom->rescale_type == "US" ? "" : " " + dicom->rescale_type;
    lines.push_back(text("Modality ", fixed(modality, whole ? 0 : 2), unit));
  }
  if (scale.padded && value == film->info.low) lines.push_back("or padding");
  return lines;
}

}  // namespace chestlight::viewer
