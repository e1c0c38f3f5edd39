// Compressed copies beside the files of the built page, for hosts that send them, and what a first visit costs.
//
//   node tools/site/compress.mjs [build/web/site]
//
// Writes FILE.br and FILE.gz where they are smaller, and prints the bytes by group of assets.json, and of a first visit with
// each build of the runtime. Files that have newer copies already are passed over.
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const kAlreadyCompressed = /\.(png|jpe?g|ico)$/;
/** Brotli's best quality takes about two seconds a megabyte; above this size the next best one does. */
const kLargeFile = 2_000_000;

const kCoders = {
  '.br': (bytes) => promisify(brotliCompress)(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: bytes.length > kLargeFile ? 9 : 11,
      [constants.BROTLI_PARAM_LGWIN]: 22,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  }),
  '.gz': (bytes) => promisify(gzip)(bytes, { level: 9 }),
};

/** @returns {Promise<{raw: number, br: number, gz: number}>} bytes of one file as it is sent */
async function compress(file) {
  const bytes = readFileSync(file);
  const sizes = { raw: bytes.length, br: bytes.length, gz: bytes.length };
  if (kAlreadyCompressed.test(file)) return sizes;
  for (const [suffix, coder] of Object.entries(kCoders)) {
    const copy = file + suffix;
    if (!existsSync(copy) || statSync(copy).mtimeMs < statSync(file).mtimeMs) {
      const packed = await coder(bytes);
      if (packed.length < bytes.length) writeFileSync(copy, packed);
      else rmSync(copy, { force: true });
    }
    if (existsSync(copy)) sizes[suffix.slice(1)] = statSync(copy).size;
  }
  return sizes;
}

/** Sums by group, and of first visits: the page, one runtime and the default model. */
export function account(files, defaultModel) {
  const total = (wanted) => files.filter(({ group }) => wanted.includes(group)).reduce(
    (sum, { raw, br, gz }) => ({ raw: sum.raw + raw, br: sum.br + br, gz: sum.gz + gz }), { raw: 0, br: 0, gz: 0 });
  const groups = [...new Set(files.map(({ group }) => group))].sort();
  return [
    ...groups.map((group) => ({ name: group, ...total([group]) })),
    ...groups.filter((group) => group.startsWith('runtime:')).map((runtime) => ({
      name: `first visit, ${runtime}`, ...total(['page', runtime, `model:${defaultModel}`]),
    })),
  ];
}

async function main(site) {
  const { assets } = JSON.parse(readFileSync(join(site, 'assets.json'), 'utf8'));
  const files = [];
  for (const { path, group } of assets) files.push({ group, ...await compress(join(site, path)) });
  const index = join(site, 'models/index.json');
  const model = existsSync(index) ? JSON.parse(readFileSync(index, 'utf8')).default : '';
  const column = (text) => text.padStart(14);
  stdout.write(`${'bytes'.padEnd(32)}${['as it is', 'gzip', 'brotli'].map(column).join('')}\n`);
  for (const { name, raw, gz, br } of account(files, model)) {
    stdout.write(`${name.padEnd(32)}${[raw, gz, br].map((value) => column(value.toLocaleString('en'))).join('')}\n`);
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  await main(argv[2] ?? fileURLToPath(new URL('../../build/web/site', import.meta.url)));
}
