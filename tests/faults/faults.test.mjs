// Files with faults, each through the command line on the built engine, against what must become of it (outcomes.mjs).
// CHESTLIGHT_FAULTS names the folder with faults.tsv and its files; tools/check finds it as it finds the other packs.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createDecoder } from '../../tools/cxr/decoder.mjs';
import { cxr, kSite, notBuilt } from '../cli/support.mjs';
import { readTable } from '../web/dicom_support.mjs';
import { kOutcomes, kStillWrong } from './outcomes.mjs';

const kFolder = process.env.CHESTLIGHT_FAULTS ?? '';
const noFaults = kFolder && existsSync(join(kFolder, 'faults.tsv')) ? notBuilt
  : 'set CHESTLIGHT_FAULTS to the folder of files with faults (faults.tsv)';

/** The controls: the same film without a fault, as DICOM and as a picture. */
const kControls = { dcm: '00-baseline.dcm', png: 'a0-png_baseline.png' };

/** @returns {Map<string, object[]>} the records of each file's films, by the file's name */
function tell(command, files) {
  const { out, err } = cxr(command, '--json', ...files.map((file) => join(kFolder, file)));
  assert.notEqual(out, '', err);
  const records = new Map(files.map((file) => [file, []]));
  for (const record of JSON.parse(out)) {
    const file = files.find((one) => record.file === join(kFolder, one) || record.file.startsWith(join(kFolder, one, '/')));
    records.get(file).push(record);
  }
  return records;
}

describe('files with faults', { skip: noFaults }, () => {
  const rows = noFaults ? [] : readTable(join(kFolder, 'faults.tsv'));
  const decoder = createDecoder(pathToFileURL(join(kSite, 'vendor/dicom/')));
  after(() => decoder.close());
  let inspected;
  let predicted;

  before(() => {
    const files = rows.map(({ file }) => file);
    inspected = tell('inspect', files);
    predicted = tell('predict', files);
  });

  for (const { file, 'what it is': what, ...row } of rows) {
    const sha256 = row['sha256 of the stored values of frame 0 (int32 little-endian) where known'] ?? '';
    const outcome = kOutcomes[file];
    test(`${file}: ${what}`, { skip: !outcome && 'it has no row in outcomes.mjs' }, async () => {
      const control = kControls[basename(file).split('.').pop()] ?? kControls.png;
      const identifiers = () => decoder.identifiers(new Uint8Array(readFileSync(join(kFolder, file))));
      const told = { identifiers, inspected: inspected.get(file), predicted: predicted.get(file), sha256, film: predicted.get(control)[0] };
      if (!kStillWrong.has(file)) await outcome(told);
      else await assert.rejects(async () => outcome(told), assert.AssertionError, 'its outcome is right now: take it off kStillWrong');
    });
  }
});

test('the list of what is still wrong names files of the table', () => {
  for (const file of kStillWrong) assert.ok(kOutcomes[file], file);
});
