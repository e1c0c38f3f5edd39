// Three zones in the real page: one film's sentences are the same on the screen, in the text of the page, in the exported tables and
// on the command line; a threshold of the reader's own by keyboard; the panel at three sizes, kept for a person to look at.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { cxr, kExamples, parseCsv } from '../cli/support.mjs';
import { keepScreenshot, pageTests } from './support/browser.mjs';

const onPage = pageTests({ query: '?backend=wasm' });
const kFilm = 'effusion.jpg';

/** Opens the film and waits for its findings, and for the words of places that follow lungs and heart. */
async function analysed(page) {
  await page.drop([{ name: kFilm, bytes: readFileSync(join(kExamples, kFilm)) }]);
  return page.until(({ films, selected }) => films[0]?.status === 'analysed' && selected.anatomy);
}

async function exported(page, format) {
  const [download] = await Promise.all([page.page.waitForEvent('download'), page.act({ type: 'export-findings', format })]);
  return readFileSync(await download.path(), 'utf8');
}

onPage('zones and sentences are the same in the page, its text, its exports and on the command line', {}, async (page) => {
  const state = await analysed(page);
  const { sentence } = state.selected.summary;
  assert.match(sentence, /^(Likely: |Nothing likely\.)/);
  const mirror = page.page.locator('#mirror');
  await mirror.getByText(sentence, { exact: true }).first().waitFor({ state: 'attached' });
  assert.ok(state.films[0].headline.startsWith(sentence));

  const rows = await mirror.getByRole('row').evaluateAll((list) => list.slice(1).map((row) => [...row.cells].map((cell) => cell.textContent)));
  const [head, ...long] = parseCsv(await exported(page, 'csv'));
  const [terminalHead, ...terminal] = parseCsv(cxr('predict', '--csv', join(kExamples, kFilm)).out);
  const [wideHead, wide] = parseCsv(await exported(page, 'csv-wide'));
  const zonesTable = cxr('predict', '--zones', '--all', join(kExamples, kFilm)).out;
  assert.equal(rows.length, 14);
  state.findings.forEach((finding, index) => {
    const { id, zone, zone_text: words, reading } = finding;
    assert.equal(rows[index][1], words);
    assert.ok(rows[index][7].startsWith(reading), rows[index][7]);
    const inCsv = (columns, lines, name) => lines.find((line) => line[columns.indexOf('finding')] === id)[columns.indexOf(name)];
    for (const [columns, lines] of [[head, long], [terminalHead, terminal]]) {
      assert.equal(inCsv(columns, lines, 'zone'), zone);
      assert.equal(inCsv(columns, lines, 'zone_reason'), finding.zone_reason);
      assert.equal(inCsv(columns, lines, 'reading'), reading);
      assert.equal(inCsv(columns, lines, 'summary'), sentence);
    }
    assert.equal(wide[wideHead.indexOf(`${id} zone`)], zone);
    assert.ok(zonesTable.includes(reading), reading);
  });
  assert.ok(zonesTable.includes(sentence));
});

onPage('another operating point moves thresholds and no zone, place or order', {}, async (page) => {
  let state = await analysed(page);
  const seen = ({ findings }) => findings.map(({ id, zone, where, reading }) => [id, zone, where, reading]);
  const [before, thresholds] = [seen(state), state.findings.map(({ threshold }) => threshold)];
  const { id } = state.operating_points.find(({ selected }) => !selected);
  await page.act({ type: 'choose-operating-point', id });
  state = await page.until(({ films, selected }) => films[0].status === 'analysed' && selected.operating_point?.id === id);
  assert.deepEqual(seen(state), before);
  assert.notDeepEqual(state.findings.map(({ threshold }) => threshold), thresholds);
});

onPage('a threshold and a prevalence are tried from the text of the page', {}, async (page) => {
  await analysed(page);
  await page.act({ type: 'pin-finding', id: 'Effusion' });
  let { trial } = await page.until((state) => state.trial);
  const mirror = page.page.locator('#mirror');
  const press = async (text) => mirror.getByRole('button', { name: text, exact: true }).press('Enter');
  await mirror.getByText(trial.verdict, { exact: true }).waitFor({ state: 'attached' });
  const first = trial;
  await press(`Threshold lower than ${first.threshold_text}`);
  ({ trial } = await page.until((state) => state.trial.threshold_text !== first.threshold_text));
  assert.ok(Math.abs(trial.higher - first.lower) > 0);
  assert.notEqual(trial.evaluation, first.evaluation);
  await press(`Prevalence higher than ${trial.prevalence_text}`);
  const after = await page.until((state) => state.trial.prevalence_text !== trial.prevalence_text);
  assert.match(after.trial.at_prevalence, /^Of 100 such films \d+ (is|are) called, /);
});

for (const [name, viewport, phone] of [['1440x900', { width: 1440, height: 900 }], ['1280x720', { width: 1280, height: 720 }],
  ['390x844', { width: 390, height: 844 }, true]]) {
  onPage(`the panel at ${name}`, { context: { viewport, ...(phone ? { hasTouch: true, isMobile: true, deviceScaleFactor: 2 } : {}) } }, async (page) => {
    const state = await analysed(page);
    assert.equal(state.findings.length, 14);
    await keepScreenshot(page.page, `zones-${name}`);
    await page.act({ type: 'pin-finding', id: state.findings[0].id });
    await page.until(({ overlay }) => overlay.visible);
    await keepScreenshot(page.page, `zones-${name}-open`);
    await page.act({ type: 'toggle-trial' });
    await page.until(({ trial }) => trial?.open);
    await keepScreenshot(page.page, `zones-${name}-trial`);
  });
}

onPage('small changes of the picture give each score a band, in the page, its text and its exports', {}, async (page) => {
  await analysed(page);
  await page.act({ type: 'run-command', id: 'stability' });
  const state = await page.until(({ selected, findings }) => selected.stability && findings.every(({ stability }) => stability));
  const mirror = page.page.locator('#mirror');
  await mirror.getByText(state.selected.stability, { exact: true }).first().waitFor({ state: 'attached' });
  const [record] = JSON.parse(await exported(page, 'json'));
  const [terminal] = JSON.parse(cxr('predict', '--json', '--stability', join(kExamples, kFilm)).out);
  for (const { id, score, stability } of state.findings) {
    assert.ok(stability.low <= score && score <= stability.high, id);
    assert.ok(stability.low < stability.high, id);
    const told = record.findings.find((finding) => finding.id === id);
    assert.deepEqual([told.calibrated_low, told.calibrated_high, told.zone_flips, told.stability],
      [stability.low, stability.high, stability.flips, stability.text]);
    assert.equal(terminal.findings.find((finding) => finding.id === id).stability, stability.text, 'and on the command line');
    await mirror.getByText(`Stability: ${stability.text}`).first().waitFor({ state: 'attached' });
  }
  const flips = state.findings.filter(({ stability }) => stability.flips).length;
  assert.match(state.selected.stability, flips === 0 ? /move no finding/ : new RegExp(`move ${flips} finding`));
  await keepScreenshot(page.page, 'stability');

  await page.act({ type: 'set-correction', correction: { mirror: true } });
  await page.until(({ films, findings }) => films[0].status === 'analysed' && findings.length && findings.every(({ stability }) => !stability));
});
