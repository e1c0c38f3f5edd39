// What crosses between the parts of the program, to JSON and back: nothing is lost, and what is wrong is named by its place.
#include <gtest/gtest.h>

#include "contract/analysis_json.h"
#include "contract/film_json.h"
#include "contract/json_fields.h"
#include "contract/messages_json.h"

namespace chestlight::contract {
namespace {

template <class T>
Result<T> read(const Json& json) {
  return read_json<T>(JsonReader(json, "value", ErrorCode::kInvalidRequest));
}

template <class T>
std::string complaint(const Json& json) {
  auto value = read<T>(json);
  return value ? "" : value.error().message;
}

Result<Event> event(const Json& json) { return parse_event(JsonReader(json, "message", ErrorCode::kInvalidRequest)); }

TEST(Json, AFilmSurvives) {
  FilmInfo film;
  film.film = 3;
  film.name = "a \"quoted\" name.dcm";
  film.width = 4;
  film.height = 2;
  film.full_scale = 4095;
  film.window = {1000.5, 2000, WindowShape::kTable, 1};
  film.presets = {{"HARD", {30, 40, WindowShape::kSigmoid}}};
  film.notes = {"A note."};
  film.dicom.emplace();
  film.dicom->spacing = PixelSpacing{0.2, 0.3, "detector"};
  film.dicom->film_scale = FilmScale{-1, 4095, true, false};
  auto back = read<FilmInfo>(to_json(film));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(to_json(*back), to_json(film));
  EXPECT_EQ(back->name, film.name);
  EXPECT_EQ(back->window, film.window);
  EXPECT_EQ(back->dicom->spacing->kind, "detector");
  EXPECT_TRUE(back->dicom->film_scale->after_lut);
}

TEST(Json, WhatIsOptionalMayBeMissingOrNull) {
  auto film = read<FilmInfo>(
      {{"width", 4}, {"height", 2}, {"full_scale", 255}, {"window", {{"centre", 1}, {"width", 2}}}, {"dicom", nullptr}});
  ASSERT_TRUE(film) << film.error().message;
  EXPECT_EQ(film->high, 255);
  EXPECT_FALSE(film->dicom);
  EXPECT_EQ(to_json(*film)["dicom"], Json(nullptr));
}

TEST(Json, AComplaintNamesItsPlace) {
  const Json film = to_json(FilmInfo{});
  auto with = [&](const char* place, const Json& value) {
    Json changed = film;
    changed[Json::json_pointer(place)] = value;
    return complaint<FilmInfo>(changed);
  };
  EXPECT_EQ(with("/width", "4"), "value.width: expected a whole number, found string");
  EXPECT_EQ(with("/width", 1.5), "value.width: expected a whole number, found number");
  EXPECT_EQ(with("/width", 1e12), "value.width: expected a whole number, found number");
  EXPECT_EQ(with("/width", 1LL << 40), "value.width: 1099511627776 is out of range");
  EXPECT_EQ(with("/lossy", 1), "value.lossy: expected true or false, found number");
  EXPECT_EQ(with("/notes", "none"), "value.notes: expected an array, found string");
  EXPECT_EQ(with("/notes", Json::array({1})), "value.notes[0]: expected a string, found number");
  EXPECT_EQ(with("/window/shape", "round"), "value.window.shape: expected one of linear, sigmoid, table, found \"round\"");
  EXPECT_EQ(complaint<FilmInfo>(Json::array()), "value: expected an object, found array");
  EXPECT_EQ(complaint<FilmInfo>({{"width", 4}}), "value.height: missing");
  EXPECT_EQ(complaint<MapPlace>({{"source_to_model", {1, 2}}, {"model_width", 1}, {"model_height", 1}}),
            "value.source_to_model: expected 6 values, found 2");
}

TEST(Json, AMessageIsKnownByTheNameOfItsStruct) {
  EXPECT_EQ(to_json(EngineRequest(CancelExplanation{7})), (Json{{"type", "cancel-explanation"}, {"request", 7}}));
  EXPECT_EQ(to_json(ScreenRequest(PickFiles{})), (Json{{"type", "pick-files"}}));
  EXPECT_EQ(to_json(ScreenRequest(ShowText{{"graphics-lost", "m", "h"}})),
            (Json{{"type", "show-text"}, {"error", {{"code", "graphics-lost"}, {"message", "m"}, {"hint", "h"}}}}));
  auto failed = event({{"type", "film-failed"}, {"id", 2}, {"error", {{"code", "corrupt"}, {"message", "It ends early."}}}});
  ASSERT_TRUE(failed) << failed.error().message;
  ASSERT_TRUE(std::holds_alternative<FilmFailed>(*failed));
  EXPECT_EQ(std::get<FilmFailed>(*failed).error.code, "corrupt");
  EXPECT_TRUE(std::get<FilmFailed>(*failed).retry);
}

TEST(Json, AMessageThatIsNoneIsRefused) {
  EXPECT_EQ(event({{"type", "fly"}}).error().message, "message: there is no message \"fly\"");
  EXPECT_EQ(event({{"type", 3}}).error().message, "message.type: expected a string, found number");
  EXPECT_EQ(event(Json::object()).error().message, "message.type: missing");
  EXPECT_EQ(event({{"type", "film-failed"}, {"id", 2}, {"error", {{"code", "c"}}}}).error().message,
            "message.error.message: missing");
}

TEST(Correction, SurvivesJson) {
  Correction all = Correction{}.flipped_left_right().turned_left();
  all.inverted = true;
  all.crop = PixelRect{1, 2, 30, 40};
  all.window = ValueRange{-2.5, 700};
  for (const Correction& correction : {Correction{}, all, Correction{}.turned_right()}) {
    auto back = read<Correction>(to_json(correction));
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, correction);
  }
  EXPECT_FALSE(read<Correction>({{"rotate", 45}}));
  EXPECT_EQ(*read<Correction>(Json::object()), Correction{});
}

TEST(Correction, IsSaidInWords) {
  Correction all{PixelRect{1, 2, 30, 40}, true, 3, ValueRange{-2, 700}, true};
  EXPECT_EQ(correction_words(all), "inverted, mirrored, turned by 270°, cropped to 30 × 40 pixels, window -2 to 700");
  EXPECT_EQ(correction_words({}), "");
}

}  // namespace
}  // namespace chestlight::contract
