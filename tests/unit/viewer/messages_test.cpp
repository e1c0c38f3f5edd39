#include "viewer/actions/messages.h"

#include <gtest/gtest.h>

#include <cstring>

#include "unit/viewer/viewer_values.h"

namespace chestlight::viewer {
namespace {

Json json(const char* text) { return *parse_json(text, "test"); }

template <class Wanted>
Wanted parsed(const Json& message, Bytes blob = {}) {
  auto action = parse_message(message, blob);
  EXPECT_TRUE(action) << (action ? "" : action.error().message);
  if (!action || !std::holds_alternative<Wanted>(*action)) {
    ADD_FAILURE() << "not the expected action: " << message.dump();
    return Wanted{};
  }
  return std::get<Wanted>(*action);
}

const char* kAnalysis =
    R"({"type":"analysis-arrived","id":3,
  "analysis":{"analysed":true,"milliseconds":{"decode":1,"prepare":2,"run":3,"explain":4},"reasons":[{"id":"small","severity":"warn","text":"Small film."}],
  "operating_point":{"id":"b","name":"Balanced","explanation":"x"},"summary":{"headline":"1 finding","caveat":"y"},
  "findings":[{"id":"A","name":"Alpha","explanation":"","logit":0.5,"probability":0.6,"calibrated":0.4,"threshold":0.3,
  "state":"above","sentence":"s","where":"w","bias":-1,"residual":1e-7}],"map":{"width":2,"height":1},
  "geometry":{"source_to_model":[1,0,2,0,1,3],"model_width":64,"model_height":64},"evidence_residual":1e-7,
  "model":{"id":"m","sha256":"h"}}})";

TEST(Messages, ReadsAnAnalysisWithItsMaps) {
  float maps[2] = {0.25f, -1.5f};
  auto arrived = parsed<AnalysisArrived>(json(kAnalysis), as_bytes({reinterpret_cast<const char*>(maps), sizeof maps}));
  EXPECT_EQ(arrived.id, 3);
  const Analysis& analysis = arrived.analysis;
  EXPECT_EQ(analysis.maps, (std::vector<float>{0.25f, -1.5f}));
  EXPECT_EQ(analysis.findings[0].state, FindingState::kAbove);
  EXPECT_EQ(analysis.findings[0].where, "w");
  EXPECT_DOUBLE_EQ(analysis.geometry->source_to_model[5], 3);
  EXPECT_DOUBLE_EQ(analysis.milliseconds.total(), 10);
  EXPECT_FALSE(analysis.reasons[0].refuses());
}

TEST(Messages, RefusesMapsOfTheWrongSize) {
  float one = 0;
  auto action = parse_message(json(kAnalysis), as_bytes({reinterpret_cast<const char*>(&one), sizeof one}));
  ASSERT_FALSE(action);
  EXPECT_NE(action.error().message.find("expected 8 bytes of maps, found 4"), std::string::npos) << action.error().message;
}

TEST(Messages, ReadsARefusedFilm) {
  auto arrived = parsed<AnalysisArrived>(json(R"({"type":"analysis-arrived","id":1,"analysis":{"analysed":false,"findings":[],
    "reasons":[{"id":"too-small","severity":"refuse","text":"Too small."}]}})"));
  EXPECT_FALSE(arrived.analysis.analysed);
  EXPECT_TRUE(arrived.analysis.reasons[0].refuses());
}

TEST(Messages, ReadsAFilmItsThumbnailAndItsPixels) {
  const char* film =
      R"({"type":"film-opened","id":2,"film":{"film":1,"name":"a.png","width":4,"height":2,"full_scale":255,
    "low":3,"high":250,"window":{"centre":127.5,"width":255},"format":"PNG","bits":8,"channels":1,"lossy":true,"notes":["n"]},
    "thumbnail":{"width":2,"height":1}})";
  auto opened = parsed<FilmOpened>(json(film), as_bytes("ab"));
  EXPECT_EQ(opened.film.high, 250);
  EXPECT_TRUE(opened.film.lossy);
  ASSERT_EQ(opened.grey.size(), 2u);
  EXPECT_EQ(opened.grey[1], 'b');
  EXPECT_TRUE(parsed<FilmOpened>(json(film), as_bytes("abc")).grey.empty()) << "a thumbnail of another size is left out";

  std::uint16_t values[2] = {1, 65535};
  Bytes blob = as_bytes({reinterpret_cast<const char*>(values), sizeof values});
  auto pixels = parsed<PixelsArrived>(json(R"({"type":"pixels-arrived","id":2,"width":2,"height":1,"full_scale":65535})"), blob);
  EXPECT_EQ(pixels.pixels->values[1], 65535);
  EXPECT_FALSE(parse_message(json(R"({"type":"pixels-arrived","id":2,"width":3,"height":1,"full_scale":65535})"), blob));
}

TEST(Messages, ReadsAFilmsOwnWindowsAndTheirCurves) {
  auto opened = parsed<FilmOpened>(json(R"({"type":"film-opened","id":2,"film":{"name":"a","width":2,"height":1,"full_scale":255,
    "window":{"centre":10,"width":20,"shape":"sigmoid"},"presets":[{"name":"NORMAL","window":{"centre":10,"width":20,"shape":"sigmoid"}},
    {"name":"HARD","window":{"centre":30,"width":40,"shape":"table","table":0}},{"name":"SOFT","window":{"centre":1,"width":2}}]}})"),
                                   {});
  EXPECT_EQ(opened.film.window, (Window{10, 20, WindowShape::kSigmoid}));
  ASSERT_EQ(opened.film.presets.size(), 3u);
  EXPECT_EQ(opened.film.presets[1].name, "HARD");
  EXPECT_EQ(opened.film.presets[1].window, (Window{30, 40, WindowShape::kTable, 0}));
  EXPECT_EQ(opened.film.presets[2].window, (Window{1, 2}));

  std::uint16_t values[5] = {1, 2, 0, 500, 65535};
  Bytes blob = as_bytes({reinterpret_cast<const char*>(values), sizeof values});
  auto message = json(R"({"type":"pixels-arrived","id":2,"width":2,"height":1,"full_scale":255,
    "tables":[{"first":-0.5,"last":1.5,"entries":3}]})");
  auto pixels = parsed<PixelsArrived>(message, blob).pixels;
  ASSERT_EQ(pixels->tables.size(), 1u);
  EXPECT_EQ(pixels->tables[0].first, -0.5);
  EXPECT_EQ(pixels->tables[0].values, (std::vector<std::uint16_t>{0, 500, 65535}));
  message["tables"][0]["entries"] = 4;
  EXPECT_FALSE(parse_message(message, blob)) << "more than there is";
}

TEST(Messages, ReadsTheRestOfTheMessages) {
  EXPECT_EQ(parsed<LoadingProgressed>(json(R"({"type":"loading-progressed","what":"model","done":5,"total":9})")).total, 9);
  auto ready = parsed<EngineReady>(json(R"({"type":"engine-ready","backend":{"name":"wasm","detail":"d","fallbacks":["f"]},
    "model":{"id":"m","name":"M","sha256":"h","labels":[{"id":"a","name":"Alpha"}],"input":{"width":8,"height":9},
    "operating_points":[{"id":"b","name":"Balanced"}]}})"));
  EXPECT_EQ(ready.backend.fallbacks[0], "f");
  EXPECT_EQ(ready.model.labels[0].name, "Alpha");
  EXPECT_EQ(ready.model.input.height, 9);
  EXPECT_EQ(parsed<EngineFailed>(json(R"({"type":"engine-failed","error":{"code":"c","message":"m","hint":"h"}})")).error.hint,
            "h");
  EXPECT_EQ(parsed<FilmFailed>(json(R"({"type":"film-failed","id":1,"name":"n","error":{"code":"c","message":"m"}})")).error.code,
            "c");
  EXPECT_TRUE(parsed<FilesDragged>(json(R"({"type":"files-dragged","over":true})")).over);
  EXPECT_EQ(parsed<NetworkCounted>(json(R"({"type":"network-counted","bytes_sent":0,"foreign_requests":2})")).foreign_requests,
            2);
  EXPECT_EQ(
      parsed<EnvironmentKnown>(json(R"({"type":"environment-known","touch":true,"examples":[{"file":"e.png","name":"E"}]})"))
          .examples[0]
          .name,
      "E");
}

TEST(Messages, SaysWhatIsWrongWithAMessage) {
  for (const char* bad : {R"({})", R"([])", R"({"type":"fly"})", R"({"type":"film-opened"})", R"({"type":"film-opened","id":1})",
                          R"({"type":"action"})", R"({"type":"action","action":{"type":"fly"}})",
                          R"({"type":"action","action":{"type":"zoom-at","pointer":{"x":1,"y":1},"factor":0}})",
                          R"({"type":"film-opened","id":1,"film":{"width":0,"height":1,"full_scale":1}})"}) {
    auto action = parse_message(json(bad), {});
    ASSERT_FALSE(action) << bad;
    EXPECT_FALSE(action.error().message.empty()) << bad;
  }
}

TEST(Messages, TheMirrorCanDoWhatAReaderCan) {
  auto act = [](const char* text) { return parse_message(json(text), {}); };
  State state = analysed_state();
  for (const char* text : {R"({"type":"action","action":{"type":"pin-finding","id":"b"}})",
                           R"({"type":"action","action":{"type":"set-overlay-mode","mode":"signed"}})",
                           R"({"type":"action","action":{"type":"set-opacity","value":0.25}})",
                           R"({"type":"action","action":{"type":"run-command","id":"invert"}})",
                           R"({"type":"action","action":{"type":"set-window","window":{"centre":50,"width":60}}})"}) {
    auto action = act(text);
    ASSERT_TRUE(action) << text << action.error().message;
    update(state, *action);
  }
  EXPECT_EQ(state.pinned, "b");
  EXPECT_EQ(state.settings.overlay.mode, OverlayMode::kSigned);
  EXPECT_DOUBLE_EQ(state.settings.overlay.opacity, 0.25);
  EXPECT_TRUE(state.films[0].inverted);
  EXPECT_DOUBLE_EQ(state.films[0].window.width, 60);
}

TEST(Messages, EffectsAreWrittenAsTheContractHasThem) {
  EXPECT_EQ(effect_to_json(ShowFilm{4}).dump(), R"({"type":"show-film","id":4})");
  EXPECT_EQ(effect_to_json(OpenFrame{4, 2, true}), json(R"({"type":"open-frame","id":4,"frame":2,"chosen":true})"));
  EXPECT_EQ(effect_to_json(ExportFindings{"csv"}), json(R"({"type":"export-findings","format":"csv","identifiers":false,
      "own_thresholds":{},"date":""})"));
  EXPECT_EQ(effect_to_json(LoadModel{"m"}).dump(), R"({"type":"load-model","id":"m"})");
  EXPECT_EQ(effect_to_json(CancelLoading{}).dump(), R"({"type":"cancel-loading"})");
  EXPECT_EQ(effect_to_json(OpenExample{"e.png"}).dump(), R"({"type":"open-example","file":"e.png"})");
  EXPECT_EQ(effect_to_json(PickFiles{}).dump(), R"({"type":"pick-files"})");
}

}  // namespace
}  // namespace chestlight::viewer
