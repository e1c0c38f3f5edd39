// The same film on WebGPU (SwiftShader, in software) and on the processor: the numbers that PyTorch gave for the same weights
// and pixels. And a GPU that is lost, or never comes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { kSite, launchBrowser, openPage } from './support/browser.mjs';

const kModel = JSON.parse(readFileSync(join(kSite, 'models/index.json'), 'utf8')).default;
const fromModel = (name) => readFileSync(join(kSite, 'models', kModel, name));
/** What PyTorch gave; its tolerance and the reason for it stand in the file. */
const kGolden = JSON.parse(fromModel('golden.json'));
const kFilms = kGolden.examples.map(({ film }) => ({ name: film, bytes: fromModel(film) }));

let browser;
before(async () => { browser = await launchBrowser(); });
after(() => browser?.close());

const analysed = (count) => (state) => state.films.length === count && state.films.every(({ status }) => status === 'analysed');

/** Looks at each film in turn and compares its logits. */
async function assertGolden(page, count = kFilms.length) {
  for (const [index, { film, logits }] of kGolden.examples.slice(0, count).entries()) {
    const { id } = (await page.state()).films.find(({ name }) => name === film);
    await page.act({ type: 'select-film', id });
    const state = await page.until(({ selected, findings }) => selected?.id === id && findings.length === logits.length);
    for (const finding of state.findings) {
      const expected = kGolden.examples[index].logits[kGolden.labels.indexOf(finding.id)];
      const error = Math.abs(finding.logit - expected);
      assert.ok(error <= kGolden.tolerance.logits, `${film}, ${finding.id}: ${finding.logit} against ${expected}`);
    }
  }
}

/** Opens the page, has the golden films analysed and compared. @returns the backend that did it */
async function backendOf(query, { count = kFilms.length, ...options } = {}) {
  const page = await openPage(browser, { query, ...options });
  try {
    await page.drop(kFilms.slice(0, count));
    const { backend } = await page.until(analysed(count));
    await assertGolden(page, count);
    return backend;
  } finally {
    await page.close();
  }
}

test('the processor gives the numbers of PyTorch', async () => {
  const backend = await backendOf('?backend=wasm');
  assert.equal(backend.name, 'wasm-threads');
});

test('WebGPU gives the numbers of PyTorch', async () => {
  const backend = await backendOf('?backend=webgpu');
  assert.ok(backend.name.startsWith('webgpu'), backend.name);
});

test('a software GPU is passed over by default, with the reason shown', async () => {
  const backend = await backendOf('', { count: 1 });
  assert.ok(backend.name.startsWith('wasm'), backend.name);
  assert.match(backend.fallbacks.join(), /software/);
});

test('without cross-origin isolation one thread does the work', async () => {
  const omit = ['Cross-Origin-Opener-Policy', 'Cross-Origin-Embedder-Policy'];
  assert.equal((await backendOf('?backend=wasm', { count: 1, omit })).name, 'wasm');
});

/** Puts `code` in front of the worker's own. */
const withCode = (code) => async (route) => {
  const response = await route.fetch();
  await route.fulfill({ response, body: `${code}\n${await response.text()}` });
};
const engineOf = ({ page }) => page.workers().find((worker) => worker.url().includes('engine.worker.js'));

test('a lost GPU is replaced and the film analysed all the same', async () => {
  const page = await openPage(browser, { query: '?backend=webgpu', routes: { 'engine.worker.js': withCode(`{
    const original = GPUAdapter.prototype.requestDevice;
    globalThis.devices = [];
    GPUAdapter.prototype.requestDevice = async function (...values) {
      const device = await original.apply(this, values);
      globalThis.devices.push(device);
      return device;
    };
  }`) } });
  try {
    await page.ready();
    const worker = engineOf(page);
    assert.equal(await worker.evaluate(() => globalThis.devices.length), 1);
    await worker.evaluate(() => globalThis.devices[0].destroy());
    await page.drop(kFilms.slice(0, 1));
    await page.until(analysed(1));
    await assertGolden(page, 1);
    assert.equal(await worker.evaluate(() => globalThis.devices.length), 2);
  } finally {
    await page.close();
  }
});

test('a GPU that gives no device falls to the processor, with the reason', async () => {
  // A hardware adapter in name, whose device never comes: what some phones do.
  const backend = await backendOf('', { count: 1, routes: { 'engine.worker.js': withCode(`{
    Object.defineProperty(GPUAdapter.prototype, 'info', { get: () => ({ vendor: 'some', architecture: 'phone' }) });
    GPUAdapter.prototype.requestDevice = () => Promise.reject(new Error('no device today'));
  }`) } });
  assert.ok(backend.name.startsWith('wasm'), backend.name);
  assert.match(backend.fallbacks.join(), /no device today/);
});
