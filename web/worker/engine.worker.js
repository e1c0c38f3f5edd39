// The engine's thread: the C++ core and ONNX Runtime Web, around one CaseThread. Messages are described in protocol.js.
import createEngineModule from '../engine.mjs';
import { WatchedDecoder } from '../dicom/decoder.js';
import { DicomLibraries } from '../dicom/libraries.js';
import { download } from '../shared/download.js';
import { CaseThread } from './case_thread.js';
import { createEngine } from './engine.js';
import { hashesOf } from '../shared/file_hash.js';
import { asError, failure } from '../shared/errors.js';
import { probeGpu } from './gpu.js';
import { ModelStore } from './model_store.js';
import { fetchModel, fetchModelFolder } from './models.js';
import { createOrtLoader, usableThreads } from './ort_loader.js';
import { meterNetwork } from '../shared/privacy.js';
import { ReadingStore } from '../shared/reading_store.js';
import { createRuntime, planBackends } from './runtime.js';

const thread = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

/** @param {string} path */
const site = (path) => new URL(`../${path}`, import.meta.url);

/** @param {import('../shared/protocol.js').FromWorker} message @param {ArrayBuffer} [buffer] moved, not copied */
function post(message, buffer) {
  thread.postMessage({ message, buffer }, buffer ? [buffer] : []);
  // Everything this browser needs has been loaded by now: what it was is what to keep for a visit without a network. The anatomy
  // network comes later.
  if (message.type === 'anatomy-arrived') anatomyCame ||= keepResources();
  if (message.type === 'engine-ready') keepResources();
}

let anatomyCame = false;

function keepResources() {
  post({ type: 'resources', addresses: performance.getEntriesByType('resource').map((entry) => entry.name) });
  return true;
}

/** What this thread and its children sent, by who it was; of a child that was ended the last count stays. @type {Map<unknown, Counts>} */
const sent = new Map();

/** @typedef {import('../shared/privacy.js').Counts} Counts @param {unknown} who @param {Counts} counts */
function countNetwork(who, counts) {
  sent.set(who, counts);
  /** @param {keyof Counts} name */
  const sum = (name) => [...sent.values()].reduce((total, one) => total + one[name], 0);
  post({ type: 'network-counted', bytes_sent: sum('bytes_sent'), foreign_requests: sum('foreign_requests') });
}

meterNetwork(globalThis, (counts) => countNetwork('engine', counts));

const kDecoderNotLoaded = () => failure('download-failed', 'The part of this program that reads DICOM files could not be loaded.',
  'Check the connection and read the file again; if it stays, the site was copied incompletely.');

/** @type {ConstructorParameters<typeof WatchedDecoder>[0]['start']} */
function startDicomThread(receive, crash) {
  const worker = new Worker(site('dicom/dicom.worker.js'), { type: 'module', name: 'dicom' });
  let hasStarted = false;  // it tells its counts before anything else
  worker.onmessage = ({ data }) => {
    hasStarted = true;
    if (data.type === 'network-counted') countNetwork(worker, data);
    else receive(data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    crash(hasStarted ? undefined : kDecoderNotLoaded());
  };
  return { post: (message, transfer) => worker.postMessage(message, transfer), end: () => worker.terminate() };
}

const channel = new MessageChannel();
/** @type {(() => void)[]} */
const waiting = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** Resolves once the messages that had already arrived were handled; setTimeout would add 4 ms each time. @returns {Promise<void>} */
function breathe() {
  return new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });
}

/** Sizes of the site's files, for progress: compressed answers do not say theirs. Filled when the list has come. */
const sizes = new Map();
fetch(site('assets.json')).then((response) => response.json()).then(({ assets }) => {
  for (const { path, bytes } of assets) sizes.set(path, bytes);
}).catch(() => {});

/** What inference can use here. */
async function findBackends() {
  const gpu = backend === 'wasm' ? null : await probeGpu();
  const threads = usableThreads({ isolated: globalThis.crossOriginIsolated, cores: navigator.hardwareConcurrency });
  const ort = createOrtLoader({
    base: site('vendor/ort/'),
    likelyBytes: (file) => sizes.get(`vendor/ort/${file}`) ?? 0,
    onProgress: (done, total) => session.reportLoading('runtime', done, total),
  });
  return { gpu, threads, ort };
}

/** @type {'auto'|'webgpu'|'wasm'} */
let backend = 'auto';
/** @type {ReturnType<typeof findBackends>|null} */
let found = null;

/** The runtime's files come in while the model's do, as soon as the choice is clear. @param {AbortSignal} signal */
async function prefetchRuntime(signal) {
  const { gpu, threads, ort } = await (found ??= findBackends());
  const [first] = planBackends({ backend, gpu, threads }).candidates;
  // Asked for again when the runtime is created, which is where a failure is reported.
  if (first && !signal.aborted) ort({ webgpu: first.webgpu, threads: first.threads, signal }).catch(() => {});
}

const session = new CaseThread({
  post,
  breathe,
  startEngine: () => createEngine(createEngineModule, { locateFile: (file) => site(file).href }),
  fetchModel: (id, options) => fetchModel(id, { base: site('models/'), ...options }),
  fetchAnatomy: () => fetchModelFolder('anatomy', site('models/anatomy/'), {}),
  store: new ModelStore(),
  readings: new ReadingStore(),
  decoder: new WatchedDecoder({ start: startDicomThread }),
  libraries: new DicomLibraries({ base: site('vendor/dicom/'), read: download }),
  syntheticFilms: async () => hashesOf(await (await fetch(site('examples/index.json'))).json()),
  font: () => download(site('fonts/inter-regular.ttf'), { what: 'The font for the caption' }),
  prefetchRuntime,
  startRuntime: async ({ signal, ...options }) => {
    const { gpu, threads, ort } = await (found ??= findBackends());
    return createRuntime({ gpu, threads, backend, ort: (need) => ort({ ...need, signal }), ...options });
  },
});

/** @param {MessageEvent<import('../shared/protocol.js').ToWorker>} event */
thread.onmessage = ({ data }) => {
  if (data.type === 'are-you-there') return post({ type: 'here' });
  if (data.type === 'start') backend = data.backend;
  return session.handle(data);
};

/** @param {PromiseRejectionEvent} event */
thread.onunhandledrejection = (event) => {
  event.preventDefault();
  // Nobody waited for it, so nothing that was asked depends on it: it is told, and the engine goes on.
  post({ type: 'noticed', text: asError(event.reason).message });
};
