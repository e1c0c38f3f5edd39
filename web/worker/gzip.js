// A file in gzip (RFC 1952), of one member or of several, one behind the other (2.2), with zeros behind them as tapes leave
// them.
//
// Where a member ends is nowhere stated. Nearly every file has one, which ends with the file, and is not inflated before it
// is asked for. Where a mark of gzip stands within, or zeros at the end, each place that may be an end is tried until the
// bytes before it inflate to what its trailer says. What is tried in vain is bounded as what is inflated is.
import { kLargestDicom } from '../dicom/limits.js';
import { crc32 } from '../shared/crc32.js';
import { failure, fileTooLarge } from '../shared/errors.js';
import { kMostEntries, kMostInflation } from './zip.js';

const kHeader = 10;
const kTrailer = 8;
const kLongestHeader = 1 << 16;
/** Bytes that may go through the inflater in vain. */
const kMostInVain = kLargestDicom;

/** @param {string} what */
const broken = (what) => failure('archive-corrupt', `The gzip archive is damaged: ${what}.`, 'Copy or download it again.');
const notAsStated = () => broken('it cannot be inflated to the size it states');

/**
 * @typedef {object} Member
 * @property {number} start of its compressed bytes
 * @property {number} packed compressed bytes
 * @property {number} size bytes once inflated, and
 * @property {number} sum their check sum, as its trailer says
 *
 * @typedef {import('./sources.js').Source} Source
 * @typedef {import('./archive.js').Inflater} Inflater
 */

/**
 * The one file in it, under the archive's name without its ending.
 * @param {Source} source
 * @param {string} name of the archive
 * @param {Inflater} inflater
 * @returns {Promise<import('./archive.js').Listed[]>}
 */
export async function listGzip(source, name, inflater) {
  const places = await possibleEnds(source);
  const proven = places.ends.length > 1 ? await proveMembers(source, places, inflater) : null;
  const members = proven ?? [await memberBetween(source, 0, source.size)];
  const [first] = members;
  const size = members.reduce((sum, member) => sum + member.size, 0);
  const inner = (name.split('/').at(-1) ?? '').replace(/\.tgz$/i, '.tar').replace(/\.gz$/i, '');
  return [{
    name: inner, size, encrypted: false,
    start: async (most) => (await inflater())(await source.read(first.start, Math.min(first.packed, 4096)), most, { start: true }),
    async read() {
      if (size > kLargestDicom) throw fileTooLarge(size, kLargestDicom);
      if (members.length === 1) return inflated(source, first, inflater);
      const whole = new Uint8Array(size);
      let at = 0;
      for (const member of members) {
        whole.set(await inflated(source, member, inflater), at);
        at += member.size;
      }
      return whole;
    },
  }];
}

/** @param {Source} source @param {Member} member @param {Inflater} inflater */
async function inflated(source, { start, packed, size, sum }, inflater) {
  if (size > kMostInflation * packed + 64) throw notAsStated();
  let bytes;
  try {
    bytes = (await inflater())(await source.read(start, packed), size, { exact: true });
  } catch {
    throw notAsStated();
  }
  if (bytes.length !== size || crc32(bytes) !== sum) throw broken('it does not match its check sum');
  return bytes;
}

/**
 * Before each further mark of gzip, and at the end; one of `last` or beyond ends the file, but for zeros.
 * @param {Source} source @returns {Promise<{ends: number[], last: number}>} ends in their order
 */
async function possibleEnds(source) {
  const whole = { ends: [source.size], last: source.size };
  if (source.size > kLargestDicom) return whole;
  const bytes = await source.read(0, source.size);
  const ends = [];
  for (let at = bytes.indexOf(0x1f, kHeader + kTrailer); at >= 0; at = bytes.indexOf(0x1f, at + 1)) {
    if (bytes[at + 1] === 0x8b && bytes[at + 2] === 8 && bytes[at + 3] < 0x20) ends.push(at);
    if (ends.length > kMostEntries) return whole;
  }
  let last = bytes.length;
  while (last > 0 && bytes[last - 1] === 0) last -= 1;
  // Up to eight zeros may be those of the trailer.
  if (bytes.length - last <= kTrailer) last = bytes.length;
  for (let end = last; end <= Math.min(last + kTrailer, bytes.length); end += 1) ends.push(end);
  return { ends, last };
}

/**
 * @param {Source} source @param {{ends: number[], last: number}} places @param {Inflater} inflater
 * @returns {Promise<Member[]|null>} null where no way through the file is found
 */
async function proveMembers(source, { ends, last }, inflater) {
  const members = [];
  let [total, inVain] = [0, 0];
  let at = 0;
  for (const end of ends) {
    const member = await memberBetween(source, at, end).catch(() => null);
    if (!member || member.size > kLargestDicom) continue;
    if (inVain > kMostInVain) return null;
    if (!await inflated(source, member, inflater).catch(() => null)) {
      inVain += member.packed + member.size;
      continue;
    }
    members.push(member);
    total += member.size;
    if (total > kLargestDicom) throw fileTooLarge(total, kLargestDicom);
    if (end >= last) return members;
    at = end;
  }
  return null;
}

/** @param {Source} source @param {number} at where its header begins @param {number} end @returns {Promise<Member>} */
async function memberBetween(source, at, end) {
  const start = at + await headerBytes(source, at, end);
  const trailer = await source.read(end - kTrailer, kTrailer);
  const view = new DataView(trailer.buffer, trailer.byteOffset, trailer.byteLength);
  return { start, packed: end - kTrailer - start, sum: view.getUint32(0, true), size: view.getUint32(4, true) };
}

/** @param {Source} source @param {number} from @param {number} end */
async function headerBytes(source, from, end) {
  const header = await source.read(from, Math.min(end - from, kLongestHeader));
  const flags = header[3];
  let at = kHeader;
  if (flags & 4) at += 2 + (header[at] | (header[at + 1] << 8));
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue;
    const zero = header.indexOf(0, at);
    if (zero < 0) throw broken('its header does not end');
    at = zero + 1;
  }
  if (flags & 2) at += 2;
  if (from + at + kTrailer > end) throw broken('it is cut off');
  return at;
}
