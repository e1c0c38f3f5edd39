// What is kept on the device: never trusted unseen, and never mixed. Damaged entries are fetched again, and a tab that was
// opened before an update stays with its own version.
import assert from 'node:assert/strict';
import { readFileSync, renameSync, symlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, test } from 'node:test';

import { kForDrawnFilms, kPatience, launchBrowser, openPage, visitPage } from './support/browser.mjs';
import { copySite } from './support/site.mjs';

let browser;
before(async () => { browser = await launchBrowser(); });
after(() => browser?.close());

const kOther = 'densenet121-nih';
const kOtherManifest = `models/${kOther}/manifest.json`;
const fixture = (name) => ({ name, bytes: readFileSync(new URL(`../fixtures/dicom/${name}`, import.meta.url)) });

async function until(holds, what) {
  for (const end = Date.now() + kPatience; Date.now() < end;) {
    const value = await holds();
    if (value) return value;
    await pause(50);
  }
  throw new Error(`${what} within ${kPatience / 1000} s`);
}

const untilKept = (page) => until(() => page.page.evaluate(() => globalThis.chestlight?.offline), 'the page was kept');
const noticesOf = (page) => page.page.evaluate(() => document.body.innerText + document.querySelector('#mirror').textContent);

/** Rewrites what the device keeps. @param {(bytes: Uint8Array) => Uint8Array} change as text, run in the page @returns how many */
const damage = (page, change, only = '') => page.page.evaluate(async ([text, wanted]) => {
  const changes = { flip: (bytes) => bytes.map((byte, index) => (index === bytes.length >> 1 ? byte ^ 1 : byte)),
    cut: (bytes) => bytes.slice(0, bytes.length >> 1), empty: () => new Uint8Array(), html: () => new TextEncoder().encode('<!doctype html>') };
  const [name] = await caches.keys();
  const cache = await caches.open(name);
  const { assets } = await (await fetch('assets.json')).json();
  let count = 0;
  for (const { path, sha256 } of assets) {
    const key = new URL(`.kept/${sha256}`, location.href).href;
    const found = await cache.match(key);
    if (!found || !path.startsWith(wanted)) continue;
    const bytes = new Uint8Array(await found.arrayBuffer());
    await cache.put(key, new Response(changes[text](bytes), { headers: found.headers }));
    count += 1;
  }
  return count;
}, [change, only]);

/** How many kept entries do not have the hash they are kept under. */
const damagedEntries = (page) => page.page.evaluate(async () => {
  const [name] = await caches.keys();
  const cache = await caches.open(name);
  let count = 0;
  for (const request of await cache.keys()) {
    const hash = request.url.split('/').pop();
    if (!/^[0-9a-f]{64}$/.test(hash)) continue;
    const digest = await crypto.subtle.digest('SHA-256', await (await cache.match(request)).arrayBuffer());
    if ([...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('') !== hash) count += 1;
  }
  return count;
});

for (const change of ['flip', 'cut', 'empty', 'html']) {
  test(`every kept file was damaged (${change}): the page starts, says so and mends them`, async (t) => {
    const page = await openPage(browser, { query: kForDrawnFilms, serviceWorkers: true });
    t.after(() => page.close());
    await page.ready();
    assert.equal((await untilKept(page)).complete, true);
    assert.ok(await damage(page, change) > 40);
    assert.ok(await damagedEntries(page) > 40, 'the entries are damaged');
    await page.page.reload();
    await page.ready();
    await until(async () => (await page.state()).notices?.some?.(() => true) || /was damaged and is fetched again/.test(await noticesOf(page)), 'it was said');
    assert.equal((await untilKept(page)).complete, true);
    assert.equal(await damagedEntries(page), 0);
    await page.server.close();
    await page.page.reload();
    await page.ready();
  });
}

test('a damaged file without a network: the page says what is missing, and is whole again with one', async (t) => {
  const page = await openPage(browser, { query: kForDrawnFilms, serviceWorkers: true });
  t.after(() => page.close());
  await page.ready();
  await untilKept(page);
  assert.equal(await damage(page, 'cut', 'models/compact-densenet-128/weights'), 1);
  await page.context.setOffline(true);
  await page.page.reload();
  const state = await page.until(({ engine }) => engine === 'failed');
  assert.match(state.errors[0].message, /weights\.safetensors.*could not be fetched/);
  await page.context.setOffline(false);
  await page.page.reload();
  await page.ready();
});

/** A site whose version can be changed while it is served: a link to one of two copies. */
async function twoVersions(t) {
  const folder = await mkdtemp(join(tmpdir(), 'chestlight-versions-'));
  const root = join(folder, 'site');
  const old = copySite({}, { listed: true, version: 'a' });
  const next = copySite({
    'index.html': (bytes) => String(bytes).replace('<title>Chestlight', '<title>Next Chestlight'),
    'vendor/dicom/openjpegwasm_decode.mjs': 'export default () => { throw new Error("of the next version"); };',
    [kOtherManifest]: (bytes) => `${bytes}\n`,
  }, { listed: true, version: 'b' });
  const serve = (site) => {
    symlinkSync(site.root, `${root}.new`);
    renameSync(`${root}.new`, root);
  };
  serve(old);
  t.after(async () => {
    old.remove();
    next.remove();
    await rm(folder, { recursive: true });
  });
  return { root, update: () => serve(next) };
}

for (const [title, visits] of [['its first visit', 1], ['a later visit', 2]]) {
  test(`a tab that was opened before an update keeps its own files: ${title}`, async (t) => {
    const { root, update } = await twoVersions(t);
    const tab = await openPage(browser, { query: kForDrawnFilms, serviceWorkers: true, root });
    t.after(() => tab.close());
    for (let visit = 0; visit < visits; visit += 1) {
      if (visit) await tab.page.reload();
      await tab.ready();
      assert.equal((await untilKept(tab)).complete, true);
    }
    assert.equal(await tab.page.evaluate(() => globalThis.chestlight.version), 'a');

    update();
    const newer = await visitPage(tab.context, tab.server.url + kForDrawnFilms);
    await newer.ready();
    assert.equal(await newer.page.title(), 'Next Chestlight');
    assert.equal(await newer.page.evaluate(() => globalThis.chestlight.version), 'b');
    assert.equal((await untilKept(newer)).version, 'b');

    // Each with the codec of its own version: that of the next one does not work.
    for (const [each, status] of [[tab, 'refused'], [newer, 'unreadable']]) {
      await each.drop([fixture('jpeg2000.dcm')]);
      const { films } = await each.until((state) => state.films.length === 1 && !['queued', 'waiting', 'analysing'].includes(state.films[0].status));
      assert.equal(films[0].status, status);
    }

    // What only the next version has is refused to the older tab, with a reason, and its model stays.
    await tab.act({ type: 'load-model', id: kOther });
    await until(async () => /The manifest of model densenet121-nih is no longer there: this site has a newer version than this tab\. Reload the page to use it\./.test(await noticesOf(tab)), 'it was said');
    await tab.until(({ engine, model }) => engine === 'ready' && model.id === 'compact-densenet-128');

    // The older tab keeps its files once more; a new tab is of the new version all the same, with and without a network.
    await tab.page.evaluate(() => { globalThis.chestlight.offline = null; });
    await tab.page.evaluate(() => navigator.serviceWorker.controller.postMessage({ type: 'keep', addresses: [] }));
    assert.equal((await untilKept(tab)).version, 'a');
    const third = await visitPage(tab.context, tab.server.url + kForDrawnFilms);
    await third.ready();
    assert.equal(await third.page.title(), 'Next Chestlight');
    await tab.server.close();
    await third.page.reload();
    await third.ready();
    assert.equal(await third.page.evaluate(() => globalThis.chestlight.version), 'b');
  });
}
