// ZIP archives, member by member: the directory at the end is read first, a member's bytes only when they are asked for.
// So an archive may be larger than memory, and a film dropped from memory can be read again.
//
// Stored and deflated members, ZIP64, archives with data before them. Inflating is fflate's work; it has no way to read
// one member of an archive on a disk, which is why the directory is read here (APPNOTE.TXT 6.3.10, sections 4.3 and 4.5).
// Not read: encrypted members, other methods, archives in several parts; each says its name.
import { kLargestDicom } from '../dicom/limits.js';
import { failure, fileTooLarge } from '../shared/errors.js';

/** Entries of one directory, and bytes of it. */
export const kMostEntries = 100_000;
const kLargestDirectory = 64 * 1024 * 1024;

const kEnd = 0x06054b50;
const kEnd64 = 0x06064b50;
const kEnd64Locator = 0x07064b50;
const kCentralEntry = 0x02014b50;
const kLocalHeader = 0x04034b50;
const kEndBytes = 22;
const kEnd64Bytes = 56;
const kLocatorBytes = 20;
const kCentralBytes = 46;
const kLocalBytes = 30;
const kLongestComment = 0xffff;
const kIn64 = 0xffffffff;
const kExtra64 = 1;

const kMethods = { 1: 'Shrink', 6: 'Implode', 9: 'Deflate64', 12: 'bzip2', 14: 'LZMA', 93: 'Zstandard', 95: 'XZ', 98: 'PPMd' };

/**
 * @typedef {object} Member
 * @property {string} name with forward slashes, never absolute and never upwards
 * @property {number} size bytes once inflated, as the directory says
 * @property {number} compressed bytes in the archive
 * @property {number} method
 * @property {boolean} encrypted
 * @property {number} crc
 * @property {number} offset of its local header
 */

/** @param {import('./sources.js').Source} source @returns {Promise<boolean>} by its first bytes, whatever its name */
export async function looksLikeZip(source) {
  if (source.size < kEndBytes) return false;
  const [p, k, a, b] = await source.read(0, 4);
  return p === 0x50 && k === 0x4b && ((a === 3 && b === 4) || (a === 5 && b === 6));
}

/** @param {import('./sources.js').Source} source @returns {Promise<Member[]>} files, without folders @throws {EngineError} */
export async function readDirectory(source) {
  const { entries, bytes: size, offset, shift } = await findDirectory(source);
  if (entries > kMostEntries || size > kLargestDirectory) {
    throw failure('archive-too-large', `The archive names ${entries} files; at most ${kMostEntries} are listed.`,
      'Unpack it and drop its folders in parts.');
  }
  const bytes = await source.read(offset, size);
  const view = viewOf(bytes);
  const members = [];
  for (let at = 0, count = 0; count < entries; count += 1) {
    if (at + kCentralBytes > size || view.getUint32(at, true) !== kCentralEntry) throw broken('its list of files is cut off');
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const end = at + kCentralBytes + nameBytes + extraBytes + commentBytes;
    if (end > size) throw broken('its list of files is cut off');
    const member = readEntry(view, at, bytes.subarray(at + kCentralBytes, at + kCentralBytes + nameBytes), extraBytes);
    member.offset += shift;
    if (member.name && !member.folder) members.push(member);
    at = end;
  }
  return members;
}

/**
 * @param {import('./sources.js').Source} source
 * @param {Member} member
 * @param {() => Promise<(bytes: Uint8Array, most: number) => Uint8Array>} inflater
 * @returns {Promise<Uint8Array>} its bytes, of the size and check sum that the directory says
 * @throws {EngineError}
 */
export async function readMember(source, member, inflater) {
  if (member.encrypted) throw encrypted('This file is encrypted inside its archive.');
  if (member.method !== 0 && member.method !== 8) {
    throw failure('archive-method', `This file is compressed with ${kMethods[member.method] ?? `method ${member.method}`} inside `
      + 'its archive; stored and deflated files are read.', 'Unpack the archive and drop the files, or pack it again as an ordinary ZIP.');
  }
  const largest = Math.max(member.size, member.compressed);
  if (largest > kLargestDicom) throw fileTooLarge(largest, kLargestDicom);
  const local = viewOf(await source.read(member.offset, kLocalBytes));
  if (local.byteLength < kLocalBytes || local.getUint32(0, true) !== kLocalHeader) throw broken('a file is not where it should be');
  const start = member.offset + kLocalBytes + local.getUint16(26, true) + local.getUint16(28, true);
  const packed = await source.read(start, member.compressed);
  if (packed.length !== member.compressed) throw broken('it is cut off');
  const bytes = member.method === 0 ? packed : await inflated(packed, member, inflater);
  if (bytes.length !== member.size || crc32(bytes) !== member.crc) throw broken('a file in it does not match its check sum');
  return bytes;
}

export function encrypted(message) {
  return failure('archive-encrypted', message, 'Unpack it with its password and drop the files themselves.');
}

async function inflated(packed, member, inflater) {
  const inflate = await inflater();
  try {
    return inflate(packed, member.size);
  } catch {
    throw broken('a file in it cannot be inflated to the size it states');
  }
}

/** @returns {Promise<{entries: number, bytes: number, offset: number, shift: number}>} shift: bytes before the archive */
async function findDirectory(source) {
  const tailBytes = Math.min(source.size, kEndBytes + kLongestComment + kLocatorBytes);
  const tailStart = source.size - tailBytes;
  const tail = viewOf(await source.read(tailStart, tailBytes));
  let at = tailBytes - kEndBytes;
  while (at >= 0 && !(tail.getUint32(at, true) === kEnd && at + kEndBytes + tail.getUint16(at + 20, true) <= tailBytes)) at -= 1;
  if (at < 0) throw broken('its end is missing');
  const found = { disk: tail.getUint16(at + 4, true), entries: tail.getUint16(at + 10, true), bytes: tail.getUint32(at + 12, true),
    offset: tail.getUint32(at + 16, true), end: tailStart + at };
  if (at >= kLocatorBytes && tail.getUint32(at - kLocatorBytes, true) === kEnd64Locator) {
    Object.assign(found, await findDirectory64(source, tailStart + at - kLocatorBytes));
  }
  if (found.disk !== 0) throw failure('archive-split', 'This is one part of an archive in several parts.', 'Join or unpack it first.');
  const shift = found.end - found.bytes - found.offset;
  if (!(shift >= 0)) throw broken('its list of files lies outside of it');
  return { entries: found.entries, bytes: found.bytes, offset: found.offset + shift, shift };
}

/** The end record of ZIP64 lies right before its locator, unless it carries extensions, which nobody writes. */
async function findDirectory64(source, locatorAt) {
  const end = locatorAt - kEnd64Bytes;
  const view = end >= 0 ? viewOf(await source.read(end, kEnd64Bytes)) : null;
  if (view?.getUint32(0, true) !== kEnd64) throw broken('its ZIP64 end record is missing');
  return { disk: view.getUint32(16, true), entries: large(view, 32), bytes: large(view, 40), offset: large(view, 48), end };
}

function readEntry(view, at, nameBytes, extraBytes) {
  const member = {
    ...cleanName(nameBytes),
    encrypted: (view.getUint16(at + 8, true) & 1) === 1, method: view.getUint16(at + 10, true), crc: view.getUint32(at + 16, true),
    compressed: view.getUint32(at + 20, true), size: view.getUint32(at + 24, true), offset: view.getUint32(at + 42, true),
  };
  const extraEnd = at + kCentralBytes + nameBytes.length + extraBytes;
  for (let field = extraEnd - extraBytes; field + 4 <= extraEnd;) {
    const end = field + 4 + view.getUint16(field + 2, true);
    if (view.getUint16(field, true) === kExtra64 && end <= extraEnd) {
      let value = field + 4;
      for (const key of ['size', 'compressed', 'offset']) {  // in this order, each only where its short field is full
        if (member[key] !== kIn64 || value + 8 > end) continue;
        member[key] = large(view, value);
        value += 8;
      }
    }
    field = end;
  }
  return member;
}

/** A name is a label, and may become the name of a heat map on a disk: it must not lead out of a folder. */
function cleanName(bytes) {
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    text = new TextDecoder('windows-1252').decode(bytes);  // an old code page, not told which
  }
  const parts = text.replaceAll('\\', '/').split('/');
  return { name: parts.filter((part) => !['', '.', '..'].includes(part)).join('/'), folder: parts.at(-1) === '' };
}

const large = (view, at) => Number(view.getBigUint64(at, true));
const viewOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const broken = (what) => failure('archive-corrupt', `The ZIP archive is damaged: ${what}.`,
  'Copy or download it again, or unpack it with a program that repairs archives.');

const kCrcTable = Uint32Array.from({ length: 256 }, (_, value) => {
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc32(bytes) {
  let value = 0xffffffff;
  for (let at = 0; at < bytes.length; at += 1) value = kCrcTable[(value ^ bytes[at]) & 255] ^ (value >>> 8);
  return ~value >>> 0;
}
