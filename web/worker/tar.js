// Archives of tar and gzip: the names of what is in them, and its bytes on demand. POSIX ustar with pax and GNU names
// (IEEE 1003.1, pax); gzip of one member (RFC 1952). Links, devices and sparse files are passed over.
import { kLargestDicom } from '../dicom/limits.js';
import { crc32 } from '../shared/crc32.js';
import { failure, fileTooLarge } from '../shared/errors.js';
import { cleanName, kMostEntries, kMostInflation } from './zip.js';

const kBlock = 512;
const kGzipHeader = 10;
const kGzipTrailer = 8;
const kLongestName = 1 << 16;

/** @param {string} kind @param {string} what */
const broken = (kind, what) => failure('archive-corrupt', `The ${kind} archive is damaged: ${what}.`, 'Copy or download it again.');

/** @typedef {import('./archive.js').Listed} Listed */

/** @param {import('./sources.js').Source} source @returns {Promise<Listed[]>} */
export async function listTar(source) {
  /** @type {Listed[]} */
  const listed = [];
  let longName = '';
  for (let at = 0; at + kBlock <= source.size;) {
    const header = await source.read(at, kBlock);
    if (header.every((byte) => byte === 0)) break;
    if (!sumIsRight(header)) throw broken('tar', `the header at byte ${at} does not match its check sum`);
    const size = number(header, 124, 12);
    const start = at + kBlock;
    if (start + size > source.size) throw broken('tar', 'it is cut off');
    const type = String.fromCharCode(header[156]);
    at = start + Math.ceil(size / kBlock) * kBlock;
    if (type === 'L' || type === 'x') {
      if (size > kLongestName) throw broken('tar', 'a name in it is too long');
      const text = words(await source.read(start, size));
      longName = type === 'L' ? text : /(?:^|\n)\d+ path=([^\n]*)\n/.exec(text)?.[1] ?? longName;
      continue;
    }
    const prefix = words(header.subarray(345, 500));
    const name = cleanName(longName || (prefix ? `${prefix}/` : '') + words(header.subarray(0, 100)));
    longName = '';
    if (!['0', '\0', '7'].includes(type) || !name.name || name.folder) continue;
    if (listed.length >= kMostEntries) throw failure('archive-too-large', `At most ${kMostEntries} files of an archive are listed.`, 'Unpack it first.');
    /** @type {import('./sources.js').Source} */
    const source_ = { size, read: (offset = 0, length = size) => source.read(start + offset, Math.min(length, size - offset)) };
    listed.push({ name: name.name, size, encrypted: false, direct: source_, start: (most) => source_.read(0, most) });
  }
  return listed;
}

/** @param {Uint8Array} bytes */
const words = (bytes) => new TextDecoder().decode(bytes).replace(/\0[\s\S]*$/, '');

/** Octal, or binary where the first bit is set. @param {Uint8Array} header @param {number} at @param {number} length */
function number(header, at, length) {
  if (header[at] & 0x80) return header.subarray(at + 1, at + length).reduce((sum, byte) => sum * 256 + byte, 0);
  return Number.parseInt(words(header.subarray(at, at + length)).trim() || '0', 8) || 0;
}

/** The check sum counts its own field as spaces. @param {Uint8Array} header */
function sumIsRight(header) {
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
  return sum === number(header, 148, 8);
}

/**
 * The one file in it, under the archive's name without its ending.
 * @param {import('./sources.js').Source} source
 * @param {string} name of the archive
 * @param {import('./archive.js').Inflater} inflater
 * @returns {Promise<Listed[]>}
 */
export async function listGzip(source, name, inflater) {
  const start = await headerEnd(source);
  const trailer = await source.read(source.size - kGzipTrailer, kGzipTrailer);
  const view = new DataView(trailer.buffer, trailer.byteOffset, trailer.byteLength);
  const [sum, size] = [view.getUint32(0, true), view.getUint32(4, true)];
  const packedBytes = source.size - kGzipTrailer - start;
  const inner = (name.split('/').at(-1) ?? '').replace(/\.tgz$/i, '.tar').replace(/\.gz$/i, '');
  return [{
    name: inner, size, encrypted: false,
    start: async (most) => (await inflater())(await source.read(start, Math.min(packedBytes, 4096)), most, { start: true }),
    async read() {
      if (size > kLargestDicom) throw fileTooLarge(size, kLargestDicom);
      if (size > kMostInflation * packedBytes + 64) throw broken('gzip', 'it cannot be inflated to the size it states');
      let bytes;
      try {
        bytes = (await inflater())(await source.read(start, packedBytes), size, { exact: true });
      } catch {
        throw broken('gzip', 'it cannot be inflated to the size it states');
      }
      if (bytes.length !== size || crc32(bytes) !== sum) throw broken('gzip', 'it does not match its check sum');
      return bytes;
    },
  }];
}

/** @param {import('./sources.js').Source} source */
async function headerEnd(source) {
  const header = await source.read(0, Math.min(source.size, kLongestName));
  const flags = header[3];
  let at = kGzipHeader;
  if (flags & 4) at += 2 + (header[at] | (header[at + 1] << 8));
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue;
    const end = header.indexOf(0, at);
    if (end < 0) throw broken('gzip', 'its header does not end');
    at = end + 1;
  }
  if (flags & 2) at += 2;
  if (at + kGzipTrailer > source.size) throw broken('gzip', 'it is cut off');
  return at;
}
