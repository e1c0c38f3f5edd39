#include "viewer/state/window_presets.h"

#include <gtest/gtest.h>

#include "support/tolerances.h"
#include "unit/viewer/viewer_values.h"
#include "viewer/actions/commands.h"
#include "viewer/actions/messages.h"

namespace chestlight::viewer {
namespace {

/// A 12-bit film of 200 × 100, its values 0..3999 five times each, that offers two windows; the first is what it opens with.
State state_with_windows() {
  State state = analysed_state();
  FilmInfo info = film_info(200, 100);
  info.full_scale = 4095;
  info.high = 3999;
  info.presets = {{"NORMAL", {2000, 1000}}, {"HARDER", {1800, 600}}};
  info.window = info.presets.front().window;
  update(state, FilmQueued{2, "b.dcm"});
  update(state, film_opened(2, "b.dcm", info));
  update(state, SelectFilm{2});
  return state;
}

void bring_pixels(State& state) {
  auto pixels = std::make_shared<PixelBuffer>();
  pixels->film = 2;
  pixels->width = 200;
  pixels->height = 100;
  pixels->full_scale = 4095;
  for (int i = 0; i < 20000; ++i) pixels->values.push_back(static_cast<std::uint16_t>(i % 4000));
  update(state, pixels_arrived(pixels));
}

std::string ids(const FilmEntry& film) {
  std::string all;
  for (const WindowPreset& preset : window_presets(film)) all += preset.id + " ";
  return all;
}

TEST(WindowPresets, TheFilesOwnComeFirstAndThoseByPercentilesWithThePixels) {
  State state = state_with_windows();
  EXPECT_EQ(ids(*selected_film(state)), "opened file-2 full ");
  EXPECT_FALSE(find_command("window-lung")->enabled(state));
  bring_pixels(state);
  EXPECT_EQ(ids(*selected_film(state)), "opened file-2 full auto lung bone ");
  EXPECT_TRUE(find_command("window-lung")->enabled(state));
  EXPECT_EQ(window_presets(*selected_film(state))[0].name, "NORMAL") << "what it opened with is the file's first";
  EXPECT_EQ(window_presets(state.films[0])[0].name, "As opened");
}

TEST(WindowPresets, PercentilesAreThoseOfTheDescription) {
  State state = state_with_windows();
  bring_pixels(state);
  struct Row {
    const char* command;
    double black, white;
  };
  for (const Row& row : {Row{"window-auto", 19, 3979}, Row{"window-lung", 199, 2799}, Row{"window-bone", 1199, 3995}}) {
    update(state, RunCommand{row.command});
    Window window = selected_film(state)->window;
    EXPECT_DOUBLE_EQ(window.centre - window.width / 2, row.black) << row.command;
    EXPECT_DOUBLE_EQ(window.centre + window.width / 2, row.white) << row.command;
  }
  update(state, RunCommand{"window-full"});
  EXPECT_DOUBLE_EQ(selected_film(state)->window.width, 3999);
}

TEST(WindowPresets, TheNameIsShownUntilTheWindowIsChangedByHand) {
  State state = state_with_windows();
  bring_pixels(state);
  EXPECT_EQ(window_in_words(*selected_film(state)), "W 1000  L 2000  NORMAL");
  update(state, ChoosePreset{"file-2"});
  EXPECT_EQ(window_in_words(*selected_film(state)), "W 600  L 1800  HARDER");
  update(state, DragWindow{10, 0});
  EXPECT_EQ(selected_film(state)->preset, "");
  EXPECT_EQ(window_in_words(*selected_film(state)).find("HARDER"), std::string::npos);
  update(state, RunCommand{"reset"});
  EXPECT_EQ(window_in_words(*selected_film(state)), "W 1000  L 2000  NORMAL");
  update(state, ChoosePreset{"no such"});
  EXPECT_EQ(selected_film(state)->preset, "opened");
}

TEST(WindowPresets, SteppingGoesRoundInBothDirections) {
  State state = state_with_windows();
  bring_pixels(state);
  std::string seen;
  for (int i = 0; i < 6; ++i) {
    update(state, RunCommand{"preset-next"});
    seen += selected_film(state)->preset + " ";
  }
  EXPECT_EQ(seen, "file-2 full auto lung bone opened ");
  update(state, RunCommand{"preset-previous"});
  EXPECT_EQ(selected_film(state)->preset, "bone");
}

TEST(WindowPresets, FiguresAreModalityValuesWhereTheFileHasThem) {
  State state = state_with_windows();
  FilmEntry& film = *find_film(state, 2);
  film.window = {2000, 1000};
  film.info.dicom = DicomFacts{};
  film.info.dicom->slope = 0.5;
  film.info.dicom->intercept = -100;
  film.info.dicom->film_scale = FilmScale{-1, 4095};  // MONOCHROME1
  EXPECT_NEAR(stated_window(film).centre, 0.5 * 2095 - 100, kDoubleRounding);
  EXPECT_NEAR(stated_window(film).width, 500, kDoubleRounding);
  film.info.dicom->film_scale->after_lut = true;  // the LUT's output is the modality value
  EXPECT_NEAR(stated_window(film).centre, 2095, kDoubleRounding);
}

TEST(WindowPresets, TheEnginesFactsAreRead) {
  auto message = parse_json(R"({"type":"film-opened","id":5,"film":{"width":2,"height":1,"full_scale":4095,"low":0,"high":4000,
    "window":{"centre":1,"width":2},"presets":[{"name":"A","window":{"centre":5,"width":6}},{"name":"bad","window":{"centre":5,"width":0}}],
    "dicom":{"orientation":"L\\F","spacing":{"row":0.1,"column":0.2,"kind":"detector"},
    "slope":2,"intercept":3,"rescale_type":"US",
    "film_scale":{"scale":-1,"offset":4095,"after_lut":false,"padded":true},"inverted":true}}})",
                            "test");
  ASSERT_TRUE(message);
  auto action = parse_message(*message, {});
  ASSERT_TRUE(action) << action.error().message;
  const FilmInfo& info = std::get<FilmOpened>(*action).film;
  ASSERT_EQ(info.presets.size(), 1u);
  EXPECT_EQ(info.presets[0].name, "A");
  ASSERT_TRUE(info.dicom && info.dicom->spacing && info.dicom->film_scale);
  EXPECT_EQ(info.dicom->orientation, "L\\F");
  EXPECT_EQ(info.dicom->spacing->kind, "detector");
  EXPECT_EQ(info.dicom->slope, 2);
  EXPECT_TRUE(info.dicom->film_scale->padded);
  EXPECT_EQ(info.dicom->film_scale->grey(4095), 0);
}

}  // namespace
}  // namespace chestlight::viewer
