// The bytes of one frame: cut out of plain pixel data, or put together from fragments with or without an offset table.
import { corrupt, guarded, truncated } from './failures.js';

/** Bits per pixel in a file without compression; YBR_FULL_422 stores Cb and Cr for every other pixel only. */
const bitsPerPixel = ({ allocated, channels, photometric }) => (
  photometric === 'YBR_FULL_422' && channels === 3 ? 2 * allocated : allocated * channels);

/** @returns {Uint8Array} @throws {EngineError} corrupt, truncated */
export function frameBytes(data, header, index, parser) {
  const element = data.pixelData;
  if (!element.encapsulatedPixelData) return plainFrame(data, header, index);
  return guarded('The fragments of the compressed picture do not fit together.',
    () => compressedFrame(data, header, index, parser));
}

function plainFrame(data, header, index) {
  const length = Math.ceil((header.rows * header.columns * bitsPerPixel(header)) / 8);
  const start = data.pixelData.dataOffset + index * length;
  const there = data.raw.byteArray.length - start;
  if (there < length) {
    throw truncated(`The file ends within its picture: ${Math.max(0, there)} of ${length} bytes are there.`);
  }
  return data.raw.byteArray.subarray(start, start + length);
}

function compressedFrame(data, header, index, parser) {
  const element = data.pixelData;
  const fragments = element.fragments?.length ?? 0;
  if (fragments === 0) throw corrupt('The compressed picture has no data.');
  const { raw } = data;
  // The parser believes their lengths and would allocate what they claim.
  if (element.fragments.some(({ position, length }) => position + length > raw.byteArray.length)) {
    throw truncated('The file ends within its compressed picture.');
  }
  if (header.frames === 1) return parser.readEncapsulatedPixelDataFromFragments(raw, element, 0, fragments);
  if (element.basicOffsetTable?.length === header.frames) return parser.readEncapsulatedImageFrame(raw, element, index);
  if (fragments === header.frames) return parser.readEncapsulatedPixelDataFromFragments(raw, element, index);
  return parser.readEncapsulatedImageFrame(raw, element, index, parser.createJPEGBasicOffsetTable(raw, element));
}
