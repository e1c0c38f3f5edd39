// Archives of tar: the names of what is in them, and its bytes on demand. POSIX ustar with pax and GNU names (IEEE 1003.1,
// pax), and those of the seventh edition of Unix. Links, devices and sparse files are passed over.
import { failure } from '../shared/errors.js';
import { isTarHeader, kTarBlock, tarNumber } from '../shared/tar_header.js';
import { cleanName, kMostEntries } from './zip.js';
import { decodeNames } from './zip_names.js';

const kLongestName = 1 << 16;
const kSlash = 0x2f;

/** @param {string} what */
const broken = (what) => failure('archive-corrupt', `The tar archive is damaged: ${what}.`, 'Copy or download it again.');

/** @typedef {import('./archive.js').Listed} Listed */

/** @param {import('./sources.js').Source} source @returns {Promise<Listed[]>} */
export async function listTar(source) {
  /** @type {{name: Uint8Array, start: number, size: number}[]} */
  const files = [];
  /** @type {Uint8Array|null} */
  let longName = null;
  for (let at = 0; at + kTarBlock <= source.size;) {
    const header = await source.read(at, kTarBlock);
    if (header.every((byte) => byte === 0)) break;
    if (!isTarHeader(header)) throw broken(`the header at byte ${at} does not match its check sum`);
    const size = tarNumber(header, 124, 12);
    const start = at + kTarBlock;
    if (start + size > source.size) throw broken('it is cut off');
    const type = String.fromCharCode(header[156]);
    at = start + Math.ceil(size / kTarBlock) * kTarBlock;
    if (type === 'L' || type === 'x') {
      if (size > kLongestName) throw broken('a name in it is too long');
      const bytes = await source.read(start, size);
      longName = type === 'L' ? beforeZero(bytes) : paxPath(bytes) ?? longName;
      continue;
    }
    if (['0', '\0', '7'].includes(type)) files.push({ name: longName ?? shortName(header), start, size });
    longName = null;
    if (files.length > kMostEntries) throw failure('archive-too-large', `At most ${kMostEntries} files of an archive are listed.`, 'Unpack it first.');
  }
  const names = decodeNames(files.map(({ name }) => ({ bytes: name, isUtf8: false, extra: new Uint8Array() })));
  return files.map(({ start, size }, index) => ({ ...cleanName(names[index]), direct: partOf(source, start, size) }))
    .filter(({ name, folder }) => name && !folder)
    .map(({ name, direct }) => ({ name, size: direct.size, encrypted: false, direct, start: (most) => direct.read(0, most) }));
}

/** @param {import('./sources.js').Source} source @param {number} start @param {number} size @returns {import('./sources.js').Source} */
const partOf = (source, start, size) => (
  { size, read: (offset = 0, length = size) => source.read(start + offset, Math.min(length, size - offset)) });

/** @param {Uint8Array} bytes */
function beforeZero(bytes) {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

/** The name in the header; what stands before it is of POSIX alone, GNU keeps dates there. @param {Uint8Array} header */
function shortName(header) {
  const isPosix = [...'ustar\0'].every((letter, index) => header[257 + index] === letter.charCodeAt(0));
  const name = beforeZero(header.subarray(0, 100));
  const prefix = isPosix ? beforeZero(header.subarray(345, 500)) : [];
  return prefix.length ? Uint8Array.of(...prefix, kSlash, ...name) : name;
}

/** Of records "27 path=…\n", whose number counts all of their bytes. @param {Uint8Array} bytes */
function paxPath(bytes) {
  for (let at = 0; at < bytes.length;) {
    const start = bytes.indexOf(0x20, at) + 1;
    const end = at + Number.parseInt(String.fromCharCode(...bytes.subarray(at, Math.min(start, at + 8))), 10);
    if (!start || !(end > start)) return null;
    const record = bytes.subarray(start, end - 1);
    if ([...'path='].every((letter, index) => record[index] === letter.charCodeAt(0))) return record.subarray(5);
    at = end;
  }
  return null;
}
