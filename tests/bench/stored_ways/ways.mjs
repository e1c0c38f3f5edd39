// The ways to store an 8-bit film that stored_ways.mjs compares: as its values stand, only differently written, or with what
// hospitals add to them.
import { deflateSync } from 'node:zlib';
import { crc32 } from '../../../web/shared/crc32.js';
import { element, filmFile, rescale, voiLut, window } from '../../support/write_dicom.mjs';

/** @typedef {{width: number, height: number, values: Uint16Array}} Picture of 0..255 */

const deeper = ({ values }) => Uint16Array.from(values, (value) => value * 16 + (value >> 4));
const third = ({ values }) => Uint16Array.from(values, (value) => Math.round(value * 4095 / (3 * 255)));

/** A solid bright patch in the upper left corner, half a per cent of the film. */
function marked({ width, height }, values, white) {
  const side = Math.round(Math.sqrt(0.005 * width * height));
  const margin = Math.round(0.03 * width);
  const out = values.slice();
  for (let y = margin; y < margin + side; y += 1) out.fill(white, y * width + margin, y * width + margin + side);
  return out;
}

function withDeadPixel(values, white) {
  const out = values.slice();
  out[Math.floor(out.length / 3)] = white;
  return out;
}

const dicom = (change) => (picture) => filmFile({ width: picture.width, height: picture.height, ...change(picture) });

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A grey PNG of 16 bits. */
function png16({ width, height }, values) {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const rows = Buffer.alloc(height * (1 + 2 * width));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows.writeUInt16BE(values[y * width + x], y * (1 + 2 * width) + 1 + 2 * x);
  }
  return new Uint8Array(Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 1 })), chunk('IEND', Buffer.alloc(0))]));
}

const kFalling = Array.from({ length: 4096 }, (_, index) => 4095 - index);

/** A calibrated score below this on both sides is left out: a ratio of next to nothing says nothing. */
export const kLeastScore = 0.02;

/** @type {{name: string, write: (picture: Picture) => Uint8Array}[]} */
export const kStoredWays = [
  { name: '8 bits, DICOM', write: dicom(({ values }) => ({ values, allocated: 8, stored: 8 })) },
  { name: '12 bits, no window', write: dicom((p) => ({ values: deeper(p) })) },
  { name: '12 bits, its window', write: dicom((p) => ({ values: deeper(p), extra: window(2048, 4096) })) },
  { name: '12 bits, window 1/1', write: dicom((p) => ({ values: deeper(p), extra: window(1, 1) })) },
  { name: '12 bits, window 32768/65536', write: dicom((p) => ({ values: deeper(p), extra: window(32768, 65536) })) },
  { name: '12 bits, window 128/256', write: dicom((p) => ({ values: deeper(p), extra: window(128, 256) })) },
  { name: 'a third of 12 bits, a marker at 4095', write: dicom((p) => ({ values: marked(p, third(p), 4095) })) },
  { name: 'a third of 12 bits, a dead pixel at 4095', write: dicom((p) => ({ values: withDeadPixel(third(p), 4095) })) },
  { name: 'dark bones, a VOI LUT that falls', write: dicom((p) => ({ values: deeper(p).map((value) => 4095 - value), extra: [voiLut(kFalling)] })) },
  { name: 'MONOCHROME1', write: dicom((p) => ({ values: deeper(p).map((value) => 4095 - value), photometric: 'MONOCHROME1' })) },
  { name: 'MONOCHROME1, a VOI LUT that falls', write: dicom((p) => ({ values: deeper(p), photometric: 'MONOCHROME1', extra: [voiLut(kFalling)] })) },
  { name: 'rescaled, its window after that', write: dicom((p) => ({ values: deeper(p), extra: [...window(3072, 8192), ...rescale(-1024, 2)] })) },
  { name: 'negative rescale slope', write: dicom((p) => ({ values: deeper(p).map((value) => 4095 - value), extra: rescale(4095, -1) })) },
  { name: 'High Bit 15', write: dicom((p) => ({ values: deeper(p).map((value) => value << 4), high: 15 })) },
  { name: 'signed', write: dicom((p) => ({ values: deeper(p).map((value) => value - 2048), signed: true })) },
  { name: '16 bits', write: dicom(({ values }) => ({ values: values.map((value) => value * 257), stored: 16 })) },
  { name: 'PNG of 16 bits', write: (p) => png16(p, p.values.map((value) => value * 257)) },
  { name: '12 bits in a PNG of 16, a pixel at 65535', write: (p) => png16(p, withDeadPixel(deeper(p), 65535)) },
  { name: '12 bits in a PNG of 16, a marker at 65535', write: (p) => png16(p, marked(p, deeper(p), 65535)) },
  { name: '12 bits, padding of F830h at two sides', write: dicom((p) => {
    const values = deeper(p);
    const edge = Math.round(0.02 * p.width);
    for (let y = 0; y < p.height; y += 1) {
      values.fill(0xf830, y * p.width, y * p.width + edge);
      values.fill(0xf830, (y + 1) * p.width - edge, (y + 1) * p.width);
    }
    return { values, extra: [element(0x28, 0x120, 'US', Buffer.from([0x30, 0xf8]))] };
  }) },
];
