// See glossary.h.
#include "viewer/text/glossary.h"

#include <algorithm>

namespace chestlight::viewer {
namespace {

constexpr GlossaryTerm kTerms[] = {
    {"Atelectasis", "Atelectasis",
     "Part of a lung holds too little air and has collapsed. On a film: a denser band, wedge or lobe, with a fissure, the hilum, "
     "the "
     "diaphragm or the mediastinum drawn towards it. Confused with consolidation, which keeps the volume of the lung, and with "
     "fluid or "
     "thick pleura at the base."},
    {"Cardiomegaly", "Cardiomegaly",
     "The heart is too large. On an upright film taken from behind (PA) it is wider than half of the chest. Films taken from the "
     "front "
     "(AP), lying down or after breathing out make a normal heart look large, and fluid around the heart looks the same."},
    {"Consolidation", "Consolidation",
     "Fluid, pus, blood or cells take the place of air in the lung. On a film: a white area that hides the vessels, often with "
     "dark "
     "branches of air in it (air bronchogram), without loss of volume. Confused with atelectasis, effusion and mass."},
    {"Edema", "Edema",
     "Fluid in the tissue of the lungs, most often because the heart fails. On a film: wide vessels in the upper zones, blurred "
     "edges of "
     "vessels, short lines at the edges of the bases (Kerley B), haze around both hila, often with a large heart and effusions. "
     "Confused "
     "with infection, bleeding, and a film taken without a deep breath."},
    {"Emphysema", "Emphysema",
     "The smallest air spaces are wide and their walls destroyed. On a film: large dark lungs, low flat diaphragms, few vessels, "
     "a narrow "
     "heart, sometimes bullae with thin walls. Confused with a very deep breath or a dark film; a large bulla with "
     "pneumothorax."},
    {"Fibrosis", "Fibrosis",
     "Scars in the tissue of the lung. On a film: coarse lines and nets, mostly at the bases or, after tuberculosis, at the "
     "apices, with "
     "less volume and structures drawn towards them. Confused with the lines of edema, infection, atelectasis and wide bronchi."},
    {"Hernia", "Hiatal hernia",
     "Part of the stomach lies in the chest, through the gap of the diaphragm for the gullet. On a film: a round shadow behind "
     "the heart, "
     "often with a level of air over fluid. Confused with an abscess, a mass, a cyst, and a wide or winding aorta."},
    {"Infiltration", "Infiltration",
     "A loose word of older reports for any ill-defined haze or streaks in the lung. On a film: patches without clear borders "
     "that do not "
     "hide the vessels. It overlaps with pneumonia, consolidation, edema and atelectasis, and readers agree little on it."},
    {"Mass", "Mass",
     "A round opacity larger than 3 cm. On a film: dense, with a smooth, lobed or spiky border, alone or several. Confused with "
     "round "
     "pneumonia, fluid in a fissure, the vessels of a hilum, and things on the skin or in the chest wall."},
    {"Nodule", "Nodule",
     "A round opacity of up to 3 cm. On a film: a spot with a border, easily hidden by ribs, heart or diaphragm. Confused with a "
     "nipple, a "
     "vessel seen end on, the end of a rib, a healed fracture, and marks on the skin."},
    {"Effusion", "Pleural effusion",
     "Fluid between lung and chest wall. On an upright film: the angle of ribs and diaphragm is blunt; more fluid makes the base "
     "white with "
     "a curved upper edge (meniscus). Lying down it veils one side. Confused with atelectasis, thick pleura and a high "
     "diaphragm."},
    {"Pleural_Thickening", "Pleural thickening",
     "The lining of the lung is thick, mostly from a scar. On a film: a dense band along the chest wall or over an apex, or a "
     "blunt angle "
     "that stays when the patient moves. Confused with a little fluid, fat, the shadows of muscles and ribs, and a tumour of the "
     "apex."},
    {"Pneumonia", "Pneumonia",
     "An infection of the lung. On a film: consolidation or haze in a lobe or in patches, often with an air bronchogram. The "
     "film shows the "
     "opacity, not the germ. Confused with edema, atelectasis, bleeding, aspiration and tumours."},
    {"Pneumothorax", "Pneumothorax",
     "Air between lung and chest wall. On an upright film: a thin white line, the edge of the lung, without vessels beyond it, "
     "mostly at the "
     "apex; lying down, a deep dark angle at the base. Confused with folds of skin, the edge of the scapula, bullae, and lines "
     "of clothes "
     "or tubes."},
};

}  // namespace

std::span<const GlossaryTerm> glossary() { return kTerms; }

const Example* example_showing(const State& state, std::string_view finding) {
  const Example* found = nullptr;
  for (const Example& example : state.examples) {
    const auto at = std::ranges::find(example.shows, finding);
    if (at == example.shows.end()) continue;
    if (at == example.shows.begin()) return &example;
    if (!found) found = &example;
  }
  return found;
}

}  // namespace chestlight::viewer
