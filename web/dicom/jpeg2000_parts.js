// The parts of a JPEG 2000 code stream, HTJ2K's too (ITU-T T.800 annex A): its size and channels, and proof that every tile
// is there in all its parts and to their stated ends. What lies inside a tile-part is its codec's to judge, but for bytes that no
// encoder writes: a codec takes lost blocks of a disk for values.
import { corrupt, truncated } from './failures.js';

const kSearched = 4096;
const kSoc = 0xff4f, kSiz = 0xff51, kCap = 0xff50, kCod = 0xff52, kQcd = 0xff5c, kSot = 0xff90, kSod = 0xff93, kEoc = 0xffd9;
/** Marks of packets, which may stand between coded bytes (A.8). */
const kPacketMarks = [0x91, 0x92];
const kSotBytes = 12;

/** @param {Uint8Array} bytes @returns {boolean} a code stream, or a JP2 file around one */
export const isJpeg2000 = (bytes) => (bytes[0] === 0xff && bytes[1] === 0x4f) || (bytes[4] === 0x6a && bytes[5] === 0x50);

/**
 * @param {Uint8Array} bytes
 * @returns {{start: number, width: number, height: number, components: number, signed: boolean, highThroughput: boolean, tiles: number,
 *   packets: number, firstTilePart: number}} start of the code stream; packets: of a tile, at most
 * @throws {EngineError} corrupt
 */
export function jpeg2000Header(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = Math.min(bytes.length, kSearched) - 42;
  for (let start = 0; start < end; start += 1) {
    if (view.getUint16(start) !== kSoc || view.getUint16(start + 2) !== kSiz) continue;
    /** @param {number} field */
    const at = (field) => view.getUint32(start + 8 + 4 * field);
    const [right, bottom, left, top, tileWidth, tileHeight, tileLeft, tileTop] = [0, 1, 2, 3, 4, 5, 6, 7].map(at);
    if (!(tileWidth && tileHeight && right > left && bottom > top)) throw corrupt('The JPEG 2000 picture states no size.');
    const tiles = Math.ceil((right - tileLeft) / tileWidth) * Math.ceil((bottom - tileTop) / tileHeight);
    const components = view.getUint16(start + 40);
    const { packetsOf, ...parts } = mainHeader(view, start + 2);
    return { start, width: right - left, height: bottom - top, components, tiles, signed: view.getUint8(start + 42) > 127,
      packets: components * packetsOf(Math.min(tileWidth, right), Math.min(tileHeight, bottom)), ...parts };
  }
  throw corrupt('The JPEG 2000 picture has no image header.');
}

/** @param {DataView} view @param {number} from */
function mainHeader(view, from) {
  let highThroughput = false;
  /** @type {(width: number, height: number) => number} */
  let packetsOf = () => Infinity;
  /** Whether the wavelet, and whether the quantisation, is one without loss. @type {boolean[]} */
  const lossless = [];
  for (let at = from; at + 4 <= view.byteLength; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at);
    if (marker === kSot) {
      // The wavelet without loss is never quantised, the other always (A.6.4).
      if (lossless[0] !== lossless[1]) throw corrupt('The wavelet and the quantisation of the JPEG 2000 picture contradict each other.');
      return { highThroughput, packetsOf, firstTilePart: at };
    }
    if (marker < 0xff00) break;
    if (marker === kCap) highThroughput = true;
    if (marker === kCod) packetsOf = packetCounter(view, at);
    if (marker === kCod && at + 14 <= view.byteLength) lossless[0] = view.getUint8(at + 13) === 1;
    if (marker === kQcd && at + 5 <= view.byteLength) lossless[1] = (view.getUint8(at + 4) & 31) === 0;
  }
  throw truncated('The JPEG 2000 picture ends within its header, or its header is damaged.');
}

/**
 * From the COD segment (A.6.1). @returns {(width: number, height: number) => number} packets of one component of a tile, at most
 * @param {DataView} view @param {number} at
 */
function packetCounter(view, at) {
  if (at + 14 > view.byteLength) return () => Infinity;  // the header ends here, which mainHeader() finds next
  const [ownPrecincts, layers, levels] = [view.getUint8(at + 4) & 1, view.getUint16(at + 6), view.getUint8(at + 9)];
  if (at + 14 + (ownPrecincts ? levels + 1 : 0) > view.byteLength) return () => Infinity;
  const sizes = Array.from({ length: levels + 1 }, (_, level) => (ownPrecincts ? view.getUint8(at + 14 + level) : 0xff));
  /** @param {number} side @param {number} exponent @param {number} left */
  const along = (side, exponent, left) => 1 + Math.ceil(side / 2 ** (exponent + left));
  return (width, height) => layers * sizes.reduce((sum, size, level) => (
    sum + along(width, size & 15, levels - level) * along(height, size >> 4, levels - level)), 0);
}

/**
 * What no encoder writes between the header of a tile-part and its end. Coded values look like noise, those of HTJ2K less so, which
 * holds bits of values as they are; a packet without any is one zero, so that a few zeros in a row can be. And no two bytes are more
 * than FF8F (B.10.1), so that marks can be told from values.
 * @param {DataView} view @param {number} from the tile-part's own mark @param {number} to
 * @param {{packets: number, highThroughput: boolean}} header
 */
function refuseForeignBytes(view, from, to, { packets, highThroughput }) {
  let start = from + kSotBytes;
  while (start + 4 <= to && view.getUint16(start) !== kSod) start += 2 + view.getUint16(start + 2);
  const most = packets + (highThroughput ? 256 : 64);
  for (let at = start + 2, run = 0, before = 0; at < to; at += 1) {
    const byte = view.getUint8(at);
    run = byte === 0 ? run + 1 : 0;
    if (run > most) throw corrupt('A part of the JPEG 2000 picture was overwritten by zeros.');
    if (before === 0xff && byte > 0x8f && !kPacketMarks.includes(byte)) throw corrupt('The coded values of the JPEG 2000 picture are damaged.');
    before = byte;
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {ReturnType<typeof jpeg2000Header>} header
 * @returns {{hasEnd: boolean, end: number}} end: behind the last tile-part
 * @throws {EngineError} corrupt, truncated
 */
export function proveTileParts(bytes, header) {
  const { tiles } = header;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** By tile: the part that comes next, and how many there are, 0 where that is not said. @type {TileParts} */
  const parts = new Map();
  let at = header.firstTilePart;
  while (at + kSotBytes <= bytes.length && view.getUint16(at) === kSot) {
    const tile = view.getUint16(at + 4);
    const length = view.getUint32(at + 6);
    const [index, count] = [view.getUint8(at + 10), view.getUint8(at + 11)];
    const seen = parts.get(tile) ?? { next: 0, count: 0 };
    if (tile >= tiles || index !== seen.next || (length && length < kSotBytes)) throw corrupt('The tiles of the JPEG 2000 picture contradict each other.');
    parts.set(tile, { next: index + 1, count: count || seen.count });
    if (length === 0) {
      const rest = untilEnd(bytes, at, parts, tiles);
      refuseForeignBytes(view, at, rest.end, header);
      return rest;
    }
    if (at + length > bytes.length) {
      throw truncated(`The JPEG 2000 picture ends early: ${bytes.length - at} of ${length} bytes of a tile are there.`);
    }
    refuseForeignBytes(view, at, at + length, header);
    at += length;
  }
  expectAll(parts, tiles);
  const hasEnd = at + 2 <= bytes.length && view.getUint16(at) === kEoc;
  if (!hasEnd && at + 1 < bytes.length && bytes.subarray(at).some((byte) => byte !== 0)) throw corrupt('Between the tiles of the JPEG 2000 picture lies something else.');
  return { hasEnd, end: at };
}

/**
 * The end marker that JPEG and JPEG 2000 share, behind which only zeros stand, or one byte of any value that makes the length
 * even.
 * @param {Uint8Array} bytes
 * @returns {number} where it is, −1: it is not there
 */
export function endMarker(bytes) {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  /** @param {number} at */
  const isAt = (at) => at >= 0 && bytes[at] === 0xff && bytes[at + 1] === 0xd9;
  return [end - 2, bytes.length - 3].find(isAt) ?? -1;
}

/**
 * The last tile-part states no length: it goes on to the end marker, and without one nobody knows what is missing.
 * @param {Uint8Array} bytes @param {number} from @param {TileParts} parts @param {number} tiles
 */
function untilEnd(bytes, from, parts, tiles) {
  expectAll(parts, tiles);
  const end = endMarker(bytes);
  if (end >= from + kSotBytes) return { hasEnd: true, end };
  throw truncated('The end marker of the JPEG 2000 picture is missing, and its last tile does not state its length.');
}

/** @typedef {Map<number, {next: number, count: number}>} TileParts @param {TileParts} parts @param {number} tiles */
function expectAll(parts, tiles) {
  if (parts.size < tiles) throw truncated(`The JPEG 2000 picture holds ${parts.size} of its ${tiles} tiles.`);
  for (const { next, count } of parts.values()) {
    if (count && next < count) throw truncated(`A tile of the JPEG 2000 picture has ${next} of its ${count} parts.`);
  }
}
