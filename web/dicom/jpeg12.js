// JPEG of 12 bits, extended sequential, Huffman coded, one channel (ITU-T T.81 process 4, PS3.5 8.2.1).
//
// The one code stream that is decoded here and not by a library: no package reads it that is small, kept and right.
// libjpeg-turbo as packaged is for 8 bits; the decoder that DICOM viewers in JavaScript share shifts every value by 15.
// The inverse cosine transform is the accurate integer one of the Independent JPEG Group's library (jidctint.c, Loeffler,
// Ligtenberg and Moschytz 1989) with its rounding, so that the values equal those of the common toolkits to the last bit.
// Not read: progressive, arithmetic or 12-bit colour pictures; process 2 is 8 bits and libjpeg-turbo's.
import { corrupt, truncated, unsupported } from './failures.js';

const kBlock = 64;
const kGreatest = 4095;
const kMiddle = 2048;
const kLongestCode = 16;

/** Places of the coefficients in the order of the code stream. */
const kZigzag = Uint8Array.from([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
]);

/**
 * @param {Uint8Array} frame from its SOI marker on; web/dicom/code_stream.js has found its size to be the picture's
 * @returns {{width: number, height: number, values: Uint16Array}} values 0..4095
 * @throws {EngineError} corrupt, truncated, unsupported-format
 */
export function decodeJpeg12(frame) {
  const stream = { quantisation: [], dc: [], ac: [], restart: 0, frame: null };
  for (const { marker, body, end } of segments(frame)) {
    if (marker === 0xdb) readQuantisation(body, stream);
    else if (marker === 0xc4) readHuffman(body, stream);
    else if (marker === 0xdd) stream.restart = word(body, 0);
    else if (marker === 0xc1) stream.frame = readFrame(body, stream);
    else if (marker === 0xda) return decodeScan(frame, end, readScan(body, stream));
  }
  throw truncated('The JPEG picture ends before its first value.');
}

const damaged = () => corrupt('The header of the JPEG picture contradicts itself.');
const word = (bytes, at) => (bytes[at] << 8) | bytes[at + 1];

function* segments(bytes) {
  let at = 0;
  while (at + 1 < bytes.length && !(bytes[at] === 0xff && bytes[at + 1] === 0xd8)) at += 1;
  for (at += 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff || bytes[at + 1] === 0xff || bytes[at + 1] === 0) {
      at += 1;
      continue;
    }
    const length = word(bytes, at + 2);
    const end = at + 2 + length;
    if (length < 2) throw damaged();
    if (end > bytes.length) return;
    yield { marker: bytes[at + 1], body: bytes.subarray(at + 4, end), end };
    at = end;
  }
}

/** Tables of 64 numbers, of 8 or 16 bits each. */
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

/** Tables by what the next 16 bits are: length of the code · 256 + symbol; 0 where they begin no code. */
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

function readFrame(body, { frame }) {
  if (frame || body.length < 9) throw damaged();
  if (body[0] !== 12 || body[5] !== 1) throw unsupported(`The JPEG picture has ${body[5]} channels of ${body[0]} bits.`);
  return { height: word(body, 1), width: word(body, 3), quantisation: body[8] };
}

function readScan(body, { frame, quantisation, dc, ac, restart }) {
  if (!frame || body[0] !== 1 || body.length < 3) throw damaged();
  const tables = { dc: dc[body[2] >> 4], ac: ac[body[2] & 15], quantisation: quantisation[frame.quantisation] };
  if (!tables.dc || !tables.ac || !tables.quantisation) throw damaged();
  return { ...frame, ...tables, restart };
}

/** One channel: the blocks lie row by row whatever the sampling factors say (T.81 A.2.2). */
function decodeScan(bytes, start, { width, height, dc, ac, quantisation, restart }) {
  const values = new Uint16Array(width * height);
  const bits = new Bits(bytes, start);
  const block = new Int32Array(kBlock);
  const across = Math.ceil(width / 8);
  const blocks = across * Math.ceil(height / 8);
  let level = 0;
  for (let index = 0; index < blocks; index += 1) {
    if (restart && index && index % restart === 0) {
      bits.restart();
      level = 0;
    }
    level += readBlock(bits, dc, ac, quantisation, block);
    block[0] = level * quantisation[0];
    inverseTransform(block);
    store(block, values, width, height, 8 * (index % across), 8 * Math.floor(index / across));
  }
  return { width, height, values };
}

/** Fills the block's coefficients but the first. @returns {number} the first one's difference to the block before */
function readBlock(bits, dc, ac, quantisation, block) {
  block.fill(0);
  const difference = bits.signed(bits.symbol(dc));
  for (let index = 1; index < kBlock; index += 1) {
    const symbol = bits.symbol(ac);
    const size = symbol & 15;
    const run = symbol >> 4;
    if (size === 0 && run < 15) break;
    index += run;
    if (index >= kBlock) throw corrupt('The JPEG picture has more values in a block than fit.');
    if (size) block[kZigzag[index]] = bits.signed(size) * quantisation[kZigzag[index]];
  }
  return difference;
}

function store(block, values, width, height, left, top) {
  const columns = Math.min(8, width - left);
  const rows = Math.min(8, height - top);
  for (let row = 0; row < rows; row += 1) {
    const at = (top + row) * width + left;
    for (let column = 0; column < columns; column += 1) {
      values[at + column] = Math.max(0, Math.min(kGreatest, block[8 * row + column] + kMiddle));
    }
  }
}

/** The entropy-coded bits: stuffed zeros left out, stopped by the next marker. */
class Bits {
  #bytes;
  #at;
  #held = 0;
  #count = 0;
  /** Zeros given after the end: a code may look further than it reaches, never use them. */
  #made = 0;

  constructor(bytes, at) {
    this.#bytes = bytes;
    this.#at = at;
  }

  symbol(table) {
    this.#need(kLongestCode);
    const entry = table[(this.#held >>> (this.#count - kLongestCode)) & 0xffff];
    if (!entry) throw this.#made ? this.#ended() : corrupt('The JPEG picture holds a code that its tables lack.');
    this.#take(entry >> 8);
    return entry & 0xff;
  }

  /** A number of `size` bits, negative ones below half (T.81 F.2.2.1); 16 bits are no value of 12-bit pictures. */
  signed(size) {
    if (size === 0) return 0;
    if (size > 15) throw corrupt('The JPEG picture holds a value of more bits than it can have.');
    this.#need(size);
    const number = (this.#held >>> (this.#count - size)) & ((1 << size) - 1);
    this.#take(size);
    return number < 1 << (size - 1) ? number - (1 << size) + 1 : number;
  }

  /** Past the next restart marker. */
  restart() {
    this.#held = 0;
    this.#count = 0;
    this.#made = 0;
    const { length } = this.#bytes;
    while (this.#at + 1 < length && (this.#bytes[this.#at] !== 0xff || this.#bytes[this.#at + 1] === 0)) this.#at += 1;
    const marker = this.#bytes[this.#at + 1];
    if (this.#at + 1 >= length) throw this.#ended();
    if (marker < 0xd0 || marker > 0xd7) throw corrupt('The JPEG picture lacks a restart marker.');
    this.#at += 2;
  }

  #need(count) {
    while (this.#count < count) {
      const byte = this.#bytes[this.#at];
      const stuffed = byte === 0xff;
      if (byte === undefined || (stuffed && this.#bytes[this.#at + 1] !== 0)) {
        this.#made += 8;
        this.#held <<= 8;
      } else {
        this.#held = (this.#held << 8) | byte;
        this.#at += stuffed ? 2 : 1;
      }
      this.#count += 8;
    }
  }

  #take(count) {
    this.#count -= count;
    if (this.#count < this.#made) throw this.#ended();
  }

  #ended() {
    return truncated('The JPEG picture ends before its last value.');
  }
}

const kPrecision = 13; // bits after the point in the constants: FIX(x) of jidctint.c
const kKept = 1; // bits after the point between the passes, for 12-bit pictures

/** In place: coefficients to differences from the middle grey. Columns first, then rows. */
function inverseTransform(block) {
  for (let column = 0; column < 8; column += 1) inversePass(block, column, 8, kPrecision - kKept);
  for (let row = 0; row < 8; row += 1) inversePass(block, 8 * row, 1, kPrecision + kKept + 3);
}

function inversePass(data, at, step, shift) {
  const i1 = at + step, i2 = i1 + step, i3 = i2 + step, i4 = i3 + step, i5 = i4 + step, i6 = i5 + step, i7 = i6 + step;
  const half = 1 << (shift - 1);

  const even = (data[i2] + data[i6]) * 4433;
  const below = even - data[i6] * 15137, above = even + data[i2] * 6270;
  const sum = (data[at] + data[i4]) * 8192, difference = (data[at] - data[i4]) * 8192;
  const e0 = sum + above + half, e3 = sum - above + half, e1 = difference + below + half, e2 = difference - below + half;

  const z5 = (data[i7] + data[i3] + data[i5] + data[i1]) * 9633;
  const z1 = (data[i7] + data[i1]) * -7373, z2 = (data[i5] + data[i3]) * -20995;
  const z3 = (data[i7] + data[i3]) * -16069 + z5, z4 = (data[i5] + data[i1]) * -3196 + z5;
  const o0 = data[i7] * 2446 + z1 + z3, o1 = data[i5] * 16819 + z2 + z4;
  const o2 = data[i3] * 25172 + z2 + z3, o3 = data[i1] * 12299 + z1 + z4;

  data[at] = (e0 + o3) >> shift;
  data[i7] = (e0 - o3) >> shift;
  data[i1] = (e1 + o2) >> shift;
  data[i6] = (e1 - o2) >> shift;
  data[i2] = (e2 + o1) >> shift;
  data[i5] = (e2 - o1) >> shift;
  data[i3] = (e3 + o0) >> shift;
  data[i4] = (e3 - o0) >> shift;
}
