// ZIP archives made on the spot, whole or with one thing wrong, apart from the program's own reader.
import { crc32, deflateRawSync } from 'node:zlib';

/** CRC-32 where Node has none yet. */
function sum(bytes) {
  if (crc32) return crc32(bytes);
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  }
  return ~value >>> 0;
}

function record(...fields) {
  return Buffer.concat(fields.map(([bytes, value]) => {
    const part = Buffer.alloc(bytes);
    if (bytes === 8) part.writeBigUInt64LE(BigInt(value));
    else part.writeUIntLE(value, 0, bytes);
    return part;
  }));
}

/**
 * @param {{name: string|Buffer, bytes?: Uint8Array, stored?: boolean, flags?: number, method?: number, size?: number, crc?: number,
 *   extra?: Buffer, sameAs?: number}[]} files extra: further fields; sameAs: the number of the file before whose bytes are meant (of a name as long)
 * @param {{zip64?: boolean, before?: Uint8Array, comment?: string, disk?: number}} [options] zip64: sizes and places in the
 *   64-bit fields only
 */
export function makeZip(files, { zip64 = false, before = Buffer.alloc(0), comment = '', disk = 0 } = {}) {
  const locals = [];
  const entries = [];
  let offset = 0;
  for (const { name, bytes = Buffer.alloc(0), stored = false, extra: own = Buffer.alloc(0), sameAs = null, ...wrong } of files) {
    if (sameAs !== null) {
      const same = Buffer.from(entries[sameAs]);
      entries.push(Buffer.concat([same.subarray(0, 46), Buffer.from(name), same.subarray(46 + Buffer.from(name).length)]));
      continue;
    }
    const packed = stored ? Buffer.from(bytes) : deflateRawSync(bytes);
    const title = Buffer.from(name);
    const { flags = 0, method = stored ? 0 : 8, size = bytes.length, crc = sum(bytes) } = wrong;
    const extra = zip64 ? record([2, 1], [2, 24], [8, size], [8, packed.length], [8, offset]) : own;
    const short = (value) => [4, zip64 ? 0xffffffff : value];
    const local = Buffer.concat([record([4, 0x04034b50], [2, 20], [2, flags], [2, method], [4, 0], [4, crc], [4, packed.length],
      [4, size], [2, title.length], [2, 0]), title, packed]);
    entries.push(Buffer.concat([record([4, 0x02014b50], [2, 20], [2, 20], [2, flags], [2, method], [4, 0], [4, crc],
      short(packed.length), short(size), [2, title.length], [2, extra.length], [2, 0], [2, 0], [2, 0], [4, 0], short(offset)), title, extra]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(entries);
  const end64 = zip64 ? Buffer.concat([
    record([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, files.length], [8, files.length], [8, directory.length], [8, offset]),
    record([4, 0x07064b50], [4, 0], [8, offset + directory.length], [4, 1]),
  ]) : Buffer.alloc(0);
  const full = (bytes, value) => [bytes, zip64 ? 2 ** (8 * bytes) - 1 : value];
  const end = Buffer.concat([record([4, 0x06054b50], [2, disk], [2, disk], full(2, files.length), full(2, files.length),
    full(4, directory.length), full(4, offset), [2, comment.length]), Buffer.from(comment)]);
  return Buffer.concat([before, ...locals, directory, end64, end]);
}
