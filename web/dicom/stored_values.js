// Frame 0..n−1 of a file as stored values, sign-extended or masked to the bits that count, channels interleaved, in the
// narrowest type that holds them: 8, 16 or 32 bits, with sign or without. What they mean is the engine's business
// (src/imaging/dicom/stored_image.h).
//
// Values are written once, from the file's bytes or the codec's memory into the array that goes to the engine.
import { kRunLength } from './data_set.js';
import { decompress } from './decompress.js';
import { truncated } from './failures.js';
import { frameBytes } from './frame_bytes.js';
import { decodeRunLength } from './run_length.js';

/** @typedef {(Uint8Array|Int8Array|Uint16Array|Int16Array|Int32Array) & {buffer: ArrayBuffer}} Values */

/**
 * @typedef {import('./data_set.js').DataSet} DataSet
 * @typedef {import('./image_header.js').ImageHeader} ImageHeader
 * @typedef {import('./decompress.js').Decoded} Decoded
 * @typedef {{low: number, high: number}} Range
 *
 * @param {DataSet} data
 * @param {ImageHeader} header
 * @param {number} index of the frame, from 0
 * @param {{libraries: import('./libraries.js').DicomLibraries, padding: Range|null}} options padding: as raw words, where its values do not fit into the bits that count:
 *   such values stay whole, so that they can be told from the picture
 * @returns {Promise<{values: Values, channels: number, bits: number, photometric: string, notes: string[]}>}
 */
export async function storedValues(data, header, index, { libraries, padding }) {
  const frame = frameBytes(data, header, index);
  const source = await valueBytes(data, header, frame, libraries);
  const count = header.rows * header.columns * source.channels;
  const { values, bits } = source.allocated === 1 ? { values: unpackBits(source.bytes, frame.firstBit ?? 0, count), bits: 1 }
    : takeValues(source, count, header, padding, frame.compressed);
  return {
    values: source.planar && source.channels > 1 ? interleave(values, source.channels) : values,
    channels: source.channels, bits, photometric: source.photometric, notes: [...frame.notes, ...source.notes ?? []],
  };
}

/**
 * @param {DataSet} data
 * @param {ImageHeader} header
 * @param {import('./frame_bytes.js').FrameBytes} frame
 * @param {import('./libraries.js').DicomLibraries} libraries
 * @returns {Promise<Decoded>|Decoded}
 */
function valueBytes(data, header, { bytes: frame, compressed }, libraries) {
  const plain = { ...header, notes: [], bits: header.stored + header.shift };
  if (compressed && data.syntax === kRunLength) return { ...plain, bytes: decodeRunLength(frame, header), planar: false };
  if (compressed) return decompress(frame, header, libraries);
  const bytes = data.encoding.bigEndianPixels ? swapped(frame, header.allocated, data.pixelData?.vr) : frame;
  if (header.photometric !== 'YBR_FULL_422' || header.channels !== 3) return { ...plain, bytes };
  return { ...plain, bytes: spreadChroma(bytes, header), planar: false, photometric: 'YBR_FULL' };
}

/** Words of 8-bit values are swapped, too, where the element says that it holds words. @param {Uint8Array} frame @param {number} allocated @param {string} [vr] */
function swapped(frame, allocated, vr) {
  const width = allocated === 8 && vr === 'OW' ? 2 : allocated / 8;
  if (width < 2) return frame;
  const out = new Uint8Array(frame.length);
  for (let at = 0; at + width <= frame.length; at += width) {
    for (let byte = 0; byte < width; byte += 1) out[at + byte] = frame[at + width - 1 - byte];
  }
  return out;
}

/** Y Y Cb Cr for two pixels becomes Y Cb Cr, Y Cb Cr. @param {Uint8Array} bytes @param {ImageHeader} header */
function spreadChroma(bytes, { rows, columns }) {
  const pixels = rows * columns;
  const out = new Uint8Array(3 * pixels);
  for (let pixel = 0, at = 0; pixel < pixels; pixel += 2, at += 4) {
    out.set([bytes[at], bytes[at + 2], bytes[at + 3]], 3 * pixel);
    if (pixel + 1 < pixels) out.set([bytes[at + 1], bytes[at + 2], bytes[at + 3]], 3 * pixel + 3);
  }
  return out;
}

/** @param {Uint8Array} bytes @param {number} first @param {number} count */
function unpackBits(bytes, first, count) {
  const out = new Uint8Array(count);
  for (let index = 0, bit = first; index < count; index += 1, bit += 1) out[index] = (bytes[bit >> 3] >> (bit & 7)) & 1;
  return out;
}

const kUnsigned = { 8: Uint8Array, 16: Uint16Array, 32: Int32Array };
const kSigned = { 8: Int8Array, 16: Int16Array, 32: Int32Array };
const kRaw = { 8: Uint8Array, 16: Uint16Array, 32: Uint32Array };

/**
 * Overlay bits beside the ones that count are dropped; the sign is extended from the highest that counts.
 * @param {Decoded} source
 * @param {number} count
 * @param {ImageHeader} header
 * @param {Range|null} padding
 * @param {boolean} own `bytes` are a codec's output, which nobody else holds: written over where they fill their buffer
 * @returns {{values: Values, bits: number}}
 */
function takeValues({ bytes, allocated, bits }, count, { signed, stored, shift }, padding, own) {
  const size = allocated / 8;
  const width = /** @type {keyof typeof kRaw} */ (allocated);
  if (bytes.length < count * size) throw truncated(`The decoded picture is ${bytes.length} bytes; ${count * size} were expected.`);
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const source = new kRaw[width](/** @type {ArrayBuffer} */ (aligned.buffer), aligned.byteOffset, count);
  // A code stream of fewer bits than High Bit says holds the values as they are.
  const below = bits >= stored + shift ? shift : 0;
  const top = Math.min(below > 0 ? stored + below : bits, allocated);
  const Typed = (signed ? kSigned : kUnsigned)[width];
  const inPlace = own && source.buffer.byteLength === source.byteLength;
  const out = inPlace ? new Typed(source.buffer) : new Typed(count);
  const left = 32 - top;
  const right = left + below;
  const { low, high } = padding ?? { low: 1, high: 0 };
  if (signed) {
    for (let index = 0; index < count; index += 1) {
      const raw = source[index];
      out[index] = raw >= low && raw <= high ? raw : (raw << left) >> right;
    }
  } else {
    for (let index = 0; index < count; index += 1) {
      const raw = source[index];
      out[index] = raw >= low && raw <= high ? raw : (raw << left) >>> right;
    }
  }
  return { values: out, bits: top - below };
}

/** @param {Values} values channel by channel @param {number} channels */
function interleave(values, channels) {
  const pixels = values.length / channels;
  const Typed = /** @type {new (length: number) => Values} */ (values.constructor);
  const out = new Typed(values.length);
  for (let channel = 0; channel < channels; channel += 1) {
    for (let pixel = 0; pixel < pixels; pixel += 1) out[pixel * channels + channel] = values[channel * pixels + pixel];
  }
  return out;
}
