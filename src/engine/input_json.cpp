#include "engine/input_json.h"

#include "imaging/correction_json.h"

namespace chestlight {

Json input_json(const InputRecord& record) {
  const Correction& correction = record.correction;
  Json json = {{"rule", record.rule},
               {"width", record.width},
               {"height", record.height},
               {"crop", rect_json(record.seen)},
               {"placed", rect_json(record.placed)},
               {"window", nullptr},
               {"inverted", {{"by_file", record.inverted_by_file}, {"by_correction", correction.inverted}}},
               {"rotation", 90 * correction.quarter_turns},
               {"mirrored", correction.mirrored},
               {"corrections", nullptr},
               {"corrections_text", correction_words(correction)}};
  if (record.window) json["window"] = {{"black", record.window->black}, {"white", record.window->white}};
  if (correction.any()) json["corrections"] = correction_json(correction);
  return json;
}

}  // namespace chestlight
