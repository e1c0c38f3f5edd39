// Drives one job of the engine: asks for inference requests, has them run, gives the outputs back.
//
// The page's worker and the command line use this same loop. It decides nothing: what to run is the engine's
// business, where to run it the runtime's. Cancelling is not asking for the next request.
import { Cancelled } from '../shared/errors.js';

/**
 * @typedef {Pick<import('./runtime.js').Runtime, 'run'>} Runner
 * @typedef {import('./engine_methods.js').Caller} Caller
 * @typedef {import('./engine_methods.js').Methods['result']['value']} JobResult
 * @typedef {{prepare: number, run: number, explain: number}} Milliseconds
 *
 * @param {Caller} engine
 * @param {Runner} runtime
 * @param {number} job
 * @param {{onProgress?: (progress: {done: number, total: number}) => void, signal?: AbortSignal,
 *   keep?: boolean, breathe?: () => Promise<void>}} [options] `breathe` lets other messages in between two requests;
 *   `keep` leaves the finished job in the engine, for its overlays: the caller then cancels it
 * @returns {Promise<{analysis: JobResult, blobs: Uint8Array<ArrayBuffer>[], milliseconds: Milliseconds}>}
 * @throws {Cancelled} when the signal was aborted; the job is then gone
 */
export async function runJob(engine, runtime, job, { onProgress, signal, keep, breathe } = {}) {
  const milliseconds = { prepare: 0, run: 0, explain: 0 };
  /** @template T @param {keyof Milliseconds} part @param {() => T} action @returns {T} */
  const timed = (part, action) => {
    const start = performance.now();
    const result = action();
    milliseconds[part] += performance.now() - start;
    return result;
  };
  try {
    for (;;) {
      if (signal?.aborted) throw new Cancelled();
      const { value, blobs } = timed('prepare', () => engine.call('next', { job }));
      if (!value.request) break;
      const start = performance.now();
      const answer = await runtime.run(value.request, blobs);
      milliseconds.run += performance.now() - start;
      const accepted = timed('explain', () => engine.call('accept', { job, outputs: answer.outputs }, answer.blobs));
      onProgress?.(accepted.value);
      await breathe?.();
    }
    if (signal?.aborted) throw new Cancelled();
    const result = timed('explain', () => engine.call('result', { job }));
    if (!keep) abandon(engine, job);
    return { analysis: result.value, blobs: result.blobs, milliseconds };
  } catch (error) {
    abandon(engine, job);
    throw error;
  }
}

/** Frees a job, finished or not; one that the engine no longer knows is no error. @param {Caller} engine @param {number} job */
function abandon(engine, job) {
  try {
    engine.call('cancel', { job });
  } catch {
    // The engine has already dropped it, or has trapped: what made the job fail is what gets reported.
  }
}
