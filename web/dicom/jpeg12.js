// JPEG of 12 bits, Huffman coded, one channel: extended sequential and the retired progressive processes (ITU-T T.81
// processes 4, 6, 8, 10 and 12; PS3.5 8.2.1).
//
// The one code stream whose picture is computed here and not by a library: no package reads it that is small, kept and right.
// libjpeg-turbo as packaged is for 8 bits; the decoder that DICOM viewers in JavaScript share shifts every value by 15.
// The inverse cosine transform is the accurate integer one of the Independent JPEG Group's library (jidctint.c, Loeffler,
// Ligtenberg and Moschytz 1989) with its rounding, so that the values equal those of the common toolkits to the last bit.
// Not read: arithmetic or 12-bit colour pictures; process 2 is 8 bits and libjpeg-turbo's.
import { unsupported } from './failures.js';
import { readJpegScans } from './jpeg_scans.js';

const kBlock = 64;
const kGreatest = 4095;
const kMiddle = 2048;

/**
 * @param {Uint8Array} frame from its SOI marker on; web/dicom/code_stream.js has found its size to be the picture's
 * @returns {{width: number, height: number, bits: number, values: Uint16Array<ArrayBuffer>, hasEnd: boolean}} values 0..4095
 * @throws {EngineError} corrupt, truncated, unsupported-format
 */
export function decodeJpeg12(frame) {
  const { width, height, precision, planes, hasEnd } = readJpegScans(frame, { keep: true });
  if (precision !== 12 || planes.length !== 1) {
    throw unsupported(`The JPEG picture has ${planes.length} channels of ${precision} bits.`);
  }
  const [{ coefficients, quantisation, across, down, stride }] = planes;
  const values = new Uint16Array(width * height);
  const block = new Int32Array(kBlock);
  for (let row = 0; row < down; row += 1) {
    for (let column = 0; column < across; column += 1) {
      const at = kBlock * (row * stride + column);
      for (let k = 0; k < kBlock; k += 1) block[k] = coefficients[at + k] * quantisation[k];
      inverseTransform(block);
      store(block, values, width, height, 8 * column, 8 * row);
    }
  }
  return { width, height, bits: precision, values, hasEnd };
}

/** @param {Int32Array} block @param {Uint16Array} values @param {number} width @param {number} height @param {number} left @param {number} top */
function store(block, values, width, height, left, top) {
  const columns = Math.min(8, width - left);
  const rows = Math.min(8, height - top);
  for (let row = 0; row < rows; row += 1) {
    const at = (top + row) * width + left;
    for (let column = 0; column < columns; column += 1) {
      values[at + column] = Math.max(0, Math.min(kGreatest, block[8 * row + column] + kMiddle));
    }
  }
}

const kPrecision = 13; // bits after the point in the constants: FIX(x) of jidctint.c
const kKept = 1; // bits after the point between the passes, for 12-bit pictures

/** In place: coefficients to differences from the middle grey. Columns first, then rows. @param {Int32Array} block */
function inverseTransform(block) {
  for (let column = 0; column < 8; column += 1) inversePass(block, column, 8, kPrecision - kKept);
  for (let row = 0; row < 8; row += 1) inversePass(block, 8 * row, 1, kPrecision + kKept + 3);
}

/** @param {Int32Array} data @param {number} at @param {number} step between neighbours @param {number} shift bits to drop */
function inversePass(data, at, step, shift) {
  const i1 = at + step, i2 = i1 + step, i3 = i2 + step, i4 = i3 + step, i5 = i4 + step, i6 = i5 + step, i7 = i6 + step;
  const half = 1 << (shift - 1);

  const even = (data[i2] + data[i6]) * 4433;
  const below = even - data[i6] * 15137, above = even + data[i2] * 6270;
  const sum = (data[at] + data[i4]) * 8192, difference = (data[at] - data[i4]) * 8192;
  const e0 = sum + above + half, e3 = sum - above + half, e1 = difference + below + half, e2 = difference - below + half;

  const z5 = (data[i7] + data[i3] + data[i5] + data[i1]) * 9633;
  const z1 = (data[i7] + data[i1]) * -7373, z2 = (data[i5] + data[i3]) * -20995;
  const z3 = (data[i7] + data[i3]) * -16069 + z5, z4 = (data[i5] + data[i1]) * -3196 + z5;
  const o0 = data[i7] * 2446 + z1 + z3, o1 = data[i5] * 16819 + z2 + z4;
  const o2 = data[i3] * 25172 + z2 + z3, o3 = data[i1] * 12299 + z1 + z4;

  data[at] = (e0 + o3) >> shift;
  data[i7] = (e0 - o3) >> shift;
  data[i1] = (e1 + o2) >> shift;
  data[i6] = (e1 - o2) >> shift;
  data[i2] = (e2 + o1) >> shift;
  data[i5] = (e2 - o1) >> shift;
  data[i3] = (e3 + o0) >> shift;
  data[i4] = (e3 - o0) >> shift;
}
