// What a reader says of films, kept from visit to visit: by the hash of the file, with its correction and results, never of another file;
// it comes back before the film is shown; all of it can be forgotten; a storage that fails loses nothing else.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { ReadingStore, kFormat } from '../../web/shared/reading_store.js';
import { KeptReadings } from '../../web/worker/kept_readings.js';
import { is, visit } from './visit.mjs';

const hash = (text) => createHash('sha256').update(text).digest('hex');
const kAgreed = { read: true, verdicts: [{ finding: 'mass', opinion: 'agree', note: 'left' }], measurements: [], moved_lines: null };
const kNothing = { read: false, verdicts: [], measurements: [], moved_lines: null };
const kTurned = { invert: false, mirror: false, rotate: 90, crop: null, window: null };

/** A storage that remembers, and fails in the way it is told to. */
function fakeStore({ films = new Map(), fault = () => {} } = {}) {
  const log = [];
  const step = (name, act) => async (argument) => {
    log.push(name);
    fault(name);
    return act(argument);
  };
  return { films, log,
    find: step('find', (sha256) => films.get(sha256) ?? null), put: step('put', (film) => { films.set(film.sha256, structuredClone(film)); }),
    remove: step('remove', (sha256) => { films.delete(sha256); }), clear: step('clear', () => { films.clear(); }), count: step('count', () => films.size) };
}

/** The keeper of one visit, with what it told the case and the page. */
function keeper(store) {
  const [told, posted] = [[], []];
  const readings = new KeptReadings({ store, now: () => '2026-12-01T08:00:00Z', tell: (message) => told.push(message), post: (event) => posted.push(event) });
  return { readings, told, posted };
}

const film = (id, text, reading = kNothing, more = {}) => ({ type: 'film-kept', id, name: `${id}.png`, frame: 0, chosen: false, synthetic: false,
  set_aside: false, sha256: hash(text), record: { file: `${id}.png`, findings: [] }, reading, ...more });
/** As the thread does: looked up, then given away. */
async function open({ readings }, id, text, reading) {
  const found = await readings.bringBack(id, Promise.resolve(hash(text)));
  readings.changed(film(id, text, reading), 7);
  return found;
}
const until = async (holds) => {
  for (let turns = 0; !holds(); turns += 1) {
    assert.ok(turns < 500, `never ${holds}`);
    await new Promise((resolve) => { setTimeout(resolve); });
  }
};
const settle = () => new Promise((resolve) => { setTimeout(resolve, 5); });

test('nothing is kept, read or made before it is switched on', async () => {
  const store = fakeStore();
  const visited = keeper(store);
  await visited.readings.handle({ type: 'keep-readings', on: false });
  assert.deepEqual(visited.posted, [{ type: 'keeping-known', films: 0, error: null }]);
  assert.equal(await open(visited, 1, 'a', kAgreed), null);
  await settle();
  assert.deepEqual(store.log, ['count']);
});

test('what was said of a film comes back with the same file in another visit, with its correction, and of no other file', async () => {
  const store = fakeStore();
  const first = keeper(store);
  await first.readings.handle({ type: 'keep-readings', on: true });
  await open(first, 1, 'a');
  await open(first, 2, 'b');
  await settle();
  assert.equal(store.films.size, 0, 'of a film of which nothing is said, nothing is kept');
  first.readings.asked({ type: 'analyse', id: 1, correction: kTurned });
  first.readings.changed(film(1, 'a', kAgreed), 7);
  await until(() => first.posted.some(({ type, films }) => type === 'keeping-known' && films === 1));
  assert.deepEqual([...store.films.values()], [{ sha256: hash('a'), format: kFormat, file: '1.png', bytes: 7, date: '2026-12-01T08:00:00Z', frame: 0,
    chosen: false, reading: kAgreed, correction: kTurned, anyway: false, record: { file: '1.png', findings: [] } }]);
  assert.ok(first.posted.some(({ type, id }) => type === 'reading-kept' && id === 1));
  first.readings.closed(1);

  const second = keeper(store);
  await second.readings.handle({ type: 'keep-readings', on: true });
  assert.equal(await open(second, 8, 'b'), null);
  assert.equal((await second.readings.bringBack(9, Promise.resolve(hash('a')))).file, '1.png');
  assert.deepEqual(second.told, [{ type: 'bring-back-reading', id: 9, reading: kAgreed, correction: kTurned, anyway: false, frame: 0, chosen: false }]);
  assert.equal(await second.readings.bringBack(9, Promise.resolve(hash('a'))), null, 'once');
  second.readings.changed(film(9, 'a', kNothing, { sha256: '' }), 7);
  await settle();
  assert.equal(store.films.get(hash('a')).file, '1.png', 'not before it is told which file it is');

  second.readings.changed(film(9, 'a', kAgreed), 7);
  await open(second, 10, 'a');  // a copy, of which nothing is said
  await settle();
  assert.deepEqual([store.films.size, second.told.length], [1, 1]);
  second.readings.changed(film(9, 'a', kNothing), 7);
  second.readings.asked({ type: 'analyse', id: 9 });
  await until(() => store.films.size === 0);
});

test('switched on late, it takes in what was said and brings back what was kept', async () => {
  const store = fakeStore();
  const first = keeper(store);
  await first.readings.handle({ type: 'keep-readings', on: true });
  await open(first, 1, 'a', kAgreed);
  await until(() => store.films.size === 1);
  const second = keeper(store);
  await open(second, 1, 'a');
  await open(second, 2, 'b', kAgreed);
  await second.readings.handle({ type: 'keep-readings', on: true });
  assert.deepEqual(second.told.map(({ id }) => id), [1]);
  await until(() => store.films.size === 2);
});

test('switched off, it keeps no more and forgets nothing; forgetting all leaves nothing and switches it off', async () => {
  const store = fakeStore();
  const { readings, posted } = keeper(store);
  await readings.handle({ type: 'keep-readings', on: true });
  await open({ readings }, 1, 'a', kAgreed);
  await until(() => store.films.size === 1);
  await readings.handle({ type: 'keep-readings', on: false });
  assert.deepEqual(posted.at(-1), { type: 'keeping-known', films: 1, error: null });
  await open({ readings }, 2, 'b', kAgreed);
  await settle();
  assert.equal(store.films.size, 1);
  await readings.handle({ type: 'keep-readings', on: true });
  await until(() => store.films.size === 2);
  await readings.handle({ type: 'forget-readings' });
  assert.equal(store.films.size, 0);
  assert.deepEqual(posted.at(-1), { type: 'keeping-known', films: 0, error: null });
  readings.changed(film(1, 'a', { ...kAgreed, read: false }), 7);
  await settle();
  assert.equal(store.films.size, 0);
});

test('what was said last is kept although the film is closed at once, and not although all is forgotten at once', async () => {
  const store = fakeStore();
  const { readings } = keeper(store);
  await readings.handle({ type: 'keep-readings', on: true });
  await open({ readings }, 1, 'a', kAgreed);
  readings.changed(film(1, 'a', { ...kAgreed, read: false }), 7);
  readings.closed(1);
  await until(() => store.films.get(hash('a'))?.reading.read === false);
  await open({ readings }, 2, 'b', kAgreed);
  await readings.handle({ type: 'forget-readings' });
  await settle();
  assert.equal(store.films.size, 0);
});

test('a full storage is told once, and what is said next is kept when there is room', async () => {
  let full = true;
  const store = fakeStore({ fault: (name) => { if (name === 'put' && full) throw new Error('no room'); } });
  const { readings, posted } = keeper(store);
  await readings.handle({ type: 'keep-readings', on: true });
  await open({ readings }, 1, 'a', kAgreed);
  await open({ readings }, 2, 'b', kAgreed);
  await settle();
  const failed = posted.filter(({ error }) => error);
  assert.deepEqual(failed.map(({ error }) => error.message), ['no room']);
  assert.ok(!posted.some(({ type }) => type === 'reading-kept'));
  full = false;
  readings.changed(film(1, 'a', { ...kAgreed, read: false }), 7);
  await until(() => posted.some(({ type, id }) => type === 'reading-kept' && id === 1));
  assert.deepEqual(posted.at(-1), { type: 'keeping-known', films: 1, error: null });
});

test('where nothing can be read, nothing is written over what may be kept, and later films do not wait', async () => {
  const store = fakeStore({ fault: (name) => { if (name === 'find') throw new Error('it is blocked'); } });
  const { readings, posted } = keeper(store);
  await readings.handle({ type: 'keep-readings', on: true });
  for (const id of [1, 2]) await open({ readings }, id, String(id), kAgreed);
  await settle();
  assert.deepEqual(store.log.filter((name) => name !== 'count'), ['find']);
  assert.equal(posted.at(-1).error.message, 'it is blocked');
  const without = keeper(null);
  await without.readings.handle({ type: 'keep-readings', on: true });
  assert.equal(without.posted.at(-1).error.code, 'readings-not-kept');
});

test('what another version of the page kept is left as it is', async () => {
  const store = fakeStore({ films: new Map([[hash('a'), { sha256: hash('a'), format: kFormat + 1 }]]) });
  const { readings, told } = keeper(store);
  await readings.handle({ type: 'keep-readings', on: true });
  await open({ readings }, 1, 'a', kAgreed);
  await settle();
  assert.deepEqual([store.films.get(hash('a')).format, told], [kFormat + 1, []]);
});

test('a film is told what was kept of it before it is open, in the frame that was chosen; a failing storage opens it all the same', async () => {
  const store = fakeStore({ films: new Map([[hash('film'), { sha256: hash('film'), format: kFormat, file: 'x', bytes: 4, date: '', frame: 0, chosen: false,
    reading: kAgreed, correction: kTurned, anyway: false, record: null }]]) });
  const v = visit({ readings: store });
  v.start();
  v.session.handle({ type: 'keep-readings', on: true });
  v.open(1);
  v.open(2, 'other');
  await v.until(is('film-opened', 2));
  const types = v.types();
  assert.ok(types.indexOf('reading-came-back 1') >= 0 && types.indexOf('reading-came-back 1') < types.indexOf('film-opened 1'));
  assert.ok(!types.includes('reading-came-back 2'));
  v.session.handle({ type: 'give-verdict', id: 2, verdict: { finding: 'mass', opinion: 'disagree', note: '' } });
  await v.until(is('reading-kept', 2));
  assert.equal(store.films.get(hash('other')).reading.verdicts[0].opinion, 'disagree');
  assert.equal(store.films.get(hash('other')).bytes, 5);

  const broken = visit({ readings: fakeStore({ fault: () => { throw new Error('it is blocked'); } }) });
  broken.start();
  broken.session.handle({ type: 'keep-readings', on: true });
  broken.open(1);
  await broken.until(is('film-opened', 1));
  assert.equal((await broken.until(({ type, error }) => type === 'keeping-known' && error)).error.message, 'it is blocked');
});

/** As much of IndexedDB as the store uses: one database with one object store. */
function fakeDatabase({ fault = {} } = {}) {
  let films = null;
  const later = (act) => { setTimeout(act); };
  return {
    exists: () => films !== null,
    open() {
      const request = { transaction: { abort() { request.aborted = true; } } };
      const database = {
        close() {},
        createObjectStore() { films = new Map(); },
        transaction() {
          const transaction = { objectStore: () => Object.fromEntries(Object.entries({
            get: (key) => films.get(key), put: (value) => void films.set(value.sha256, value), delete: (key) => void films.delete(key),
            clear: () => films.clear(), count: () => films.size,
          }).map(([name, act]) => [name, (argument) => {
            const step = {};
            later(() => {
              if (fault[name]) {
                transaction.error = fault[name];
                return transaction.onabort();
              }
              step.result = act(argument);
              return transaction.oncomplete();
            });
            return step;
          }])) };
          return transaction;
        },
      };
      later(() => {
        if (fault.hangs) return undefined;
        request.result = database;
        if (films === null) request.onupgradeneeded();
        if (!request.aborted) return request.onsuccess();
        return request.onerror({ preventDefault() {} });
      });
      return request;
    },
  };
}

test('the store makes no database before something is to be kept', async () => {
  const factory = fakeDatabase();
  const store = new ReadingStore({ factory: () => factory });
  assert.deepEqual([await store.count(), await store.find('x'), factory.exists()], [0, null, false]);
  await store.remove('x');
  await store.clear();
  assert.equal(factory.exists(), false);
  await store.put({ sha256: 'x', file: 'a.png' });
  assert.deepEqual([await store.count(), (await store.find('x')).file, await store.find('y')], [1, 'a.png', null]);
  await store.remove('x');
  assert.equal(await store.count(), 0);
});

test('the store says why it keeps nothing: no database, no room, no answer', async () => {
  const full = Object.assign(new Error('quota'), { name: 'QuotaExceededError' });
  const factory = fakeDatabase({ fault: { put: full } });
  await assert.rejects(new ReadingStore({ factory: () => factory }).put({ sha256: 'x' }), { code: 'readings-not-kept', message: /no room left/ });
  await assert.rejects(new ReadingStore({ factory: () => undefined }).find('x'), { message: /has no database/ });
  await assert.rejects(new ReadingStore({ factory: () => { throw new Error('denied'); } }).find('x'), { message: /denied/ });
  const silent = fakeDatabase({ fault: { hangs: true } });
  await assert.rejects(new ReadingStore({ factory: () => silent, longestStep: 5 }).find('x'), { message: /does not answer/ });
});
