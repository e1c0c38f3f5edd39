// Everything that can happen to the page, as small values: what the engine or the page reports, and what a
// reader does. Panels, keys, gestures, the DOM mirror and the tests all speak through these; update() gives them
// their meaning.
#pragma once

#include <string>
#include <variant>

#include "viewer/state/state.h"

namespace chestlight::viewer {

// clang-format off
// --- what the engine and the page report ---
struct FilmQueued { int id; std::string name; bool synthetic = false; };
struct FilmsUnpacked { int id; std::vector<FilmQueued> films; };   // an archive's row becomes its films'
struct FilmOpened { int id; std::string name; FilmInfo info; std::shared_ptr<const Thumbnail> thumbnail; };
struct FilmFailed { int id; std::string name; Failure failure; std::string kind = {}; bool can_retry = true; };
struct PixelsArrived { std::shared_ptr<const PixelBuffer> pixels; };
struct AnalysisProgressed { int id; int done; int total; };
struct AnalysisArrived { int id; std::shared_ptr<const Analysis> analysis; };
struct AnalysisFailed { int id; Failure failure; };
struct AnalysisCancelled { int id; };
struct ModelPictureArrived { std::shared_ptr<const ModelPicture> picture; };
struct IdentifiersArrived { int id; std::vector<Identifier> identifiers; };
struct ExplanationProgressed { int request; int done; int total; bool loading_graph; };
struct ExplanationArrived { int request; std::shared_ptr<const Explanation> explanation; };
struct TrustArrived { int request; Trust trust; };
struct ExplanationFailed { int request; Failure failure; };    // or its check
struct ExplanationCancelled { int request; };
struct LoadingProgressed { std::string what; double done; double total; };
struct EngineReady { Backend backend; ModelInfo model; std::vector<MethodInfo> methods = {}; };
struct EngineFailed { Failure failure; };
struct BackendChanged { Backend backend; };
struct FilesDragged { bool over; };
struct SettingsRestored { Settings settings; };
struct EnvironmentKnown {
  bool reduced_motion = false;
  bool touch = false;
  std::vector<Example> examples;
  std::vector<ModelChoice> models;
};
struct NetworkCounted { Network network; };
struct Exported { std::string name; };
struct Noticed { std::string text; };
struct Ticked { double now; };                                 // seconds
struct FilmAreaMeasured { ScreenRect area; double pixel_ratio; std::vector<ScreenRect> kept = {}; };
struct GraphicsKnown { int largest_texture; };                 // side of a texture, pixels
struct GraphicsRestored {};                                    // textures were lost and must be sent again

// --- what a reader does ---
struct RunCommand { std::string id; };                         // an entry of commands.h
struct SelectFilm { int id; };
struct RemoveFilm { int id; };
struct RetryFilm { int id; };                                  // read its file again
struct HoverFinding { std::string id; };                       // empty: none
struct PinFinding { std::string id; };                         // again: unpins
struct SetOverlayVisible { bool visible; };
struct SetOverlayMode { OverlayMode mode; };
struct SetOpacity { double value; };
struct SetContour { bool visible; };
struct SetContourLevel { double value; };
struct SetModelOutline { bool visible; };
struct SetCorrection { Correction correction; };              // for the model, of the selected film
struct CropForModel { SourcePx from; SourcePx to; };           // the part between, of the film as opened
struct SetOrder { FindingsOrder order; };
struct ChooseOperatingPoint { std::string id; };
struct HoldOriginal { bool held; };
struct SetWindow { Window window; };
struct ChoosePreset { std::string id; };                       // of window_presets.h
struct DragWindow { double dx; double dy; };                   // ScreenPx: right = wider, down = higher level
struct ShowFrame { int frame; bool chosen = false; };           // of the selected film, from 1; chosen: analyse it
struct ZoomAt { ScreenPx pointer; double factor; };
struct Pan { double dx; double dy; };                          // ScreenPx
struct ChooseTool { Tool tool; };                              // again: none
struct PointAt { ScreenPx at; };                               // where the cross is to be
struct PressTool { bool finger = false; };
struct ReleaseTool {};
struct HoldProbe { bool held; };                               // reads pixels meanwhile, if no tool is chosen
struct SelectMeasurement { int id; };
struct RemoveMeasurement { int id; };
struct RebindKey { std::string id; };                          // the next key is to be this command's; again: gives up
struct ChangeGesture { std::string id; };                      // to the next of its actions
struct KeyTaken { std::string key; bool ctrl; bool shift; bool alt; };  // while one is waited for
struct SetPanelWidth { bool films; double width; };            // else the findings panel
struct OpenPopup { Popup popup; };                             // the same again closes it
struct OpenFilmMenu { ScreenPx at; };
struct ClosePopup { Popup popup; };                            // nothing when another is open by now
struct SetTab { PhoneTab tab; };
struct ToggleChecks {};
struct ChooseMethod { std::string method; std::string layer; };  // for the pinned finding
struct ToggleTrustDetails {};
struct CloseKept { int index; };                               // of State::kept
struct RunKept { int index; };                                 // computes it for the selected film
struct OpenExample { std::string file; };
struct LoadModel { std::string id; };
struct ExportFindings { std::string format; bool identifiers = false; };  // "json" or "csv"
struct CopyText { std::string text; };

// clang-format on
using Action = std::variant<
    FilmQueued, FilmsUnpacked, FilmOpened, FilmFailed, PixelsArrived, AnalysisProgressed, AnalysisArrived, AnalysisFailed,
    AnalysisCancelled, ExplanationProgressed, ExplanationArrived, TrustArrived, ExplanationFailed, ExplanationCancelled,
    LoadingProgressed, EngineReady, EngineFailed, BackendChanged, FilesDragged, SettingsRestored, EnvironmentKnown,
    NetworkCounted, Exported, Noticed, Ticked, FilmAreaMeasured, GraphicsKnown, GraphicsRestored, ChooseTool, PointAt, PressTool,
    ReleaseTool, HoldProbe, SelectMeasurement, RemoveMeasurement, RebindKey, ChangeGesture, KeyTaken, RunCommand, SelectFilm,
    RemoveFilm, RetryFilm, HoverFinding, PinFinding, SetOverlayVisible, SetOverlayMode, SetOpacity, SetContour, SetContourLevel,
    SetModelOutline, SetCorrection, CropForModel, ModelPictureArrived, IdentifiersArrived, SetOrder, ChooseOperatingPoint,
    HoldOriginal, SetWindow, ShowFrame, ChoosePreset, DragWindow, ZoomAt, Pan, SetPanelWidth, OpenPopup, OpenFilmMenu, ClosePopup,
    SetTab, ToggleChecks, ChooseMethod, ToggleTrustDetails, CloseKept, RunKept, OpenExample, LoadModel, ExportFindings, CopyText>;

}  // namespace chestlight::viewer
