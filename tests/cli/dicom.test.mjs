// DICOM through the command line on the built engine: facts, hashes, refusals, one result per file.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readTable } from '../web/dicom_support.mjs';
import { cxr, notBuilt } from './support.mjs';

const kFolder = fileURLToPath(new URL('../fixtures/dicom', import.meta.url));
const expected = JSON.parse(readFileSync(join(kFolder, 'expected.json'), 'utf8'));
const names = readdirSync(kFolder).filter((name) => name.endsWith('.dcm')).sort();
const kPack = process.env.CHESTLIGHT_DICOM ?? '';
const noPack = existsSync(join(kPack, 'EXPECTED.tsv')) && kPack ? false : 'set CHESTLIGHT_DICOM to the folder of DICOM files';
const hash = (values) => createHash('sha256').update(new Uint8Array(Int32Array.from(values).buffer)).digest('hex');

describe('DICOM', { skip: notBuilt }, () => {
  test('inspect prints the facts and the hash of the stored values', () => {
    const { status, out, err } = cxr('inspect', '--json', ...names.map((name) => join(kFolder, name)));
    assert.equal(status, 3, err);
    const records = JSON.parse(out);
    for (const [index, name] of names.entries()) {
      const { ok, film, pixels_sha256: sha256, error } = records[index];
      assert.equal(ok, expected[name] !== null, name);
      if (ok) {
        assert.equal(film.format, 'DICOM', name);
        assert.equal(sha256, hash(expected[name]), name);
      } else {
        assert.notEqual(error.code, 'unexpected', name);
        assert.ok(error.message && error.hint, name);
      }
    }
    const { film } = records[names.indexOf('monochrome1_window.dcm')];
    assert.deepEqual(film.presets.map(({ name }) => name), ['NORMAL', 'SOFT']);
    assert.equal(film.dicom.inverted, true);
    assert.equal(film.dicom.view_position, 'PA');
  });

  test('another frame is hashed, and one that is not there is an error', () => {
    const file = join(kFolder, 'two_frames.dcm');
    const { out } = cxr('inspect', '--json', '--frame', '2', file);
    const [{ film, pixels_sha256: sha256 }] = JSON.parse(out);
    assert.equal(sha256, hash([...expected['two_frames.dcm']].reverse()));
    assert.equal(film.dicom.frame, 2);
    const { status, out: none } = cxr('inspect', '--json', '--frame', '3', file);
    assert.equal(status, 3);
    assert.equal(JSON.parse(none)[0].error.code, 'no-such-frame');
  });

  test('predict reads DICOM and says why it does not analyse', () => {
    const { status, out, err } = cxr('predict', '--json', join(kFolder, 'jpeg2000.dcm'));
    assert.equal(status, 0, err);
    const [{ ok, error }] = JSON.parse(out);
    assert.equal(ok, true);
    assert.equal(error.code, 'not-analysed');
    assert.match(error.message, /[Tt]oo small/);
  });

  test('inspect agrees with the reference decoders about every file of the pack', { skip: noPack, timeout: 600_000 }, (t) => {
    const rows = readTable(join(kPack, 'EXPECTED.tsv'));
    const { status, out, err } = cxr('inspect', '--json', ...rows.map(({ file }) => join(kPack, file)));
    assert.equal(status, 0, err);
    const records = JSON.parse(out);
    assert.equal(records.length, rows.length);
    const wrong = rows.filter((row, index) => records[index].pixels_sha256
      !== row['sha256 of frame 0 stored values (int32 little endian, interleaved)']);
    assert.deepEqual(wrong.map(({ file }) => file), []);
    t.diagnostic(`${rows.length} files equal`);
  });
});
