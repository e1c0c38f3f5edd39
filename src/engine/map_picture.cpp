#include "engine/map_picture.h"

#include "base/text.h"
#include "base/version.h"
#include "explain/methods/evidence.h"
#include "imaging/codecs/encode_png.h"
#include "render/caption.h"
#include "render/reduced_picture.h"
#include "study/export.h"

namespace chestlight {
namespace {

constexpr char kEvidence[] = "evidence";
constexpr char kOverridden[] = "Analysed although the film was refused.";

/// The evidence of every finding of a film that was looked at: what their common scale is taken from.
std::vector<float> evidence_of_all(const Model& model, const Question& question) {
  const Manifest& manifest = model.manifest();
  Question one;
  one.head = question.head;
  one.head_biases = question.head_biases;
  std::vector<float> all;
  for (std::size_t i = 0; i < manifest.labels.size(); ++i) {
    std::vector<float> this_finding(manifest.labels.size());
    this_finding[i] = 1;
    one.aim_at(std::move(this_finding));
    one.zero = manifest.evidence_zero(i).value;
    const Grid<float> map = evidence_of(one, question.features, 0);
    all.insert(all.end(), map.values().begin(), map.values().end());
  }
  return all;
}

struct Shown {
  GridView<const float> map;
  MapFacts facts;
  std::string title;
  bool overridden = false;
  const InputRecord* input = nullptr;
};

std::vector<std::uint8_t> png_of(const Grid<Rgba>& picture) {
  const Bytes rgba{reinterpret_cast<const std::uint8_t*>(picture.values().data()), picture.values().size() * sizeof(Rgba)};
  return encode_png(rgba, picture.width(), picture.height());
}

/// With what a picture must not be parted from: who made it, and what it is not.
std::vector<std::uint8_t> marked_png(const Grid<Rgba>& picture) {
  return png_with_text(png_with_text(png_of(picture), "Software", app_name_and_version()), "Disclaimer", kExportNotice);
}

MapPicture draw(const Model& model, const Shown& shown, const FilmView& view, const Film& film, const PictureOrder& order) {
  const MapDrawing drawing = drawing_of(shown.facts, order.look.map);
  Caption caption{shown.title, legend_of(shown.facts, order.look.map), {}};
  if (!order.file.empty()) caption.facts.push_back(order.file);
  caption.facts.push_back(text(order.date, order.date.empty() ? "" : " · ", model.manifest().id, " · ", app_name_and_version()));
  if (shown.overridden) caption.facts.push_back(kOverridden);
  const Grid<Rgba> picture = with_caption(draw_film(film, order.look, view, shown.map, drawing), caption, *order.typeface);
  // Nor from what the model saw, and that somebody overruled the gate.
  std::vector<std::uint8_t> png = marked_png(picture);
  png = png_with_text(std::move(png), "Model input", shown.input->rule);
  if (shown.overridden) png = png_with_text(std::move(png), "Overridden", kOverridden);
  return {picture.width(), picture.height(), drawing.scale, std::move(png)};
}

const Method& evidence_method() {
  for (const Method& method : methods())
    if (method.id == kEvidence) return method;
  return methods().front();
}

std::string title_of(const Label& label, const Method& method, const std::string& layer) {
  return text(label.name, ", ", method.name, layer.empty() ? "" : ", ", layer);
}

Shown shown_of(const Model& model, const Explanation& explanation) {
  const Label& label = model.manifest().labels[explanation.asked.finding];
  const Method& method = *explanation.method;
  const Question& question = explanation.asked.question;
  const auto map = explanation.map.values.view();
  const MapFacts facts = method.id == kEvidence ? evidence_facts(map, evidence_of_all(model, question), label.cutoff)
                                                : map_facts(map, method.is_signed ? MapSign::kSigned : MapSign::kPositive,
                                                            label.cutoff, std::string(method.unit));
  return {map, facts, title_of(label, method, method.has_layers ? question.layer : ""), explanation.asked.overridden,
          &explanation.asked.record};
}

}  // namespace

MapPicture evidence_picture(const Model& model, const Analysis& analysis, std::size_t finding, const Film& film,
                            const PictureOrder& order) {
  const Label& label = model.manifest().labels[finding];
  std::vector<float> all;
  for (std::size_t i = 0; i < analysis.findings.size(); ++i) {
    const Grid<float> map = analysis.map(i);
    all.insert(all.end(), map.values().begin(), map.values().end());
  }
  const Grid<float> map = analysis.map(finding);
  return draw(model,
              {map.view(), evidence_facts(map.view(), all, label.cutoff), title_of(label, evidence_method(), ""),
               analysis.overridden, &analysis.input},
              analysis.view, film, order);
}

MapPicture explanation_picture(const Model& model, const Explanation& explanation, const Film& film, const PictureOrder& order) {
  return draw(model, shown_of(model, explanation), explanation.asked.view, film, order);
}

std::vector<std::uint8_t> film_png(const Film& film, const PictureLook& look) {
  PictureLook plain = look;
  plain.map.outline = false;
  const FilmView whole{film.width(), film.height(), {}, film.width(), film.height()};
  const Grid<float> nothing(1, 1);
  return marked_png(reduced(draw_film(film, plain, whole, nothing.view(), {}), kReportSide));
}

ReportMap report_map(const Model& model, const Explanation& explanation, const Film& film, PictureLook look) {
  constexpr int kBarWidth = 256, kBarHeight = 16;
  constexpr Rgba kMiddleGrey = {96, 96, 96, 255};
  look.map.contour = true;
  const Shown shown = shown_of(model, explanation);
  const MapLegend legend = legend_of(shown.facts, look.map);
  const Grid<Rgba> picture = draw_film(film, look, explanation.asked.view, shown.map, drawing_of(shown.facts, look.map));
  return {{shown.title, marked_png(reduced(picture, kReportSide))},
          {png_of(colour_bar(legend.is_signed, kBarWidth, kBarHeight, kMiddleGrey)), legend.least, legend.most, legend.unit}};
}

}  // namespace chestlight
