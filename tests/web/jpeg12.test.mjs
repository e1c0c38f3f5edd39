// The 12-bit JPEG decoder against streams written here coefficient by coefficient, and the transform's definition (T.81
// A.3.3) in floating point. That its values are those of other toolkits is dicom.test.mjs's business.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EngineError } from '../../web/shared/errors.js';
import { decodeJpeg12 } from '../../web/dicom/jpeg12.js';

/** The integer transform keeps 1 bit between its passes: it is 1 grey value of 4,096 off at most. */
const kRoundingOfTransform = 1;

const kZigzag = [...Array(64).keys()].sort((a, b) => {
  const [rowA, rowB] = [a >> 3, b >> 3];
  const [sumA, sumB] = [rowA + (a & 7), rowB + (b & 7)];
  return sumA - sumB || (sumA % 2 ? rowA - rowB : rowB - rowA);
});

const bigEndian = (value) => [value >> 8, value & 255];
const segment = (marker, body) => [0xff, marker, ...bigEndian(body.length + 2), ...body];
/** 255 codes of 8 bits would use up all ones; so 128 codes of 8 bits, the rest of 9: symbol s has code s, or 256 + s. */
const kHuffman = [0, 0, 0, 0, 0, 0, 0, 128, 127, 0, 0, 0, 0, 0, 0, 0, ...Array(255).keys()];

class BitWriter {
  bytes = [];
  #bits = [];

  put(value, count) {
    for (let bit = count - 1; bit >= 0; bit -= 1) this.#bits.push((value >> bit) & 1);
    while (this.#bits.length >= 8) this.#byte(Number.parseInt(this.#bits.splice(0, 8).join(''), 2));
  }

  symbol(symbol) {
    if (symbol < 128) this.put(symbol, 8);
    else this.put(128 + symbol, 9);
  }

  number(value, size) {
    this.put(value < 0 ? value + (1 << size) - 1 : value, size);
  }

  align() {
    while (this.#bits.length) this.put(1, 1);
  }

  #byte(byte) {
    this.bytes.push(byte, ...(byte === 0xff ? [0] : []));
  }
}

const sizeOf = (value) => (value === 0 ? 0 : Math.floor(Math.log2(Math.abs(value))) + 1);

/** @param {number[][]} blocks 64 coefficients each in rows, already divided by the table */
function encode({ width, height, blocks, table, restart = 0, wide = false }) {
  const out = new BitWriter();
  const scan = [];
  let last = 0;
  blocks.forEach((block, index) => {
    if (restart && index && index % restart === 0) {
      out.align();
      scan.push(...out.bytes.splice(0), 0xff, 0xd0 + (index / restart - 1) % 8);
      last = 0;
    }
    const difference = block[0] - last;
    last = block[0];
    out.symbol(sizeOf(difference));
    out.number(difference, sizeOf(difference));
    let run = 0;
    for (let place = 1; place < 64; place += 1) {
      const value = block[kZigzag[place]];
      if (value === 0) run += 1;
      else {
        for (; run > 15; run -= 16) out.symbol(0xf0);
        out.symbol((run << 4) | sizeOf(value));
        out.number(value, sizeOf(value));
        run = 0;
      }
    }
    if (run) out.symbol(0);
  });
  out.align();
  scan.push(...out.bytes);
  const divisors = kZigzag.flatMap((place) => (wide ? bigEndian(table[place]) : [table[place]]));
  return Uint8Array.from([0xff, 0xd8, ...segment(0xdb, [wide ? 0x10 : 0, ...divisors]),
    ...segment(0xc1, [12, ...bigEndian(height), ...bigEndian(width), 1, 1, 0x22, 0]),
    ...segment(0xc4, [0, ...kHuffman]), ...segment(0xc4, [0x10, ...kHuffman]),
    ...(restart ? segment(0xdd, bigEndian(restart)) : []), ...segment(0xda, [1, 1, 0, 0, 63, 0]), ...scan, 0xff, 0xd9]);
}

/** By the definition. */
function expected({ width, height, blocks, table }) {
  const across = Math.ceil(width / 8);
  const scale = (index) => (index === 0 ? Math.SQRT1_2 : 1);
  const cosine = (place, frequency) => Math.cos(((2 * place + 1) * frequency * Math.PI) / 16);
  return Array.from({ length: width * height }, (_, index) => {
    const [x, y] = [index % width, Math.floor(index / width)];
    const block = blocks[across * (y >> 3) + (x >> 3)];
    let sum = 0;
    for (let v = 0; v < 8; v += 1) {
      for (let u = 0; u < 8; u += 1) {
        sum += scale(u) * scale(v) * block[8 * v + u] * table[8 * v + u] * cosine(x & 7, u) * cosine(y & 7, v);
      }
    }
    return Math.max(0, Math.min(4095, sum / 4 + 2048));
  });
}

function picture({ width, height, seed, ...options }) {
  let state = seed;
  const random = (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const table = Array.from({ length: 64 }, (_, index) => 1 + random(options.wide ? 300 : 12) + index);
  const blocks = Array.from({ length: Math.ceil(width / 8) * Math.ceil(height / 8) }, () => {
    const block = Array(64).fill(0);
    block[0] = Math.round((random(12000) - 6000) / table[0]);
    for (let left = random(20); left > 0; left -= 1) {
      const place = 1 + random(63);
      block[place] = Math.round((random(1600) - 800) / table[place]);
    }
    return block;
  });
  return { width, height, blocks, table, ...options };
}

for (const [what, options] of Object.entries({
  'whole blocks': { width: 32, height: 16, seed: 1 },
  'cut at the right and below': { width: 29, height: 11, seed: 2 },
  'one pixel': { width: 1, height: 1, seed: 3 },
  'restart markers': { width: 120, height: 24, seed: 4, restart: 3 },
  'a table of 16-bit divisors': { width: 64, height: 64, seed: 5, wide: true },
})) {
  test(`a stream with ${what} has the values of the definition`, () => {
    const source = picture(options);
    const { width, height, values } = decodeJpeg12(encode(source));
    assert.deepEqual([width, height], [source.width, source.height]);
    expected(source).forEach((value, index) => {
      assert.ok(Math.abs(values[index] - value) <= kRoundingOfTransform + 0.5, `${index}: ${values[index]}, not ${value}`);
    });
  });
}

test('values beyond 12 bits are clamped, not wrapped', () => {
  const table = Array(64).fill(8);
  const flat = (value) => [value, ...Array(63).fill(0)];
  const { values } = decodeJpeg12(encode({ width: 16, height: 8, table, blocks: [flat(2047 + 300), flat(-2048 - 300)] }));
  assert.deepEqual([values[0], values[15]], [4095, 0]);
});

test('a stream cut anywhere ends in an error, never in a picture', () => {
  const bytes = encode(picture({ width: 40, height: 24, seed: 6, restart: 4 }));
  // Its last two bytes are the end marker; the values are whole without it.
  for (let length = 0; length < bytes.length - 2; length += 1) {
    assert.throws(() => decodeJpeg12(bytes.subarray(0, length)), (error) => error instanceof EngineError, `${length} bytes`);
  }
  decodeJpeg12(bytes.subarray(0, bytes.length - 2));
});

test('what is not read is refused by name, what contradicts itself as damaged', () => {
  const bytes = encode(picture({ width: 8, height: 8, seed: 7 }));
  const frame = bytes.findIndex((byte, index) => byte === 0xff && bytes[index + 1] === 0xc1);
  const changed = (at, value) => {
    const copy = bytes.slice();
    copy[at] = value;
    return copy;
  };
  assert.throws(() => decodeJpeg12(changed(frame + 9, 3)), { code: 'corrupt' }, 'three channels in room for one');
  const twice = Uint8Array.from([...bytes.slice(0, frame), ...bytes.slice(frame, frame + 13), ...bytes.slice(frame)]);
  assert.throws(() => decodeJpeg12(twice), { code: 'corrupt' });
  assert.throws(() => decodeJpeg12(changed(frame + 12, 1)), { code: 'corrupt' }, 'a table that is not there');
});
