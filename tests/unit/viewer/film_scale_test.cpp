#include "viewer/measuring/film_scale.h"

#include <gtest/gtest.h>

#include "support/tolerances.h"
#include "unit/viewer/viewer_values.h"

namespace chestlight::viewer {
namespace {

FilmEntry dicom_film(double row, double column, const char* kind, const char* orientation = "L\\F") {
  FilmEntry film;
  film.stage = FilmStage::kAnalysed;
  film.info = film_info(400, 300);
  film.info.dicom = DicomFacts{};
  film.info.dicom->spacing = PixelSpacing{row, column, kind};
  film.info.dicom->orientation = orientation;
  return film;
}

const Measurement kThreeFourFive{1, MeasurementKind::kLength, {{0, 0}, {300, 400}}};
const Measurement kRightAngle{2, MeasurementKind::kAngle, {{100, 0}, {0, 0}, {0, 50}}};

struct SpacingRow {
  const char* origin;
  double row, column;
  const char* kind;
  const char* length;
  const char* basis;  // how its words begin
};

const SpacingRow kSpacings[] = {
    {"calibrated", 0.2, 0.2, "patient", "100.0 mm", "mm, calibrated"},
    {"at the detector", 0.2, 0.2, "detector", "100.0 mm at detector", "mm at the detector"},
    {"not square", 0.2, 0.3, "patient", "500 px", "px: the file’s pixels are not square"},
    {"rounded apart is square", 0.2, 0.2001, "patient", "100.0 mm", "mm, calibrated"},
    {"zero", 0, 0, "patient", "500 px", "px: the file states no"},
    {"negative", -1, -1, "patient", "500 px", "px: the file states no"},
};

TEST(FilmScale, LengthsAreInMillimetresOnlyWhereTheSpacingCanBeTrusted) {
  for (const SpacingRow& row : kSpacings) {
    FilmEntry film = dicom_film(row.row, row.column, row.kind);
    EXPECT_EQ(measurement_in_words(film.info, kThreeFourFive), row.length) << row.origin;
    EXPECT_EQ(ruler_in_words(film.info).find(row.basis), 0u) << row.origin << ": " << ruler_in_words(film.info);
    EXPECT_EQ(scale_bar(film, 1, 140).has_value(), std::string(row.length).find("mm") != std::string::npos) << row.origin;
  }
  FilmInfo png = film_info();
  EXPECT_EQ(measurement_in_words(png, kThreeFourFive), "500 px");
  EXPECT_EQ(measurement_in_words(png, {1, MeasurementKind::kLength, {{0, 0}}}), "") << "a point is missing";
}

TEST(FilmScale, AnglesAreThoseOfTheAnatomy) {
  EXPECT_EQ(measurement_in_words(film_info(), kRightAngle), "90.0°");
  Measurement diagonal{3, MeasurementKind::kAngle, {{10, 0}, {0, 0}, {10, 10}}};
  EXPECT_EQ(measurement_in_words(film_info(), diagonal), "45.0°");
  FilmEntry tall = dicom_film(0.2, 0.1, "patient");  // pixels twice as high as wide
  EXPECT_EQ(measurement_in_words(tall.info, diagonal), "63.4°");
  Measurement straight{4, MeasurementKind::kAngle, {{10, 0}, {0, 0}, {-10, 0}}};
  EXPECT_EQ(measurement_in_words(film_info(), straight), "180.0°");
}

TEST(FilmScale, TheScaleBarIsTheLongestRoundLengthThatFits) {
  FilmEntry film = dicom_film(0.2, 0.2, "detector");
  auto bar = scale_bar(film, 0.25, 140);  // 1.25 ScreenPx per mm
  ASSERT_TRUE(bar);
  EXPECT_EQ(bar->mm, 100);
  EXPECT_NEAR(bar->length, 125, kGeometryPx);
  EXPECT_EQ(bar->words, "100 mm at detector");
  EXPECT_FALSE(scale_bar(film, 40, 140)) << "a millimetre is longer than there is room";
}

struct LettersRow {
  const char* orientation;
  std::vector<const char*> commands;
  const char* letters;  // left right top bottom; "" none
  const char* sides;
};

const LettersRow kLetters[] = {
    {"L\\F", {}, "R L H F", "Image left = patient's right"},
    {"L\\F", {"rotate-right"}, "F H R L", ""},
    {"L\\F", {"rotate-left"}, "H F L R", ""},
    {"L\\F", {"flip-horizontal"}, "L R H F", "Image left = patient's left"},
    {"L\\F", {"flip-vertical"}, "R L F H", "Image left = patient's right"},
    {"L\\F", {"rotate-right", "rotate-right"}, "L R F H", "Image left = patient's left"},
    {"R\\F", {}, "L R H F", "Image left = patient's left"},  // a film seen from behind
    {"A\\F", {}, "P A H F", ""},                             // a lateral film
    {"LA\\FP", {}, "RP LA HA FP", "Image left = patient's right"},
    {"", {}, "", "Image left = patient's right"},
    {"L", {}, "", "Image left = patient's right"},
    {"L\\", {}, "", "Image left = patient's right"},
    {"LE\\D", {}, "", "Image left = patient's right"},  // an animal's
    {"", {"rotate-right"}, "", ""},
};

TEST(FilmScale, LettersTurnWithTheFilmAndAreNeverInvented) {
  for (const LettersRow& row : kLetters) {
    State state = analysed_state();
    state.films[0].info = dicom_film(0.2, 0.2, "patient", row.orientation).info;
    for (const char* command : row.commands) update(state, RunCommand{command});
    auto letters = edge_letters(state.films[0]);
    std::string all = letters ? letters->left + " " + letters->right + " " + letters->top + " " + letters->bottom : "";
    EXPECT_EQ(all, row.letters) << row.orientation;
    auto sides = sides_in_words(state.films[0]);
    EXPECT_EQ(sides.empty() ? "" : sides[0], row.sides) << row.orientation;
    EXPECT_EQ(sides.size() > 1, !letters && !sides.empty()) << "an assumption is called one";
  }
}

TEST(FilmScale, TheProbeReadsStoredAndModalityValues) {
  State state = analysed_state();
  auto pixels = std::make_shared<PixelBuffer>();
  pixels->film = 1;
  pixels->width = 400;
  pixels->height = 300;
  pixels->values.assign(400 * 300, 0);
  pixels->values[200 * 400 + 100] = 95;
  update(state, pixels_arrived(pixels));
  EXPECT_TRUE(probe_in_words(state).empty()) << "no cross yet";
  state.measuring.cross = SourcePx{100.9, 200.1};
  EXPECT_EQ(probe_in_words(state), (std::vector<std::string>{"x 100  y 200", "Stored 95 of 255"}));

  FilmInfo& info = state.films[0].info;
  info = dicom_film(1, 1, "patient").info;
  info.dicom->film_scale = FilmScale{-1, 4095};
  EXPECT_EQ(probe_in_words(state), (std::vector<std::string>{"x 100  y 200", "Stored 4000"}));
  info.dicom->slope = 0.5;
  info.dicom->intercept = -100;
  info.dicom->rescale_type = "OD";
  EXPECT_EQ(probe_in_words(state)[2], "Modality 1900 OD");
  info.dicom->film_scale->after_lut = true;
  EXPECT_EQ(probe_in_words(state)[1], "Modality 4000 OD") << "what was stored is lost behind the LUT";
  info.dicom->film_scale = FilmScale{-1, 4095, false, true};
  info.low = 95;
  EXPECT_EQ(probe_in_words(state).back(), "or padding");
  state.measuring.cross = SourcePx{400, 300};
  EXPECT_EQ(probe_in_words(state)[0], "x 399  y 299") << "the edge belongs to the last pixel";
}

}  // namespace
}  // namespace chestlight::viewer
