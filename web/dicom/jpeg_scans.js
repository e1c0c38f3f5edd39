// The coefficients of a JPEG picture, sequential or progressive (ITU-T T.81, annexes F and G): every block of every
// component, or an error. For jpeg12.js, which makes a picture of them, and as proof that a stream is whole before a library
// decodes it: libraries fill what is missing.
import { corrupt, truncated } from './failures.js';
import { kZigzag, readJpegStream } from './jpeg_stream.js';

const kBlock = 64;
const kNothing = 127;
/** The mean of the darkest block, as the transform scales it, by bits; pictures of 12 bits go beyond theirs on purpose. */
const kDarkest = { 8: 8 * 128 + 64, 12: 1.5 * 8 * 2048 };

/**
 * @typedef {object} Plane
 * @property {Int16Array} coefficients 64 per block, in the order of rows, not multiplied by the quantisation yet; empty where
 *   they are not kept
 * @property {Int32Array} quantisation
 * @property {number} across blocks in a row
 * @property {number} down rows of blocks
 * @property {number} stride blocks from one row to the next
 * @property {number} unitsAcross
 * @property {number} unitsDown
 * @property {number} blockSize values kept of a block, 0 for none
 * @property {Component} component
 * @property {Uint8Array} lowestBit of each coefficient, the lowest that a scan has given; kNothing before the first
 *
 * @typedef {import('./jpeg_stream.js').Bits} Bits
 * @typedef {import('./jpeg_stream.js').Component} Component
 * @typedef {import('./jpeg_stream.js').Frame} Frame
 * @typedef {import('./jpeg_stream.js').Scan} Scan
 *
 * @typedef {object} Reading what goes on from block to block of a scan
 * @property {Int32Array} levels the mean of the block before, by component
 * @property {number[]} most the largest that it can be
 * @property {number} run blocks of a band that hold nothing new
 *
 * @typedef {(bits: Bits, coefficients: Int16Array, at: number, dc: Uint16Array, ac: Uint16Array, state: Reading, index: number) => void} ReadBlock
 *
 * @param {Uint8Array} bytes
 * @param {{keep?: boolean}} [options] without `keep` the coefficients are only proven to be there
 * @returns {{width: number, height: number, precision: number, planes: Plane[], hasEnd: boolean}}
 * @throws {EngineError} corrupt, truncated, unsupported-format
 */
export function readJpegScans(bytes, { keep = false } = {}) {
  /** @type {Plane[]} */
  let planes = [];
  const { frame, hasEnd } = readJpegStream(bytes, (header, scan, bits) => {
    if (!planes.length) planes = makePlanes(header, keep);
    checkProgression(header, scan, planes);
    readUnits(header, scan, bits, planes);
  });
  for (const plane of planes) {
    const missing = plane.lowestBit.some((bit) => bit > 0);
    if (missing) throw truncated('The JPEG picture ends before its last scan: its finer parts are missing.');
    plane.quantisation = quantisationOf(plane.component);
  }
  return { width: frame.width, height: frame.height, precision: frame.precision, planes, hasEnd };
}

/** @param {Component} component of a scan that has begun, which has made sure of its table */
const quantisationOf = ({ quantisation }) => /** @type {Int32Array} */ (quantisation);

/** @param {Frame} frame @param {boolean} keep @returns {Plane[]} */
function makePlanes(frame, keep) {
  /** @param {'across'|'down'} side */
  const most = (side) => Math.max(...frame.components.map((component) => component[side]));
  const [across, down] = [most('across'), most('down')];
  const unitsAcross = Math.ceil(frame.width / (8 * across));
  const unitsDown = Math.ceil(frame.height / (8 * down));
  return frame.components.map((component) => {
    const stride = unitsAcross * component.across;
    const stored = keep || frame.process === 2;
    return {
      component, quantisation: new Int32Array(kBlock), lowestBit: new Uint8Array(kBlock).fill(kNothing),
      // Scans of one component have the blocks that hold pixels, scans of several those that fill up their units.
      across: Math.ceil((frame.width * component.across) / across / 8), down: Math.ceil((frame.height * component.down) / down / 8),
      stride, unitsAcross, unitsDown,
      coefficients: new Int16Array(stored ? kBlock * stride * unitsDown * component.down : kBlock), blockSize: stored ? kBlock : 0,
    };
  });
}

/**
 * Every scan continues where the one before it left its coefficients (T.81 G.1.1.1).
 * @param {Frame} frame @param {Scan} scan @param {Plane[]} planes
 */
function checkProgression({ process }, scan, planes) {
  const { first, last, high, low, number, parts } = scan;
  if (process === 2 && (first > 0 ? parts.length > 1 : last > 0)) {
    throw corrupt(`Scan ${number} of the JPEG picture mixes what scans keep apart.`);
  }
  if (high && high !== low + 1) throw corrupt(`Scan ${number} of the JPEG picture refines more than one bit.`);
  for (const { component } of parts) {
    const { lowestBit } = planeOf(component, planes);
    for (let k = first; k <= last; k += 1) {
      if (lowestBit[k] !== (high || kNothing)) throw corrupt(`Scan ${number} of the JPEG picture repeats or skips a part of it.`);
      lowestBit[k] = low;
    }
  }
}

/** @param {Component} component @param {Plane[]} planes there is one of each component */
const planeOf = (component, planes) => /** @type {Plane} */ (planes.find((plane) => plane.component === component));

/** @param {Frame} frame @param {Scan} scan @param {Bits} bits @param {Plane[]} planes */
function readUnits(frame, scan, bits, planes) {
  const read = blockReader(frame, scan);
  const most = scan.parts.map(({ component }) => (
    (frame.precision === 8 ? kDarkest[8] : kDarkest[12]) / quantisationOf(component)[0] + 2));
  const state = { levels: new Int32Array(scan.parts.length), most, run: 0 };
  const parts = scan.parts.map((part) => ({ ...part, plane: planeOf(part.component, planes) }));
  const [only] = parts;
  const alone = parts.length === 1;
  const unitsAcross = alone ? only.plane.across : only.plane.unitsAcross;
  const units = unitsAcross * (alone ? only.plane.down : only.plane.unitsDown);
  let restarts = 0;
  for (let unit = 0; unit < units; unit += 1) {
    if (scan.restart && unit && unit % scan.restart === 0) {
      if (state.run) throw corrupt('A run of the JPEG picture goes on over a restart marker.');
      bits.restart(restarts++ % 8);
      state.levels.fill(0);
    }
    const column = unit % unitsAcross;
    const row = (unit - column) / unitsAcross;
    for (let index = 0; index < parts.length; index += 1) {
      const { plane, dc, ac } = parts[index];
      const { coefficients, stride, blockSize, component: { across, down } } = plane;
      if (alone) {
        read(bits, coefficients, blockSize * (row * stride + column), dc, ac, state, index);
        continue;
      }
      for (let y = 0; y < down; y += 1) {
        for (let x = 0; x < across; x += 1) {
          read(bits, coefficients, blockSize * ((row * down + y) * stride + column * across + x), dc, ac, state, index);
        }
      }
    }
  }
  if (state.run) throw corrupt(`Scan ${scan.number} of the JPEG picture goes on after its last block.`);
}

/** How a block of this scan is read. @param {Frame} frame @param {Scan} scan @returns {ReadBlock} */
function blockReader({ process }, { first, last, high, low }) {
  if (process !== 2) return readSequential;
  if (first === 0) return high ? (bits, coefficients, at) => { coefficients[at] |= bits.plain(1) << low; } : firstLevels(low);
  return high ? refiningBand(first, last, low) : firstBand(first, last, low);
}

const tooMany = () => corrupt('The JPEG picture has more values in a block than fit.');

/**
 * The mean of a block is coded as its difference to the one before, so that a damaged difference shifts every block after it:
 * sooner or later one is darker than black or brighter than white.
 * @param {Bits} bits
 * @param {Uint16Array} dc
 * @param {Reading} state
 * @param {number} index of the component
 * @param {number} [low]
 */
function nextLevel(bits, dc, { levels, most }, index, low = 0) {
  levels[index] += bits.signed(bits.symbol(dc));
  const level = levels[index] << low;
  if (Math.abs(level) > most[index] + (1 << low)) throw corrupt('The JPEG picture has a block darker than black or brighter than white.');
  return level;
}

/** @type {ReadBlock} */
function readSequential(bits, coefficients, at, dc, ac, state, index) {
  coefficients[at] = nextLevel(bits, dc, state, index);
  for (let k = 1; k < kBlock; k += 1) {
    const symbol = bits.symbol(ac);
    const size = symbol & 15;
    if (symbol === 0) return;
    k += symbol >> 4;
    if (k >= kBlock || (size === 0 && symbol !== 0xf0)) throw tooMany();
    if (size) coefficients[at + kZigzag[k]] = bits.signed(size);
  }
}

/** @param {number} low @returns {ReadBlock} */
const firstLevels = (low) => (bits, coefficients, at, dc, ac, state, index) => {
  coefficients[at] = nextLevel(bits, dc, state, index, low);
};

/** The first scan of a band (T.81 G.1.2.2). @param {number} first @param {number} last @param {number} low @returns {ReadBlock} */
const firstBand = (first, last, low) => (bits, coefficients, at, dc, ac, state) => {
  if (state.run) {
    state.run -= 1;
    return;
  }
  for (let k = first; k <= last; k += 1) {
    const symbol = bits.symbol(ac);
    const run = symbol >> 4;
    const size = symbol & 15;
    if (size === 0 && run < 15) {
      state.run = (1 << run) + bits.plain(run) - 1;
      return;
    }
    k += run;
    if (k > last) throw tooMany();
    if (size) coefficients[at + kZigzag[k]] = bits.signed(size) << low;
  }
};

/**
 * A scan that adds one bit to a band (T.81 G.1.2.3): one to each value other than zero, and new values.
 * @param {number} first @param {number} last @param {number} low @returns {ReadBlock}
 */
const refiningBand = (first, last, low) => (bits, coefficients, at, dc, ac, state) => {
  const one = 1 << low;
  /** @param {number} place */
  const refine = (place) => {
    if (bits.plain(1)) coefficients[place] += coefficients[place] > 0 ? one : -one;
  };
  let k = first;
  while (!state.run && k <= last) {
    const symbol = bits.symbol(ac);
    const size = symbol & 15;
    let run = symbol >> 4;
    if (size > 1) throw corrupt('The JPEG picture refines a value by more than one bit.');
    if (size === 0 && run < 15) {
      state.run = (1 << run) + bits.plain(run);
      break;
    }
    const value = size === 0 ? 0 : bits.plain(1) ? one : -one;
    for (; k <= last; k += 1) {
      const place = at + kZigzag[k];
      if (coefficients[place]) refine(place);
      else if (run-- === 0) break;
    }
    if (k > last) throw tooMany();
    if (value) coefficients[at + kZigzag[k]] = value;
    k += 1;
  }
  if (!state.run) return;
  state.run -= 1;
  for (; k <= last; k += 1) {
    const place = at + kZigzag[k];
    if (coefficients[place]) refine(place);
  }
};
