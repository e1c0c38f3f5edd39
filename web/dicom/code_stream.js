// What a compressed frame is, by its own first bytes: the transfer syntax is sometimes wrong, the code stream is what
// the codec gets. Also its size, which must be the picture's before anything is decoded.
import { corrupt, unsupported } from './failures.js';

const kSearched = 4096;

/**
 * @typedef {object} CodeStream
 * @property {'openjpeg'|'openjph'|'charls'|'libjpeg'|'lossless'|'jpeg12'} codec
 * @property {number} width
 * @property {number} height
 *
 * @param {Uint8Array} frame
 * @returns {CodeStream}
 * @throws {EngineError} corrupt, unsupported-format
 */
export function identify(frame) {
  const isJ2k = (frame[0] === 0xff && frame[1] === 0x4f) || (frame[4] === 0x6a && frame[5] === 0x50);
  if (isJ2k) return jpeg2000(frame);
  const start = jpegFrame(frame);
  if (!start) throw corrupt('The compressed picture has no frame header.');
  const { process, precision, width, height } = start;
  return { codec: jpegCodec(process, precision), width, height };
}

function jpegCodec(process, precision) {
  if (process === 0xf7) return 'charls';
  if (process === 0xc3) return 'lossless';
  if (process <= 0xc2 && precision === 8) return 'libjpeg';
  if (process === 0xc1 && precision === 12) return 'jpeg12';
  throw unsupported(`The picture is compressed by JPEG process SOF${process & 15} with ${precision} bits.`);
}

/** The first frame header of a JPEG or JPEG-LS stream. */
function jpegFrame(bytes) {
  let at = 0;
  while (at + 4 < bytes.length && !(bytes[at] === 0xff && bytes[at + 1] === 0xd8)) at += 1;
  for (at += 2; at + 9 < bytes.length;) {
    const marker = bytes[at + 1];
    if (bytes[at] !== 0xff || marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame || marker === 0xf7) {
      return {
        process: marker,
        precision: bytes[at + 4],
        height: (bytes[at + 5] << 8) | bytes[at + 6],
        width: (bytes[at + 7] << 8) | bytes[at + 8],
      };
    }
    if (marker === 0xd9 || marker === 0xda) break;
    at += 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
  }
  return null;
}

/** SIZ follows SOC at once; a JP2 file has boxes before it. HTJ2K announces itself by a CAP marker. */
function jpeg2000(bytes) {
  const end = Math.min(bytes.length, kSearched) - 24;
  for (let at = 0; at < end; at += 1) {
    if (bytes[at] !== 0xff || bytes[at + 1] !== 0x4f || bytes[at + 2] !== 0xff || bytes[at + 3] !== 0x51) continue;
    const size = new DataView(bytes.buffer, bytes.byteOffset + at + 8, 16);
    return {
      codec: hasCapabilities(bytes, at + 2) ? 'openjph' : 'openjpeg',
      width: size.getUint32(0) - size.getUint32(8),
      height: size.getUint32(4) - size.getUint32(12),
    };
  }
  throw corrupt('The JPEG 2000 picture has no image header.');
}

function hasCapabilities(bytes, from) {
  for (let at = from; at + 4 < Math.min(bytes.length, kSearched);) {
    if (bytes[at] !== 0xff || bytes[at + 1] === 0x90) return false;
    if (bytes[at + 1] === 0x50) return true;
    at += 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
  }
  return false;
}
