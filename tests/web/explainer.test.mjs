// Explaining findings against a fake engine: progress, cancelling, others' turns in between, what is kept for export.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { is, visit } from './visit.mjs';

const question = (request, method = 'slow', more = {}) => ({ type: 'explain', question: { request, id: 1, finding: 'Effusion', method, ...more } });
const about = (type, request) => (message) => message.type === type && message.request === request;

async function analysed(options) {
  const v = visit(options);
  v.start();
  v.open(1);
  v.session.handle({ type: 'analyse', id: 1 });
  await v.until(is('analysis-arrived', 1));
  return v;
}

test('the methods come with the model', async () => {
  const v = await analysed();
  assert.deepEqual(v.posted.find(is('engine-ready')).methods.map(({ id }) => id), ['evidence', 'slow', 'gradients']);
});

test('an explanation tells its steps and carries its map', async () => {
  const v = await analysed();
  v.session.handle(question(7));
  const { explanation, request } = await v.until(about('explanation-arrived', 7));
  assert.deepEqual([request, explanation.method, explanation.finding], [7, 'slow', 'Effusion']);
  assert.equal(v.posted.find(is('explanation-arrived')).buffer.byteLength, 8);
  assert.deepEqual(v.posted.filter(is('explanation-progressed')).map(({ done, total }) => [done, total]), [[0, 4], [1, 4], [2, 4], [3, 4], [4, 4]]);
});

test('building a second graph is told before it happens, and happens once', async () => {
  const order = [];
  const v = await analysed({ run: async ({ graph }, blobs) => {
    order.push(graph);
    return { outputs: [{ name: 'logits', shape: [1] }], blobs };
  } });
  for (const request of [1, 2]) {
    v.session.handle(question(request, 'gradients', { finding: `f${request}` }));
    await v.until(about('explanation-arrived', request));
  }
  assert.deepEqual(order.slice(-4), ['reverse', 'reverse', 'reverse', 'reverse']);
  assert.equal(v.posted.filter(({ loading_graph: loading }) => loading).length, 1);
});

test('other films are opened and looked at while an explanation runs', async () => {
  const v = await analysed();
  v.session.handle(question(1));
  await v.until(about('explanation-progressed', 1));
  v.open(2);
  v.session.handle({ type: 'show-film', id: 1 });
  await v.until(about('explanation-arrived', 1));
  const order = v.types();
  assert.ok(order.indexOf('film-opened 2') < order.indexOf('explanation-arrived'), order.join());
  assert.ok(order.indexOf('pixels-arrived 1') < order.indexOf('explanation-arrived'), order.join());
});

test('cancelling what runs and what waits leaves no job behind, and it can be asked again', async () => {
  const v = await analysed();
  const jobs = v.engines[0].jobs.size;
  v.session.handle(question(1));
  v.session.handle(question(2, 'gradients'));
  await v.until(about('explanation-progressed', 1));
  v.session.handle({ type: 'cancel-explanation', request: 2 });
  v.session.handle({ type: 'cancel-explanation', request: 1 });
  await v.until(about('explanation-cancelled', 1));
  await v.until(about('explanation-cancelled', 2));
  assert.equal(v.engines[0].jobs.size, jobs);
  v.session.handle(question(3));
  await v.until(about('explanation-arrived', 3));
});

test('closing the film ends its explanation', async () => {
  const v = await analysed();
  v.session.handle(question(1));
  await v.until(about('explanation-progressed', 1));
  v.session.handle({ type: 'close-film', id: 1 });
  await v.until(about('explanation-cancelled', 1));
});

test('what the engine refuses is said, and the film stays as it was', async () => {
  const v = await analysed();
  v.session.handle(question(1, 'hunch'));
  const { error } = await v.until(about('explanation-failed', 1));
  assert.deepEqual(error, { code: 'invalid-request', message: 'There is no method "hunch".', hint: 'Do something else.' });
  v.session.handle({ type: 'export-findings', format: 'json' });
  await v.until(is('exported'));
  const [record] = JSON.parse(new TextDecoder().decode(v.posted.find(is('exported')).buffer));
  assert.equal(record.error, null);
});

test('a map that was shown is exported without computing it again', async () => {
  const v = await analysed();
  v.session.handle(question(1, 'gradients', { layer: 'block4' }));
  await v.until(about('explanation-arrived', 1));
  const before = v.engines[0].calls.filter((call) => call === 'next').length;
  const look = { inverted: true };
  v.session.handle({ ...question(undefined, 'gradients', { layer: 'block4' }), type: 'export-map', look });
  await v.until((message) => message.type === 'exported' && message.name.endsWith('.json'));
  assert.equal(v.engines[0].calls.filter((call) => call === 'next').length, before);
  const files = v.posted.filter(is('exported'));
  assert.deepEqual(files.map(({ name }) => name), ['1.Effusion.gradients.block4.png', '1.Effusion.gradients.block4.npy', '1.Effusion.gradients.block4.json']);
  assert.equal(files[1].buffer.byteLength, 1);
  assert.match(new TextDecoder('latin1').decode(files[0].buffer), /tEXtDisclaimer\0For research and teaching\. Not a medical device\./);
  const record = JSON.parse(new TextDecoder().decode(files[2].buffer));
  assert.equal(record.file, '1.png');
  assert.deepEqual([record.look, record.font, record.caption[0]], [look, 4, '1.png'], 'as it looked, with a caption');
  assert.match(record.caption[1], /^20\d\d-\d\d-\d\d$/);
});

test('one that was never shown is computed for its export', async () => {
  const v = await analysed();
  v.session.handle({ ...question(undefined), type: 'export-map' });
  await v.until((message) => message.type === 'exported' && message.name === '1.Effusion.slow.npy');
  assert.ok(!v.types().includes('explanation-progressed'), 'nobody asked for its progress');
});

test('a check of a map is a piece of work of its own', async () => {
  const v = await analysed();
  v.session.handle({ ...question(5), type: 'check-trust' });
  const { trust } = await v.until(about('trust-arrived', 5));
  assert.equal(trust.method, 'trust');
});

test('another model ends what is being explained', async () => {
  const v = await analysed();
  v.session.handle(question(1));
  await v.until(about('explanation-progressed', 1));
  v.session.handle({ type: 'load-model', id: 'other' });
  await v.until((message) => message.type === 'explanation-failed' || message.type === 'explanation-cancelled');
  await v.until((message) => message.type === 'engine-ready' && message.model.id === 'other');
});

test('an explanation that traps the engine is said, and the film can be explained by another method', async () => {
  const v = await analysed();
  v.session.handle(question(1, 'trap'));
  assert.equal((await v.until(about('explanation-failed', 1))).error.code, 'engine-crashed');
  v.session.handle(question(2));
  await v.until(about('explanation-arrived', 2));
  assert.equal(v.engines.length, 2);
});

test('an engine that traps on another film meanwhile ends the explanation with words', async () => {
  const v = await analysed();
  v.session.handle(question(1));
  await v.until(about('explanation-progressed', 1));
  v.open(2, 'trap');
  const { error } = await v.until(about('explanation-failed', 1));
  assert.match(error.message, /another film/);
  v.session.handle(question(2));
  await v.until(about('explanation-arrived', 2));
});
