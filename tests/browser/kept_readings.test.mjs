// What a reader says of films, kept on the device in the real page: it outlives a reload, comes back with the same file alone, holds
// no pixels, and all of it can be forgotten.
import assert from 'node:assert/strict';

import { kPatience, pageTests } from './support/browser.mjs';
import { makeChest } from './support/images.mjs';

const onPage = pageTests();

const settled = (state) => state.films.length > 0
  && state.films.every(({ status }) => !['queued', 'waiting', 'analysing'].includes(status));
const [one, another] = [makeChest(224, [0.3, 0.5]), makeChest(224, [0.6, 0.4])];

/** Everything that the page's database holds, as text. */
const kept = (page) => page.page.evaluate(async () => {
  const known = (await indexedDB.databases()).map(({ name }) => name);
  if (!known.includes('chestlight-readings')) return null;
  const database = await new Promise((resolve) => {
    const request = indexedDB.open('chestlight-readings');
    request.onsuccess = () => resolve(request.result);
  });
  const films = await new Promise((resolve) => {
    const request = database.transaction('films').objectStore('films').getAll();
    request.onsuccess = () => resolve(request.result);
  });
  database.close();
  return films;
});

/** The same, once it is as it is to be. */
async function keptSoon(page, holds) {
  const end = Date.now() + kPatience;
  for (;;) {
    const films = await kept(page);
    if (holds(films)) return films;
    assert.ok(Date.now() < end, `kept: ${JSON.stringify(films).slice(0, 2000)}`);
    await page.page.waitForTimeout(30);
  }
}

async function openBoth(page) {
  await page.drop([{ name: 'another.png', bytes: another }, { name: 'one.png', bytes: one }]);
  const state = await page.until((now) => now.films.length === 2 && settled(now));
  await page.act({ type: 'select-film', id: state.films.find(({ name }) => name === 'one.png').id });
  return page.until(({ selected }) => selected.name === 'one.png');
}

onPage('what is said of a film comes back after a reload, with its correction, and is forgotten when that is asked for', {}, async (page) => {
  await page.ready();
  let state = await openBoth(page);
  assert.equal(state.keeping.on, false, 'it is off at first');
  const finding = state.findings[0];
  await page.act({ type: 'pin-finding', id: finding.id });
  await page.until(({ findings }) => findings.some(({ selected }) => selected));
  await page.press(`Agree with ${finding.name}`);
  await page.until(({ unsaved }) => unsaved);
  assert.equal(await kept(page), null, 'no database is made before it is switched on');

  await page.press('Keep what I say of films');
  await page.until(({ keeping, unsaved }) => keeping.on && keeping.films === 1 && !unsaved);
  await page.act({ type: 'set-correction', correction: { rotate: 90 } });
  await page.act({ type: 'mark-film-read', id: state.selected.id, read: true });
  await page.until((now) => settled(now) && now.selected.correction);
  const films = await keptSoon(page, ([film]) => film.correction?.rotate === 90 && film.reading.read && film.record?.input?.corrections);
  assert.deepEqual([films.length, films[0].file, films[0].bytes, films[0].correction.rotate], [1, 'one.png', one.length, 90]);
  assert.ok(films[0].record.findings.length > 0, 'results are kept as exports have them');
  assert.ok(JSON.stringify(films).length < 100_000, 'no pixels');

  await page.page.reload();
  await page.ready();
  await page.until(({ keeping }) => keeping.on && keeping.films === 1);
  await openBoth(page);
  state = await page.until(({ status }) => status === 'What you said of one.png came back');
  assert.equal(state.selected.correction.rotate, 90);
  assert.equal(state.findings.find(({ id }) => id === finding.id).verdict, 'agree');
  assert.deepEqual(state.films.map(({ name, read }) => [name, read]), [['another.png', false], ['one.png', true]], 'nothing came back with the other file');
  assert.equal(state.unsaved, false);
  await page.page.locator('#screen').focus();
  await page.page.keyboard.press('Control+z');
  state = await page.state();
  assert.equal(state.findings.find(({ id }) => id === finding.id).verdict, 'agree', 'what came back is no deed to undo');

  await page.press('Forget what is kept of 1 film');
  state = await page.until(({ keeping, status }) => !keeping.on && keeping.films === 0 && status === 'Forgot what was kept of 1 film');
  assert.equal(state.unsaved, true, 'it is only here now');
  assert.deepEqual(await kept(page), []);
  page.page.on('dialog', (dialog) => dialog.accept());
  await page.page.reload();
  await page.ready();
  state = await openBoth(page);
  assert.equal(state.keeping.on, false);
  assert.equal(state.findings.find(({ id }) => id === finding.id).verdict, 'none');
  assert.equal(state.selected.correction, null);
});

/** In place of the page's own: a browser that forbids its database. */
const kBlocked = `export const kFormat = 1;
const no = async () => { throw new Error('The storage is blocked.'); };
export class ReadingStore { find = no; put = no; remove = no; clear = no; count = no; }`;

onPage('a browser that keeps nothing says so, and nothing else is lost', {
  routes: { 'shared/reading_store.js': (route) => route.fulfill({ contentType: 'text/javascript', body: kBlocked }) },
}, async (page) => {
  await page.ready();
  await page.press('Keep what I say of films');
  await page.until(({ keeping }) => keeping.on && /The storage is blocked/.test(keeping.text));
  const { findings: [finding] } = await openBoth(page);
  await page.act({ type: 'give-opinion', finding: finding.id, opinion: 'agree' });
  const state = await page.until(({ findings }) => findings.find(({ id }) => id === finding.id).verdict === 'agree');
  assert.equal(state.unsaved, true);
  assert.equal(state.findings.find(({ id }) => id === finding.id).score, finding.score);
});
