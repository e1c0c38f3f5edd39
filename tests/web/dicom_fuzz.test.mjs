// Damaged DICOM files: each is read as a picture of its own size or ends in a clean error, quickly; a file cut short is
// never read as another picture than the whole; no picture holds bytes from outside its Pixel Data; and a good file read after
// each is right, so that nothing of one file can show up in another. Mutations are seeded: every run is the same.
//
// CHESTLIGHT_MUTATIONS=20000 makes so many, and no cuts, of all smaller files of both packs, in place of a few of some.
// tests/fuzz/dicom.mjs goes on for as long as one likes, through the page's thread.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EngineError } from '../../web/shared/errors.js';
import { readDicom } from '../../web/dicom/read.js';
import { colouredSurroundings } from '../fuzz/coloured.mjs';
import { generator } from '../fuzz/random.mjs';
import { dicomFixtures, faultyFixtures, notInstalled, readTable, sha256, stageLibraries } from './dicom_support.mjs';

const kLongest = 20_000; // milliseconds of processor time: the machine may be busy with other things
const kPack = process.env.CHESTLIGHT_DICOM || '';
const kFaults = process.env.CHESTLIGHT_FAULTS || '';
const kMutations = Number(process.env.CHESTLIGHT_MUTATIONS || 0);
const kSmall = 300_000; // bytes
/** Of the pack and of the folder of faults: half of all mutations each. */
const roundsOf = (files, usual) => (kMutations ? Math.ceil(kMutations / 2 / files.length) : usual);
/** Small real files, one per codec. */
const kPackFiles = ['pydicom/JPEG2000.dcm', 'pydicom/MR_small_RLE.dcm', 'pydicom/image_dfl.dcm', 'pydicom/MR_small_jpeg_ls_lossless.dcm',
  'htj2k/MR4_HTJ2KL.dcm', 'pydicom/SC_rgb_jpeg_gdcm.dcm', 'pydicom/SC_rgb_small_odd_jpeg.dcm', 'pydicom/JPGExtended.dcm',
  'pydicom-data/JPEG-LL.dcm', 'pydicom/JPEGLSNearLossless_16.dcm'];

function* damaged(bytes, rounds, seed) {
  for (let percent = 0; percent < 100 && !kMutations; percent += 1) {  // the same in every run: the usual one has them
    yield { broken: bytes.slice(0, Math.floor((bytes.length * percent) / 100)), cut: true };
  }
  const random = generator(seed);
  for (let round = 0; round < rounds; round += 1) {
    const copy = bytes.slice();
    // Half of them in the header, where most of the meaning is; not in the empty preamble.
    const start = Math.min(132, copy.length - 1);
    const end = round % 2 ? copy.length : Math.min(copy.length, 132 + 600);
    for (let left = 1 + random(8); left > 0; left -= 1) copy[start + random(Math.max(1, end - start))] = random(256);
    yield { broken: copy, cut: false };
  }
}

const hashOf = (bytes, libraries) => readDicom(bytes, libraries).then(({ values }) => sha256(values), ({ code }) => code);

async function survives(name, bytes, { libraries, fresh }, { rounds, seed, witness }) {
  let count = 0;
  let errors = 0;
  const whole = await readDicom(bytes, libraries).then(({ values }) => sha256(values), () => null);
  for (const { broken, cut } of damaged(bytes, rounds, seed)) {
    const begun = process.cpuUsage();
    try {
      const { image, values } = await readDicom(broken, libraries);
      assert.equal(values.length, image.width * image.height * image.channels, `${name} #${count}`);
      for (const copy of await colouredSurroundings(broken)) {
        if (await hashOf(copy, libraries) === sha256(values)) continue;
        // A used codec may make another picture of damaged bytes: only fresh ones can be compared.
        assert.equal(await hashOf(copy, fresh()), await hashOf(broken, fresh()),
          `${name} #${count} takes bytes from behind its Pixel Data`);
      }
      if (cut) assert.equal(sha256(values), whole, `${name} cut at ${count} % is another picture`);
    } catch (error) {
      assert.ok(error instanceof EngineError, `${name} #${count}: ${error.stack ?? error}`);
      assert.ok(error.message && error.code, `${name} #${count}`);
      errors += 1;
    }
    const { user, system } = process.cpuUsage(begun);
    assert.ok((user + system) / 1000 < kLongest, `${name} #${count} took too long`);
    if (count % 25 === 0) {
      assert.deepEqual([...(await readDicom(witness.bytes, libraries)).values], witness.values, `after ${name} #${count}`);
    }
    count += 1;
  }
  return { count, errors };
}

test('damaged committed files', { skip: notInstalled, timeout: 300_000 }, async (t) => {
  const staged = stageLibraries();
  const fixtures = [...dicomFixtures(), ...faultyFixtures()];
  const witness = fixtures.find(({ name }) => name === 'jpeg2000.dcm');
  let total = { count: 0, errors: 0 };
  for (const [index, { name, bytes }] of fixtures.entries()) {
    const { count, errors } = await survives(name, bytes, staged, { rounds: 60, seed: 1 + index, witness });
    total = { count: total.count + count, errors: total.errors + errors };
  }
  t.diagnostic(`${total.count} damaged files, ${total.errors} ended in an error`);
});

const noPack = notInstalled || (existsSync(join(kPack, 'EXPECTED.tsv')) && kPack ? false : 'set CHESTLIGHT_DICOM to the folder of DICOM files');

test('damaged files of the pack', { skip: noPack, timeout: kMutations ? Infinity : 600_000 }, async (t) => {
  const staged = stageLibraries();
  const witness = dicomFixtures().find(({ name }) => name === 'jpeg2000.dcm');
  const files = kMutations ? readTable(join(kPack, 'LISTING.tsv')).filter(({ bytes }) => Number(bytes) <= kSmall).map(({ file }) => file) : kPackFiles;
  for (const [index, file] of files.entries()) {
    if (!existsSync(join(kPack, file))) {
      t.diagnostic(`${file} is not in the pack`);
      continue;
    }
    const bytes = new Uint8Array(readFileSync(join(kPack, file)));
    const { count, errors } = await survives(file, bytes, staged, { rounds: roundsOf(files, 100), seed: 100 + index, witness });
    t.diagnostic(`${file}: ${count} damaged, ${errors} ended in an error`);
  }
});

const noFaults = notInstalled || (existsSync(join(kFaults, 'faults.tsv')) && kFaults ? false : 'set CHESTLIGHT_FAULTS to the folder of files with faults');

test('damaged files that have a fault already', { skip: noFaults, timeout: kMutations ? Infinity : 600_000 }, async (t) => {
  const staged = stageLibraries();
  const witness = dicomFixtures().find(({ name }) => name === 'jpeg2000.dcm');
  let total = 0;
  const files = readdirSync(kFaults).filter((name) => name.endsWith('.dcm')).sort();
  for (const [index, file] of files.entries()) {
    const bytes = new Uint8Array(readFileSync(join(kFaults, file)));
    total += (await survives(file, bytes, staged, { rounds: roundsOf(files, 40), seed: 1300 + index, witness })).count;
  }
  t.diagnostic(`${total} damaged files`);
});
