// The engine, a model and ONNX Runtime in Node: what the page's worker is in a browser. It survives a crash of the engine
// by starting a new one.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DicomLibraries } from '../../web/dicom/libraries.js';
import { openFilm } from '../../web/dicom/open.js';
import { createEngine } from '../../web/worker/engine.js';
import { EngineCrash, EngineError, callerOf, failure } from '../../web/shared/errors.js';
import { hashesOf } from '../../web/shared/file_hash.js';
import { runJob } from '../../web/worker/job.js';
import { fetchModel, fetchModelFolder, fetchModelIndex } from '../../web/worker/models.js';
import { createRuntime } from '../../web/worker/runtime.js';
import { today } from '../../web/shared/today.js';
import { UsageError } from './arguments.mjs';
import { createDecoder } from './decoder.mjs';
import { readLocal } from './local_files.mjs';
import { findOwnModel } from './own_models.mjs';

/** @param {string} site @returns {URL} the folder `models/` of a built page */
const modelsOf = (site) => new URL('models/', pathToFileURL(join(site, '/')));

/** @param {string} site */
export function listModels(site) {
  return fetchModelIndex(modelsOf(site), { read: readLocal });
}

/**
 * @param {string} site
 * @param {string|undefined} id undefined for the default model; of the page, or one that was imported (own_models.mjs); with a slash
 *   in it, a folder that holds a model
 * @returns {Promise<import('../../web/worker/models.js').ModelFiles>}
 * @throws {UsageError} there is no such model
 */
export async function readModel(site, id) {
  if (id !== undefined && /[\\/]/.test(id)) return fetchModelFolder(id, pathToFileURL(join(resolve(id), '/')), { read: readLocal });
  try {
    return await fetchModel(id ?? null, { base: modelsOf(site), read: readLocal });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const own = error.code === 'model-unknown' ? findOwnModel(id) : null;
    if (own && id) return fetchModelFolder(id, own, { read: readLocal });
    if (error.code === 'model-unknown') throw new UsageError(`${error.message} ${error.hint}`);
    throw error;
  }
}

/** The anatomy network of a built page. @param {string} site @returns {Promise<import('../../web/worker/models.js').ModelFiles>} */
export function readAnatomy(site) {
  return fetchModelFolder('anatomy', new URL('anatomy/', modelsOf(site)), { read: readLocal });
}

/** Bytes of another file of a model, by its name in the manifest or in the golden examples. @param {string} site @param {string} id @param {string} name */
export async function readModelFile(site, id, name) {
  const { models } = await listModels(site);
  const own = models.some((model) => model.id === id) ? null : findOwnModel(id);
  const inside = own ?? new URL(`${encodeURIComponent(id)}/`, modelsOf(site));
  const file = new URL(name, inside);
  if (!file.href.startsWith(inside.href)) throw failure('invalid-manifest', `The model names ${name}, outside its folder.`, '');
  return readLocal(file, { what: `The file ${name} of model ${id}` });
}

/**
 * What a built page brings along, for Node.
 * @param {string} site folder of the built page
 */
export async function openSite(site) {
  const script = join(site, 'engine.mjs');
  if (!existsSync(script)) {
    throw failure('engine-missing', `There is no built page at ${site} (engine.mjs is missing).`,
      'Build it (cmake --preset web && cmake --build --preset web --target site), or name another with --site.');
  }
  const { default: factory } = await import(pathToFileURL(script).href);
  const vendor = new URL('vendor/dicom/', pathToFileURL(join(site, '/')));
  /** @type {Promise<Uint8Array>|null} */
  let font = null;
  return {
    startEngine: () => createEngine(factory, { locateFile: (file) => join(site, file) }),
    decoder: createDecoder(vendor),
    libraries: new DicomLibraries({ base: vendor, read: readLocal }),
    syntheticFilms: async () => hashesOf(JSON.parse(await readFile(join(site, 'examples/index.json'), 'utf8'))),
    font: () => (font ??= readLocal(join(site, 'fonts/inter-regular.ttf'), { what: 'The font for the caption' })),
  };
}

/**
 * ONNX Runtime on the processor.
 * @typedef {import('../../web/worker/runtime.js').RuntimeOptions} RuntimeOptions
 *
 * @param {Pick<RuntimeOptions, 'warmUpInput'|'buildGraph'> & {threads: number}} options
 */
export async function startRuntime({ threads, warmUpInput, buildGraph }) {
  const ort = await import('onnxruntime-web');
  ort.env.logLevel = 'error';
  ort.env.wasm.numThreads = threads;
  return createRuntime({ ort, threads, backend: 'wasm', warmUpInput, buildGraph });
}

/**
 * @typedef {import('../../web/worker/engine_methods.js').Methods} Methods
 * @typedef {import('../../web/worker/engine_methods.js').JobResults} JobResults
 * @typedef {import('../../web/worker/models.js').ModelFiles} ModelFiles
 * @typedef {import('../../web/dicom/open.js').OpenedFilm} OpenedFilm
 */
export class Workbench {
  #parts;
  #files;
  #anatomy;
  /** start() has set it. */
  #engine = /** @type {import('../../web/worker/engine.js').Engine} */ (/** @type {unknown} */ (null));
  /** @type {import('../../web/worker/runtime.js').Runtime|null} */
  #runtime = null;
  #restarts = 0;
  /** Of the files it was started with. */
  model = /** @type {Methods['load-model']['value']} */ (/** @type {unknown} */ (null));

  /** @param {Awaited<ReturnType<typeof openSite>>} parts @param {{files?: ModelFiles, anatomy?: ModelFiles}} options */
  constructor(parts, { files, anatomy }) {
    this.#parts = parts;
    this.#files = files;
    this.#anatomy = anatomy;
  }

  /**
   * @param {string} site folder of the built page
   * @param {{files?: import('../../web/worker/models.js').ModelFiles, anatomy?: import('../../web/worker/models.js').ModelFiles,
   *   threads?: number, network?: boolean}} [options] files: the model, and anatomy: the anatomy network, without which films can
   *   only be opened; network: false leaves ONNX Runtime to `startNetwork`
   */
  static async start(site, { files, anatomy, threads = 1, network = true } = {}) {
    const bench = new Workbench(await openSite(site), { files, anatomy });
    await bench.#startEngine();
    if ((files || anatomy) && network) await bench.startNetwork(threads);
    return bench;
  }

  async #startEngine() {
    this.#engine = await this.#parts.startEngine();
    if (this.#anatomy) this.call('load-anatomy', {}, [this.#anatomy.manifest, this.#anatomy.network]);
    if (this.#files) this.model = this.call('load-model', {}, [this.#files.manifest, this.#files.network]).value;
  }

  /** Has the model's network run, or the anatomy network where there is no model; that takes a second. @param {number} threads */
  async startNetwork(threads) {
    const { value, blobs } = this.call('warm-up', { anatomy: !this.#files });
    this.#runtime = await startRuntime({
      threads, warmUpInput: { request: value.request, blobs }, buildGraph: (graph, precision) => this.graph(graph, precision),
    });
  }

  /** @param {string} graph @param {string} precision @returns {Uint8Array} ONNX bytes */
  graph(graph, precision) {
    return this.call('graph', { graph, precision }).blobs[0];
  }

  /** The name of what runs the network. */
  get backend() {
    return this.#runtime?.backend.name ?? null;
  }

  get runtime() {
    return this.#runtime;
  }

  get memoryBytes() {
    return this.#engine.memoryBytes;
  }

  /** What ZIP archives are inflated with. */
  inflater() {
    return this.#parts.libraries.inflater();
  }

  /** How often the engine had to be started again. */
  get restarts() {
    return this.#restarts;
  }

  /** The engine's call. @throws {EngineError|EngineCrash} @type {import('../../web/worker/engine_methods.js').Caller['call']} */
  call(method, args, blobs) {
    return callerOf(this.#engine).call(method, args, blobs);
  }

  /**
   * A call that draws a picture: with the font for its caption and today's date.
   * @template {'overlay'|'export-map'} Method
   * @param {Method} method
   * @param {Methods[Method]['args']} args
   */
  async picture(method, args) {
    return this.call(method, { ...args, date: today() }, [await this.#parts.font()]);
  }

  /**
   * Does something with a decoded film, and closes it whatever happens.
   * @template T
   * @param {string} name
   * @param {Uint8Array} bytes
   * @param {(film: OpenedFilm, storedValues: import('../../web/dicom/stored_values.js').Values|null) => T|Promise<T>} work given the
   *   film and, of a DICOM file, the stored values of the frame
   * @param {import('../../web/dicom/read.js').FrameChoice} [choice] which frame of several
   * @returns {Promise<T>}
   * @throws {EngineError} "engine-crashed" included: the engine is then a new one
   */
  async withFilm(name, bytes, work, choice = {}) {
    try {
      const { film, storedValues } = await openFilm(this, name, bytes, this.#parts.decoder, choice);
      try {
        return await work(film, storedValues);
      } finally {
        this.call('close', { film: film.film });
      }
    } catch (error) {
      if (!(error instanceof EngineCrash)) throw error;
      this.#restarts += 1;
      await this.#startEngine();
      throw failure('engine-crashed', `The engine stopped while it worked on this file (${error.message}).`,
        'If it is a valid film, please report its format and size.');
    }
  }

  /**
   * @param {OpenedFilm} film
   * @param {{operatingPoint?: string, correction?: import('../../web/shared/contract.js').Correction, anyway?: boolean,
   *   afterwards?: (job: number, analysis: JobResults['analyse']) => void|Promise<void>}} [options]
   *   `afterwards` may still use the job, for overlays
   */
  async analyse(film, { operatingPoint, correction = {}, anyway = false, afterwards } = {}) {
    const args = { film: film.film, correction, anyway, ...(operatingPoint === undefined ? {} : { operating_point: operatingPoint }) };
    return this.run('analyse', args, { afterwards: (job, { analysis }) => afterwards?.(job, analysis) });
  }

  /**
   * Starts a job of the engine and runs it to its end.
   * @template {keyof JobResults} Method
   * @param {Method} method
   * @param {Methods[Method]['args']} args
   * @param {{onProgress?: (progress: {done: number, total: number}) => void, signal?: AbortSignal,
   *   afterwards?: (job: number, result: Omit<Awaited<ReturnType<typeof runJob>>, 'analysis'> & {analysis: JobResults[Method]})
   *   => void|Promise<void>}} [options] `afterwards` may still use the job
   */
  async run(method, args, { onProgress, signal, afterwards } = {}) {
    const { job } = this.call(method, args).value;
    // Between two requests the process listens to the keyboard again.
    /** @type {(() => Promise<void>)|undefined} */
    const breathe = signal && (() => new Promise((done) => { setImmediate(done); }));
    const runtime = /** @type {import('../../web/worker/runtime.js').Runtime} */ (this.#runtime);
    const ran = await runJob(this, runtime, job, { keep: true, onProgress, signal, breathe });
    const result = { ...ran, analysis: /** @type {JobResults[Method]} */ (ran.analysis) };
    try {
      await afterwards?.(job, result);
      return result;
    } finally {
      this.call('cancel', { job });
    }
  }

  async close() {
    this.#parts.decoder.close();
    await this.#runtime?.release();
  }
}

