// Damages real DICOM files and reads them as the page does, for as long as one likes: the long form of
// tests/web/dicom_fuzz.test.mjs, which stays quick.
//
//   CHESTLIGHT_DICOM=DIR [CHESTLIGHT_FAULTS=DIR] node tests/fuzz/dicom.mjs [--minutes 15 | --mutations 20000] [--cuts 100]
//                                       [--files 3] [--megabytes 1] [--seed 1] [--site DIR] [--keep DIR]
//
// For every transfer syntax of LISTING.tsv its smallest pictures, and each DICOM file of the folder of faults. Each is cut off
// at every hundredth of its length (--cuts: in so many places); then come mutations until the time is over or there were so many, turn by turn: of the header,
// of the code stream's first bytes, anywhere. Every file goes through the watched thread of the page. What must hold:
//
//   - a picture of its own stated size, or an error with a code and words, never "unexpected", within 20 seconds;
//   - no pixels but its own: a file cut short is its whole self or nothing, no damaged file is another file of the pack,
//     and a picture read after the whole file by a used codec is the picture that a codec with fresh memory reads;
//   - no byte but those of its Pixel Data: with everything behind the element in another colour, it is the same picture;
//   - the thread goes on: a good file read in between is right.
//
// The same seed gives the same inputs. A finding is written to the folder --keep (the system's temporary folder) and said on
// stderr, as is how far it came. Exit status: 0 none, 1 findings, 2 something is missing.
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, env, exit, stderr, stdout } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readArguments } from '../../tools/cxr/arguments.mjs';
import { createDecoder } from '../../tools/cxr/decoder.mjs';
import { alignTable } from '../../tools/cxr/text.mjs';
import { DicomLibraries } from '../../web/dicom/libraries.js';
import { readDicom } from '../../web/dicom/read.js';
import { readTable, sha256 } from '../web/dicom_support.mjs';
import { colouredSurroundings } from './coloured.mjs';
import { generator } from './random.mjs';

const kLongest = 20_000; // milliseconds: the watch gives up after 19
const kPreamble = 132;
const kHeader = 2000;
const kWitnessEvery = 20;
const kProgressEvery = 1000; // mutations
const kMarks = [[0xff, 0xd8], [0xff, 0x4f, 0xff, 0x51]]; // where JPEG and JPEG 2000 begin

const { values: options } = readArguments(argv.slice(2), {
  minutes: { type: 'string', default: '15' }, files: { type: 'string', default: '3' }, megabytes: { type: 'string', default: '1' },
  mutations: { type: 'string' }, cuts: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' }, site: { type: 'string' }, keep: { type: 'string' },
});
const pack = env.CHESTLIGHT_DICOM ?? '';
const faults = env.CHESTLIGHT_FAULTS ?? '';
const site = options.site ?? fileURLToPath(new URL('../../build/web/site', import.meta.url));
const base = pathToFileURL(join(site, 'vendor/dicom/'));
const missing = [
  pack && existsSync(join(pack, 'LISTING.tsv')) ? '' : 'CHESTLIGHT_DICOM must name the folder of DICOM files with LISTING.tsv',
  existsSync(base) ? '' : `there are no decoders at ${base.pathname}; build the page first`,
].filter(Boolean);
if (missing.length) {
  stderr.write(`${missing.join('\n')}\n`);
  exit(2);
}

const decoder = createDecoder(base);
const fresh = () => new DicomLibraries({ base, read: async (url) => new Uint8Array(await readFile(url)) });
const keep = options.keep ?? mkdtempSync(join(tmpdir(), 'chestlight-fuzz-'));
let findings = 0;

/** @returns {Promise<{hash: string|null, code: string, milliseconds: number, complaint: string}>} */
async function outcome(bytes) {
  const begun = performance.now();
  let result;
  try {
    const { image, values } = await decoder.decode(bytes);
    const whole = values.length === image.width * image.height * image.channels;
    result = { hash: sha256(values), code: 'read', complaint: whole ? '' : 'the picture has another size than it says' };
  } catch (error) {
    const clean = error.code && error.message && error.code !== 'unexpected';
    result = { hash: null, code: error.code ?? 'thrown', complaint: clean ? '' : `no clean error: ${error.stack}` };
  }
  const milliseconds = performance.now() - begun;
  if (milliseconds > kLongest) result.complaint ||= `took ${(milliseconds / 1000).toFixed(1)} s`;
  return { ...result, milliseconds };
}

function mutate(bytes, random) {
  const copy = bytes.slice();
  const stream = kMarks.map((mark) => Buffer.from(copy.buffer).indexOf(Buffer.from(mark), kPreamble)).filter((at) => at >= 0);
  const ranges = [[Math.min(kPreamble, copy.length - 1), kHeader], [stream.length ? Math.min(...stream) : kHeader, 300], [0, copy.length]];
  const [start, length] = ranges[random(ranges.length)];
  const from = Math.min(start, copy.length - 1);
  const reach = Math.max(1, Math.min(length, copy.length - from));
  for (let left = 1 + random(6); left > 0; left -= 1) {
    const at = from + random(reach);
    const change = random(4);
    if (change === 0) copy[at] ^= 1 << random(8);
    else if (change === 1) copy[at] = [0, 1, 0x7f, 0x80, 0xff][random(5)];
    else if (change === 2) copy[at] = random(256);
    else copy.copyWithin(at, from + random(reach), Math.min(copy.length, from + random(reach)));
  }
  return copy;
}

function report(file, kind, bytes, complaint) {
  findings += 1;
  const path = join(keep, `${findings}-${file.name.replaceAll('/', '_')}`);
  writeFileSync(path, bytes);
  stderr.write(`${file.name}, ${kind}: ${complaint} (${path})\n`);
}

/** The picture that codecs with fresh memory make of a file. */
const alone = (bytes) => readDicom(bytes, fresh()).then(({ values }) => sha256(values), ({ code }) => `error ${code}`);

/** What a damaged file may not be. @returns {string} a complaint or '' */
async function strangerIn(file, bytes, hash, cut) {
  if (hash === null || hash === file.hash) return '';
  if (cut) return 'cut short, it is another picture than the whole';
  if (!file.isFault && others.has(hash)) return 'it is another file of the pack';
  const own = await alone(bytes);
  return own === hash ? '' : `after the whole file it is another picture than by itself (${own.slice(0, 20)})`;
}

/** Whether bytes from outside the Pixel Data are in the picture. @returns {string} a complaint or '' */
async function surroundingsIn(bytes, hash) {
  if (hash === null) return '';
  for (const copy of await colouredSurroundings(bytes)) {
    if ((await outcome(copy)).hash === hash) continue;
    // A used codec may make another picture of damaged bytes: only fresh ones can be compared.
    const [here, there] = await Promise.all([bytes, copy].map(alone));
    if (here !== there) return `with other bytes behind its Pixel Data it is another picture (${there.slice(0, 20)})`;
  }
  return '';
}

async function attack(file, bytes, kind, cut) {
  if (!cut) await decoder.decode(file.bytes).catch(() => {}); // what a used codec could have left in its memory
  const { hash, code, milliseconds, complaint } = await outcome(bytes);
  file.runs += 1;
  file.codes[code] = (file.codes[code] ?? 0) + 1;
  file.slowest = Math.max(file.slowest, milliseconds);
  const said = complaint || await strangerIn(file, bytes, hash, cut) || await surroundingsIn(bytes, hash);
  if (said) report(file, kind, bytes, said);
  if (file.runs % kWitnessEvery === 0 && (await outcome(witness.bytes)).hash !== witness.hash) {
    report(file, kind, bytes, 'the next good file is wrong');
  }
}

/** The smallest pictures of each syntax. */
async function chosenFiles() {
  const bySyntax = new Map();
  for (const row of readTable(join(pack, 'LISTING.tsv'))) {
    if (Number(row.bytes) > Number(options.megabytes) * 2 ** 20 || !existsSync(join(pack, row.file))) continue;
    const syntax = row['transfer syntax'];
    bySyntax.set(syntax, [...(bySyntax.get(syntax) ?? []), row]);
  }
  const chosen = [];
  for (const [syntax, rows] of bySyntax) {
    let left = Number(options.files);
    for (const row of rows.sort((a, b) => a.bytes - b.bytes)) {
      const bytes = new Uint8Array(readFileSync(join(pack, row.file)));
      const { hash } = await outcome(bytes);
      if (!hash) continue;
      chosen.push({ name: row.file, syntax, bytes, hash, runs: 0, codes: {}, slowest: 0 });
      if ((left -= 1) === 0) break;
    }
  }
  return chosen;
}

/** The DICOM files of the folder of faults, also those that are refused: most of them hold one and the same film. */
async function faultyFiles() {
  const names = faults ? readdirSync(faults).filter((name) => name.endsWith('.dcm')).sort() : [];
  return Promise.all(names.map(async (name) => {
    const bytes = new Uint8Array(readFileSync(join(faults, name)));
    return { name, syntax: 'with a fault', bytes, hash: (await outcome(bytes)).hash, isFault: true, runs: 0, codes: {}, slowest: 0 };
  }));
}

const chosen = await chosenFiles();
const others = new Set(chosen.map(({ hash }) => hash));
const files = [...chosen, ...await faultyFiles()];
const witness = files.find(({ hash, name }) => hash && /J(PEG)?2K|JPEG2000/.test(name)) ?? files.find(({ hash }) => hash);
const end = options.mutations ? Infinity : performance.now() + 60_000 * Number(options.minutes);
const most = Number(options.mutations ?? Infinity);
for (const file of files.filter(({ hash }) => hash)) {
  for (let cut = 0; cut < Number(options.cuts); cut += 1) {
    const length = Math.floor((file.bytes.length * cut) / Number(options.cuts));
    await attack(file, file.bytes.slice(0, length), `cut after ${length} bytes`, true);
  }
}
let mutations = 0;
for (let round = 0; performance.now() < end && mutations < most; round += 1) {
  for (const [index, file] of files.entries()) {
    if (mutations === most) break;
    mutations += 1;
    if (mutations % kProgressEvery === 0) stderr.write(`${mutations} mutations, ${findings} findings\n`);
    const random = generator(Number(options.seed) + 1000 * round + index);
    await attack(file, mutate(file.bytes, random), `mutation ${round}`, false);
    if (performance.now() >= end) break;
  }
}
decoder.close();

stdout.write(alignTable([
  ['SYNTAX', 'FILE', 'INPUTS', 'SLOWEST, ms', 'OUTCOMES'],
  ...files.map(({ syntax, name, runs, slowest, codes }) => [syntax, name, String(runs), slowest.toFixed(0),
    Object.entries(codes).map(([code, count]) => `${code} ${count}`).join(', ')]),
], [false, false, true, true, false]));
stdout.write(`${files.reduce((sum, { runs }) => sum + runs, 0)} inputs, ${mutations} of them mutations, ${findings} findings\n`);
exit(findings ? 1 : 0);
