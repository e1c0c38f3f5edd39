// DICOM's run-length encoding (PS3.5 annex G): one PackBits segment per byte of a value and channel, most significant first.
import { corrupt, truncated } from './failures.js';

const kHeaderBytes = 64;

/** @returns {Uint8Array} little-endian values, channels interleaved */
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
    const written = unpack(frame, start, Math.min(next, frame.length), out, place, segments, pixels);
    if (written < pixels) throw truncated('The run-length coded picture ends early.');
  }
  return out;
}

/** PackBits from frame[at..end) to every `step`th byte of `out` from `place` on. @returns {number} bytes written */
function unpack(frame, at, end, out, place, step, most) {
  let written = 0;
  while (at < end && written < most) {
    const code = (frame[at] << 24) >> 24;
    at += 1;
    if (code >= 0) {
      for (let left = code + 1; left > 0 && written < most && at < end; left -= 1) {
        out[place + step * written] = frame[at];
        written += 1;
        at += 1;
      }
    } else if (code > -128 && at < end) {
      for (let left = 1 - code; left > 0 && written < most; left -= 1) {
        out[place + step * written] = frame[at];
        written += 1;
      }
      at += 1;
    }
  }
  return written;
}
