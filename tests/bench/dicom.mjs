// From the bytes of a DICOM radiograph to its first pixels, against DCMTK on the same machine: a ratio per transfer syntax.
//
//   CHESTLIGHT_DICOM=DIR node tests/bench/dicom.mjs [--json] [--quick] [--site DIR]
//
// Ours: the thread that reads and decodes, the engine that makes a film, its pixels; libraries warm, as from the second
// film on. DCMTK's: dcm2pnm, or its like for JPEG and JPEG-LS, from the file to a picture of 16 bits at the window between its least and greatest value, the
// start of the program included. Both as processor time, medians of runs in turns: ratios hold on another machine,
// milliseconds do not. Files of a million pixels or more; the largest few of each syntax. Of a syntax that has none, one is
// made by DCMTK from the largest of JPEG lossless (told as "made"). What DCMTK cannot read (JPEG 2000, HTJ2K) is listed without
// a ratio. Prints a table, or JSON; writes nothing; no goal, so no exit status but for what is missing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { argv, env, exit, stderr, stdout } from 'node:process';
import { readArguments } from '../../tools/cxr/arguments.mjs';
import { alignTable } from '../../tools/cxr/text.mjs';
import { Workbench } from '../../tools/cxr/workbench.mjs';
import { readTable } from '../web/dicom_support.mjs';
import { median, timeInTurns } from './measure.mjs';

const kFewestPixels = 1e6;
const kFilesPerSyntax = 3;
const kSyntaxes = {
  '1.2': 'implicit', '1.2.1': 'explicit', '1.2.1.99': 'deflated', '1.2.2': 'big-endian', '1.2.5': 'RLE', '1.2.4.50': 'JPEG, 8 bit',
  '1.2.4.51': 'JPEG, 12 bit', '1.2.4.57': 'JPEG lossless', '1.2.4.70': 'JPEG lossless, SV1', '1.2.4.80': 'JPEG-LS',
  '1.2.4.81': 'JPEG-LS, near-lossless', '1.2.4.90': 'JPEG 2000, lossless', '1.2.4.91': 'JPEG 2000', '1.2.4.201': 'HTJ2K, lossless',
};
const kUid = '1.2.840.10008.';
/** How DCMTK makes a file of a syntax from an uncompressed one. */
const kMade = { '1.2': ['dcmconv', '+ti'], '1.2.1.99': ['dcmconv', '+td'], '1.2.2': ['dcmconv', '+tb'], '1.2.4.50': ['dcmcjpeg', '+eb', '+Wm'] };

const { values: options } = readArguments(argv.slice(2), { json: { type: 'boolean' }, quick: { type: 'boolean' } });
const pack = env.CHESTLIGHT_DICOM ?? '';
const missing = [
  existsSync(join(pack, 'EXPECTED.tsv')) && pack ? '' : 'CHESTLIGHT_DICOM must name the folder of DICOM files with EXPECTED.tsv',
  spawnSync('dcm2pnm', ['--version']).status === 0 ? '' : 'dcm2pnm is not there: install DCMTK (Debian: apt install dcmtk)',
].filter(Boolean);
if (missing.length) {
  stderr.write(`${missing.join('\n')}\n`);
  exit(2);
}

/** DCMTK has a program per family of codecs. */
function programFor(uid) {
  if (/4\.8[01]$/.test(uid)) return 'dcml2pnm';
  return /4\.(5\d|70)$/.test(uid) ? 'dcmj2pnm' : 'dcm2pnm';
}

/** Processor time of DCMTK for one file, milliseconds; null where it cannot read it. */
function dcmtk(path, uid) {
  const script = 'TIMEFORMAT="%U %S"; time "$2" --quiet --write-16-bit-pnm --min-max-window "$1" /dev/null';
  const { status, stderr: said } = spawnSync('bash', ['-c', script, 'bash', path, programFor(uid)], { encoding: 'utf8', env: { ...env, LC_ALL: 'C' } });
  const times = /([\d.]+) ([\d.]+)\s*$/.exec(said);
  return status === 0 && times ? 1000 * (Number(times[1]) + Number(times[2])) : null;
}

/** @returns {{file: string, uid: string, pixels: number, made: boolean}[]} files of the syntaxes that `rows` lack, in `folder` */
function makeMissing(rows, folder) {
  const source = rows.find(({ uid }) => uid === `${kUid}1.2.4.70`);
  const plain = join(folder, 'plain.dcm');
  if (!source || spawnSync('dcmdjpeg', [join(pack, source.file), plain]).status !== 0) return [];
  return Object.entries(kMade).filter(([uid]) => !rows.some((row) => row.uid === kUid + uid)).flatMap(([uid, [program, ...how]]) => {
    const file = join(folder, `${uid}.dcm`);
    return spawnSync(program, [...how, plain, file]).status === 0 ? [{ file, uid: kUid + uid, pixels: source.pixels, made: true }] : [];
  });
}

const rows = readTable(join(pack, 'EXPECTED.tsv'))
  .map(({ file, cols, rows: height, 'transfer syntax': uid }) => ({ file, uid, pixels: cols * height, made: false }))
  .filter(({ pixels }) => pixels >= kFewestPixels).sort((a, b) => b.pixels - a.pixels);
const folder = mkdtempSync(join(tmpdir(), 'chestlight-bench-'));
rows.push(...makeMissing(rows, folder));
const bench = await Workbench.start(options.site);
const results = [];
for (const [uid, name] of Object.entries(kSyntaxes)) {
  const files = rows.filter((row) => row.uid === kUid + uid).slice(0, kFilesPerSyntax);
  const measured = [];
  for (const { file, pixels, made } of files) {
    const path = isAbsolute(file) ? file : join(pack, file);
    const bytes = new Uint8Array(readFileSync(path));
    const readable = dcmtk(path, uid) !== null;
    const times = await timeInTurns({
      ours: () => bench.withFilm(file, bytes, (film) => { bench.call('pixels', { film: film.film }); }),
      ...(readable ? { theirs: () => ({ counted: dcmtk(path, uid) }) } : {}),
    }, { rounds: options.quick ? 3 : 9, warmUp: 2 });
    measured.push({ file: made ? 'made' : file, made, megapixels: pixels / 1e6, ours_ms: times.ours, dcmtk_ms: times.theirs ?? null });
  }
  const perMegapixel = (key) => median(measured.map((one) => one[key] / one.megapixels));
  const compared = measured.length > 0 && measured.every(({ dcmtk_ms: theirs }) => theirs !== null);
  if (measured.length) {
    results.push({ syntax: name, files: measured, ours: perMegapixel('ours_ms'), dcmtk: compared ? perMegapixel('dcmtk_ms') : null,
      ratio: compared ? median(measured.map((one) => one.ours_ms / one.dcmtk_ms)) : null });
  }
}
await bench.close();
rmSync(folder, { recursive: true });

const fixed = (value, digits) => (value === null ? '–' : value.toFixed(digits));
stdout.write(options.json ? `${JSON.stringify(results, null, 2)}\n` : alignTable([
  ['SYNTAX', 'FILES', 'OURS, ms/MP', 'DCMTK, ms/MP', 'RATIO'],
  ...results.map(({ syntax, files, ours, dcmtk: theirs, ratio }) => [syntax, files[0].made ? 'made' : String(files.length), fixed(ours, 1), fixed(theirs, 1), fixed(ratio, 2)]),
], [false, true, true, true, true]));
