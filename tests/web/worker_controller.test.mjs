// One visit's work against a fake engine: order, cancelling, bad files, a trapped engine, bounded memory.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EngineError } from '../../web/worker/engine.js';
import { Cancelled } from '../../web/shared/errors.js';
import { is, visit } from './visit.mjs';
import { makeZip } from './zip_support.mjs';

const kFilmBytes = 10 * 10 * 2;

test('films can be looked at before there is a model', async () => {
  const v = visit({ startRuntime: () => new Promise(() => {}) });
  v.start();
  v.open(1);
  v.session.handle({ type: 'show-film', id: 1 });
  v.session.handle({ type: 'analyse', id: 1 });
  const pixels = await v.until(is('pixels-arrived', 1));
  assert.equal(pixels.width, 10);
  await v.until(is('film-opened', 1));
  assert.ok(!v.types().includes('analysis-progressed 1'));
});

test('an analysis carries its maps and its times, and leaves no job behind', async () => {
  const v = visit();
  v.start();
  v.open(1);
  v.session.handle({ type: 'analyse', id: 1 });
  await v.until(is('analysis-arrived', 1));
  const { buffer, analysis: { milliseconds } } = v.posted.find(is('analysis-arrived', 1));
  assert.equal(buffer.byteLength, 8);
  assert.deepEqual(Object.keys(milliseconds).sort(), ['decode', 'explain', 'prepare', 'run']);
  assert.equal(v.engines[0].jobs.size, 0);
});

test('the film looked at is analysed first, and pixels come before everything', async () => {
  const v = visit();
  for (const id of [1, 2, 3]) {
    v.open(id);
    v.session.handle({ type: 'analyse', id });
  }
  v.session.handle({ type: 'show-film', id: 3 });
  v.start();
  await v.until(is('analysis-arrived', 2));
  const order = v.types().filter((type) => /^(pixels-arrived|film-opened|analysis-arrived) /.test(type));
  assert.equal(order[0], 'pixels-arrived 3');
  assert.deepEqual(order.filter((type) => type.startsWith('analysis-arrived')), ['analysis-arrived 3', 'analysis-arrived 1', 'analysis-arrived 2']);
});

test('an analysis asked for with other corrections takes the place of the one under way, without a word', async () => {
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  let runs = 0;
  const v = visit({ run: async (request, blobs) => {
    runs += 1;
    if (runs === 1) await held;
    return { outputs: [{ name: 'logits', shape: [1] }], blobs };
  } });
  v.start();
  v.open(1);
  await v.until(is('engine-ready'));
  v.session.handle({ type: 'analyse', id: 1 });
  await v.until(is('analysis-progressed', 1));
  v.session.handle({ type: 'analyse', id: 1, correction: { rotate: 90 } });
  v.session.handle({ type: 'analyse', id: 1, correction: { rotate: 180 }, anyway: true, operating_point: 'rule-out' });
  release();
  await v.until(is('analysis-arrived', 1));
  assert.deepEqual(v.engines[0].analyses.at(-1), { correction: { rotate: 180 }, anyway: true, operating_point: 'rule-out' });
  assert.ok(!v.engines[0].analyses.some(({ correction }) => correction.rotate === 90), 'only the last is made');
  assert.ok(!v.types().includes('cancelled 1'));
  assert.equal(v.types().filter((type) => type === 'analysis-arrived 1').length, 1);
  assert.equal(v.engines[0].jobs.size, 0);
});

test('other thresholds need no second run; another model, frame or correction does, and a file read again', async () => {
  let runs = 0;
  const v = visit({ run: async (request, blobs) => {
    runs += 1;
    return { outputs: [{ name: 'logits', shape: [1] }], blobs };
  } });
  v.start();
  v.open(1);
  let analyses = 0;
  const analyse = async (question) => {
    analyses += 1;
    v.session.handle({ type: 'analyse', id: 1, ...question });
    await v.until(() => v.types().filter((type) => type === 'analysis-arrived 1').length === analyses);
    return runs;
  };
  assert.equal(await analyse({ operating_point: 'rule-in' }), 1);
  assert.equal(await analyse({ operating_point: 'rule-out' }), 1);
  assert.equal(v.engines[0].analyses.at(-1).operating_point, 'rule-out', 'the engine was asked all the same');
  assert.equal(await analyse({ correction: { rotate: 90 } }), 2);
  assert.equal(await analyse({ correction: { rotate: 90 }, anyway: true }), 2);
  v.session.handle({ type: 'open-frame', id: 1, frame: 1, chosen: true });
  assert.equal(await analyse({ correction: { rotate: 90 } }), 3);
  v.session.handle({ type: 'load-model', id: 'other' });
  await v.until(() => v.types().filter((type) => type === 'engine-ready').length === 2);
  assert.equal(await analyse({ correction: { rotate: 90 } }), 4);
  v.session.handle({ type: 'reopen-film', id: 1 });
  assert.equal(await analyse({ correction: { rotate: 90 } }), 5);
});

test('what the model saw is fetched, and failing to leaves the film as it was', async () => {
  const v = visit();
  v.start();
  v.open(1);
  v.session.handle({ type: 'show-model-input', id: 1, correction: { invert: true } });
  const { input } = await v.until(is('model-input-arrived', 1));
  assert.deepEqual(input.corrections, { invert: true });
  v.engines[0].films.clear();
  v.session.handle({ type: 'show-model-input', id: 1 });
  await v.until(is('noticed'));
  assert.ok(!v.types().includes('film-failed 1'));
});

test('a bad file becomes a message and the others go on', async () => {
  const v = visit();
  v.start();
  v.open(1);
  v.open(2, 'bad');
  v.open(3);
  await v.until(is('film-opened', 3));
  const failed = v.posted.find(is('film-failed', 2));
  assert.deepEqual(failed.error, { code: 'format-unknown', message: '2.png is not an image.', hint: 'Do something else.' });
  assert.equal(failed.name, '2.png');
  assert.equal(failed.kind, 'Text', 'what the file is, whatever its name');
});

test('a file that failed is read again when asked, and is a film when it has come right', async () => {
  const v = visit();
  v.start();
  let text = 'bad';
  const file = { size: 4, arrayBuffer: () => new Blob([text]).arrayBuffer(), slice: () => new Blob([text]) };
  v.session.handle({ type: 'open', id: 1, name: '1.png', file });
  v.open(2);
  await v.until(is('film-opened', 2));
  v.session.handle({ type: 'reopen-film', id: 1 });
  await v.until(() => v.types().filter((type) => type === 'film-failed 1').length === 2);
  text = 'good';
  v.session.handle({ type: 'reopen-film', id: 1 });
  assert.equal((await v.until(is('film-opened', 1))).film.name, '1.png');
  v.session.handle({ type: 'close-film', id: 2 });
  v.session.handle({ type: 'reopen-film', id: 2 });
  v.session.handle({ type: 'export-findings', format: 'json' });
  await v.until(is('exported'));
  assert.equal(v.types().filter((type) => type === 'film-opened 2').length, 1, 'one that was removed stays so');
});

test('a trap while a file is read leaves its kind to be told by the next engine', async () => {
  const v = visit();
  v.start();
  v.open(1, 'trap');
  const failed = await v.until(is('film-failed', 1));
  assert.equal(failed.error.code, 'engine-crashed');
  assert.equal(failed.kind, 'Text');
  assert.equal(v.engines.length, 2);
});

test('a file that is too large is refused before it is read', async () => {
  const v = visit();
  v.start();
  const file = { size: 2 ** 40, arrayBuffer: () => assert.fail('was read'), slice: () => new Blob(['none']) };
  v.session.handle({ type: 'open', id: 1, name: 'huge.png', file });
  const { error } = await v.until(is('film-failed', 1));
  assert.equal(error.code, 'file-too-large');
});

test('a file that vanished says so', async () => {
  const v = visit();
  v.start();
  v.session.handle({ type: 'open', id: 1, name: 'gone.png', file: { size: 1, slice: () => new Blob(['x']), arrayBuffer: async () => { throw new Error('x'); } } });
  assert.equal((await v.until(is('film-failed', 1))).error.code, 'file-unreadable');
});

test('a trapped engine is replaced, its film named, and the others go on with the model', async () => {
  const v = visit();
  v.start();
  v.open(1);
  await v.until(is('engine-ready'));
  v.open(2, 'trap');
  v.open(3);
  v.session.handle({ type: 'analyse', id: 1 });
  v.session.handle({ type: 'analyse', id: 3 });
  await v.until(is('analysis-arrived', 3));
  await v.until(is('analysis-arrived', 1));
  assert.equal(v.posted.find(is('film-failed', 2)).error.code, 'engine-crashed');
  assert.match(v.posted.find(is('film-failed', 2)).error.message, /2\.png/);
  assert.equal(v.engines.length, 2);
  assert.ok(v.engines[1].calls.includes('load-model'));
});

test('decoded films stay within their budget and are decoded again when needed', async () => {
  const v = visit({ decodedBudget: 2 * kFilmBytes });
  v.start();
  for (const id of [1, 2, 3, 4, 5]) v.open(id);
  await v.until(is('film-opened', 5));
  assert.equal(v.engines[0].films.size, 2);
  v.session.handle({ type: 'show-film', id: 1 });
  await v.until(is('pixels-arrived', 1));
  assert.equal(v.engines[0].films.size, 2);
});

test('closing frees the film in the engine', async () => {
  const v = visit();
  v.start();
  v.open(1);
  await v.until(is('film-opened', 1));
  v.session.handle({ type: 'close-film', id: 1 });
  v.open(2);
  await v.until(is('film-opened', 2));
  assert.equal(v.engines[0].films.size, 1);
});

test('another frame voids what was asked of the one before, and is decoded as it was chosen', async () => {
  const decoded = [];
  const decoder = { decode: async (bytes, choice) => { decoded.push(choice); return { image: {}, values: new Int32Array(1) }; } };
  const { session, until, types, engines } = visit({ decoder });
  session.handle({ type: 'start', model: null });
  await until(({ type }) => type === 'engine-ready');
  const dicom = new Uint8Array(200);
  dicom.set(new TextEncoder().encode('DICM'), 128);
  session.handle({ type: 'open', id: 1, name: 'loop.dcm', file: new Blob([dicom]) });
  await until(({ type }) => type === 'film-opened');
  session.handle({ type: 'analyse', id: 1 });
  session.handle({ type: 'open-frame', id: 1, frame: 2, chosen: false });
  session.handle({ type: 'open-frame', id: 1, frame: 3, chosen: true });
  session.handle({ type: 'show-film', id: 1 });
  await until(({ type }) => type === 'pixels-arrived');
  assert.deepEqual(decoded, [{}, { frame: 3, chosen: true }], 'the second was overtaken');
  assert.deepEqual(types().slice(-3), ['film-opened 1', 'film-opened 1', 'pixels-arrived 1'], 'and the analysis with it');
  assert.equal(engines[0].films.size, 1, 'the frame before was let go');
});

test('cancelling what waits and what runs', async () => {
  let finish;
  const gate = new Promise((resolve) => { finish = resolve; });
  const v = visit({ run: async (request, blobs) => {
    await gate;
    return { outputs: [{ name: 'logits', shape: [1] }], blobs };
  } });
  v.start();
  v.open(1, 'steps:5');
  v.open(2);
  v.session.handle({ type: 'analyse', id: 1 });
  v.session.handle({ type: 'analyse', id: 2 });
  await v.until(is('analysis-progressed', 1));
  v.session.handle({ type: 'cancel-analysis', id: 2 });
  await v.until(is('analysis-cancelled', 2));
  v.session.handle({ type: 'cancel-analysis', id: 1 });
  finish();
  await v.until(is('analysis-cancelled', 1));
  assert.equal(v.engines[0].jobs.size, 0);
  assert.ok(!v.types().some((type) => type.startsWith('analysis ')));
  v.session.handle({ type: 'analyse', id: 1 });
  await v.until(is('analysis-arrived', 1));
});

for (const [id, code] of [['missing', 'download-missing'], ['wrong-hash', 'hash-mismatch']]) {
  test(`a model that fails (${id}) fails the analyses and leaves the films`, async () => {
    const v = visit({ model: id });
    v.session.handle({ type: 'open', id: 1, name: 'a.png', file: new Blob(['film']) });
    v.session.handle({ type: 'analyse', id: 1 });
    v.start();
    assert.equal((await v.until(is('engine-failed'))).error.code, code);
    assert.equal((await v.until(is('analysis-failed', 1))).error.code, code);
    v.session.handle({ type: 'show-film', id: 1 });
    await v.until(is('pixels-arrived', 1));
    v.session.handle({ type: 'analyse', id: 1 });
    assert.equal(v.posted.filter(is('analysis-failed', 1)).length, 2);
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
  v.session.handle({ type: 'analyse', id: 1 });
  await v.until(is('analysis-arrived', 1));
  assert.ok(!v.types().includes('failed'));
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
  v.session.handle({ type: 'analyse', id: 1 });
  await v.until(is('loading-progressed'));
  v.session.handle({ type: 'cancel-loading' });
  const { error } = await v.until(is('engine-failed'));
  assert.equal(error.code, 'cancelled');
  assert.ok(error.hint);
  await v.until(is('film-opened', 1));
  v.session.handle({ type: 'show-film', id: 1 });
  await v.until(is('pixels-arrived', 1));
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
    finish.push(() => resolve({ backend: { name: 'wasm', detail: '', fallbacks: [] },
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
    const wasm = { name: 'wasm', detail: '', fallbacks: [] };
    let started = 0;
    const v = visit({ ...options, startRuntime: () => (started++ ? new Promise(() => {}) : Promise.resolve({
      backend: wasm, run: async (request, blobs) => ({ outputs: [{ name: 'logits', shape: [1] }], blobs }), async release() {} })) });
    v.start();
    await v.until(is('engine-ready'));
    v.posted.length = 0;
    v.session.handle({ type: 'load-model', id: 'other' });
    await v.until(wanted);
    v.session.handle({ type: 'cancel-loading' });
    assert.match((await v.until(is('noticed'))).text, /cancelled.*The model m stays/);
    assert.equal((await v.until(is('engine-ready'))).model.id, 'm');
    v.open(1);
    v.session.handle({ type: 'analyse', id: 1 });
    await v.until(is('analysis-arrived', 1));
    assert.ok(!v.types().includes('failed'));
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
  assert.ok(!v.types().includes('failed') && !v.types().includes('notice'));
});

test('exports hold what was analysed and what failed, under the names given', async () => {
  const v = visit();
  v.start();
  v.open(1);
  v.open(2, 'bad');
  v.session.handle({ type: 'analyse', id: 1 });
  await v.until(is('analysis-arrived', 1));
  v.session.handle({ type: 'export-findings', format: 'json' });
  await v.until(is('exported'));
  const { name, mime, buffer } = v.posted.find(is('exported'));
  assert.deepEqual([name, mime], ['findings.json', 'application/json']);
  const records = JSON.parse(new TextDecoder().decode(buffer));
  assert.deepEqual(records.map(({ file, ok, backend }) => [file, ok, backend]), [['1.png', true, 'wasm'], ['2.png', false, 'wasm']]);
});

test('an archive becomes its films; each is inflated when its turn comes, and again when its pixels were let go', async () => {
  const v = visit({ decodedBudget: kFilmBytes });
  v.start();
  const files = ['b', 'a', 'bad'].map((name) => ({ name: `${name}.png`, bytes: Buffer.from(name), stored: true }));
  v.session.handle({ type: 'open', id: 1, name: 'x.zip', file: new Blob([makeZip([...files, { name: 'DICOMDIR' }])]), room: 500 });
  const { members, more, ignored_files: ignored } = await v.until(is('unpacked', 1));
  assert.deepEqual(members, [['x.zip/a.png', 1], ['x.zip/b.png', 1], ['x.zip/bad.png', 3]].map(([name, bytes]) => ({ name, bytes })));
  assert.deepEqual([more, ignored.dicomdir], [0, 1]);
  v.session.handle({ type: 'open-members', id: 1, ids: [7, 8, 9] });
  assert.equal((await v.until(is('film-opened', 7))).film.name, 'x.zip/a.png');
  await v.until(is('film-opened', 8));
  assert.match((await v.until(is('film-failed', 9))).error.message, /bad/);
  v.session.handle({ type: 'show-film', id: 7 });
  await v.until(is('pixels-arrived', 7));
});

test('an archive that cannot be read fails as one file', async () => {
  const v = visit();
  v.start();
  v.session.handle({ type: 'open', id: 1, name: 'x.zip', file: new Blob([makeZip([{ name: 'a.png' }]).subarray(0, 40)]) });
  assert.equal((await v.until(is('film-failed', 1))).error.code, 'archive-corrupt');
});
