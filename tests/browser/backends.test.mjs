// The same film on WebGPU (SwiftShader, in software) and on the processor: the same numbers. And a GPU that is lost.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launchBrowser, openPage } from './support/browser.mjs';
import { makeChest } from './support/images.mjs';

/** Largest difference of a logit between backends: float32 sums in another order; measured 3e-6 on this model. */
const kLogitTolerance = 1e-3;

let browser;
before(async () => { browser = await launchBrowser(); });
after(() => browser?.close());

const analysed = (count) => (state) => state.films.length === count && state.films.every(({ status }) => status === 'analysed');
const logits = (state) => Object.fromEntries(state.findings.map(({ id, logit }) => [id, logit]));
const kFilm = { name: 'chest.png', bytes: makeChest(300, [0.7, 0.4]) };

function assertSameLogits(actual, expected) {
  for (const [id, logit] of Object.entries(expected)) {
    assert.ok(Math.abs(actual[id] - logit) <= kLogitTolerance, `${id}: ${actual[id]} against ${logit}`);
  }
}

async function logitsOn(query, options = {}) {
  const page = await openPage(browser, { query, ...options });
  try {
    await page.drop([kFilm]);
    const state = await page.until(analysed(1));
    return { backend: state.backend, values: logits(state) };
  } finally {
    await page.close();
  }
}

let reference;
before(async () => { reference = await logitsOn('?backend=wasm'); });

test('WebGPU gives the numbers of the processor', async () => {
  const { backend, values } = await logitsOn('?backend=webgpu');
  assert.ok(backend.name.startsWith('webgpu'), backend.name);
  assertSameLogits(values, reference.values);
});

test('a software GPU is passed over by default, with the reason shown', async () => {
  const { backend, values } = await logitsOn('');
  assert.ok(backend.name.startsWith('wasm'), backend.name);
  assert.match(backend.fallbacks.join(), /software/);
  assertSameLogits(values, reference.values);
});

test('without cross-origin isolation one thread does the work', async () => {
  const { backend, values } = await logitsOn('?backend=wasm', { omit: ['Cross-Origin-Opener-Policy', 'Cross-Origin-Embedder-Policy'] });
  assert.equal(backend.name, 'wasm');
  assertSameLogits(values, reference.values);
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
    await page.drop([kFilm]);
    const state = await page.until(analysed(1));
    assertSameLogits(logits(state), reference.values);
    assert.equal(await worker.evaluate(() => globalThis.devices.length), 2);
  } finally {
    await page.close();
  }
});

test('a GPU that gives no device falls to the processor, with the reason', async () => {
  // A hardware adapter in name, whose device never comes: what some phones do.
  const { backend, values } = await logitsOn('', { routes: { 'engine.worker.js': withCode(`{
    Object.defineProperty(GPUAdapter.prototype, 'info', { get: () => ({ vendor: 'some', architecture: 'phone' }) });
    GPUAdapter.prototype.requestDevice = () => Promise.reject(new Error('no device today'));
  }`) } });
  assert.ok(backend.name.startsWith('wasm'), backend.name);
  assert.match(backend.fallbacks.join(), /no device today/);
  assertSameLogits(values, reference.values);
});
