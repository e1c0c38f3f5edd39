// Memory of many films open at once, in a case as the page has it: decoded pixels are kept up to its budget, no further.
import { openSite, readAnatomy, readModel, startRuntime } from '../../tools/cxr/workbench.mjs';
import { CaseThread } from '../../web/worker/case_thread.js';
import { makeFilm } from './films.mjs';

const kSide = 2048;
/** Decoded pixels kept at most (src/study/case_films.h). */
const kDecodedBudget = 256 * 2 ** 20;
/** Beside the pixels kept: the engine itself, one film's file and its decoder's buffers, and what the heap cannot reuse. */
const kBeside = 256e6;

/**
 * @param {string} site folder of the built page
 * @param {number} count
 * @returns {Promise<{what: string, figure: string, goal: string, met: boolean, values: object}>}
 */
export async function memoryOfOpenFilms(site, count) {
  const bytes = new Uint8Array(makeFilm(kSide, 16).png);
  const source = { size: bytes.length, read: async () => bytes };
  const parts = await openSite(site);
  const engine = await parts.startEngine();
  let heard = () => {};
  const films = new CaseThread({
    ...parts, startEngine: async () => engine, startRuntime: () => new Promise(() => {}), fetchModel: () => new Promise(() => {}),
    breathe: () => new Promise((resolve) => { setImmediate(resolve); }), post: (event) => heard(event),
  });
  const until = (wanted) => new Promise((resolve) => { heard = (event) => wanted(event) && resolve(); });
  films.handle({ type: 'start', backend: 'wasm', model: null });
  const opened = until(({ type, id }) => type === 'film-opened' && id === count);
  for (let id = 1; id <= count; id += 1) films.handle({ type: 'open', id, name: `${id}.png`, source, isFilm: true });
  await opened;
  const seen = until(({ type }) => type === 'pixels-arrived');
  films.handle({ type: 'show-film', id: 1 });  // one that was let go
  await seen;
  const used = engine.memoryBytes;  // it never shrinks: the largest is the last
  parts.decoder.close();
  return {
    what: `engine memory with ${count} films of ${kSide}×${kSide} open`,
    figure: `${(used / 1e6).toFixed(0)} MB`,
    goal: `< ${((kDecodedBudget + kBeside) / 1e6).toFixed(0)} MB`,
    met: used < kDecodedBudget + kBeside, values: { films: count, engine_bytes: used },
  };
}

/**
 * The engine's memory while films are opened and analysed one after another and all stay open.
 * @param {string} site folder of the built page
 * @param {{name: string, bytes: Uint8Array}[]} list
 * @param {number[]} marks numbers of films, rising, after which it is asked for
 * @returns {Promise<number[]>} bytes, for each mark
 */
export async function memoryOfFilms(site, list, marks) {
  const parts = await openSite(site);
  const engine = await parts.startEngine();
  let runtime = null, finished = 0;
  let heard = () => {};
  const films = new CaseThread({
    ...parts, startEngine: async () => engine, fetchModel: () => readModel(site, undefined), fetchAnatomy: () => readAnatomy(site),
    startRuntime: async (options) => (runtime = await startRuntime({ threads: 1, ...options })),
    breathe: () => new Promise((resolve) => { setImmediate(resolve); }), post: (event) => heard(event),
  });
  const used = [];
  await new Promise((resolve) => {
    heard = ({ type, id }) => {
      if (type === 'engine-ready') {
        films.handle({ type: 'load-anatomy' });
        list.forEach(({ name, bytes }, index) => films.handle({
          type: 'open', id: index + 1, name, source: { size: bytes.length, read: async () => bytes }, isFilm: true,
        }));
      }
      if (type === 'film-opened') films.handle({ type: 'analyse', id });
      if (!['analysis-arrived', 'analysis-failed', 'film-failed'].includes(type)) return;
      finished += 1;
      if (finished === marks[used.length]) used.push(engine.memoryBytes);
      if (used.length === marks.length) resolve();
    };
    films.handle({ type: 'start', backend: 'wasm', model: null });
  });
  parts.decoder.close();
  await runtime?.release();
  return used;
}
