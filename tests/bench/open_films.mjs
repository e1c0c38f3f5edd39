// Memory of many films open at once, through the page's own store: decoded pixels are kept up to its budget, no further.
import { FilmStore, kDecodedBudget } from '../../web/worker/film_store.js';
import { makeFilm } from './films.mjs';

const kSide = 2048;
/** Beside the pixels kept: the engine itself, one film's file and its decoder's buffers, and what the heap cannot reuse. */
const kBeside = 256e6;

/**
 * @param {{call: Function, memoryBytes: number}} bench its engine's memory never shrinks, so the largest is the last
 * @param {number} count
 * @returns {Promise<{what: string, figure: string, goal: string, met: boolean, values: object}>}
 */
export async function memoryOfOpenFilms(bench, count) {
  const bytes = new Uint8Array(makeFilm(kSide, 16).png);
  const store = new FilmStore();
  const source = { size: bytes.length, read: async () => bytes };
  for (let id = 1; id <= count; id += 1) await store.decode(bench, store.add(id, `${id}.png`, source));
  await store.decode(bench, store.get(1));  // one that was let go
  const [kept, engine] = [store.decodedBytes, bench.memoryBytes];
  for (const { id } of store.all()) store.remove(bench, id);
  const megabytes = (value) => (value / 1e6).toFixed(0);
  return {
    what: `engine memory with ${count} films of ${kSide}×${kSide} open`,
    figure: `${megabytes(engine)} MB, ${megabytes(kept)} MB of it pixels`,
    goal: `pixels < ${megabytes(kDecodedBudget)} MB, all < ${megabytes(kDecodedBudget + kBeside)} MB`,
    met: kept <= kDecodedBudget && engine < kDecodedBudget + kBeside, values: { films: count, engine_bytes: engine, pixel_bytes: kept },
  };
}
