// Times of things compared with each other: processor time, and in turns, so that a busy machine hits them alike.
import { cpuUsage } from 'node:process';

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Processor time of this process so far, milliseconds; with one thread it is what a quiet machine's clock would show. */
export function processorTime() {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}

/**
 * @param {Object<string, () => any|Promise<any>>} actions compared with each other; an action that returns
 *   {counted} says itself how many milliseconds count
 * @param {{rounds: number, warmUp?: number}} options WebAssembly is compiled again, better, while it warms up
 * @returns {Promise<Object<string, number>>} median milliseconds per action
 */
export async function timeInTurns(actions, { rounds, warmUp = 6 }) {
  const times = Object.fromEntries(Object.keys(actions).map((name) => [name, []]));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const [name, action] of Object.entries(actions)) {
      const start = processorTime();
      const result = await action();
      const passed = result?.counted ?? processorTime() - start;
      if (round >= 0) times[name].push(passed);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
}
