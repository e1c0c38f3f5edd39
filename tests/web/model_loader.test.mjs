// Loading a model: it fails, is cancelled, gives way to another; the one in use stays until the next is complete.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Cancelled } from '../../web/shared/errors.js';
import { is, kWasm, runs, visit } from './visit.mjs';

for (const [id, code] of [['missing', 'download-missing'], ['wrong-hash', 'hash-mismatch']]) {
  test(`a model that fails (${id}) fails the analyses and leaves the films`, async () => {
    const v = visit({ model: id });
    v.open(1);
    v.analyse(1);
    v.start();
    assert.equal((await v.until(is('engine-failed'))).error.code, code);
    assert.equal((await v.until(is('analysis-failed', 1))).error.code, code);
    await v.until(is('film-opened', 1));
  });
}

test('another model replaces the runtime of the first', async () => {
  const v = visit();
  v.start();
  await v.until(is('engine-ready'));
  v.session.handle({ type: 'load-model', id: 'other' });
  await v.until((message) => message.type === 'engine-ready' && message.model.id === 'other');
  assert.deepEqual(v.runtimes.map(({ released }) => released), [true, false]);
});

test('the page is told while another graph is made ready', async () => {
  const v = visit();
  v.start();
  await v.until(is('engine-ready'));
  const [{ options }] = v.runtimes;
  for (const ready of [false, true]) options.onGraph({ graph: 'reverse', ready });
  const told = v.posted.filter(({ type, what }) => type === 'loading-progressed' && what === 'reverse');
  assert.deepEqual(told.map(({ done, total }) => [done, total]), [[0, 1], [1, 1]]);
});

test('a second model that fails leaves the first in use, and says so', async () => {
  const v = visit();
  v.start();
  await v.until(is('engine-ready'));
  for (const model of ['missing', 'wrong-hash']) {
    v.session.handle({ type: 'load-model', id: model });
    await v.until((message) => message.type === 'noticed' && /The model m stays/.test(message.text));
    v.posted.length = 0;
  }
  v.open(1);
  v.analyse(1);
  await v.until(is('analysis-arrived', 1));
  assert.ok(!v.types().includes('engine-failed'));
});

/** A download that never ends by itself; `signals` are those it was given. */
function endless(signals = [], { from = 0 } = {}) {
  let count = 0;
  return ({ onProgress, signal }) => {
    signals.push(signal);
    if (count++ < from) return Promise.resolve();
    onProgress(3, 9);
    return new Promise((_, reject) => { signal.addEventListener('abort', () => reject(new Cancelled())); });
  };
}

test('loading is cancelled at once; what waits is analysed when the model is loaded again', async () => {
  let ends = endless();
  const v = visit({ download: (options) => ends(options) });
  v.start();
  v.open(1);
  v.analyse(1);
  await v.until(is('loading-progressed'));
  v.session.handle({ type: 'cancel-loading' });
  const { error } = await v.until(is('engine-failed'));
  assert.equal(error.code, 'cancelled');
  assert.ok(error.hint);
  await v.until(is('film-opened', 1));
  assert.ok(!v.types().includes('analysis-failed 1'));
  ends = async () => {};
  v.session.handle({ type: 'load-model', id: '' });
  await v.until(is('analysis-arrived', 1));
});

test('the model that is loaded again is the one that was asked for', async () => {
  const asked = [];
  const v = visit({ download: async ({ chosen }) => { if (asked.push(chosen) === 1) throw new Cancelled(); } });
  v.session.handle({ type: 'start', backend: 'auto', model: 'other' });
  await v.until(is('engine-failed'));
  v.session.handle({ type: 'load-model', id: '' });
  await v.until(is('engine-ready'));
  assert.deepEqual(asked, ['other', 'other']);
});

test('a runtime that is starting when loading is cancelled is released, and starts again after that', async () => {
  const order = [];
  const finish = [];
  const v = visit({ startRuntime: () => new Promise((resolve) => {
    const number = finish.length;
    order.push(`start ${number}`);
    finish.push(() => resolve({ backend: kWasm,
      async release() { order.push(`release ${number}`); } }));
  }) });
  v.start();
  while (order.length < 1) await new Promise((resolve) => setTimeout(resolve));
  v.session.handle({ type: 'cancel-loading' });
  assert.equal((await v.until(is('engine-failed'))).error.code, 'cancelled');
  v.session.handle({ type: 'load-model', id: '' });
  await v.until((message) => message.what === 'warm-up' && v.posted.filter(({ what }) => what === 'warm-up').length === 2);
  assert.deepEqual(order, ['start 0'], 'one after the other');
  finish[0]();
  while (finish.length < 2) await new Promise((resolve) => setTimeout(resolve));
  finish[1]();
  await v.until(is('engine-ready'));
  assert.deepEqual(order, ['start 0', 'release 0', 'start 1']);
});

for (const [title, options, wanted] of [
  ['while it comes in', { download: endless([], { from: 1 }) }, is('loading-progressed')],
  ['while it starts', {}, (message) => message.what === 'warm-up'],
]) {
  test(`a second model that is cancelled ${title} leaves the first at work`, async () => {
    let started = 0;
    const v = visit({ ...options, startRuntime: () => (started++ ? new Promise(() => {}) : Promise.resolve({
      backend: kWasm, run: runs, async release() {} })) });
    v.start();
    await v.until(is('engine-ready'));
    v.posted.length = 0;
    v.session.handle({ type: 'load-model', id: 'other' });
    await v.until(wanted);
    v.session.handle({ type: 'cancel-loading' });
    assert.match((await v.until(is('noticed'))).text, /cancelled.*The model m stays/);
    assert.equal((await v.until(is('engine-ready'))).model.id, 'm');
    v.open(1);
    v.analyse(1);
    await v.until(is('analysis-arrived', 1));
    assert.ok(!v.types().includes('engine-failed'));
  });
}

test('another model chosen while one is loading ends the download of the first', async () => {
  const signals = [];
  const first = endless(signals);
  const v = visit({ download: (options) => (options.chosen === 'm' ? first(options) : Promise.resolve()) });
  v.start();
  await v.until(is('loading-progressed'));
  v.session.handle({ type: 'load-model', id: 'other' });
  assert.equal((await v.until(is('engine-ready'))).model.id, 'other');
  assert.equal(signals[0].aborted, true);
  assert.ok(!v.types().includes('engine-failed') && !v.types().includes('noticed'));
});
