// What a DICOM file's own account lets through, warns about and refuses.
#include "findings/acquisition.h"

#include <gtest/gtest.h>

namespace chestlight {
namespace {

DicomFacts frontal_chest() {
  DicomFacts facts;
  facts.modality = "DX";
  facts.body_part = "CHEST";
  facts.view_position = "PA";
  facts.view = "frontal";
  facts.presentation_intent = "FOR PRESENTATION";
  return facts;
}

struct Row {
  const char* origin;
  void (*change)(DicomFacts&);
  std::vector<std::string> refusals, warnings;
};

const Row kRows[] = {
    {"a frontal chest film", [](DicomFacts&) {}, {}, {}},
    {"CR, AP", [](DicomFacts& f) { f.modality = "CR"; }, {}, {}},
    {"MR", [](DicomFacts& f) { f.modality = "MR"; }, {"other-modality"}, {}},
    {"a secondary capture", [](DicomFacts& f) { f.modality = "SC"; }, {}, {"unusual-modality"}},
    {"RF", [](DicomFacts& f) { f.modality = "RF"; }, {}, {"unusual-modality"}},
    {"no modality", [](DicomFacts& f) { f.modality = ""; }, {}, {"unusual-modality"}},
    {"DR, of no list", [](DicomFacts& f) { f.modality = "DR"; }, {}, {"unusual-modality"}},
    {"XR, of no list", [](DicomFacts& f) { f.modality = "XR", f.view = ""; }, {}, {"unusual-modality", "unknown-view"}},
    {"lateral", [](DicomFacts& f) { f.view = "lateral"; }, {"lateral"}, {}},
    {"no view", [](DicomFacts& f) { f.view = ""; }, {}, {"unknown-view"}},
    {"raw detector data", [](DicomFacts& f) { f.presentation_intent = "FOR PROCESSING"; }, {"for-processing"}, {}},
    {"bone alone, by dual energy", [](DicomFacts& f) { f.dual_energy = true; }, {"dual-energy"}, {}},
    {"text burned in", [](DicomFacts& f) { f.burned_in = true; }, {}, {"burned-in"}},
    {"lossy, 20 : 1", [](DicomFacts& f) { f.lossy_ratio = 20; }, {}, {}},
    {"lossy, 21 : 1", [](DicomFacts& f) { f.lossy_ratio = 21; }, {}, {"lossy"}},
    {"a hand", [](DicomFacts& f) { f.body_part = "HAND", f.other_part = true; }, {}, {"other-body-part"}},
    {"no body part", [](DicomFacts& f) { f.body_part = ""; }, {}, {}},
    {"a body part that is not known", [](DicomFacts& f) { f.body_part = "NGUC"; }, {}, {}},
    {"upright: rows to the left, columns to the feet", [](DicomFacts& f) { f.orientation = "L\\F"; }, {}, {}},
    {"rows to the head, columns to the left", [](DicomFacts& f) { f.orientation = "H\\L"; }, {}, {"turned"}},
    {"Patient Orientation P\\F: seen from the side", [](DicomFacts& f) { f.view = "", f.orientation = "P\\F"; }, {"lateral"}, {}},
    {"Patient Orientation A\\F, though the view says PA", [](DicomFacts& f) { f.orientation = "A\\F"; }, {}, {}},
    {"Patient Orientation R\\F: stored as seen from behind", [](DicomFacts& f) { f.orientation = "R\\F"; }, {}, {"mirrored"}},
    {"Patient Orientation R\\H: turned by 180°", [](DicomFacts& f) { f.orientation = "R\\H"; }, {}, {"turned"}},
    {"several frames", [](DicomFacts& f) { f.frames = 3; }, {"frame-not-chosen"}, {}},
    {"several frames, one chosen", [](DicomFacts& f) { f.frames = 3, f.frame_chosen = true; }, {}, {"one-frame"}},
    {"a mammogram, lateral, raw",
     [](DicomFacts& f) { f.modality = "MG", f.view = "lateral", f.presentation_intent = "FOR PROCESSING"; },
     {"other-modality", "lateral", "for-processing"},
     {}},
};

TEST(Acquisition, EachFactHasItsReason) {
  for (const auto& row : kRows) {
    auto facts = frontal_chest();
    row.change(facts);
    std::vector<std::string> refusals, warnings;
    for (const auto& reason : check_acquisition(facts)) {
      EXPECT_FALSE(reason.text.empty()) << row.origin;
      const bool refused = reason.severity == Severity::kRefuse;
      EXPECT_TRUE(!refused || warnings.empty()) << row.origin << ": refusals first";
      (refused ? refusals : warnings).push_back(reason.id);
    }
    EXPECT_EQ(refusals, row.refusals) << row.origin;
    EXPECT_EQ(warnings, row.warnings) << row.origin;
  }
}

TEST(Acquisition, WhatIsNoCodeIsNotRepeated) {
  auto facts = frontal_chest();
  facts.modality = "DOE^JANE";
  EXPECT_EQ(check_acquisition(facts)[0].text.find("DOE"), std::string::npos);
}

TEST(Acquisition, TheGateCarriesItsReasons) {
  Film film;
  film.pixels = Grid<std::uint16_t>(600, 600);
  for (std::size_t i = 0; i < film.pixels.values().size(); ++i) film.pixels.values()[i] = static_cast<std::uint16_t>(i % 256);
  film.high = 255;
  film.facts.dicom = frontal_chest();
  film.facts.dicom->view = "lateral";
  InputSpec input;
  input.width = input.height = 128;
  const auto reasons = check_film(film, input);
  ASSERT_EQ(reasons.size(), 1u);
  EXPECT_EQ(reasons[0].id, "lateral");
  EXPECT_TRUE(refuses(reasons));
}

}  // namespace
}  // namespace chestlight
