// Frame 0..n−1 of a file as stored values, sign-extended or masked to the bits that count, channels interleaved, in the
// narrowest type that holds them: 8, 16 or 32 bits, with sign or without. What they mean is the engine's business
// (src/imaging/dicom/stored_image.h).
//
// Values are written once, from the file's bytes or the codec's memory into the array that goes to the engine.
import { notRead } from './code_stream.js';
import { kRunLength } from './data_set.js';
import { decompress } from './decompress.js';
import { corrupt, truncated, unsupported } from './failures.js';
import { frameBytes, isRunLength, isStream } from './frame_bytes.js';
import { drawsAbove } from './overlay_planes.js';
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
 * @returns {Promise<{values: Values, channels: number, bits: number, signed: boolean, photometric: string, notes: string[]}>}
 */
export async function storedValues(data, header, index, { libraries, padding }) {
  const frame = frameBytes(data, header, index);
  const source = await valueBytes(data, header, frame, libraries);
  const count = header.rows * header.columns * source.channels;
  const { values, bits, notes } = source.allocated === 1
    ? { values: unpackBits(source.bytes, frame.firstBit ?? 0, count), bits: 1, notes: [] }
    : takeValues(source, count, header, { padding, own: frame.compressed, drawing: drawsAbove(data, header) });
  return {
    values: source.planar && source.channels > 1 ? interleave(values, source.channels) : values,
    channels: source.channels, bits, signed: source.signed ?? header.signed, photometric: source.photometric,
    notes: [...frame.notes, ...source.notes ?? [], ...notes],
  };
}

/**
 * @param {DataSet} data
 * @param {ImageHeader} header
 * @param {import('./frame_bytes.js').FrameBytes} frame
 * @param {import('./libraries.js').DicomLibraries} libraries
 * @returns {Promise<Decoded>|Decoded}
 */
function valueBytes(data, header, { bytes: frame, compressed, start = 0 }, libraries) {
  const plain = { ...header, notes: /** @type {string[]} */ ([]), bits: header.stored + header.shift };
  if (compressed) {
    const stated = data.syntax === kRunLength;
    if (isStream(frame)) return decompress(frame, header, libraries);
    const reason = notRead(data.syntax);
    if (reason) throw reason;
    if (!stated && !isRunLength(frame)) return decompress(frame, header, libraries);
    if (!stated) plain.notes.push('By its bytes the compressed picture was read as run-length coded; the file says otherwise.');
    return { ...plain, bytes: decodeRunLength(frame, header), planar: false };
  }
  const bytes = data.encoding.bigEndianPixels ? swapped(data, frame, start, header.allocated) : frame;
  if (header.photometric !== 'YBR_FULL_422' || header.channels !== 3) return { ...plain, bytes };
  return { ...plain, bytes: spreadChroma(bytes, header), planar: false, photometric: 'YBR_FULL' };
}

/**
 * Words of 8-bit values are swapped, too, where the element says that it holds words: those of the whole element, in which a frame
 * may begin or end within a word.
 * @param {DataSet} data @param {Uint8Array} frame @param {number} start of the frame in Pixel Data @param {number} allocated
 */
function swapped(data, frame, start, allocated) {
  const element = /** @type {import('./elements.js').Element} */ (data.pixelData);
  const width = allocated === 8 && element.vr === 'OW' ? 2 : allocated / 8;
  if (width < 2) return frame;
  const before = start % width;
  const words = data.bytes(element).subarray(start - before, Math.ceil((start + frame.length) / width) * width);
  const out = new Uint8Array(words.length);
  for (let at = 0; at + width <= words.length; at += width) {
    for (let byte = 0; byte < width; byte += 1) out[at + byte] = words[at + width - 1 - byte];
  }
  return out.subarray(before, before + frame.length);
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
 * The bits that are set in any of the values, padding left out.
 * @param {Uint8Array|Uint16Array|Uint32Array} values @param {Range} padding
 */
function bitsUsed(values, { low, high }) {
  let used = 0;
  for (const raw of values) if (raw < low || raw > high) used |= raw;
  return used >>> 0;
}

/**
 * Bits beside the ones that count are dropped; the sign is extended from the highest that counts. A code stream that holds more bits
 * than the file says keeps them, where values have them and no drawing lies there.
 * @param {Decoded & {signed?: boolean}} source
 * @param {number} count
 * @param {ImageHeader} header
 * @param {{padding: Range|null, own: boolean, drawing: boolean}} options own: `bytes` are a codec's output, which nobody else holds:
 *   written over where they fill their buffer; drawing: an overlay plane lies above the bits that count
 * @returns {{values: Values, bits: number, notes: string[]}}
 * @throws {EngineError} corrupt, truncated, unsupported-format
 */
function takeValues({ bytes, allocated, bits, signed, exact }, count, { stored, shift }, { padding, own, drawing }) {
  const size = allocated / 8;
  const width = /** @type {keyof typeof kRaw} */ (allocated);
  if (bytes.length < count * size) throw truncated(`The decoded picture is ${bytes.length} bytes; ${count * size} were expected.`);
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const source = new kRaw[width](/** @type {ArrayBuffer} */ (aligned.buffer), aligned.byteOffset, count);
  const { low, high } = padding ?? { low: 1, high: 0 };
  // A code stream of fewer bits than High Bit says holds the values as they are.
  const below = bits >= stored + shift ? shift : 0;
  const beyond = below === 0 && bits > stored;
  const kept = beyond && !drawing && bitsUsed(source, { low, high }) >= 2 ** stored;
  const top = Math.min(below > 0 ? stored + below : beyond && !kept ? stored : bits, allocated);
  const Typed = (signed ? kSigned : kUnsigned)[width];
  const inPlace = own && source.buffer.byteLength === source.byteLength;
  const out = inPlace ? new Typed(source.buffer) : new Typed(count);
  const left = 32 - top;
  const right = left + below;
  let used = 0;
  if (signed) {
    for (let index = 0; index < count; index += 1) {
      const raw = source[index];
      out[index] = raw >= low && raw <= high ? raw : (raw << left) >> right;
    }
  } else {
    for (let index = 0; index < count; index += 1) {
      const raw = source[index];
      if (raw >= low && raw <= high) out[index] = raw;
      else {
        used |= raw;
        out[index] = (raw << left) >>> right;
      }
    }
  }
  if (!signed && top === 32 && used < 0) throw unsupported('The picture has values beyond 2147483647.');
  const dropped = !signed && !beyond && !drawing && top < allocated && (used >>> top) !== 0;
  if (dropped && exact) throw corrupt('The compressed picture is damaged: it has values of more bits than it states.');
  return { values: out, bits: top - below, notes: bitNotes({ stored, shift, below, bits, kept, dropped }) };
}

/**
 * @param {{stored: number, shift: number, below: number, bits: number, kept: boolean, dropped: boolean}} found kept: values of a code
 *   stream above the bits that count; dropped: bits of plain values there
 */
function bitNotes({ stored, shift, below, bits, kept, dropped }) {
  const notes = [];
  if (below > 0) notes.push(`The values lie in the higher bits (High Bit ${stored + below - 1}, Bits Stored ${stored}).`);
  else if (shift > 0) notes.push(`The file says that the values lie in higher bits (High Bit ${stored + shift - 1}); its compressed picture has ${bits}: they are read as they are.`);
  else if (kept || bits < stored) notes.push(`The file states ${stored} bits per value, its compressed picture has ${bits}: the picture is taken.`);
  if (dropped) notes.push(`Some values have bits above those that count (Bits Stored ${stored}): these bits are left out.`);
  return notes;
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
