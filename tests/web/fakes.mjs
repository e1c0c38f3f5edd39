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
