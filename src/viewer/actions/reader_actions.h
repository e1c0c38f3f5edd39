// What a reader does, as small values: panels, keys, gestures, the text of the page and the tests all speak through these, and
// update() gives them their meaning. Their JSON is {"type": "name-of-the-struct", …} (tools/contract). Places on the screen are
// in ScreenPx, {x, y}; places on a film in SourcePx.
#pragma once

#include <string>
#include <variant>

#include "contract/correction.h"
#include "contract/evaluation.h"
#include "contract/film.h"
#include "contract/messages.h"
#include "contract/reading.h"
#include "viewer/actions/points_json.h"
#include "viewer/state/choices.h"
#include "viewer/state/worklist_choices.h"

namespace chestlight::viewer {

using contract::CancelImport;
using contract::ChooseLabels;
using contract::CloseLabels;
using contract::CopyText;
using contract::Correction;
using contract::DownloadModel;
using contract::ExportEvaluation;
using contract::ExportFindings;
using contract::LoadModel;
using contract::OpenExample;
using contract::Opinion;
using contract::PasteFacts;
using contract::PickModel;
using contract::RemoveModel;
using contract::ReviseModel;
using contract::ThresholdRule;
using contract::Window;
using contract::Zone;

/// An entry of commands.h.
struct RunCommand {
  std::string id{};
};
struct SelectFilm {
  int id{0};
};
/// This film stands beside the selected one; the selected one itself waits for the next. Again: no longer.
struct CompareFilm {
  int id{0};
};
/// The film beside the selected one becomes that.
struct SwapFilms {};
struct RemoveFilm {
  int id{0};
};
/// Reads its file again.
struct RetryFilm {
  int id{0};
};
struct HoverFinding {
  std::string id{};  // empty: none
};
struct PinFinding {
  std::string id{};  // again: unpins
};
struct SetOverlayVisible {
  bool visible = true;
};
struct SetOverlayMode {
  OverlayMode mode{OverlayMode::kEvidence};
};
struct SetOpacity {
  double value{0};
};
struct SetContour {
  bool visible = true;
};
struct SetContourLevel {
  double value{0};
};
struct SetModelOutline {
  bool visible = true;
};
/// Outlines of lungs and heart, and the lines of the cardiothoracic ratio.
struct SetAnatomy {
  bool visible = true;
};
/// For the model, of the selected film.
struct SetCorrection {
  Correction correction{};
};
/// The part between, of the film as opened, is what the model is to see.
struct CropForModel {
  SourcePx from{};
  SourcePx to{};
};
struct SetOrder {
  FindingsOrder order{FindingsOrder::kZone};
};
struct ChooseOperatingPoint {
  std::string id{};
};
/// Opens and closes the trial of a threshold of one's own.
struct ToggleTrial {};
/// Tries a threshold, calibrated, for a finding.
struct TryThreshold {
  std::string finding{};
  double value{0.5};
};
/// The share of films, 0 to 1, that have the finding where the reader works.
struct SetPrevalence {
  std::string finding{};
  double value{0.1};
};
struct HoldOriginal {
  bool held = true;
};
struct SetWindow {
  Window window{};
};
/// Of window_presets.h.
struct ChoosePreset {
  std::string id{};
};
/// ScreenPx: right = wider, down = higher level.
struct DragWindow {
  double dx{0};
  double dy{0};
};
/// Of the selected film, counted from 1; chosen: analyse it.
struct ShowFrame {
  int frame{1};
  bool chosen = false;
};
/// factor is above 0.
struct ZoomAt {
  ScreenPx pointer{};
  double factor{1};
};
struct Pan {
  double dx{0};
  double dy{0};
};
struct ChooseTool {
  Tool tool{Tool::kNone};  // again: none
};
/// Where the cross is to be.
struct PointAt {
  ScreenPx at{};
};
struct PressTool {
  bool finger = false;
};
struct ReleaseTool {};
/// Reads pixels meanwhile, if no tool is chosen.
struct HoldProbe {
  bool held{false};
};
struct SelectMeasurement {
  int id{0};
};
struct RemoveMeasurement {
  int id{0};
};
/// The next key is to be this command's; again: gives up.
struct RebindKey {
  std::string id{};
};
/// To the next of its actions.
struct ChangeGesture {
  std::string id{};
};
/// While one is waited for.
struct KeyTaken {
  std::string key{};
  bool ctrl = false;
  bool shift = false;
  bool alt = false;
};
/// By another column: its own order; by the same again: the other way round, then as the films came.
struct SortWorklist {
  WorklistColumn column{WorklistColumn::kArrival};
  std::string finding = "";  // of the column "score"
};
/// In place of the filter before; the search stays.
struct FilterWorklist {
  WorklistFilter filter{};
};
/// A column for the scores of a finding.
struct ShowFindingColumn {
  std::string finding{};
  bool shown = true;
};
/// Opens a field for a line of text: "search", a "note" on a finding of the selected film, or the "reader" of a study.
struct BeginText {
  std::string field{};
  std::string finding = "";
};
/// Where the canvas shows that text now, ScreenPx.
struct PlaceText {
  double x{0};
  double y{0};
  double width{0};
  double height{0};
};
/// What stands in the field; done: it is left, and the text counts.
struct TextEntered {
  std::string field{};
  std::string text{};
  bool done = false;
};
/// The field is left without a word; a search ends.
struct LeaveText {
  std::string field{};
};
/// On a finding of the selected film; the same again takes it back.
struct GiveOpinion {
  std::string finding{};
  Opinion opinion{Opinion::kNone};
};
struct MarkFilmRead {
  int id{0};
  bool read = true;
};
/// Of the films' panel, or else of the findings'.
struct SetPanelWidth {
  bool films{false};
  double width{0};
};
/// The same again closes it.
struct OpenPopup {
  Popup popup{Popup::kNone};
};
struct OpenFilmMenu {
  ScreenPx at{};
};
/// Nothing when another is open by now.
struct ClosePopup {
  Popup popup{Popup::kNone};
};
struct SetTab {
  PhoneTab tab{PhoneTab::kFindings};
};
struct ToggleChecks {};
/// For the pinned finding.
struct ChooseMethod {
  std::string method{};
  std::string layer = "";
};
struct ToggleTrustDetails {};
/// Of State::kept.
struct CloseKept {
  int index{-1};
};
/// Computes it for the selected film.
struct RunKept {
  int index{-1};
};
/// Of the results against labels; the same again: the other way round.
struct SortEvaluation {
  EvaluationColumn column{EvaluationColumn::kAuroc};
};
/// Opens the plots of a finding's results; again: closes them.
struct OpenEvaluated {
  std::string finding{};
};
/// What of the join of labels is to be chosen; again: nothing.
struct OpenJoinPart {
  JoinPart part{JoinPart::kNone};
};
/// The finding whose name in the labels is to be chosen.
struct NameFinding {
  std::string finding{};
};
struct ToggleEvaluatedGroups {};
/// How the thresholds of a site profile are found.
struct SetThresholdRule {
  ThresholdRule rule{ThresholdRule::kYouden};
};
/// What a missed finding costs, in false ones.
struct SetMissCost {
  double value{5};
};
/// Chooses a finding for the next reader study; again: not.
struct ToggleStudyFinding {
  std::string finding{};
};
struct SetStudyModel {
  bool with_model{true};
};
/// seed 0: by the time.
struct StartStudy {
  int seed = 0;
};
/// Of the film being read.
struct GiveStudyVerdict {
  std::string finding{};
  bool present{false};
};
struct GiveStudyConfidence {
  std::string finding{};
  double value{100};  // 0 to 100
};
/// Leaves what is open for this film, with the finding's map over it.
struct LookAtFilm {
  int id{0};
  std::string finding = "";
};

/// A row of the list of models; again: none.
struct SelectModel {
  std::string id{};
};
/// The model that the page begins with; empty: its own default.
struct MakeDefault {
  std::string id{};
};
/// Opens the form of a model that was added, and loads it, so that its scores are seen.
struct DescribeModel {
  std::string id{};
};
/// Loads a model and keeps the scores of the one in use beside its own. Empty: the scores beside go.
struct CompareModel {
  std::string id = "";
};

using ReaderAction = std::variant<
    RunCommand, SelectFilm, CompareFilm, SwapFilms, RemoveFilm, RetryFilm, HoverFinding, PinFinding, SetOverlayVisible,
    SetOverlayMode, SetOpacity, SetContour, SetContourLevel, SetModelOutline, SetAnatomy, SetCorrection, CropForModel, SetOrder,
    ChooseOperatingPoint, ToggleTrial, TryThreshold, SetPrevalence, HoldOriginal, SetWindow, ChoosePreset, DragWindow, ShowFrame,
    ZoomAt, Pan, ChooseTool, PointAt, PressTool, ReleaseTool, HoldProbe, SelectMeasurement, RemoveMeasurement, RebindKey,
    ChangeGesture, KeyTaken, SetPanelWidth, OpenPopup, OpenFilmMenu, ClosePopup, SetTab, ToggleChecks, ChooseMethod,
    ToggleTrustDetails, CloseKept, RunKept, SortWorklist, FilterWorklist, ShowFindingColumn, BeginText, PlaceText, TextEntered,
    LeaveText, GiveOpinion, MarkFilmRead, OpenExample, LoadModel, ExportFindings, CopyText, SortEvaluation, OpenEvaluated,
    OpenJoinPart, NameFinding, ToggleEvaluatedGroups, SetThresholdRule, SetMissCost, ToggleStudyFinding, SetStudyModel,
    StartStudy, GiveStudyVerdict, GiveStudyConfidence, LookAtFilm, ChooseLabels, CloseLabels, ExportEvaluation, PickModel,
    PasteFacts, CancelImport, RemoveModel, ReviseModel, DownloadModel, SelectModel, MakeDefault, DescribeModel, CompareModel>;

}  // namespace chestlight::viewer
