// Lookup tables of DICOM: a descriptor of three words (number of entries, where 0 means 65536; the first input, with a sign where
// what comes in may have one; bits of an entry) and the entries, in words or, sloppily, in bytes.
//
// A palette's tables may be written in segments (PS3.3 C.7.9.2): single entries, straight lines, and references to segments
// that came before.

export const kMostEntries = 65536;

/** @param {Uint8Array} bytes */
const viewOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/**
 * @param {import('./data_set.js').DataSet} data whatever holds the elements
 * @param {{descriptor: string, entries: string, segments?: string}} tags
 * @param {boolean} signed what comes in may be negative, where the descriptor's own representation does not say so
 * @returns {LookupTable|null} null where there is none that can be read
 *
 * @typedef {{first: number, bits: number, values: number[]}} LookupTable values from `first` on, 0 to 65535
 */
export function lookupTable(data, tags, signed) {
  const littleEndian = !data.bigEndian;
  const descriptor = data.element(tags.descriptor);
  const words = viewOf(descriptor ? data.bytes(descriptor) : new Uint8Array());
  if (words.byteLength < 6) return null;
  const count = words.getUint16(0, littleEndian) || kMostEntries;
  const plain = data.element(tags.entries);
  const segments = data.element(tags.segments ?? '');
  /** @type {number[]} */
  let values = [];
  const bits = words.getUint16(4, littleEndian) || 16;
  if (plain) values = plainEntries(data.bytes(plain), count, bits, littleEndian);
  else if (segments) values = segmentedEntries(viewOf(data.bytes(segments)), count, littleEndian);
  if (values.length === 0) return null;
  return {
    first: signed || descriptor?.vr === 'SS' ? words.getInt16(2, littleEndian) : words.getUint16(2, littleEndian),
    bits,
    values,
  };
}

/** @param {Uint8Array} bytes @param {number} count @param {number} bits @param {boolean} littleEndian @returns {number[]} */
function plainEntries(bytes, count, bits, littleEndian) {
  // One byte an entry, where there are as many bytes as entries; else words, as many as there are.
  const even = count + (count % 2);
  if (bits <= 8 ? bytes.length < 2 * count : bytes.length === count || bytes.length === even) return Array.from(bytes.subarray(0, count));
  const view = viewOf(bytes);
  return Array.from({ length: Math.min(count, bytes.length >> 1) }, (_, index) => view.getUint16(2 * index, littleEndian));
}

/**
 * What the segments say before they end or say nonsense, at most `count` entries.
 * @param {DataView} view @param {number} count @param {boolean} littleEndian @returns {number[]}
 */
function segmentedEntries(view, count, littleEndian) {
  /** @type {number[]} */
  const values = [];
  /** @param {number} at @returns {number} */
  const word = (at) => (at + 2 <= view.byteLength ? view.getUint16(at, littleEndian) : Number.NaN);
  /** @param {number} at @param {number} length */
  const copy = (at, length) => {
    for (let index = 0; index < length && values.length < count; index += 1) values.push(word(at + 2 * index));
    return at + 2 * length;
  };
  /** @param {number} at @param {number} length */
  const line = (at, length) => {
    const from = values.at(-1) ?? 0;
    const to = word(at);
    for (let step = 1; step <= length && values.length < count; step += 1) values.push(Math.round(from + ((to - from) * step) / length));
    return at + 2;
  };
  /** @param {number} at @param {boolean} mayRefer @returns {number} where the next segment begins; NaN at the end */
  const segment = (at, mayRefer) => {
    const length = word(at + 2);
    if (length === 0) return Number.NaN; // each adds something, so that they come to an end
    switch (word(at)) {
      case 0: return copy(at + 4, length);
      case 1: return line(at + 4, length);
      case 2: return mayRefer ? refer(at + 4, length) : Number.NaN;
      default: return Number.NaN;
    }
  };
  /** @param {number} at @param {number} segments @returns {number} */
  const refer = (at, segments) => {
    let there = word(at) + 65536 * word(at + 2);
    for (let left = segments; left > 0 && values.length < count; left -= 1) there = segment(there, false);
    return at + 4;
  };
  for (let at = 0; at < view.byteLength && values.length < count;) at = segment(at, true);
  const nonsense = values.findIndex(Number.isNaN);
  return nonsense < 0 ? values : values.slice(0, nonsense);
}
