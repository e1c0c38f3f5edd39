// Writes DICOM files for tests: explicit representations, little endian, element by element, so that also what no library
// writes can be written. Texts are Latin-1, or bytes.

export const kExplicitLittleEndian = '1.2.840.10008.1.2.1';
const kLong = ['OB', 'OW', 'OV', 'SQ', 'UN', 'UT', 'SV', 'UV'];

/** Words of 16 bits, little-endian. @param {...number} values */
export function words(...values) {
  const out = Buffer.alloc(2 * values.length);
  values.forEach((value, index) => out.writeUInt16LE(value & 0xffff, 2 * index));
  return out;
}

/** @param {number} group @param {number} number @param {string} vr @param {string|Uint8Array} value */
export function element(group, number, vr, value) {
  const body = typeof value === 'string' ? Buffer.from(value, 'latin1') : Buffer.from(value);
  const even = body.length % 2 ? Buffer.concat([body, Buffer.from(['UI', 'OB'].includes(vr) ? '\0' : ' ')]) : body;
  const long = kLong.includes(vr);
  const head = Buffer.alloc(long ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, 'latin1');
  if (long) head.writeUInt32LE(even.length, 8);
  else head.writeUInt16LE(even.length, 6);
  return Buffer.concat([head, even]);
}

/** A sequence of stated length. @param {...Buffer[]} items each a list of elements */
export function sequence(group, number, ...items) {
  return element(group, number, 'SQ', Buffer.concat(items.map((elements) => {
    const body = Buffer.concat(elements);
    const head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
    head.writeUInt32LE(body.length, 4);
    return Buffer.concat([head, body]);
  })));
}

/** A file with preamble and header. @param {Buffer[]} elements of the data set, in the order of their tags */
export function part10(elements, syntax = kExplicitLittleEndian) {
  const meta = element(2, 0x10, 'UI', syntax);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  return new Uint8Array(Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), element(2, 0, 'UL', length), meta, ...elements]));
}

/**
 * A frontal chest film of one frame.
 * @param {{width: number, height: number, values: ArrayLike<number>, allocated?: number, stored?: number, high?: number,
 *   signed?: boolean, photometric?: string, before?: Buffer[], extra?: Buffer[]}} film `before`: elements of groups below
 *   0028; `extra`: from (0028,0104) on
 * @returns {Uint8Array}
 */
export function filmFile({ width, height, values, allocated = 16, stored = 12, high = stored - 1, signed = false,
  photometric = 'MONOCHROME2', before = [], extra = [] }) {
  const pixels = allocated === 8 ? Buffer.from(Uint8Array.from(values)) : Buffer.from(Uint16Array.from(values).buffer);
  return part10([
    element(8, 0x16, 'UI', '1.2.840.10008.5.1.4.1.1.1.1'), element(8, 0x60, 'CS', 'DX'),
    element(0x18, 0x15, 'CS', 'CHEST'), element(0x18, 0x5101, 'CS', 'PA'), ...before,
    element(0x28, 2, 'US', words(1)), element(0x28, 4, 'CS', photometric), element(0x28, 0x10, 'US', words(height)),
    element(0x28, 0x11, 'US', words(width)), element(0x28, 0x100, 'US', words(allocated)), element(0x28, 0x101, 'US', words(stored)),
    element(0x28, 0x102, 'US', words(high)), element(0x28, 0x103, 'US', words(signed ? 1 : 0)), ...extra,
    element(0x7fe0, 0x10, allocated === 8 ? 'OB' : 'OW', pixels),
  ]);
}

export const window = (centre, width) => [element(0x28, 0x1050, 'DS', String(centre)), element(0x28, 0x1051, 'DS', String(width))];
export const rescale = (intercept, slope) => [element(0x28, 0x1052, 'DS', String(intercept)), element(0x28, 0x1053, 'DS', String(slope))];

/** @param {number[]} entries of 12 bits, the first for stored value 0 */
export const voiLut = (entries) => sequence(0x28, 0x3010, [
  element(0x28, 0x3002, 'US', words(entries.length, 0, 12)), element(0x28, 0x3006, 'OW', words(...entries))]);
