// A DICOM file as a data set: found by content, parsed by dicom-parser, read leniently.
//
// Values are taken from the few tags that other modules name; none of them identifies a patient, but those of
// identifiers.js, which reading a film never comes to.
import { EngineError, fileTooLarge } from '../shared/errors.js';
import { corrupt, noImage } from './failures.js';
import { kLargestDicom } from './limits.js';

const kUid = '1.2.840.10008.1.2';
export const kImplicit = kUid;
export const kExplicit = `${kUid}.1`;
export const kDeflated = `${kUid}.1.99`;
export const kBigEndian = `${kUid}.2`;
export const kRunLength = `${kUid}.5`;

const kPreamble = 128;
const kMagic = [0x44, 0x49, 0x43, 0x4d]; // DICM
const kPixelData = 'x7fe00010';

const hasPreamble = (bytes) => kMagic.every((byte, index) => bytes[kPreamble + index] === byte);
const isCapital = (byte) => byte >= 0x41 && byte <= 0x5a;
const hasVr = (bytes) => isCapital(bytes[4]) && isCapital(bytes[5]);

/** A data set that begins at once with group 0002 or 0008, as src/imaging/sniff.cpp has it. */
function isBare(bytes) {
  if (bytes.length < 8 || (bytes[0] !== 2 && bytes[0] !== 8) || bytes[1] !== 0 || bytes[3] !== 0) return false;
  if (hasVr(bytes)) return true;
  return bytes[0] === 8 && bytes[4] % 2 === 0 && bytes[4] <= 64 && !bytes[5] && !bytes[6] && !bytes[7];
}

/** @param {Uint8Array} bytes the first 132 are enough */
export function looksLikeDicom(bytes) {
  return hasPreamble(bytes) || isBare(bytes);
}

/**
 * @param {Uint8Array} bytes
 * @param {{parser: object, inflater: () => Promise<(bytes: Uint8Array, most: number) => Uint8Array>}} libraries
 * @returns {Promise<DataSet>}
 * @throws {EngineError}
 */
export async function parseDataSet(bytes, { parser, inflater }) {
  if (bytes.length > kLargestDicom) throw fileTooLarge(bytes.length, kLargestDicom);
  if (!looksLikeDicom(bytes)) throw noImage('This is not a DICOM file.');
  if (!hasPreamble(bytes) && bytes[0] === 8) {
    const syntax = hasVr(bytes) ? kExplicit : kImplicit;
    return new DataSet(parse(parser, bytes, { TransferSyntaxUID: syntax }), syntax);
  }
  const file = hasPreamble(bytes) ? bytes : withPreamble(bytes);
  const syntax = transferSyntax(parser, file);
  const inflate = syntax === kDeflated ? await inflater() : null;
  return new DataSet(parse(parser, file, {
    inflater(all, position) {
      const rest = inflate(all.subarray(position), kLargestDicom);
      const whole = new Uint8Array(position + rest.length);
      whole.set(all.subarray(0, position));
      whole.set(rest, position);
      return whole;
    },
  }), syntax);
}

function withPreamble(bytes) {
  const file = new Uint8Array(kPreamble + kMagic.length + bytes.length);
  file.set(kMagic, kPreamble);
  file.set(bytes, kPreamble + kMagic.length);
  return file;
}

function transferSyntax(parser, file) {
  try {
    return clean(parser.readPart10Header(file).string('x00020010'));
  } catch {
    throw corrupt('The header of the DICOM file cannot be read.');
  }
}

/** What was read before an error is kept if the picture is in it: many files end untidily. */
function parse(parser, bytes, options) {
  try {
    return parser.parseDicom(bytes, options);
  } catch (error) {
    if (error instanceof EngineError) throw error;
    if (error?.dataSet?.elements?.[kPixelData]) return error.dataSet;
    throw corrupt('The DICOM file cannot be read to its picture.');
  }
}

const clean = (text) => (text ?? '').replaceAll('\0', '').trim();

/** A data set or an item of a sequence, with forgiving readers. Tags are written as dicom-parser does: x00280010. */
export class DataSet {
  constructor(raw, syntax) {
    this.raw = raw;
    this.syntax = syntax || kImplicit;
  }

  get bigEndian() {
    return this.syntax === kBigEndian;
  }

  get pixelData() {
    return this.raw.elements[kPixelData];
  }

  element(tag) {
    return this.raw.elements[tag];
  }

  has(tag) {
    return Boolean(this.raw.elements[tag]);
  }

  /** '' where there is none. */
  text(tag) {
    return attempt('', () => clean(this.raw.string(tag)));
  }

  texts(tag) {
    const text = this.text(tag);
    return text ? text.split('\\').map((part) => part.trim()) : [];
  }

  /** Decimal strings; what is no number is left out. */
  numbers(tag) {
    return this.texts(tag).map(Number.parseFloat).filter(Number.isFinite);
  }

  unsigned16(tag, fallback = 0) {
    const element = this.element(tag);
    if (!element || element.length < 2) return fallback;
    return attempt(fallback, () => this.raw.uint16(tag) ?? fallback);
  }

  /** Items of a sequence. @returns {DataSet[]} */
  items(tag) {
    return (this.element(tag)?.items ?? []).filter(({ dataSet }) => dataSet).map(({ dataSet }) => new DataSet(dataSet, this.syntax));
  }

  /** The bytes of an element's value; fewer where the file ends early. */
  bytes(element) {
    return this.raw.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
  }
}

function attempt(fallback, action) {
  try {
    return action();
  } catch {
    return fallback;
  }
}
