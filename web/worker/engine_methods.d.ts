// What the engine's methods take and give, as src/engine/protocol.h lists them: the types of call() in engine.js.
import type {
  AnatomyReport, Analysis, CallCosts, CaseMessage, CaseStep, Correction, DisplayCurve, Explanation, FilmInfo, FilmRecord, MethodInfo, ModelChoice,
  ModelForm, ModelInfo, PictureLook, TensorShape, ThresholdRule, TrustReport, Written,
} from '../shared/contract.js';
import type { DicomImage } from '../dicom/read.js';

/** One call of the network; a buffer of float32 values for each input comes beside it. */
export type InferenceRequest = { graph: string, inputs: TensorShape[], outputs: string[] };

/** What is asked about one film; the engine's own number of it. */
type Question = { film: number, finding: string, method: string, layer?: string, operating_point?: string, correction?: Correction,
  anyway?: boolean };
type Picture = { look?: PictureLook, file?: string, date?: string };

/** What a job gives, by the method that starts it. */
export type JobResults = {
  analyse: Written<Analysis>,
  explain: Written<Explanation>,
  trust: Written<Explanation> & Written<TrustReport>,
  anatomy: Written<AnatomyReport>,
};

/** A checkpoint as the engine understood it; `file` is the name of its network's. The manifest and the network come as buffers. */
export type ImportedModel = { id: string, name: string, container: string, architecture: string, channels: number, side: number,
  known: string, labels: string[], left_out: string[], assumptions: string[], notes: string[], licence: string, link: string,
  sha256: string, file: string };
/** What is said of a network; `facts` is a text, as src/engine/model_form.h reads it. */
type SaidOfModel = { form?: Partial<ModelForm>, facts?: string };

/** Scores of one model on all images, in the order of `findings`; the values come as a buffer. */
export type ScoredModel = { id: string, sha256: string, operating_point: string, findings: string[], thresholds: number[],
  info?: Written<ModelInfo> };

/** As src/engine/evaluate.h has it. */
export type EvaluationRequest = {
  images: { file: string, sop_instance_uid?: string, accession_number?: string }[], models: ScoredModel[],
  uncertain?: string, blank?: string, join_by?: string, image_column?: string, groups?: string[],
  names?: { finding: string, column: string }[], goal?: { ppv: number, npv: number, confidence: number },
  costs?: CallCosts, sensitivity?: number, specificity?: number, rule?: ThresholdRule,
  notice?: string, date?: string, remarks?: string[],
};

/** What is printed of it; figures that cannot be computed are null. `with_row`: of each image, 1 where the table has a row of it. */
export type Evaluation = {
  labels: { remarks: string[] }, with_row: (0 | 1)[],
  models: { id: string, findings: { id: string, positives: number, negatives: number, auroc: number | null, interval: number[],
    average_precision: number, label: string | null, prevalence: number | null,
    prevalence_estimated: { value: number, interval: number[], model: number, brier: number, calibration_error: number } | null }[] }[],
};

/** As src/engine/head_training.h has it. */
export type TrainedHead = {
  labels: { remarks: string[] }, id: string, name: string, films: number, patients: number,
  findings: { id: string, positives: number, negatives: number, auroc: number | null, interval: number[] | null, refusal: string | null }[],
};
export type HeadRequest = Omit<EvaluationRequest, 'models' | 'names' | 'goal' | 'costs' | 'sensitivity' | 'specificity' | 'rule' | 'notice' | 'remarks'>
  & { id: string, name: string, findings?: string[], folds?: number, seed?: number, balance?: boolean };

/** As src/engine/drift_request.h has it. */
export type BatchDrift = {
  films: { reference: number, batch: number },
  findings: { id: string, stability_index: number, largest_gap: number, p: number, verdict: 'stable' | 'some' | 'shifted',
    reference_mean: number, batch_mean: number }[],
  features: { share_differing: number }, unlike: { file: string, distance: number, share: number }[],
};

type Steps = { steps: (Written<CaseStep> & { blobs: number })[], task: string };

export interface Methods {
  version: { args: {}, value: { app: string } };
  sha256: { args: {}, value: { sha256: string } };
  records: { args: { format: 'json' | 'csv' | 'csv-wide', records: Written<FilmRecord>[] }, value: {} };
  'load-model': { args: {}, value: Written<ModelInfo> };
  'load-anatomy': { args: {}, value: { id: string, version: string, sha256: string, bytes: number } };
  import: { args: { names: string[], id?: string, known?: string } & SaidOfModel, value: ImportedModel };
  revise: { args: SaidOfModel, value: Written<ModelChoice> };
  'describe-manifest': { args: {}, value: Written<ModelChoice> };
  graph: { args: { graph: string, precision: string }, value: {} };
  'warm-up': { args: { anatomy?: boolean }, value: { request: InferenceRequest } };
  open: { args: { name: string }, value: Written<FilmInfo> };
  'open-dicom': { args: { name: string, image: DicomImage }, value: Written<FilmInfo> };
  sniff: { args: {}, value: { kind: string } };
  pixels: { args: { film: number }, value: { width: number, height: number, full_scale: number, tables: DisplayCurve[] } };
  /** `anatomy`: a finished job of the same film, for places by its outlines. */
  analyse: { args: Omit<Question, 'finding' | 'method' | 'layer'> & { anatomy?: number }, value: { job: number } };
  methods: { args: {}, value: { methods: Written<MethodInfo>[] } };
  evaluation: { args: { finding: string, operating_point?: string, prevalence?: number },
    value: { finding: string, threshold: number, evaluation: string, at_prevalence: string } };
  explain: { args: Question, value: { job: number } };
  trust: { args: Question, value: { job: number } };
  anatomy: { args: { film: number, correction?: Correction }, value: { job: number } };
  next: { args: { job: number }, value: { request: InferenceRequest | null } };
  accept: { args: { job: number, outputs: TensorShape[] }, value: { done: number, total: number } };
  result: { args: { job: number }, value: JobResults[keyof JobResults] };
  overlay: { args: { job: number, film: number, finding: string } & Picture, value: { width: number, height: number, full_scale: number } };
  'export-map': { args: { job: number, film: number } & Picture, value: Written<Explanation> & { full_scale: number, app: string } };
  evaluate: { args: EvaluationRequest, value: Evaluation };
  features: { args: { job: number }, value: {} };
  'train-head': { args: HeadRequest, value: TrainedHead };
  drift: { args: { findings: string[], reference: string[], batch: string[] }, value: BatchDrift };
  close: { args: { film: number }, value: {} };
  cancel: { args: { job: number }, value: {} };
  tell: { args: { message: CaseMessage, spent?: number }, value: Steps };
  work: { args: { spent?: number }, value: Steps };
}

/** Whatever has the engine's call. */
export interface Caller {
  call<Method extends keyof Methods>(method: Method, args?: Methods[Method]['args'], blobs?: ArrayBufferView[]):
    { value: Methods[Method]['value'], blobs: Uint8Array<ArrayBuffer>[] };
}

/** A call whose blobs are written into the engine's memory piece by piece: each with give() or input(), in order, then finish(). */
export interface PieceCall<Method extends keyof Methods> {
  give(blob: Uint8Array): void;
  /** Room for a blob of so many bytes. */
  input(bytes: number): { write(offset: number, piece: Uint8Array): void };
  finish(): { value: Methods[Method]['value'], blobs: Uint8Array<ArrayBuffer>[] };
}

/** Whatever has the engine's begin, too. */
export interface PieceCaller extends Caller {
  begin<Method extends keyof Methods>(method: Method, args?: Methods[Method]['args']): PieceCall<Method>;
}
