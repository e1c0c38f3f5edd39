// Adds a text to a PNG: a tEXt chunk after the header (PNG specification, 11.3.3.2), for programs that list them. Every
// picture that is exported says in this way that it is no diagnosis. Used by the page and by the command line.
import { crc32 } from './crc32.js';

const kSignatureAndHeader = 8 + 25;

/**
 * @param {Uint8Array} png
 * @param {string} keyword such as "Disclaimer"; Latin-1, as is the text; a character that is none becomes "?"
 * @param {string} text
 * @returns {Uint8Array}
 */
export function withText(png, keyword, text) {
  const body = Uint8Array.from(`tEXt${keyword}\0${text}`, (character) => (character.charCodeAt(0) < 256 ? character.charCodeAt(0) : 63));
  const out = new Uint8Array(png.length + body.length + 8);
  const numbers = new DataView(out.buffer);
  out.set(png.subarray(0, kSignatureAndHeader));
  numbers.setUint32(kSignatureAndHeader, body.length - 4);
  out.set(body, kSignatureAndHeader + 4);
  numbers.setUint32(kSignatureAndHeader + 4 + body.length, crc32(body));
  out.set(png.subarray(kSignatureAndHeader), kSignatureAndHeader + 8 + body.length);
  return out;
}
