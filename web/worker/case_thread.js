// The thread that a case lives in (src/engine/case_runner.h): it hands the page's requests to the case, does the steps that the case asks
// for, and hands its events to the page. What is done next, and of which film, the case decides.
//
// An engine that stops is replaced: what the case gave away to be kept is told to the next one, and what it was doing is answered with
// what happened. Every step is answered in a stated time. Everything from outside comes in through the constructor, so that Node runs it.
import { looksLikeArchive, newArchiveCache, unpack } from './archive.js';
import { looksLikeDicom } from '../dicom/data_set.js';
import { kLargestDicom } from '../dicom/limits.js';
import { openFilm } from '../dicom/open.js';
import { EngineCrash, asError, callerOf, failure, fileTooLarge } from '../shared/errors.js';
import { today } from '../shared/today.js';
import { ModelLoader } from './model_loader.js';
import { OwnModels } from './own_models.js';
import { blobSource } from './sources.js';

/** Enough of a file to tell its format. */
const kSniffedBytes = 4096;

/** A step that is not answered by then is given up, milliseconds. DICOM files have a limit of their own (dicom/decoder.js). */
export const kLongestSteps = { read: 120_000, network: 300_000 };

/** An engine that stops this often with nothing to blame is not started again. */
const kMostRestarts = 3;

/**
 * @typedef {object} Services
 * @property {() => Promise<{call: Function}>} startEngine
 * @property {(options: {buildGraph: Function, warmUpInput: object, onBackend: Function, signal: AbortSignal}) =>
 *   Promise<any>} startRuntime the signal ends its downloads
 * @property {(signal: AbortSignal) => void} [prefetchRuntime] begins to load what startRuntime will need
 * @property {(id: string|null, options: {onProgress: Function, signal: AbortSignal}) =>
 *   Promise<import('./models.js').ModelFiles>} fetchModel
 * @property {(message: object, buffer?: ArrayBuffer) => void} post to the page
 * @property {() => Promise<Uint8Array>} font the typeface for captions of exported pictures
 * @property {() => Promise<void>} [breathe] resolves after waiting messages were handled
 * @property {import('../dicom/decoder.js').WatchedDecoder} [decoder] of DICOM files
 * @property {import('../dicom/libraries.js').DicomLibraries} [libraries] what ZIP archives are inflated with
 * @property {import('./model_store.js').ModelStore} [store] of models that readers add; without one, none can be added
 * @property {{read: number, network: number}} [longestSteps]
 */
export class CaseThread {
  #services;
  #loader;
  #ownModels = null;
  #engine = null;
  #engineStarting = null;
  /** What came before there was an engine. @type {[object, ArrayBufferView[]][]} */
  #untold = [];
  /** What must outlive the engine, by the case's own keys. @type {Map<string, object>} */
  #kept = new Map();
  /** @type {Map<number, {name: string, source: import('./sources.js').Source, room?: number, isFilm?: boolean}>} */
  #files = new Map();
  /** Members of archives that the page has yet to number. @type {Map<number, import('./archive.js').Packed[]>} */
  #unpacked = new Map();
  #archiveCache = newArchiveCache();
  /** What the case would do next, by its key; empty for nothing. */
  #next = '';
  #working = false;
  /** Milliseconds that the last call took. */
  #spent = 0;
  #networkRun = Promise.resolve();
  #restarts = 0;

  /** @param {Services} services */
  constructor(services) {
    this.#services = { breathe: () => new Promise((resolve) => setTimeout(resolve)), longestSteps: kLongestSteps, ...services };
    this.#loader = new ModelLoader({
      engineStarted: () => this.#startEngine(),
      call: (method, args, blobs) => this.#call(method, args, blobs),
      tell: (message) => this.#tell(message),
      networkIdle: () => this.#networkRun,
      restart: (task) => this.#restart(task),
      post: services.post,
      ownModels: () => this.#ownModels,
    }, this.#services);
    if (services.store) {
      this.#ownModels = new OwnModels({ store: services.store, startEngine: services.startEngine, post: services.post, loader: this.#loader });
    }
  }

  /** @param {import('../shared/protocol.js').ToWorker} message */
  handle(message) {
    if (this.#ownModels?.handle(message)) return undefined;
    switch (message.type) {
      case 'start':
        this.#ownModels?.tell();
        return this.#loader.load(message.model);
      case 'load-model': return this.#loader.load(message.id);
      case 'cancel-loading': return this.#loader.cancel();
      case 'open': {
        const { id, name, room, source = blobSource(message.file), isFilm = false } = message;
        return this.#open(id, { name, source, room, isFilm });
      }
      case 'open-members': return this.#openMembers(message);
      case 'read-identifiers': return this.#showIdentifiers(message.id);
      case 'close-film':
        this.#files.delete(message.id);
        this.#unpacked.delete(message.id);
        return this.#tell(message);
      default: return this.#tell(message);
    }
  }

  /** Tells how far a download is. @param {'runtime'|'model'|'warm-up'} what */
  reportLoading(what, done, total) {
    this.#loader.report(what, done, total);
  }

  // --- the case ---

  #open(id, file) {
    this.#files.set(id, file);
    this.#tell({ type: 'open-film', id, name: file.name });
  }

  #openMembers({ id, ids }) {
    const members = this.#unpacked.get(id) ?? [];
    this.#unpacked.delete(id);
    ids.forEach((own, index) => this.#open(own, members[index]));
  }

  /** @param {string} [task] what the case is doing with this message: it is blamed if the engine stops */
  #tell(message, blobs = [], task = '') {
    if (this.#engine) this.#advance('tell', { message }, blobs, task);
    else this.#untold.push([message, blobs]);
  }

  /** One call of the case, and the steps that it asks for. */
  #advance(method, args, blobs, task) {
    const start = performance.now();
    let reply;
    try {
      reply = this.#call(method, { ...args, spent: this.#spent }, blobs);
    } catch (error) {
      if (!(error instanceof EngineCrash)) return this.#services.post({ type: 'noticed', text: asError(error).message });
      return this.#restart(task);
    }
    this.#spent = performance.now() - start;
    this.#next = reply.value.task;
    let at = 0;
    for (const step of reply.value.steps) {
      this.#perform(step, reply.blobs.slice(at, at + step.blobs));
      at += step.blobs;
    }
    if (this.#next && !this.#working) this.#work();
    return undefined;
  }

  /** Has the case work while it has something to do; other messages get in between. */
  async #work() {
    this.#working = true;
    for (;;) {
      await this.#services.breathe();
      if (!this.#engine || !this.#next) break;
      this.#advance('work', {}, [], this.#next);
    }
    this.#working = false;
  }

  /** @param {import('../shared/contract.js').CaseStep} step @param {Uint8Array[]} blobs */
  #perform(step, blobs) {
    switch (step.type) {
      case 'tell': return this.#services.post(step.event, blobs[0]?.buffer);
      case 'keep': return step.value === null ? this.#kept.delete(step.key) : this.#kept.set(step.key, step.value);
      case 'read-film': return this.#read(step);
      case 'run-network':
        this.#networkRun = this.#run(step, blobs);
        return undefined;
      case 'fetch-identifiers': return this.#identify(step.id);
      case 'fetch-font': return this.#fetchFont();
      default: throw new Error(`The case asks for a step "${step.type}" that is not known here.`);
    }
  }

  // --- its steps ---

  async #read({ id, frame, chosen, task }) {
    const engine = this.#engine;
    const file = this.#files.get(id);
    const answer = (message) => this.#engine === engine && this.#tell(message, [], task);
    await undefined;  // the other steps of this reply come first
    if (!file) return answer({ type: 'film-is-archive', id });  // it was closed meanwhile
    try {
      if (!file.isFilm && await looksLikeArchive(file.source)) {
        await this.#unpack(id, file);
        return answer({ type: 'film-is-archive', id });
      }
      file.isFilm = true;
      const { size } = file.source;
      if (size > kLargestDicom) throw fileTooLarge(size, kLargestDicom);
      const start = performance.now();
      const bytes = await inTime(this.#services.longestSteps.read, file.source.read(),
        () => failure('file-unreadable', 'The file was not read in two minutes.', 'See whether its disk or network answers, and read it again.'));
      const choice = frame ? { frame, chosen } : {};
      const { film } = await openFilm(callerOf(engine), file.name, bytes, this.#services.decoder, choice);
      return answer({ type: 'film-read', id, film, decoder: film.decoder, milliseconds: performance.now() - start });
    } catch (error) {
      if (this.#engine !== engine) return undefined;  // another one has been told what there is to do
      if (error instanceof EngineCrash) return this.#restart(task);
      return answer({ type: 'film-not-read', id, error: asError(error), kind: await this.#kindOf(file) });
    }
  }

  /** An archive is no film: the page is told what is in it, numbers that, and answers with 'open-members'. */
  async #unpack(id, { name, source, room }) {
    const { members, more, ignored } = await unpack(source, {
      name, inflater: () => this.#services.libraries.inflater(), room, archiveCache: this.#archiveCache,
    });
    const films = members.map((member) => ({ name: `${name}/${member.name}`, source: member.source }));
    this.#files.delete(id);
    this.#unpacked.set(id, films);
    this.#services.post({ type: 'unpacked', id, more, ignored_files: ignored,
      members: films.map((film) => ({ name: film.name, bytes: film.source.size })) });
  }

  /** What a file that cannot be read is, by its first bytes. @returns {Promise<string>} '' where that cannot be told either */
  async #kindOf(file) {
    try {
      return this.#call('sniff', {}, [await file.source.read(0, kSniffedBytes)]).value.kind;
    } catch {
      return '';
    }
  }

  async #run({ run, graph, inputs, outputs, task }, blobs) {
    const engine = this.#engine;
    const start = performance.now();
    let message;
    let values = [];
    try {
      const answer = await inTime(this.#services.longestSteps.network, this.#loader.runtime.run({ graph, inputs, outputs }, blobs),
        () => failure('inference-failed', 'The network gave no answer in five minutes.', 'Reload the page, or choose another model.'));
      values = answer.blobs;
      message = { type: 'network-answered', run, outputs: answer.outputs, milliseconds: performance.now() - start };
    } catch (error) {
      message = { type: 'network-failed', run, error: asError(error) };
    }
    if (this.#engine === engine) this.#tell(message, values, task);
  }

  /** Who a film is about, for the reader's eyes: read anew from its file, handed on and kept nowhere; the engine never hears of it. */
  async #showIdentifiers(id) {
    const { post } = this.#services;
    try {
      post({ type: 'identifiers-arrived', id, identifiers: await this.#identifiers(id) });
    } catch (error) {
      const { message, hint } = asError(error);
      post({ type: 'noticed', text: `${message} ${hint}`.trim() });
    }
  }

  /** The same, for an export that is to hold it. */
  async #identify(id) {
    try {
      this.#tell({ type: 'identifiers-read', id, identifiers: await this.#identifiers(id) });
    } catch (error) {
      this.#tell({ type: 'identifiers-not-read', id, error: asError(error) });
    }
  }

  /** @returns {Promise<{label: string, value: string}[]>} */
  async #identifiers(id) {
    const bytes = await this.#files.get(id)?.source.read();
    return bytes && looksLikeDicom(bytes) ? this.#services.decoder.identifiers(bytes) : [];
  }

  async #fetchFont() {
    try {
      this.#tell({ type: 'font-read', date: today() }, [await this.#services.font()]);
    } catch (error) {
      this.#tell({ type: 'font-not-read', error: asError(error) });
    }
  }

  // --- the engine ---

  #startEngine() {
    this.#engineStarting ??= this.#services.startEngine().then(
      (engine) => this.#begin(engine),
      (error) => {
        this.#engineStarting = null;
        throw failure('engine-not-started', `The engine could not be started (${error?.message ?? error}).`,
          'Reload the page; if it stays, the site was copied incompletely.');
      });
    return this.#engineStarting;
  }

  #begin(engine) {
    this.#engine = engine;
    for (const [message, blobs] of this.#untold.splice(0)) this.#tell(message, blobs);
  }

  /** A new engine in place of one that stopped, which is told all that the case kept; `task` is what it was doing. */
  async #restart(task) {
    const kept = this.#kept;
    const crashed = kept.get(task);
    this.#restarts = crashed ? 0 : this.#restarts + 1;
    [this.#engine, this.#engineStarting, this.#next, this.#spent, this.#kept] = [null, null, '', 0, new Map()];
    const meanwhile = this.#untold.splice(0);
    const file = crashed && this.#files.get(crashed.id ?? crashed.question?.id);
    for (const [key, message] of kept) if (key !== task) this.#untold.push([message, []]);
    try {
      if (this.#restarts > kMostRestarts) throw new Error(`it stopped ${this.#restarts} times in a row`);
      const engine = await this.#services.startEngine();
      this.#engineStarting = Promise.resolve();
      this.#engine = engine;
      const waiting = this.#untold.splice(0);
      this.#loader.again();
      for (const [message, blobs] of waiting) this.#tell(message, blobs);
      if (crashed) this.#tell({ type: 'task-crashed', task: crashed, kind: file ? await this.#kindOf(file) : '' });
      for (const [message, blobs] of meanwhile) this.#tell(message, blobs);
    } catch (error) {
      this.#engine = null;
      const stopped = failure('engine-not-started', `The engine could not be started again (${error?.message ?? error}).`, 'Reload the page.');
      this.#services.post({ type: 'engine-failed', error: stopped.toJSON() });
    }
  }

  /** The engine's call, with a trap told apart from an answer. @throws {EngineError|EngineCrash} */
  #call(method, args, blobs) {
    return callerOf(this.#engine).call(method, args, blobs);
  }
}

/** @template T @param {number} most milliseconds @param {Promise<T>} promise @param {() => Error} late @returns {Promise<T>} */
function inTime(most, promise, late) {
  let timer;
  const limit = new Promise((_, reject) => { timer = setTimeout(() => reject(late()), most); });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}
