// Large films for measuring, made on the spot: smooth shapes with grain, so that they compress like films and not like drawings.
import { deflateSync } from 'node:zlib';
import { crc32 } from '../../web/shared/crc32.js';

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/**
 * A grey PNG of side × side pixels, rows filtered by "up" as encoders do with films.
 * @param {number} side
 * @param {8|16} bits
 * @returns {{png: Buffer, compressed: Buffer}} the file, and its zlib stream alone
 */
export function makeFilm(side, bits) {
  const full = 2 ** bits - 1;
  const bytes = bits / 8;
  const rows = Buffer.alloc(side * (side * bytes + 1));
  let above = new Uint8Array(side * bytes);
  let seed = 1;
  for (let y = 0; y < side; y += 1) {
    const row = new Uint8Array(side * bytes);
    for (let x = 0; x < side; x += 1) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      const [u, v] = [x / side, y / side];
      const lungs = Math.exp(-(((u - 0.3) / 0.14) ** 2) - ((v - 0.5) / 0.28) ** 2)
        + Math.exp(-(((u - 0.7) / 0.14) ** 2) - ((v - 0.5) / 0.28) ** 2);
      const value = Math.round(full * (0.75 - 0.55 * lungs + 0.03 * Math.sin(v * 50 + Math.abs(u - 0.5) * 12) + 0.01 * (seed / 2 ** 32)));
      if (bits === 16) row[2 * x] = value >> 8;
      row[bytes * x + bytes - 1] = value & 255;
    }
    const start = y * (side * bytes + 1);
    rows[start] = 2;
    for (let index = 0; index < row.length; index += 1) rows[start + 1 + index] = row[index] - above[index];
    above = row;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = bits;
  const compressed = deflateSync(rows);
  const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', compressed),
    chunk('IEND', Buffer.alloc(0))]);
  return { png, compressed };
}
