// Pictures that the engine does not read and the browser may: WebP, AVIF, GIF, BMP, and TIFF or HEIC where the browser can.
// The film says so, because another browser may give slightly other values.
//
// The picture becomes a PNG, which the engine reads like any other, so that there is one way in. Only sizes are read here, to refuse what is too large before anything of that size is allocated. 8 bits per channel, no
// colour profile applied, the first picture of an animation. Not in Node, which has no such decoder.
import { kLongestSide, kMostPixels } from '../dicom/limits.js';
import { failure } from '../shared/errors.js';

const kHint = 'Open it in an image viewer, save it as PNG, and drop the PNG here.';
const kProbeSide = 8;

/** @param {Uint8Array} bytes @param {number} at @param {string} letters */
const word = (bytes, at, letters) => [...letters].every((letter, index) => bytes[at + index] === letter.charCodeAt(0));
/** @param {Uint8Array} bytes */
const viewOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * Signature, media type, and where the size stands; null: not there.
 * @typedef {number[]} Size width and height
 * @typedef {{format: string, type: string, is: (bytes: Uint8Array) => boolean, size: (view: DataView, bytes: Uint8Array) => Size|null}} Picture
 * @type {Picture[]}
 */
const kPictures = [
  { format: 'GIF', type: 'image/gif', is: (b) => word(b, 0, 'GIF8'), size: (v) => [v.getUint16(6, true), v.getUint16(8, true)] },
  { format: 'BMP', type: 'image/bmp', is: (b) => word(b, 0, 'BM') && viewOf(b).getUint32(6, true) === 0, size: bitmapSize },
  { format: 'WebP', type: 'image/webp', is: (b) => word(b, 0, 'RIFF') && word(b, 8, 'WEBP'), size: webpSize },
  { format: 'AVIF', type: 'image/avif', is: (b) => word(b, 4, 'ftypavi'), size: baseMediaSize },
  { format: 'HEIC', type: 'image/heic', is: (b) => word(b, 4, 'ftyphe') || word(b, 4, 'ftypmif1'), size: baseMediaSize },
  { format: 'TIFF', type: 'image/tiff', is: (b) => word(b, 0, 'II*\0') || word(b, 0, 'MM\0*'), size: tiffSize },
];

/**
 * @param {Uint8Array} bytes
 * @returns {{format: string, type: string, width: number, height: number}|null} null: none of these formats
 * @throws {EngineError} too large, or its size cannot be found
 */
export function describePicture(bytes) {
  const kind = bytes.length >= 32 && kPictures.find(({ is }) => is(bytes));
  if (!kind) return null;
  const { format, type } = kind;
  /** @type {Size|null} */
  let size = null;
  try {
    size = kind.size(viewOf(bytes), bytes);
  } catch {
    // It ends before its size.
  }
  if (!size || !(size[0] > 0 && size[1] > 0)) {
    throw failure('corrupt', `This ${format} picture does not say its size: it is damaged or cut off.`, 'Copy or export it again.');
  }
  const [width, height] = size;
  if (width > kLongestSide || height > kLongestSide || width * height > kMostPixels) {
    throw failure('too-large', `The image is ${width} × ${height} pixels; at most ${kMostPixels / 1e6} million are read.`,
      'Export the film again with fewer pixels, or crop it to the chest.');
  }
  return { format, type, width, height };
}

/** Where a picture of a format ends that says so; a shorter file is cut off. TIFF does not say. @type {Record<string, (view: DataView, bytes: Uint8Array) => number>} */
const kEnds = {
  GIF: (view, bytes) => (bytes.subarray(bytes.findLastIndex((byte) => byte !== 0))[0] === 0x3b ? 0 : bytes.length + 1),
  BMP: bitmapEnd,
  WebP: (view) => 8 + view.getUint32(4, true),
  AVIF: boxesEnd,
  HEIC: boxesEnd,
};

/**
 * Browsers show of a picture that is cut off what is there, and nothing for the rest: half a film as a whole one.
 * @param {Uint8Array} bytes
 * @param {{format: string}} about from describePicture
 * @throws {EngineError} truncated
 */
export function expectWhole(bytes, { format }) {
  const end = kEnds[format]?.(viewOf(bytes), bytes) ?? 0;
  if (end <= bytes.length) return;
  throw failure('truncated', `This ${format} picture is cut off after ${bytes.length} bytes.`, 'Copy or export it again.');
}

/** @param {DataView} view */
function bitmapEnd(view) {
  if (view.getUint32(14, true) < 40 || ![0, 3].includes(view.getUint32(30, true))) return 0; // run lengths say it themselves
  const [width, height] = [view.getInt32(18, true), Math.abs(view.getInt32(22, true))];
  return view.getUint32(10, true) + 4 * Math.ceil((width * view.getUint16(28, true)) / 32) * height;
}

/**
 * Boxes, one after the other (ISO/IEC 14496-12, 4.2); a length of 0 is that of the rest.
 * @param {DataView} view @param {Uint8Array} bytes
 */
function boxesEnd(view, bytes) {
  let at = 0;
  while (at + 16 <= bytes.length) {
    const short = view.getUint32(at);
    const length = short === 1 ? Number(view.getBigUint64(at + 8)) : short;
    if (length < 8) return 0; // what follows is no box of a picture
    at += length;
  }
  return at;
}

/**
 * @param {Uint8Array} bytes
 * @param {{format: string, type: string}} about from describePicture
 * @returns {Promise<Uint8Array>} the same picture as a PNG, transparent parts on black
 * @throws {EngineError} it is cut off, or this browser cannot
 */
export async function decodeInBrowser(bytes, { format, type }) {
  expectWhole(bytes, { format });
  let picture;
  try {
    picture = await createImageBitmap(new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)], { type }),
      { colorSpaceConversion: 'none', premultiplyAlpha: 'none', imageOrientation: 'from-image' });
  } catch {
    throw failure('unsupported-format', `This is a ${format} picture, which this browser cannot decode, or which is damaged.`, kHint);
  }
  try {
    refuseNoise();
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    contextOf(canvas, { alpha: false }).drawImage(picture, 0, 0);
    const png = await canvas.convertToBlob({ type: 'image/png' });
    return new Uint8Array(await png.arrayBuffer());
  } finally {
    picture.close();
  }
}

/** @param {OffscreenCanvas} canvas @param {CanvasRenderingContext2DSettings} settings */
const contextOf = (canvas, settings) => /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d', settings));

/** Some browsers add noise to what is read from a canvas, against fingerprinting: that is no film any more. */
function refuseNoise() {
  const probe = contextOf(new OffscreenCanvas(kProbeSide, kProbeSide), { willReadFrequently: true });
  const pattern = new ImageData(kProbeSide, kProbeSide);
  pattern.data.forEach((_, index) => { pattern.data[index] = index % 4 === 3 ? 255 : (index * 37) & 255; });
  probe.putImageData(pattern, 0, 0);
  if (probe.getImageData(0, 0, kProbeSide, kProbeSide).data.some((value, index) => value !== pattern.data[index])) {
    throw failure('unsupported-format', 'This browser alters pictures that a page reads (protection against fingerprinting), so it '
      + 'cannot decode this one faithfully.', kHint);
  }
}

/** @param {DataView} view @returns {Size} */
function bitmapSize(view) {
  if (view.getUint32(14, true) === 12) return [view.getUint16(18, true), view.getUint16(20, true)];
  return [view.getInt32(18, true), Math.abs(view.getInt32(22, true))];
}

/** @param {DataView} view @param {Uint8Array} bytes @returns {Size|null} */
function webpSize(view, bytes) {
  if (word(bytes, 12, 'VP8X')) return [24, 27].map((at) => 1 + (view.getUint16(at, true) | (view.getUint8(at + 2) << 16)));
  if (word(bytes, 12, 'VP8L')) {
    const bits = view.getUint32(21, true);
    return [1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff)];
  }
  return word(bytes, 12, 'VP8 ') ? [26, 28].map((at) => view.getUint16(at, true) & 0x3fff) : null;
}

/**
 * The largest of the "ispe" boxes: a picture in tiles has one for a tile, too.
 * @param {DataView} view @param {Uint8Array} bytes @returns {Size|null}
 */
function baseMediaSize(view, bytes) {
  const kHeadBytes = 1 << 16;
  /** @type {Size|null} */
  let largest = null;
  for (let at = 8; at + 16 <= Math.min(bytes.length, kHeadBytes); at += 1) {
    if (!word(bytes, at, 'ispe')) continue;
    const size = [view.getUint32(at + 8), view.getUint32(at + 12)];
    if (!largest || size[0] * size[1] > largest[0] * largest[1]) largest = size;
  }
  return largest;
}

/** @param {DataView} view @param {Uint8Array} bytes @returns {Size} */
function tiffSize(view, bytes) {
  const little = bytes[0] === 0x49;
  const directory = view.getUint32(4, little);
  const size = [0, 0];
  for (let index = 0; index < view.getUint16(directory, little); index += 1) {
    const at = directory + 2 + 12 * index;
    const tag = view.getUint16(at, little);
    const value = view.getUint16(at + 2, little) === 3 ? view.getUint16(at + 8, little) : view.getUint32(at + 8, little);
    if (tag === 256 || tag === 257) size[tag - 256] = value;
  }
  return size;
}
