// One visit's work: opens films, analyses them one at a time, survives bad files and a crashed engine. It is what the
// worker runs, without the worker: everything from outside comes in through the constructor, so Node can test it.
//
// Decoding and the network share one thread with this; between two tasks other messages get in. Looking at films
// never waits for the model: only analyses do.
import { InferenceCache } from './inference_cache.js';
import { looksLikeArchive, newArchiveCache, unpack } from './archive.js';
import { Cancelled, EngineCrash, EngineError, asError, failure, untilAborted } from '../shared/errors.js';
import { Explainer } from './explainer.js';
import { FilmStore } from './film_store.js';
import { runJob } from './job.js';
import { analysisRecord, errorRecord, toCsv, toJson } from './report.js';
import { blobSource } from './sources.js';
import { WorkQueue } from './work_queue.js';

/** Longest side of a thumbnail, pixels: twice the strip's width, so that it stays sharp on dense screens. */
const kThumbnailSide = 224;

/** Enough of a file to tell its format. */
const kSniffedBytes = 4096;

/** Tasks beside a film's way: when one fails, the film is as good as before. */
const kSideTasks = ['model-input', 'identifiers'];

const kLoadingCancelled = failure('cancelled', 'Loading the model was cancelled.',
  'Films can be looked at; load the model again to have them analysed.');

/**
 * @typedef {object} Services
 * @property {() => Promise<{call: Function}>} startEngine
 * @property {(options: {buildGraph: Function, warmUpInput: object, onBackend: Function, signal: AbortSignal}) =>
 *   Promise<object>} startRuntime the signal ends its downloads
 * @property {(signal: AbortSignal) => void} [prefetchRuntime] begins to load what startRuntime will need
 * @property {(id: string|null, options: {onProgress: Function, signal: AbortSignal}) =>
 *   Promise<import('./models.js').ModelFiles>} fetchModel
 * @property {(message: object, buffer?: ArrayBuffer) => void} post to the page
 * @property {() => Promise<Uint8Array>} font the typeface for captions of exported pictures
 * @property {() => Promise<void>} [breathe] resolves after waiting messages were handled
 * @property {number} [decodedBudget] bytes of decoded films
 * @property {import('../dicom/decoder.js').WatchedDecoder} [decoder] of DICOM files
 * @property {import('../dicom/libraries.js').DicomLibraries} [libraries] what ZIP archives are inflated with
 */
export class WorkerController {
  #services;
  #films;
  /** Members of archives that the page has yet to number. @type {Map<number, import('./archive.js').Packed[]>} */
  #unpacked = new Map();
  #archiveCache = newArchiveCache();
  #inferenceCache = new InferenceCache();
  #explainer;
  #queue = new WorkQueue();
  #engine = null;
  #engineStarting = null;
  #runtime = null;
  #model = null;
  #modelFiles = null;
  #modelError = null;
  /** The model asked for last; null for the default. */
  #wantedModel = null;
  /**
   * The load under way. Another model chosen meanwhile ends it, but not the runtime's downloads: any model needs them.
   * @type {{abort: AbortController, runtime: AbortController}|null}
   */
  #loading = null;
  #lastLoad = Promise.resolve();
  #runtimeStarting = Promise.resolve();
  #busy = false;
  /** The task being done. */
  #current = Promise.resolve();
  /** @type {{id: number, abort: AbortController}|null} */
  #analysing = null;

  /** @param {Services} services */
  constructor(services) {
    this.#services = { breathe: () => new Promise((resolve) => setTimeout(resolve)), ...services };
    this.#films = new FilmStore({ budget: services.decodedBudget, decoder: services.decoder });
    this.#explainer = new Explainer({
      engine: this.#caller,
      run: (request, blobs) => this.#runtime.run(request, blobs),
      films: this.#films,
      post: services.post,
      font: services.font,
      aside: () => this.#aside(),
    });
  }

  /** @param {import('../shared/protocol.js').ToWorker} message */
  handle(message) {
    switch (message.type) {
      case 'start': return this.#startLoading(message.model || this.#wantedModel);
      case 'load-model': return this.#startLoading(message.id || this.#wantedModel);
      case 'cancel-loading': return this.#cancelLoading();
      case 'open':
        this.#films.add(message.id, message.name, blobSource(message.file), message.room);
        return this.#enqueue({ kind: 'open', id: message.id });
      case 'reopen-film': return this.#reopen(message.id);
      case 'open-members': return this.#openMembers(message);
      case 'show-film':
        this.#queue.selected = message.id;
        return this.#enqueue({ kind: 'pixels', id: message.id });
      case 'analyse': return this.#askForAnalysis(message);
      case 'show-model-input':
        return this.#enqueue({ kind: 'model-input', id: message.id, correction: message.correction ?? {} });
      case 'read-identifiers': return this.#enqueue({ kind: 'identifiers', id: message.id });
      case 'cancel-analysis': return this.#cancel(message.id);
      case 'close-film': return this.#close(message.id);
      case 'open-frame': return this.#chooseFrame(message);
      case 'explain':
      case 'check-trust':
      case 'export-map': {
        const { id, request } = message.question;
        return this.#enqueue({ kind: message.type, id, request, message });
      }
      case 'cancel-explanation': return this.#cancelExplanation(message.request);
      case 'export-findings': return this.#enqueue({ kind: 'export', id: 0, format: message.format, ids: message.ids,
        identifiers: message.identifiers });
      default: return undefined;
    }
  }

  // --- the model and the runtime ---

  /** Tells how far a download is, as long as anybody waits for it. @param {'runtime'|'model'|'warm-up'} what */
  reportLoading(what, done, total) {
    if (this.#loading) this.#services.post({ type: 'loading-progressed', what, done, total });
  }

  #startLoading(id) {
    this.#wantedModel = id;
    this.#modelError = null;
    this.#loading?.abort.abort();
    const runtime = this.#loading?.runtime ?? new AbortController();
    this.#loading = { abort: new AbortController(), runtime };
    this.#lastLoad = this.#loadModel(id, this.#loading, this.#lastLoad);
    return this.#lastLoad;
  }

  #cancelLoading() {
    this.#loading?.abort.abort();
    this.#loading?.runtime.abort();
  }

  /** The model at hand stays in use until the next one is complete, and when that fails or is cancelled. */
  async #loadModel(id, load, before) {
    const { signal } = load.abort;
    let replaced = null;
    try {
      this.#services.prefetchRuntime?.(load.runtime.signal);
      const onProgress = (done, total) => this.reportLoading('model', done, total);
      const [files] = await untilAborted(signal, Promise.all([
        this.#services.fetchModel(id, { onProgress, signal }), this.#startEngine(),
      ]));
      this.#explainer.forgetAll();
      await untilAborted(signal, before.then(() => this.#current));
      const model = this.#callLoadModel(files);
      replaced = { files: this.#modelFiles, model: this.#model, runtime: this.#runtime };
      [this.#modelFiles, this.#model, this.#runtime] = [files, model, null];
      this.reportLoading('warm-up', 0, 1);
      this.#runtime = await this.#startRuntime(load);
      this.#postReady();
      this.#work();
    } catch (error) {
      return this.#loadingEnded(load, error, replaced);
    }
    return replaced.runtime?.release();
  }

  #callLoadModel({ manifest, network }) {
    return this.#call('load-model', {}, [manifest, network]).value;
  }

  /** Runtimes start one after another; one that nobody waits for any more is released when it has. */
  #startRuntime({ abort: { signal }, runtime: { signal: downloads } }) {
    const warmUp = this.#call('warm-up');
    const starting = this.#runtimeStarting.then(() => {
      if (signal.aborted) throw new Cancelled();
      return this.#services.startRuntime({
        buildGraph: (graph, precision) => this.#call('graph', { graph, precision }).blobs[0],
        warmUpInput: { request: warmUp.value.request, blobs: warmUp.blobs },
        onBackend: (backend) => this.#services.post({ type: 'backend-changed', backend }),
        onGraph: ({ graph, ready }) => this.#services.post({ type: 'loading-progressed', what: graph, done: Number(ready), total: 1 }),
        signal: downloads,
      });
    });
    this.#runtimeStarting = starting.then((runtime) => signal.aborted && runtime.release(), () => {});
    return untilAborted(signal, starting);
  }

  /** A load failed, was cancelled, or gave way to another: back to the model before it, if there was one. */
  async #loadingEnded(load, error, replaced) {
    if (replaced) [this.#modelFiles, this.#model, this.#runtime] = [replaced.files, replaced.model, replaced.runtime];
    if (error instanceof EngineCrash) await this.#restartEngine();
    else if (replaced?.runtime) this.#callLoadModel(replaced.files);
    this.#work();
    if (this.#loading !== load) return;
    this.#loading = null;
    this.#modelFailed(error);
  }

  #postReady() {
    this.#loading = null;
    const { methods } = this.#call('methods').value;
    this.#explainer.begin(methods);
    this.#services.post({ type: 'engine-ready', backend: this.#runtime.backend, model: this.#model, methods });
  }

  #modelFailed(thrown) {
    const { post } = this.#services;
    const cancelled = thrown instanceof Cancelled;
    const error = cancelled ? kLoadingCancelled.toJSON()
      : asError(thrown instanceof EngineCrash ? crashed('the model') : thrown, { code: 'model-failed' });
    if (this.#runtime) {
      const stays = `The model ${this.#model.name ?? this.#model.id} stays.`;
      post({ type: 'noticed', text: cancelled ? `${error.message} ${stays}` : `${error.message} ${error.hint} ${stays}` });
      this.#postReady();
      return;
    }
    post({ type: 'engine-failed', error });
    if (cancelled) return;  // analyses wait until the model is loaded again
    this.#modelError = error;
    for (const { id } of this.#queue.dropAnalyses()) post({ type: 'analysis-failed', id, error });
  }

  // --- the engine ---

  #startEngine() {
    this.#engineStarting ??= this.#services.startEngine().then(
      (engine) => {
        this.#engine = engine;
        this.#work();
      },
      (error) => {
        this.#engineStarting = null;
        throw failure('engine-not-started', `The engine could not be started (${error?.message ?? error}).`,
          'Reload the page; if it stays, the site was copied incompletely.');
      });
    return this.#engineStarting;
  }

  /** The engine's call, with a trap told apart from an answer. */
  #call(method, args, blobs) {
    try {
      return this.#engine.call(method, args, blobs);
    } catch (error) {
      throw error instanceof EngineError ? error : new EngineCrash(String(error?.message ?? error));
    }
  }

  /** What films and jobs are given as the engine. */
  #caller = { call: (method, args, blobs) => this.#call(method, args, blobs) };

  async #restartEngine() {
    this.#engine = null;
    this.#engineStarting = null;
    this.#films.forgetDecoded();
    this.#explainer.forgetAll();
    try {
      await this.#startEngine();
      if (this.#modelFiles) this.#callLoadModel(this.#modelFiles);
    } catch (error) {
      this.#runtime = null;
      this.#modelError = asError(error instanceof EngineCrash ? crashed('the model') : error);
      this.#services.post({ type: 'engine-failed', error: this.#modelError });
    }
  }

  // --- the queue ---

  #enqueue(task) {
    this.#queue.add(task);
    this.#work();
  }

  /** Asked for otherwise, with other corrections or thresholds, the film's analysis that waits or runs gives way without a word. */
  #askForAnalysis({ type, id, correction, anyway, operating_point: operatingPoint }) {
    if (this.#modelError) {
      this.#services.post({ type: 'analysis-failed', id, error: this.#modelError });
      return;
    }
    this.#queue.drop(id, ['analyse']);
    if (this.#analysing?.id === id) {
      this.#analysing.replaced = true;
      this.#analysing.abort.abort();
    }
    this.#enqueue({ kind: 'analyse', id, question: { correction: correction ?? {}, anyway: anyway ?? false, operating_point: operatingPoint || undefined } });
  }

  #cancel(id) {
    const waiting = this.#queue.drop(id, ['analyse']);
    if (this.#analysing?.id === id) {
      this.#analysing.abort.abort();
    } else if (waiting.length) {
      this.#services.post({ type: 'analysis-cancelled', id });
    }
  }

  /** A file that could not be read, once more: what was recorded of the failure is void. */
  #reopen(id) {
    const film = this.#films.get(id);
    if (!film) return;
    film.record = null;
    this.#inferenceCache.forget(id);
    this.#enqueue({ kind: 'open', id });
  }

  /** Whatever was asked of the frame before is void; the film is opened again with the new one. */
  #chooseFrame({ id, frame, chosen }) {
    this.#queue.drop(id);
    if (this.#analysing?.id === id) this.#analysing.abort.abort();
    this.#enqueue({ kind: 'frame', id, choice: { frame, chosen } });
  }

  #cancelExplanation(request) {
    if (this.#queue.dropRequest(request).length) this.#services.post({ type: 'explanation-cancelled', request });
    this.#explainer.cancel(request);
  }

  #close(id) {
    this.#unpacked.delete(id);
    this.#queue.drop(id);
    this.#explainer.forget(id);
    this.#inferenceCache.forget(id);
    if (this.#analysing?.id === id) this.#analysing.abort.abort();
    // A task, because what is running may still use the film.
    this.#enqueue({ kind: 'close', id });
  }

  #work() {
    if (this.#busy) return;
    this.#busy = true;
    this.#drain();
  }

  async #drain() {
    await this.#services.breathe();
    for (;;) {
      const task = this.#engine && this.#queue.take(Boolean(this.#runtime));
      if (!task) break;
      this.#current = this.#perform(task);
      await this.#current;
      await this.#services.breathe();
    }
    this.#busy = false;
  }

  /** In the middle of a long task: lets messages in, and does one thing that a reader waits for. */
  async #aside() {
    await this.#services.breathe();
    const task = this.#engine && this.#queue.take(Boolean(this.#runtime), { aside: true });
    if (task) await this.#perform(task);
  }

  async #perform(task) {
    const film = this.#films.get(task.id);
    if (!film && task.kind !== 'export') return;
    try {
      if (task.kind === 'open') await this.#open(film);
      else if (task.kind === 'frame') await this.#frame(film, task.choice);
      else if (task.kind === 'pixels') await this.#pixels(film);
      else if (task.kind === 'model-input') await this.#modelInput(film, task);
      else if (task.kind === 'identifiers') await this.#identifiers(film);
      else if (task.kind === 'analyse') await this.#analyse(film, task);
      else if (task.message) await this.#explainer.perform(task.message) || await this.#restartEngine();
      else if (task.kind === 'close') this.#films.remove(this.#caller, task.id);
      else await this.#export(task);
    } catch (error) {
      await this.#taskFailed(task, film, error);
    }
  }

  async #taskFailed(task, film, thrown) {
    const { post } = this.#services;
    if (thrown instanceof Cancelled) return thrown.replaced ? undefined : post({ type: 'analysis-cancelled', id: film.id });
    const error = asError(thrown instanceof EngineCrash ? crashed(film?.name ?? 'the export') : thrown);
    if (film && !kSideTasks.includes(task.kind)) film.record = errorRecord(film.name, error, this.#about());
    if (task.kind === 'analyse') post({ type: 'analysis-failed', id: film.id, error });
    else if (kSideTasks.includes(task.kind)) post({ type: 'noticed', text: `${error.message} ${error.hint}`.trim() });
    else if (task.kind !== 'export' && task.kind !== 'close') {
      if (thrown instanceof EngineCrash) await this.#restartEngine();
      return post({ type: 'film-failed', id: film.id, name: film.name, error, kind: await this.#kindOf(film) });
    }
    if (thrown instanceof EngineCrash) await this.#restartEngine();
    return undefined;
  }

  async #open(film) {
    if (await looksLikeArchive(film.source)) return this.#unpack(film);
    const facts = await this.#films.decode(this.#caller, film);
    const { value, blobs } = this.#call('thumbnail', { film: film.handle, side: kThumbnailSide });
    this.#services.post({ type: 'film-opened', id: film.id, film: facts, thumbnail: value }, blobs[0].buffer);
    return undefined;
  }

  /** What a file that cannot be read is, by its first bytes. @returns {Promise<string>} '' where that cannot be told either */
  async #kindOf(film) {
    try {
      return this.#call('sniff', {}, [await film.source.read(0, kSniffedBytes)]).value.kind;
    } catch {
      return '';
    }
  }

  /** An archive is no film: the page is told what is in it, numbers that, and answers with 'open-members'. */
  async #unpack({ id, name, source, room }) {
    const { members, more, ignored } = await unpack(source, {
      name, inflater: () => this.#services.libraries.inflater(), room, archiveCache: this.#archiveCache,
    });
    const films = members.map((member) => ({ name: `${name}/${member.name}`, source: member.source }));
    this.#films.remove(this.#caller, id);
    this.#unpacked.set(id, films);
    this.#services.post({ type: 'unpacked', id, more, ignored_files: ignored,
      members: films.map((film) => ({ name: film.name, bytes: film.source.size })) });
  }

  #openMembers({ id, ids }) {
    const members = this.#unpacked.get(id) ?? [];
    this.#unpacked.delete(id);
    ids.forEach((own, index) => {
      this.#films.add(own, members[index].name, members[index].source);
      this.#enqueue({ kind: 'open', id: own });
    });
  }

  async #frame(film, choice) {
    this.#films.chooseFrame(this.#caller, film, choice);
    await this.#open(film);
  }

  async #pixels(film) {
    await this.#films.decode(this.#caller, film);
    const { value, blobs } = this.#call('pixels', { film: film.handle });
    this.#services.post({ ...value, type: 'pixels-arrived', id: film.id }, joined(blobs).buffer);
  }

  /** What the network gets of the film: its very pixels, and how they came to be. */
  async #modelInput(film, { correction }) {
    await this.#films.decode(this.#caller, film);
    const { value, blobs } = this.#call('model-input', { film: film.handle, correction });
    this.#services.post({ type: 'model-input-arrived', id: film.id, input: value }, blobs[0].buffer);
  }

  /** Who the film is about: read for the reader's eyes and handed on; neither kept nor logged. */
  async #identifiers(film) {
    this.#services.post({ type: 'identifiers-arrived', id: film.id, identifiers: await this.#films.identifiers(film) });
  }

  async #analyse(film, { question }) {
    const { post, breathe } = this.#services;
    const abort = new AbortController();
    const analysing = { id: film.id, abort, replaced: false };
    this.#analysing = analysing;
    try {
      post({ type: 'analysis-progressed', id: film.id, done: 0, total: 1 });
      await this.#films.decode(this.#caller, film);
      await breathe();
      if (abort.signal.aborted) throw new Cancelled();
      const start = performance.now();
      const { value } = this.#call('analyse', { film: film.handle, ...question });
      const prepare = performance.now() - start;
      const { analysis, blobs, milliseconds } = await runJob(this.#caller, this.#runnerFor(film, question), value.job, {
        signal: abort.signal,
        breathe,
        onProgress: (progress) => post({ type: 'analysis-progressed', id: film.id, ...progress }),
      });
      film.record = analysisRecord(film.name, analysis,
        { backend: this.#about().backend, decoder: film.facts.decoder });
      milliseconds.prepare += prepare;
      milliseconds.decode = film.decodeMilliseconds;
      post({ type: 'analysis-arrived', id: film.id, analysis: { ...analysis, milliseconds } }, blobs[0]?.buffer);
    } catch (error) {
      if (error instanceof Cancelled) error.replaced = analysing.replaced;
      throw error;
    } finally {
      this.#analysing = null;
    }
  }

  /** The runtime, which is not asked again what it answered to the same pixels. */
  #runnerFor(film, { correction }) {
    return this.#inferenceCache.runner(film.id, JSON.stringify([this.#about(), film.choice, correction]), this.#runtime);
  }

  /** Writes into copies of the records who the films are about: for one export that was asked to hold it. */
  async #identify(films, records) {
    for (const [index, film] of films.filter(({ record }) => record).entries()) {
      const stated = await this.#films.identifiers(film).catch(() => []);
      records[index] = { ...records[index], identifiers: Object.fromEntries(stated.map(({ label, value }) => [label, value])) };
    }
  }

  /** What ran a film, for its record. */
  #about() {
    const model = this.#model && { id: this.#model.id, sha256: this.#model.sha256 };
    return { model, backend: this.#runtime?.backend.name ?? null };
  }

  async #export({ format, ids, identifiers }) {
    const films = this.#films.all().filter((film) => !ids || ids.includes(film.id));
    const records = films.map((film) => film.record).filter(Boolean);
    if (identifiers) await this.#identify(films, records);
    const csv = format === 'csv';
    this.#services.post(
      { type: 'exported', name: csv ? 'findings.csv' : 'findings.json', mime: csv ? 'text/csv' : 'application/json' },
      new TextEncoder().encode(csv ? toCsv(records) : toJson(records)).buffer);
  }
}

/** One buffer after the other, in one. @param {Uint8Array[]} parts @returns {Uint8Array} */
function joined(parts) {
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function crashed(what) {
  return failure('engine-crashed', `The engine stopped while it worked on ${what}; it was started again.`,
    'The other films go on. If this one is a valid film, please report its format and size.');
}
