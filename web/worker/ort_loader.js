// Loads ONNX Runtime Web: picks the build for this browser and fetches its WebAssembly with progress.
//
// Three builds lie in vendor/ort: JSPI (CPU and WebGPU, for browsers with WebAssembly.Suspending), asyncify (the
// same, larger, for the others) and plain (CPU only, the smallest). The number of threads is fixed once a build has
// started, and a build that failed stays failed: so after a failure a build is started afresh, as a new module
// instance of the same files. A build is loaded when it has been compiled and has run: that takes a second or more, which
// is gone where the weights come in meanwhile.
import { download } from '../shared/download.js';
import { failure } from '../shared/errors.js';

const kBuilds = {
  jspi: { script: 'ort.jspi.min.mjs', stem: 'ort-wasm-simd-threaded.jspi' },
  asyncify: { script: 'ort.webgpu.min.mjs', stem: 'ort-wasm-simd-threaded.asyncify' },
  plain: { script: 'ort.wasm.min.mjs', stem: 'ort-wasm-simd-threaded' },
};

/** More threads than this gave nothing on DenseNet and cost memory. */
const kMostThreads = 8;

/** @param {{isolated: boolean, cores: number}} environment @returns {number} threads worth starting */
export function usableThreads({ isolated, cores }) {
  return isolated ? Math.max(1, Math.min(cores || 1, kMostThreads)) : 1;
}

/** @param {{webgpu: boolean, suspending: boolean}} need @returns {'jspi'|'asyncify'|'plain'} */
export function chooseBuild({ webgpu, suspending }) {
  if (!webgpu) return 'plain';
  return suspending ? 'jspi' : 'asyncify';
}

/** The least ONNX model, whose output y is its input x, a float: protobuf written by hand, field by field (onnx.proto3). */
const kLeastModel = new Uint8Array([
  0x08, 8,                                                // ModelProto.ir_version
  0x3a, 55,                                               // ModelProto.graph
  0x0a, 16, 0x0a, 1, 120, 0x12, 1, 121,                   //   node: input "x", output "y",
  0x22, 8, 73, 100, 101, 110, 116, 105, 116, 121,         //     op_type "Identity"
  0x12, 1, 103,                                           //   name "g"
  0x5a, 15, 0x0a, 1, 120, 0x12, 10, 0x0a, 8, 0x08, 1, 0x12, 4, 0x0a, 2, 0x08, 1,  //   input "x": float [1]
  0x62, 15, 0x0a, 1, 121, 0x12, 10, 0x0a, 8, 0x08, 1, 0x12, 4, 0x0a, 2, 0x08, 1,  //   output "y": float [1]
  0x42, 2, 0x10, 13,                                      // ModelProto.opset_import: version 13
]);

/** Has a build compile its WebAssembly and start its threads, which it does no sooner than for a first session. @param {Ort} ort */
async function begin(ort) {
  const session = await ort.InferenceSession.create(kLeastModel, { executionProviders: ['wasm'] });
  await session.release();
}

/**
 * @param {{base: URL, onProgress?: import('../shared/download.js').ByteProgress, likelyBytes?: (file: string) => number,
 *   importModule?: (url: URL) => Promise<Ort>, read?: typeof download}} x the last two replace the browser's in tests
 * @returns {(need: Need) => Promise<Ort>} gives
 *   the namespace of ONNX Runtime; the same need gives the same instance, unless a fresh one is asked for. Aborting the
 *   signal ends the download; asked for again, it begins anew
 *
 * @typedef {typeof import('onnxruntime-web')} Ort
 * @typedef {{webgpu: boolean, threads: number, fresh?: boolean, signal?: AbortSignal}} Need
 */
export function createOrtLoader({ base, onProgress, likelyBytes = () => 0, importModule = importScript, read = download }) {
  /** @type {Map<string, Promise<Ort>>} */
  const instances = new Map();
  let started = 0;
  let gpuBuildIsHere = false;

  /** @param {Need} need */
  async function load({ webgpu, threads, signal }) {
    // Falling back from the GPU to the processor, the build at hand does both: no second download.
    gpuBuildIsHere ||= webgpu;
    const build = kBuilds[chooseBuild({ webgpu: gpuBuildIsHere, suspending: 'Suspending' in WebAssembly })];
    const script = new URL(build.script, base);
    // A query makes a new module instance of the same cached file.
    const instance = started;
    if (instance > 0) script.search = `instance=${instance}`;
    const wasm = new URL(`${build.stem}.wasm`, base);
    const [ort, wasmBinary] = await Promise.all([
      importModule(script),
      read(wasm, {
        what: `The runtime (${build.stem}.wasm)`,
        likelyBytes: () => likelyBytes(`${build.stem}.wasm`),
        onProgress,
        signal,
      }),
    ]).finally(() => {
      if (!signal?.aborted) started = instance + 1;  // one that was cancelled is as good as new
    });
    ort.env.logLevel = 'error';
    ort.env.wasm.numThreads = threads;
    ort.env.wasm.proxy = false;
    ort.env.wasm.wasmPaths = { mjs: new URL(`${build.stem}.mjs`, base).href, wasm: wasm.href };
    ort.env.wasm.wasmBinary = wasmBinary.buffer;
    await begin(ort);
    return ort;
  }

  return (need) => {
    const key = `${need.webgpu}.${need.threads}`;
    if (need.fresh || !instances.has(key)) {
      const loading = load(need);
      const forget = () => instances.get(key) === loading && instances.delete(key);
      instances.set(key, loading);
      need.signal?.addEventListener('abort', forget);
      loading.then(() => need.signal?.removeEventListener('abort', forget), forget);
    }
    return /** @type {Promise<Ort>} */ (instances.get(key));
  };
}

/** @param {URL} url @returns {Promise<Ort>} */
async function importScript(url) {
  try {
    return await import(url.href);
  } catch {
    throw failure('download-failed', `The runtime (${url.pathname.split('/').pop()}) could not be loaded.`,
      'Check the connection and try again.');
  }
}
