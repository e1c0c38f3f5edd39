// No film, no number: with the engine, the runtime, the model or a thread missing, damaged or stopped, no score, no map and no
// sentence about a finding is in the state of the page, in its text, in an export or in the terminal.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { kPatience, kSite, launchBrowser } from './support/browser.mjs';
import { kDamages, openDamageableSite } from './support/damageable_site.mjs';
import { makeChest } from './support/images.mjs';
import { copySite } from './support/site.mjs';

const kModel = 'compact-densenet-128';
const kFilm = { name: 'film.png', bytes: makeChest() };
const kCxr = fileURLToPath(new URL('../../tools/cxr.mjs', import.meta.url));
const text = (words) => () => Buffer.from(words);
const asJson = (change) => (bytes) => Buffer.from(JSON.stringify(change(JSON.parse(bytes))));
/** By what each file is: its path, and what may be wrong with it besides the usual damages. */
const kFiles = {
  'the engine': ['engine.wasm'],
  "the engine's script": ['engine.mjs'],
  'the thread': ['worker/engine.worker.js', { empty: text('') }],
  'the case in the thread': ['worker/case_thread.js', { empty: text('') }],
  'the runtime': ['vendor/ort/ort-wasm-simd-threaded.wasm'],
  "the runtime's script": ['vendor/ort/ort.wasm.min.mjs', { empty: text('') }],
  "the runtime's loader": ['vendor/ort/ort-wasm-simd-threaded.mjs'],
  'the weights': [`models/${kModel}/weights.safetensors`, { 'changed by one bit': (bytes) => bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte)) }],
  'the manifest': [`models/${kModel}/manifest.json`, { 'without labels': asJson((manifest) => ({ ...manifest, labels: [] })) }],
  'the list of models': ['models/index.json', { 'an empty list': asJson((index) => ({ ...index, models: [] })) }],
};
/** What the thread may do once it has begun. */
const kStops = {
  'a thread that throws at once': (bytes) => Buffer.from(`throw new Error('stopped');\n${bytes}`),
  'a thread that throws later': (bytes) => Buffer.from(`${bytes}\nsetTimeout(() => { throw new Error('stopped'); }, 100);`),
  'a thread that rejects later': (bytes) => Buffer.from(`${bytes}\nsetTimeout(() => Promise.reject(new Error('stopped')), 100);`),
  'a thread that closes itself': (bytes) => Buffer.from(`${bytes}\nsetTimeout(() => self.close(), 100);`),
  'a thread that hangs': (bytes) => Buffer.from(`${bytes}\nsetTimeout(() => { for (;;); }, 100);`),
};
/** Those that leave the page waiting are watched for so long, milliseconds: an analysis takes less than one second. */
const kWatch = 3000;
/** Those after which the page may work all the same: the engine had begun, or asks nothing of the file. */
const kMayWork = new Set(['a thread that throws later', 'a thread that rejects later', 'the list of models']);

/** A probability, a verdict, or words about a place in the lungs. */
const kNumber = /\b0\.\d\d\b|(above|below) (its |the )?threshold|borderline|\b(upper|middle|lower) zone\b/i;
/** Parts of the page's text that speak of findings in general, or of keys. */
const kGeneral = /^mirror-(commands|keys|open|thresholds|windows|measuring)$/;

let browser;
let site;
before(async () => {
  browser = await launchBrowser();
  site = await openDamageableSite(browser);
});
after(async () => {
  await site?.close();
  await browser?.close();
});

const look = () => site.page.evaluate((general) => ({
  state: globalThis.chestlight?.state ?? null,
  text: [...document.querySelectorAll('#mirror > *, #notice')].filter((part) => !new RegExp(general).test(part.getAttribute('aria-labelledby')))
    .map((part) => part.textContent).join('\n').replace(/^Zoom .*$/gm, ''),
}), kGeneral.source);

function assertNothingSaid({ state, text: said }) {
  assert.deepEqual(state?.findings ?? [], []);
  assert.equal(state?.overlay?.visible ?? false, false);
  for (const film of state?.films ?? []) assert.notEqual(film.status, 'analysed');
  assert.doesNotMatch(said, kNumber);
}

/** @returns {Promise<boolean>} whether the film was analysed, as where nothing is wrong */
async function watch(mayWork) {
  await site.until((state) => state.commands.length > 0);
  await site.drop([kFilm]);
  for (const end = Date.now() + kWatch; Date.now() < end; await pause(50)) {
    const seen = await look();
    if (mayWork && seen.state.films[0]?.status === 'analysed') return true;
    assertNothingSaid(seen);
    if (seen.state.engine === 'failed' && seen.state.films.length) break;
  }
  return false;
}

async function assertNoNumber(path, change, mayWork = false) {
  await site.withDamaged(path, change, async () => {
    if (await watch(mayWork)) return;
    // The engine makes exports: without it there is none, or one without findings.
    const download = site.page.waitForEvent('download', { timeout: 500 }).catch(() => null);
    await site.act({ type: 'export-findings', format: 'json' });
    const file = await download;
    if (file) for (const record of JSON.parse(readFileSync(await file.path(), 'utf8'))) assert.deepEqual(record.findings ?? [], []);
    assertNothingSaid(await look());
  });
}

describe('no film, no number', () => {
  test('the look finds what is said of an analysed film', async () => {
    await site.page.reload();
    await site.drop([kFilm]);
    await site.until(({ films }) => films[0]?.status === 'analysed');
    await pause(300); // the text follows ten times a second
    await assert.rejects(async () => assertNothingSaid(await look()), assert.AssertionError);
    assert.match((await look()).text, kNumber);
  });

  for (const [what, [path, more = {}]] of Object.entries(kFiles)) {
    for (const [damage, change] of Object.entries({ ...kDamages, ...more })) {
      test(`${what} is ${damage}`, () => assertNoNumber(path, change, kMayWork.has(what)));
    }
  }
  for (const [what, change] of Object.entries(kStops)) {
    test(what, () => assertNoNumber('worker/engine.worker.js', change, kMayWork.has(what)));
  }
});

describe('no number in the terminal', () => {
  for (const [what, [path, more = {}]] of Object.entries(kFiles)) {
    if (!/^(engine|models)/.test(path)) continue;  // the others are the page's alone
    for (const [damage, change] of Object.entries({ ...kDamages, ...more })) {
      if (what === 'the list of models' && damage === 'an empty list') continue;  // the model is named
      test(`${what} is ${damage}`, (t) => {
        const copy = copySite({ [path]: change });
        t.after(copy.remove);
        const { status, stdout, stderr } = spawnSync(execPath, [kCxr, 'predict', join(kSite, 'examples/effusion.jpg'), '--model', kModel],
          { encoding: 'utf8', timeout: kPatience, env: { ...process.env, CHESTLIGHT_SITE: copy.root } });
        assert.notEqual(status, 0, stdout);
        assert.doesNotMatch(stdout, kNumber);
        assert.match(stderr, /^cxr: .{10}/);
      });
    }
  }
});
