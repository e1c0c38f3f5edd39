// The page's start: connects the canvas, the engine worker, the files and the text mirror, and says what is missing
// if the browser cannot run them. It decides nothing about films.
import '../shared/guarded_worker.js'; // first: it confines this thread and those it starts
import { asError } from '../shared/errors.js';
import { startEngineThread } from './engine_thread.js';
import { watchFiles } from './files.js';
import { createHost, offerDownload } from './host.js';
import { createFileQueue } from './file_queue.js';
import { createAccessibilityTree } from './accessibility_tree.js';
import { serveOffline } from './offline.js';
import { createReportDesk, printReport } from './report.js';
import { meterNetwork } from '../shared/privacy.js';
import { loadSettings } from './settings.js';
import { createTextField } from './text_field.js';

const base = new URL('../', import.meta.url);
const kFonts = { regular: 'fonts/inter-regular.ttf', medium: 'fonts/inter-medium.ttf' };
const kLinkDropped = 'What was dropped is the address of a picture, not a file, and this page fetches nothing from elsewhere. Save the picture and drop the file.';
const kShaders = ['film.vert', 'film_sample.frag', 'film.frag'];

/** What tests and the console may look at: the published state, read when asked for. */
const published = { get state() { return readState?.() ?? null; }, offline: /** @type {object|null} */ (null),
  version: /** @type {string|null} */ (null) };
/** @type {(() => import('./snapshot.js').Snapshot|null)|null} */
let readState = null;
globalThis.chestlight = published;

/** @param {string} id of index.html */
const find = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** What says why the page does not start, while nothing else can; without it the page's own words say that it did not. */
const watchdog = globalThis.chestlightWatchdog ?? { ready() {}, report() {}, show() {}, hide() {}, diagnose: async () => '' };

/** The text of the page in place of the canvas, below the reason. @param {import('../shared/protocol.js').ErrorValue} error */
async function showText({ code, message, hint }) {
  document.body.classList.add('without-canvas');
  watchdog.show(message, hint);
  if (code === 'graphics-lost') return;
  const faults = await watchdog.diagnose();
  if (faults && document.body.classList.contains('without-canvas')) watchdog.show(`${message} At fault: ${faults}.`, hint);
}

function showCanvas() {
  document.body.classList.remove('without-canvas');
  watchdog.hide();
}

/** @returns {[message: string, hint: string]|null} */
function missingFeature() {
  const wanted = 'Use a current version of Chrome, Edge, Firefox or Safari.';
  if (typeof WebAssembly !== 'object') {
    return ['Chestlight needs WebAssembly, which is switched off or missing here.', wanted];
  }
  if (!document.createElement('canvas').getContext('webgl2')) {
    return ['Chestlight needs WebGL 2 to draw, which is switched off or missing here.',
      `${wanted} If it is one, switch on hardware or software graphics in its settings.`];
  }
  return null;
}

/** @param {string} path @returns {Promise<any>} what it holds; null when there is no such file: the page works without it */
async function optional(path) {
  try {
    const response = await fetch(new URL(path, base));
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** @param {string} path */
async function required(path) {
  const response = await fetch(new URL(path, base));
  if (!response.ok) throw new Error(`${path}: the server answered ${response.status}`);
  return response.arrayBuffer();
}

/**
 * Text that is pasted while the form of a model is open says something of it.
 * @param {string} facts @param {(message: ToWorker) => void} toEngine @returns {boolean} it was of use
 */
function describeModel(facts, toEngine) {
  const state = readState?.();
  if (state?.popup !== 'model-form' || !state.model_form || state.editing) return false;
  toEngine({ type: 'revise-model', id: state.model_form.id, facts });
  return true;
}

/**
 * Messages to a part of the program wait here, in order, until it has started.
 * @template Message
 * @typedef {(message: Message, buffer?: ArrayBuffer) => void} Send
 */

/** @template Message @returns {{send: Send<Message>, open: (started: Send<Message>) => void}} */
function createPort() {
  /** @type {[Message, ArrayBuffer|undefined][]} */
  const waiting = [];
  /** @type {Send<Message>|null} */
  let deliver = null;
  return {
    send: (message, buffer) => (deliver ? deliver(message, buffer) : waiting.push([message, buffer])),
    open(started) {
      deliver = started;
      for (const [message, buffer] of waiting.splice(0)) started(message, buffer);
    },
  };
}

/**
 * Both threads count; the interface is told the sum.
 * @typedef {import('../shared/privacy.js').Counts} Counts
 * @typedef {import('./ui.js').ToUi} ToUi
 *
 * @param {Send<ToUi>} toUi
 * @returns {(who: string) => (own: Counts) => void}
 */
function createNetworkSum(toUi) {
  /** @type {Record<string, Counts>} */
  const counts = {};
  return (who) => (own) => {
    counts[who] = own;
    /** @param {keyof Counts} name */
    const sum = (name) => Object.values(counts).reduce((total, one) => total + one[name], 0);
    toUi({ type: 'network-counted', bytes_sent: sum('bytes_sent'), foreign_requests: sum('foreign_requests') });
  };
}

/**
 * @typedef {import('../shared/protocol.js').ToWorker} ToWorker
 * @typedef {import('../shared/protocol.js').FromWorker} FromWorker
 *
 * @param {{folder: URL, offline: ReturnType<typeof serveOffline>, query: URLSearchParams, toUi: Send<ToUi>,
 *   countNetwork: ReturnType<typeof createNetworkSum>, onUnpacked: (message: Extract<FromWorker, {type: 'unpacked'}>) => void,
 *   onOpened: (id: number) => void,
 *   onReportPage: (message: Extract<FromWorker, {type: 'report-page-written'}>, page: ArrayBuffer) => void}} options
 * @returns {(message: ToWorker) => void}
 */
function startEngine({ folder, offline, query, toUi, countNetwork, onUnpacked, onOpened, onReportPage }) {
  /** @param {import('./engine_thread.js').Heard} message @param {ArrayBuffer} [buffer] */
  function receive(message, buffer) {
    if (message.type === 'network-counted') return countNetwork('engine')(/** @type {Counts} */ (message));
    if (message.type === 'resources') {
      const own = performance.getEntriesByType('resource').map((entry) => entry.name);
      return offline.keep([...own, ...message.addresses]);
    }
    if (message.type === 'unpacked') return onUnpacked(message);
    if (message.type === 'film-opened' || message.type === 'film-failed') onOpened(message.id);
    if (message.type === 'exported') offerDownload(message, /** @type {ArrayBuffer} */ (buffer));
    if (message.type === 'report-page-written') {
      toUi(message);
      return onReportPage(message, /** @type {ArrayBuffer} */ (buffer));
    }
    return toUi(message, buffer);
  }
  /** @param {ErrorEvent} event */
  async function onError(event) {
    event.preventDefault();
    const detail = [await watchdog.diagnose('engine'), event.message].filter(Boolean).slice(0, 1).map((text) => ` (${text})`).join('');
    toUi({ type: 'engine-failed', error: { code: 'worker-not-started', message: `The engine could not be started${detail}.`,
      hint: 'Reload the page; if it stays, the site was copied incompletely.' } });
  }
  const backend = query.get('backend');
  return startEngineThread({
    createThread: () => new Worker(new URL('worker/engine.worker.js', folder), { type: 'module', name: 'engine' }),
    start: { type: 'start', model: query.get('model') ?? (loadSettings().default_model || null), backend: backend === 'webgpu' || backend === 'wasm' ? backend : 'auto' },
    receive, onError, toUi,
  });
}

/** Fetches all that the interface needs, at once. */
async function fetchInterface() {
  const [{ startUi }, fonts, shaders, examples, models] = await Promise.all([
    import('./ui.js'),
    Promise.all(Object.values(kFonts).map(required)),
    Promise.all(kShaders.map((name) => required(`shaders/${name}`))),
    optional('examples/index.json'),
    optional('models/index.json'),
  ]);
  /** @param {{id: string, name: string, bytes: number, licence?: string}} model */
  const ofPage = (model) => ({ source: 'came with the page', ...model, preset: model.id === models.default });
  /** @type {import('./accessibility_tree.js').Extras} */
  const extras = { examples: examples?.films ?? examples ?? [], models: (models?.models ?? []).map(ofPage) };
  return { startUi, fonts, shaders, extras };
}

/**
 * Starts the interface and gives it what it draws with.
 * @param {Awaited<ReturnType<typeof fetchInterface>>} parts
 * @param {Parameters<typeof import('./ui.js').startUi>[1]} page
 */
async function startInterface({ startUi, fonts, shaders, extras }, page) {
  const bridge = await startUi('#screen', page);
  Object.keys(kFonts).forEach((weight, index) => bridge.message({ type: 'font', weight }, fonts[index]));
  kShaders.forEach((name, index) => bridge.message({ type: 'shader', name }, shaders[index]));
  bridge.message({ type: 'settings-restored', settings: loadSettings() ?? {} });
  const queries = {
    reduced_motion: matchMedia('(prefers-reduced-motion: reduce)'),
    touch: matchMedia('(pointer: coarse)'),
  };
  const tellEnvironment = () => bridge.message({ type: 'environment-known', ...extras,
    reduced_motion: queries.reduced_motion.matches, touch: queries.touch.matches });
  tellEnvironment();
  for (const media of Object.values(queries)) media.addEventListener('change', tellEnvironment);
  return bridge;
}

async function start() {
  const query = new URLSearchParams(location.search);
  /** @type {ReturnType<typeof createPort<ToUi>>} */
  const ui = createPort();
  const toUi = ui.send;
  const offline = serveOffline({ base, onKept: (reply) => { published.offline = reply; },
    onNotice: (text) => toUi({ type: 'noticed', text }) });
  const countNetwork = createNetworkSum(toUi);
  /** @type {ReturnType<typeof createPort<ToWorker>>} */
  const engine = createPort();
  const toEngine = engine.send;
  const fileQueue = createFileQueue({ toUi, toEngine });
  const [picker, folderPicker, labelsPicker, modelPicker] = /** @type {HTMLInputElement[]} */ (
    ['picker', 'folder-picker', 'labels-picker', 'model-picker'].map(find));
  watchFiles({ document, picker, folderPicker, labelsPicker, modelPicker, onFiles: fileQueue.onFiles, onLabels: fileQueue.openLabels,
    onLink: () => toUi({ type: 'noticed', text: kLinkDropped }), onDrag: (over) => toUi({ type: 'files-dragged', over }),
    onText: (facts) => describeModel(facts, toEngine) });

  const fetching = fetchInterface();
  fetching.catch(() => {}); // reported below
  const { folder, version } = await offline.pinned;
  published.version = version;
  engine.open(startEngine({ folder, offline, query, toUi, countNetwork, onUnpacked: fileQueue.onUnpacked, onOpened: fileQueue.opened,
    onReportPage: createReportDesk({ offer: (file, parts) => offerDownload(file, ...parts), print: printReport,
      notice: (text) => toUi({ type: 'noticed', text }) }) }));

  const parts = await fetching;
  const { extras } = parts;
  const textField = createTextField({ document, onAction: (action) => toUi({ type: 'action', action }),
    onLeft: () => find('screen').focus({ preventScroll: true }) });
  const host = createHost({ picker, folderPicker, labelsPicker, modelPicker, base: folder, toEngine, toUi, addFiles: fileQueue.add, reject: fileQueue.reject,
    textField, showText, showCanvas });
  const tree = createAccessibilityTree(find('mirror'), (action) => toUi({ type: 'action', action }));
  const bridge = await startInterface(parts, { onRequest: host, onChanged: () => readState && tree.changed(() => [readState?.() ?? null, extras]) });
  readState = bridge.state;
  ui.open(bridge.message);
  watchdog.ready();
  find('loading').remove();
  find('late')?.remove();
  meterNetwork(globalThis, countNetwork('page'));

  const wanted = query.get('example');
  const example = extras.examples.find(({ file, name }) => [file, name, file.replace(/\.\w+$/, '')].includes(wanted ?? ''));
  if (example) host({ type: 'open-example', file: example.file });
  else if (wanted) toUi({ type: 'noticed', text: 'There is no example film of the name in the address.' });
}

const missing = missingFeature();
if (missing) {
  watchdog.ready();
  watchdog.show(...missing);
} else {
  start().catch((error) => watchdog.report(`The page could not start: ${asError(error).message.replace(/\.$/, '')}.`));
}
