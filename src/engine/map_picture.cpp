#include "engine/map_picture.h"

#include "base/text.h"
#include "explain/methods/evidence.h"
#include "imaging/codecs/encode_png.h"
#include "render/caption.h"
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

MapPicture draw(const Model& model, const Shown& shown, const FilmView& view, const Film& film, const PictureOrder& order) {
  const MapDrawing drawing = drawing_of(shown.facts, order.look.map);
  Caption caption{shown.title, legend_of(shown.facts, order.look.map), {}};
  if (!order.file.empty()) caption.facts.push_back(order.file);
  caption.facts.push_back(text(order.date, order.date.empty() ? "" : " · ", model.manifest().id));
  if (shown.overridden) caption.facts.push_back(kOverridden);
  const Grid<Rgba> picture = with_caption(draw_film(film, order.look, view, shown.map, drawing), caption, *order.typeface);
  const Bytes rgba{reinterpret_cast<const std::uint8_t*>(picture.values().data()), picture.values().size() * sizeof(Rgba)};
  std::vector<std::uint8_t> png = encode_png(rgba, picture.width(), picture.height());
  // What the picture must not be parted from: what it is not, what the model saw, and that somebody overruled the gate.
  png = png_with_text(std::move(png), "Disclaimer", kExportNotice);
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
  const Label& label = model.manifest().labels[explanation.asked.finding];
  const Method& method = *explanation.method;
  const Question& question = explanation.asked.question;
  const auto map = explanation.map.values.view();
  const MapFacts facts = method.id == kEvidence ? evidence_facts(map, evidence_of_all(model, question), label.cutoff)
                                                : map_facts(map, method.is_signed ? MapSign::kSigned : MapSign::kPositive,
                                                            label.cutoff, std::string(method.unit));
  return draw(model,
              {map, facts, title_of(label, method, method.has_layers ? question.layer : ""), explanation.asked.overridden,
               &explanation.asked.record},
              explanation.asked.view, film, order);
}

}  // namespace chestlight
