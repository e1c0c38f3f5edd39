// Writes a ZIP archive whose files are stored as they are: weights do not get smaller. Files of up to 1 GiB, without ZIP64.
// Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.3 and 4.4.
import { crc32 } from './crc32.js';

const kUtf8Names = 1 << 11;
/** 1 January 1980: an archive of the same files is the same bytes. */
const kDate = 0x21;

/** @typedef {[size: number, value: number]} Field a little-endian number of 2 or 4 bytes @param {Field[]} parts */
const numbers = (parts) => {
  const bytes = new Uint8Array(parts.reduce((sum, [size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of parts) {
    if (size === 4) view.setUint32(at, value, true);
    else view.setUint16(at, value, true);
    at += size;
  }
  return bytes;
};

/**
 * @param {{name: string, bytes: Uint8Array<ArrayBuffer>}[]} files
 * @returns {Blob} made of the files' own bytes, which are not copied before they are written
 */
export function zipOf(files) {
  const encoder = new TextEncoder();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const directory = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const words = encoder.encode(name);
    /** @type {Field[]} */
    const common = [[2, 20], [2, kUtf8Names], [2, 0], [2, 0], [2, kDate], [4, crc32(bytes)], [4, bytes.length], [4, bytes.length],
      [2, words.length], [2, 0]];
    const local = numbers([[4, 0x04034b50], ...common]);
    parts.push(local, words, bytes);
    directory.push(numbers([[4, 0x02014b50], [2, 20], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]]), words);
    offset += local.length + words.length + bytes.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = numbers([[4, 0x06054b50], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, size], [4, offset], [2, 0]]);
  return new Blob([...parts, ...directory, end], { type: 'application/zip' });
}
