// One compressed frame through its codec.
//
// Broken streams do not always make a codec fail: some give back what its memory held, which would be another patient's
// picture. So each frame gets a new decoder, the stated size is compared before and after, and a codec that failed in
// any way is thrown away with its memory.
import { EngineError } from '../shared/errors.js';
import { corrupt, guarded, unsupported } from './failures.js';
import { identify } from './code_stream.js';
import { decodeJpeg12 } from './jpeg12.js';

const kClasses = { openjpeg: 'J2KDecoder', openjph: 'HTJ2KDecoder', charls: 'JpegLSDecoder', libjpeg: 'JPEGDecoder' };

/**
 * @typedef {object} Decoded
 * @property {Uint8Array} bytes little-endian values
 * @property {number} allocated bits per value in `bytes`
 * @property {number} bits that count
 * @property {number} channels
 * @property {boolean} planar
 * @property {string} photometric
 *
 * @returns {Promise<Decoded>}
 * @throws {EngineError} corrupt, unsupported-format
 */
export async function decompress(frame, header, libraries) {
  const { codec, width, height } = identify(frame);
  expectSize(header, width, height);
  if (codec === 'jpeg12') return decodeExtended(frame, header);
  const library = await libraries.codec(codec);
  try {
    return codec === 'lossless' ? decodeLossless(library, frame, header) : decodeWasm(library, codec, frame, header);
  } catch (error) {
    libraries.discard(codec);
    throw error instanceof EngineError ? error : corrupt('The compressed picture is damaged and cannot be decoded.');
  }
}

function expectSize({ rows, columns }, width, height) {
  if (width === columns && height === rows) return;
  throw corrupt(`The compressed picture is ${width} × ${height} pixels; the file states ${columns} × ${rows}.`);
}

function decodeWasm(library, codec, frame, header) {
  const decoder = new library[kClasses[codec]]();
  try {
    decoder.getEncodedBuffer(frame.length).set(frame);
    decoder.decode();
    const { width, height, bitsPerSample, componentCount } = decoder.getFrameInfo();
    expectSize(header, width, height);
    if (componentCount !== 1 && componentCount !== 3) throw unsupported(`The picture has ${componentCount} values per pixel.`);
    if (!(bitsPerSample >= 1 && bitsPerSample <= 16)) throw unsupported(`The picture has ${bitsPerSample} bits per value.`);
    const isColour = componentCount === 3;
    return {
      bytes: new Uint8Array(decoder.getDecodedBuffer()),
      allocated: bitsPerSample > 8 ? 16 : 8,
      bits: bitsPerSample,
      channels: componentCount,
      planar: isColour && codec === 'charls' && decoder.getInterleaveMode() === 0,
      photometric: isColour && codec !== 'charls' ? 'RGB' : header.photometric,
    };
  } finally {
    decoder.delete();
  }
}

function decodeExtended(frame, header) {
  const { width, height, values } = guarded('The compressed picture is damaged and cannot be decoded.', () => decodeJpeg12(frame));
  expectSize(header, width, height);
  const bytes = new Uint8Array(values.buffer);
  return { bytes, allocated: 16, bits: 12, channels: 1, planar: false, photometric: header.photometric };
}

function decodeLossless(Decoder, frame, { rows, columns, channels, allocated, stored, photometric }) {
  const bytesPerValue = allocated <= 8 ? 1 : 2;
  const out = new Decoder().decode(frame.buffer, frame.byteOffset, frame.length, bytesPerValue);
  if (out.byteLength !== rows * columns * channels * bytesPerValue) {
    throw corrupt('The compressed picture has another size than the file states.');
  }
  return {
    bytes: new Uint8Array(out.buffer, out.byteOffset, out.byteLength),
    allocated: 8 * bytesPerValue, bits: stored, channels, planar: false, photometric,
  };
}
