// What is remembered of the network's answers, and for how long.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { InferenceCache } from '../../web/worker/inference_cache.js';

/** A runtime that answers with its count of runs and `bytes` of numbers. */
const countingRuntime = (bytes) => {
  let runs = 0;
  return { run: async () => ({ outputs: [{ name: 'logits', shape: [bytes / 4] }], blobs: [new Float32Array(bytes / 4).fill(++runs)] }) };
};
const first = async (runner) => (await runner.run({}, [])).blobs[0][0];

test('requests are answered in their order, from memory where the film was asked the same', async () => {
  const answers = new InferenceCache();
  const runtime = countingRuntime(8);
  const asked = answers.runner(1, 'this', runtime);
  assert.deepEqual([await first(asked), await first(asked)], [1, 2]);
  const again = answers.runner(1, 'this', runtime);
  assert.deepEqual([await first(again), await first(again), await first(again)], [1, 2, 3], 'one more request is run');
  assert.equal(await first(answers.runner(1, 'that', runtime)), 4);
  assert.equal(await first(answers.runner(1, 'this', runtime)), 5, 'only the last is kept');
  answers.forget(1);
  assert.equal(answers.bytes, 0);
  assert.equal(await first(answers.runner(1, 'this', runtime)), 6);
});

test('a run that failed is run again', async () => {
  const answers = new InferenceCache();
  await assert.rejects(answers.runner(1, '', { run: async () => { throw new Error('lost'); } }).run({}, []), /lost/);
  assert.equal(await first(answers.runner(1, '', countingRuntime(4))), 1);
});

test('the films asked longest ago are forgotten when there is no room', async () => {
  const answers = new InferenceCache({ budget: 100 });
  const runtime = countingRuntime(40);
  for (const film of [1, 2, 1, 3]) await first(answers.runner(film, '', runtime));
  assert.equal(answers.bytes, 80);
  assert.equal(await first(answers.runner(1, '', runtime)), 1);
  assert.equal(await first(answers.runner(2, '', runtime)), 4, 'forgotten');
});
