// cxr anatomy on the built engine and network: what it prints, what it claims of films and of what is none. Real films come from
// CHESTLIGHT_FILMS and CHESTLIGHT_DICOM, where they are given.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { makePng } from '../browser/support/images.mjs';
import { copySite } from '../browser/support/site.mjs';
import { cxr, kExamples, kSite, notBuilt, readJson, scratchFolder } from './support.mjs';

const kKeys = ['file', 'ok', 'error', 'app', 'asymmetry', 'cardiothoracic_ratio', 'chest_line', 'chest_probability', 'chest_share', 'cut_off',
  'found', 'heart', 'heart_line', 'inspiration', 'lungs', 'model', 'no_ratio', 'notes', 'notice', 'pose', 'reason', 'reason_id',
  'shallow_inspiration', 'tilt_degrees'];
const folder = scratchFolder();
const chests = readJson(join(kExamples, 'index.json')).filter(({ file }) => file.endsWith('.jpg')).map(({ file }) => join(kExamples, file));

const missing = notBuilt || (existsSync(join(kSite, 'models/anatomy/manifest.json')) ? false : 'the built page has no anatomy network');

function ask(...args) {
  const { status, out, err } = cxr('anatomy', '--json', ...args);
  return { status, records: out ? JSON.parse(out) : null, err };
}

function assertMeasured(record) {
  const { lungs, heart, cardiothoracic_ratio: ratio, heart_line: heartLine, chest_line: chestLine } = record;
  for (const organ of [lungs.left, lungs.right, heart].filter(Boolean)) {
    assert.ok(organ.outline.length > 10 && organ.share > 0 && organ.share < 0.5, `${record.file}: ${organ.share}`);
  }
  if (ratio === null) {
    assert.ok(record.no_ratio.length > 20, record.file);
    assert.equal(heartLine, null);
    return;
  }
  const length = ({ from, to }) => Math.hypot(to[0] - from[0], to[1] - from[1]);
  assert.ok(Math.abs(length(heartLine) / length(chestLine) - ratio) < 1e-6, record.file);
  assert.ok(ratio > 0.25 && ratio < 0.85, `${record.file}: ${ratio}`);
}

function assertNothingClaimed(record) {
  assert.equal(record.found, false, record.file);
  assert.ok(record.reason.length > 20, record.file);
  for (const figure of ['cardiothoracic_ratio', 'heart_line', 'chest_line', 'heart', 'tilt_degrees']) assert.equal(record[figure], null);
  assert.deepEqual(record.lungs, { left: null, right: null });
}

describe('anatomy', { skip: missing }, () => {
  test('one object per file in the order given, with the documented keys', () => {
    const files = [...chests].reverse();
    const { status, records, err } = ask(...files);
    assert.equal(status, 0, err);
    assert.deepEqual(records.map(({ file }) => file), files);
    const { version, files: { 'weights.safetensors': { sha256 } } } = readJson(join(kSite, 'models/anatomy/manifest.json'));
    for (const record of records) {
      assert.deepEqual(Object.keys(record).sort(), [...kKeys].sort());
      assert.deepEqual(record.model, { id: 'anatomy', sha256, version });
      if (record.found) assertMeasured(record);
      else assertNothingClaimed(record);
    }
    assert.ok(records.some(({ found }) => found), 'the examples are chest films');
  });

  test('an empty picture and a ramp are no chest', () => {
    const files = ['grey', 'ramp', 'noise'].map((kind) => {
      const path = join(folder, `${kind}.png`);
      let state = 1;
      writeFileSync(path, makePng(300, 260, (x) => {
        state = (state * 48271) % 2147483647;
        return { grey: 128, ramp: Math.floor((255 * x) / 299), noise: state % 256 }[kind];
      }));
      return path;
    });
    const { status, records, err } = ask(...files);
    assert.equal(status, 0, err);
    for (const record of records) assertNothingClaimed(record);
  });

  test('a correction moves the outlines with the film', () => {
    const [film] = chests;
    const [plain] = ask(film).records;
    const [turned] = ask(film, '--rotate', '180').records;
    assert.equal(plain.pose.quarter_turns, 0);
    assert.equal(turned.pose.quarter_turns, 2, 'the film as the network sees it then');
    if (plain.cardiothoracic_ratio !== null && turned.cardiothoracic_ratio !== null) {
      assert.ok(Math.abs(plain.cardiothoracic_ratio - turned.cardiothoracic_ratio) < 0.05);
      // On the film as opened they stay where they were.
      const middle = ({ from, to }) => [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
      const [a, b] = [middle(plain.chest_line), middle(turned.chest_line)];
      const width = Math.hypot(plain.chest_line.to[0] - plain.chest_line.from[0], plain.chest_line.to[1] - plain.chest_line.from[1]);
      assert.ok(Math.hypot(a[0] - b[0], a[1] - b[1]) < 0.15 * width, `${a} and ${b}`);
    }
  });

  test('a file that is no picture is one result among others', () => {
    const path = join(folder, 'broken.png');
    writeFileSync(path, 'no picture');
    const { status, records } = ask(path, chests[0]);
    assert.equal(status, 3);
    assert.equal(records[0].ok, false);
    assert.equal(records[0].found, false);
    assert.equal(records[1].ok, true);
  });

  test('the table has a line for each file', () => {
    const { status, out } = cxr('anatomy', chests[0]);
    assert.equal(status, 0);
    assert.match(out, /RATIO/);
    assert.match(out, /Not a medical device/);
  });

  test('cxr predict says the same of lungs and heart, beside the findings', () => {
    const { status, out, err } = cxr('predict', '--json', ...chests.slice(0, 2));
    assert.equal(status, 0, err);
    const apart = ask(...chests.slice(0, 2)).records;
    JSON.parse(out).forEach(({ anatomy, cardiothoracic_ratio: ratio, findings }, index) => {
      const { file: _file, ok: _ok, error: _error, ...alone } = apart[index];
      assert.deepEqual(anatomy, alone);
      assert.equal(ratio, alone.cardiothoracic_ratio);
      for (const { evidence, possible_shortcut: shortcut } of findings.filter((finding) => finding.evidence)) {
        assert.equal(shortcut, evidence.outside > 0.5);
      }
    });
  });

  for (const [what, change] of [['missing', null], ['damaged', (bytes) => Buffer.from(bytes.map((byte, at) => (at === 1000 ? byte ^ 1 : byte)))]]) {
    test(`cxr predict gives its findings where the anatomy network is ${what}, and says so`, (t) => {
      const copy = copySite({ 'models/anatomy/weights.safetensors': change });
      t.after(copy.remove);
      const { status, out, err } = cxr('predict', '--json', '--site', copy.root, chests[0]);
      assert.equal(status, 0, err);
      assert.match(err, /^Lungs and heart were not looked for: .{20,}/m);
      const [record] = JSON.parse(out);
      assert.deepEqual([record.ok, record.error, record.anatomy, record.cardiothoracic_ratio], [true, null, null, null]);
      assert.ok(record.findings.length > 0 && record.findings.every(({ evidence }) => evidence === null));
    });
  }

  test('wrong usage', () => {
    assert.equal(cxr('anatomy').status, 2);
    assert.equal(cxr('anatomy', '--thread', '2', chests[0]).status, 2);
  });
});

const films = process.env.CHESTLIGHT_FILMS;
const filmsMissing = missing || (films && existsSync(join(films, 'films')) ? false : 'CHESTLIGHT_FILMS names no folder with films/*.png');

describe('anatomy of real films', { skip: filmsMissing }, () => {
  test('two lungs on nearly every film; figures are sound where given', () => {
    const { status, records, err } = ask(join(films, 'films'));
    assert.equal(status, 0, err);
    const found = records.filter((record) => record.found);
    for (const record of found) assertMeasured(record);
    assert.ok(found.length >= 0.85 * records.length, `${found.length} of ${records.length}: ${
      records.filter((record) => !record.found).map(({ file, reason }) => `${file.split('/').pop()}: ${reason}`).join('; ')}`);
  });
});

const dicom = process.env.CHESTLIGHT_DICOM;
const dicomMissing = missing || (dicom && existsSync(join(dicom, 'EXPECTED.tsv')) ? false : 'CHESTLIGHT_DICOM names no folder with EXPECTED.tsv');

describe('anatomy of DICOM files', { skip: dicomMissing }, () => {
  const kSections = ['CT', 'MR', 'US', 'NM', 'PT', 'MG', 'RTDOSE'];

  const kFiles = dicomMissing ? [] : readFileSync(join(dicom, 'EXPECTED.tsv'), 'utf8').split('\n').slice(1).map((line) => line.split('\t')[0]).filter(Boolean);
  const named = (pattern) => kFiles.filter((file) => pattern.test(file)).map((file) => join(dicom, file));

  test('the chest films have lungs', () => {
    const chestFilms = named(/gdcm-CR-MONO1-10-chest\.dcm$|966_fixed\.dcm$|RG1_J2KI\.dcm$/);
    assert.equal(chestFilms.length, 3);
    for (const record of ask(...chestFilms).records) {
      assert.equal(record.found, true, `${record.file}: ${record.reason}`);
      assertMeasured(record);
    }
  });

  test('nothing is claimed of hip and leg', () => {
    const others = named(/RG[23]_J2KI|RG[23]_JPLL/);
    assert.ok(others.length >= 3, `${others}`);
    const read = ask(...others).records.filter(({ ok }) => ok);
    assert.ok(read.length >= 2);
    for (const record of read) assertNothingClaimed(record);
  });

  test('nothing is claimed of sections, ultrasound and breasts', () => {
    const inspected = JSON.parse(cxr('inspect', '--json', dicom).out);
    const others = inspected.filter(({ film }) => kSections.includes(film?.dicom?.modality)).map(({ file }) => file);
    assert.ok(others.length > 20, `${others.length} of ${inspected.length} files`);
    const read = ask(...others).records.filter(({ ok }) => ok);
    assert.ok(read.length > 20);
    for (const record of read) assertNothingClaimed(record);
  });
});
