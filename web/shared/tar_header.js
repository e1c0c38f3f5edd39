// The header of a file in a tar archive: whether 512 bytes are one. Its check sum says so, in every tar since the seventh
// edition of Unix; the mark "ustar" only in those of POSIX and GNU.

export const kTarBlock = 512;
const kSum = { at: 148, length: 8 };

/** @param {Uint8Array} bytes up to their first 0 */
const ascii = (bytes) => String.fromCharCode(...bytes).replace(/\0[\s\S]*$/, '');

/** A number of the header: octal, or binary where the first bit is set. @param {Uint8Array} header @param {number} at @param {number} length */
export function tarNumber(header, at, length) {
  if (header[at] & 0x80) return header.subarray(at + 1, at + length).reduce((sum, byte) => sum * 256 + byte, 0);
  return Number.parseInt(ascii(header.subarray(at, at + length)).trim() || '0', 8) || 0;
}

/** The check sum counts its own field as spaces, and the bytes of old writers as signed. @param {Uint8Array} header */
export function isTarHeader(header) {
  if (header.length < kTarBlock) return false;
  const counted = Uint8Array.from(header.subarray(0, kTarBlock)).fill(32, kSum.at, kSum.at + kSum.length);
  const sums = [counted.reduce((sum, byte) => sum + byte, 0), counted.reduce((sum, byte) => sum + ((byte << 24) >> 24), 0)];
  return header[0] !== 0 && sums.includes(tarNumber(header, kSum.at, kSum.length));
}
