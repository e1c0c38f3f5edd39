#include "findings/finding_words.h"

#include <algorithm>
#include <iterator>

namespace chestlight {
namespace {

constexpr FindingWords kFindingWords[] = {
    {"Atelectasis", "Atelectasis",
     "Part of a lung that has lost air and shrunk, often seen as bands or a raised diaphragm at the base.", 0.4f},
    {"Cardiomegaly", "Cardiomegaly",
     "A heart shadow wider than about half the chest; on films taken from the front (AP) a heart of ordinary size can look as "
     "wide.",
     0.2f},
    {"Effusion", "Pleural effusion",
     "Fluid between lung and chest wall, which blunts the angle beside the diaphragm or whitens the lower chest.", 0.6f},
    {"Infiltration", "Infiltration",
     "A hazy whitening of the lung of any cause; radiologists use the word loosely, so its labels are the least exact of all.",
     0.4f},
    {"Mass", "Mass", "A rounded shadow in the lung larger than 3 cm.", 0.7f},
    {"Nodule", "Nodule", "A rounded shadow in the lung of up to 3 cm, easily lost when the film is made small for the network.",
     0.7f},
    {"Pneumonia", "Pneumonia",
     "Whitening of the lung that the reporting radiologist took for an infection; the film alone seldom proves that.", 0.4f},
    {"Pneumothorax", "Pneumothorax",
     "Air between lung and chest wall; many labelled films were taken after a drain was placed, and the network may see the "
     "drain.",
     0.6f},
    {"Consolidation", "Consolidation",
     "Lung whose air spaces are filled with fluid or cells, a dense white area in which airways may show as dark lines.", 0.4f},
    {"Edema", "Pulmonary edema",
     "Fluid in the lungs, most often from a failing heart: hazy shadows that spread from the middle to both sides.", 0.4f},
    {"Emphysema", "Emphysema",
     "Lung tissue lost and overfilled with air: large dark lungs and flat diaphragms; air under the skin was labelled so too.",
     0.4f},
    {"Fibrosis", "Fibrosis", "Scarring of the lung, seen as fine lines, a coarse net or pulled-up structures.", 0.4f},
    {"Pleural_Thickening", "Pleural thickening",
     "A thickened lining of the lung along the chest wall or at the tip, most often an old scar.", 0.6f},
    {"Hernia", "Hiatal hernia",
     "Part of the stomach above the diaphragm, seen as a rounded shadow behind the heart, often with air in it.", 0.4f},
    {"Lung Lesion", "Lung lesion", "A mass, nodule or cavity in the lung, of whatever size.", 0.7f},
    {"Fracture", "Fracture", "A broken rib, collarbone or other bone that the film shows.", 0.7f},
    {"Lung Opacity", "Lung opacity", "Any part of a lung that is whiter than it should be, whatever the cause.", 0.4f},
    {"Enlarged Cardiomediastinum", "Enlarged cardiomediastinum",
     "A middle of the chest, heart and great vessels together, that is wider than usual.", 0.2f},
};

}  // namespace

const FindingWords* find_finding_words(std::string_view id) {
  const auto found =
      std::find_if(std::begin(kFindingWords), std::end(kFindingWords), [&](const FindingWords& words) { return words.id == id; });
  return found == std::end(kFindingWords) ? nullptr : found;
}

}  // namespace chestlight
