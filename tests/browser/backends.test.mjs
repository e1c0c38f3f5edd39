// The same film on WebGPU (SwiftShader, in software) and on the processor: the numbers that PyTorch gave for the same weights
// and pixels. And a GPU that is lost, or never comes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { after, before, test } from 'node:test';

import { kLongPatience, kSite, launchBrowser, openPage } from './support/browser.mjs';

const { default: kDefault, models: kModels } = JSON.parse(readFileSync(join(kSite, 'models/index.json'), 'utf8'));
/** The least to compute: a software GPU takes many seconds for a film with the default network. */
const kSmallest = kModels.reduce((least, model) => (model.bytes < least.bytes ? model : least)).id;

/** What PyTorch gave for a model's golden films; its tolerance and the reason for it stand in the file. */
function goldenOf(model) {
  const fromModel = (name) => readFileSync(join(kSite, 'models', model, name));
  const golden = JSON.parse(fromModel('golden.json'));
  return { ...golden, model, films: golden.examples.map(({ film }) => ({ name: film, bytes: fromModel(film) })) };
}
const kGolden = goldenOf(kSmallest);

/** A real film where there are some, else a phantom: one, as the default network takes a software GPU most of a minute. */
function oneFilmForDefault() {
  if (!env.CHESTLIGHT_FILMS) return goldenOf(kDefault);
  const golden = JSON.parse(readFileSync(new URL(`../golden/films/${kDefault}.json`, import.meta.url)));
  const [{ film }] = golden.examples;
  return { ...golden, model: kDefault, films: [{ name: film, bytes: readFileSync(join(env.CHESTLIGHT_FILMS, 'films', film)) }] };
}

let browser;
before(async () => { browser = await launchBrowser(); });
after(() => browser?.close());

const settled = (count) => (state) => state.films.length === count
  && state.films.every(({ status }) => ['analysed', 'refused'].includes(status));

/** Looks at each film in turn and compares its logits; golden films are phantoms, which a gate may refuse. */
async function assertGolden(page, { examples, labels, tolerance, weights_sha256: weights }, count, patience) {
  for (const { film, logits } of examples.slice(0, count)) {
    const { id, status } = (await page.state()).films.find(({ name }) => name === film);
    await page.act({ type: 'select-film', id });
    if (status === 'refused') await page.act({ type: 'run-command', id: 'analyse-anyway' });
    const state = await page.until(({ selected, findings }) => selected?.id === id && findings.length === logits.length, patience);
    assert.equal(state.model.sha256, weights, 'make the golden logits again for these weights');
    for (const finding of state.findings) {
      const expected = logits[labels.indexOf(finding.id)];
      const error = Math.abs(finding.logit - expected);
      assert.ok(error <= tolerance.logits, `${film}, ${finding.id}: ${finding.logit} against ${expected}`);
    }
  }
}

/** Opens the page, has the golden films analysed and compared. @returns the backend that did it */
async function backendOf(backend, { golden = kGolden, count = golden.films.length, patience, ...options } = {}) {
  const query = `?model=${golden.model}${backend && `&backend=${backend}`}`;
  const page = await openPage(browser, { query, ...options });
  try {
    await page.drop(golden.films.slice(0, count));
    const state = await page.until(settled(count), patience);
    await assertGolden(page, golden, count, patience);
    return state.backend;
  } finally {
    await page.close();
  }
}

for (const { id } of kModels) {
  test(`the processor gives the numbers of PyTorch: ${id}`, async () => {
    const backend = await backendOf('wasm', { golden: goldenOf(id) });
    assert.equal(backend.name, 'wasm-threads');
  });
}

test(`WebGPU gives the numbers of PyTorch: ${kSmallest}`, async () => {
  const backend = await backendOf('webgpu', { patience: kLongPatience });
  assert.ok(backend.name.startsWith('webgpu'), backend.name);
});

test(`WebGPU gives the numbers of PyTorch, the network of full size: ${kDefault}`, async () => {
  const backend = await backendOf('webgpu', { golden: oneFilmForDefault(), count: 1, patience: kLongPatience });
  assert.ok(backend.name.startsWith('webgpu'), backend.name);
});

test('a software GPU is passed over by default, with the reason shown', async () => {
  const backend = await backendOf('', { count: 1 });
  assert.ok(backend.name.startsWith('wasm'), backend.name);
  assert.match(backend.fallbacks.join(), /software/);
});

test('without cross-origin isolation one thread does the work', async () => {
  const omit = ['Cross-Origin-Opener-Policy', 'Cross-Origin-Embedder-Policy'];
  assert.equal((await backendOf('wasm', { count: 1, omit })).name, 'wasm');
});

/** Puts `code` in front of the worker's own. */
const withCode = (code) => async (route) => {
  const response = await route.fetch();
  await route.fulfill({ response, body: `${code}\n${await response.text()}` });
};
/** The engine's thread, which the code in front of it marked with `devices`. */
async function engineOf({ page }) {
  for (const worker of page.workers()) if (await worker.evaluate(() => 'devices' in globalThis)) return worker;
  throw new Error('no thread of the page holds the code that was put in front of the engine');
}

test('a lost GPU is replaced and the film analysed all the same', async () => {
  const page = await openPage(browser, { query: `?backend=webgpu&model=${kSmallest}`, routes: { 'worker/engine.worker.js': withCode(`{
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
    const worker = await engineOf(page);
    assert.equal(await worker.evaluate(() => globalThis.devices.length), 1);
    await worker.evaluate(() => globalThis.devices[0].destroy());
    await page.drop(kGolden.films.slice(0, 1));
    await page.until(settled(1));
    await assertGolden(page, kGolden, 1);
    assert.equal(await worker.evaluate(() => globalThis.devices.length), 2);
  } finally {
    await page.close();
  }
});

test('a GPU that gives no device falls to the processor, with the reason', async () => {
  // A hardware adapter in name, whose device never comes: what some phones do.
  const backend = await backendOf('', { count: 1, routes: { 'worker/engine.worker.js': withCode(`{
    Object.defineProperty(GPUAdapter.prototype, 'info', { get: () => ({ vendor: 'some', architecture: 'phone' }) });
    GPUAdapter.prototype.requestDevice = () => Promise.reject(new Error('no device today'));
  }`) } });
  assert.ok(backend.name.startsWith('wasm'), backend.name);
  assert.match(backend.fallbacks.join(), /no device today/);
});
