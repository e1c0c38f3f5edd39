// Files of this machine: download() of the page for them, and results that are written.
import { readFile } from 'node:fs/promises';
import { EngineError, asError, failure } from '../../web/shared/errors.js';

/**
 * @param {string|URL} url @param {{what: string}} options what: names the file in messages
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function readLocal(url, { what }) {
  try {
    return new Uint8Array(await readFile(url));
  } catch (error) {
    throw failure('missing', `${what} is missing or cannot be read (${/** @type {NodeJS.ErrnoException} */ (error).code}).`, 'Build the page again, or correct the name of the folder.');
  }
}

/**
 * Does something that writes results; what the system says against it becomes an error in words.
 * @template T @param {() => Promise<T>} action @returns {Promise<T>}
 */
export async function onDisk(action) {
  try {
    return await action();
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw new EngineError({ code: 'not-written', message: `The results cannot be written: ${asError(error, { hint: '' }).message}`,
      hint: 'Name a folder that can be written with --out.' });
  }
}
