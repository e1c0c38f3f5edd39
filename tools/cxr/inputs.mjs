// From arguments to files: folders are walked, sorted by name; what cannot be read becomes a result, never an exception.
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError, failure, fileTooLarge } from '../../web/errors.js';
import { kLargestFile } from '../../web/film_store.js';

/**
 * @typedef {object} Input
 * @property {string} file the path, as given or below a given folder
 * @property {string} within the path below the given folder, or the file's name: for names of outputs
 * @property {EngineError} [error] why it cannot even be looked at
 */

/** @param {string[]} paths @returns {Promise<Input[]>} in the order given; hidden files of folders are passed over */
export async function findInputs(paths) {
  const inputs = [];
  for (const path of paths) {
    try {
      if ((await stat(path)).isDirectory()) await walk(path, '', inputs);
      else inputs.push({ file: path, within: path.split(/[\\/]/).pop() });
    } catch (error) {
      inputs.push({ file: path, within: path, error: unreadable(error) });
    }
  }
  return inputs;
}

async function walk(folder, below, inputs) {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const within = join(below, entry.name);
    if (entry.isDirectory()) await walk(folder, within, inputs);
    else inputs.push({ file: join(folder, within), within });
  }
}

/** @returns {Promise<Uint8Array>} @throws {EngineError} */
export async function readInput({ file, error }) {
  if (error) throw error;
  try {
    const facts = await stat(file);
    if (!facts.isFile()) throw failure('not-a-file', 'This is neither a file nor a folder.', 'Name an image file.');
    if (facts.size > kLargestFile) {
      throw fileTooLarge(facts.size, kLargestFile, 'Export the film again with less resolution.');
    }
    return new Uint8Array(await readFile(file));
  } catch (caught) {
    throw caught instanceof EngineError ? caught : unreadable(caught);
  }
}

function unreadable(error) {
  if (error.code === 'ENOENT') return failure('not-found', 'There is no such file or folder.', 'Check the path.');
  return failure('unreadable', `The file cannot be read (${error.code ?? error.message}).`, 'Check its permissions.');
}
