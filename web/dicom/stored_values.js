// Frame 0..n−1 of a file as stored values: one 32-bit integer per value, sign-extended or masked to the bits that count,
// channels interleaved. What they mean is the engine's business (src/imaging/dicom.h).
import { kBigEndian, kRunLength } from './data_set.js';
import { decompress } from './decompress.js';
import { truncated } from './failures.js';
import { frameBytes } from './frame_bytes.js';
import { decodeRunLength } from './run_length.js';

/** @returns {Promise<{values: Int32Array, channels: number, bits: number, photometric: string, notes: string[]}>} */
export async function storedValues(data, header, index, { parser, libraries }) {
  const frame = frameBytes(data, header, index, parser);
  const source = await valueBytes(data, header, frame, libraries);
  const count = header.rows * header.columns * source.channels;
  const values = source.allocated === 1 ? unpackBits(source.bytes, count) : widen(source, count, header.signed);
  return {
    values: source.planar && source.channels > 1 ? interleave(values, source.channels) : values,
    channels: source.channels, bits: source.bits, photometric: source.photometric, notes: source.notes ?? [],
  };
}

/** @returns {Promise<import('./decompress.js').Decoded>|import('./decompress.js').Decoded} */
function valueBytes(data, header, frame, libraries) {
  const plain = { ...header, bits: header.stored };
  if (data.syntax === kRunLength) return { ...plain, bytes: decodeRunLength(frame, header), planar: false };
  if (data.pixelData.encapsulatedPixelData) return decompress(frame, header, libraries);
  const bytes = data.syntax === kBigEndian ? swapped(frame, header, data.pixelData) : frame;
  if (header.photometric !== 'YBR_FULL_422' || header.channels !== 3) return { ...plain, bytes };
  return { ...plain, bytes: spreadChroma(bytes, header), planar: false, photometric: 'YBR_FULL' };
}

/** Words of 8-bit values are swapped, too, where the element says that it holds words. */
function swapped(frame, { allocated }, { vr }) {
  const width = allocated === 8 && vr === 'OW' ? 2 : allocated / 8;
  if (width < 2) return frame;
  const out = new Uint8Array(frame.length);
  for (let at = 0; at + width <= frame.length; at += width) {
    for (let byte = 0; byte < width; byte += 1) out[at + byte] = frame[at + width - 1 - byte];
  }
  return out;
}

/** Y Y Cb Cr for two pixels becomes Y Cb Cr, Y Cb Cr. */
function spreadChroma(bytes, { rows, columns }) {
  const pixels = rows * columns;
  const out = new Uint8Array(3 * pixels);
  for (let pixel = 0, at = 0; pixel < pixels; pixel += 2, at += 4) {
    out.set([bytes[at], bytes[at + 2], bytes[at + 3]], 3 * pixel);
    if (pixel + 1 < pixels) out.set([bytes[at + 1], bytes[at + 2], bytes[at + 3]], 3 * pixel + 3);
  }
  return out;
}

function unpackBits(bytes, count) {
  const out = new Int32Array(count);
  for (let index = 0; index < count; index += 1) out[index] = (bytes[index >> 3] >> (index & 7)) & 1;
  return out;
}

const kArrays = { 8: Uint8Array, 16: Uint16Array, 32: Uint32Array };

/** Overlay bits above the ones that count are dropped; the sign is extended from the highest that counts. */
function widen({ bytes, allocated, bits }, count, signed) {
  const Values = kArrays[allocated];
  const size = allocated / 8;
  if (bytes.length < count * size) throw truncated('The decoded picture is shorter than the file states.');
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const source = new Values(aligned.buffer, aligned.byteOffset, count);
  const out = new Int32Array(count);
  const shift = 32 - Math.min(bits, allocated);
  if (signed) for (let index = 0; index < count; index += 1) out[index] = (source[index] << shift) >> shift;
  else for (let index = 0; index < count; index += 1) out[index] = (source[index] << shift) >>> shift;
  return out;
}

function interleave(values, channels) {
  const pixels = values.length / channels;
  const out = new Int32Array(values.length);
  for (let channel = 0; channel < channels; channel += 1) {
    for (let pixel = 0; pixel < pixels; pixel += 1) out[pixel * channels + channel] = values[channel * pixels + pixel];
  }
  return out;
}
