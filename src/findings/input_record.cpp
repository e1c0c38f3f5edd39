#include "findings/input_record.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace chestlight {
namespace {

const char* filter_words(Filter filter) {
  switch (filter) {
    case Filter::kLanczos3: return "Lanczos filter";
    case Filter::kTriangle: return "linear filter";
    case Filter::kArea: return "mean of each area";
    case Filter::kGaussian: return "Gaussian filter";
  }
  return "";
}

std::string fit_words(const InputSpec& spec) {
  const std::string size = text(spec.width, " × ", spec.height, " pixels");
  switch (spec.fit) {
    case Fit::kCentreSquareCrop: {
      const std::string part = spec.crop < 1 ? text("The inner ", fixed(100 * spec.crop, 1), " % of the largest") : "The largest";
      return text(part, " centred part with the shape of the model's input, scaled to ", size);
    }
    case Fit::kLetterbox: return text("The whole film, scaled to fit ", size, " with a black border");
    case Fit::kStretch: return text("The whole film, stretched to ", size);
  }
  return "";
}

std::string value_words(const Film& film, const Correction& correction) {
  if (correction.window) return "Black and white are those of the window set for the model.";
  if (film.stated_range) return "Black and white are those that the file states.";
  if (film.full_scale <= 255) return "Black is 0 and white 255, as stored.";
  const auto range = film.network_range();
  if (range && (range->black > film.low || range->white < film.high))
    return "Black is the smallest and white the largest value of the film, but for a few outlying pixels.";
  return "Black is the smallest and white the largest value of the film.";
}

std::string rule_words(const Film& film, const Correction& correction, const InputSpec& spec) {
  std::string rule = text(fit_words(spec), " (", filter_words(spec.filter));
  if (spec.detail) rule += text(", with no more detail than ", spec.detail, " pixels across");
  rule += "). " + value_words(film, correction);
  if (correction.any()) rule += " Corrected beforehand: " + correction_words(correction) + ".";
  return rule + " Taken from stored values; the window, turns and zoom of the screen have no part in it.";
}

// A rectangle of the corrected film on the film as opened. Corrections move whole pixels, so the corners stay whole.
PixelRect on_film_as_opened(const PixelRect& rect, const Map<SourceSpace, SourceSpace>& to_opened) {
  const SourcePx a = to_opened({double(rect.x), double(rect.y)});
  const SourcePx b = to_opened({double(rect.x) + rect.width, double(rect.y) + rect.height});
  auto whole = [](double value) { return static_cast<int>(std::lround(value)); };
  return {whole(std::min(a.x, b.x)), whole(std::min(a.y, b.y)), whole(std::abs(b.x - a.x)), whole(std::abs(b.y - a.y))};
}

}  // namespace

PreparedInput prepare_input(const Film& film, const Correction& correction, const InputSpec& spec) {
  PreparedInput prepared;
  if (correction.any()) prepared.corrected = correct_film(film, correction);
  const Film& seen = seen_film(prepared, film);
  prepared.input = preprocess(seen, spec);

  const InputGeometry& geometry = prepared.input.geometry;
  const auto map = correction_map(correction, film.width(), film.height());
  prepared.source_to_model = compose(map, geometry.source_to_model);

  InputRecord& record = prepared.record;
  record.rule = rule_words(film, correction, spec);
  record.width = spec.width;
  record.height = spec.height;
  record.crop = on_film_as_opened(geometry.seen, map.inverse());
  record.placed = geometry.placed;
  record.window = seen.network_range();
  if (correction.inverted && record.window) {
    const double sum = seen.low + seen.high;  // inversion mirrors values within their range
    record.window = ValueRange{sum - record.window->white, sum - record.window->black};
  }
  record.inverted = {film.facts.dicom && film.facts.dicom->inverted, correction.inverted};
  record.rotation = 90 * correction.quarter_turns;
  record.mirrored = correction.mirrored;
  if (correction.any()) record.corrections = correction;
  record.corrections_text = correction_words(correction);
  return prepared;
}

Grid<std::uint8_t> input_picture(const ModelInput& input, const InputSpec& spec) {
  Grid<std::uint8_t> picture(input.width, input.height);
  for (std::size_t i = 0; i < picture.values().size(); ++i) {
    const float v = input.tensor[i] * spec.std_dev[0] + spec.mean[0];
    picture.values()[i] = static_cast<std::uint8_t>(std::lround(255 * std::clamp(v, 0.0f, 1.0f)));
  }
  return picture;
}

}  // namespace chestlight
