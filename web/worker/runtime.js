// Runs inference requests with ONNX Runtime, on the best backend that really works here.
//
// The order is WebGPU with fp16, WebGPU, processor with threads, processor. A backend is chosen only after a real run
// whose outputs are finite; a failure falls to the next, with its reason kept. At run time a lost GPU or a failing
// run starts the same backend once more, then the next ones, and repeats the request. Used by the worker and by the
// command line; it knows no DOM and fetches nothing.
//
// A session is made per graph of the model, when it is first asked for: the trial's at the start, others ("reverse")
// lazily; a few of those are held. All live and die with the backend: after a lost GPU each is made again when it is asked
// for again. The anatomy network is a graph beside them: it has a place of its own, 32 bits everywhere, and its failures are
// its own.
import { Cancelled, EngineError, failure, messageOf } from '../shared/errors.js';

/** Graphs that are held besides the trial's: of more, the one used longest ago is released. Each takes tens of megabytes. */
export const kMostFurtherGraphs = 2;

/** Graphs beside the model's. */
const kBeside = new Set(['anatomy']);

/** A GPU lost this often in one visit is given up. */
const kMostGpuRestarts = 3;

/**
 * @typedef {import('./engine_methods.js').InferenceRequest} Request
 * @typedef {{name: 'webgpu-fp16'|'webgpu'|'wasm-threads'|'wasm', webgpu: boolean, precision: 'fp16'|'fp32',
 *   threads: number}} Candidate
 *
 * @param {{backend: 'auto'|'webgpu'|'wasm', gpu: import('./gpu.js').Gpu|null, threads: number}} environment
 * @returns {{candidates: Candidate[], reasons: string[]}} best first, and why a better one was left out
 */
export function planBackends({ backend, gpu, threads }) {
  /** @type {Candidate[]} */
  const candidates = [];
  const reasons = [];
  const onGpu = { webgpu: true, threads: 1 };
  const wanted = backend === 'webgpu' || (backend === 'auto' && gpu?.usable && !gpu.software);
  if (wanted && gpu?.usable) {
    if (gpu.half) candidates.push({ ...onGpu, name: 'webgpu-fp16', precision: 'fp16' });
    candidates.push({ ...onGpu, name: 'webgpu', precision: 'fp32' });
  }
  if (backend !== 'wasm' && gpu?.reason && !(backend === 'webgpu' && gpu.usable)) reasons.push(gpu.reason);
  if (backend !== 'webgpu') {
    /** @type {Pick<Candidate, 'webgpu'|'precision'>} */
    const onProcessor = { webgpu: false, precision: 'fp32' };
    if (threads > 1) candidates.push({ ...onProcessor, name: 'wasm-threads', threads });
    candidates.push({ ...onProcessor, name: 'wasm', threads: 1 });
  }
  return { candidates, reasons };
}

/**
 * @typedef {typeof import('onnxruntime-web')} Ort
 * @typedef {object} RuntimeOptions
 * @property {Ort|((need: {webgpu: boolean, threads: number, fresh: boolean}) => Promise<Ort>)} ort the
 *   namespace of ONNX Runtime, or a function that loads one (`fresh`: the last instance failed)
 * @property {import('./gpu.js').Gpu|null} [gpu]
 * @property {number} [threads] for the processor; 1 without cross-origin isolation
 * @property {'auto'|'webgpu'|'wasm'} [backend] anything but auto leaves the others out
 * @property {(graph: string, precision: 'fp16'|'fp32') => Uint8Array|Promise<Uint8Array>} buildGraph ONNX bytes
 * @property {{request: Request, blobs: ArrayBufferView[]}} warmUpInput the trial run
 * @property {(event: {graph: string, ready: boolean}) => void} [onGraph] another graph than the trial's begins to be
 *   made ready, which takes seconds, and has been (or has failed, and is begun again)
 * @property {(event: {name: string, reason: string}) => void} [onFallback] a backend did not work
 * @property {(backend: import('../shared/protocol.js').Backend) => void} [onBackend] the backend changed after the start
 *
 * @typedef {{outputs: {name: string, shape: number[]}[], blobs: Float32Array[]}} Answer a buffer for each output
 *
 * @typedef {Candidate & {ort: Ort, sessions: Map<string, import('onnxruntime-web').InferenceSession>, detail: string,
 *   device: import('./gpu.js').GpuDevice|null, lost: Promise<never>, isLost?: boolean}} Active sessions: by graph, the one used last at
 *   the end; lost: rejects when the device is gone
 *
 * @param {RuntimeOptions} options
 * @returns {Promise<Runtime>} with a backend that has run once
 * @throws {EngineError} no-backend
 */
export async function createRuntime(options) {
  const runtime = new Runtime(options);
  await runtime.start();
  return runtime;
}

export class Runtime {
  /** @type {RuntimeOptions & Required<Pick<RuntimeOptions, 'backend'|'threads'>> & {gpu: import('./gpu.js').Gpu|null}} */
  #options;
  /** @type {Candidate[]} */
  #candidates;
  #index = 0;
  #fresh = false;
  #gpuRestarts = 0;
  /** @type {string[]} */
  #fallbacks;
  /** @type {Active|null} */
  #active = null;
  /** @type {Promise<unknown>} */
  #queue = Promise.resolve();

  /** @param {RuntimeOptions} options */
  constructor(options) {
    this.#options = { backend: 'auto', gpu: null, threads: 1, ...options };
    const { candidates, reasons } = planBackends(this.#options);
    this.#candidates = candidates;
    this.#fallbacks = reasons;
  }

  /** @returns {import('../shared/protocol.js').Backend} */
  get backend() {
    const { name, detail } = this.#active ?? { name: 'none', detail: '' };
    return { name, detail, fallbacks: [...this.#fallbacks] };
  }

  /** Starts the best backend from the current one on. */
  async start() {
    for (; this.#index < this.#candidates.length; this.#index += 1) {
      const candidate = this.#candidates[this.#index];
      try {
        this.#active = await this.#open(candidate);
        this.#fresh = false;
        return;
      } catch (error) {
        // A file that cannot be fetched is no fault of the backend: the others would hide it.
        if (error instanceof EngineError || error instanceof Cancelled) throw error;
        this.#giveUp(candidate, error);
      }
    }
    const tried = this.#fallbacks.join('; ') || 'nothing to try';
    throw failure('no-backend', `Inference could not be started (${tried}).`,
      this.#options.backend === 'auto' ? 'Update the browser, or try another one.'
        : 'Remove "backend" from the address to let the page choose.');
  }

  /**
   * Runs one request. Calls may overlap; runs do not.
   * @param {Request} request
   * @param {ArrayBufferView[]} blobs float32 values, one per input
   * @returns {Promise<Answer>}
   */
  run(request, blobs) {
    const result = this.#queue.then(() => this.#runUntilItWorks(request, blobs));
    this.#queue = result.catch(() => {});
    return result;
  }

  /** Waits for the running request, then frees the sessions and the device. */
  release() {
    this.#queue = this.#queue.then(() => this.#close());
    return this.#queue;
  }

  /** @param {Request} request @param {ArrayBufferView[]} blobs @returns {Promise<Answer>} */
  async #runUntilItWorks(request, blobs) {
    for (let failures = 0; ; failures += 1) {
      try {
        return await this.#runOnce(this.#active ?? await this.#restart(), request, blobs);
      } catch (error) {
        if (error instanceof EngineError) throw error;
        if (kBeside.has(request.graph) && this.#active && !this.#active.isLost) {
          throw failure('inference-failed', `The network "${request.graph}" could not be run (${explain(error)}).`, 'Reload the page.');
        }
        const candidate = this.#candidates[this.#index];
        await this.#close();
        this.#fresh = true;
        if (this.#mayRetry(candidate, failures)) continue;
        this.#giveUp(candidate, error);
        this.#index += 1;
        if (this.#index >= this.#candidates.length) {
          this.#index = this.#candidates.length - 1;
          throw failure('inference-failed', `The network could not be run (${explain(error)}).`,
            'Close other tabs and try again.');
        }
      }
    }
  }

  /** @returns {Promise<Active>} */
  async #restart() {
    const before = this.#candidates[this.#index].name;
    try {
      await this.start();
    } catch (error) {
      this.#index = this.#candidates.length - 1;
      throw error;
    }
    const active = /** @type {Active} */ (this.#active);
    if (active.webgpu || active.name !== before) this.#options.onBackend?.(this.backend);
    return active;
  }

  /**
   * The same backend is tried again once per request, and a GPU only so often per visit.
   * @param {Candidate} candidate @param {number} failures
   */
  #mayRetry(candidate, failures) {
    if (failures > 0) return false;
    if (!candidate.webgpu) return true;
    this.#gpuRestarts += 1;
    return this.#gpuRestarts <= kMostGpuRestarts;
  }

  /** @param {Candidate} candidate @param {unknown} error */
  #giveUp(candidate, error) {
    const reason = explain(error);
    this.#fallbacks.push(`${candidate.name}: ${reason}`);
    this.#fresh = true;
    this.#options.onFallback?.({ name: candidate.name, reason });
  }

  /** Creates the device and the session of the trial graph, and runs it once. @param {Candidate} candidate */
  async #open(candidate) {
    const { ort: source, gpu, warmUpInput } = this.#options;
    const ort = typeof source === 'function'
      ? await source({ webgpu: candidate.webgpu, threads: candidate.threads, fresh: this.#fresh }) : source;
    /** @type {Active} */
    const active = { ...candidate, ort, sessions: new Map(), device: null, lost: new Promise(() => {}), detail: '' };
    active.detail = candidate.webgpu ? gpu?.detail ?? '' : `${candidate.threads} thread${candidate.threads > 1 ? 's' : ''}`;
    try {
      if (candidate.webgpu) await this.#attachDevice(active);
      await this.#warmUp(active, warmUpInput);
      return active;
    } catch (error) {
      await closeActive(active);
      throw error;
    }
  }

  /** @param {Active} active of a candidate that there is a GPU for */
  async #attachDevice(active) {
    const device = await /** @type {import('./gpu.js').Gpu} */ (this.#options.gpu).createDevice();
    active.device = device;
    active.lost = device.lost.then((info) => {
      active.isLost = true;
      throw new Error(`the GPU was lost (${info?.reason ?? 'unknown'}${info?.message ? `: ${info.message}` : ''})`);
    });
    active.lost.catch(() => {});
  }

  /** @param {Active} active @param {RuntimeOptions['warmUpInput']} input */
  async #warmUp(active, { request, blobs }) {
    const trial = await this.#runOnce(active, request, blobs);
    const broken = trial.outputs.findIndex((_, index) => !trial.blobs[index].every(Number.isFinite));
    if (broken >= 0) throw new Error(`output ${trial.outputs[broken].name} of the trial run is not finite`);
  }

  /** @param {Active} active @param {string} graph @returns {Promise<import('onnxruntime-web').InferenceSession>} */
  async #session(active, graph) {
    if (!active.sessions.has(graph)) {
      if (!kBeside.has(graph)) await this.#makeRoom(active);
      await this.#prepare(active, graph);
    }
    const session = /** @type {import('onnxruntime-web').InferenceSession} */ (active.sessions.get(graph));
    active.sessions.delete(graph);
    active.sessions.set(graph, session);
    return session;
  }

  /** Sessions are in the order of their last use. @param {Active} active */
  async #makeRoom(active) {
    const further = [...active.sessions.keys()].filter((graph) => graph !== this.#options.warmUpInput.request.graph && !kBeside.has(graph));
    for (const graph of further.slice(0, Math.max(0, further.length + 1 - kMostFurtherGraphs))) {
      const session = active.sessions.get(graph);
      active.sessions.delete(graph);
      await session?.release();
    }
  }

  /** @param {Active} active @param {string} graph */
  async #prepare(active, graph) {
    const { warmUpInput, onGraph } = this.#options;
    /** @type {(ready: boolean) => void} */
    const tell = graph === warmUpInput.request.graph || kBeside.has(graph) ? () => {} : (ready) => onGraph?.({ graph, ready });
    tell(false);
    try {
      const bytes = await this.#options.buildGraph(graph, kBeside.has(graph) ? 'fp32' : active.precision);
      const creating = active.ort.InferenceSession.create(bytes, {
        executionProviders: [active.webgpu ? { name: 'webgpu', device: active.device } : 'wasm'],
        graphOptimizationLevel: 'all',
        logSeverityLevel: 3,
      });
      active.sessions.set(graph, await Promise.race([creating, active.lost]));
    } finally {
      tell(true);
    }
  }

  /** @param {Active} active @param {Request} request @param {ArrayBufferView[]} blobs @returns {Promise<Answer>} */
  async #runOnce(active, request, blobs) {
    if (active.isLost) await active.lost;
    const session = await this.#session(active, request.graph);
    /** @type {Record<string, import('onnxruntime-web').Tensor>} */
    const feeds = {};
    request.inputs.forEach(({ name, shape }, index) => {
      feeds[name] = new active.ort.Tensor('float32', asFloats(blobs[index]), shape);
    });
    const results = await Promise.race([session.run(feeds, request.outputs), active.lost]);
    const outputs = [];
    const values = [];
    for (const name of request.outputs) {
      outputs.push({ name, shape: [...results[name].dims] });
      values.push(/** @type {Float32Array} */ (results[name].data));
    }
    return { outputs, blobs: values };
  }

  async #close() {
    const active = this.#active;
    this.#active = null;
    if (active) await closeActive(active);
  }
}

/**
 * Frees what a backend holds. One that already failed may fail at this too; nothing can be done about it then.
 * @param {Active} active
 */
async function closeActive(active) {
  for (const session of active.sessions.values()) {
    // After a loss the runtime may never answer: its module instance is dropped as a whole instead.
    if (!active.isLost) await session.release().catch(() => {});
  }
  active.sessions.clear();
  active.device?.destroy();
}

/** @param {ArrayBufferView} view bytes or floats @returns {Float32Array} the same memory where its alignment allows */
function asFloats(view) {
  if (view instanceof Float32Array) return view;
  if (view.byteOffset % 4 === 0) return new Float32Array(view.buffer, view.byteOffset, view.byteLength / 4);
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

/** @param {unknown} error */
function explain(error) {
  return messageOf(error).split('\n')[0].slice(0, 200);
}
