// cxr evaluate on the built engine and model: figures against plain counts of pairs, what a stopped run leaves, and bad tables.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { NOTICE } from '../../web/shared/notice.js';
import { cxr, kExamples, kImages, kSite, notBuilt, parseCsv, readJson, scratchFolder } from './support.mjs';

const folder = scratchFolder();
const kFilmsFolder = process.env.CHESTLIGHT_FILMS;
const kTolerance = 1e-6;

/** The share of pairs in the right order, ties half: what an area under the ROC curve is. */
function areaByPairs(rows) {
  const [with_, without] = [rows.filter(({ label }) => label === 1), rows.filter(({ label }) => label === 0)];
  let right = 0;
  for (const a of with_) for (const b of without) right += a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0;
  return right / (with_.length * without.length);
}

/** Mean precision at each film with the finding, where no scores tie. */
function averagePrecision(rows) {
  const sorted = [...rows].sort((a, b) => b.score - a.score);
  let found = 0;
  let sum = 0;
  sorted.forEach(({ label }, rank) => {
    if (label !== 1) return;
    found += 1;
    sum += found / (rank + 1);
  });
  return sum / found;
}

/** Lines of scores.csv by model and finding. */
function readScores(out) {
  const [head, ...lines] = parseCsv(readFileSync(join(out, 'scores.csv'), 'utf8'));
  const column = (name) => head.indexOf(name);
  return lines.map((line) => ({ file: line[column('file')], model: line[column('model')], finding: line[column('finding')],
    score: Number(line[column('score')]), threshold: Number(line[column('threshold')]),
    label: line[column('label')] === '' ? null : Number(line[column('label')]), line, head }));
}

const result = (evaluation, finding, model = 0) => evaluation.models[model].findings.find(({ id }) => id === finding);

describe('evaluate', { skip: notBuilt }, () => {
  const models = notBuilt ? [] : readJson(join(kSite, 'models/index.json')).models.map((entry) => entry.id ?? entry);
  const films = join(folder, 'films');
  const names = ['cardiomegaly', 'clear', 'consolidation', 'effusion', 'mass', 'pneumothorax'].map((name) => `${name}.jpg`);
  mkdirSync(join(films, 'more'), { recursive: true });
  for (const name of names.slice(0, 4)) copyFileSync(join(kExamples, name), join(films, name));
  for (const name of names.slice(4)) copyFileSync(join(kExamples, name), join(films, 'more', name));
  copyFileSync(join(kImages, 'black.png'), join(films, 'black.png'));
  copyFileSync(join(kImages, 'truncated.jpg'), join(films, 'cut.jpg'));
  copyFileSync(join(kImages, 'grey8.png'), join(films, 'without a row.png'));
  const table = join(folder, 'labels.csv');
  writeFileSync(table, ['Image;Patient;Sex;Effusion;Mass;Hernia', 'cardiomegaly.jpg;1;F;1,0;0;0', 'clear.jpg;2;M;0;0;0',
    'consolidation.jpg;1;F;0;1;0', 'effusion.jpg;3;M;1;-1;0', 'mass.jpg;4;F;0;1;0', 'pneumothorax.jpg;5;M;1;0;0', 'black.png;6;F;1;0;0',
    'cut.jpg;7;M;1;0;0', 'elsewhere.jpg;8;M;1;0;0'].join('\r\n'));
  const out = join(folder, 'results');
  let evaluation = null;

  test('figures are those counted from the scores, film by film', () => {
    const { status, out: text, err } = cxr('evaluate', films, '--labels', table, '--out', out);
    assert.equal(status, 3, err); // one film is cut off
    assert.match(err, /1 row belongs to no image here and is left out\./);
    assert.match(err, /1 image has no row in the table and is left out \(without a row\.png\)\./);
    assert.match(err, /1 patient has more than one image \(2 images\)/);
    assert.match(err, /1 uncertain label \(-1\) counts as unknown\./);
    assert.match(err, /1 film with labels could not be read\. .*cut\.jpg: /);
    assert.match(err, /1 film with labels is not fit for the network/);
    assert.match(text, /^MODEL +FINDING +WITH +WITHOUT +AUROC/);
    assert.ok(text.endsWith(`${NOTICE}\n`));

    evaluation = readJson(join(out, 'evaluation.json'));
    assert.deepEqual(evaluation.films, { with_labels: 8, scored: 6, refused: 1, unreadable: 1 });
    assert.equal(evaluation.labels.joined_by, 'file name');
    assert.equal(evaluation.labels.column, 'Image');
    const predicted = JSON.parse(cxr('predict', '--json', ...names.map((name) => join(kExamples, name))).out);
    const rows = readScores(out);
    assert.equal(rows.length, 6 * evaluation.models[0].findings.length);
    for (const { file, finding, score, threshold } of rows) {
      const record = predicted.find((one) => basename(one.file) === basename(file));
      const expected = record.findings.find(({ id }) => id === finding);
      assert.ok(Math.abs(score - expected.calibrated) < kTolerance && Math.abs(threshold - expected.threshold) < kTolerance, `${file} ${finding}`);
    }
    for (const [finding, positives, negatives] of [['Effusion', 3, 3], ['Mass', 2, 3]]) {
      const found = result(evaluation, finding);
      const counted = rows.filter((row) => row.finding === finding && row.label !== null);
      assert.deepEqual([found.positives, found.negatives], [positives, negatives]);
      assert.ok(Math.abs(found.auroc - areaByPairs(counted)) < kTolerance, finding);
      assert.ok(Math.abs(found.average_precision - averagePrecision(counted)) < kTolerance, finding);
      assert.ok(found.interval[0] <= found.auroc && found.auroc <= found.interval[1]);
      const called = counted.filter(({ score, threshold }) => score >= threshold);
      assert.equal(found.confusion.true_positives, called.filter(({ label }) => label === 1).length);
      assert.equal(found.confusion.false_positives, called.filter(({ label }) => label === 0).length);
      assert.ok(found.triage.called.refused.startsWith(`These ${positives + negatives} films do not prove`), 'so few films prove nothing');
    }
  });

  test('how frequent findings are by the scores alone: the maximum of the likelihood, by trying all', () => {
    const rows = readScores(out).filter(({ finding, label }) => finding === 'Effusion' && label !== null);
    const { prevalence, prevalence_estimated: here } = result(evaluation, 'Effusion');
    assert.equal(prevalence, 0.5);
    const likelihood = (q) => rows.reduce((sum, { score }) => sum + Math.log(q * score / here.model + (1 - q) * (1 - score) / (1 - here.model)), 0);
    const steps = Array.from({ length: 9999 }, (_, index) => (index + 1) / 1e4);
    const best = steps.reduce((one, other) => (likelihood(other) > likelihood(one) ? other : one));
    assert.ok(Math.abs(here.value - best) < 2e-4, `${here.value} against ${best}`);
    assert.ok(here.interval[0] <= here.value && here.value <= here.interval[1]);
    const report = readFileSync(join(out, 'report.html'), 'utf8');
    assert.ok(report.includes(`${here.value.toFixed(3)} (${here.interval.map((end) => end.toFixed(3)).join(' to ')}) by the scores alone`));
  });

  test('one class only, and findings without labels: null and a sentence', () => {
    const hernia = result(evaluation, 'Hernia');
    assert.deepEqual([hernia.positives, hernia.negatives, hernia.auroc, hernia.interval, hernia.average_precision], [0, 6, null, null, null]);
    assert.match(hernia.note, /^None of the 6 films has the finding/);
    assert.match(result(evaluation, 'Edema').note, /The labels do not name this finding\./);
  });

  test('a site profile: found here, used by predict and report, and refused for another model', () => {
    const file = join(folder, 'site-profile.json');
    const made = (...options) => {
      const { status, err } = cxr('evaluate', films, '--labels', table, '--out', out, '--profile-out', file, ...options);
      assert.equal(status, 3, err);
      return readJson(file);
    };
    const [{ id, sha256 }] = evaluation.models;
    const profile = made();
    assert.deepEqual([profile.kind, profile.schema_version, profile.films, profile.model.id, profile.model.sha256],
      ['chestlight-site-profile', 1, 6, id, sha256]);
    assert.ok(profile.model.version && /^\d{4}-\d\d-\d\d$/.test(profile.date) && profile.notice === NOTICE);
    assert.deepEqual(profile.findings.map((finding) => finding.id), ['Effusion', 'Mass'], 'those with films of both kinds');
    const effusion = profile.findings.find((finding) => finding.id === 'Effusion');
    const youden = result(evaluation, 'Effusion').thresholds.find((one) => one.id === 'youden');
    assert.equal(effusion.threshold.value, youden.threshold);
    assert.equal(effusion.threshold.sensitivity, youden.sensitivity.value);
    assert.deepEqual(effusion.threshold.sensitivity_interval, youden.sensitivity.interval);
    assert.deepEqual([effusion.likely, effusion.unlikely], [null, null], 'six films prove no zone');

    const lowest = made('--profile-by', 'sensitivity=0.99').findings.find((finding) => finding.id === 'Effusion').threshold;
    assert.deepEqual([lowest.chosen_by, lowest.sensitivity], ['sensitivity of 99 %', 1]);
    const cost = made('--profile-by', 'cost', '--miss-cost', '20', '--cost-prevalence', '0.1');
    assert.match(cost.findings[0].threshold.chosen_by, /^least cost, a miss as 20 false findings where 10 % have it$/);
    assert.match(cxr('evaluate', films, '--out', out, '--profile-by', 'luck').err, /--profile-by luck: expected youden, cost/);

    // A zone that holds every film, so that it is seen to count.
    effusion.likely = { edge: 1e-6, films: 6, right: 6, interval: [0.6, 1] };
    writeFileSync(file, JSON.stringify(profile));
    const { status, out: text, err } = cxr('predict', '--json', '--profile', file, join(kExamples, 'clear.jpg'));
    assert.equal(status, 0, err);
    const [record] = JSON.parse(text);
    assert.match(record.site_profile, new RegExp(`^Site profile ${profile.date} \\(6 films, [0-9a-f]{8}\\)$`));
    assert.equal(record.operating_point, 'site');
    const found = record.findings.find((finding) => finding.id === 'Effusion');
    assert.equal(found.zone, 'likely');
    assert.ok(Math.abs(found.threshold - effusion.threshold.value) < kTolerance);
    assert.match(record.summary, /^Likely: .*pleural effusion/i);
    for (const kind of ['--csv', '--wide']) {
      const lines = cxr('predict', '--csv', ...(kind === '--wide' ? [kind] : []), '--profile', file, join(kExamples, 'clear.jpg')).out;
      assert.ok(lines.includes(record.site_profile), kind);
    }
    const page = join(folder, 'profile.html');
    assert.equal(cxr('report', join(kExamples, 'clear.jpg'), '--out', page, '--profile', file).status, 0);
    assert.ok(readFileSync(page, 'utf8').includes(record.site_profile));

    writeFileSync(file, JSON.stringify({ ...profile, model: { ...profile.model, sha256: 'f'.repeat(64) } }));
    const refused = cxr('predict', '--profile', file, join(kExamples, 'clear.jpg'));
    assert.equal(refused.status, 1);
    assert.match(refused.err, new RegExp(`^cxr: The site profile was made for the model ${id} .*ffffffff.*, and ${id} .*${sha256.slice(0, 8)}.* is in use\\.`));
    assert.match(cxr('predict', '--profile', join(folder, 'none.json'), join(kExamples, 'clear.jpg')).err, /cannot be read/);
    writeFileSync(file, '{}');
    assert.match(cxr('predict', '--profile', file, join(kExamples, 'clear.jpg')).err, /This JSON file is no site profile\./);
  });

  test('groups are in every result', () => {
    const groups = result(evaluation, 'Effusion').groups.map(({ group, value, positives, negatives }) => [group, value, positives, negatives]);
    assert.deepEqual(groups, [['sex', 'F', 1, 2], ['sex', 'M', 2, 1]]);
    const [row] = readScores(out);
    assert.ok(row.head.includes('sex'));
  });

  test('the model card says what was measured, and of what it does not know that it is not stated', () => {
    const { AppliedModelCard: card, notice } = readJson(join(out, 'model-card.json'));
    assert.equal(notice, NOTICE);
    assert.deepEqual(Object.keys(card), ['BasicInfo', 'ReleaseInfo', 'ModelSummary', 'UsesAndDirections', 'Warnings', 'TrustIngredients',
      'KeyMetrics', 'Resources', 'Bibliography']);
    const { Results, TestingDataDescription: data } = card.KeyMetrics.UsefulnessUsabilityEfficacy;
    const effusion = Results.MetricResult.find(({ Label }) => Label === 'Effusion').ValueJson;
    const expected = result(evaluation, 'Effusion');
    assert.ok(Math.abs(effusion.auroc - expected.auroc) < kTolerance);
    assert.deepEqual(effusion.auroc_interval, expected.interval);
    assert.equal(effusion.sensitivity.value, expected.sensitivity.value);
    assert.match(data, /^6 films of one's own with labels/);
    assert.equal(card.KeyMetrics.FairnessEquity.Results.MetricResult.filter(({ Label }) => Label.startsWith('Effusion, sex')).length, 2);
    assert.equal(card.Warnings.ClinicalRiskLevel, 'Not stated.');
  });

  test('the report is one page that needs nothing else', () => {
    const html = readFileSync(join(out, 'report.html'), 'utf8');
    assert.equal(html.match(/<svg /g).length, 10, 'five plots for each of the two findings that have measures');
    assert.ok(html.includes(NOTICE) && html.includes('AUROC'));
    const bare = html.replaceAll('http://www.w3.org/2000/svg', '');
    assert.doesNotMatch(bare, /<script|<link|<img|https?:|@import|url\(/);
    const opened = bare.match(/<(?!\/|!|meta|path|rect|circle)[a-z0-9]+/g).length;
    assert.equal(bare.match(/<\/[a-z0-9]+>/g).length, opened, 'every element is closed');
    assert.doesNotMatch(html, /nan|inf\b/);
  });

  test('a run that was stopped goes on from what it had', () => {
    const [log] = readdirSync(out).filter((name) => name.endsWith('.jsonl'));
    const path = join(out, log);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
    assert.equal(lines.length, 8, 'one for each film with a row');
    const changed = lines.find(({ file }) => file.endsWith('effusion.jpg'));
    changed.findings[0].calibrated = 0.125;  // shows that it was taken from here
    writeFileSync(path, `${JSON.stringify(changed)}\n${JSON.stringify(lines.find(({ file }) => file.endsWith('clear.jpg'))).slice(0, 200)}`);
    assert.equal(cxr('evaluate', films, '--labels', table, '--out', out).status, 3);
    const rows = readScores(out);
    assert.equal(rows.length, 6 * evaluation.models[0].findings.length);
    assert.equal(rows.find(({ file, finding }) => file.endsWith('effusion.jpg') && finding === changed.findings[0].id).score, 0.125);
    assert.equal(readFileSync(path, 'utf8').trimEnd().split('\n').length, 9, 'the line that was cut off stays, the film is scored again');
  });

  test('folders are labels where there is no table', () => {
    const sorted = join(folder, 'sorted');
    for (const [index, name] of names.entries()) {
      const below = join(sorted, index % 2 ? 'NORMAL' : 'Pneumonia');
      mkdirSync(below, { recursive: true });
      copyFileSync(join(kExamples, name), join(below, name));
    }
    const { status, err } = cxr('evaluate', sorted, '--out', join(folder, 'by folder'));
    assert.equal(status, 0, err);
    const found = result(readJson(join(folder, 'by folder/evaluation.json')), 'Pneumonia');
    assert.deepEqual([found.positives, found.negatives], [3, 3]);
    assert.ok(Math.abs(found.auroc - areaByPairs(readScores(join(folder, 'by folder')).filter(({ finding }) => finding === 'Pneumonia'))) < kTolerance);
  });

  test('two models are compared on the same films', { skip: models.length < 2 && 'the page has one model only' }, () => {
    const both = join(folder, 'both');
    const { status, err } = cxr('evaluate', films, '--labels', table, '--out', both, '--model', models[0], '--model', models[1],
      '--finding', 'Effusion=Mass');
    assert.equal(status, 3, err);
    const compared = readJson(join(both, 'evaluation.json'));
    assert.deepEqual(compared.models.map(({ id }) => id), models.slice(0, 2));
    const of = compared.comparisons.find(({ finding }) => finding === 'Effusion');
    assert.deepEqual([of.first, of.second, of.films], [...models.slice(0, 2), 5]);
    assert.ok(Math.abs(of.difference - (result(compared, 'Effusion', 0).auroc - result(compared, 'Effusion', 1).auroc)) < kTolerance);
    assert.equal(result(compared, 'Effusion').label, 'Mass');
  });

  for (const [what, text, message] of [
    ['that is empty', '', /is empty/],
    ['that is a workbook', 'PK\u0003\u0004', /This is a workbook.*Save the sheet as CSV/],
    ['without a column of labels', 'image,width\nclear.jpg,12\n', /No column of the table can be read as labels/],
    ['of other films', 'image,Effusion\nx.jpg,1\n', /No row of the table belongs to any of the 9 images/],
    ['with a quote that is never closed', 'image,Effusion\n"clear.jpg,1\n', /ends inside a quoted cell that begins in row 2/],
    ['with two columns of one name', 'image,Mass,Mass\nclear.jpg,1,1\n', /Two columns are called "Mass"/],
  ]) {
    test(`a table ${what} is refused in a sentence, and nothing is written`, () => {
      const bad = join(folder, 'bad.csv');
      writeFileSync(bad, text);
      const nowhere = join(folder, 'nowhere');
      const { status, out: printed, err } = cxr('evaluate', films, '--labels', bad, '--out', nowhere);
      assert.equal(status, 1);
      assert.equal(printed, '');
      assert.match(err, message);
      assert.ok(!existsSync(nowhere));
    });
  }

  test('a table or a column that is not there: status 1, and what there is', () => {
    assert.match(cxr('evaluate', films, '--labels', join(folder, 'none.csv'), '--out', out).err, /cannot be read \(ENOENT\)/);
    const { status, err } = cxr('evaluate', films, '--labels', table, '--out', out, '--image-column', 'Film');
    assert.equal(status, 1);
    assert.match(err, /no column "Film"\. It has Image, Patient, Sex, Effusion, Mass, Hernia\./);
  });

  test('real films with their labels', {
    skip: !kFilmsFolder && 'CHESTLIGHT_FILMS names no folder of films',
  }, () => {
    const real = join(folder, 'real');
    const { status, err } = cxr('evaluate', join(kFilmsFolder, 'films'), '--labels', join(kFilmsFolder, 'films/films.csv'), '--out', real, '--threads', '2');
    assert.equal(status, 0, err);
    const judged = readJson(join(real, 'evaluation.json'));
    assert.equal(judged.labels.images_with_row, judged.films.with_labels);
    assert.ok(judged.films.scored >= 15);
    const rows = readScores(real);
    let measured = 0;
    for (const found of judged.models[0].findings) {
      if (found.auroc === null) continue;
      measured += 1;
      const counted = rows.filter(({ finding, label }) => finding === found.id && label !== null);
      assert.ok(Math.abs(found.auroc - areaByPairs(counted)) < kTolerance, found.id);
    }
    assert.ok(measured >= 10, 'every finding is there at least twice');
  });
});
