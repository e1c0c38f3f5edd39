// Adds a text to a PNG: a tEXt chunk after the header (PNG specification, 11.3.3.2), for programs that list them.

const kSignatureAndHeader = 8 + 25;

const kTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

/** CRC-32 as PNG has it (ISO 3309). @param {Uint8Array} bytes */
export function crc32(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = kTable[(value ^ byte) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/**
 * @param {Uint8Array} png
 * @param {string} keyword such as "Disclaimer"; Latin-1, as is the text
 * @param {string} text
 */
export function withText(png, keyword, text) {
  const body = Buffer.from(`tEXt${keyword}\0${text}`, 'latin1');
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(body.length - 4, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return Buffer.concat([png.subarray(0, kSignatureAndHeader), chunk, png.subarray(kSignatureAndHeader)]);
}
