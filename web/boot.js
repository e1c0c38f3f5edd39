// The page's start: connects the canvas, the engine worker, the files and the text mirror, and says what is missing if the
// browser cannot run them. It decides nothing about films.
import { asError } from './errors.js';
import { watchFiles } from './files.js';
import { createHost, offerDownload } from './host.js';
import { createMirror } from './mirror.js';
import { serveOffline } from './offline.js';
import { meterNetwork } from './privacy.js';
import { loadSettings } from './settings.js';

const base = new URL('./', import.meta.url);
const kFonts = { regular: 'fonts/inter-regular.ttf', medium: 'fonts/inter-medium.ttf' };
const kShaders = ['film.vert', 'film.frag'];

/** What tests and the console may look at: the last published state. */
const published = { state: null, offline: null };
globalThis.chestlight = published;

const find = (id) => document.getElementById(id);

/** A message in the page itself, for when the canvas cannot show one. */
function showNotice(message, hint) {
  const paragraph = (text) => Object.assign(document.createElement('p'), { textContent: text });
  find('notice').replaceChildren(paragraph(message), paragraph(hint));
  find('notice').hidden = false;
  find('loading').hidden = true;
}

function missingFeature() {
  const wanted = 'Use a current version of Chrome, Edge, Firefox or Safari.';
  if (typeof WebAssembly !== 'object') return ['Chestlight needs WebAssembly, which is switched off or missing here.', wanted];
  if (!document.createElement('canvas').getContext('webgl2')) {
    return ['Chestlight needs WebGL 2 to draw, which is switched off or missing here.',
      `${wanted} If it is one, switch on hardware or software graphics in its settings.`];
  }
  return null;
}

const optional = (path) => fetch(new URL(path, base)).then((response) => (response.ok ? response.json() : null)).catch(() => null);

async function required(path) {
  const response = await fetch(new URL(path, base));
  if (!response.ok) throw new Error(`${path}: the server answered ${response.status}`);
  return response.arrayBuffer();
}

async function start() {
  const query = new URLSearchParams(location.search);
  const engine = new Worker(new URL('engine.worker.js', base), { type: 'module', name: 'engine' });
  const waiting = [];
  let ui = { message: (...message) => waiting.push(message) };
  const toUi = (message, buffer) => ui.message(message, buffer);
  const toEngine = (message) => engine.postMessage(message);

  // --- the engine ---
  const backend = query.get('backend');
  toEngine({ type: 'start', backend: ['webgpu', 'wasm'].includes(backend) ? backend : 'auto', model: query.get('model') });
  const network = { page: {}, engine: {} };
  const countNetwork = (who) => (counts) => {
    network[who] = counts;
    const sum = (name) => (network.page[name] ?? 0) + (network.engine[name] ?? 0);
    toUi({ type: 'network', bytes_sent: sum('bytes_sent'), foreign_requests: sum('foreign_requests') });
  };
  const offline = serveOffline({ base, onKept: (reply) => { published.offline = reply; } });
  engine.onmessage = ({ data: { message, buffer } }) => {
    if (message.type === 'network') return countNetwork('engine')(message);
    if (message.type === 'resources') {
      const own = performance.getEntriesByType('resource').map((entry) => entry.name);
      return offline.keep([...own, ...message.addresses]);
    }
    if (message.type === 'exported') offerDownload(message, buffer);
    return toUi(message, buffer);
  };
  engine.onerror = (event) => {
    event.preventDefault();
    const detail = event.message ? ` (${event.message})` : '';
    toUi({ type: 'failed', error: { code: 'engine-not-started', message: `The engine could not be started${detail}.`,
      hint: 'Reload the page; if it stays, the site was copied incompletely.' } });
  };

  // --- files ---
  let lastId = 0;
  const addFiles = (files, facts = {}) => {
    for (const file of files) {
      const id = ++lastId;
      toUi({ type: 'queued', id, name: file.name, bytes: file.size, ...facts });
      toEngine({ type: 'open', id, name: file.name, file });
    }
  };
  const reject = (name, error) => {
    const id = ++lastId;
    toUi({ type: 'queued', id, name, bytes: 0 });
    toUi({ type: 'film-failed', id, name, error });
  };
  watchFiles({
    document,
    picker: find('picker'),
    onDrag: (over) => toUi({ type: 'drag', over }),
    onFiles: (files, leftOut) => {
      addFiles(files);
      if (leftOut) {
        reject(`${leftOut} more files`, { code: 'too-many-files',
          message: `${files.length + leftOut} files came at once; the first ${files.length} were taken.`,
          hint: 'Drop the others in parts.' });
      }
    },
  });

  // --- the user interface ---
  const host = createHost({ picker: find('picker'), base, toEngine, toUi, addFiles, reject });
  const showMirror = createMirror(find('mirror'), (action) => toUi({ type: 'action', action }));
  const [{ startUi }, examples, models, fonts, shaders] = await Promise.all([
    import('./ui.js'),
    optional('examples/index.json'),
    optional('models/index.json'),
    Promise.all(Object.values(kFonts).map(required)),
    Promise.all(kShaders.map((name) => required(`shaders/${name}`))),
  ]);
  const extras = { examples: examples?.films ?? examples ?? [], models: models?.models ?? [] };
  const bridge = await startUi('#screen', (command) => {
    if (command.type !== 'snapshot') return host(command);
    published.state = command.state;
    return showMirror(command.state, extras);
  });
  Object.keys(kFonts).forEach((weight, index) => bridge.message({ type: 'font', weight }, fonts[index]));
  kShaders.forEach((name, index) => bridge.message({ type: 'shader', name }, shaders[index]));
  bridge.message({ type: 'settings', settings: loadSettings() });
  const environment = () => bridge.message({ type: 'environment', isolated: crossOriginIsolated,
    reduced_motion: matchMedia('(prefers-reduced-motion: reduce)').matches,
    touch: matchMedia('(pointer: coarse)').matches, ...extras });
  environment();
  for (const media of ['(prefers-reduced-motion: reduce)', '(pointer: coarse)']) {
    matchMedia(media).addEventListener('change', environment);
  }
  ui = bridge;
  for (const message of waiting.splice(0)) bridge.message(...message);
  find('loading').hidden = true;
  meterNetwork(globalThis, countNetwork('page'));

  const example = query.get('example');
  const known = extras.examples.find(({ file, name }) => file === example || name === example || file.startsWith(`${example}.`));
  if (example && known) host({ type: 'open-example', file: known.file });
  else if (example) toUi({ type: 'notice', text: 'There is no example film of the name in the address.' });
}

const missing = missingFeature();
if (missing) {
  showNotice(...missing);
} else {
  start().catch((error) => showNotice(`The page could not start: ${asError(error).message}.`,
    'Reload it; if it stays, the site was copied incompletely.'));
}
