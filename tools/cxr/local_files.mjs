// download() of the page, for files of this machine.
import { readFile } from 'node:fs/promises';
import { failure } from '../../web/shared/errors.js';

export async function readLocal(url, { what }) {
  try {
    return new Uint8Array(await readFile(url));
  } catch (error) {
    throw failure('missing', `${what} is missing or cannot be read (${error.code}).`, 'Build the page again, or correct the name of the folder.');
  }
}
