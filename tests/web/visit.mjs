// One visit for tests: the thread of a case around a simple engine, with the messages it posted.
import { EngineError } from '../../web/worker/engine.js';
import { CaseThread } from '../../web/worker/case_thread.js';
import { fakeCase } from './fake_case.mjs';

export const is = (type, id) => (message) => message.type === type && (id === undefined || message.id === id);

export const kWasm = { name: 'wasm', detail: '', fallbacks: [] };
export const runs = async (request, blobs) => ({ outputs: [{ name: 'logits', shape: [1] }], blobs });

/** A session on fakes, with the messages it posted and a way to wait for one. */
export function visit({ model = 'm', run = runs, startRuntime, startEngine, decoder, longestSteps, now, syntheticFilms, fetchAnatomy, readings,
  download = async () => {} } = {}) {
  const posted = [];
  const waiting = [];
  const engines = [];
  const runtimes = [];
  const session = new CaseThread({
    decoder,
    fetchAnatomy, readings,
    ...(longestSteps && { longestSteps }), ...(now && { now }), ...(syntheticFilms && { syntheticFilms }),
    font: async () => new Uint8Array([0, 1, 0, 0]),
    post(message, buffer) {
      posted.push({ ...message, buffer });
      for (const one of waiting.filter(({ wanted }) => wanted(message))) {
        waiting.splice(waiting.indexOf(one), 1);
        one.resolve(message);
      }
    },
    startEngine: startEngine ?? (async () => {
      engines.push(fakeCase());
      return engines.at(-1);
    }),
    fetchModel: async (id, { onProgress, signal }) => {
      const chosen = id ?? model;
      await download({ chosen, onProgress, signal });
      if (chosen === 'missing') throw new EngineError({ code: 'download-missing', message: 'No such file.', hint: 'Wait.' });
      return { id: chosen, manifest: new TextEncoder().encode(JSON.stringify({ id: chosen })), network: new Uint8Array(4) };
    },
    startRuntime: startRuntime ?? (async (options) => {
      const runtime = { options, released: false, backend: kWasm, run, async release() { runtime.released = true; } };
      runtimes.push(runtime);
      return runtime;
    }),
  });
  return {
    session, posted, engines, runtimes,
    until: (wanted) => {
      const found = posted.find(wanted);
      if (found) return Promise.resolve(found);
      return new Promise((resolve) => { waiting.push({ wanted, resolve }); });
    },
    types: () => posted.filter(({ type }) => type !== 'loading-progressed').map(({ type, id }) => (id ? `${type} ${id}` : type)),
    open: (id, text = 'film') => session.handle({ type: 'open', id, name: `${id}.png`, file: new Blob([text]) }),
    analyse: (id) => session.handle({ type: 'analyse', id }),
    start: () => session.handle({ type: 'start', backend: 'auto', model: null }),
  };
}
