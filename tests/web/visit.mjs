// One visit for tests: a session on a fake engine, with the messages it posted.
import { EngineError } from '../../web/worker/engine.js';
import { WorkerController } from '../../web/worker/worker_controller.js';
import { fakeEngine } from './fakes.mjs';

export const is = (type, id) => (message) => message.type === type && (id === undefined || message.id === id);

/** A session on fakes, with the messages it posted and a way to wait for one. */
export function visit({ model = 'm', decodedBudget, run, startRuntime, decoder, download = async () => {} } = {}) {
  const posted = [];
  const waiting = [];
  const engines = [];
  const runtimes = [];
  const session = new WorkerController({
    decodedBudget,
    decoder,
    font: async () => new Uint8Array([0, 1, 0, 0]),
    post(message, buffer) {
      posted.push({ ...message, buffer });
      for (const one of [...waiting]) if (one.wanted(message)) waiting.splice(waiting.indexOf(one), 1), one.resolve(message);
    },
    startEngine: async () => {
      engines.push(fakeEngine({ EngineError }));
      return engines.at(-1);
    },
    fetchModel: async (id, { onProgress, signal }) => {
      const chosen = id ?? model;
      await download({ chosen, onProgress, signal });
      if (chosen === 'missing') throw new EngineError({ code: 'download-missing', message: 'No such file.', hint: 'Wait.' });
      return { id: chosen, manifest: new TextEncoder().encode(JSON.stringify({ id: chosen })), network: new Uint8Array(4) };
    },
    startRuntime: startRuntime ?? (async (options) => {
      const runtime = {
        options, released: false,
        backend: { name: 'wasm', detail: '', fallbacks: [] },
        run: run ?? (async (request, blobs) => ({ outputs: [{ name: 'logits', shape: [1] }], blobs })),
        async release() { runtime.released = true; },
      };
      runtimes.push(runtime);
      return runtime;
    }),
  });
  return {
    session, posted, engines, runtimes,
    until: (wanted) => {
      const found = posted.find(wanted);
      if (found) return Promise.resolve(found);
      return new Promise((resolve) => waiting.push({ wanted, resolve }));
    },
    types: () => posted.filter(({ type }) => type !== 'loading-progressed').map(({ type, id }) => (id ? `${type} ${id}` : type)),
    open: (id, text = 'film') => session.handle({ type: 'open', id, name: `${id}.png`, file: new Blob([text]) }),
    start: () => session.handle({ type: 'start', backend: 'auto', model: null }),
  };
}
