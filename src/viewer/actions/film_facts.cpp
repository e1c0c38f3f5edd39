// See film_facts.h.
#include "viewer/actions/film_facts.h"

#include "viewer/actions/json_fields.h"

namespace chestlight::viewer {
namespace {

const Json* object_at(const Json& json, const char* key) {
  auto found = json.find(key);
  return found != json.end() && found->is_object() ? &*found : nullptr;
}

DicomFacts dicom_facts(const Json& json) {
  DicomFacts facts;
  facts.transfer_syntax = text_or(json, "transfer_syntax");
  facts.modality = text_or(json, "modality");
  facts.body_part = text_or(json, "body_part");
  facts.view_position = text_or(json, "view_position");
  facts.laterality = text_or(json, "laterality");
  facts.orientation = text_or(json, "orientation");
  facts.photometric = text_or(json, "photometric");
  facts.presentation_intent = text_or(json, "presentation_intent");
  facts.burned_in = flag_or(json, "burned_in");
  facts.lossy_ratio = number_or(json, "lossy_ratio");
  facts.frames = static_cast<int>(number_or(json, "frames", 1));
  facts.frame = static_cast<int>(number_or(json, "frame", 1));
  facts.frame_chosen = flag_or(json, "frame_chosen");
  facts.inverted = flag_or(json, "inverted");
  if (const Json* spacing = object_at(json, "spacing"))
    facts.spacing = {number_or(*spacing, "row"), number_or(*spacing, "column"), text_or(*spacing, "kind")};
  if (const Json* rescale = object_at(json, "rescale")) {
    facts.slope = number_or(*rescale, "slope", 1);
    facts.intercept = number_or(*rescale, "intercept");
    facts.rescale_type = text_or(*rescale, "type");
  }
  if (const Json* scale = object_at(json, "film_scale"); scale && number_or(*scale, "scale") != 0)
    facts.film_scale = FilmScale{number_or(*scale, "scale"), number_or(*scale, "offset"), flag_or(*scale, "after_lut"),
                                 flag_or(*scale, "padded")};
  return facts;
}

}  // namespace

Window parse_window(const Json& json, const Window& otherwise) {
  Window window{number_or(json, "centre", otherwise.centre), number_or(json, "width", otherwise.width)};
  if (!(window.width > 0)) window.width = otherwise.width;
  std::string shape = text_or(json, "shape");
  if (shape == "sigmoid") window.shape = WindowShape::kSigmoid;
  if (shape == "table") {
    window.shape = WindowShape::kTable;
    window.table = static_cast<int>(number_or(json, "table", -1));
  }
  return window;
}

void read_film_facts(const Json& film, FilmInfo& info) {
  if (auto presets = film.find("presets"); presets != film.end() && presets->is_array())
    for (const Json& preset : *presets)
      if (number_or(preset, "width") > 0) info.presets.push_back({text_or(preset, "name"), parse_window(preset, Window{})});
  if (const Json* dicom = object_at(film, "dicom")) info.dicom = dicom_facts(*dicom);
}

}  // namespace chestlight::viewer
