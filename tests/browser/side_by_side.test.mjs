// Two films side by side in the real page: pixels of both, linked zoom and window, maps, the change of scores in canvas and text, and
// every way out of it. Films drawn on the spot; with CHESTLIGHT_FILMS, two real ones, too.
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';

import { kLongPatience, keepScreenshot, pageTests, screenPixels } from './support/browser.mjs';
import { makeDicom } from './support/dicom_film.mjs';
import { makeChest, readPng } from './support/images.mjs';

const kDesktop = { viewport: { width: 1440, height: 900 } };
const kPhone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const onPage = pageTests({ context: kDesktop });

const settled = (state) => state.films.length > 0
  && state.films.every(({ status }) => !['queued', 'waiting', 'analysing'].includes(status));

/** Three films, the first selected: two of one patient by their names, which differ in a bright spot, and another. */
async function openThree(page) {
  await page.drop([{ name: '7_001.png', bytes: makeChest(256) }, { name: '7_002.png', bytes: makeChest(320, [0.3, 0.6]) },
    { name: '9.png', bytes: makeChest(256, [0.7, 0.3]) }]);
  const { films } = await page.until((state) => state.films.length === 3 && settled(state));
  await page.act({ type: 'select-film', id: films[0].id });
  await page.until(({ view, selected }) => selected.id === films[0].id && view?.pixels);
  return films;
}

const paired = (state) => state.side_by_side?.pixels && state.side_by_side.view?.area.width > 0 && state.view?.pixels;
const focused = (page, ...keys) => keys.reduce((before, one) => before.then(() => page.page.keyboard.press(one)), page.page.locator('#screen').focus());

/** Which part of the picture, as fractions, is in the middle of its pane. */
function middle({ source_to_screen: [a, , c, , e, f], area }, width, height) {
  return [(area.x + area.width / 2 - c) / a / width, (area.y + area.height / 2 - f) / e / height];
}

onPage('the next film of the patient stands beside, with its own pixels, by keys alone', {}, async (page) => {
  const films = await openThree(page);
  await focused(page, 'Control+ArrowDown');
  let state = await page.until(paired);
  assert.equal(state.side_by_side.film, films[1].id);
  assert.deepEqual([state.side_by_side.first.id, state.side_by_side.last.id], [films[0].id, films[1].id]);
  assert.match(state.side_by_side.text, /^7_001\.png and 7_002\.png, in the order in which they came/);
  assert.ok(state.side_by_side.view.area.x >= state.view.area.x + state.view.area.width, 'side by side');
  const uploads = state.film_uploads;

  await focused(page, '+', '+', 'Shift+ArrowRight');
  state = await page.until(({ view, side_by_side: pair }) => !view.fitted && !pair.view.fitted);
  const one = middle(state.view, 256, 256);
  middle(state.side_by_side.view, 320, 320).forEach((value, axis) => assert.ok(Math.abs(value - one[axis]) < 1e-6, 'the same part'));
  await focused(page, 'Shift+L');
  state = await page.until(({ side_by_side: pair }) => pair.view.preset === 'lung');
  assert.equal(state.view.preset, 'lung');
  const before = state.side_by_side.view.window;
  await focused(page, 'Shift+J', 'w');
  state = await page.until(({ view, side_by_side: pair }) => !pair.linked && view.preset === '');
  assert.deepEqual(state.side_by_side.view.window, before, 'not linked');
  await keepScreenshot(page.page, 'side-by-side');

  await focused(page, '$');
  state = await page.until(({ selected }) => selected.id === films[1].id);
  assert.equal(state.side_by_side.film, films[0].id);
  assert.equal(state.film_uploads, uploads, 'no pixels are sent again');
  await focused(page, 'Escape');
  state = await page.until(({ side_by_side: pair }) => pair === null);
  assert.equal(state.selected.id, films[1].id);
  await focused(page, 'Control+ArrowUp');
  await page.until(({ side_by_side: pair }) => pair?.film === films[0].id);
  await focused(page, 'Control+ArrowUp');
  await page.until(({ side_by_side: pair }) => pair === null);
});

onPage('each pane shows its own film, and its own map of the finding in view', {}, async (page) => {
  const films = await openThree(page);
  await page.act({ type: 'compare-film', id: films[1].id });
  let state = await page.until(paired);
  const { view, side_by_side: { view: second } } = state;
  assert.notDeepEqual(await screenPixels(page.page, view.area), await screenPixels(page.page, second.area));
  const [spotX, spotY] = [second.area.x + second.area.width / 2 - 0.2 * 320 * second.source_to_screen[0],
    second.area.y + second.area.height / 2 + 0.1 * 320 * second.source_to_screen[4]];
  const around = { x: spotX - 4, y: spotY - 4, width: 8, height: 8 };
  const grey = async (area) => readPng(await screenPixels(page.page, area)).at(4, 4)[0];
  await page.act({ type: 'set-overlay-visible', visible: false });
  await page.until(({ overlay }) => !overlay.enabled);
  const bright = await grey(around);
  const dark = await grey({ ...around, x: spotX - second.area.x + view.area.x });
  assert.ok(bright > dark + 20, `the spot is on the second film alone: ${bright}, ${dark}`);

  const without = await screenPixels(page.page, second.area);
  await page.act({ type: 'set-overlay-mode', mode: 'signed' });
  await page.act({ type: 'pin-finding', id: state.findings[0].id });
  state = await page.until(({ side_by_side: pair }) => pair.finding === state.findings[0].id);
  assert.equal(state.overlay.finding, state.side_by_side.finding);
  // The frame of it may have been drawn before the state was read, or not yet.
  let shown = without;
  for (let tries = 0; tries < 100 && isDeepStrictEqual(shown, without); tries += 1) shown = await screenPixels(page.page, second.area);
  assert.notDeepEqual(shown, without);
});

onPage('the change of scores is a table of the text, and says no more than is known', {}, async (page) => {
  const films = await openThree(page);
  await page.press('Side by side with 7_002.png');
  let state = await page.until(paired);
  const changes = state.side_by_side.changes;
  assert.equal(changes.length, state.findings.length);
  const sizes = changes.map(({ difference }) => Math.abs(difference));
  assert.deepEqual(sizes, [...sizes].sort((a, b) => b - a), 'the most changed first');
  const scores = new Map(state.findings.map(({ id, score }) => [id, score]));
  for (const { id, first, last, difference } of changes) {
    assert.equal(first, scores.get(id));
    assert.ok(Math.abs(last - first - difference) < 1e-9);
  }
  const table = page.page.locator('#mirror table').filter({ hasText: 'Change of scores' });
  await table.locator('tbody tr').nth(changes.length - 1).waitFor({ state: 'attached' });
  assert.match(await table.locator('tbody tr').first().textContent(), new RegExp(changes[0].name));
  await page.press('Select 7_002.png');
  state = await page.until(({ selected }) => selected.id === films[1].id);
  assert.deepEqual(state.side_by_side.changes.map(({ difference }) => difference), changes.map(({ difference }) => difference), 'from the first to the last');

  await page.act({ type: 'remove-film', id: films[0].id });
  state = await page.until(({ films: rest }) => rest.length === 2);
  assert.equal(state.side_by_side, null);
  await focused(page, 'Control+z');
  state = await page.until(({ films: all }) => all.length === 3);
  assert.equal(state.side_by_side, null, 'the film comes back alone');

  await page.drop([{ name: 'broken.png', bytes: makeChest(256).subarray(0, 400) }]);
  state = await page.until((now) => now.films.length === 4 && settled(now));
  const broken = state.films.find(({ name }) => name === 'broken.png').id;
  await page.act({ type: 'select-film', id: films[1].id });
  await page.act({ type: 'compare-film', id: broken });
  state = await page.until(({ side_by_side: pair }) => pair?.film === broken);
  assert.match(state.side_by_side.note, /^broken\.png has no scores: .{10}/);
  assert.deepEqual([state.side_by_side.changes, state.side_by_side.view, state.side_by_side.pixels], [[], null, false]);
});

onPage('a wheel and a drag in the other pane work on its film, and linked on both', {}, async (page) => {
  const films = await openThree(page);
  await page.act({ type: 'compare-film', id: films[1].id });
  let state = await page.until(paired);
  const { area } = state.side_by_side.view;
  const at = { x: area.x + area.width * 0.4, y: area.y + area.height * 0.6 };
  const source = ({ source_to_screen: m }) => [(at.x - m[2]) / m[0], (at.y - m[5]) / m[4]];
  const under = source(state.side_by_side.view);
  await page.page.mouse.move(at.x, at.y);
  await page.page.mouse.wheel(0, -300);
  state = await page.until(({ view, selected }) => selected.id === films[1].id && !view.fitted);
  source(state.view).forEach((value, axis) => assert.ok(Math.abs(value - under[axis]) < 1, 'about the point under the pointer'));
  assert.equal(state.side_by_side.view.fitted, false);
  const other = state.side_by_side.view.area;
  const { width } = state.side_by_side.view.window;
  await page.page.mouse.move(other.x + 80, other.y + 200);
  await page.page.mouse.down();
  await page.page.mouse.move(other.x + 140, other.y + 200, { steps: 4 });
  await page.page.mouse.up();
  state = await page.until(({ view, selected }) => selected.id === films[0].id && view.preset === '');
  assert.ok(state.view.window.width > width, 'the drag that selected it went on');
  assert.equal(state.side_by_side.view.preset, '');
});

onPage('on a phone they stand one above the other', { context: kPhone }, async (page) => {
  const films = await openThree(page);
  await page.act({ type: 'compare-film', id: films[1].id });
  const state = await page.until(paired);
  const [above, below] = [state.view.area, state.side_by_side.view.area];
  assert.equal(above.x, below.x);
  assert.ok(below.y >= above.y + above.height);
  await keepScreenshot(page.page, 'side-by-side-phone');
  await page.page.touchscreen.tap(below.x + below.width / 2, below.y + below.height / 2);
  await page.until(({ selected }) => selected.id === films[1].id);
});

onPage('the older film stands first where the files tell', {}, async (page) => {
  const shape = (x, y) => 2600 - 1800 * (Math.exp(-(((x - 80) / 36) ** 2) - ((y - 128) / 70) ** 2) + Math.exp(-(((x - 176) / 36) ** 2) - ((y - 128) / 70) ** 2));
  const film = (date, spot) => makeDicom(256, 256, (x, y) => shape(x, y) + (Math.hypot(x - spot, y - 150) < 14 ? 500 : 0),
    { centre: 2048, width: 4096, shape: 'LINEAR' }, { patient: 'PID-1', date });
  await page.drop([{ name: 'new.dcm', bytes: film('20200917', 80) }, { name: 'old.dcm', bytes: film('20200807', 170) }]);
  const { films } = await page.until((state) => state.films.length === 2 && settled(state));
  await page.act({ type: 'select-film', id: films[0].id });
  await focused(page, 'Control+ArrowUp');
  const { side_by_side: pair } = await page.until(paired);
  assert.deepEqual([pair.first.name, pair.last.name, pair.dated, pair.interval], ['old.dcm', 'new.dcm', true, '41 days apart']);
  assert.equal(JSON.stringify(await page.state()).includes('20200807'), false, 'no date is told');
});

const folder = env.CHESTLIGHT_FILMS && join(env.CHESTLIGHT_FILMS, 'films');

onPage('two real films', { query: '?backend=wasm' }, async (page, t) => {
  if (!folder) {
    t.skip('set CHESTLIGHT_FILMS to the folder with films/');
    return;
  }
  const names = readdirSync(folder).filter((name) => name.endsWith('.png')).sort().slice(0, 2);
  await page.drop(names.map((name) => ({ name, bytes: readFileSync(join(folder, name)) })));
  const { films } = await page.until((state) => state.films.length === 2 && settled(state), kLongPatience);
  await page.act({ type: 'select-film', id: films[0].id });
  await page.act({ type: 'compare-film', id: films[1].id });
  const { side_by_side: pair } = await page.until(paired);
  assert.equal(pair.note, '');
  assert.ok(pair.changes.length > 10);
  await keepScreenshot(page.page, 'side-by-side-real');
});
