// Loading the anatomy network: after the first findings, once, again in a new engine; and what is told when it cannot be used.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EngineError } from '../../web/worker/engine.js';
import { is, visit } from './visit.mjs';

const files = (manifest = 'good') => ({ id: 'anatomy', manifest: new TextEncoder().encode(manifest), network: new Uint8Array(4) });
const settle = async () => { for (let i = 0; i < 20; i += 1) await new Promise((resolve) => { setTimeout(resolve); }); };
const told = (engine) => engine.told.filter(({ type }) => type.startsWith('anatomy')).map(({ type }) => type);

/** A visit in which one film has been analysed. */
async function analysed(fetchAnatomy) {
  const v = visit({ fetchAnatomy });
  v.start();
  v.open(1);
  v.analyse(1);
  await v.until(is('analysis-arrived', 1));
  await settle();
  return v;
}

test('it is fetched after the first findings were told, and once', async () => {
  let fetched = 0;
  let posted = null;
  const v = visit({ fetchAnatomy: async () => { fetched += 1; posted ??= [...v.types()]; return files(); } });
  v.start();
  await v.until(is('engine-ready'));
  v.open(1);
  await v.until(is('film-opened', 1));
  await settle();
  assert.equal(fetched, 0);
  for (const id of [1, 1]) {
    v.analyse(id);
    await v.until(is('analysis-arrived', id));
  }
  await settle();
  assert.equal(fetched, 1);
  assert.ok(posted.includes('analysis-arrived 1'));
  assert.deepEqual(told(v.engines[0]), ['anatomy-awaited', 'anatomy-loaded']);
  assert.ok(v.engines[0].calls.includes('load-anatomy'));
});

test('without a service for it nothing is said of anatomy', async () => {
  const v = await analysed(undefined);
  assert.deepEqual(told(v.engines[0]), []);
});

test('it can be asked for before any findings', async () => {
  const v = visit({ fetchAnatomy: async () => files() });
  v.start();
  await v.until(is('engine-ready'));
  await v.session.handle({ type: 'load-anatomy' });
  assert.deepEqual(told(v.engines[0]), ['anatomy-awaited', 'anatomy-loaded']);
});

for (const [what, fetchAnatomy, code] of [
  ['a file that is not there', async () => { throw new EngineError({ code: 'download-missing', message: 'No file.', hint: 'Wait.' }); }, 'download-missing'],
  ['a damaged file', async () => files('damaged'), 'hash-mismatch'],
  ['an accident', async () => { throw new Error('oops'); }, 'anatomy-failed'],
]) {
  test(`${what} is told, and the next film is analysed`, async () => {
    const v = await analysed(fetchAnatomy);
    const failed = v.engines[0].told.find(({ type }) => type === 'anatomy-not-loaded');
    assert.equal(failed.error.code, code);
    v.open(2);
    v.analyse(2);
    await v.until(is('analysis-arrived', 2));
    assert.ok(!v.types().includes('engine-failed'));
  });
}

test('a new engine gets it again', async () => {
  const v = await analysed(async () => files());
  v.open(2, 'trap');
  await v.until(({ type, task }) => type === 'crashed' && task.id === 2);
  await settle();
  assert.deepEqual(told(v.engines[1]), ['anatomy-awaited', 'anatomy-loaded']);
});

test('an engine that stops on its files is replaced, and they are not given to the next one', async () => {
  const v = await analysed(async () => files('trap'));
  assert.equal(v.engines.length, 2);
  assert.deepEqual(told(v.engines[1]), ['anatomy-awaited', 'anatomy-not-loaded']);
  assert.equal(v.engines[1].told.find(({ type }) => type === 'anatomy-not-loaded').error.code, 'engine-crashed');
  v.open(2);
  v.analyse(2);
  await v.until(is('analysis-arrived', 2));
});
