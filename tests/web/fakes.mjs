// Stand-ins for what the web modules are given from outside: ONNX Runtime, a GPU, the engine. Each records what was
// asked of it and can be told to fail; none of them is shipped.

export const kRequest = { graph: 'forward', inputs: [{ name: 'image', shape: [1, 1, 2, 2] }], outputs: ['logits'] };
export const kBlobs = [new Float32Array([1, 2, 3, 4])];
export const kWarmUp = { request: kRequest, blobs: kBlobs };

/**
 * ONNX Runtime whose network gives back its input plus one. `fault(step, provider, count)` is asked before every
 * 'create' and 'run' and may throw, or return values to answer with.
 */
export function fakeOrt({ fault = () => undefined } = {}) {
  const log = { created: [], released: 0, runs: 0, running: 0, overlapped: false };
  const ort = {
    log,
    env: { wasm: {} },
    Tensor: class {
      constructor(type, data, dims) {
        Object.assign(this, { type, data, dims });
      }
    },
    InferenceSession: {
      async create(bytes, { executionProviders: [provider] }) {
        const name = provider.name ?? provider;
        fault('create', name, log.created.length);
        log.created.push({ provider: name, bytes });
        return {
          async run(feeds, names) {
            log.overlapped ||= log.running > 0;
            log.running += 1;
            await new Promise((resolve) => setTimeout(resolve, 1));
            log.running -= 1;
            const count = log.runs++;
            const answer = fault('run', name, count);
            const [input] = Object.values(feeds);
            const data = answer ?? input.data.map((value) => value + 1);
            return Object.fromEntries(names.map((output) => [output, { dims: [...input.dims], data }]));
          },
          async release() {
            log.released += 1;
          },
        };
      },
    },
  };
  return ort;
}

/** WebGPU as gpu.js describes it; `devices` are the devices made, each with lose(). */
export function fakeGpu({ half = false, software = false, reason = '' } = {}) {
  const devices = [];
  return {
    usable: true, software, half, detail: 'fake adapter', reason, devices,
    async createDevice() {
      let lose;
      const lost = new Promise((resolve) => { lose = () => resolve({ reason: 'destroyed', message: 'gone' }); });
      const device = { lost, lose, destroy: lose };
      devices.push(device);
      return device;
    },
  };
}

/**
 * An engine of 10×10 films. A file of the text "bad" cannot be opened, "trap" makes the WebAssembly trap, "steps:N" is
 * analysed in N requests.
 */
export function fakeEngine({ EngineError }) {
  const films = new Map();
  const jobs = new Map();
  let last = 0;
  const engine = {
    films, jobs, calls: [], analyses: [],
    call(method, args = {}, blobs = []) {
      engine.calls.push(method);
      const reply = methods[method](args, blobs);
      return { value: reply.value ?? {}, blobs: reply.blobs ?? [] };
    },
  };
  const refuse = (code, message) => { throw new EngineError({ code, message, hint: 'Do something else.' }); };
  const methods = {
    'load-model': (_, [manifest]) => {
      const { id } = JSON.parse(new TextDecoder().decode(manifest));
      return id === 'wrong-hash' ? refuse('hash-mismatch', 'The weights have another hash.')
        : { value: { id, sha256: 'abc', input: { width: 2, height: 2, channels: 1 } } };
    },
    graph: ({ precision }) => ({ blobs: [new TextEncoder().encode(precision)] }),
    'warm-up': () => ({ value: { request: kRequest }, blobs: kBlobs.map((blob) => new Uint8Array(blob.slice().buffer)) }),
    open: ({ name }, [bytes]) => {
      const text = new TextDecoder().decode(bytes);
      if (text === 'trap') throw new WebAssembly.RuntimeError('unreachable');
      if (text === 'bad') refuse('format-unknown', `${name} is not an image.`);
      const film = ++last;
      films.set(film, { steps: Number(text.match(/^steps:(\d+)/)?.[1] ?? 1) });
      return { value: { film, name, width: 10, height: 10, full_scale: 255 } };
    },
    'open-dicom': ({ name }) => {
      const film = ++last;
      films.set(film, { steps: 1 });
      return { value: { film, name, width: 10, height: 10, full_scale: 255 } };
    },
    sniff: (_, [bytes]) => ({ value: { kind: bytes[0] === 0x50 ? 'ZIP' : 'Text' } }),
    thumbnail: () => ({ value: { width: 1, height: 1 }, blobs: [new Uint8Array([7])] }),
    pixels: () => ({ value: { width: 10, height: 10, full_scale: 255 }, blobs: [new Uint8Array(200)] }),
    'open-dicom': ({ name }) => methods.open({ name }, [new Uint8Array()]),
    'model-input': ({ film, correction }) => (films.has(film)
      ? { value: { width: 2, height: 2, corrections: correction }, blobs: [new Uint8Array(4)] }
      : refuse('film-unknown', 'There is no such film.')),
    analyse: ({ film, ...asked }) => {
      engine.analyses.push(asked);
      if (!films.has(film)) refuse('film-unknown', 'There is no such film.');
      const job = ++last;
      jobs.set(job, { film, left: films.get(film).steps, total: films.get(film).steps });
      return { value: { job } };
    },
    next: ({ job }) => (jobs.get(job).left
      ? { value: { request: { ...kRequest, graph: jobs.get(job).graph ?? 'forward' } }, blobs: kBlobs.map((blob) => new Uint8Array(blob.slice().buffer)) }
      : { value: { request: null } }),
    accept: ({ job }) => {
      const one = jobs.get(job);
      one.left -= 1;
      return { value: { done: one.total - one.left, total: one.total } };
    },
    result: ({ job }) => ({
      value: { film: jobs.get(job).film, method: jobs.get(job).method, finding: jobs.get(job).finding, analysed: true,
        reasons: [], findings: [], model: { id: 'm', sha256: 'abc' },
        evidence_residual: 0 },
      blobs: [new Uint8Array(8)],
    }),
    methods: () => ({ value: { methods: [{ id: 'evidence', requests: 1 }, { id: 'slow', requests: 4 }, { id: 'gradients', requests: 2 }] } }),
    explain: ({ film, finding, method }) => {
      if (!films.has(film)) refuse('film-unknown', 'There is no such film.');
      if (method === 'trap') throw new WebAssembly.RuntimeError('unreachable');
      if (method === 'hunch') refuse('invalid-request', 'There is no method "hunch".');
      const job = ++last;
      const total = method === 'slow' ? 4 : 2;
      jobs.set(job, { film, finding, method, left: total, total, graph: method === 'gradients' ? 'reverse' : 'forward' });
      return { value: { job } };
    },
    trust: (args) => methods.explain({ ...args, method: 'trust' }),
    'export-map': ({ job, film, look, file, date }, [font]) => {
      if (!films.has(film)) refuse('film-unknown', 'There is no such film.');
      return { value: { method: jobs.get(job).method, look, caption: [file, date], font: font.length }, blobs: [new Uint8Array([1]), new Uint8Array(45)] }; // of a PNG's header and its end
    },
    cancel: ({ job }) => { jobs.delete(job); return {}; },
    close: ({ film }) => { films.delete(film); return {}; },
  };
  return engine;
}
