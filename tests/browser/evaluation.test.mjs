// Labels dropped on the page: joined to films, measured, shown and exported. Every figure is that of `cxr evaluate` for the same films.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

import { cxr } from '../cli/support.mjs';
import { makeZip } from '../web/zip_support.mjs';
import { keepScreenshot, kLongPatience, pageTests } from './support/browser.mjs';
import { makeChest } from './support/images.mjs';

const onPage = pageTests();

const kModel = 'compact-densenet-128';
const kTolerance = 1e-6;
const scratch = mkdtempSync(join(tmpdir(), 'chestlight-evaluation-'));
after(() => rmSync(scratch, { recursive: true }));

const settled = (state) => state.films.length > 0
  && state.films.every(({ status }) => !['queued', 'waiting', 'analysing'].includes(status));
const text = (words) => Buffer.from(words);
const nameOf = (index) => `film-${String(index).padStart(2, '0')}.png`;
const spots = (count) => Array.from({ length: count }, (_, index) => [0.15 + 0.06 * (index % 6) * 2, 0.25 + 0.4 * (index % 3) / 2]);

/** Twelve films that differ, and a table that says something of each; figures are worth nothing, but they are figures. */
const kFilms = spots(12).map((spot, index) => ({ name: nameOf(index), bytes: makeChest(160 + 8 * index, index % 4 ? spot : null) }));
const kTable = text(['Image;Patient;Sex;Effusion;Mass;Hernia;Something else',
  ...kFilms.map(({ name }, index) => `${name};${index >> 1};${index % 3 ? 'F' : 'M'};${index % 2};${index % 5 ? 0 : 1},0;0;1`)].join('\r\n'));

const measured = (state) => state.evaluation?.results.length > 0 && !state.evaluation.busy;
const joined = (name) => (state) => state.evaluation?.tables.some((table) => table.name === name)
  && (state.evaluation.join ?? state.evaluation.error);

async function download(page, format) {
  const [file] = await Promise.all([page.page.waitForEvent('download'), page.act({ type: 'export-evaluation', format })]);
  return [file.suggestedFilename(), readFileSync(await file.path(), 'utf8')];
}

onPage('twelve films and a table: the figures of the command line, in the page, its text and its files', {}, async (page) => {
  const folder = join(scratch, 'films');
  mkdirSync(folder);
  for (const { name, bytes } of kFilms) writeFileSync(join(folder, name), bytes);
  writeFileSync(join(scratch, 'labels.csv'), kTable);
  const out = join(scratch, 'results');
  const { status, err } = cxr('evaluate', folder, '--labels', join(scratch, 'labels.csv'), '--out', out, '--model', kModel);
  assert.equal(status, 0, err);
  const expected = JSON.parse(readFileSync(join(out, 'evaluation.json'), 'utf8'));

  await page.drop(kFilms);
  await page.until(settled, kLongPatience);
  await page.drop([{ name: 'labels.csv', bytes: kTable }]);
  let state = await page.until(measured);
  assert.equal(state.popup, 'evaluation', 'a table that comes after its films is there to be used');
  assert.equal(state.films.length, 12, 'a table is no film');
  const { evaluation } = state;
  assert.equal(evaluation.join.sentence, '12 of 12 films have labels in labels.csv (columns, joined by file name with the column Image).');
  assert.deepEqual(evaluation.join.remarks, expected.labels.remarks);
  assert.deepEqual(evaluation.films, { ...expected.films, waiting: 0 });
  for (const { id, label, auroc, average_precision: precision, positives, negatives, note } of expected.models[0].findings) {
    const shown = evaluation.results.find((one) => one.id === id);
    assert.equal(Boolean(shown), label !== null, id);
    if (!shown) continue;
    assert.deepEqual([shown.with, shown.without, shown.label, shown.note], [positives, negatives, label, note ?? ''], id);
    if (auroc === null) continue;
    assert.ok(Math.abs(shown.auroc.value - auroc) < kTolerance && Math.abs(shown.average_precision.value - precision) < kTolerance, id);
  }
  assert.deepEqual(evaluation.results.map(({ note }) => note === ''), [true, true, false], 'a finding of one class stands last');

  await page.act({ type: 'open-evaluated', finding: 'Effusion' });
  state = await page.until((now) => now.evaluation.measures?.finding === 'Effusion');
  const report = readFileSync(join(out, 'report.html'), 'utf8');
  const effusion = state.evaluation.results.find(({ id }) => id === 'Effusion');
  const { measures } = state.evaluation;
  for (const words of [effusion.auroc.text, effusion.sensitivity.text, effusion.ppv.text, effusion.sentence, measures.counts,
    ...measures.zones, ...measures.thresholds.map(({ threshold }) => threshold), ...measures.groups.map(({ auroc }) => auroc)]) {
    assert.ok(report.includes(words), `the report says "${words}", too`);
  }
  assert.deepEqual(measures.groups.map(({ name }) => name), ['sex: F', 'sex: M']);
  await page.page.waitForFunction((words) => document.querySelector('#mirror').textContent.includes(words), effusion.auroc.text);
  await keepScreenshot(page.page, 'evaluation');

  // The page may run the network in several threads, the command line in one: a score's last digits are left out.
  const comparable = (words) => words.replace(/\d{4}-\d\d-\d\d/, 'date').replace(/-?\d+\.\d{6,}(e-?\d+)?/g, (figure) => Number(figure).toFixed(5));
  for (const [format, name] of [['html', 'report.html'], ['json', 'evaluation.json'], ['csv', 'scores.csv']]) {
    const [found, words] = await download(page, format);
    assert.equal(found, name);
    assert.equal(comparable(words), comparable(readFileSync(join(out, name), 'utf8')), name);
  }

  const [missed] = [...measures.missed, ...measures.false_calls];
  await page.act({ type: 'look-at-film', id: missed.id, finding: 'Effusion' });
  state = await page.until(({ popup }) => popup === 'none');
  assert.equal(state.films.find(({ selected }) => selected).name, missed.name);
  assert.equal(state.findings.find(({ selected }) => selected).id, 'Effusion');

  // Nothing is lost while it is closed, and the join can be changed by the keyboard's text alone.
  await page.page.locator('#screen').press("'");
  await page.until((now) => now.evaluation.open && measured(now));
  await page.press('Names of findings: Hiatal hernia: Hernia');
  await page.press('Names of findings: Something else');
  state = await page.until((now) => measured(now) && now.evaluation.results.some(({ id, label }) => id === 'Hernia' && label === 'Something else'));
  assert.equal(state.evaluation.results.find(({ id }) => id === 'Hernia').with, 12);
});

const kTwo = [{ name: 'one.png', bytes: makeChest(160) }, { name: 'two.png', bytes: makeChest(176, [0.4, 0.5]) }];

/** Tables as they come, with what is to be said of each. `with`: films that have "Effusion" by it. */
const kTables = [
  ['no usable column.csv', text('image,comment\none.png,fine\ntwo.png,not so\n'), /No column of the table can be read as labels/],
  ['semicolons.csv', text('image;Effusion\r\none.png;1,0\r\ntwo.png;0,0\r\n'), 1],
  ['latin 1.csv', Buffer.from('image;Effusion;Gr\xf6\xdfe\none.png;1;0\ntwo.png;0;0\n', 'latin1'), 1],
  ['marked.csv', text('\ufeffimage,Effusion\none.png,1\ntwo.png,0\n'), 1],
  ['disagree.tsv', text('image\tEffusion\none.png\t1\none.png\t0\ntwo.png\t0\n'), 0],
  ['empty.csv', text(''), /empty/i],
  ['elsewhere.csv', text('image,Effusion\nx.png,1\ny.png,0\n'), /No row of the table belongs to any of the 2 images/],
  ['book.xlsx', Buffer.from('PK\x03\x04xl/workbook.xml'), /workbook/],
];

onPage('tables good and bad are used or say why not, and never fail as films', {}, async (page) => {
  await page.drop(kTwo);
  await page.until(settled, kLongPatience);
  for (const [name, bytes, expected] of kTables) {
    await page.drop([{ name, bytes }]);
    const { evaluation, films } = await page.until(joined(name));
    assert.equal(films.length, 2, name);
    if (typeof expected === 'number') {
      assert.equal(evaluation.join.findings.find((one) => one.finding === 'Effusion').with, expected, name);
      if (name === 'disagree.tsv') assert.match(evaluation.join.remarks.join(' '), /disagree on Effusion/);
    } else {
      assert.match(evaluation.error.message, expected, name);
      assert.ok(evaluation.error.hint, name);
    }
    await page.act({ type: 'close-labels', id: evaluation.tables[0].id });
    await page.until((state) => state.evaluation.tables.length === 0);
  }
});

onPage('forty films without rows and two hundred rows without films, in one archive with the table', {}, async (page) => {
  const bytes = makeChest(96);
  const films = Array.from({ length: 52 }, (_, index) => ({ name: `set/${nameOf(index)}`, bytes, stored: true }));
  const rows = Array.from({ length: 212 }, (_, index) => `${index < 12 ? nameOf(index) : `other-${index}.png`},${index % 2}`);
  const table = { name: 'set/labels.csv', bytes: text(`image,Effusion\n${rows.join('\n')}\n`), stored: true };
  await page.drop([{ name: 'set.zip', bytes: makeZip([...films, table]) }]);
  const { evaluation, status, popup } = await page.until((state) => state.evaluation?.join?.films === 52);
  assert.equal(evaluation.join.films_with_row, 12);
  assert.equal(popup, 'none', 'it came with its films: what is looked at stays');
  assert.ok(evaluation.join.remarks.some((one) => one.startsWith('40 images have no row in the table')));
  assert.ok(evaluation.join.remarks.some((one) => one.startsWith('200 rows belong to no image here')));
  assert.equal(typeof status, 'string');
});

onPage("films in folders named as classes can be measured by the folders' names", {}, async (page) => {
  const members = kFilms.slice(0, 4).map(({ name, bytes }, index) => ({ name: `${index % 2 ? 'NORMAL' : 'PNEUMONIA'}/${name}`, bytes, stored: true }));
  await page.drop([{ name: 'kermany.zip', bytes: makeZip(members) }]);
  await page.until((state) => state.films.length === 4 && settled(state), kLongPatience);
  await page.act({ type: 'run-command', id: 'evaluation' });
  await page.until(({ evaluation }) => evaluation?.folders);
  await page.press("Use the folders' names as labels");
  const { evaluation } = await page.until(measured);
  const [pneumonia] = evaluation.results;
  assert.deepEqual([pneumonia.id, pneumonia.with, pneumonia.without], ['Pneumonia', 2, 2]);
});

for (const [width, height] of [[1440, 900], [1280, 720], [390, 844]]) {
  onPage(`results at ${width} × ${height}`, { context: { viewport: { width, height } } }, async (page) => {
    await page.drop(kFilms.slice(0, 6));
    await page.until(settled, kLongPatience);
    await page.act({ type: 'run-command', id: 'evaluation' });
    await page.until(({ popup }) => popup === 'evaluation');
    await keepScreenshot(page.page, `evaluation-asks-${width}`);
    await page.drop([{ name: 'labels.csv', bytes: kTable }]);
    await page.until(measured);
    await page.act({ type: 'open-join-part', part: 'column' });
    await page.until(({ frames }) => frames > 0);
    await keepScreenshot(page.page, `evaluation-join-${width}`);
    await page.act({ type: 'open-join-part', part: 'none' });
    await page.act({ type: 'open-evaluated', finding: 'Effusion' });
    const { evaluation } = await page.until((state) => state.evaluation.measures);
    await keepScreenshot(page.page, `evaluation-${width}`);
    await page.page.mouse.move(width / 2, height / 2);
    await page.page.mouse.wheel(0, 1200);
    await page.act({ type: 'toggle-evaluated-groups' });
    await keepScreenshot(page.page, `evaluation-below-${width}`);
    assert.equal(evaluation.results.length, 3);
  });
}
