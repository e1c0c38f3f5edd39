// The stream of a JPEG picture as its decoders here need it: segments, tables, scans, and the bits of entropy-coded data
// (ITU-T T.81, annexes B, C and F.2.2). Huffman coding only. What the bits mean is left to jpeg_scans.js and jpeg_lossless.js.
//
// Nothing damaged is passed over: every restart marker must stand in its place and turn, and each scan must end where its
// last value ends. A decoder that is less strict fills what is missing with something, which is then a picture of nobody.
import { corrupt, truncated, unsupported } from './failures.js';

const kLongestCode = 16;
const kBlock = 64;
const kFirstRestart = 0xd0;
/** A scan of a few bytes can cover the whole picture, so their number bounds the work. Encoders write up to about thirty. */
const kMostScans = 400;

/** Places of the coefficients in the order of the code stream. */
export const kZigzag = Uint8Array.from([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
]);

const damaged = () => corrupt('The header of the JPEG picture contradicts itself.');
/** @param {Uint8Array} bytes @param {number} at */
const word = (bytes, at) => (bytes[at] << 8) | bytes[at + 1];

/**
 * @typedef {object} Component
 * @property {number} id
 * @property {number} across sampling factors
 * @property {number} down
 * @property {number} table its quantisation table
 * @property {Int32Array|null} quantisation in the order of rows, once a scan has begun it
 *
 * @typedef {object} Frame
 * @property {number} process 0 baseline, 1 extended, 2 progressive, 3 lossless
 * @property {number} precision bits per value
 * @property {number} width
 * @property {number} height
 * @property {Component[]} components
 *
 * @typedef {object} Scan
 * @property {number} number from 1
 * @property {{component: Component, dc: Uint16Array, ac: Uint16Array}[]} parts
 * @property {number} first coefficient; of a lossless scan the predictor
 * @property {number} last
 * @property {number} high point transform of the scan before, 0 for none
 * @property {number} low of this one
 * @property {number} restart units between restart markers, 0 for none
 *
 * @typedef {{quantisation: Int32Array[], dc: Uint16Array[], ac: Uint16Array[]}} Tables by their numbers
 *
 * @param {Uint8Array} bytes
 * @param {(frame: Frame, scan: Scan, bits: Bits) => void} readScan reads every value of the scan
 * @returns {{frame: Frame, hasEnd: boolean}} hasEnd: its end marker is there
 * @throws {EngineError} corrupt, truncated, unsupported-format
 */
export function readJpegStream(bytes, readScan) {
  /** @type {Tables} */
  const tables = { quantisation: [], dc: [], ac: [] };
  let restart = 0;
  /** @type {Frame|null} */
  let frame = null;
  let scans = 0;
  let at = startOfImage(bytes);
  let hasEnd = false;
  while ((at = nextMarker(bytes, at)) + 1 < bytes.length) {
    const marker = bytes[at + 1];
    at += 2;
    if (marker === 0xd9) {
      hasEnd = true;
      break;
    }
    if (isStandalone(marker)) continue;
    const length = word(bytes, at);
    if (length < 2) throw damaged();
    const end = at + length;
    if (end > bytes.length) break;
    const body = bytes.subarray(at + 2, end);
    at = end;
    if (marker === 0xdb) readQuantisation(body, tables);
    else if (marker === 0xc4) readHuffman(body, tables);
    else if (marker === 0xdd) restart = word(body, 0);
    else if (isFrame(marker)) frame = readFrame(marker, body, frame);
    if (marker !== 0xda) continue;
    scans += 1;
    if (scans > kMostScans) throw corrupt(`The JPEG picture has more than ${kMostScans} scans.`);
    if (!frame) throw damaged();
    const scan = { ...readScanHeader(body, frame, tables), number: scans, restart };
    const bits = new Bits(bytes, at);
    readScan(frame, scan, bits);
    at = bits.finish(scan);
  }
  if (!frame || !scans) throw truncated('The JPEG picture ends before its first value.');
  return { frame, hasEnd };
}

/** @param {Uint8Array} bytes */
function startOfImage(bytes) {
  let at = 0;
  while (at + 1 < bytes.length && !(bytes[at] === 0xff && bytes[at + 1] === 0xd8)) at += 1;
  return at + 2;
}

/** @param {Uint8Array} bytes @param {number} from */
function nextMarker(bytes, from) {
  let at = from;
  while (at + 1 < bytes.length && (bytes[at] !== 0xff || bytes[at + 1] === 0 || bytes[at + 1] === 0xff)) at += 1;
  return at;
}

/** @param {number} marker */
const isRestart = (marker) => marker >= kFirstRestart && marker <= 0xd7;
/** @param {number} marker */
const isStandalone = (marker) => isRestart(marker) || marker === 0xd8 || marker === 0x01;
/** @param {number} marker */
const isFrame = (marker) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Tables of 64 numbers, of 8 or 16 bits each. @param {Uint8Array} body @param {Tables} tables */
function readQuantisation(body, { quantisation }) {
  for (let at = 0; at < body.length;) {
    const width = body[at] >> 4 ? 2 : 1;
    if (at + 1 + width * kBlock > body.length) throw damaged();
    const table = new Int32Array(kBlock);
    for (let index = 0; index < kBlock; index += 1) {
      const from = at + 1 + width * index;
      table[kZigzag[index]] = width === 2 ? word(body, from) : body[from];
    }
    quantisation[body[at] & 15] = table;
    at += 1 + width * kBlock;
  }
}

/**
 * Tables by what the next 16 bits are: length of the code · 256 + symbol; 0 where they begin no code.
 * @param {Uint8Array} body @param {Tables} tables
 */
function readHuffman(body, { dc, ac }) {
  for (let at = 0; at < body.length;) {
    const counts = body.subarray(at + 1, at + 1 + kLongestCode);
    const symbols = at + 1 + kLongestCode;
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (counts.length < kLongestCode || symbols + total > body.length) throw damaged();
    const table = new Uint16Array(1 << kLongestCode);
    let next = 0;
    let symbol = symbols;
    for (let length = 1; length <= kLongestCode; length += 1) {
      const span = 1 << (kLongestCode - length);
      for (let left = counts[length - 1]; left > 0; left -= 1) {
        if (next + span > table.length) throw damaged();
        table.fill((length << 8) | body[symbol], next, next + span);
        next += span;
        symbol += 1;
      }
    }
    (body[at] >> 4 ? ac : dc)[body[at] & 15] = table;
    at = symbols + total;
  }
}

/** @param {number} marker @param {Uint8Array} body @param {Frame|null} before @returns {Frame} */
function readFrame(marker, body, before) {
  const process = marker & 15;
  if (process > 3) throw unsupported(`The picture is compressed by JPEG process SOF${process}.`);
  const count = body[5];
  if (before || body.length < 6 || body.length < 6 + 3 * count) throw damaged();
  /** @type {Component[]} */
  const components = [];
  for (let at = 6; components.length < count; at += 3) {
    const [id, factors, table] = body.subarray(at, at + 3);
    const component = { id, across: factors >> 4, down: factors & 15, table, quantisation: null };
    if (!(component.across >= 1 && component.across <= 4 && component.down >= 1 && component.down <= 4)) throw damaged();
    components.push(component);
  }
  const frame = { process, precision: body[0], height: word(body, 1), width: word(body, 3), components };
  if (!frame.width || !frame.height || !count) throw damaged();
  return frame;
}

/**
 * @param {Uint8Array} body @param {Frame} frame @param {Tables} tables
 * @returns {Omit<Scan, 'number'|'restart'>}
 */
function readScanHeader(body, frame, { quantisation, dc, ac }) {
  const count = body[0];
  if (count < 1 || count > 4 || body.length < 4 + 2 * count) throw damaged();
  const [first, last, transform] = body.subarray(1 + 2 * count);
  const lossless = frame.process === 3;
  /** @type {Omit<Scan, 'number'|'restart'>} */
  const scan = { parts: [], first, last, high: transform >> 4, low: transform & 15 };
  // Sequential scans hold all of every block, whatever encoders write here.
  if (frame.process < 2) Object.assign(scan, { first: 0, last: kBlock - 1, high: 0, low: 0 });
  if (!lossless && (scan.first > scan.last || scan.last >= kBlock || scan.low > 13)) throw damaged();
  for (let index = 0; index < count; index += 1) {
    const [id, names] = body.subarray(1 + 2 * index, 3 + 2 * index);
    const component = frame.components.find((one) => one.id === id);
    if (!component || scan.parts.some((part) => part.component === component)) throw damaged();
    const part = { component, dc: dc[names >> 4], ac: ac[names & 15] };
    const needsDc = lossless || (scan.first === 0 && scan.high === 0);
    if ((needsDc && !part.dc) || (!lossless && scan.last > 0 && !part.ac)) throw corrupt('The JPEG picture lacks a table that it names.');
    if (!lossless) component.quantisation ??= quantisation[component.table] ?? null;
    if (!lossless && !component.quantisation) throw corrupt('The JPEG picture lacks a quantisation table.');
    scan.parts.push(part);
  }
  return scan;
}

/** The entropy-coded bits: stuffed zeros left out, stopped by the next marker. */
export class Bits {
  #bytes;
  #at;
  #held = 0;
  #count = 0;
  /** Zeros given after the end: a code may look further than it reaches, never use them. */
  #made = 0;

  /** @param {Uint8Array} bytes @param {number} at */
  constructor(bytes, at) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** The symbol of the next code. @param {Uint16Array} table */
  symbol(table) {
    if (this.#count < kLongestCode) this.#fill();
    const entry = table[(this.#held >>> (this.#count - kLongestCode)) & 0xffff];
    if (!entry) throw this.#made ? this.#ended() : corrupt('The JPEG picture holds a code that its tables lack.');
    this.#take(entry >> 8);
    return entry & 0xff;
  }

  /** The next `size` bits, at most 16, as they are. @param {number} size */
  plain(size) {
    if (size === 0) return 0;
    if (this.#count < size) this.#fill();
    const number = (this.#held >>> (this.#count - size)) & ((1 << size) - 1);
    this.#take(size);
    return number;
  }

  /** A number of `size` bits, negative ones below half (T.81 F.2.2.1). @param {number} size */
  signed(size) {
    if (size > 15) throw corrupt('The JPEG picture holds a value of more bits than it can have.');
    const number = this.plain(size);
    return size && number < 1 << (size - 1) ? number - (1 << size) + 1 : number;
  }

  /** Past restart marker `number` of 0 to 7, which must come next. @param {number} number */
  restart(number) {
    this.#expectNoMore();
    while (this.#bytes[this.#at] === 0xff && this.#bytes[this.#at + 1] === 0xff) this.#at += 1;
    const marker = this.#bytes[this.#at + 1];
    if (marker === undefined || marker === 0xd9) throw this.#ended();
    if (marker !== kFirstRestart + number) throw corrupt(`The JPEG picture lacks restart marker ${number} where it belongs.`);
    this.#at += 2;
    this.#held = 0;
    this.#count = 0;
    this.#made = 0;
  }

  /** After the last value of a scan. @param {Scan} scan @returns {number} where the next marker stands */
  finish({ number }) {
    this.#expectNoMore({ padded: true });
    let at = this.#at;
    while (this.#bytes[at] === 0xff) at += 1;
    const marker = this.#bytes[at];
    if (marker === 0 || isRestart(marker)) throw corrupt(`Scan ${number} of the JPEG picture goes on after its last value.`);
    return this.#at;
  }

  /**
   * Of the data up to the next marker nothing but the bits that fill up the last byte may be left; without a marker behind it,
   * also one byte that makes the length even, as DICOM wants it.
   */
  #expectNoMore({ padded = false } = {}) {
    let left = (this.#count - this.#made) >> 3;
    while (this.#next() >= 0) left += 1;
    if (padded && this.#at === this.#bytes.length && this.#bytes[this.#at - 1] === 0) left -= 1;
    if (left > 0) throw corrupt(`The JPEG picture has ${left} bytes more than its values need.`);
  }

  /** @returns {number} the next byte of data, −1 at a marker or at the end */
  #next() {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) return -1;
    if (byte !== 0xff) {
      this.#at += 1;
      return byte;
    }
    if (this.#bytes[this.#at + 1] !== 0) return -1;
    this.#at += 2;
    return byte;
  }

  #fill() {
    while (this.#count <= kLongestCode) {
      const byte = this.#next();
      if (byte < 0) this.#made += 8;
      this.#held = (this.#held << 8) | Math.max(0, byte);
      this.#count += 8;
    }
  }

  /** @param {number} count */
  #take(count) {
    this.#count -= count;
    if (this.#count < this.#made) throw this.#ended();
  }

  #ended() {
    return truncated('The JPEG picture ends before its last value.');
  }
}
