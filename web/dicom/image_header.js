// The shape of a DICOM picture: its size, its bits, its frames; refused here where it cannot be read, before any pixel.
import { corrupt, noImage, tooLarge, truncated, unsupported } from './failures.js';
import { kLongestSide, kMostFrames, kMostPixels } from './limits.js';

/** Kinds of objects without a picture, by the beginning of their SOP class. The longest match counts. @type {[start: string, kind: string, hint?: string][]} */
const kObjects = [
  ['1.2.840.10008.1.3.10', 'a DICOM folder index (DICOMDIR)', 'Drop the folder with the films themselves.'],
  ['1.2.840.10008.5.1.4.1.1.88.', 'a structured report'],
  ['1.2.840.10008.5.1.4.1.1.88.59', 'a list of key images'],
  ['1.2.840.10008.5.1.4.1.1.11.', 'a presentation state (how to show another file)'],
  ['1.2.840.10008.5.1.4.1.1.9.', 'a waveform, such as an electrocardiogram'],
  ['1.2.840.10008.5.1.4.1.1.104.', 'a document packed into DICOM', 'Open it in a DICOM viewer.'],
  ['1.2.840.10008.5.1.4.1.1.66', 'a registration, a segmentation or raw data'],
  ['1.2.840.10008.5.1.4.1.1.481.', 'a radiotherapy object'],
];

/** Transfer syntaxes whose pixels are fetched from elsewhere (JPIP, PS3.5 A.6 and A.7). */
const kReferenced = ['94', '95', '204', '205'].map((last) => `1.2.840.10008.1.2.4.${last}`);

/**
 * @typedef {object} ImageHeader
 * @property {number} rows
 * @property {number} columns
 * @property {number} allocated bits per value as stored: 1, 8, 16 or 32
 * @property {number} stored bits per value that count
 * @property {number} shift bits below those that count, by High Bit
 * @property {boolean} signed
 * @property {number} channels 1 or 3
 * @property {boolean} planar channels one after the other
 * @property {string} photometric
 * @property {number} frames
 * @property {string[]} notes what was assumed where the file says nothing, or nothing that can be
 *
 * @param {import('./data_set.js').DataSet} data
 * @returns {ImageHeader}
 * @throws {EngineError}
 */
export function readImageHeader(data) {
  if (!data.pixelData) throw withoutPixels(data);
  /** @type {ImageHeader} */
  const header = {
    rows: data.unsigned16('x00280010'),
    columns: data.unsigned16('x00280011'),
    allocated: data.unsigned16('x00280100'),
    stored: data.unsigned16('x00280101'),
    shift: 0,
    signed: data.unsigned16('x00280103') === 1,
    channels: data.unsigned16('x00280002', 1),
    planar: data.unsigned16('x00280006') === 1,
    photometric: data.text('x00280004').toUpperCase().replace(/^(MONOCHROME) +(?=[12]$)/, '$1'),
    frames: Math.max(1, Number.parseInt(data.text('x00280008'), 10) || 1),
    notes: [],
  };
  const { rows, columns } = header;
  if (!rows || !columns || !header.allocated) throw corrupt('The DICOM file does not say how large its picture is.');
  if (rows > kLongestSide || columns > kLongestSide || rows * columns > kMostPixels) {
    throw tooLarge(`The picture is ${columns} × ${rows} pixels; the limit is ${kMostPixels / 1e6} million.`);
  }
  if (header.frames > kMostFrames) throw tooLarge(`The file states ${header.frames} frames; at most ${kMostFrames} are read.`);
  if (header.channels !== 1 && header.channels !== 3) throw unsupported(`The picture has ${header.channels} values per pixel.`);
  if (![1, 8, 16, 32].includes(header.allocated)) throw unsupported(`The picture has ${header.allocated} bits per value.`);
  settleBits(data, header);
  if (!header.photometric) {
    header.photometric = header.channels === 1 ? 'MONOCHROME2' : 'RGB';
    header.notes.push(`The file does not say what its values mean (no Photometric Interpretation): read as ${header.photometric}.`);
  }
  return header;
}

/**
 * Bits Stored, High Bit and Bits Allocated against each other and, where they cannot be, against the length of the picture.
 * @param {import('./data_set.js').DataSet} data @param {ImageHeader} header changed to what holds
 */
function settleBits(data, header) {
  const { rows, columns, channels, frames, allocated } = header;
  if (!header.stored) header.stored = allocated;
  if (header.stored > allocated) {
    const found = `Bits Stored is ${header.stored}, Bits Allocated ${allocated}`;
    const wider = [8, 16, 32].find((bits) => bits >= header.stored);
    const values = rows * columns * channels * frames;
    const { pixelData } = data;
    if (pixelData && !pixelData.fragments && (!wider || pixelData.length !== (values * wider) / 8)) {
      throw corrupt(`${found}, and its ${pixelData.length} bytes of Pixel Data are not those of ${values} values of ${wider ?? header.stored} bits.`);
    }
    header.allocated = wider ?? allocated;
    header.stored = Math.min(header.stored, header.allocated);
    header.notes.push(`${found}: read as ${header.allocated} bits a value, as long as the picture is.`);
  }
  const high = data.unsigned16('x00280102', header.stored - 1);
  if (high >= header.stored && high < header.allocated) header.shift = high + 1 - header.stored;
}

/** @param {import('./data_set.js').DataSet} data */
function withoutPixels(data) {
  if (kReferenced.includes(data.syntax)) return unsupported('The picture lies at an address in the network, not in the file.');
  if (data.has('x7fe00008') || data.has('x7fe00009')) return unsupported('The picture is stored as floating-point numbers.');
  if (!data.whole) return truncated('The DICOM file ends, or cannot be read on, before its picture.');
  const sopClass = data.text('x00080016') || data.fileSopClass;
  const known = kObjects.filter(([start]) => sopClass.startsWith(start)).at(-1);
  return noImage(`This DICOM file is ${known?.[1] ?? 'an object'}${known ? ':' : ' that'} ${known ? 'it ' : ''}holds no picture.`,
    known?.[2]);
}
