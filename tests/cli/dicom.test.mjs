// DICOM through the command line on the built engine: facts, hashes, refusals, one result per file.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cxr, notBuilt } from './support.mjs';

const kFolder = fileURLToPath(new URL('../fixtures/dicom', import.meta.url));
const expected = JSON.parse(readFileSync(join(kFolder, 'expected.json'), 'utf8'));
const names = readdirSync(kFolder).filter((name) => name.endsWith('.dcm')).sort();
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
});
