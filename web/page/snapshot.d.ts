// The published state, as src/viewer/text/snapshot.cpp and explanation_snapshot.cpp write it: what the page's text is made of and
// what tests look at. A field of another section is added here when it is written there.
import type {
  Backend, Correction, EnginePhase, EvaluatedFinding, EvaluationColumn, EvidenceShares, Failure, FilmStage, FindingMeasures, FindingState, FindingsOrder, Identifier, InputRecord, JoinPart, LabelledFilms, LabelsJoin, LabelTable, MeasurementKind, MeasurementRole,
  Milliseconds, OperatingPoint, Opinion, ModelChoice, OverlayMode, Popup, ProfileInUse, ReaderAction, Reason, StudyFinding, StudyStage, Tool, WorklistFilter, WorklistSort, WorkStage, Written, Zone,
} from '../shared/contract.js';

export type FilmRow = {
  id: number, name: string, status: FilmStage, kind: string, headline: string, reason: string, can_retry: boolean, selected: boolean,
  second: boolean,  // it stands beside the selected one, or waits for that
  synthetic: boolean, read: boolean, copies: string[],
  request: string,  // what was asked of it beyond the usual, in words
  width?: number, height?: number, notes?: string[],  // of a film that is decoded
  frame?: number, frames?: number, frame_chosen?: boolean,  // of one with several
  error?: Written<Failure>,
};

/** The films as a table, while they are one. */
export type Worklist = {
  summary: string, sort: Written<WorklistSort>, filter: Written<WorklistFilter>, search: string, columns: { id: string, name: string }[],
  rows: { id: number, name: string, study: string, view: string, state: string, finding: string, zone: string, score: string,
    verdict: string, scores: string[] }[],
};

/** Lungs and heart; `ratio`: the cardiothoracic one, `moved`: by the reader, `tilt`: degrees. */
export type AnatomyState = { found: boolean, text: string, ratio: number | null, moved: boolean, tilt: number | null, heart: boolean };

/** What speaks against the film or its scores, and what to do about it; no remedy: ''. */
export type Warning = { id: string, text: string, remedy: string, action: ReaderAction | null };
/** A model that can be loaded, with what can be done with it. */
export type ModelRow = Written<ModelChoice> & { own: boolean, in_use: boolean, is_default: boolean, selected: boolean };

/** What is being added, what became no model, and where added ones are kept, as models_snapshot.cpp writes it. */
export type ImportState = { importing: string | null, failed: { name: string, error: Written<Failure> }[], note: string, assumptions: string[],
  storage: string, beside: string };

/** The form of the added model in use. */
export type ModelFormState = { id: string, name: string, labels: string[], side: number, fit: string, crop: number, channels: number,
  scalings: { name: string, explanation: string, mean: number[], deviation: number[], selected: boolean }[], revising: boolean,
  refused: string | null };

export type SelectedFilm = FilmRow & {
  correction: Written<Correction> | null, anyway: boolean, facts: { label: string, text: string }[],
  anatomy: AnatomyState | null,  // null while it is not known whether there are lungs on the film
  warnings: Warning[],
} & Partial<{  // of a film that was analysed
  summary: { sentence: string, headline: string, caveat: string }, comparison: string, stability: string, any_finding: string | null, operating_point: Written<OperatingPoint>,
  reasons: Written<Reason>[], may_be_overridden: boolean, overridden: boolean, input: Written<InputRecord>,
  evidence_residual: number, milliseconds: Written<Milliseconds>,
}>;

export type FindingRow = {
  id: string, name: string, score: number, score_text: string, threshold_text: string, zone: Zone, zone_text: string, zone_reason: string,
  percentile_text: string, reading: string, evaluation: string, threshold: number, state: FindingState, state_text: string, logit: number,
  probability: number, selected: boolean, hovered: boolean, where: string, place: string, sentence: string, residual: number,
  evidence: Written<EvidenceShares> | null, evidence_text: string, possible_shortcut: boolean,
  verdict: Opinion, note: string,  // the reader's
  beside: { score_text: string, zone_text: string, disagrees: boolean, text: string } | null,  // the model compared with
  stability: { low: number, high: number, flips: boolean, text: string } | null,  // over small changes of the picture; null: not checked
};

/** A threshold of the reader's own, and the next ones to either side. */
export type Trial = {
  finding: string, name: string, open: boolean, threshold_text: string, verdict: string, evaluation: string, prevalence_text: string,
  at_prevalence: string, lower: number, higher: number, rarer: number, commoner: number,
};

export type MethodRow = { id: string, name: string, explanation: string, requests: number, cost: string, unavailable: string,
  layers: string[], chosen: boolean };

type Work = { status: WorkStage, done: number, total: number, error?: Written<Failure> };

export type ExplanationState = Omit<Partial<Work>, 'status'> & {
  finding: string, method: string, name: string, layer: string, status: WorkStage | 'known',
  drawn: string,  // the method whose map lies over the film
} & Partial<{
  sentence: string, regions: string, area: number, boxes: number[][], notes: string[], unit: string, signed: boolean, cutoff: number,
  size: number[], scale: number, measures: { name: string, value: number, text: string }[], progress: string, check: Work,
  trust: { line: string, checks: { name: string, verdict: string, text: string }[] },
}>;

/** A map that is kept beside the one looked at. */
export type KeptMap = { finding: string, name: string, method: string, layer: string, drawn: boolean, note: string, can_run: boolean };

/** Two films side by side, as side_by_side.cpp writes it; `first` and `last` as they stand, by their dates where `dated`. */
export type SideBySide = {
  film: number, name: string, headline: string, first: { id: number, name: string }, last: { id: number, name: string }, dated: boolean,
  interval: string, text: string, linked: boolean, link_text: string, pixels: boolean,
  finding: string | null,  // whose map lies over the second film
  view: { zoom: number, fitted: boolean, window: { centre: number, width: number }, window_in_words: string, preset: string,
    inverted: boolean, area: { x: number, y: number, width: number, height: number }, source_to_screen: number[] } | null,
  scores: boolean,  // the change of scores stands in place of the findings
  note: string,  // why there is none
  changes: ScoreChange[],
};

/** Of one finding, from the first film to the last; `within_bands` null: not both films were checked for stability. */
export type ScoreChange = {
  id: string, name: string, first: number, last: number, first_text: string, last_text: string, first_zone: string, last_zone: string,
  difference: number, difference_text: string, zone_changed: boolean, within_bands: boolean | null, text: string,
};

/** Labels joined to the films and what scores are worth against them, as evaluation_snapshot.cpp writes it. */
export type EvaluationState = {
  open: boolean, tables: Written<LabelTable>[], folders: boolean, join: Written<LabelsJoin> | null, error: Written<Failure> | null,
  parts: { id: JoinPart, words: string, options: { label: string, chosen: boolean, action: ReaderAction }[] }[],
  busy: boolean, column: EvaluationColumn, rising: boolean, opened: string, films: Written<LabelledFilms> | null, films_text: string,
  operating_point?: string,  // of results
  remarks: string[], results: Written<EvaluatedFinding>[], without_labels: string[],
  measures: Omit<Written<FindingMeasures>, 'plots'> & { plots: string[] } | null,  // plots by their titles
  results_error: Written<Failure> | null,
  profile_options: { label: string, chosen: boolean, action: ReaderAction }[],  // about the site profile that can be saved
};

/** A reader study, as study_snapshot.cpp writes it. */
export type StudyState = {
  open: boolean, stage: StudyStage | null, seed: number | null, words: string, next: string, can_go_on: boolean, can_start: boolean,
  reader: string, with_model: boolean, choices: { id: string, name: string, chosen: boolean }[],
  findings: { id: string, name: string, verdict: boolean | null, confidence: number | null }[],
  results: Omit<Written<StudyFinding>, 'roc'>[], error: Written<Failure> | null,
};

/** A length or an angle; one with a role is a line of the cardiothoracic ratio. */
export type Measured = { id: number, kind: MeasurementKind, role: MeasurementRole, shown: boolean, text: string, points: number[][],
  selected: boolean };

export type Measuring = {
  tool: Tool, cross: number[] | null, measurements: Measured[],
  unit: string, probe: string[], sides: string[], letters: { left: string, right: string, top: string, bottom: string } | null,
};

export type View = {
  zoom: number, fitted: boolean, pan: { x: number, y: number }, window: { centre: number, width: number }, window_in_words: string,
  preset: string, presets: { id: string, name: string, centre: number, width: number }[], inverted: boolean, rotation: number,
  drawing: boolean | null,  // whether what the file lays over the film is shown; null: there is nothing
  flipped: boolean, area: { x: number, y: number, width: number, height: number }, source_to_screen: number[], pixels: boolean,
  halvings: number, measuring: Measuring,
};

export type CommandRow = { id: string, label: string, help: string, shortcut: string, key_can_change: boolean, enabled: boolean };

export type Snapshot = {
  app: string,  // name and version
  films: FilmRow[], worklist: Worklist | null,
  selected: SelectedFilm | null, identifiers: Identifier[] | null,  // null: they are not shown
  findings: FindingRow[], order: FindingsOrder, trial: Trial | null,
  methods: MethodRow[], explanation: ExplanationState | null, kept: KeptMap[],
  side_by_side: SideBySide | null,  // null: one film is looked at
  evaluation: EvaluationState | null,  // null: nobody asked for labels
  study: StudyState,
  overlay: { finding: string | null, mode: OverlayMode, opacity: number, contour: boolean, contour_level: number, model_outline: boolean,
    anatomy: boolean,
    visible: boolean, enabled: boolean, original_held: boolean },
  view: View | null,
  status: string, progress: { busy: boolean, fraction: number, text: string, can_cancel: boolean }, undo_offer: string,
  engine: EnginePhase, backend: Written<Backend>, model: { id: string, name: string, sha256: string, evaluation: string },
  site_profile: Written<ProfileInUse> | null,  // the one in use
  models: ModelRow[], import: ImportState, model_form: ModelFormState | null,  // null: no added model is in use
  errors: Written<Failure>[], network: { bytes_sent: number, foreign_requests: number },
  operating_points: { id: string, name: string, selected: boolean }[],
  rebinding: string, gestures: { id: string, name: string, device: 'mouse' | 'touch', help: string, can_change: boolean }[],
  commands: CommandRow[],
  glossary: { id: string, name: string, words: string, example: { file: string, name: string } | null }[] | null,  // null: not open
  popup: Popup, model_picture: number | null, cropping: boolean, dragging_files: boolean, unsaved: boolean, editing: string | null,
  // what is said of films, kept on the device: of so many, in words, and the words of both buttons; forget: null where nothing is kept
  keeping: { on: boolean, films: number, text: string, keep: string, forget: string | null },
  frames: number, pixels_drawn: number, film_uploads: number,
};
