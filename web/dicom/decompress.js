// One compressed frame through its codec.
//
// A codec that is given a damaged stream may fill what is missing with anything, even with what its memory held: another
// patient's picture. So every stream is proven to be whole first, as far as its format allows; the codec's memory is set
// back to how it was before its first picture; a warning of a codec counts as an error; and a codec that failed in any way
// is thrown away.
import { EngineError } from '../shared/errors.js';
import { identify } from './code_stream.js';
import { corrupt, guarded, unsupported } from './failures.js';
import { decodeJpeg12 } from './jpeg12.js';
import { endMarker, jpeg2000Header, proveTileParts } from './jpeg2000_parts.js';
import { decodeJpegLossless } from './jpeg_lossless.js';
import { readJpegScans } from './jpeg_scans.js';

/** @type {Record<CodecName, string>} */
const kClasses = { openjpeg: 'J2KDecoder', openjph: 'HTJ2KDecoder', charls: 'JpegLSDecoder', libjpeg: 'JPEGDecoder' };
const kDamaged = 'The compressed picture is damaged and cannot be decoded.';

/**
 * @typedef {object} Decoded
 * @property {Uint8Array} bytes little-endian values
 * @property {number} allocated bits per value in `bytes`
 * @property {number} bits that count: of a code stream, those that it states
 * @property {boolean} [signed] of a code stream that says so itself, whatever the file's header says
 * @property {boolean} [exact] of a code stream: no value has bits beyond those that it states, or it is damaged
 * @property {number} channels
 * @property {boolean} planar
 * @property {string} photometric
 * @property {string[]} [notes] what a reader should know of the stream
 *
 * @typedef {import('./libraries.js').CodecName} CodecName
 * @typedef {import('./image_header.js').ImageHeader} ImageHeader
 *
 * @param {Uint8Array} frame
 * @param {ImageHeader} header
 * @param {import('./libraries.js').DicomLibraries} libraries
 * @returns {Promise<Decoded>}
 * @throws {EngineError} corrupt, truncated, unsupported-format
 */
export async function decompress(frame, header, libraries) {
  const { codec, width, height, components, signed } = identify(frame);
  expectSize(header, width, height);
  if (components !== 1 && components !== 3) throw unsupported(`The picture has ${components} values per pixel.`);
  const { stream, notes, own } = guarded(kDamaged, () => prove(codec, frame));
  const stated = { exact: true, photometric: photometricOf(components, header, notes), signed: signOf(codec, signed, header, notes), notes };
  if (own) return { ...ownPicture(own, header), ...stated };
  const name = /** @type {CodecName} */ (codec);  // the others have decoded their picture by now
  const library = await libraries.codec(name);
  try {
    return { ...decodeWasm(library, name, stream, header, components), ...stated };
  } catch (error) {
    if (error instanceof EngineError) throw error; // found here; the codec itself did not fail
    libraries.discard(name);
    throw corrupt(kDamaged);
  }
}

/** @param {{rows: number, columns: number}} header @param {number} width @param {number} height */
function expectSize({ rows, columns }, width, height) {
  if (width === columns && height === rows) return;
  throw corrupt(`The compressed picture is ${width} × ${height} pixels; the file states ${columns} × ${rows}.`);
}

const kNoEnd = 'The end marker of the compressed picture is missing; all of its values are there.';

/**
 * @typedef {{width: number, height: number, bits: number, channels?: number, values: Uint16Array<ArrayBuffer>, hasEnd: boolean}} OwnPicture
 * @typedef {{stream: Uint8Array, notes: string[], own?: OwnPicture|null}} Proven own: decoded here already, which is its proof
 *
 * @param {import('./code_stream.js').CodeStream['codec']} codec
 * @param {Uint8Array} frame
 * @returns {Proven}
 */
function prove(codec, frame) {
  if (codec === 'openjpeg' || codec === 'openjph') return proveJpeg2000(frame);
  if (codec === 'charls') return withEnd(frame);
  const own = codec === 'jpeg12' ? decodeJpeg12(frame) : codec === 'lossless' ? decodeJpegLossless(frame) : null;
  const { hasEnd } = own ?? readJpegScans(frame);
  return { stream: hasEnd ? frame : withBytes(frame, [0xff, 0xd9]), notes: hasEnd ? [] : [kNoEnd], own };
}

/**
 * CharLS itself accepts no stream that ends early or late; but without an end marker it searches one for a minute.
 * @param {Uint8Array} frame @returns {Proven}
 */
function withEnd(frame) {
  const end = endMarker(frame);
  if (end >= 0) return { stream: frame.subarray(0, end + 2), notes: [] };
  return { stream: withBytes(frame, [0xff, 0xd9]), notes: [kNoEnd] };
}

/** @param {Uint8Array} frame @returns {Proven} */
function proveJpeg2000(frame) {
  const header = jpeg2000Header(frame);
  const { hasEnd, end } = proveTileParts(frame, header);
  if (hasEnd) return { stream: frame.subarray(0, end + 2), notes: [] };
  return { stream: withBytes(frame.subarray(header.start, end), [0xff, 0xd9]), notes: [kNoEnd] };
}

/** @param {Uint8Array} bytes @param {number[]} more */
function withBytes(bytes, more) {
  const out = new Uint8Array(bytes.length + more.length);
  out.set(bytes);
  out.set(more, bytes.length);
  return out;
}

/**
 * The stream says how many values a pixel has (PS3.5 8.2.1): a header that says otherwise is wrong, and said to be.
 * @param {number} components @param {ImageHeader} header @param {string[]} notes added to
 */
function photometricOf(components, { channels, photometric }, notes) {
  if (components === channels) return photometric;
  notes.push(`The file states ${channels} ${channels === 1 ? 'value' : 'values'} per pixel, its compressed picture has ${components}: `
    + 'the picture is taken.');
  if (components === 3) return 'RGB';
  return photometric.startsWith('MONOCHROME') ? photometric : 'MONOCHROME2';
}

/**
 * A JPEG 2000 stream says whether its values have a sign; a JPEG picture of 8 bits has none (PS3.5 8.2.1). Makers put values with a
 * sign into streams that say nothing of it, as they are: there the header is right. So it is where values fill their words: the
 * common toolkits read those words as the header says.
 * @param {import('./code_stream.js').CodeStream['codec']} codec @param {boolean} streamSigned @param {ImageHeader} header
 * @param {string[]} notes added to
 */
function signOf(codec, streamSigned, { signed, stored, allocated }, notes) {
  if (streamSigned && !signed) {
    const fills = stored === allocated;
    notes.push(`The values of the compressed picture have a sign; the file says that they have none: the ${fills ? 'file is followed' : 'picture is taken'}.`);
    return !fills;
  }
  if (codec !== 'libjpeg' || !signed) return streamSigned || signed;
  notes.push('The file says that its values have a sign; those of its compressed picture have none: the picture is taken.');
  return false;
}

/**
 * @param {import('./libraries.js').Codec} codec
 * @param {CodecName} name
 * @param {Uint8Array} stream
 * @param {ImageHeader} header
 * @param {number} components
 */
function decodeWasm({ library, messages, rewind }, name, stream, header, components) {
  rewind();
  const decoder = new library[kClasses[name]]();
  try {
    decoder.getEncodedBuffer(stream.length).set(stream);
    decoder.decode();
    const { width, height, bitsPerSample, componentCount } = decoder.getFrameInfo();
    if (messages.some((message) => /warning|error/i.test(message))) throw corrupt(kDamaged);
    expectSize(header, width, height);
    if (componentCount !== components) throw corrupt(kDamaged);
    if (!(bitsPerSample >= 1 && bitsPerSample <= 16)) throw unsupported(`The picture has ${bitsPerSample} bits per value.`);
    const allocated = bitsPerSample > 8 ? 16 : 8;
    const bytes = new Uint8Array(decoder.getDecodedBuffer());
    if (bytes.length !== (width * height * components * allocated) / 8) throw corrupt(kDamaged);
    const planar = components === 3 && name === 'charls' && decoder.getInterleaveMode() === 0;
    return { bytes, allocated, bits: bitsPerSample, channels: components, planar };
  } finally {
    decoder.delete();
  }
}

/** @param {OwnPicture} picture @param {ImageHeader} header */
function ownPicture({ width, height, bits, channels = 1, values }, header) {
  expectSize(header, width, height);
  return { bytes: new Uint8Array(values.buffer), allocated: 16, bits, channels, planar: false };
}
