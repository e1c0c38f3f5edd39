// From arguments to files: folders are walked and ZIP archives opened, sorted by name; what cannot be read becomes a result,
// never an exception. Bytes are read when a file's turn comes.
import { open, readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { stderr } from 'node:process';
import { EngineError, failure, fileTooLarge, messageOf } from '../../web/shared/errors.js';
import { looksLikeArchive, unpack } from '../../web/worker/archive.js';
import { kLargestDicom as kLargestFile } from '../../web/dicom/limits.js';
import { kSniffedStart, mayBeFilm } from '../../web/shared/film_kinds.js';
import { addIgnored, noIgnoredFiles, reasonToIgnore, ignoredInWords } from '../../web/shared/ignored_files.js';

/**
 * @typedef {object} Input
 * @property {string} file the path, as given or below a given folder or inside an archive
 * @property {string} within the path below the given folder, or the file's name: for names of outputs
 * @property {import('../../web/worker/sources.js').Source} [source] of a member of an archive
 * @property {EngineError} [error] why it cannot even be looked at
 */

/**
 * @typedef {import('../../web/dicom/libraries.js').Inflater} Inflater
 * @typedef {{inputs: Input[], ignored: import('../../web/shared/ignored_files.js').IgnoredFiles}} Found in the order given; what comes
 *   along with films in folders and archives is counted in `ignored`
 *
 * @param {string[]} paths
 * @param {{inflater: Inflater}} libraries what archives need
 * @returns {Promise<Found>}
 */
export async function findInputs(paths, { inflater }) {
  /** @type {Found} */
  const found = { inputs: [], ignored: noIgnoredFiles() };
  for (const path of paths) {
    try {
      if ((await stat(path)).isDirectory()) await walk(path, '', found, inflater);
      else await add(path, path.split(/[\\/]/).pop() ?? path, found, inflater);
    } catch (error) {
      found.inputs.push({ file: path, within: path, error: unreadable(error) });
    }
  }
  return found;
}

/** @param {string} folder @param {string} below the path inside it @param {Found} found @param {Inflater} inflater */
async function walk(folder, below, found, inflater) {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const within = join(below, entry.name);
    const reason = reasonToIgnore(entry.name);
    if (entry.isDirectory() && reason !== 'hidden') await walk(folder, within, found, inflater);
    else if (reason) found.ignored[reason] += 1;
    else await add(join(folder, within), within, found, inflater, { sniff: true });
  }
}

/**
 * A file, or all that is in it. `sniff`: it came with others, and is skipped where it is none.
 * @param {string} file
 * @param {string} within
 * @param {Found} found
 * @param {Inflater} inflater
 * @param {{sniff?: boolean}} [how]
 */
async function add(file, within, found, inflater, { sniff = false } = {}) {
  try {
    const source = await diskSource(file);
    if (!await looksLikeArchive(source)) {
      if (sniff && !mayBeFilm(within, await source.read(0, kSniffedStart))) found.ignored.other += 1;
      else found.inputs.push({ file, within });
      return;
    }
    const { members, ignored } = await unpack(source, { name: within, inflater });
    addIgnored(found.ignored, ignored);
    found.inputs.push(...members.map((member) => (
      { file: `${file}/${member.name}`, within: `${within}/${member.name}`, source: member.source })));
  } catch (error) {
    found.inputs.push({ file, within, error: asInputError(error) });
  }
}

/** Parts of a file on a disk. @param {string} file @returns {Promise<import('../../web/worker/sources.js').Source>} */
async function diskSource(file) {
  const facts = await stat(file);
  return {
    size: facts.isFile() ? facts.size : 0,
    async read(offset = 0, length = facts.size) {
      const handle = await open(file);
      try {
        const bytes = new Uint8Array(Math.max(0, Math.min(length, facts.size - offset)));
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset);
        return bytes.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    },
  };
}

/** One line on standard error. @param {import('../../web/shared/ignored_files.js').IgnoredFiles} counts */
export function tellIgnored(counts) {
  const text = ignoredInWords(counts);
  if (text) stderr.write(`${text}\n`);
}

/** An input as the case reads it: as a whole, when its turn comes. @param {Input} input */
export const inputSource = (input) => ({ size: 0, read: () => readInput(input) });

/** @param {Pick<Input, 'file'|'source'|'error'>} input @returns {Promise<Uint8Array>} @throws {EngineError} */
export async function readInput({ file, source, error }) {
  if (error) throw error;
  try {
    if (source) return await source.read();
    const facts = await stat(file);
    if (!facts.isFile()) throw failure('not-a-file', 'This is neither a file nor a folder.', 'Name an image file.');
    if (facts.size > kLargestFile) {
      throw fileTooLarge(facts.size, kLargestFile, 'Export the film again with less resolution.');
    }
    return new Uint8Array(await readFile(file));
  } catch (caught) {
    throw asInputError(caught);
  }
}

/** @param {unknown} error */
function asInputError(error) {
  return error instanceof EngineError ? error : unreadable(error);
}

/** "ENOENT" and the like. @param {unknown} thrown @returns {string|undefined} */
export const codeOf = (thrown) => /** @type {NodeJS.ErrnoException} */ (thrown).code;

/** @param {unknown} error */
function unreadable(error) {
  if (codeOf(error) === 'ENOENT') return failure('not-found', 'There is no such file or folder.', 'Check the path.');
  return failure('unreadable', `The file cannot be read (${codeOf(error) ?? messageOf(error)}).`, 'Check its permissions.');
}
