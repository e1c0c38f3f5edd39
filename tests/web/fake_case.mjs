// An engine whose case is simple enough to be read: it opens films, and analyses them when the network is ready. What a real one
// decides is tested in tests/unit/engine/case_runner_test.cpp; with this the thread around it is tested.
import { EngineError } from '../../web/worker/engine.js';

const refuse = (code, message) => { throw new EngineError({ code, message, hint: 'Do something else.' }); };
const text = (bytes) => new TextDecoder().decode(bytes);

/** A film whose file says "trap" stops the engine while it is decoded, "trap-later" while it is analysed. */
export function fakeCase() {
  const engine = { calls: [], told: [], memoryBytes: 0 };
  const tasks = new Map();  // key → message
  const films = new Map();  // id → {name, decoded}
  let reading = null;
  let running = null;
  let ready = false;
  let last = 0;
  let steps = [];

  const tell = (event) => steps.push({ type: 'tell', event, blobs: 0 });
  const drop = (key) => {
    tasks.delete(key);
    steps.push({ type: 'keep', key, value: null, blobs: 0 });
  };
  const keepFilm = (id) => {
    const { name, reading: said, sha256 = '' } = films.get(id);
    steps.push({ type: 'keep', key: `film:${id}`, blobs: 0, value: { type: 'film-kept', id, name, frame: 0, chosen: false, synthetic: false,
      set_aside: false, sha256, record: null, reading: said ?? { read: false, verdicts: [], measurements: [], moved_lines: null } } });
  };
  const waiting = (type) => [...tasks].find(([, message]) => message.type === type && films.get(message.id)?.decoded !== undefined);
  const keyOf = (type, id) => [...tasks].find(([, message]) => message.type === type && message.id === id)?.[0];

  function settle() {
    const next = reading ? undefined : [...tasks].find(([, { id }]) => films.has(id) && films.get(id).decoded === undefined);
    if (!next) return;
    reading = next[1].id;
    steps.push({ type: 'read-film', id: reading, frame: films.get(reading).frame ?? 0, chosen: false, task: next[0], blobs: 0 });
  }

  const messages = {
    'open-film': (message) => {
      films.set(message.id, { name: message.name });
      tasks.set(`task:${++last}`, message);
      steps.push({ type: 'keep', key: `task:${last}`, value: message, blobs: 0 });
    },
    'close-film': ({ id }) => films.delete(id),
    'film-read': ({ id, film, sha256 }) => {
      reading = null;
      if (films.has(id)) Object.assign(films.get(id), { decoded: film.film, sha256 });
    },
    'film-not-read': ({ id, error, kind }) => {
      reading = null;
      drop(keyOf('open-film', id));
      tell({ type: 'film-failed', id, name: films.get(id).name, error, kind });
    },
    'film-is-archive': ({ id }) => {
      reading = null;
      const key = keyOf('open-film', id);
      if (key) drop(key);
      films.delete(id);
    },
    // A reading is one verdict here. What is kept of a film, and told to the next engine, is given away as the real case does.
    'give-verdict': ({ id, verdict }) => {
      films.get(id).reading = { read: false, verdicts: [verdict], measurements: [], moved_lines: null };
      keepFilm(id);
      tell({ type: 'reading-changed', id, reading: films.get(id).reading });
    },
    'bring-back-reading': ({ id, frame, chosen: _, ...earlier }) => {
      Object.assign(films.get(id), { reading: earlier.reading, frame });
      keepFilm(id);
      tell({ ...earlier, type: 'reading-came-back', id });
    },
    'film-kept': () => {},
    analyse: (message) => messages['open-film']({ ...message, name: films.get(message.id)?.name }),
    'network-ready': ({ backend, again }) => {
      ready = true;
      if (!again) tell({ type: 'engine-ready', backend, model: engine.model, methods: [] });
    },
    'network-left': () => { ready = false; },
    'network-answered': ({ outputs, milliseconds }) => {
      const { id } = tasks.get(running);
      drop(running);
      running = null;
      tell({ type: 'analysis-arrived', id, analysis: { outputs, milliseconds } });
    },
    'network-failed': ({ error }) => {
      const { id } = tasks.get(running);
      drop(running);
      running = null;
      tell({ type: 'analysis-failed', id, error });
    },
    'model-failed': ({ error }) => {
      for (const [key, { id }] of [...tasks].filter(([, { type }]) => type === 'analyse')) {
        drop(key);
        tell({ type: 'analysis-failed', id, error });
      }
    },
    'model-awaited': () => {},
    'open-labels': (message) => {
      steps.push({ type: 'keep', key: `labels:${message.id}`, value: message, blobs: 0 });
      steps.push({ type: 'read-labels', id: message.id, task: `labels:${message.id}`, blobs: 0 });
    },
    'labels-read': ({ id }, [bytes]) => {
      if (text(bytes) === 'trap') throw new WebAssembly.RuntimeError('unreachable');
      tell({ type: 'labels-joined', id, table: text(bytes) });
    },
    'labels-not-read': ({ id, error }) => tell({ type: 'labels-joined', id, error }),
    'export-evaluation': ({ format, date }) => tell({ type: 'exported', name: format, date }),
    'anatomy-awaited': () => {},
    'anatomy-loaded': () => {},
    'anatomy-not-loaded': () => {},
    'task-crashed': ({ task, kind }) => tell({ type: 'crashed', task, kind }),
  };

  const nextTask = () => (waiting('open-film') ?? (ready && !running ? waiting('analyse') : null))?.[0] ?? '';
  const reply = () => {
    settle();
    const value = { steps, task: nextTask() };
    steps = [];
    return { value, blobs: value.steps.filter(({ blobs }) => blobs).map(() => new Uint8Array(4)) };
  };

  const methods = {
    tell: ({ message }, blobs) => {
      engine.told.push(message);
      (messages[message.type] ?? (() => refuse('invalid-request', `no message ${message.type}`)))(message, blobs);
      return reply();
    },
    work: () => {
      const key = nextTask();
      const { type, id } = tasks.get(key);
      if (type === 'open-film') {
        drop(key);
        tell({ type: 'film-opened', id, film: { name: films.get(id).name } });
      } else {
        if (films.get(id).decoded === 'trap-later') throw new WebAssembly.RuntimeError('unreachable');
        running = key;
        steps.push({ type: 'run-network', run: 1, graph: 'forward', inputs: [{ name: 'image', shape: [1] }], outputs: ['logits'], task: key, blobs: 1 });
      }
      return reply();
    },
    'load-model': (_, [manifest]) => {
      const { id } = JSON.parse(text(manifest));
      if (id === 'wrong-hash') refuse('hash-mismatch', 'The weights have another hash.');
      engine.model = { id, sha256: 'abc' };
      return { value: engine.model };
    },
    'load-anatomy': (_, [manifest]) => {
      if (text(manifest) === 'trap') throw new WebAssembly.RuntimeError('unreachable');
      if (text(manifest) === 'damaged') refuse('hash-mismatch', 'The anatomy network is damaged.');
      return { value: {} };
    },
    graph: () => ({ blobs: [new Uint8Array(1)] }),
    'warm-up': () => ({ value: { request: { graph: 'forward', inputs: [], outputs: [] } }, blobs: [] }),
    open: ({ name }, [bytes]) => {
      const content = text(bytes);
      if (content === 'trap') throw new WebAssembly.RuntimeError('unreachable');
      if (content === 'bad') refuse('format-unknown', `${name} is not an image.`);
      return { value: { film: content, name, width: 10, height: 10, full_scale: 255 } };
    },
    sniff: (_, [bytes]) => ({ value: { kind: bytes[0] === 0x50 ? 'ZIP' : 'Text' } }),
  };
  engine.call = (method, args = {}, blobs = []) => {
    engine.calls.push(method);
    const { value = {}, blobs: out = [] } = methods[method](args, blobs);
    return { value, blobs: out };
  };
  return engine;
}
