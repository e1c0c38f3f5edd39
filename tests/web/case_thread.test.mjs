// The thread of a case: files, archives, the network, and an engine that stops.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { is, visit } from './visit.mjs';
import { makeZip } from './zip_support.mjs';

const crashed = (id) => ({ type, task }) => type === 'crashed' && task.id === id;

test('what is asked before there is an engine is done when there is one', async () => {
  const v = visit();
  v.open(1);
  v.analyse(1);
  v.start();
  const { analysis } = await v.until(is('analysis-arrived', 1));
  assert.deepEqual(analysis.outputs, [{ name: 'logits', shape: [1] }]);
  assert.ok(analysis.milliseconds >= 0);
});

test('a file that cannot be read says why and what it is, and the others go on', async () => {
  const v = visit();
  v.start();
  v.open(1);
  v.open(2, 'bad');
  v.open(3);
  await v.until(is('film-opened', 3));
  const { error, kind, name } = v.posted.find(is('film-failed', 2));
  assert.deepEqual([error, kind, name], [{ code: 'format-unknown', message: '2.png is not an image.', hint: 'Do something else.' }, 'Text', '2.png']);
});

test('a file is told apart by its bytes, and a study by its mark', async () => {
  const v = visit();
  v.start();
  v.open(1);
  v.open(2, 'film');
  v.open(3, 'bad');
  await v.until(is('film-failed', 3));
  const told = v.engines[0].told;
  const films = told.filter(is('film-read'));
  assert.equal(films[0].sha256, films[1].sha256);
  assert.equal(films[0].sha256, createHash('sha256').update('film').digest('hex'));
  const { study, patient, taken } = films[0].film;
  assert.deepEqual([study, patient, taken], [0, 0, null], 'the file names none');
  assert.equal(told.find(is('film-not-read')).sha256, createHash('sha256').update('bad').digest('hex'));
});

test('a file that is too large is refused before it is read', async () => {
  const v = visit();
  v.start();
  const file = { size: 2 ** 40, arrayBuffer: () => assert.fail('was read'), slice: () => new Blob(['none']) };
  v.session.handle({ type: 'open', id: 1, name: 'huge.png', file });
  assert.equal((await v.until(is('film-failed', 1))).error.code, 'file-too-large');
});

test('a file that vanished says so, and so does one that is never read to its end', async () => {
  const v = visit({ longestSteps: { read: 5, network: 1000 } });
  v.start();
  const file = (arrayBuffer) => ({ size: 1, slice: () => new Blob(['x']), arrayBuffer });
  v.session.handle({ type: 'open', id: 1, name: 'gone.png', file: file(async () => { throw new Error('x'); }) });
  v.session.handle({ type: 'open', id: 2, name: 'slow.png', file: file(() => new Promise(() => {})) });
  assert.equal((await v.until(is('film-failed', 1))).error.code, 'file-unreadable');
  assert.match((await v.until(is('film-failed', 2))).error.message, /not read in two minutes/);
});

test('a run of the network that is never answered fails its film in a stated time', async () => {
  let hang = true;
  const v = visit({ longestSteps: { read: 1000, network: 5 },
    run: async (request, blobs) => (hang ? new Promise(() => {}) : { outputs: [], blobs: blobs.slice(0, 0) }) });
  v.start();
  v.open(1);
  v.analyse(1);
  assert.match((await v.until(is('analysis-failed', 1))).error.message, /no answer in five minutes/);
  hang = false;
  v.analyse(1);
  await v.until(is('analysis-arrived', 1));
});

test('an engine that stops is replaced: its film is blamed, the others go on with the model, nothing is lost', async () => {
  const v = visit();
  v.start();
  v.open(1);
  v.analyse(1);
  await v.until(is('analysis-arrived', 1));
  v.open(2, 'trap');
  v.open(3);
  v.analyse(3);
  const { task, kind } = await v.until(crashed(2));
  assert.deepEqual([task.name, kind], ['2.png', 'Text']);
  await v.until(is('analysis-arrived', 3));
  assert.equal(v.engines.length, 2);
  assert.ok(v.engines[1].calls.includes('load-model'));
  assert.ok(v.engines[1].told.some(({ type, again }) => type === 'network-ready' && again));
});

test('an engine that stops on an analysis blames that, and is told what came meanwhile', async () => {
  const v = visit();
  v.start();
  v.open(1, 'trap-later');
  v.open(2);
  v.analyse(1);
  v.analyse(2);
  assert.equal((await v.until(crashed(1))).task.type, 'analyse');
  v.open(3);
  await v.until(is('analysis-arrived', 2));
  await v.until(is('film-opened', 3));
});

test('an engine that cannot be started again says so', async () => {
  let started = 0;
  const { fakeCase } = await import('./fake_case.mjs');
  const v = visit({ startEngine: async () => {
    started += 1;
    if (started > 1) throw new Error('no memory');
    return fakeCase();
  } });
  v.start();
  await v.until(is('engine-ready'));
  v.open(1, 'trap');
  assert.match((await v.until(is('engine-failed'))).error.message, /could not be started again \(no memory\)/);
});

test('an answer that a stopped engine had asked for is dropped', async () => {
  let answer;
  let count = 0;
  const v = visit({ run: (request, blobs) => (count++ ? Promise.resolve({ outputs: [], blobs: [] }) : new Promise((resolve) => {
    answer = () => resolve({ outputs: [], blobs });
  })) });
  v.start();
  v.open(1);
  v.analyse(1);
  while (!answer) await new Promise((resolve) => { setTimeout(resolve); });
  v.open(2, 'trap');
  await v.until(crashed(2));
  answer();
  await v.until(is('analysis-arrived', 1));
  assert.equal(v.engines[1].told.filter(({ type }) => type === 'network-answered').length, 1, 'that of its own run');
});

test('a film that was closed while its turn came is let go', async () => {
  const v = visit();
  v.start();
  v.open(1);
  v.session.handle({ type: 'close-film', id: 1 });
  v.open(2);
  await v.until(is('film-opened', 2));
  assert.ok(!v.types().includes('film-failed 1'));
});

test('an archive becomes its films; each is inflated when its turn comes', async () => {
  const v = visit();
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
});

test('a table of labels is read for the case, alone and out of an archive; one that cannot be read says why', async () => {
  const v = visit();
  v.start();
  v.session.handle({ type: 'open-labels', id: 1, name: 'labels.csv', file: new Blob(['a,b']) });
  assert.equal((await v.until(is('labels-joined', 1))).table, 'a,b');
  const zip = makeZip([{ name: 'a.png', bytes: Buffer.from('film'), stored: true }, { name: 'in/labels.tsv', bytes: Buffer.from('c'), stored: true }]);
  v.session.handle({ type: 'open', id: 2, name: 'x.zip', file: new Blob([zip]), room: 500 });
  const { members, tables, ignored_files: ignored } = await v.until(is('unpacked', 2));
  assert.deepEqual([members.length, tables, ignored.text], [1, [{ name: 'x.zip/in/labels.tsv', bytes: 1 }], 0]);
  v.session.handle({ type: 'open-members', id: 2, ids: [3], table_ids: [4] });
  assert.equal((await v.until(is('labels-joined', 4))).table, 'c');
  const gone = { size: 1, slice: () => new Blob(['x']), arrayBuffer: async () => { throw new Error('x'); } };
  v.session.handle({ type: 'open-labels', id: 5, name: 'gone.csv', file: gone });
  assert.equal((await v.until(is('labels-joined', 5))).error.code, 'file-unreadable');
  v.session.handle({ type: 'open-labels', id: 6, name: 'huge.csv', file: { ...gone, size: 2 ** 40 } });
  assert.equal((await v.until(is('labels-joined', 6))).error.code, 'file-too-large');
});

test('an engine that stops on a table blames it and is not told of it again; the others are read anew', async () => {
  const v = visit();
  v.start();
  v.session.handle({ type: 'open-labels', id: 1, name: 'a.csv', file: new Blob(['a']) });
  await v.until(is('labels-joined', 1));
  v.session.handle({ type: 'open-labels', id: 2, name: 'b.csv', file: new Blob(['trap']) });
  assert.deepEqual((await v.until(crashed(2))).task, { type: 'open-labels', id: 2, name: 'b.csv' });
  assert.deepEqual(v.engines[1].told.filter(({ type }) => type === 'open-labels').map(({ id }) => id), [1]);
});

test('results that leave the case carry the day, which only the thread knows', async () => {
  const v = visit();
  v.start();
  v.session.handle({ type: 'export-evaluation', format: 'html' });
  assert.match((await v.until(is('exported'))).date, /^20\d\d-\d\d-\d\d$/);
});

test('an archive that cannot be read fails as one file', async () => {
  const v = visit();
  v.start();
  v.session.handle({ type: 'open', id: 1, name: 'x.zip', file: new Blob([makeZip([{ name: 'a.png' }]).subarray(0, 40)]) });
  assert.equal((await v.until(is('film-failed', 1))).error.code, 'archive-corrupt');
});
