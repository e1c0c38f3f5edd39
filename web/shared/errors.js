// Errors as values: turns whatever was thrown into {code, message, hint}, the shape shown to the user.
//
// Nothing here is logged: an error may name a file, and names of files never leave the page.
import { EngineError } from '../worker/engine.js';

export { EngineError };

/** The engine's WebAssembly trapped: this instance of the engine must be thrown away. */
export class EngineCrash extends Error {}

/**
 * An engine whose traps are told apart from its answers: they are thrown as EngineCrash.
 * @param {Caller} engine
 * @returns {Caller}
 *
 * @typedef {import('../worker/engine_methods.js').Caller} Caller
 */
export function callerOf(engine) {
  return {
    call(method, args, blobs) {
      try {
        return engine.call(method, args, blobs);
      } catch (error) {
        throw error instanceof EngineError ? error : new EngineCrash(messageOf(error));
      }
    },
  };
}

/** What was thrown, in its own words. @param {unknown} thrown */
export const messageOf = (thrown) => String(thrown && typeof thrown === 'object' && 'message' in thrown ? thrown.message ?? thrown : thrown);

/** Work was given up on the user's request. */
export class Cancelled extends Error {}

/**
 * Stops waiting for what cannot be stopped itself.
 * @template T
 * @param {AbortSignal} signal
 * @param {Promise<T>} promise
 * @returns {Promise<T>}
 * @throws {Cancelled} as soon as the signal is aborted
 */
export function untilAborted(signal, promise) {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Cancelled());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/**
 * @param {string} code stable, for tests and scripts
 * @param {string} message what was found and what was expected
 * @param {string} hint what to do
 */
export function failure(code, message, hint) {
  return new EngineError({ code, message, hint });
}

/** A file of `bytes` bytes where at most `most` are read. @param {number} bytes @param {number} most @param {string} [hint] */
export function fileTooLarge(bytes, most, hint = 'Export the film as PNG or JPEG.') {
  /** @param {number} count bytes */
  const megabytes = (count) => `${Math.ceil(count / 2 ** 20)} MB`;
  return failure('file-too-large', `The file is larger than ${megabytes(most)}: it has ${megabytes(bytes)}.`, hint);
}

/**
 * @param {unknown} thrown
 * @param {{code?: string, hint?: string}} [fallback] used when the error is none of ours
 * @returns {import('./protocol.js').ErrorValue}
 */
export function asError(thrown, { code = 'unexpected', hint = 'Reload the page and try again.' } = {}) {
  if (thrown instanceof EngineError) return thrown.toJSON();
  if (thrown && typeof thrown === 'object' && 'message' in thrown) {
    return { code, message: String(thrown.message) || String(thrown), hint };
  }
  return { code, message: String(thrown), hint };
}
