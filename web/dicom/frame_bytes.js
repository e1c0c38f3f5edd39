// The bytes of one frame, out of the Pixel Data element and of nothing else: cut out of plain values, or put together from
// fragments with or without an offset table.
//
// Makers put code streams and fragments into Pixel Data of stated length, and plain values under a compressed transfer
// syntax. What is there is seen in its first bytes, where the file's word and the length allow it; never are compressed
// bytes taken for values.
import { kRunLength } from './data_set.js';
import { ElementReader } from './elements.js';
import { corrupt, truncated } from './failures.js';

/** Where JPEG and JPEG-LS, JPEG 2000, and a JP2 file begin. */
const kStreams = [[0xff, 0xd8, 0xff], [0xff, 0x4f, 0xff, 0x51], [0, 0, 0, 0x0c, 0x6a, 0x50, 0x20, 0x20]];
const kItem = [0xfe, 0xff, 0x00, 0xe0];
const kRunLengthHeader = 64;

/** @param {Uint8Array} bytes @param {number[]} mark */
const begins = (bytes, mark) => bytes.length >= mark.length && mark.every((byte, index) => bytes[index] === byte);
/** A code stream of the JPEG family. @param {Uint8Array} bytes */
export const isStream = (bytes) => kStreams.some((mark) => begins(bytes, mark));
/** The first segment of a run-length coded frame lies right behind its header. @param {Uint8Array} bytes */
export const isRunLength = (bytes) => bytes.length > kRunLengthHeader && bytes[0] >= 1 && bytes[0] <= 15 && begins(bytes.subarray(1), [0, 0, 0, 64, 0, 0, 0]);

/**
 * Bits per pixel in a file without compression; YBR_FULL_422 stores Cb and Cr for every other pixel only.
 * @param {import('./image_header.js').ImageHeader} header
 */
const bitsPerPixel = ({ allocated, channels, photometric }) => (
  photometric === 'YBR_FULL_422' && channels === 3 ? 2 * allocated : allocated * channels);

/**
 * @param {import('./data_set.js').DataSet} data
 * @param {import('./image_header.js').ImageHeader} header
 * @param {number} index from 0
 * @returns {FrameBytes}
 * @throws {EngineError} corrupt, truncated
 *
 * @typedef {{bytes: Uint8Array, compressed: boolean, start?: number, firstBit?: number, notes: string[]}} FrameBytes start: of plain
 *   values, where they lie in Pixel Data; firstBit: where pixels of one bit begin in the first byte
 * @typedef {import('./elements.js').Span} Span
 */
export function frameBytes(data, header, index) {
  const element = /** @type {import('./elements.js').Element} */ (data.pixelData);  // without it there was no header
  if (element.fragments) return compressedFrame(data, header, index, element.fragments);
  if (element.stated > element.length) {
    throw truncated(`The file ends within its picture: ${element.length} of ${element.stated} bytes of Pixel Data are there.`);
  }
  const bytes = data.bytes(element);
  const bits = header.rows * header.columns * bitsPerPixel(header); // of a frame; they follow each other without a gap
  const tooShort = bytes.length < Math.ceil((bits * header.frames) / 8);
  if ((data.statesCompression || tooShort) && begins(bytes, kItem)) {
    const { fragments } = new ElementReader(data.all, { explicit: true, littleEndian: true }).fragments(element.offset, element.offset + element.length);
    const frame = compressedFrame(data, header, index, fragments);
    return { ...frame, notes: [...frame.notes, 'The compressed picture lies in Pixel Data of stated length.'] };
  }
  if ((data.statesCompression || tooShort) && (isStream(bytes) || (data.syntax === kRunLength && isRunLength(bytes)))) {
    if (header.frames > 1) throw corrupt(`One compressed picture is there; the file states ${header.frames} frames.`);
    return { bytes, compressed: true, notes: ['The compressed picture lies in Pixel Data as it is, not in fragments.'] };
  }
  const plain = plainFrame(bytes, bits, header.frames, index);
  const notes = data.statesCompression ? [...plain.notes, 'The file states a compressed picture; it is stored as plain values.'] : plain.notes;
  return { ...plain, compressed: false, notes };
}

/**
 * Frames are `bits` each. What is left over is passed over, unless it could be the other part of the picture.
 * @param {Uint8Array} bytes of all frames @param {number} bits of one @param {number} frames @param {number} index
 */
function plainFrame(bytes, bits, frames, index) {
  const needed = Math.ceil((bits * frames) / 8);
  if (bytes.length < needed) {
    throw truncated(`The picture is cut short: Pixel Data holds ${bytes.length} of ${needed} bytes.`);
  }
  const times = bytes.length / needed;
  if (times > 1 && Number.isInteger(times) && needed > 1) {
    throw corrupt(`Pixel Data holds ${bytes.length} bytes, ${times} times the ${needed} that the file’s size, bits and frames need.`);
  }
  const spare = bytes.length - needed;
  const notes = spare > 1 ? [`Pixel Data holds ${bytes.length} bytes where ${needed} are needed: the last ${spare} are passed over.`] : [];
  const first = bits * index;
  const start = Math.floor(first / 8);
  return { bytes: bytes.subarray(start, Math.ceil((first + bits) / 8)), start, firstBit: first % 8, notes };
}

/**
 * @param {import('./data_set.js').DataSet} data
 * @param {import('./image_header.js').ImageHeader} header
 * @param {number} index
 * @param {Span[]} spans the offset table and the fragments
 * @returns {FrameBytes}
 */
function compressedFrame(data, header, index, [table, ...fragments]) {
  if (!table || fragments.length === 0) throw corrupt('The compressed picture has no data.');
  const cut = fragments.find(({ length, stated }) => length < stated);
  if (cut) throw truncated(`The file ends within its compressed picture: ${cut.length} of ${cut.stated} bytes of a fragment are there.`);
  const own = framesOf(data, header, table, fragments)[index];
  if (!own?.length) throw corrupt('The fragments of the compressed picture do not fit together.');
  const streams = header.frames === 1 ? own.filter((fragment) => isStream(data.bytes(fragment))) : [];
  if (streams.length < 2) return { bytes: joined(own.map((fragment) => data.bytes(fragment))), compressed: true, notes: [] };
  const first = own.slice(0, own.indexOf(streams[1]));
  return {
    bytes: joined(first.map((fragment) => data.bytes(fragment))), compressed: true,
    notes: [`The file states one frame and holds ${streams.length} compressed pictures: the first is shown.`],
  };
}

/**
 * Fragments, frame by frame: by a table of offsets, one for one, or by where code streams begin.
 * @param {import('./data_set.js').DataSet} data
 * @param {import('./image_header.js').ImageHeader} header
 * @param {Span} table
 * @param {Span[]} fragments
 * @returns {Span[][]} empty where they do not fit
 */
function framesOf(data, header, table, fragments) {
  const { frames } = header;
  if (frames === 1) return [fragments];
  if (fragments.length === frames) return fragments.map((fragment) => [fragment]);
  const base = fragments[0].offset - 8; // offsets count from the tag of the first fragment
  const starts = offsetsOf(data, table, frames);
  /** @type {(fragment: Span) => boolean} */
  const isStart = starts.length === frames ? ({ offset }) => starts.includes(offset - 8 - base) : (fragment) => isStream(data.bytes(fragment));
  /** @type {Span[][]} */
  const split = [];
  for (const fragment of fragments) {
    if (isStart(fragment)) split.push([]);
    split.at(-1)?.push(fragment);
  }
  return split.length === frames ? split : [];
}

/**
 * Of the Extended Offset Table, else of the basic one.
 * @param {import('./data_set.js').DataSet} data @param {Span} table @param {number} frames @returns {number[]}
 */
function offsetsOf(data, table, frames) {
  const extended = data.element('x7fe00001');
  const { offset, length } = extended ?? table;
  const view = new DataView(data.all.buffer, data.all.byteOffset + offset, length);
  const size = extended ? 8 : 4;
  if (length < size * frames) return [];
  return Array.from({ length: frames }, (_, index) => (
    extended ? Number(view.getBigUint64(size * index, true)) : view.getUint32(size * index, true)));
}

/** @param {Uint8Array[]} parts */
function joined(parts) {
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
