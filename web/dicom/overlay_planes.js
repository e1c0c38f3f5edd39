// Drawings over the picture: the overlay planes of groups 6000 to 601E (PS3.3 C.9.2), all of them together as one bit for each
// pixel of the picture. They are shown where a reader asks for them, and never part of what the network sees.
//
// A plane has its own element of bits, row by row from the lowest bit, or, in files of old, one bit beside those that count in
// every word of the picture. It may be smaller or larger than the picture and lie anywhere over it.
import { frameBytes } from './frame_bytes.js';

/** Of a plane; more are no drawing over a radiograph. */
const kMostBits = 256 * 1024 * 1024;

/**
 * Groups that hold a plane, as the first half of their tags.
 * @typedef {import('./data_set.js').DataSet} DataSet
 * @typedef {import('./image_header.js').ImageHeader} ImageHeader
 * @typedef {(index: number) => number} BitAt a bit of a plane by its place, row by row
 *
 * @param {DataSet} data
 */
const groupsOf = (data) => Array.from({ length: 16 }, (_, index) => `x60${(2 * index).toString(16).padStart(2, '0')}`)
  .filter((group) => data.has(`${group}3000`) || data.has(`${group}0102`));

/**
 * Whether a plane lies in bits of the picture's own words, above those that count.
 * @param {DataSet} data @param {ImageHeader} header
 */
export const drawsAbove = (data, { stored, shift }) => groupsOf(data).some((group) => (
  !data.has(`${group}3000`) && data.unsigned16(`${group}0102`) >= stored + shift));

/**
 * A plane's bits, or null where the file does not hold them.
 * @param {DataSet} data @param {ImageHeader} header @param {number} frame from 0 @param {string} group
 * @param {{rows: number, columns: number}} size of the plane
 * @returns {BitAt|null}
 */
function bitsOf(data, header, frame, group, { rows, columns }) {
  const size = rows * columns;
  const element = data.element(`${group}3000`);
  if (element) {
    const frames = data.numbers(`${group}0015`)[0] ?? 1;
    const first = data.unsigned16(`${group}0051`, 1);
    const own = frames > 1 ? frame + 1 - first : 0;
    if (own < 0 || own >= frames) return null;
    const bytes = data.bytes(element);
    if (bytes.length < Math.ceil((size * (own + 1)) / 8)) return null;
    const swap = data.bigEndian && element.vr === 'OW' ? 1 : 0;
    return (index) => {
      const bit = own * size + index;
      return (bytes[(bit >> 3) ^ swap] >> (bit & 7)) & 1;
    };
  }
  const position = data.unsigned16(`${group}0102`);
  if (header.allocated !== 16 || header.channels !== 1 || position > 15 || rows !== header.rows || columns !== header.columns) return null;
  const { bytes, compressed } = frameBytes(data, header, frame);
  if (compressed) return null;
  const [byte, bit] = [data.encoding.bigEndianPixels ? 1 - (position >> 3) : position >> 3, position & 7];
  return (index) => (bytes[2 * index + byte] >> bit) & 1;
}

/**
 * @param {DataSet} data @param {ImageHeader} header @param {number} frame from 0
 * @returns {{bits: Uint8Array<ArrayBuffer>|null, notes: string[]}} bits: rows × columns of the picture, row by row from the lowest bit of each
 *   byte; null where nothing is drawn
 */
export function drawingOver(data, header, frame) {
  const groups = groupsOf(data);
  if (groups.length === 0) return { bits: null, notes: [] };
  const bits = new Uint8Array(Math.ceil((header.rows * header.columns) / 8));
  let drawn = 0;
  for (const group of groups) {
    const rows = data.unsigned16(`${group}0010`, header.rows);
    const columns = data.unsigned16(`${group}0011`, header.columns);
    const bit = rows * columns > 0 && rows * columns <= kMostBits ? bitsOf(data, header, frame, group, { rows, columns }) : null;
    if (!bit) continue;
    drawn += 1;
    const [top, left] = data.unsigned16s(`${group}0050`).map((place) => ((place << 16) >> 16) - 1);
    draw(bits, header, { rows, columns, top: top ?? 0, left: left ?? 0, bit });
  }
  /** @param {number} number */
  const count = (number) => (number === 1 ? 'a drawing' : `${number} drawings`);
  const one = groups.length === 1;
  const notes = drawn === 0 ? [`The file holds ${count(groups.length)} over the picture (overlay planes) that cannot be read.`]
    : [`The file holds ${count(groups.length)} over the picture (overlay planes), hidden as the film opens; the network does not see ${one ? 'it' : 'them'}.`
      + (drawn < groups.length ? ` ${groups.length - drawn} cannot be read.` : '')];
  return { bits: drawn > 0 ? bits : null, notes };
}

/**
 * Adds a plane to the bits of the picture, as far as it lies over it.
 * @param {Uint8Array} bits @param {ImageHeader} header
 * @param {{rows: number, columns: number, top: number, left: number, bit: BitAt}} plane
 */
function draw(bits, header, { rows, columns, top, left, bit }) {
  for (let row = Math.max(0, -top); row < Math.min(rows, header.rows - top); row += 1) {
    for (let column = Math.max(0, -left); column < Math.min(columns, header.columns - left); column += 1) {
      if (bit(row * columns + column) === 0) continue;
      const at = (row + top) * header.columns + column + left;
      bits[at >> 3] |= 1 << (at & 7);
    }
  }
}
