// Many films at once in the real page: the worklist is sorted, filtered and searched, verdicts are given and exported, films are
// taken away and brought back, copies are counted once.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { keepScreenshot, pageTests } from './support/browser.mjs';
import { makeChest } from './support/images.mjs';

const onPage = pageTests();

const settled = (state) => state.films.length > 0
  && state.films.every(({ status }) => !['queued', 'waiting', 'analysing'].includes(status));
const chest = (index) => makeChest(224, [0.2 + 0.06 * index, 0.3 + 0.04 * index]);
const kNames = ['film 10.png', 'film 9.png', 'b_001.png', 'b_002.png', 'Zürich.png', 'a "quoted" one.png', 'שלום.png', 'heart 🫀.png', 'c.png', 'last.png'];

async function openTen(page) {
  await page.ready();
  await page.drop(kNames.map((name, index) => ({ name, bytes: chest(index) })));
  return page.until((state) => state.films.length === 10 && settled(state));
}

const names = ({ worklist }) => worklist.rows.map(({ name }) => name);
const key = (page, ...keys) => keys.reduce((before, one) => before.then(() => page.page.keyboard.press(one)), page.page.locator('#screen').focus());

/** The files that a press of this button offers. */
async function exported(page, format) {
  const [download] = await Promise.all([page.page.waitForEvent('download'), page.act({ type: 'export-findings', format })]);
  return readFile(await download.path(), 'utf8');
}

onPage('ten films are a worklist that is sorted, filtered and searched', {}, async (page) => {
  let state = await openTen(page);
  assert.deepEqual(names(state), kNames, 'as they came');
  await keepScreenshot(page.page, 'worklist');

  await page.act({ type: 'sort-worklist', column: 'name' });
  state = await page.until(({ worklist }) => worklist.sort.column === 'name');
  assert.deepEqual(names(state).slice(0, 6), ['a "quoted" one.png', 'b_001.png', 'b_002.png', 'c.png', 'film 9.png', 'film 10.png']);
  await key(page, 'Home');
  await page.until(({ selected }) => selected.name === 'a "quoted" one.png');
  await key(page, 'ArrowDown', 'Enter');
  state = await page.until(({ selected, films }) => selected.name === 'b_002.png' && films.filter(({ read }) => read).length === 1);
  assert.equal(state.worklist.rows.find(({ name }) => name === 'b_001.png').verdict, 'Read');
  assert.equal(state.worklist.rows[1].study, 'b', 'films of one study are named after it');

  await page.act({ type: 'filter-worklist', filter: { unread: true } });
  state = await page.until(({ worklist }) => worklist.rows.length === 9);
  assert.match(state.worklist.summary, /^9 of 10 films, sorted by name, unread$/);
  await key(page, '/');
  await page.page.locator('#text-field').fill('film');
  state = await page.until(({ worklist }) => worklist.rows.length === 2);
  assert.deepEqual(names(state), ['film 9.png', 'film 10.png']);
  const [box, area] = [await page.page.locator('#text-field').boundingBox(), state.view.area];
  assert.ok(box.x + box.width < area.x, 'the field stands in the worklist, beside the film');
  await page.page.keyboard.press('ArrowDown');
  await page.until(({ selected }) => selected.name === 'film 9.png');
  await page.page.keyboard.press('Enter');
  await page.until(({ editing }) => editing === null);
  assert.equal(await page.page.locator('#text-field').count(), 0);
  await key(page, 'Escape');
  state = await page.until(({ worklist, overlay }) => worklist.rows.length === 10 || !overlay.finding);
  if (state.worklist.rows.length < 10) await key(page, 'Escape');
  await page.until(({ worklist }) => worklist.rows.length === 10);

  const rows = page.page.locator('#mirror table').filter({ hasText: 'order of the worklist' }).locator('tbody tr');
  await rows.nth(9).waitFor({ state: 'attached' });  // the text follows the state a little later
  assert.equal(await rows.count(), 10, 'the text of the page has every row');
  await key(page, '\\');
  await page.until(({ worklist }) => worklist === null);
  await page.page.reload();
  await openTen(page);
  assert.equal((await page.state()).worklist, null, 'the choice is remembered');
});

onPage('a verdict stands beside the score in every export, and leaving before that is asked about', {}, async (page) => {
  let state = await openTen(page);
  const { id, name } = state.selected;
  const finding = state.findings[0];
  await page.act({ type: 'pin-finding', id: finding.id });
  await page.until(({ findings }) => findings[0].selected);
  assert.equal(state.unsaved, false);
  await page.press(`Disagree with ${finding.name}`);
  await page.press(`Write a note on ${finding.name}`);
  await page.page.locator('#text-field').fill('a nipple, "I think"; =1+1');
  await page.page.keyboard.press('Enter');
  state = await page.until(({ findings }) => findings[0].note && findings[0].verdict === 'disagree');
  assert.equal(state.findings[0].score, finding.score, 'the score is what it was');
  assert.match(state.worklist.rows.find((row) => row.id === id).verdict, /1 disagree/);
  assert.equal(state.unsaved, true);
  await keepScreenshot(page.page, 'verdict');

  const asked = [];
  page.page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    dialog.dismiss();
  });
  await page.page.locator('#screen').click({ position: { x: 600, y: 5 } });  // a page nobody touched may be left without asking
  await page.page.evaluate(() => setTimeout(() => location.reload()));
  while (!asked.length) await page.page.waitForTimeout(30);
  assert.deepEqual(asked, ['beforeunload']);

  const [record] = JSON.parse(await exported(page, 'json')).filter(({ file }) => file === name);
  const told = record.findings.find((one) => one.id === finding.id);
  assert.deepEqual([told.verdict, told.verdict_note], ['disagree', 'a nipple, "I think"; =1+1']);
  assert.equal(record.sha256.length, 64);
  assert.match(await exported(page, 'csv'), /,disagree,"a nipple, ""I think""; '=1\+1",/);
  assert.match(await exported(page, 'csv-wide'), new RegExp(`,${finding.id} verdict,${finding.id} note,`));
  await page.until(({ unsaved }) => !unsaved);
});

onPage('all films are taken away at once and come back as they were, without being read or computed again', {}, async (page) => {
  let state = await openTen(page);
  const finding = state.findings[0].id;
  await page.act({ type: 'give-opinion', finding, opinion: 'agree' });
  await page.act({ type: 'set-correction', correction: { invert: true } });
  await page.until((now) => settled(now) && now.selected.correction && now.selected.anatomy);
  await exported(page, 'json');  // lungs and heart of all films are known then, and places in words stay as they are
  state = await page.until(settled);
  const before = state;
  await key(page, 'Shift+Delete');
  state = await page.until(({ films }) => films.length === 0);
  assert.equal(state.undo_offer, 'Removed 10 films');
  await keepScreenshot(page.page, 'undo');
  await key(page, 'Control+z');
  state = await page.until(({ films, view }) => films.length === 10 && view?.pixels);
  assert.ok(settled(state), 'nothing waits');
  assert.deepEqual(state.films.map(({ headline }) => headline), before.films.map(({ headline }) => headline));
  assert.equal(state.findings.find(({ id }) => id === finding).verdict, 'agree');
  assert.deepEqual(state.findings.map(({ score }) => score), before.findings.map(({ score }) => score));
  assert.equal(JSON.parse(await exported(page, 'json')).length, 10);
  await key(page, 'Control+z');
  await page.until((now) => settled(now) && !now.selected.correction);
  await key(page, 'Control+z');
  state = await page.until(({ findings }) => findings.find(({ id }) => id === finding)?.verdict === 'none');
});

onPage('copies of a file are one film, and every file is accounted for', {}, async (page) => {
  await page.ready();
  const bytes = chest(3);
  await page.drop([{ name: 'one.png', bytes }, { name: 'other.png', bytes: chest(5) }, { name: 'two.png', bytes }, { name: 'three.png', bytes }]);
  const state = await page.until((now) => now.films.length === 2 && settled(now) && now.films[0].copies.length === 2);
  assert.deepEqual(state.films[0].copies, ['two.png', 'three.png']);
  assert.equal(await page.page.getByRole('button', { name: /^one\.png \(PNG, 3 copies, also two\.png, three\.png\)/ }).count(), 1);
  const records = JSON.parse(await exported(page, 'json'));
  assert.deepEqual(records.map(({ file, copy_of: copyOf }) => [file, copyOf]),
    [['one.png', ''], ['other.png', ''], ['two.png', 'one.png'], ['three.png', 'one.png']]);
});
