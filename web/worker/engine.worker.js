// The engine's thread: the C++ core and ONNX Runtime Web, around one CaseThread. Messages are described in protocol.js.
import createEngineModule from '../engine.mjs';
import { WatchedDecoder } from '../dicom/decoder.js';
import { DicomLibraries } from '../dicom/libraries.js';
import { download } from '../shared/download.js';
import { CaseThread } from './case_thread.js';
import { createEngine } from './engine.js';
import { asError, failure } from '../shared/errors.js';
import { probeGpu } from './gpu.js';
import { ModelStore } from './model_store.js';
import { fetchModel } from './models.js';
import { createOrtLoader, usableThreads } from './ort_loader.js';
import { meterNetwork } from '../shared/privacy.js';
import { createRuntime, planBackends } from './runtime.js';

const site = (path) => new URL(`../${path}`, import.meta.url);

function post(message, buffer) {
  globalThis.postMessage({ message, buffer }, buffer ? [buffer] : []);
  // Everything this browser needs has been loaded by now: what it was is what to keep for a visit without a network.
  if (message.type === 'engine-ready') {
    post({ type: 'resources', addresses: performance.getEntriesByType('resource').map((entry) => entry.name) });
  }
}

/** What this thread and its children sent, by who it was; of a child that was ended the last count stays. */
const sent = new Map();

function countNetwork(who, counts) {
  sent.set(who, counts);
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
const waiting = [];
channel.port1.onmessage = () => waiting.shift()();

/** Resolves once the messages that had already arrived were handled; setTimeout would add 4 ms each time. */
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

let backend = 'auto';
let found = null;

/** The runtime's files come in while the model's do, as soon as the choice is clear. */
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
  store: new ModelStore(),
  decoder: new WatchedDecoder({ start: startDicomThread }),
  libraries: new DicomLibraries({ base: site('vendor/dicom/'), read: download }),
  font: () => download(site('fonts/inter-regular.ttf'), { what: 'The font for the caption' }),
  prefetchRuntime,
  startRuntime: async ({ signal, ...options }) => {
    const { gpu, threads, ort } = await (found ??= findBackends());
    return createRuntime({ gpu, threads, backend, ort: (need) => ort({ ...need, signal }), ...options });
  },
});

globalThis.onmessage = ({ data }) => {
  if (data.type === 'are-you-there') return post({ type: 'here' });
  if (data.type === 'start') backend = data.backend;
  return session.handle(data);
};

globalThis.onunhandledrejection = (event) => {
  event.preventDefault();
  // Nobody waited for it, so nothing that was asked depends on it: it is told, and the engine goes on.
  post({ type: 'noticed', text: asError(event.reason).message });
};
