// What a compressed frame is, by its own first bytes: the transfer syntax is sometimes wrong, the code stream is what
// the codec gets. Also its size and channels, which are compared with the picture's before anything is decoded.
import { corrupt, unsupported } from './failures.js';
import { isJpeg2000, jpeg2000Header } from './jpeg2000_parts.js';

/**
 * @typedef {object} CodeStream
 * @property {'openjpeg'|'openjph'|'charls'|'libjpeg'|'lossless'|'jpeg12'} codec
 * @property {number} width
 * @property {number} height
 * @property {number} components values per pixel
 * @property {boolean} signed the stream says that its values have a sign
 *
 * @param {Uint8Array} frame
 * @returns {CodeStream}
 * @throws {EngineError} corrupt, unsupported-format
 */
export function identify(frame) {
  if (isJpeg2000(frame)) {
    const { width, height, components, signed, highThroughput } = jpeg2000Header(frame);
    return { codec: highThroughput ? 'openjph' : 'openjpeg', width, height, components, signed };
  }
  const start = jpegFrame(frame);
  if (!start) throw corrupt('The compressed picture has no frame header.');
  const { process, precision, width, height, components } = start;
  return { codec: jpegCodec(process, precision, components), width, height, components, signed: false };
}

/**
 * @param {number} process marker of the frame header @param {number} precision bits per value @param {number} components
 * @returns {CodeStream['codec']}
 */
function jpegCodec(process, precision, components) {
  if (process === 0xf7) return 'charls';
  if (process === 0xc3) return 'lossless';
  if (process <= 0xc2 && precision === 8) return 'libjpeg';
  if ((process === 0xc1 || process === 0xc2) && precision === 12) {
    if (components === 1) return 'jpeg12';
    throw unsupported(`The JPEG picture has ${components} channels of ${precision} bits.`);
  }
  throw unsupported(`The picture is compressed by JPEG process SOF${process & 15} with ${precision} bits.`);
}

/** Transfer syntaxes of PS3.5 10 that are not read, by how they end. @type {[RegExp, string][]} */
const kNotRead = [
  [/\.4\.10[0-6](\.1)?$/, 'a video (MPEG-2 or H.264)'],
  [/\.4\.10[78]$/, 'a video (HEVC)'],
  [/\.4\.11[012]$/, 'JPEG XL'],
  [/\.7\.[123]$/, 'an uncompressed video'],
];

/** @param {string} syntax @returns {import('../shared/errors.js').EngineError|null} why it is not read; null where it is, or is of no name here */
export function notRead(syntax) {
  const known = kNotRead.find(([end]) => syntax.startsWith('1.2.840.10008.1.2.') && end.test(syntax));
  return known ? unsupported(`The picture is stored as ${known[1]}, which is not read.`) : null;
}

/** The first frame header of a JPEG or JPEG-LS stream. @param {Uint8Array} bytes */
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
        components: bytes[at + 9],
      };
    }
    if (marker === 0xd9 || marker === 0xda) break;
    at += 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
  }
  return null;
}
