// A reader study in the real page: no score is on the canvas, in the text, in the published state or in a file before a film is read; both arms
// are measured against labels and exported for iMRMC.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { parseCsv } from '../cli/support.mjs';
import { kForDrawnFilms, kLongPatience, keepScreenshot, pageTests } from './support/browser.mjs';
import { makeChest } from './support/images.mjs';

const onPage = pageTests({ query: kForDrawnFilms });
const kFilms = [0, 1, 2].map((index) => ({ name: `film-${index}.png`, bytes: makeChest(160 + 16 * index, index ? [0.3, 0.4] : null) }));
const kTable = Buffer.from('image,Effusion\nfilm-0.png,1\nfilm-1.png,0\nfilm-2.png,1\n');
const settled = ({ films }) => films.length > 0 && films.every(({ status }) => !['queued', 'waiting', 'analysing'].includes(status));

/** Says of the film being read that the finding is there, or not. */
async function answer(page, present, confidence) {
  await page.press(present ? /effusion is there/i : /effusion is not there/i);
  await page.press(new RegExp(`effusion: ${confidence} % sure`, 'i'));
  await page.until(({ study }) => study.can_go_on);
}

onPage('scores are hidden everywhere until a film is read, and both arms are kept', {}, async (page) => {
  await page.drop(kFilms);
  let state = await page.until((now) => settled(now) && now.findings.length > 0 && now.films.length === 3, kLongPatience);
  await page.drop([{ name: 'labels.csv', bytes: kTable }]);
  await page.until(({ evaluation }) => evaluation?.join);
  await page.act({ type: 'close-popup', popup: 'evaluation' });
  const secrets = [state.selected.summary.sentence, ...state.findings.map(({ reading }) => reading)];

  await page.act({ type: 'toggle-study-finding', finding: 'Effusion' });
  await page.act({ type: 'start-study', seed: 3 });
  state = await page.until(({ study }) => study.stage === 'unaided');
  const seen = async () => `${JSON.stringify(await page.state())} ${await page.page.locator('#mirror').textContent()}`;
  await page.page.waitForFunction(() => document.querySelector('#mirror').textContent.includes('Film 1 of 3, without the model'));
  for (const secret of secrets) assert.ok(!(await seen()).includes(secret), secret);
  assert.deepEqual([state.findings, state.overlay.finding, state.selected.summary], [[], null, undefined]);
  assert.ok(state.films.every(({ status }) => status === 'hidden'));
  assert.deepEqual(state.films.map(({ name }) => name), ['Film 1', 'Film 2', 'Film 3'], 'names of files tell, too');
  for (const id of ['export', 'report', 'report-all', 'save-report', 'evaluation', 'export-map']) {
    assert.equal(state.commands.find((command) => command.id === id).enabled, false, id);
  }
  await page.act({ type: 'export-findings', format: 'json' });
  state = await page.until(({ status }) => status.includes('when the study has ended'));
  await keepScreenshot(page.page, 'reader-study');

  for (const [present, sure] of [[true, 80], [false, 60], [true, 100]]) {
    await page.until(({ study }) => study.stage === 'unaided');
    await answer(page, present, sure);
    await page.act({ type: 'run-command', id: 'study-next' });
    state = await page.until(({ study, selected }) => study.stage === 'aided' && selected.summary);
    assert.equal(state.films.filter(({ status }) => status === 'hidden').length, 2, 'only the film that was read is shown');
    await page.act({ type: 'run-command', id: 'study-next' });
  }
  state = await page.until(({ study }) => study.stage === 'done' && study.results.length > 0);
  assert.ok(settled(state) && state.films.every(({ status }) => status !== 'hidden'));
  assert.match(state.study.results[0].unaided.text, /^\d\.\d{3} \(/);
  assert.equal(state.study.seed, 3);

  const files = new Map();
  const kept = new Promise((resolve) => page.page.on('download', async (file) => {
    files.set(file.suggestedFilename(), readFileSync(await file.path(), 'utf8'));
    if (files.size === 2) resolve();
  }));
  await page.act({ type: 'run-command', id: 'export-study' });
  await kept;
  const [head, ...rows] = parseCsv(files.get('imrmc-Effusion.csv'));
  assert.deepEqual(head, ['readerID', 'caseID', 'modalityID', 'score']);
  assert.deepEqual(rows.filter(([reader, , modality]) => reader === '-1' && modality === '0').map(([, film, , truth]) => [film, truth]).sort(),
    [['film-0.png', '1'], ['film-1.png', '0'], ['film-2.png', '1']]);
  assert.deepEqual(rows.filter(([, , modality]) => modality === 'unaided').map(([, , , score]) => Number(score)), [90, 20, 100]);
  assert.equal(rows.filter(([, , modality]) => modality === 'aided').length, 3);
  const study = JSON.parse(files.get('study.json'));
  assert.deepEqual([study.seed, study.reader, study.films.length], [3, 'reader 1', 3]);
});
