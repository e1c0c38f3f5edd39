// cxr predict on the built engine and model: what it prints, in which order, with which exit status.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { NOTICE } from '../../web/shared/notice.js';
import { readPng } from '../browser/support/images.mjs';
import { makeZip } from '../web/zip_support.mjs';
import { cxr, kCxr, kExamples, kImages, kSite, notBuilt, parseCsv, readJson, scratchFolder } from './support.mjs';

const kRecordKeys = ['file', 'ok', 'error', 'sha256', 'synthetic', 'model', 'decoder', 'backend', 'operating_point', 'operating_point_name',
  'site_profile', 'summary', 'findings', 'input', 'overridden', 'refusals', 'warnings', 'reasons', 'measurements', 'read', 'copy_of', 'evidence_residual', 'anatomy',
  'cardiothoracic_ratio', 'moved_lines', 'date', 'app', 'notice'];
const kFindingKeys = ['id', 'logit', 'probability', 'calibrated', 'threshold', 'state', 'own_threshold', 'own_state', 'zone', 'zone_reason', 'percentile', 'rule_out',
  'rule_in', 'likelihood_ratio', 'place', 'reading', 'evidence', 'possible_shortcut', 'calibrated_low', 'calibrated_high', 'zone_flips',
  'stability', 'verdict', 'verdict_note'];
// The map's cells are float32 sums of several hundred products; the page calls a residual below this "adds up".
const kLargestResidual = 1e-3;

/** EXIF orientation: the first row is the visual left side, from the bottom up; shown upright by a turn to the left. */
const kTurnedLeft = 8;
/** A JPEG with an EXIF segment that holds one tag, the orientation. */
function withOrientation(jpeg, orientation) {
  const tiff = Buffer.from([0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]);
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.from([0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 255]);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

const folder = scratchFolder();
const example = (file) => join(kExamples, file);
const chests = readJson(example('index.json')).filter(({ file }) => file.endsWith('.jpg')).map(({ file }) => example(file));
const predictJson = (...args) => {
  const { status, out, err } = cxr('predict', '--json', ...args);
  return { status, records: out ? JSON.parse(out) : null, err };
};

describe('predict', { skip: notBuilt }, () => {
  const model = notBuilt ? null : readJson(join(kSite, 'models/index.json')).default;
  const manifest = notBuilt ? null : readJson(join(kSite, `models/${model}/manifest.json`));

  test('JSON: one object per file in the order given, with exactly the documented keys', () => {
    const files = [...chests].reverse();
    const { status, records, err } = predictJson(...files);
    assert.equal(status, 0, err);
    assert.equal(err, '', 'quiet where nobody watches');
    assert.deepEqual(records.map(({ file }) => file), files);
    for (const record of records) {
      assert.deepEqual(Object.keys(record), kRecordKeys);
      assert.equal(record.ok, true);
      assert.equal(record.error, null);
      assert.deepEqual(record.model, { id: model, sha256: manifest.files['weights.safetensors'].sha256, version: manifest.version });
      assert.equal(record.sha256, createHash('sha256').update(readFileSync(record.file)).digest('hex'));
      assert.equal(record.synthetic, true, 'it is one of the films that come with the page');
      assert.equal(record.app, cxr('--version').out.trim());
      assert.ok(Math.abs(Date.parse(record.date) - Date.now()) < 10 * 60_000, record.date);
      assert.match(record.backend, /^wasm/);
      assert.equal(record.notice, NOTICE);
      assert.ok(record.evidence_residual >= 0 && record.evidence_residual < kLargestResidual);
      assert.deepEqual(record.findings.map(({ id }) => id), manifest.labels.map(({ id }) => id));
      assert.equal(record.cardiothoracic_ratio, record.anatomy.cardiothoracic_ratio);
      assert.equal(record.moved_lines, null);
      for (const finding of record.findings) assertFinding(finding, record.anatomy.found);
    }
  });

  function assertFinding(finding, lungsFound) {
    assert.deepEqual(Object.keys(finding), kFindingKeys);
    const { evidence } = finding;
    if (!lungsFound) assert.equal(evidence, null);
    else if (evidence) assert.ok(Math.abs(evidence.lungs + evidence.heart + evidence.elsewhere + evidence.outside - 1) < 1e-9);
    const { logit, probability, calibrated, threshold, state } = finding;
    assert.ok(Math.abs(probability - 1 / (1 + Math.exp(-logit))) < 1e-6, 'probability is the logistic of the logit');
    assert.ok(calibrated > 0 && calibrated < 1 && threshold > 0 && threshold < 1);
    // A tenth of the threshold is "borderline"; figures near the limits are left to the unit tests.
    if (calibrated > threshold * 1.11) assert.equal(state, 'above');
    else if (calibrated < threshold * 0.89) assert.equal(state, 'below');
    else assert.match(state, /^(above|borderline|below)$/);
  }

  test('an archive and a folder give what their files give; what is no film is said on standard error', () => {
    const inside = join(folder, 'study');
    mkdirSync(inside);
    copyFileSync(chests[0], join(inside, 'IM2'));
    copyFileSync(chests[1], join(inside, 'IM10'));
    writeFileSync(join(inside, 'DICOMDIR'), 'x');
    const archive = join(folder, 'study.zip');
    const member = (name, path) => ({ name, bytes: readFileSync(path) });
    writeFileSync(archive, makeZip([member('b/2.jpg', chests[0]), member('b/10.jpg', chests[1]), { name: 'notes.txt' },
      { name: 'inner.zip', bytes: makeZip([member('../../c.jpg', chests[0])]) }, { name: 'locked.jpg', flags: 1 }]));
    const { status, records, err } = predictJson(inside, archive);
    assert.equal(status, 3);
    assert.equal(err, 'Skipped a DICOMDIR and a text file.\n');
    assert.deepEqual(records.map(({ file, error }) => [file, error?.code]), [
      [join(inside, 'IM10'), undefined], [join(inside, 'IM2'), undefined], [`${archive}/b/2.jpg`, undefined],
      [`${archive}/b/10.jpg`, undefined], [`${archive}/inner.zip/c.jpg`, undefined], [`${archive}/locked.jpg`, 'archive-encrypted']]);
    const { records: plain } = predictJson(chests[0]);
    for (const index of [1, 2, 4]) assert.deepEqual(records[index].findings, plain[0].findings);
  });

  test('bad files become rows between good ones; status 3', () => {
    const unreadable = ['empty.png', 'text.png', 'truncated.jpg', 'header_20000x20000.png', 'picture.webp', 'document.pdf']
      .map((name) => join(kImages, name));
    const missing = join(folder, 'missing.png');
    const { status, records } = predictJson(chests[0], ...unreadable, missing, chests[1]);
    assert.equal(status, 3);
    assert.deepEqual(records.map(({ ok }) => ok), [true, ...unreadable.map(() => false), false, true]);
    for (const { error, findings, evidence_residual: residual, notice } of records.slice(1, -1)) {
      assert.deepEqual(Object.keys(error), ['code', 'message', 'hint']);
      assert.match(error.code, /^[a-z0-9-]+$/);
      assert.ok(error.message.length > 10 && error.hint.length > 5, error.message);
      assert.deepEqual(findings, []);
      assert.equal(residual, null);
      assert.equal(notice, NOTICE);
    }
    assert.equal(records.at(-2).error.code, 'not-found');
    assert.equal(records.at(-1).findings.length, manifest.labels.length);
  });

  test('a film that is not fit for the network was read: ok, no findings, error not-analysed, status 0', () => {
    const { status, records } = predictJson(join(kImages, 'black.png'), join(kImages, 'one_pixel.png'));
    assert.equal(status, 0);
    for (const { ok, error, findings, evidence_residual: residual } of records) {
      assert.equal(ok, true);
      assert.equal(error.code, 'not-analysed');
      assert.ok(error.message);
      assert.deepEqual(findings, []);
      assert.equal(residual, null);
    }
  });

  test('what the model saw is in every record', () => {
    const { records: [record] } = predictJson(chests[0]);
    const { input } = record;
    assert.match(input.rule, /pixels/);
    assert.deepEqual([input.width, input.height], [manifest.input.width, manifest.input.height]);
    assert.ok(input.crop.width > 0 && input.crop.height > 0);
    assert.equal(input.corrections, null);
    assert.equal(record.overridden, false);
    assert.deepEqual(record.refusals, []);
    const [head, row] = parseCsv(cxr('predict', '--csv', chests[0]).out);
    assert.equal(row[head.indexOf('input_rule')], input.rule);
    assert.equal(row[head.indexOf('corrections')], '');
  });

  // A JPEG that says it lies on its side, turned back for the model, is the film it was made of.
  test('--rotate gives the scores of a film that stands upright', () => {
    const turned = join(folder, 'turned.jpg');
    writeFileSync(turned, withOrientation(readFileSync(chests[0]), kTurnedLeft));
    const [upright, corrected, lying] = [predictJson(chests[0]), predictJson('--rotate', '90', turned), predictJson(turned)]
      .map(({ records: [record] }) => record);
    assert.deepEqual(corrected.findings, upright.findings);
    assert.notDeepEqual(lying.findings, upright.findings);
    assert.equal(corrected.input.rotation, 90);
    assert.equal(corrected.input.corrections.rotate, 90);
    assert.match(cxr('predict', '--rotate', '90', turned).out, /corrected for the model: turned by 90°/);
  });

  test('corrections make other scores and are written down; wrong ones are refused', () => {
    const options = ['--invert', '--mirror', '--crop', '10,20,200,210', '--window', '20,200'];
    const { records: [record] } = predictJson(...options, chests[0]);
    assert.deepEqual(record.input.corrections,
      { invert: true, mirror: true, rotate: 0, crop: { x: 10, y: 20, width: 200, height: 210 }, window: { black: 20, white: 200 } });
    assert.deepEqual(record.input.window, { black: 20, white: 200 });
    assert.notDeepEqual(record.findings, predictJson(chests[0]).records[0].findings);
    for (const wrong of [['--rotate', '45'], ['--crop', '1,2,3'], ['--crop', '1,2,3,x'], ['--window', '9,9']]) {
      assert.equal(cxr('predict', ...wrong, chests[0]).status, 2, wrong.join(' '));
    }
    assert.equal(predictJson('--crop', '0,0,60000,9', chests[0]).records[0].error.code, 'invalid-request');
  });

  test('what makes a film doubtful is in every record, line and table', () => {
    const phantom = join(kExamples, 'phantom.png');
    const { records: [doubtful, film] } = predictJson('--anyway', phantom, chests[0]);
    assert.ok(doubtful.warnings.length > 0, 'the phantom is no chest film');
    assert.deepEqual(film.warnings, []);
    const [head, row] = parseCsv(cxr('predict', '--anyway', '--csv', phantom).out);
    assert.equal(row[head.indexOf('warnings')], doubtful.warnings.join(' '));
    assert.ok(cxr('predict', '--anyway', phantom).out.includes(`doubtful: ${doubtful.warnings.join(', ')}`));
  });

  test('--anyway analyses what is refused and says so; never a blank picture', () => {
    const { records: [small, blank] } = predictJson('--anyway', join(kImages, 'grey8.png'), join(kImages, 'black.png'));
    assert.equal(small.overridden, true);
    assert.ok(small.refusals.length > 0);
    assert.equal(small.findings.length, manifest.labels.length);
    assert.equal(blank.overridden, false);
    assert.deepEqual(blank.findings, []);
  });

  test('folders are walked, sorted, hidden files left out, in the place they were given', () => {
    const walked = join(folder, 'walked');
    mkdirSync(join(walked, 'b'), { recursive: true });
    for (const name of ['c.jpg', 'B.jpg', 'b/z.jpg', 'b/a.jpg', '.hidden.jpg']) copyFileSync(chests[0], join(walked, name));
    mkdirSync(join(walked, 'empty'));
    const { status, records } = predictJson(chests[1], walked, chests[0]);
    assert.equal(status, 0);
    assert.deepEqual(records.map(({ file }) => file),
      [chests[1], ...['B.jpg', 'b/a.jpg', 'b/z.jpg', 'c.jpg'].map((name) => join(walked, name)), chests[0]]);
  });

  test('an empty folder is an empty array and status 0', () => {
    const empty = join(folder, 'nothing');
    mkdirSync(empty);
    assert.deepEqual(predictJson(empty), { status: 0, records: [], err: '' });
  });

  test('CSV: a line per finding, names with commas, quotes and line ends kept, formulas not run', () => {
    const odd = join(folder, 'odd, "quoted"\nname.jpg');
    const formula = '=cmd.jpg';
    copyFileSync(chests[0], odd);
    const { status, out } = cxr('predict', '--csv', odd, formula);
    assert.equal(status, 3);
    assert.ok(out.endsWith('\r\n'));
    const [head, ...rows] = parseCsv(out);
    assert.ok(rows.every((row) => row.length === head.length), 'every line has as many fields as the head');
    const column = (name) => head.indexOf(name);
    assert.equal(rows.length, manifest.labels.length + 1);
    assert.deepEqual(new Set(rows.slice(0, -1).map((row) => row[column('file')])), new Set([odd]));
    assert.deepEqual(rows.slice(0, -1).map((row) => row[column('finding')]), manifest.labels.map(({ id }) => id));
    assert.ok(rows.slice(0, -1).every((row) => Number.isFinite(Number(row[column('logit')]))));
    assert.equal(rows.at(-1)[column('file')], `'${formula}`);
    assert.equal(rows.at(-1)[column('error_code')], 'not-found');
    assert.ok(rows.every((row) => row[column('notice')] === NOTICE));
  });

  test('the table: a row per file, figures with thresholds, never "normal", no control characters', () => {
    const escape = join(folder, 'esc\u001b[31m.jpg');
    copyFileSync(chests[0], escape);
    const { status, out } = cxr('predict', ...chests, escape, join(kImages, 'text.png'));
    assert.equal(status, 3);
    for (const file of chests) assert.ok(out.includes(file), file);
    assert.match(out, /^FILE +FINDING +SCORE +THRESHOLD +STATE\n/);
    assert.match(out, /text\.png +not read: /);
    assert.ok(!out.includes('\u001b'));
    assert.ok(out.endsWith(`\n${NOTICE}\n`));
    const all = cxr('predict', '--all', chests[0]).out;
    for (const { id } of manifest.labels) assert.match(all, new RegExp(` ${id} +0\\.\\d{3} +0\\.\\d{3} `));
  });

  test('heat maps: one picture per finding above its threshold, none over another, with the notice inside', () => {
    const pictures = join(folder, 'pictures');
    const twin = join(folder, 'twin');
    mkdirSync(twin);
    const source = chests.find((file) => file.endsWith('effusion.jpg'));
    copyFileSync(source, join(twin, 'effusion.jpg'));
    const { status, records } = predictJson('--heatmap', pictures, source, join(twin, 'effusion.jpg'));
    assert.equal(status, 0);
    const above = records[0].findings.filter(({ state }) => state === 'above').map(({ id }) => id);
    assert.ok(above.length > 0, 'the example is meant to show something');
    assert.deepEqual(readdirSync(pictures).sort(),
      above.flatMap((id) => [`effusion.jpg.${id}.png`, `effusion.jpg-2.${id}.png`]).sort());
    const inspected = JSON.parse(cxr('inspect', '--json', pictures).out);
    const size = JSON.parse(cxr('inspect', '--json', source).out)[0].film;
    for (const { ok, error, film } of inspected) {
      assert.equal(ok, true, error?.message);
      assert.ok(film.width === size.width && film.height > size.height, 'the film in full, below it a caption');
    }
    for (const name of readdirSync(pictures)) {
      const bytes = readFileSync(join(pictures, name));
      assert.ok(bytes.includes(`tEXtDisclaimer\0${NOTICE}`));
    }
    // One drawing: the same finding explained by the evidence, and other pictures where other switches are given.
    const [id] = above;
    const explained = join(folder, 'explained');
    const drawn = (name) => readPng(readFileSync(name)).pixels;
    const plain = drawn(join(pictures, `effusion.jpg.${id}.png`));
    assert.equal(cxr('explain', source, '--finding', id, '--out', explained).status, 0);
    assert.deepEqual(drawn(join(explained, `effusion.jpg.${id}.evidence.png`)), plain);
    for (const [switches, folderName] of [[['--signed'], 'signed'], [['--contour'], 'contour'], [['--opacity', '0.1'], 'faint']]) {
      const other = join(folder, folderName);
      assert.equal(predictJson('--heatmap', other, ...switches, source).status, 0);
      assert.notDeepEqual(drawn(join(other, `effusion.jpg.${id}.png`)), plain, switches[0]);
    }
    assert.match(cxr('predict', '--opacity', '1.5', source).err, /--opacity 1\.5: expected a number from 0 to 1/);
  });

  test('heat maps that cannot be written: status 1 and the reason', () => {
    const blocked = join(folder, 'blocked');
    writeFileSync(blocked, '');
    const { status, out, err } = cxr('predict', '--json', '--heatmap', blocked, chests[0]);
    assert.equal(status, 1);
    assert.equal(out, '');
    assert.match(err, /heat map/);
  });

  test('operating points move the thresholds and nothing else', () => {
    const [first] = predictJson(chests[0]).records;
    for (const point of manifest.operating_points) {
      const [record] = predictJson('--operating-point', point.id, chests[0]).records;
      record.findings.forEach((finding, index) => {
        assert.ok(Math.abs(finding.threshold - point.thresholds[index]) < 1e-6, `${point.id} ${finding.id}`);
        assert.equal(finding.logit, first.findings[index].logit);
      });
    }
  });

  test('--zones: the page\'s sentences, likely first, what is not assessed last and only on request', () => {
    const [record] = predictJson(chests[0]).records;
    const table = cxr('predict', '--zones', '--all', chests[0]).out;
    assert.match(table, /^FILE +FINDING +READING\n/);
    assert.ok(table.includes(record.summary));
    const rank = { likely: 0, uncertain: 1, unlikely: 2, 'not-assessed': 3 };
    let last = -1;
    const rows = table.split('\n').slice(2).flatMap((line) => record.findings.filter(({ id }) => line.split(/ {2,}/)[1] === id));
    assert.equal(rows.length, record.findings.length);
    for (const finding of rows) {
      assert.ok(table.includes(finding.reading), finding.reading);
      assert.ok(rank[finding.zone] >= last, finding.id);
      last = rank[finding.zone];
    }
    assert.notEqual(rows[0].id, 'Hernia');
    const short = cxr('predict', '--zones', chests[0]).out;
    assert.ok(!short.includes('not assessed.\u0020Only'), short);
    assert.ok(!/ Hernia /.test(short));
    const [head, ...lines] = parseCsv(cxr('predict', '--csv', chests[0]).out);
    lines.forEach((line, index) => {
      assert.equal(line[head.indexOf('reading')], record.findings[index].reading);
      assert.equal(line[head.indexOf('zone')], record.findings[index].zone);
    });
  });

  test('a zone follows from the three figures that stand beside it', () => {
    for (const { findings } of predictJson(...chests).records) {
      for (const { id, zone, zone_reason: reason, calibrated, rule_out: ruleOut, rule_in: ruleIn, percentile } of findings) {
        const { evaluation } = manifest.labels.find((label) => label.id === id);
        const known = evaluation.positives >= 50 && evaluation.auroc_interval[0] > 0.6;
        assert.equal(zone === 'not-assessed', !known, id);
        assert.equal(reason === '', known, id);
        assert.ok(percentile > 0 && percentile < 100);
        if (known) assert.equal(zone, calibrated < ruleOut ? 'unlikely' : calibrated < ruleIn ? 'uncertain' : 'likely', id);
        else assert.deepEqual([ruleOut, ruleIn], [null, null]);
      }
    }
  });

  test('a model without an evaluation gives scores and says that nothing is known of them', () => {
    const [record] = predictJson('--model', 'compact-densenet-128', chests[0]).records;
    assert.match(record.summary, /^Nothing is known of how good these scores are: 14 not assessed\.$/);
    for (const { zone, percentile, calibrated, reading } of record.findings) {
      assert.deepEqual([zone, percentile], ['not-assessed', null]);
      assert.ok(calibrated > 0);
      assert.match(reading, /: not assessed\. Nothing is known of how good its score is/);
    }
    const { status, err } = cxr('predict', '--model', 'compact-densenet-128', '--prevalence', 'effusion=0.2', chests[0]);
    assert.equal(status, 1);
    assert.match(err, /Nothing is known/);
  });

  test('--prevalence tells what a threshold means there; what is none is wrong usage', () => {
    const { out } = cxr('predict', '--prevalence', 'effusion=0.2', '--operating-point', 'rule-out', chests[0]);
    assert.match(out, /\nPleural effusion: Of 100 such films \d+ are called, \d+ of them rightly\. PPV 0\.\d\d .* where 20 % have it\. Sensitivity 0\.9/);
    const rare = cxr('predict', '--json', '--prevalence', 'effusion=0.02', chests[0]);
    assert.match(rare.err, /where 2\.0 % have it/, 'beside JSON it goes to standard error');
    assert.equal(JSON.parse(rare.out).length, 1);
    for (const wrong of ['effusion', 'effusion=1', 'effusion=x', 'nothing=0.1']) {
      assert.equal(cxr('predict', '--prevalence', wrong, chests[0]).status, 2, wrong);
    }
  });

  test('--csv NAME.csv writes that file, --wide a line per film; names may come from standard input', () => {
    const long = join(folder, 'out.csv');
    const named = `${chests[1]}\n${chests[0]}\n`;
    const run = (input, ...args) => spawnSync(process.execPath, [kCxr, 'predict', ...args], { input, encoding: 'utf8',
      env: { ...process.env, CHESTLIGHT_SITE: kSite } });
    assert.equal(run(named, '-', '--csv', long).stdout, '');
    const [head, ...lines] = parseCsv(readFileSync(long, 'utf8'));
    assert.equal(lines.length, 2 * manifest.labels.length);
    assert.equal(lines[0][head.indexOf('file')], chests[1]);
    const wide = parseCsv(run(named.replaceAll('\n', '\0'), '-', '--csv', '--wide').stdout);
    assert.equal(wide.length, 3);
    assert.equal(wide[1][wide[0].indexOf('summary')], lines[0][head.indexOf('summary')]);
    assert.equal(wide[2][wide[0].indexOf('Effusion zone')], lines[manifest.labels.length + 2][head.indexOf('zone')]);
    const blocked = run('', chests[0], '--csv', join(folder, 'no', 'such', 'folder.csv'));
    assert.equal(blocked.status, 1);
    assert.match(blocked.stderr, /cannot be written/);
  });

  test('--jobs gives the same in the same order, heat maps too, from several processes', () => {
    const files = [chests[1], join(folder, 'is not there.png'), chests[0], chests[2]];
    const undated = (text) => JSON.parse(text).map((record) => ({ ...record, date: '' }));
    const [alone, together] = [cxr('predict', '--json', ...files), cxr('predict', '--json', '--jobs', '2', ...files)];
    assert.deepEqual(undated(together.out), undated(alone.out));
    assert.deepEqual([together.status, alone.status], [3, 3]);
    assert.equal(together.err, alone.err);
    const tables = [[], ['--jobs', '3']].map((jobs) => cxr('predict', '--zones', '--all', ...jobs, ...files).out);
    assert.equal(tables[1], tables[0]);
    const maps = ['one', 'two'].map((name) => join(folder, `maps of jobs ${name}`));
    cxr('predict', '--heatmap', maps[0], chests[0], chests[1], chests[0]);
    cxr('predict', '--heatmap', maps[1], '--jobs', '2', chests[0], chests[1], chests[0]);
    assert.deepEqual(readdirSync(maps[1]).sort(), readdirSync(maps[0]).sort());
    const wrong = cxr('predict', '--jobs', '2', '--model', 'none', chests[0]);
    assert.deepEqual([wrong.status, wrong.out], [2, '']);
    for (const jobs of ['0', '65', 'x']) assert.equal(cxr('predict', '--jobs', jobs, chests[0]).status, 2);
    assert.equal(cxr('predict', '--share', '3/2', chests[0]).status, 2);
  });

  test('the example films show what they are meant to show, with the shipped model', () => {
    const shown = { 'cardiomegaly.jpg': 'Cardiomegaly', 'effusion.jpg': 'Effusion', 'mass.jpg': 'Mass',
      'pneumothorax.jpg': 'Pneumothorax', 'consolidation.jpg': 'Consolidation' };
    const { records } = predictJson(...chests);
    for (const { file, findings } of records) {
      const name = file.slice(kExamples.length + 1);
      const above = findings.filter(({ state }) => state === 'above').map(({ id }) => id);
      if (name === 'clear.jpg') assert.deepEqual(above, []);
      else assert.ok(above.includes(shown[name]), `${name}: ${above.join(', ') || 'nothing'} above threshold`);
    }
  });

  test('the golden films give what PyTorch gave, and one answer whatever the threads', () => {
    const golden = readJson(join(kSite, `models/${model}/${manifest.golden}`));
    const files = golden.examples.map(({ film }) => join(kSite, `models/${model}`, film));
    assert.ok(files.length > 0 && files.every(existsSync));
    for (const threads of ['1', '2']) {
      const { records } = predictJson('--threads', threads, ...files);
      records.forEach(({ findings }, film) => findings.forEach(({ id, logit }, label) => {
        const expected = golden.examples[film].logits[label];
        assert.ok(Math.abs(logit - expected) <= golden.tolerance.logits, `${id}: ${logit}, expected ${expected}`);
      }));
    }
  });
});
