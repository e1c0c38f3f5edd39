// Fetching with progress, and the models' errors: against responses made here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as ort from 'onnxruntime-web';

import { download, kSourceHeader } from '../../web/shared/download.js';
import { Cancelled } from '../../web/shared/errors.js';
import { fetchModel } from '../../web/worker/models.js';
import { createOrtLoader } from '../../web/worker/ort_loader.js';

/** A clock that moves by `step` milliseconds at every look. */
const clock = (step) => {
  let time = 0;
  return () => (time += step);
};
const chunks = (count, size) => new ReadableStream({
  start(controller) {
    for (let index = 0; index < count; index += 1) controller.enqueue(new Uint8Array(size));
    controller.close();
  },
});
const reports = async (response, options) => {
  const seen = [];
  const bytes = await download('x', { what: 'It', fetch: async () => response, onProgress: (...report) => seen.push(report), ...options });
  return { seen, bytes };
};

test('a fetch that is over within 100 ms shows no progress', async () => {
  const { seen, bytes } = await reports(new Response(chunks(3, 10)), { now: clock(20) });
  assert.equal(bytes.byteLength, 30);
  assert.deepEqual(seen, []);
});

test('a longer one reports bytes, and its end', async () => {
  const { seen } = await reports(new Response(chunks(4, 10), { headers: { 'content-length': '40' } }), { now: clock(60) });
  assert.deepEqual(seen, [[20, 40], [30, 40], [40, 40], [40, 40]]);
});

test('a file from this device shows no progress however slow it is', async () => {
  const { seen } = await reports(new Response(chunks(4, 10), { headers: { [kSourceHeader]: 'device' } }), { now: clock(500) });
  assert.deepEqual(seen, []);
});

test('the length of a compressed answer is not taken for the size of the file', async () => {
  const headers = { 'content-length': '7', 'content-encoding': 'gzip' };
  const { seen } = await reports(new Response(chunks(2, 10), { headers }), { now: clock(200) });
  assert.deepEqual(seen[0], [10, 0]);
  const known = await reports(new Response(chunks(2, 10), { headers }), { now: clock(200), likelyBytes: () => 20 });
  assert.deepEqual(known.seen[0], [10, 20]);
});

for (const [title, answer, code, words] of [
  ['404', async () => new Response('', { status: 404 }), 'download-missing', /answered 404/],
  ['of a version that is gone', async () => new Response('', { status: 410 }), 'download-outdated', /a newer version than this tab/],
  ['no network', async () => { throw new TypeError('Failed to fetch'); }, 'download-failed', /connection failed/],
  ['too short', async () => new Response(chunks(1, 9)), 'download-size', /9 bytes where 10/],
  ['broken off', async () => new Response(new ReadableStream({
    pull(controller) { controller.error(new TypeError('network error')); },
  })), 'download-failed', /connection failed/],
]) {
  test(`download: ${title}`, async () => {
    await assert.rejects(download('x', { what: 'The weights', expectedBytes: 10, fetch: answer, onProgress() {} }), (error) => {
      assert.equal(error.code, code);
      assert.match(error.message, words);
      assert.match(error.message, /^The weights/);
      assert.ok(error.hint);
      return true;
    });
  });
}

/** A server that sends ten bytes and then nothing more, as fetch() shows it: aborting rejects what is waited for. */
const stalled = (beforeHeaders) => (url, { signal }) => new Promise((resolve, reject) => {
  const aborted = (stop) => signal.addEventListener('abort', () => stop(new DOMException('aborted', 'AbortError')));
  if (beforeHeaders) aborted(reject);
  else resolve(new Response(new ReadableStream({ start(controller) {
    controller.enqueue(new Uint8Array(10));
    aborted((error) => controller.error(error));
  } })));
});

for (const [title, answer, onProgress] of [
  ['before the answer', stalled(true), () => {}],
  ['in the middle', stalled(false), () => {}],
  ['in the middle of one whose progress nobody watches', stalled(false), undefined],
]) {
  test(`a download cancelled ${title} is no failure`, async () => {
    const abort = new AbortController();
    const waiting = download('x', { what: 'It', expectedBytes: 20, signal: abort.signal, fetch: answer, onProgress });
    setTimeout(() => abort.abort(), 5);
    await assert.rejects(waiting, (error) => error instanceof Cancelled);
  });
}

/** What the loader asks of ONNX Runtime; `begin` stands for its start, with the model it is given. */
const fakeRuntime = (begin = () => {}) => ({
  env: { wasm: {} },
  InferenceSession: { create: async (model) => { await begin(model); return { release: async () => {} }; } },
});

test('a runtime is there when it has begun; one that cannot begin says why, and the next is another instance', async () => {
  const modules = [];
  const models = [];
  const load = createOrtLoader({
    base: new URL('https://site.test/ort/'),
    importModule: async (url) => {
      modules.push(url.search);
      return fakeRuntime((model) => {
        models.push(model);
        if (modules.length === 1) throw new Error('no memory for threads');
      });
    },
    read: async () => new Uint8Array(4),
  });
  await assert.rejects(load({ webgpu: false, threads: 2 }), /no memory for threads/);
  await load({ webgpu: false, threads: 1 });
  assert.deepEqual(modules, ['', '?instance=1']);

  const session = await ort.InferenceSession.create(models[1], { executionProviders: ['wasm'] });
  const { y } = await session.run({ x: new ort.Tensor('float32', [0.5], [1]) });
  assert.deepEqual([...y.data], [0.5], 'ONNX Runtime takes the model that begins it');
  await session.release();
});

test('a runtime whose download was cancelled is downloaded again, once, as the same module', async () => {
  const modules = [];
  const reads = [];
  const load = createOrtLoader({
    base: new URL('https://site.test/ort/'),
    importModule: async (url) => { modules.push(url.href); return fakeRuntime(); },
    read: (url, { signal }) => new Promise((resolve, reject) => {
      reads.push(() => resolve(new Uint8Array(4)));
      signal.addEventListener('abort', () => reject(new Cancelled()));
    }),
  });
  const need = { webgpu: false, threads: 1 };
  const first = new AbortController();
  const cancelled = load({ ...need, signal: first.signal });
  first.abort();
  const { signal } = new AbortController();
  const again = load({ ...need, signal });
  assert.equal(load({ ...need, signal }), again);
  await assert.rejects(cancelled, (error) => error instanceof Cancelled);
  assert.equal(reads.length, 2);
  reads[1]();
  const loaded = await again;
  assert.equal(loaded.env.wasm.wasmBinary.byteLength, 4);
  assert.equal(await load({ ...need, signal }), loaded);
  assert.deepEqual(modules, Array(2).fill('https://site.test/ort/ort.wasm.min.mjs'));
});

const text = (value) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const base = new URL('https://site.test/path/models/');
/** A reader of a site that holds these files. */
const siteOf = (files) => async (url, { expectedBytes }) => {
  const path = url.pathname.slice('/path/models/'.length);
  return download(url, { what: path, expectedBytes, fetch: async () =>
    (path in files ? new Response(text(files[path])) : new Response('', { status: 404 })) });
};
const index = { default: 'a', models: [{ id: 'a', name: 'A' }] };
const manifest = { files: { 'weights.safetensors': { bytes: 4, sha256: '' } } };
const complete = { 'index.json': index, 'a/manifest.json': manifest, 'a/weights.safetensors': 'abcd' };

test('the default model is fetched when none is named', async () => {
  const files = await fetchModel(null, { base, read: siteOf(complete) });
  assert.equal(files.id, 'a');
  assert.equal(files.network.byteLength, 4);
});

test('a finished ONNX graph is fetched in place of weights', async () => {
  const plain = { architecture: { family: 'onnx' }, files: { 'model.onnx': { bytes: 3, sha256: '' } } };
  const files = await fetchModel('a', { base, read: siteOf({ 'index.json': index, 'a/manifest.json': plain, 'a/model.onnx': 'abc' }) });
  assert.equal(new TextDecoder().decode(files.network), 'abc');
});

test('cancelling reaches every file of a model', async () => {
  const { signal } = new AbortController();
  const signals = [];
  const read = siteOf(complete);
  await fetchModel(null, { base, signal, read: (url, options) => { signals.push(options.signal); return read(url, options); } });
  assert.deepEqual(signals, [signal, signal, signal]);
});

for (const [title, id, files, code] of [
  ['no list of models', null, {}, 'download-missing'],
  ['a list that is a page', null, { 'index.json': '<!doctype html>' }, 'model-index-invalid'],
  ['a list without a default', null, { 'index.json': {} }, 'model-index-invalid'],
  ['an unknown model', 'b', complete, 'model-unknown'],
  ['no manifest', null, { 'index.json': index }, 'download-missing'],
  ['a broken manifest', null, { ...complete, 'a/manifest.json': '{' }, 'manifest-invalid'],
  ['a manifest without files', null, { ...complete, 'a/manifest.json': {} }, 'manifest-invalid'],
  ['a manifest without weights', null, { ...complete, 'a/manifest.json': { files: { '../x': {} } } }, 'manifest-invalid'],
  ['no weights', null, { 'index.json': index, 'a/manifest.json': manifest }, 'download-missing'],
  ['cut weights', null, { ...complete, 'a/weights.safetensors': 'abc' }, 'download-size'],
]) {
  test(`model: ${title}`, async () => {
    await assert.rejects(fetchModel(id, { base, read: siteOf(files) }), (error) => error.code === code && Boolean(error.hint));
  });
}
