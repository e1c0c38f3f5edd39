// One visit's work: opens films, analyses them one at a time, survives bad files and a crashed engine. It is what the
// worker runs, without the worker: everything from outside comes in through the constructor, so Node can test it.
//
// Decoding and the network share one thread with this; between two tasks other messages get in. Looking at films
// never waits for the model: only analyses do.
import { newShelves, unpack } from './archive.js';
import { Cancelled, EngineCrash, EngineError, asError, failure } from './errors.js';
import { FilmStore } from './film_store.js';
import { runJob } from './job.js';
import { analysisRecord, errorRecord, toCsv, toJson } from './report.js';
import { blobSource } from './sources.js';
import { WorkQueue } from './work_queue.js';
import { looksLikeZip } from './zip.js';

/** Longest side of a thumbnail, pixels: twice the strip's width, so that it stays sharp on dense screens. */
const kThumbnailSide = 224;

/**
 * @typedef {object} Services
 * @property {() => Promise<{call: Function}>} startEngine
 * @property {(options: {buildGraph: Function, warmUpInput: object, onBackend: Function}) => Promise<object>}
 *   startRuntime
 * @property {(id: string|null, onProgress: Function) => Promise<import('./models.js').ModelFiles>} fetchModel
 * @property {(message: object, buffer?: ArrayBuffer) => void} post to the page
 * @property {() => Promise<void>} [breathe] resolves after waiting messages were handled
 * @property {number} [decodedBudget] bytes of decoded films
 * @property {import('./dicom/decoder.js').WatchedDecoder} [decoder] of DICOM files
 * @property {import('./dicom/libraries.js').DicomLibraries} [libraries] what ZIP archives are inflated with
 */
export class Session {
  #services;
  #films;
  /** Members of archives that the page has yet to number. @type {Map<number, import('./archive.js').Packed[]>} */
  #unpacked = new Map();
  #shelves = newShelves();
  #queue = new WorkQueue();
  #engine = null;
  #engineStarting = null;
  #runtime = null;
  #model = null;
  #modelFiles = null;
  #modelError = null;
  #loads = 0;
  #loading = false;
  #busy = false;
  /** The task being done. */
  #current = Promise.resolve();
  /** @type {{id: number, abort: AbortController}|null} */
  #analysing = null;

  /** @param {Services} services */
  constructor(services) {
    this.#services = { breathe: () => new Promise((resolve) => setTimeout(resolve)), ...services };
    this.#films = new FilmStore({ budget: services.decodedBudget, decoder: services.decoder });
  }

  /** @param {import('./protocol.js').ToWorker} message */
  handle(message) {
    switch (message.type) {
      case 'start':
      case 'load-model': return this.#loadModel(message.model ?? null);
      case 'open':
        this.#films.add(message.id, message.name, blobSource(message.file));
        return this.#enqueue({ kind: 'open', id: message.id, room: message.room });
      case 'open-members': return this.#openMembers(message);
      case 'pixels':
        this.#queue.selected = message.id;
        return this.#enqueue({ kind: 'pixels', id: message.id });
      case 'analyse': return this.#askForAnalysis(message.id);
      case 'cancel': return this.#cancel(message.id);
      case 'close': return this.#close(message.id);
      case 'frame': return this.#chooseFrame(message);
      case 'export': return this.#enqueue({ kind: 'export', id: 0, format: message.format, ids: message.ids });
      default: return undefined;
    }
  }

  // --- the model and the runtime ---

  /** Tells how far a download is, as long as anybody waits for it. @param {'runtime'|'model'|'warm-up'} what */
  reportLoading(what, done, total) {
    if (this.#loading) this.#services.post({ type: 'loading', what, done, total });
  }

  /** The model at hand stays in use until the next one is complete, and when that fails. */
  async #loadModel(id) {
    const load = ++this.#loads;
    const { post } = this.#services;
    this.#modelError = null;
    this.#loading = true;
    try {
      const [files] = await Promise.all([
        this.#services.fetchModel(id, (done, total) => this.reportLoading('model', done, total)),
        this.#startEngine(),
      ]);
      await this.#current;
      if (load !== this.#loads) return;
      this.#model = this.#call('load-model', {}, [files.manifest, files.weights]).value;
      this.#modelFiles = files;
      const oldRuntime = this.#runtime;
      this.#runtime = null;
      await oldRuntime?.release();
      this.reportLoading('warm-up', 0, 1);
      const warmUp = this.#call('warm-up');
      const runtime = await this.#services.startRuntime({
        buildGraph: (graph, precision) => this.#call('graph', { graph, precision }).blobs[0],
        warmUpInput: { request: warmUp.value.request, blobs: warmUp.blobs },
        onBackend: (backend) => post({ type: 'backend', backend }),
        onGraph: ({ graph, ready }) => post({ type: 'loading', what: graph, done: Number(ready), total: 1 }),
      });
      if (load !== this.#loads) return void runtime.release();
      this.#runtime = runtime;
      this.#postReady();
      this.#work();
    } catch (error) {
      if (load === this.#loads) await this.#modelFailed(error);
    }
  }

  #postReady() {
    this.#loading = false;
    this.#services.post({ type: 'ready', backend: this.#runtime.backend, model: this.#model });
  }

  async #modelFailed(thrown) {
    const { post } = this.#services;
    this.#loading = false;
    const error = asError(thrown instanceof EngineCrash ? crashed('the model') : thrown, { code: 'model-failed' });
    if (thrown instanceof EngineCrash) await this.#restartEngine();
    if (this.#runtime) {
      const name = this.#model.name ?? this.#model.id;
      post({ type: 'notice', text: `${error.message} ${error.hint} The model ${name} stays.` });
      this.#postReady();
      return;
    }
    this.#modelError = error;
    post({ type: 'failed', error });
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
    try {
      await this.#startEngine();
      if (this.#modelFiles) this.#call('load-model', {}, [this.#modelFiles.manifest, this.#modelFiles.weights]);
    } catch (error) {
      this.#runtime = null;
      this.#modelError = asError(error instanceof EngineCrash ? crashed('the model') : error);
      this.#services.post({ type: 'failed', error: this.#modelError });
    }
  }

  // --- the queue ---

  #enqueue(task) {
    this.#queue.add(task);
    this.#work();
  }

  #askForAnalysis(id) {
    if (this.#modelError) {
      this.#services.post({ type: 'analysis-failed', id, error: this.#modelError });
    } else {
      this.#enqueue({ kind: 'analyse', id });
    }
  }

  #cancel(id) {
    const waiting = this.#queue.drop(id, ['analyse']);
    if (this.#analysing?.id === id) {
      this.#analysing.abort.abort();
    } else if (waiting.length) {
      this.#services.post({ type: 'cancelled', id });
    }
  }

  /** Whatever was asked of the frame before is void; the film is opened again with the new one. */
  #chooseFrame({ id, frame, chosen }) {
    this.#queue.drop(id);
    if (this.#analysing?.id === id) this.#analysing.abort.abort();
    this.#enqueue({ kind: 'frame', id, choice: { frame, chosen } });
  }

  #close(id) {
    this.#unpacked.delete(id);
    this.#queue.drop(id);
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

  async #perform(task) {
    const film = this.#films.get(task.id);
    if (!film && task.kind !== 'export') return;
    try {
      if (task.kind === 'open') await this.#open(film, task.room);
      else if (task.kind === 'frame') await this.#frame(film, task.choice);
      else if (task.kind === 'pixels') await this.#pixels(film);
      else if (task.kind === 'analyse') await this.#analyse(film);
      else if (task.kind === 'close') this.#films.remove(this.#caller, task.id);
      else this.#export(task);
    } catch (error) {
      await this.#taskFailed(task, film, error);
    }
  }

  async #taskFailed(task, film, thrown) {
    const { post } = this.#services;
    if (thrown instanceof Cancelled) return post({ type: 'cancelled', id: film.id });
    const error = asError(thrown instanceof EngineCrash ? crashed(film?.name ?? 'the export') : thrown);
    if (film) film.record = errorRecord(film.name, error, this.#about());
    if (task.kind === 'analyse') post({ type: 'analysis-failed', id: film.id, error });
    else if (task.kind !== 'export' && task.kind !== 'close') {
      post({ type: 'film-failed', id: film.id, name: film.name, error });
    }
    if (thrown instanceof EngineCrash) await this.#restartEngine();
    return undefined;
  }

  async #open(film, room) {
    if (await looksLikeZip(film.source)) return this.#unpack(film, room);
    const facts = await this.#films.decode(this.#caller, film);
    const { value, blobs } = this.#call('thumbnail', { film: film.handle, side: kThumbnailSide });
    this.#services.post({ type: 'film', id: film.id, film: facts, thumbnail: value }, blobs[0].buffer);
    return undefined;
  }

  /** An archive is no film: the page is told what is in it, numbers that, and answers with 'open-members'. */
  async #unpack({ id, name, source }, room) {
    const { members, more, setAside } = await unpack(source, {
      inflater: () => this.#services.libraries.inflater(), room, shelves: this.#shelves,
    });
    const films = members.map((member) => ({ name: `${name}/${member.name}`, source: member.source }));
    this.#films.remove(this.#caller, id);
    this.#unpacked.set(id, films);
    this.#services.post({ type: 'unpacked', id, more, set_aside: setAside,
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
    this.#services.post({ ...value, type: 'pixels', id: film.id }, joined(blobs).buffer);
  }

  async #analyse(film) {
    const { post, breathe } = this.#services;
    const abort = new AbortController();
    this.#analysing = { id: film.id, abort };
    try {
      post({ type: 'analysing', id: film.id, done: 0, total: 1 });
      await this.#films.decode(this.#caller, film);
      await breathe();
      if (abort.signal.aborted) throw new Cancelled();
      const start = performance.now();
      const { value } = this.#call('analyse', { film: film.handle });
      const prepare = performance.now() - start;
      const { analysis, blobs, milliseconds } = await runJob(this.#caller, this.#runtime, value.job, {
        signal: abort.signal,
        breathe,
        onProgress: (progress) => post({ type: 'analysing', id: film.id, ...progress }),
      });
      film.record = analysisRecord(film.name, analysis,
        { backend: this.#about().backend, decoder: film.facts.decoder });
      milliseconds.prepare += prepare;
      milliseconds.decode = film.decodeMilliseconds;
      post({ type: 'analysis', id: film.id, analysis, milliseconds }, blobs[0]?.buffer);
    } finally {
      this.#analysing = null;
    }
  }

  /** What ran a film, for its record. */
  #about() {
    const model = this.#model && { id: this.#model.id, sha256: this.#model.sha256 };
    return { model, backend: this.#runtime?.backend.name ?? null };
  }

  #export({ format, ids }) {
    const films = this.#films.all().filter((film) => !ids || ids.includes(film.id));
    const records = films.map((film) => film.record).filter(Boolean);
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
