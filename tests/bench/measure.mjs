// Timing by interleaved repetition: things compared are run in turns, so that a machine's mood hits them alike.
import { performance } from 'node:perf_hooks';

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * @param {Object<string, () => any|Promise<any>>} actions compared with each other; an action that returns
 *   {counted} says itself how long the part took that counts
 * @param {{rounds: number, warmUp?: number}} options
 * @returns {Promise<Object<string, number>>} median milliseconds per action
 */
export async function timeInTurns(actions, { rounds, warmUp = 2 }) {
  const times = Object.fromEntries(Object.keys(actions).map((name) => [name, []]));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const [name, action] of Object.entries(actions)) {
      const start = performance.now();
      const result = await action();
      const passed = result?.counted ?? performance.now() - start;
      if (round >= 0) times[name].push(passed);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
}
