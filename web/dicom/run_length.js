// DICOM's run-length encoding (PS3.5 annex G): one PackBits segment per byte of a value and channel, most significant first.
import { corrupt, truncated } from './failures.js';

const kHeaderBytes = 64;

/**
 * @param {Uint8Array} frame
 * @param {{rows: number, columns: number, allocated: number, channels: number}} header
 * @returns {Uint8Array} little-endian values, channels interleaved
 */
export function decodeRunLength(frame, { rows, columns, allocated, channels }) {
  if (frame.length < kHeaderBytes) throw truncated('The run-length coded picture ends within its header.');
  const header = new DataView(frame.buffer, frame.byteOffset, kHeaderBytes);
  const bytesPerValue = allocated / 8;
  const segments = header.getUint32(0, true);
  if (segments !== bytesPerValue * channels) {
    throw corrupt(`The run-length coded picture has ${segments} segments; ${bytesPerValue * channels} were expected.`);
  }
  const pixels = rows * columns;
  const out = new Uint8Array(pixels * segments);
  for (let segment = 0; segment < segments; segment += 1) {
    const start = header.getUint32(4 + 4 * segment, true);
    const next = segment + 1 < segments ? header.getUint32(8 + 4 * segment, true) : frame.length;
    const channel = Math.floor(segment / bytesPerValue);
    const place = channel * bytesPerValue + bytesPerValue - 1 - (segment % bytesPerValue);
    const { written, left } = unpack(frame, start, Math.min(next, frame.length), out, place, segments, pixels);
    if (written < pixels) throw truncated(`The run-length coded picture ends early: ${written} of ${pixels} values of segment ${segment + 1} are there.`);
    if (left) throw corrupt(`Segment ${segment + 1} of the run-length coded picture holds more than its ${pixels} values.`);
  }
  return out;
}

/**
 * PackBits from frame[at..end) to every `step`th byte of `out` from `place` on.
 * @param {Uint8Array} frame
 * @param {number} start
 * @param {number} end
 * @param {Uint8Array} out
 * @param {number} place
 * @param {number} step
 * @param {number} most values that are wanted
 * @returns {{written: number, left: boolean}} values written; whether more than padding comes after the last
 */
function unpack(frame, start, end, out, place, step, most) {
  let at = start;
  let written = 0;
  let cutRun = false;
  while (at < end && written < most) {
    const code = (frame[at] << 24) >> 24;
    at += 1;
    if (code === -128) continue;
    const wanted = code >= 0 ? Math.min(code + 1, end - at) : 1 - code;
    if (code < 0 && at >= end) break;
    const count = Math.min(wanted, most - written);
    cutRun = count < wanted;
    for (let index = 0; index < count; index += 1, written += 1) out[place + step * written] = frame[code >= 0 ? at + index : at];
    at += code >= 0 ? count : 1;
  }
  // Segments have an even length: one byte of any value may fill them up, and some writers add zeros.
  const more = frame.subarray(at, end);
  return { written, left: cutRun || (more.length > 1 && more.some((byte) => byte !== 0 && byte !== 0x80)) };
}
