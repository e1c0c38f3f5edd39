// The thread that a case lives in (src/engine/case_runner.h): it hands the page's requests to the case, does the steps that the case asks
// for, and hands its events to the page. What is done next, and of which film, the case decides.
//
// An engine that stops is replaced: what the case gave away to be kept is told to the next one, and what it was doing is answered with
// what happened. Every step is answered in a stated time. Everything from outside comes in through the constructor, so that Node runs it.
import { looksLikeArchive, newArchiveCache, unpack } from './archive.js';
import { looksLikeDicom } from '../dicom/data_set.js';
import { kLargestDicom } from '../dicom/limits.js';
import { openFilm } from '../dicom/open.js';
import { EngineCrash, asError, callerOf, failure, fileTooLarge, messageOf } from '../shared/errors.js';
import { sha256Of } from '../shared/file_hash.js';
import { kLargestTable } from '../shared/label_tables.js';
import { timestamp, today } from '../shared/today.js';
import { AnatomyLoader } from './anatomy_loader.js';
import { KeptReadings } from './kept_readings.js';
import { ModelLoader } from './model_loader.js';
import { OwnModels } from './own_models.js';
import { blobSource } from './sources.js';

/** Enough of a file to tell its format. */
const kSniffedBytes = 4096;

/** A step that is not answered by then is given up, milliseconds. DICOM files have a limit of their own (dicom/decoder.js). */
export const kLongestSteps = { read: 120_000, network: 300_000 };

/** An engine that stops this often with nothing to blame is not started again. */
const kMostRestarts = 3;
const kDay = 24 * 60; // minutes

/**
 * @typedef {import('./engine_methods.js').Caller} Caller
 * @typedef {import('./runtime.js').RuntimeOptions} RuntimeOptions
 * @typedef {Pick<import('./runtime.js').Runtime, 'backend'|'run'|'release'>} Network
 * @typedef {import('../shared/contract.js').CaseMessage} CaseMessage
 * @typedef {import('../shared/contract.js').CaseTask} CaseTask
 * @typedef {import('../shared/contract.js').Written<import('../shared/contract.js').CaseStep>} CaseStep
 * @typedef {import('../shared/protocol.js').ToWorker} ToWorker
 * @typedef {{name: string, source: import('./sources.js').Source, room?: number, isFilm?: boolean, synthetic?: boolean}} FilmFile
 *
 * @typedef {object} Services
 * @property {() => Promise<import('./engine_methods.js').PieceCaller>} startEngine
 * @property {(options: Pick<RuntimeOptions, 'buildGraph'|'warmUpInput'|'onBackend'|'onGraph'> & {signal: AbortSignal}) =>
 *   Promise<Network>} startRuntime the signal ends its downloads
 * @property {(signal: AbortSignal) => void} [prefetchRuntime] begins to load what startRuntime will need
 * @property {(id: string|null, options: {onProgress: import('../shared/download.js').ByteProgress, signal: AbortSignal}) =>
 *   Promise<import('./models.js').ModelFiles>} fetchModel
 * @property {() => Promise<import('./models.js').ModelFiles>} [fetchAnatomy] the anatomy network, if films are to be asked for it
 * @property {(message: import('../shared/protocol.js').FromWorker, buffer?: ArrayBuffer) => void} post to the page
 * @property {() => Promise<Uint8Array>} font the typeface for captions of exported pictures
 * @property {() => Promise<Set<string>>} [syntheticFilms] SHA-256 of the films that come with the page
 * @property {() => string} [now] the time, as ISO 8601 writes it
 * @property {() => Promise<void>} [breathe] resolves after waiting messages were handled
 * @property {import('../dicom/decoder.js').WatchedDecoder} decoder of DICOM files
 * @property {import('../dicom/libraries.js').DicomLibraries} libraries what ZIP archives are inflated with
 * @property {import('./model_store.js').ModelStore} [store] of models that readers add; without one, none can be added
 * @property {import('../shared/reading_store.js').Store} [readings] of what readers say of films; without one, none is kept
 * @property {{read: number, network: number}} [longestSteps]
 */
export class CaseThread {
  /** @type {Services & Required<Pick<Services, 'breathe'|'longestSteps'|'now'|'syntheticFilms'>>} */
  #services;
  #loader;
  #anatomy;
  /** @type {OwnModels|null} */
  #ownModels = null;
  #readings;
  /** @type {Caller|null} */
  #engine = null;
  /** @type {Promise<void>|null} */
  #engineStarting = null;
  /** What came before there was an engine. @type {[CaseMessage, ArrayBufferView[]][]} */
  #untold = [];
  /** What must outlive the engine, by the case's own keys. @type {Map<string, CaseMessage>} */
  #kept = new Map();
  /** @type {Map<number, FilmFile>} */
  #files = new Map();
  /** What archives hold that the page has yet to number. @type {Map<number, {films: FilmFile[], tables: FilmFile[]}>} */
  #unpacked = new Map();
  #archiveCache = newArchiveCache();
  /** Studies and patients in the order in which their films came, by their marks (dicom/identifiers.js). @type {Map<string, number>} */
  #studies = new Map();
  /** @type {Map<string, number>} */
  #patients = new Map();
  /** The day of the first film with a date, in minutes. @type {number|null} */
  #firstDay = null;
  /** What the case would do next, by its key; empty for nothing. */
  #next = '';
  #working = false;
  /** Milliseconds that the last call took. */
  #spent = 0;
  /** @type {Promise<void>} */
  #networkRun = Promise.resolve();
  /** @type {Promise<Set<string>>|null} */
  #synthetic = null;
  #restarts = 0;

  /** @param {Services} services */
  constructor(services) {
    this.#services = { breathe: () => new Promise((resolve) => setTimeout(resolve)), longestSteps: kLongestSteps, now: timestamp,
      syntheticFilms: async () => new Set(), ...services };
    this.#loader = new ModelLoader({
      engineStarted: () => this.#startEngine(),
      call: (method, args, blobs) => this.#call(method, args, blobs),
      tell: (message) => this.#tell(message),
      networkIdle: () => this.#networkRun,
      restart: (task) => this.#restart(task),
      post: services.post,
      ownModels: () => this.#ownModels,
    }, this.#services);
    this.#anatomy = new AnatomyLoader({
      hasEngine: () => Boolean(this.#engine),
      call: (method, args, blobs) => this.#call(method, args, blobs),
      tell: (message) => this.#tell(message),
      restart: (task) => this.#restart(task),
    }, this.#services.fetchAnatomy);
    this.#readings = new KeptReadings({ store: services.readings ?? null, tell: (message) => this.#tell(message), post: services.post,
      now: this.#services.now });
    if (services.store) {
      this.#ownModels = new OwnModels({ store: services.store, startEngine: services.startEngine, post: services.post, loader: this.#loader });
    }
  }

  /** @param {Exclude<ToWorker, {type: 'are-you-there'}>} message the thread answers that one itself */
  handle(message) {
    switch (message.type) {
      case 'start':
        this.#ownModels?.tell();
        // A thread before this one had models that no browser kept: they are added again first.
        if (this.#ownModels?.busy) return this.#ownModels.idle.then(() => this.#loader.load(message.model));
        return this.#loader.load(message.model);
      case 'load-model': return this.#loader.load(message.id);
      case 'import-model':
      case 'cancel-import':
      case 'remove-model':
      case 'revise-model':
      case 'download-model': return this.#ownModels?.handle(message);
      case 'cancel-loading': return this.#loader.cancel();
      case 'keep-readings':
      case 'forget-readings': return this.#readings.handle(message);
      case 'analyse':
        this.#readings.asked(message);
        return this.#tell(message);
      case 'load-anatomy': return this.#anatomy.load();
      case 'open': {
        const { id, name, room, source = blobSource(/** @type {Blob} */ (message.file)), isFilm = false, synthetic = false } = message;
        return this.#open(id, { name, source, room, isFilm, synthetic });
      }
      case 'open-members': return this.#openMembers(message);
      case 'open-labels': return this.#openLabels(message.id, { name: message.name, source: blobSource(message.file) });
      case 'export-evaluation': return this.#tell({ ...message, date: today() });
      case 'close-labels':
        this.#files.delete(message.id);
        return this.#tell(message);
      case 'read-identifiers': return this.#showIdentifiers(message.id);
      case 'close-film':
        this.#files.delete(message.id);
        this.#unpacked.delete(message.id);
        this.#readings.closed(message.id);
        return this.#tell(message);
      case 'export-findings':
      case 'export-study':
      case 'export-report': return this.#tell({ ...message, date: this.#services.now() });
      default: return this.#tell(message);
    }
  }

  /** Tells how far a download is. @param {'runtime'|'model'|'warm-up'} what @param {number} done @param {number} total */
  reportLoading(what, done, total) {
    this.#loader.report(what, done, total);
  }

  // --- the case ---

  /** @param {number} id @param {FilmFile} file */
  #open(id, file) {
    this.#files.set(id, file);
    this.#tell({ type: 'open-film', id, name: file.name, synthetic: Boolean(file.synthetic) });
  }

  /** @param {{id: number, ids: number[], table_ids?: number[]}} message */
  #openMembers({ id, ids, table_ids: tableIds = [] }) {
    const { films, tables } = this.#unpacked.get(id) ?? { films: [], tables: [] };
    this.#unpacked.delete(id);
    ids.forEach((own, index) => this.#open(own, films[index]));
    tableIds.forEach((own, index) => this.#openLabels(own, tables[index]));
  }

  /** @param {number} id @param {FilmFile} file a table of labels */
  #openLabels(id, file) {
    this.#files.set(id, file);
    this.#tell({ type: 'open-labels', id, name: file.name });
  }

  /**
   * @param {CaseMessage} message
   * @param {ArrayBufferView[]} [blobs]
   * @param {string} [task] what the case is doing with this message: it is blamed if the engine stops
   */
  #tell(message, blobs = [], task = '') {
    if (this.#engine) this.#advance('tell', { message }, blobs, task);
    else this.#untold.push([message, blobs]);
  }

  /**
   * One call of the case, and the steps that it asks for.
   * @param {'tell'|'work'} method
   * @param {{message?: CaseMessage}} args
   * @param {ArrayBufferView[]} blobs
   * @param {string} task
   */
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

  /** @param {CaseStep} step @param {Uint8Array<ArrayBuffer>[]} blobs */
  #perform(step, blobs) {
    switch (step.type) {
      case 'tell':
        this.#services.post(step.event, blobs[0]?.buffer);
        if (step.event.type === 'analysis-arrived') this.#anatomy.load();
        return undefined;
      case 'keep':
        if (step.value?.type === 'film-kept') this.#readings.changed(step.value, this.#files.get(step.value.id)?.source.size ?? 0);
        return step.value === null ? this.#kept.delete(step.key) : this.#kept.set(step.key, step.value);
      case 'read-film': return this.#read(step);
      case 'run-network':
        this.#networkRun = this.#run(step, blobs);
        return undefined;
      case 'fetch-identifiers': return this.#identify(step.id);
      case 'fetch-font': return this.#fetchFont();
      case 'read-labels': return this.#readLabels(step);
      default: throw new Error(`The case asks for a step "${/** @type {CaseStep} */ (step).type}" that is not known here.`);
    }
  }

  // --- its steps ---

  /** @param {Extract<CaseStep, {type: 'read-film'}>} step */
  async #read({ id, frame, chosen, task }) {
    const engine = /** @type {Caller} */ (this.#engine);  // that asks for this
    const file = this.#files.get(id);
    /** @param {CaseMessage} message */
    const answer = (message) => this.#engine === engine && this.#tell(message, [], task);
    await undefined;  // the other steps of this reply come first
    if (!file) return answer({ type: 'film-is-archive', id });  // it was closed meanwhile
    let hash = Promise.resolve('');
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
      hash = sha256Of(bytes, callerOf(engine)).catch(() => '');  // before the decoder takes the bytes
      const kept = await this.#readings.bringBack(id, hash);
      const choice = frame ? { frame, chosen } : kept?.frame ? { frame: kept.frame, chosen: kept.chosen } : {};
      const { film, belonging } = await openFilm(callerOf(engine), file.name, bytes, this.#services.decoder, choice);
      Object.assign(film, this.#told(belonging));
      const milliseconds = performance.now() - start;
      const [sha256, known] = await Promise.all([hash, this.#syntheticFilms()]);
      return answer({ type: 'film-read', id, film, decoder: film.decoder, milliseconds, sha256, synthetic: known.has(sha256) });
    } catch (error) {
      if (this.#engine !== engine) return undefined;  // another one has been told what there is to do
      if (error instanceof EngineCrash) return this.#restart(task);
      return answer({ type: 'film-not-read', id, error: asError(error), kind: await this.#kindOf(file), sha256: await hash });
    }
  }

  /** Asked for once; without the list no film is known to be synthetic. */
  #syntheticFilms() {
    return (this.#synthetic ??= this.#services.syntheticFilms().catch(() => new Set()));
  }

  /**
   * Numbers and distances alone: neither says whom a film is about, or when it was taken.
   * @param {import('../dicom/identifiers.js').Belonging} [belonging]
   */
  #told({ study, patient, taken } = { study: '', patient: '', taken: null }) {
    if (taken !== null) this.#firstDay ??= Math.floor(taken / kDay) * kDay;
    return { study: numberOf(this.#studies, study), patient: numberOf(this.#patients, patient),
      taken: taken === null ? null : taken - (this.#firstDay ?? 0) };
  }

  /**
   * An archive is no film: the page is told what is in it, numbers that, and answers with 'open-members'.
   * @param {number} id @param {FilmFile} file
   */
  async #unpack(id, { name, source, room }) {
    const { members, tables: listed, more, ignored } = await unpack(source, {
      name, inflater: () => this.#services.libraries.inflater(), room, archiveCache: this.#archiveCache, withTables: true,
    });
    const [films, tables] = [members, listed].map((files) => (
      files.map((member) => ({ name: `${name}/${member.name}`, source: member.source }))));
    this.#files.delete(id);
    this.#unpacked.set(id, { films, tables });
    /** @param {FilmFile[]} files */
    const facts = (files) => files.map((file) => ({ name: file.name, bytes: file.source.size }));
    this.#services.post({ type: 'unpacked', id, more, ignored_files: ignored, members: facts(films),
      ...(tables.length ? { tables: facts(tables) } : {}) });
  }

  /** A table of labels as it is; the engine reads it. @param {Extract<CaseStep, {type: 'read-labels'}>} step */
  async #readLabels({ id, task }) {
    const engine = this.#engine;
    /** @param {CaseMessage} message @param {ArrayBufferView[]} [blobs] */
    const answer = (message, blobs = []) => this.#engine === engine && this.#tell(message, blobs, task);
    await undefined;  // the other steps of this reply come first
    const file = this.#files.get(id);
    if (!file) return undefined;  // it was closed meanwhile
    try {
      const { size } = file.source;
      if (size > kLargestTable) throw fileTooLarge(size, kLargestTable, 'Keep only the rows of these films.');
      const bytes = await inTime(this.#services.longestSteps.read, file.source.read(),
        () => failure('file-unreadable', 'The table was not read in two minutes.', 'See whether its disk or network answers, and open it again.'));
      return answer({ type: 'labels-read', id }, [bytes]);
    } catch (error) {
      return answer({ type: 'labels-not-read', id, error: asError(error) });
    }
  }

  /** What a file that cannot be read is, by its first bytes. @param {FilmFile} file @returns {Promise<string>} '' where that cannot be told either */
  async #kindOf(file) {
    try {
      return this.#call('sniff', {}, [await file.source.read(0, kSniffedBytes)]).value.kind;
    } catch {
      return '';
    }
  }

  /** @param {Extract<CaseStep, {type: 'run-network'}>} step @param {Uint8Array[]} blobs */
  async #run({ run, graph, inputs, outputs, task }, blobs) {
    const engine = this.#engine;
    const start = performance.now();
    /** @type {CaseMessage} */
    let message;
    /** @type {ArrayBufferView[]} */
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

  /** Who a film is about, for the reader's eyes: read anew from its file, handed on and kept nowhere; the engine never hears of it. @param {number} id */
  async #showIdentifiers(id) {
    const { post } = this.#services;
    try {
      post({ type: 'identifiers-arrived', id, identifiers: await this.#identifiers(id) });
    } catch (error) {
      const { message, hint } = asError(error);
      post({ type: 'noticed', text: `${message} ${hint}`.trim() });
    }
  }

  /** The same, for an export that is to hold it. @param {number} id */
  async #identify(id) {
    try {
      this.#tell({ type: 'identifiers-read', id, identifiers: await this.#identifiers(id) });
    } catch (error) {
      this.#tell({ type: 'identifiers-not-read', id, error: asError(error) });
    }
  }

  /** @param {number} id @returns {Promise<import('../shared/contract.js').Identifier[]>} */
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

  /** @returns {Promise<void>} */
  #startEngine() {
    this.#engineStarting ??= this.#services.startEngine().then(
      (engine) => this.#begin(engine),
      (error) => {
        this.#engineStarting = null;
        throw failure('engine-not-started', `The engine could not be started (${messageOf(error)}).`,
          'Reload the page; if it stays, the site was copied incompletely.');
      });
    return this.#engineStarting;
  }

  /** @param {Caller} engine */
  #begin(engine) {
    this.#engine = engine;
    for (const [message, blobs] of this.#untold.splice(0)) this.#tell(message, blobs);
  }

  /**
   * A new engine in place of one that stopped, which is told all that the case kept; `task` is what it was doing.
   * @param {string} task
   */
  async #restart(task) {
    const kept = this.#kept;
    const crashed = /** @type {CaseTask|undefined} */ (kept.get(task));
    this.#restarts = crashed ? 0 : this.#restarts + 1;
    [this.#engine, this.#engineStarting, this.#next, this.#spent, this.#kept] = [null, null, '', 0, new Map()];
    const meanwhile = this.#untold.splice(0);
    const file = crashed && this.#files.get(filmOf(crashed));
    for (const [key, message] of kept) if (key !== task) this.#untold.push([message, []]);
    try {
      if (this.#restarts > kMostRestarts) throw new Error(`it stopped ${this.#restarts} times in a row`);
      const engine = await this.#services.startEngine();
      this.#engineStarting = Promise.resolve();
      this.#engine = engine;
      const waiting = this.#untold.splice(0);
      this.#loader.again();
      this.#anatomy.again();
      for (const [message, blobs] of waiting) this.#tell(message, blobs);
      if (crashed) this.#tell({ type: 'task-crashed', task: crashed, kind: file ? await this.#kindOf(file) : '' });
      for (const [message, blobs] of meanwhile) this.#tell(message, blobs);
    } catch (error) {
      this.#engine = null;
      const stopped = failure('engine-not-started', `The engine could not be started again (${messageOf(error)}).`, 'Reload the page.');
      this.#services.post({ type: 'engine-failed', error: stopped.toJSON() });
    }
  }

  /** The engine's call, with a trap told apart from an answer. @throws {EngineError|EngineCrash} @type {Caller['call']} */
  #call(method, args, blobs) {
    return callerOf(/** @type {Caller} */ (this.#engine)).call(method, args, blobs);
  }
}

/** The film that a task is about; −1 for one that is about none. @param {CaseTask} task */
const filmOf = (task) => ('question' in task ? task.question.id : 'id' in task ? task.id : -1);

/** @param {Map<string, number>} numbers @param {string} mark @returns {number} counted from 1; 0 where there is none */
function numberOf(numbers, mark) {
  if (!mark) return 0;
  const number = numbers.get(mark) ?? numbers.size + 1;
  numbers.set(mark, number);
  return number;
}

/** @template T @param {number} most milliseconds @param {Promise<T>} promise @param {() => Error} late @returns {Promise<T>} */
function inTime(most, promise, late) {
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  /** @type {Promise<never>} */
  const limit = new Promise((_, reject) => { timer = setTimeout(() => reject(late()), most); });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}
