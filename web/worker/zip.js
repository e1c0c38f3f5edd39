// ZIP archives, member by member: the directory at the end is read first, a member's bytes only when they are asked for.
// So an archive may be larger than memory, and a film dropped from memory can be read again.
//
// Stored and deflated members, ZIP64, archives with a program before them. Inflating is fflate's work; it has no way to read
// one member of an archive on a disk, which is why the directory is read here (APPNOTE.TXT 6.3.10, sections 4.3 and 4.5).
// Not read: encrypted members, other methods, archives in several parts; each says its name. Members that share bytes are
// refused: by them a small archive becomes as large as it likes. So is an archive that states to be far larger unpacked.
import { kLargestDicom } from '../dicom/limits.js';
import { crc32 } from '../shared/crc32.js';
import { failure, fileTooLarge } from '../shared/errors.js';
import { decodeNames } from './zip_names.js';

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
const kUtf8 = 1 << 11;
/** Deflate makes at most this many bytes of one (258 of two bits). */
export const kMostInflation = 1032;
/** What an archive may state to hold in all: so many times its own size, and this much in any case, bytes. */
const kUsualInflation = 100;
const kLeastBudget = 2 * 1024 ** 3;
/** Pictures that may carry an archive behind them, which is then not what is meant. */
const kPictures = [[0, 0x89, 0x50, 0x4e, 0x47], [0, 0xff, 0xd8, 0xff], [128, 0x44, 0x49, 0x43, 0x4d], [0, 0x47, 0x49, 0x46, 0x38],
  [0, 0x49, 0x49, 0x2a, 0], [0, 0x4d, 0x4d, 0, 0x2a], [0, 0x52, 0x49, 0x46, 0x46]];

/** @type {Record<number, string>} */
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
 *
 * @typedef {object} End an end record, and where the directory lies that it tells of
 * @property {number} disk
 * @property {number} entries
 * @property {number} bytes of the directory
 * @property {number} offset of the directory, as stated
 * @property {number} end where the record begins
 * @property {number} shift bytes before the archive
 * @property {unknown} error that reading it met; null for none
 *
 * @typedef {import('./sources.js').Source} Source
 * @typedef {import('./archive.js').Inflater} Inflater
 */

/**
 * By its first bytes, whatever its name; or by its last ones, where a program stands before it.
 * @param {import('./sources.js').Source} source
 * @returns {Promise<boolean>}
 */
export async function looksLikeZip(source) {
  if (source.size < kEndBytes) return false;
  const head = await source.read(0, 132);
  const [p, k, a, b] = head;
  if (p === 0x50 && k === 0x4b && ((a === 3 && b === 4) || (a === 5 && b === 6))) return true;
  if (kPictures.some(([at, ...mark]) => mark.every((byte, index) => head[at + index] === byte))) return false;
  const ends = await possibleEnds(source);
  for (const end of ends) if (end.entries > 0 && await leadsToDirectory(source, end)) return true;
  return false;
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
  const listed = [];
  for (let at = 0, count = 0; count < entries; count += 1) {
    if (at + kCentralBytes > size || view.getUint32(at, true) !== kCentralEntry) throw broken('its list of files is cut off');
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const end = at + kCentralBytes + nameBytes + extraBytes + commentBytes;
    if (end > size) throw broken('its list of files is cut off');
    listed.push({ ...readEntry(view, at, nameBytes, extraBytes, shift), name: {
      bytes: bytes.subarray(at + kCentralBytes, at + kCentralBytes + nameBytes), isUtf8: (view.getUint16(at + 8, true) & kUtf8) !== 0,
      extra: bytes.subarray(at + kCentralBytes + nameBytes, at + kCentralBytes + nameBytes + extraBytes),
    } });
    at = end;
  }
  const names = decodeNames(listed.map(({ name }) => name));
  const members = listed.map((member, index) => ({ ...member, ...cleanName(names[index]) })).filter(({ name, folder }) => name && !folder);
  refuseOverlaps(members, offset);
  refuseInflation(members, source.size);
  return members;
}

/** @param {Member[]} members @param {number} directory where it begins */
function refuseOverlaps(members, directory) {
  const inPlace = [...members].sort((a, b) => a.offset - b.offset);
  inPlace.forEach(({ offset, compressed }, index) => {
    if (offset + kLocalBytes + compressed > (inPlace[index + 1]?.offset ?? directory)) throw broken('files in it share the same bytes');
  });
}

/** @param {Member[]} members @param {number} archiveBytes */
function refuseInflation(members, archiveBytes) {
  const stated = members.reduce((sum, { size }) => sum + (size > kLargestDicom ? 0 : size), 0);  // the others are refused one by one
  if (stated <= Math.max(kLeastBudget, kUsualInflation * archiveBytes)) return;
  throw failure('archive-too-large', `The archive of ${Math.ceil(archiveBytes / 2 ** 20)} MB states that it holds ${Math.round(stated / 2 ** 30)} GB.`,
    'Unpack it where you trust it, and drop the films themselves.');
}

/**
 * The first bytes of a member, to tell what it is; fewer where it is shorter or cannot be read.
 * @param {import('./sources.js').Source} source
 * @param {Member} member
 * @param {Inflater} inflater
 * @param {number} most
 */
export async function readMemberStart(source, member, inflater, most) {
  const kPackedStart = 4096;
  const start = await memberStart(source, member);
  const packed = await source.read(start, Math.min(member.compressed, member.method === 0 ? most : kPackedStart));
  return member.method === 0 ? packed : (await inflater())(packed, most, { start: true });
}

/**
 * @param {import('./sources.js').Source} source
 * @param {Member} member
 * @param {Inflater} inflater
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
  if (member.size > kMostInflation * member.compressed + 64) throw broken('a file in it cannot be inflated to the size it states');
  const start = await memberStart(source, member);
  const packed = await source.read(start, member.compressed);
  if (packed.length !== member.compressed) throw broken('it is cut off');
  const bytes = member.method === 0 ? packed : await inflated(packed, member, inflater);
  if (bytes.length !== member.size || crc32(bytes) !== member.crc) throw broken('a file in it does not match its check sum');
  return bytes;
}

/** @param {Source} source @param {Member} member */
async function memberStart(source, member) {
  const local = viewOf(await source.read(member.offset, kLocalBytes));
  if (local.byteLength < kLocalBytes || local.getUint32(0, true) !== kLocalHeader) throw broken('a file is not where it should be');
  return member.offset + kLocalBytes + local.getUint16(26, true) + local.getUint16(28, true);
}

/** @param {string} message */
export function encrypted(message) {
  return failure('archive-encrypted', message, 'Unpack it with its password and drop the files themselves.');
}

/** @param {Uint8Array} packed @param {Member} member @param {Inflater} inflater */
async function inflated(packed, member, inflater) {
  const inflate = await inflater();
  try {
    return inflate(packed, member.size, { exact: true });
  } catch {
    throw broken('a file in it cannot be inflated to the size it states');
  }
}

/** @param {Source} source @returns {Promise<Pick<End, 'entries'|'bytes'|'offset'|'shift'>>} offset: where it really begins */
async function findDirectory(source) {
  const ends = await possibleEnds(source);
  if (!ends.length) throw broken('its end is missing');
  let found = ends[0];
  for (const end of ends) {
    if (!await leadsToDirectory(source, end)) continue;
    found = end;
    break;
  }
  if (found.error) throw found.error;
  if (found.disk !== 0) throw failure('archive-split', 'This is one part of an archive in several parts.', 'Join or unpack it first.');
  if (!(found.shift >= 0)) throw broken('its list of files lies outside of it');
  return { entries: found.entries, bytes: found.bytes, offset: found.offset + found.shift, shift: found.shift };
}

/** Every place that may be the end record, the last first: a comment may hold the signature, too. @param {Source} source @returns {Promise<End[]>} */
async function possibleEnds(source) {
  const tailStart = Math.max(0, source.size - kEndBytes - kLongestComment - kLocatorBytes);
  const tail = viewOf(await source.read(tailStart, source.size - tailStart));
  const tailBytes = tail.byteLength;
  const ends = [];
  for (let at = tailBytes - kEndBytes; at >= 0; at -= 1) {
    if (tail.getUint32(at, true) !== kEnd || at + kEndBytes + tail.getUint16(at + 20, true) > tailBytes) continue;
    /** @type {Omit<End, 'shift'>} */
    const found = { disk: tail.getUint16(at + 4, true), entries: tail.getUint16(at + 10, true), bytes: tail.getUint32(at + 12, true),
      offset: tail.getUint32(at + 16, true), end: tailStart + at, error: null };
    if (at >= kLocatorBytes && tail.getUint32(at - kLocatorBytes, true) === kEnd64Locator) {
      try {
        Object.assign(found, await findDirectory64(source, tailStart + at - kLocatorBytes));
      } catch (error) {
        found.error = error;
      }
    }
    ends.push({ ...found, shift: found.end - found.bytes - found.offset });
  }
  return ends;
}

/** @param {Source} source @param {End} end */
async function leadsToDirectory(source, { disk, entries, bytes, offset, shift, error }) {
  if (error || disk !== 0 || !(shift >= 0)) return false;
  if (entries === 0) return bytes === 0;
  const start = viewOf(await source.read(offset + shift, 4));
  return start.byteLength === 4 && start.getUint32(0, true) === kCentralEntry;
}

/** The end record of ZIP64 lies right before its locator, unless it carries extensions, which nobody writes. @param {Source} source @param {number} locatorAt */
async function findDirectory64(source, locatorAt) {
  const end = locatorAt - kEnd64Bytes;
  const view = end >= 0 ? viewOf(await source.read(end, kEnd64Bytes)) : null;
  if (!view || view.getUint32(0, true) !== kEnd64) throw broken('its ZIP64 end record is missing');
  return { disk: view.getUint32(16, true), entries: large(view, 32), bytes: large(view, 40), offset: large(view, 48), end };
}

/** @param {DataView} view @param {number} at @param {number} nameBytes @param {number} extraBytes @param {number} shift */
function readEntry(view, at, nameBytes, extraBytes, shift) {
  const member = {
    encrypted: (view.getUint16(at + 8, true) & 1) === 1, method: view.getUint16(at + 10, true), crc: view.getUint32(at + 16, true),
    compressed: view.getUint32(at + 20, true), size: view.getUint32(at + 24, true), offset: view.getUint32(at + 42, true),
  };
  const extraEnd = at + kCentralBytes + nameBytes + extraBytes;
  for (let field = extraEnd - extraBytes; field + 4 <= extraEnd;) {
    const end = field + 4 + view.getUint16(field + 2, true);
    if (view.getUint16(field, true) === kExtra64 && end <= extraEnd) {
      let value = field + 4;
      for (const key of /** @type {const} */ (['size', 'compressed', 'offset'])) {  // in this order, each only where its short field is full
        if (member[key] !== kIn64 || value + 8 > end) continue;
        member[key] = large(view, value);
        value += 8;
      }
    }
    field = end;
  }
  member.offset += shift;
  return member;
}

/** A name is a label, and may become the name of a heat map on a disk: it must not lead out of a folder. @param {string} text */
export function cleanName(text) {
  const parts = text.replaceAll('\\', '/').split('/');
  return { name: parts.filter((part) => !['', '.', '..'].includes(part)).join('/'), folder: parts.at(-1) === '' };
}

/** @param {DataView} view @param {number} at */
const large = (view, at) => Number(view.getBigUint64(at, true));
/** @param {Uint8Array} bytes */
const viewOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
/** @param {string} what */
const broken = (what) => failure('archive-corrupt', `The ZIP archive is damaged: ${what}.`,
  'Copy or download it again, or unpack it with a program that repairs archives.');
