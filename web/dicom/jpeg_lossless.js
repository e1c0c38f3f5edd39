// JPEG lossless, Huffman coded (ITU-T T.81 process 14, annex H; PS3.5 8.2.1): every selection value, the point transform,
// one or several channels in one scan, restart markers at ends of rows. 2 to 16 bits.
import { corrupt, truncated, unsupported } from './failures.js';
import { readJpegStream } from './jpeg_stream.js';

/** Value before this one in its row, above it, and above that one → what is expected here (T.81 table H.1). @type {(((left: number, above: number, corner: number) => number)|null)[]} */
const kPredictors = [
  null,
  (left) => left,
  (left, above) => above,
  (left, above, corner) => corner,
  (left, above, corner) => left + above - corner,
  (left, above, corner) => left + ((above - corner) >> 1),
  (left, above, corner) => above + ((left - corner) >> 1),
  (left, above) => (left + above) >> 1,
];

/**
 * @param {Uint8Array} bytes
 * @returns {{width: number, height: number, bits: number, channels: number, values: Uint16Array<ArrayBuffer>, hasEnd: boolean}} bits: per
 *   value; channels interleaved
 * @throws {EngineError} corrupt, truncated, unsupported-format
 */
export function decodeJpegLossless(bytes) {
  /** @type {Uint16Array<ArrayBuffer>|null} */
  let values = null;
  const { frame, hasEnd } = readJpegStream(bytes, (header, scan, bits) => {
    if (values) throw corrupt('The lossless JPEG picture has more than one scan of its values.');
    values = readScan(header, scan, bits);
  });
  if (!values) throw truncated('The JPEG picture ends before its first value.');
  return { width: frame.width, height: frame.height, bits: frame.precision, channels: frame.components.length, values, hasEnd };
}

/**
 * @param {import('./jpeg_stream.js').Frame} frame
 * @param {import('./jpeg_stream.js').Scan} scan
 * @param {import('./jpeg_stream.js').Bits} bits
 */
function readScan({ width, height, precision, components }, { parts, first, low, restart }, bits) {
  const channels = components.length;
  const predict = kPredictors[first];
  if (!predict) throw unsupported(`The lossless JPEG picture uses selection value ${first}.`);
  if (parts.length !== channels) throw unsupported(`The lossless JPEG picture keeps its ${channels} channels in scans of their own.`);
  if (components.some(({ across, down }) => across !== 1 || down !== 1) && channels > 1) {
    throw unsupported('The lossless JPEG picture stores some channels with fewer values than others.');
  }
  if (precision < 2 || precision > 16 || low >= precision) throw corrupt(`The lossless JPEG picture states ${precision} bits, ${low} of them left out.`);
  if (restart % width) throw corrupt('The restart markers of the lossless JPEG picture do not stand at ends of rows.');
  const rowsBetween = restart / width;
  const values = new Uint16Array(width * height * channels);
  const step = width * channels;
  const middle = 1 << (precision - low - 1);
  for (let row = 0; row < height; row += 1) {
    const restarts = rowsBetween > 0 && row > 0 && row % rowsBetween === 0;
    if (restarts) bits.restart((row / rowsBetween - 1) % 8);
    const isFirst = row === 0 || restarts;
    for (let at = row * step, column = 0; column < width; column += 1) {
      for (let channel = 0; channel < channels; channel += 1, at += 1) {
        const left = values[at - channels];
        const above = values[at - step];
        const expected = column === 0 ? (isFirst ? middle : above)
          : isFirst ? left : predict(left, above, values[at - step - channels]);
        values[at] = expected + difference(bits, parts[channel].dc);
      }
    }
  }
  if (low) for (let at = 0; at < values.length; at += 1) values[at] <<= low;
  return values;
}

/**
 * Modulo 2^16; a code of 16 has no bits after it (T.81 H.1.2.2).
 * @param {import('./jpeg_stream.js').Bits} bits @param {Uint16Array} table
 */
function difference(bits, table) {
  const size = bits.symbol(table);
  return size === 16 ? 32768 : bits.signed(size);
}
