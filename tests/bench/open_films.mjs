// Memory of many films open at once, in a case as the page has it: decoded pixels are kept up to its budget, no further.
import { openSite } from '../../tools/cxr/workbench.mjs';
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
