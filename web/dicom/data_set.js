// A DICOM file as a data set: found by content, read leniently by elements.js, in the encoding that its bytes have.
//
// The stated transfer syntax is believed for what only it can say (a compression, a byte order of pixels); whether values
// have representations and in which order their bytes lie is seen in the data set's first element. What was assumed is a
// note, for the reader of the film.
//
// Values are taken from the few tags that other modules name; none of them identifies a patient, but those of
// identifiers.js, which reading a film never comes to.
import { fileTooLarge } from '../shared/errors.js';
import { decodeText } from './character_set.js';
import { ElementReader, hasVr } from './elements.js';
import { guarded, noImage } from './failures.js';
import { kLargestDicom } from './limits.js';

const kUid = '1.2.840.10008.1.2';
export const kImplicit = kUid;
export const kExplicit = `${kUid}.1`;
export const kDeflated = `${kUid}.1.99`;
export const kBigEndian = `${kUid}.2`;
export const kRunLength = `${kUid}.5`;
/** A maker's own, whose data set is little endian and whose pixels are not. */
const kGeBigEndianPixels = '1.2.840.113619.5.2';

const kPreamble = 128;
const kMagic = [0x44, 0x49, 0x43, 0x4d]; // DICM
/** Groups that a data set without header begins with. Anonymised ones lack the first. */
const kFirstGroups = [0x08, 0x10, 0x18, 0x20, 0x28];

/** @param {Uint8Array} bytes */
const hasPreamble = (bytes) => kMagic.every((byte, index) => bytes[kPreamble + index] === byte);

/**
 * A data set without preamble: its header, or at once one of its first groups, as src/imaging/sniff.cpp has it.
 * @param {Uint8Array} bytes
 */
function isBare(bytes) {
  if (bytes.length < 8) return false;
  if (bytes[0] === 0 && bytes[2] === 0 && kFirstGroups.includes(bytes[1])) return hasVr(bytes, 4); // big endian
  if (bytes[1] !== 0 || bytes[3] !== 0) return false;
  if (bytes[0] === 2 || kFirstGroups.includes(bytes[0])) {
    if (hasVr(bytes, 4)) return true;
    return bytes[0] !== 2 && bytes[4] % 2 === 0 && bytes[4] <= 64 && !bytes[5] && !bytes[6] && !bytes[7];
  }
  return false;
}

/** @param {Uint8Array} bytes the first 132 are enough */
export function looksLikeDicom(bytes) {
  return hasPreamble(bytes) || isBare(bytes);
}

/**
 * @param {Uint8Array} bytes
 * @param {{inflater: import('./libraries.js').Inflater}} libraries
 * @returns {Promise<DataSet>}
 * @throws {EngineError}
 */
export async function parseDataSet(bytes, { inflater }) {
  if (bytes.length > kLargestDicom) throw fileTooLarge(bytes.length, kLargestDicom);
  if (!looksLikeDicom(bytes)) throw noImage('This is not a DICOM file.');
  const header = readFileHeader(bytes);
  const stated = header.syntax;
  let data = bytes.subarray(header.next);
  const inflated = stated === kDeflated && !beginsDataSet(data);
  if (inflated) {
    const inflate = await inflater();
    // Some writers wrap what is compressed as zlib does (RFC 1950): two bytes before it.
    const deflated = (data[0] & 15) === 8 && ((data[0] << 8) | data[1]) % 31 === 0 ? data.subarray(2) : data;
    data = guarded('The compressed data set cannot be inflated.', () => inflate(deflated, kLargestDicom));
  }
  const encoding = encodingOf(data, stated);
  const { elements, whole, mended } = readElements(data, encoding);
  const notes = [
    inflated || stated !== kDeflated ? assumption(stated, encoding, header.present) : 'The file states a compressed data set; it is not compressed.',
    mended ? 'A sequence of the file states a wrong length: it was read by its items.' : '',
  ].filter(Boolean);
  return new DataSet(data, { elements, encoding, syntax: stated || nameOf(encoding), whole, notes, sopClass: header.sopClass });
}

/**
 * Group 0002, whatever its stated length. @returns {{syntax: string, sopClass: string, next: number, present: boolean}}
 * @param {Uint8Array} bytes
 */
function readFileHeader(bytes) {
  const start = hasPreamble(bytes) ? kPreamble + kMagic.length : 0;
  const beginsHeader = bytes[start] === 2 && bytes[start + 1] === 0;
  if (!beginsHeader) return { syntax: '', sopClass: '', next: start, present: start > 0 };
  const reader = new ElementReader(bytes, { explicit: hasVr(bytes, start + 4), littleEndian: true });
  const { elements, next } = reader.read(start, bytes.length, (tag) => tag >= 0x00030000);
  /** @param {string} tag */
  const text = (tag) => {
    const element = elements.get(tag);
    return element ? clean(latin1(bytes.subarray(element.offset, element.offset + element.length))) : '';
  };
  return { syntax: text('x00020010'), sopClass: text('x00020002'), next, present: true };
}

/** Whether one of the first groups begins here, as nothing deflated does. @param {Uint8Array} bytes */
const beginsDataSet = (bytes) => isBare(bytes) && bytes[0] !== 2;

/**
 * @typedef {{explicit: boolean, littleEndian: boolean, bigEndianPixels: boolean}} Encoding
 *
 * @param {Uint8Array} bytes the data set
 * @param {string} syntax the stated transfer syntax
 * @returns {Encoding}
 */
function encodingOf(bytes, syntax) {
  const explicit = bytes.length < 8 ? syntax !== kImplicit : hasVr(bytes, 4);
  const littleEndian = bytes.length < 8 ? syntax !== kBigEndian : !(bytes[0] === 0 && bytes[1] !== 0);
  return { explicit, littleEndian, bigEndianPixels: !littleEndian || syntax === kGeBigEndianPixels };
}

/** @param {Encoding} encoding */
const nameOf = ({ explicit, littleEndian }) => (!explicit ? kImplicit : littleEndian ? kExplicit : kBigEndian);

/**
 * What was assumed against the file's header or without its word; '' where nothing was.
 * @param {string} stated @param {Encoding} encoding @param {boolean} hasHeader
 */
function assumption(stated, encoding, hasHeader) {
  const found = `${encoding.explicit ? 'explicit' : 'implicit'} value representations, ${encoding.littleEndian ? 'little' : 'big'} endian`;
  if (!stated) return `The file ${hasHeader ? 'states no transfer syntax' : 'has no header'}; by its bytes it was read as ${found}.`;
  if (stated === kGeBigEndianPixels) return `A transfer syntax of one maker: read as ${found}, the pixels as big endian.`;
  if (!stated.startsWith(kUid)) return `A transfer syntax that is not of the standard: by its bytes it was read as ${found}.`;
  const expected = { explicit: stated !== kImplicit, littleEndian: stated !== kBigEndian };
  if (expected.explicit === encoding.explicit && expected.littleEndian === encoding.littleEndian) return '';
  return `The file’s transfer syntax is not that of its data; by its bytes it was read as ${found}.`;
}

/** Of the picture: without these it cannot be read. Rows, Columns, Bits Allocated. */
const kSize = ['x00280010', 'x00280011', 'x00280100'];

/**
 * Up to the picture, and behind it what there is up to the file's end: tags ascend, but not in every file. Bytes that are no elements
 * to their end are passed over, unless the picture's size must be among them. Once more with every sequence walked where a wrong
 * length hid the picture.
 * @param {Uint8Array} bytes @param {Encoding} encoding
 */
function readElements(bytes, encoding) {
  /** @param {boolean} byContent */
  const attempt = (byContent) => {
    const reader = new ElementReader(bytes, { ...encoding, byContent });
    /** @param {number} _ @param {import('./elements.js').Elements} elements */
    const stop = (_, elements) => elements.has('x7fe00010') && kSize.every((tag) => elements.has(tag));
    const { elements, next, whole } = reader.read(0, bytes.length, stop);
    const { mended } = reader;
    const behind = elements.has('x7fe00010') && whole && next < bytes.length ? reader.read(next) : null;
    if (behind?.whole) for (const [tag, element] of behind.elements) if (!elements.has(tag)) elements.set(tag, element);
    return { elements, whole, mended };
  };
  const first = attempt(false);
  if (first.elements.has('x7fe00010')) return first;
  const second = attempt(true);
  return second.elements.has('x7fe00010') ? second : first;
}

/** @param {Uint8Array} bytes */
const latin1 = (bytes) => new TextDecoder('latin1').decode(bytes);
/** @param {string} text */
const clean = (text) => text.replaceAll('\0', '').trim();

/** A data set or an item of a sequence, with forgiving readers. Tags are written x00280010. */
export class DataSet {
  /**
   * @param {Uint8Array} bytes that the elements lie in
   * @param {{elements: import('./elements.js').Elements, encoding: Encoding, syntax: string, whole?: boolean, notes?: string[],
   *   sopClass?: string, characterSet?: string[]}} parts `whole`: the file does not end within an element
   */
  constructor(bytes, { elements, encoding, syntax, whole = true, notes = [], sopClass = '', characterSet = [] }) {
    this.all = bytes;
    this.elements = elements;
    this.encoding = encoding;
    this.syntax = syntax;
    this.whole = whole;
    this.notes = notes;
    this.fileSopClass = sopClass;
    const stated = this.element('x00080005');
    this.characterSet = stated ? clean(latin1(this.bytes(stated))).split('\\') : characterSet;
  }

  get bigEndian() {
    return !this.encoding.littleEndian;
  }

  /** Whether the file names a compression that its pixels should have. */
  get statesCompression() {
    return this.syntax === kRunLength || this.syntax.startsWith(`${kUid}.4.`);
  }

  get pixelData() {
    return this.element('x7fe00010');
  }

  /** @param {string} tag */
  element(tag) {
    return this.elements.get(tag);
  }

  /** @param {string} tag */
  has(tag) {
    return this.elements.has(tag);
  }

  /** Codes and numbers; '' where there is none. @param {string} tag */
  text(tag) {
    const element = this.element(tag);
    return element ? clean(latin1(this.bytes(element))) : '';
  }

  /** What a person wrote, in the file's character set; '' where there is none. @param {string} tag */
  words(tag) {
    const element = this.element(tag);
    return element ? clean(decodeText(this.bytes(element), this.characterSet)) : '';
  }

  /** @param {string} tag */
  texts(tag) {
    const text = this.text(tag);
    return text ? text.split('\\').map((part) => part.trim()) : [];
  }

  /** Decimal strings in their places; NaN for what is no number. @param {string} tag */
  places(tag) {
    return this.texts(tag).map((text) => (Number.isFinite(Number.parseFloat(text)) ? Number.parseFloat(text) : Number.NaN));
  }

  /** Decimal strings; what is no number is left out. @param {string} tag */
  numbers(tag) {
    return this.places(tag).filter(Number.isFinite);
  }

  /**
   * Values of 16 bits; empty where there is none. Some makers write them as 32 bits; those of no known representation are little
   * endian in any file (PS3.5 6.2.2).
   * @param {string} tag
   */
  unsigned16s(tag) {
    const element = this.element(tag);
    if (!element) return [];
    const view = new DataView(this.all.buffer, this.all.byteOffset + element.offset, element.length);
    const littleEndian = !this.bigEndian || element.vr === 'UN';
    if (element.vr === 'UL' || element.vr === 'SL') {
      return Array.from({ length: element.length >> 2 }, (_, index) => Math.min(view.getUint32(4 * index, littleEndian), 0xffff));
    }
    return Array.from({ length: element.length >> 1 }, (_, index) => view.getUint16(2 * index, littleEndian));
  }

  /** @param {string} tag @param {number} [fallback] */
  unsigned16(tag, fallback = 0) {
    return this.unsigned16s(tag)[0] ?? fallback;
  }

  /** Items of a sequence. @param {string} tag @returns {DataSet[]} */
  items(tag) {
    const element = this.element(tag);
    if (!element || element.fragments) return [];
    const encoding = element.implicit ? { ...this.encoding, explicit: false, littleEndian: true } : this.encoding;
    const { all, syntax, characterSet } = this;
    return new ElementReader(all, encoding).items(element)
      .map((elements) => new DataSet(all, { elements, encoding, syntax, characterSet }));
  }

  /** The bytes of an element's value, or of a fragment; fewer where the file ends early. @param {{offset: number, length: number}} span */
  bytes({ offset, length }) {
    return this.all.subarray(offset, offset + length);
  }
}
