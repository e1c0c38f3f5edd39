// The engine's thread, watched: one that gives no sign is replaced, and the next one is given the files that are still open.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startEngineThread } from '../../web/page/engine_thread.js';

/** Threads that answer while `isAlive` says so. */
function watched({ isAlive = () => true } = {}) {
  const threads = [];
  const received = [];
  const shown = [];
  const send = startEngineThread({
    askEvery: 1,
    start: { type: 'start', model: null, backend: 'wasm' },
    receive: (message) => received.push(message),
    onError: () => {},
    toUi: (message) => shown.push(message),
    createThread() {
      const thread = {
        got: [], ended: false,
        postMessage(message) {
          if (message.type !== 'are-you-there') thread.got.push(message);
          else if (isAlive(threads.indexOf(thread))) thread.say({ type: 'here' });
        },
        say: (message) => thread.onmessage({ data: { message } }),
        terminate() { thread.ended = true; },
      };
      threads.push(thread);
      return thread;
    },
  });
  return { threads, received, shown, send };
}

const until = async (true_) => {
  while (!true_()) await new Promise((resolve) => { setTimeout(resolve, 1); });
};

test('a thread that answers is left alone, and its answers reach nobody', async () => {
  const { threads, received } = watched();
  await new Promise((resolve) => { setTimeout(resolve, 100); });
  assert.equal(threads.length, 1);
  assert.deepEqual(received, []);
});

test('one that gives no sign is replaced, and the next one reads what is still open, with the model that was chosen', async () => {
  const { threads, received, shown, send } = watched({ isAlive: (index) => index > 0 });
  send({ type: 'load-model', id: 'other' });
  send({ type: 'open', id: 1, name: 'a.png' });
  send({ type: 'open', id: 2, name: 'b.zip' });
  send({ type: 'open', id: 3, name: 'c.png' });
  threads[0].say({ type: 'unpacked', id: 2 });
  send({ type: 'open-members', id: 2, ids: [4, 5] });
  send({ type: 'close-film', id: 3 });
  send({ type: 'close-film', id: 4 });
  await until(() => threads.length === 2);
  assert.ok(threads[0].ended);
  assert.match(shown[0].text, /gave no sign for two minutes/);
  assert.deepEqual(threads[1].got.map(({ type, id, model }) => [type, id ?? model]), [['start', 'other'], ['open', 1], ['open', 2]]);
  received.length = 0;
  threads[1].say({ type: 'unpacked', id: 2 });
  assert.deepEqual(threads[1].got.slice(3), [{ type: 'open-members', id: 2, ids: [4, 5] }, { type: 'close-film', id: 4 }]);
  threads[1].say({ type: 'film-opened', id: 3 });
  threads[1].say({ type: 'film-opened', id: 5 });
  assert.deepEqual(received, [{ type: 'film-opened', id: 5 }], 'rows are not made twice, and what was closed stays so');
  threads[1].say({ type: 'report-page-written', id: 3 });
  assert.equal(received.at(-1).type, 'report-page-written', 'a report waits for all of its pages, also those of films that went');
});

test('films set aside stay, are told of no more, and a thread after this one knows what the reader said', async () => {
  let alive = true;
  const { threads, received, send } = watched({ isAlive: (index) => alive || index > 0 });
  for (const id of [1, 2, 3]) send({ type: 'open', id, name: `${id}.png` });
  send({ type: 'give-verdict', id: 1, verdict: { finding: 'mass', opinion: 'agree', note: '' } });
  send({ type: 'give-verdict', id: 1, verdict: { finding: 'mass', opinion: 'disagree', note: '' } });
  send({ type: 'mark-read', id: 1, read: true });
  send({ type: 'mark-read', id: 3, read: true });
  send({ type: 'close-film', id: 3 });
  send({ type: 'set-aside-films', ids: [1, 2] });
  threads[0].say({ type: 'film-opened', id: 1 });
  threads[0].say({ type: 'unpacked', id: 2 });
  assert.deepEqual(received, [], 'a row that was taken away does not come back by itself');
  send({ type: 'bring-back-films', ids: [2] });
  assert.deepEqual(threads[0].got.slice(-2).map(({ type }) => type), ['open', 'bring-back-films'], 'what nobody numbered is unpacked again');
  threads[0].say({ type: 'unpacked', id: 2 });
  assert.equal(received.length, 1);

  alive = false;
  await until(() => threads.length === 2);
  assert.deepEqual(threads[1].got.map(({ type, id, ids, verdict }) => [type, id ?? ids, verdict?.opinion]), [
    ['start', undefined, undefined], ['open', 1, undefined], ['open', 2, undefined], ['set-aside-films', [1], undefined],
    ['give-verdict', 1, 'disagree'], ['mark-read', 1, undefined],
  ]);
});

test('each thread is told whether readings are kept before it is given files, and what came back counts as said', async () => {
  const { threads, received, send } = watched({ isAlive: (index) => index > 0 });
  send({ type: 'open', id: 1, name: 'a.png' });
  send({ type: 'keep-readings', on: false });
  send({ type: 'keep-readings', on: true });
  send({ type: 'give-verdict', id: 1, verdict: { finding: 'mass', opinion: 'disagree', note: 'new' } });
  threads[0].say({ type: 'reading-came-back', id: 1, reading: { read: true,
    verdicts: [{ finding: 'mass', opinion: 'agree', note: 'old' }, { finding: 'nodule', opinion: 'agree', note: '' }],
    measurements: [{ kind: 'length', text: '3 mm', points: [[1, 2], [3, 4]] }], moved_lines: { cardiothoracic_ratio: 0.5, heart_line: 'h', chest_line: 'c' } } });
  assert.equal(received.length, 1, 'the screen hears of it');
  await until(() => threads.length === 2);
  assert.deepEqual(threads[1].got.map(({ type, on, verdict }) => [type, on ?? verdict?.note]), [
    ['start', undefined], ['keep-readings', true], ['open', undefined], ['give-verdict', 'new'], ['give-verdict', ''],
    ['mark-read', undefined], ['keep-measurements', undefined], ['move-width-lines', undefined],
  ]);
  assert.deepEqual(threads[1].got.at(-1), { type: 'move-width-lines', id: 1, heart: 'h', chest: 'c' });
});

test('a thread after this one knows where the reader moved the lines of the cardiothoracic ratio, but not those of another frame', async () => {
  const { threads, send } = watched({ isAlive: (index) => index > 0 });
  for (const id of [1, 2]) send({ type: 'open', id, name: `${id}.dcm` });
  for (const id of [1, 2]) send({ type: 'move-width-lines', id, heart: { from: [0, 0], to: [id, 0] }, chest: { from: [0, 0], to: [9, 0] } });
  send({ type: 'open-frame', id: 1, frame: 2, chosen: true });
  await until(() => threads.length === 2);
  assert.deepEqual(threads[1].got.slice(3).map(({ type, id }) => [type, id]), [['move-width-lines', 2]]);
});

test('tables of labels and the choice of how they are joined outlive a thread', async () => {
  const { threads, send } = watched({ isAlive: (index) => index > 0 });
  send({ type: 'open-labels', id: 1, name: 'a.csv' });
  send({ type: 'open-labels', id: 2, name: 'b.csv' });
  send({ type: 'close-labels', id: 1 });
  send({ type: 'choose-labels', choice: { source: 2 } });
  send({ type: 'open', id: 3, name: 'c.zip' });
  threads[0].say({ type: 'unpacked', id: 3 });
  send({ type: 'open-members', id: 3, ids: [], table_ids: [4, 5] });
  send({ type: 'close-labels', id: 5 });
  await until(() => threads.length === 2);
  assert.deepEqual(threads[1].got.slice(1).map(({ type, id }) => [type, id]),
    [['open-labels', 2], ['open', 3], ['choose-labels', undefined]]);
  threads[1].say({ type: 'unpacked', id: 3 });
  assert.deepEqual(threads[1].got.slice(4), [{ type: 'open-members', id: 3, ids: [], table_ids: [4, 5] }, { type: 'close-labels', id: 5 }]);
});

test('an added model that no storage took is made again of its files, with what was said of it, before it is loaded', async () => {
  let alive = true;
  const { threads, received, shown, send } = watched({ isAlive: (index) => alive || index > 0 });
  const answered = (name, model) => {
    send({ type: 'import-model', name, files: [] });
    threads[0].say({ type: 'model-imported', model });
  };
  answered('a.pt', { id: 'own:a', kept: false });
  answered('b.pt', { id: 'own:b', kept: true });
  answered('c.pt', { id: 'own:c', kept: false });
  send({ type: 'revise-model', id: 'own:a', form: { name: 'A' } });
  threads[0].say({ type: 'model-revised', id: 'own:a' });
  send({ type: 'revise-model', id: 'own:a', form: { labels: ['x'] } });
  threads[0].say({ type: 'model-revised', id: 'own:a', error: { code: 'invalid-request', message: 'Two labels.', hint: '' } });
  send({ type: 'remove-model', id: 'own:c' });
  send({ type: 'load-model', id: 'own:a' });
  send({ type: 'import-model', name: 'hangs.pt', files: [] });
  send({ type: 'import-model', name: 'waits.pt', files: [] });
  alive = false;
  await until(() => threads.length === 2);
  assert.deepEqual(threads[1].got.map(({ type, name, id, model }) => [type, name ?? id ?? model]),
    [['import-model', 'a.pt'], ['revise-model', 'own:a'], ['start', 'own:a'], ['import-model', 'waits.pt']]);
  assert.deepEqual(shown.filter(({ type }) => type === 'import-failed').map(({ name }) => name), ['hangs.pt']);
  received.length = 0;
  threads[1].say({ type: 'import-progressed', name: 'a.pt' });
  threads[1].say({ type: 'model-imported', model: { id: 'own:a', kept: false } });
  assert.deepEqual(received, [], 'the page heard of it before');
  threads[1].say({ type: 'import-progressed', name: 'waits.pt' });
  threads[1].say({ type: 'model-imported', model: { id: 'own:w', kept: true } });
  assert.equal(received.length, 2);
});

test('a model that was removed is not what the next thread begins with', async () => {
  const { threads, send } = watched({ isAlive: (index) => index > 0 });
  send({ type: 'load-model', id: 'own:a' });
  send({ type: 'remove-model', id: 'own:a' });
  await until(() => threads.length === 2);
  assert.deepEqual(threads[1].got, [{ type: 'start', model: null, backend: 'wasm' }]);
});

test('threads that all give no sign are not started for ever', async () => {
  const { threads, shown } = watched({ isAlive: () => false });
  await until(() => shown.at(-1)?.type === 'engine-failed');
  assert.ok(threads.every(({ ended }) => ended));
  assert.equal(threads.length, 4);
});
