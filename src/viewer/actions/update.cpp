// See update.h. One overload per action; settle() then derives what must be asked of the engine from the
// state alone.
#include "viewer/actions/update.h"

#include <algorithm>

#include "base/text.h"
#include "viewer/actions/commands.h"
#include "viewer/actions/exports.h"
#include "viewer/actions/film_commands.h"
#include "viewer/actions/keeping.h"
#include "viewer/actions/undo.h"
#include "viewer/input/gestures.h"
#include "viewer/input/keys.h"
#include "viewer/state/anatomy.h"
#include "viewer/state/evaluations.h"
#include "viewer/state/explanations.h"
#include "viewer/state/map_comparison.h"
#include "viewer/state/operating_points.h"
#include "viewer/state/reader_study.h"
#include "viewer/state/side_by_side.h"
#include "viewer/state/stability.h"
#include "viewer/state/threshold_trial.h"
#include "viewer/state/window_presets.h"

namespace chestlight::viewer {
namespace {

constexpr double kFingerReach = 28;        // ScreenPx
constexpr std::size_t kLongestName = 300;  // letters of a film's name that are shown

class Updater {
 public:
  Updater(State& state, std::vector<Effect>& effects) : s(state), effects_(effects) {}

  // --- the engine and the page ---
  void operator()(const FilmQueued& a) {
    // The first film of a batch is shown at once; a batch under way never takes the reader away from a film.
    const bool begins_batch =
        std::none_of(s.films.begin(), s.films.end(), [](const FilmEntry& f) { return f.stage == FilmStage::kQueued; });
    FilmEntry& film = film_or_new(a.id, a.name);
    if (begins_batch) {
      s.selected = a.id;
      s.on_device.came_back.clear();
    }
    film.synthetic = a.synthetic || std::any_of(s.examples.begin(), s.examples.end(), [&](const Example& example) {
                       return example.file == a.name || example.name == a.name || example.file.ends_with("/" + a.name);
                     });
  }
  void operator()(const FilmsUnpacked& a) {
    auto archive = std::find_if(s.films.begin(), s.films.end(), [&](const FilmEntry& f) { return f.id == a.id; });
    if (archive == s.films.end()) return;
    bool looked_at = s.selected == a.id;
    auto at = s.films.erase(archive);
    for (const FilmQueued& queued : a.films) {
      FilmEntry film;
      film.id = queued.id;
      film.name = one_line(queued.name, kLongestName);
      at = s.films.insert(at, std::move(film)) + 1;
    }
    if (looked_at && !a.films.empty()) s.selected = a.films.front().id;
  }
  void operator()(const FilmOpened& a) {
    FilmEntry& film = film_or_new(a.id, a.film.name);
    film.sha256 = a.sha256;
    if (is_copy(film)) return;
    bool same_size = film.info.width == a.film.width && film.info.height == a.film.height;
    bool another_frame = film.frame_wanted != 0 && same_size;
    film.analysis.reset();
    forget_stability(film);
    if (frame_of(film.info) != frame_of(a.film)) put_back_lines(film, effects_);
    forget_anatomy(film);
    film.beside.reset();
    film.greys.reset();
    for (auto* pixels : {&s.pixels, &s.second.pixels})
      if (*pixels && (*pixels)->film == a.id) pixels->reset();
    const bool first_time = film.stage == FilmStage::kQueued && film.frame_wanted == 0;
    if (!first_time) forget_request(a.id);
    film.frame_wanted = 0;
    film.info = a.film;
    film.kind = a.film.format.substr(0, a.film.format.find(" ("));  // what follows says who decoded it
    film.thumbnail =
        a.grey.empty() ? nullptr : std::make_shared<Thumbnail>(Thumbnail{a.thumbnail->width, a.thumbnail->height, a.grey});
    film.stage = film.analysis_wanted ? FilmStage::kWaiting : FilmStage::kCancelled;
    film.failure.reset();
    FilmView view = film.view;
    bool inverted = film.inverted;
    reset_film(film);
    if (another_frame) {  // seen where the one before was
      film.view = view;
      film.inverted = inverted;
    }
    take_back_reading(s, film);
  }
  void operator()(const FilmFailed& a) {
    FilmEntry& film = film_or_new(a.id, a.name);
    film.sha256 = a.sha256;
    if (is_copy(film)) return;
    film.stage = FilmStage::kUnreadable;
    s.evaluation.stale = true;
    forget_request(a.id);
    film.failure = a.error;
    film.can_retry = a.retry;
    if (!a.kind.empty()) film.kind = a.kind;
  }
  void operator()(const PixelsArrived& a) {
    forget_request(a.pixels->film);
    if (a.pixels->film == s.selected) s.pixels = a.pixels;
    else if (a.pixels->film == s.second.id) s.second.pixels = a.pixels;
    if (FilmEntry* film = find_film(s, a.pixels->film); film && !film->greys) film->greys = grey_shares(*a.pixels);
  }
  /// What the case has is what the screen shows, once all that was asked of it is answered.
  void operator()(const ReadingChanged& a) {
    FilmEntry* film = find_film(s, a.id);
    if (!film) return;
    film->readings_asked = std::max(0, film->readings_asked - 1);
    if (film->readings_asked == 0) film->reading = a.reading;
  }
  void operator()(const ReadingCameBack& a) { reading_came_back(s, a); }
  void operator()(const ReadingKept& a) {
    if (FilmEntry* film = find_film(s, a.id); film && film->readings_asked == 0) film->reading_kept = true;
  }
  void operator()(const KeepingKnown& a) { keeping_known(s, a); }
  void operator()(const AnalysisProgressed& a) {
    if (FilmEntry* film = find_film(s, a.id); film && film->stage == FilmStage::kAnalysing) {
      film->steps_done = a.done;
      film->steps_total = a.total;
    }
  }
  void operator()(const AnalysisArrived& a) {
    FilmEntry* film = find_film(s, a.id);
    if (!film || !answers(a.analysis, film->request) || !follows_operating_point(s, a.analysis)) return;
    forget_explanations(*film, effects_);
    forget_stability(*film);  // what is known of this one comes after it
    film->analysis = std::make_shared<Analysis>(a.analysis);
    film->failure.reset();
    film->stage = a.analysis.analysed ? FilmStage::kAnalysed : FilmStage::kRefused;
    s.evaluation.stale = true;
  }
  void operator()(const AnalysisFailed& a) {
    if (FilmEntry* film = find_film(s, a.id)) {
      film->stage = FilmStage::kAnalysisFailed;
      film->failure = a.error;
      s.evaluation.stale = true;
    }
  }
  void operator()(const AnalysisCancelled& a) {
    if (FilmEntry* film = find_film(s, a.id); film && film->stage == FilmStage::kAnalysing) film->stage = FilmStage::kCancelled;
  }
  void operator()(const StabilityArrived& a) { take_stability(s, a); }
  void operator()(const StabilityFailed& a) { stability_failed(s, a); }
  void operator()(const AnatomyArrived& a) { take_anatomy(s, a); }
  void operator()(const AnatomyFailed& a) {
    FilmEntry* film = find_film(s, a.id);
    if (!film) return;
    forget_anatomy(*film);
    film->anatomy_failure = a.error;
  }
  void operator()(const ModelInputArrived& a) {
    s.model_picture_requested = false;
    s.model_picture = std::make_shared<ModelPicture>(ModelPicture{a.id, a.input, a.grey});
  }
  void operator()(const IdentifiersArrived& a) {
    if (s.identifiers_requested == a.id) s.identifiers_requested = 0;
    if (s.identifiers_shown && find_film(s, a.id)) s.identifiers[a.id] = a.identifiers;
  }
  void operator()(const ExplanationProgressed& a) { explanation_progressed(s, a.request, a.done, a.total, a.loading_graph); }
  void operator()(const ExplanationArrived& a) {
    explanation_arrived(s, a.request, std::make_shared<DrawnExplanation>(drawn_explanation(a.explanation)));
  }
  void operator()(const TrustArrived& a) { trust_arrived(s, a.request, a.trust); }
  void operator()(const ExplanationFailed& a) { explanation_ended(s, a.request, WorkStage::kFailed, a.error); }
  void operator()(const ExplanationCancelled& a) { explanation_ended(s, a.request, WorkStage::kCancelled, {}); }
  void operator()(const LoadingProgressed& a) {
    if (a.what == "warm-up") {
      s.loading.warming_up = true;
    } else if (a.what != "runtime" && a.what != "model") {
      s.loading.graph = a.done < a.total ? a.what : "";
    } else {
      if (s.loading.parts.empty()) s.loading.since = s.now;
      s.loading.parts[a.what] = {a.done, a.total};
    }
    if (s.engine == EnginePhase::kFailed) s.engine = EnginePhase::kLoading;
  }
  void operator()(const EngineReady& a) {
    s.engine = EnginePhase::kReady;
    s.loading = {};
    s.engine_failure.reset();
    bool other_model = !s.model.id.empty() && (s.model.sha256 != a.model.sha256 || s.model.version != a.model.version);
    s.backend = a.backend;
    s.model = a.model;
    s.methods = a.methods;
    s.evaluation.stale = true;
    if (!other_model) return;
    s.site.reset();  // the case tells it again where it is this model's
    s.model_picture.reset();
    s.model_picture_requested = false;
    for (FilmEntry& film : s.films)  // another model's findings are not this one's
      if (film.decoded()) analyse_anew(film, effects_);
  }
  void operator()(const EngineFailed& a) {
    s.engine = EnginePhase::kFailed;
    s.loading = {};
    s.engine_failure = a.error;
  }
  void operator()(const ModelsListed& a) {
    s.own.list = a.models;
    s.own.storage = a.storage;
  }
  void operator()(const ImportProgressed& a) { import_progressed(s, a); }
  void operator()(const ModelImported& a) { model_imported(s, a); }
  void operator()(const ImportFailed& a) { import_failed(s, a); }
  void operator()(const ModelRevised& a) {
    s.own.revising = false;
    s.own.refused = a.error;
    if (a.error) s.notice = a.error->message;
  }
  void operator()(const BackendChanged& a) { s.backend = a.backend; }
  void operator()(const FilesDragged& a) { s.dragging_files = a.over; }
  void operator()(const SettingsRestored& a) { s.settings = settings_from_json(a.settings); }
  void operator()(const EnvironmentKnown& a) {
    s.reduced_motion = a.reduced_motion;
    s.touch = a.touch;
    s.examples = a.examples;
    s.models = a.models;
  }
  void operator()(const NetworkCounted& a) { s.network = a; }
  void operator()(const ReportPageWritten& a) {
    if (a.pages > 1) s.notice = text("Report: page ", a.page, " of ", a.pages);
  }
  void operator()(const Exported& a) {
    s.notice = "Exported " + a.name;
    if (a.name.starts_with("findings")) s.unexported = false;
  }
  void operator()(const Noticed& a) { s.notice = a.text; }
  void operator()(const ProfileChanged& a) { profile_changed(s, a, effects_); }
  void operator()(const LabelsJoined& a) {
    labels_joined(s, a);
    evaluate_study(s, effects_);
  }
  void operator()(const StudyEvaluated& a) {
    if (has_study(s)) s.study.results = a;
  }
  void operator()(const FilmsEvaluated& a) { films_evaluated(s, a); }
  void operator()(const Ticked& a) { s.now = a.now; }
  void operator()(const FilmAreaMeasured& a) {
    s.film_area = a.area;
    s.kept_areas = a.kept;
    s.second.area = a.second;
    s.pixel_ratio = a.pixel_ratio;
  }
  void operator()(const GraphicsKnown& a) { s.largest_texture = a.largest_texture; }
  void operator()(const GraphicsRestored&) {}

  // --- the reader ---
  void operator()(const RunCommand& a) {
    if (const Command* command = find_command(a.id); command && command->enabled(s)) {
      s.notice.clear();
      command->perform(s, effects_);
    }
  }
  void operator()(const SelectFilm& a) {
    if (find_film(s, a.id)) s.selected = a.id;
  }
  void operator()(const CompareFilm& a) { compare_with(s, a.id); }
  void operator()(const SwapFilms&) { swap_films(s); }
  void operator()(const RemoveFilm& a) { remove_film(s, a.id, effects_); }
  void operator()(const RetryFilm& a) { retry_film(s, a.id, effects_); }
  void operator()(const HoverFinding& a) { s.hovered = a.id; }
  void operator()(const PinFinding& a) { pin_finding(s, a.id); }
  void operator()(const SetOverlayVisible& a) { s.settings.overlay.visible = a.visible; }
  void operator()(const SetOverlayMode& a) {
    s.settings.overlay.visible = true;
    s.settings.overlay.mode = a.mode;
  }
  void operator()(const SetOpacity& a) { s.settings.overlay.opacity = std::clamp(a.value, 0.0, 1.0); }
  void operator()(const SetContour& a) { show_contour(s, a.visible); }
  void operator()(const SetContourLevel& a) {
    s.settings.overlay.contour = true;
    s.settings.overlay.contour_level = std::clamp(a.value, 0.05, 0.95);
  }
  void operator()(const SetModelOutline& a) { s.settings.overlay.model_outline = a.visible; }
  void operator()(const SetAnatomy& a) { s.settings.overlay.anatomy = a.visible; }
  void operator()(const SetCorrection& a) {
    FilmEntry* film = find_film(s, s.selected);
    if (film && film->decoded() && check_correction(a.correction, film->info.width, film->info.height))
      change_request(s, *film, {a.correction, film->request.anyway}, effects_);
  }
  void operator()(const CropForModel& a) {
    s.cropping = false;
    FilmEntry* film = find_film(s, s.selected);
    if (!film || !film->decoded()) return;
    ModelRequest request = film->request;
    request.correction.crop = crop_between(*film, a.from, a.to);
    if (request.correction.crop) change_request(s, *film, request, effects_);
  }
  void operator()(const SetOrder& a) { s.settings.order = a.order; }
  void operator()(const ChooseOperatingPoint& a) {
    s.popup = Popup::kNone;
    choose_operating_point(s, a.id, effects_);
  }
  void operator()(const ToggleTrial&) { s.trial_open = !s.trial_open; }
  void operator()(const TryThreshold& a) { try_threshold(s, a.finding, a.value); }
  void operator()(const SetPrevalence& a) { set_prevalence(s, a.finding, a.value); }
  void operator()(const HoldOriginal& a) { s.original_held = a.held; }
  void operator()(const SetWindow& a) {
    if (FilmEntry* film = find_film(s, s.selected); film && film->decoded()) set_window(*film, a.window);
  }
  void operator()(const ChoosePreset& a) {
    if (FilmEntry* film = find_film(s, s.selected)) choose_preset(*film, a.id);
  }
  void operator()(const ShowFrame& a) { show_frame(s, a.frame, a.chosen, effects_); }
  void operator()(const DragWindow& a) { drag_window(s, a.dx, a.dy); }
  void operator()(const ZoomAt& a) {
    change_view(s, [&](const FilmView& view, FilmSize film, const State& state) {
      return zoomed_at(view, a.factor, a.pointer, film, state.film_area);
    });
  }
  void operator()(const Pan& a) { pan_film(s, a.dx, a.dy); }
  void operator()(const ChooseTool& a) { choose_tool(s, a.tool); }
  void operator()(const PointAt& a) { point_at(s, a.at); }
  void operator()(const PressTool& a) { a.finger ? press_tool(s, kFingerReach) : press_tool(s); }
  void operator()(const ReleaseTool&) { release_tool(s); }
  void operator()(const HoldProbe& a) { hold_probe(s, a.held); }
  void operator()(const SelectMeasurement& a) {
    if (FilmEntry* film = find_film(s, s.selected); film && find_measurement(*film, a.id)) s.measuring.selected = a.id;
  }
  void operator()(const RemoveMeasurement& a) { remove_measurement(s, a.id); }
  void operator()(const RebindKey& a) {
    s.rebinding = s.rebinding != a.id && find_command(a.id) && !find_command(a.id)->chords.empty() ? a.id : "";
    s.notice = s.rebinding.empty() ? "" : "Press the new key; Esc keeps the old one.";
  }
  void operator()(const ChangeGesture& a) {
    const GestureBinding* binding = find_gesture(a.id);
    if (!binding || !binding->can_change()) return;
    change_gesture(s.settings, *binding);
    s.notice = text(binding->name, ": ", in_words(gesture_action_of(s.settings, binding->gesture)));
  }
  void operator()(const KeyTaken& a) { take_key(s, key_press(a.key, a.ctrl, a.shift, a.alt)); }
  void operator()(const SetPanelWidth& a) {
    if (a.films && worklist_shown(s)) s.settings.worklist_width = std::clamp(a.width, kNarrowestWorklist, kWidestWorklist);
    else if (a.films) s.settings.films_width = std::clamp(a.width, kNarrowestFilms, kWidestFilms);
    else s.settings.findings_width = std::clamp(a.width, kNarrowestFindings, kWidestFindings);
  }
  void operator()(const OpenPopup& a) {
    s.rebinding.clear();
    s.popup = s.popup == a.popup ? Popup::kNone : a.popup;
  }
  void operator()(const OpenFilmMenu& a) {
    s.popup = Popup::kFilmMenu;
    s.menu_at = a.at;
  }
  void operator()(const ClosePopup& a) {
    if (s.popup != a.popup) return;
    s.rebinding.clear();
    s.popup = Popup::kNone;
  }
  void operator()(const SetTab& a) { s.tab = a.tab; }
  void operator()(const ToggleChecks&) { s.checks_open = !s.checks_open; }
  void operator()(const ChooseMethod& a) {
    s.popup = Popup::kNone;
    choose_method(s, a.method, a.layer, effects_);
  }
  void operator()(const ToggleTrustDetails&) { s.trust_details_open = !s.trust_details_open; }
  void operator()(const CloseKept& a) { close_kept(s, a.index); }
  void operator()(const RunKept& a) { run_kept(s, a.index, effects_); }
  void operator()(const SortWorklist& a) { sort_worklist(s.worklist, a.column, a.finding); }
  void operator()(const FilterWorklist& a) { s.worklist.filter = a.filter; }
  void operator()(const ShowFindingColumn& a) { show_finding_column(s.worklist, a.finding, a.shown); }
  void operator()(const BeginText& a) { begin_text(s, a.field, a.finding, effects_); }
  void operator()(const PlaceText& a) {
    if (!s.editing || s.editing->place == ScreenRect{a.x, a.y, a.width, a.height}) return;
    s.editing->place = {a.x, a.y, a.width, a.height};
    ask_for_text(s, effects_);
  }
  void operator()(const TextEntered& a) {
    if (!s.editing || s.editing->field != a.field) return;
    const TextEdit edit = *s.editing;
    if (a.done) end_text(s, effects_);
    if (edit.field == "search") s.worklist.search = one_line(a.text, 100);
    if (edit.field == "reader" && a.done && !one_line(a.text, 40).empty()) s.study.reader = one_line(a.text, 40);
    if (edit.field != "note" || !a.done) return;
    if (const FilmEntry* film = find_film(s, edit.film)) {
      Verdict verdict = verdict_on(film->reading, edit.finding).value_or(Verdict{edit.finding});
      verdict.note = a.text;
      give_verdict(s, edit.film, verdict, effects_);
    }
  }
  void operator()(const LeaveText& a) {
    if (!s.editing || s.editing->field != a.field) return;
    if (a.field == "search") s.worklist.search.clear();
    end_text(s, effects_);
  }
  void operator()(const GiveOpinion& a) { give_opinion(s, a.finding, a.opinion, effects_); }
  void operator()(const MarkFilmRead& a) { mark_read(s, a.id, a.read, effects_); }
  void operator()(const OpenExample& a) {
    s.popup = Popup::kNone;
    effects_.push_back(OpenExample{a.file});
  }
  void operator()(const LoadModel& a) {
    s.popup = Popup::kNone;
    load_model(s, a.id, effects_);
  }
  void operator()(const PickModel&) { effects_.push_back(PickModel{}); }
  void operator()(const PasteFacts& a) { effects_.push_back(PasteFacts{a.id}); }
  void operator()(const CancelImport&) {
    if (s.own.importing) cancel_work(s, effects_);
  }
  void operator()(const RemoveModel& a) {
    if (s.own.selected == a.id) s.own.selected.clear();
    if (s.settings.default_model == a.id) s.settings.default_model.clear();
    if (s.own.beside == a.id) compare_model(s, "", effects_);
    effects_.push_back(RemoveModel{a.id});
  }
  void operator()(const ReviseModel& a) {
    s.own.revising = true;
    effects_.push_back(a);
  }
  void operator()(const DownloadModel& a) { effects_.push_back(a); }
  void operator()(const SelectModel& a) { s.own.selected = s.own.selected == a.id ? "" : a.id; }
  void operator()(const MakeDefault& a) { s.settings.default_model = a.id; }
  void operator()(const DescribeModel& a) { describe_model(s, a.id, effects_); }
  void operator()(const CompareModel& a) {
    s.popup = Popup::kNone;
    compare_model(s, a.id, effects_);
  }
  void operator()(const ExportFindings& a) {
    s.popup = Popup::kNone;
    if (study_is_running(s)) {
      s.notice = "Scores are exported when the study has ended.";
      return;
    }
    effects_.push_back(ExportFindings{a.format, a.identifiers && s.identifiers_shown, s.settings.thresholds});
  }
  void operator()(const ChooseLabels& a) {
    s.evaluation.part = JoinPart::kNone;
    s.evaluation.naming.clear();
    effects_.push_back(a);
  }
  void operator()(const CloseLabels& a) { effects_.push_back(a); }
  void operator()(const ExportEvaluation& a) {
    if (has_results(s))
      effects_.push_back(ExportEvaluation{a.format, operating_point_id(s), "", s.evaluation.costs, s.evaluation.rule});
  }
  void operator()(const SortEvaluation& a) { sort_evaluation(s, a.column); }
  void operator()(const OpenEvaluated& a) { open_evaluated(s, a.finding); }
  void operator()(const OpenJoinPart& a) {
    s.evaluation.part = s.evaluation.part == a.part ? JoinPart::kNone : a.part;
    s.evaluation.naming.clear();
  }
  void operator()(const NameFinding& a) {
    s.evaluation.part = JoinPart::kFindings;
    s.evaluation.naming = a.finding;
  }
  void operator()(const ToggleEvaluatedGroups&) { s.evaluation.groups_open = !s.evaluation.groups_open; }
  void operator()(const ToggleStudyFinding& a) { choose_study_finding(s, a.finding); }
  void operator()(const SetStudyModel& a) { s.study.with_model = a.with_model; }
  void operator()(const StartStudy& a) { start_study(s, a.seed); }
  void operator()(const GiveStudyVerdict& a) { give_study_verdict(s, a.finding, a.present); }
  void operator()(const GiveStudyConfidence& a) { give_study_confidence(s, a.finding, a.value); }
  void operator()(const SetThresholdRule& a) { choose_threshold_rule(s, a.rule); }
  void operator()(const SetMissCost& a) { set_miss_cost(s, a.value); }
  void operator()(const LookAtFilm& a) { look_at_film(s, a.id, a.finding); }
  void operator()(const CopyText& a) {
    effects_.push_back(CopyText{a.text});
    s.notice = "Copied";
  }

  /// A map came by itself for the first time: how it is hidden, once.
  void tell_of_first_map() {
    const Finding* shown = overlaid_finding(s);
    if (s.first_map_told || s.finding_chosen || !s.hovered.empty() || !shown || !s.notice.empty()) return;
    s.first_map_told = true;
    s.notice = text("The first likely finding’s map is on: ", shown->name, ". M hides maps, and they stay hidden.");
  }

  /// Asks for the pixels of the selected film and for analyses, as the state says they are wanted. The case decides in
  /// what order they are made.
  void settle() {
    if (!find_film(s, s.selected)) s.selected = s.films.empty() ? 0 : s.films.front().id;
    settle_measuring(s);
    settle_measurements(s, effects_);
    settle_worklist(s);
    tell_of_first_map();
    if (const bool unsaved = is_unsaved(s); unsaved != s.leaving_guarded) {
      s.leaving_guarded = unsaved;
      effects_.push_back(GuardLeaving{unsaved});
    }
    const FilmEntry* selected = selected_film(s);
    settle_second(s);
    settle_pixels(selected);
    settle_identifiers(selected);
    settle_evaluation(s, effects_);
    if (s.engine != EnginePhase::kReady) return;
    settle_model_picture(selected);
    for (FilmEntry& film : s.films) {
      if (film.stage != FilmStage::kWaiting) continue;
      film.stage = FilmStage::kAnalysing;
      film.steps_done = film.steps_total = 0;
      effects_.push_back(Analyse{film.id, asked_correction(film.request), film.request.anyway, operating_point_id(s)});
    }
  }

 private:
  /// Holds the pixels of the selected film and of the one beside it, which may have changed places, and of no other.
  void settle_pixels(const FilmEntry* selected) {
    const FilmEntry* second = second_film(s);
    const auto one = s.pixels, other = s.second.pixels;
    const auto held = [&](const FilmEntry* film) {
      const bool is_one = film && one && one->film == film->id, is_other = film && other && other->film == film->id;
      return is_one ? one : is_other ? other : nullptr;
    };
    s.pixels = held(selected);
    s.second.pixels = held(second);
    const bool exchanged = s.second.pixels_requested == s.selected || (second && s.pixels_requested == second->id);
    if (exchanged) std::swap(s.pixels_requested, s.second.pixels_requested);
    ask_for_pixels(second, s.second.pixels, s.second.pixels_requested);
    ask_for_pixels(selected, s.pixels, s.pixels_requested);  // last: its work goes first
  }
  void ask_for_pixels(const FilmEntry* film, const std::shared_ptr<const PixelBuffer>& pixels, int& requested) {
    if (!film || film->stage == FilmStage::kUnreadable || pixels || requested == film->id) return;
    requested = film->id;
    effects_.push_back(ShowFilm{film->id});
  }
  void forget_request(int film) {
    for (int* requested : {&s.pixels_requested, &s.second.pixels_requested})
      if (*requested == film) *requested = 0;
  }
  /// What the model saw is fetched while it is looked at, and again when it is another.
  void settle_model_picture(const FilmEntry* selected) {
    const bool looked_at = s.popup == Popup::kModelInput || s.popup == Popup::kModelForm;
    const bool wanted = looked_at && selected && selected->decoded();
    const bool fits = wanted && s.model_picture && s.model_picture->film == selected->id &&
                      s.model_picture->input.correction() == selected->request.correction;
    if (!fits) s.model_picture.reset();
    if (!wanted) s.model_picture_requested = false;
    if (!wanted || fits || s.model_picture_requested) return;
    s.model_picture_requested = true;
    effects_.push_back(ShowModelInput{selected->id, asked_correction(selected->request)});
  }
  /// Who the selected film is about is read while the switch is on, and forgotten with it.
  void settle_identifiers(const FilmEntry* selected) {
    std::erase_if(s.identifiers, [&](const auto& one) { return !s.identifiers_shown || !find_film(s, one.first); });
    if (!s.identifiers_shown) s.identifiers_requested = 0;
    const bool wanted = s.identifiers_shown && selected && selected->decoded() && selected->info.dicom;
    if (!wanted || s.identifiers.contains(selected->id) || s.identifiers_requested == selected->id) return;
    s.identifiers_requested = selected->id;
    effects_.push_back(ReadIdentifiers{selected->id});
  }

  FilmEntry& film_or_new(int id, const std::string& name) {
    if (FilmEntry* film = find_film(s, id)) return *film;
    FilmEntry film;
    film.id = id;
    film.name = one_line(name, kLongestName);
    s.films.push_back(std::move(film));
    return s.films.back();
  }

  /// A film whose bytes another one has becomes a copy of that one, and is no row any more.
  bool is_copy(const FilmEntry& film) {
    if (film.sha256.empty()) return false;
    auto original = std::find_if(s.films.begin(), s.films.end(),
                                 [&](const FilmEntry& other) { return other.id != film.id && other.sha256 == film.sha256; });
    if (original == s.films.end()) return false;
    const int id = film.id, of = original->id;
    // Read once more by another engine, it is known already.
    if (std::none_of(original->copies.begin(), original->copies.end(), [id](const FilmCopy& copy) { return copy.id == id; }))
      original->copies.push_back({id, film.name});
    s.notice = text(last_part(film.name), " is the same file as ", last_part(original->name));
    if (s.selected == id) s.selected = of;
    forget_request(id);
    std::erase_if(s.films, [id](const FilmEntry& one) { return one.id == id; });
    return true;
  }

  State& s;
  std::vector<Effect>& effects_;
};

}  // namespace

std::vector<Effect> update(State& state, const Action& action) {
  std::vector<Effect> effects;
  Settings before = state.settings;
  Updater updater(state, effects);
  // What the engine tells of a film that is hidden goes where the rest of it is; a reader acts on what can be seen.
  if (std::visit([](const auto& one) { return std::is_constructible_v<Event, decltype(one)>; }, action)) show_hidden_films(state);
  std::visit(updater, action);
  settle_hidden_films(state);
  updater.settle();
  const bool restored = std::holds_alternative<SettingsRestored>(action);
  if (restored || state.settings.keep_readings != before.keep_readings)
    effects.push_back(KeepReadings{state.settings.keep_readings});
  if (!restored && !(state.settings == before)) effects.push_back(SaveSettings{settings_to_json(state.settings)});
  return effects;
}

}  // namespace chestlight::viewer
