// Models that are added: kept by hash with a check of the room, read back, damaged ones told, removed; imported piece by piece in an
// engine of its own; one that fails leaves the page with its own model.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { CaseThread } from '../../web/worker/case_thread.js';
import { EngineError } from '../../web/worker/engine.js';
import { importModel, kPiece } from '../../web/worker/model_importer.js';
import { ModelStore, kFormat } from '../../web/worker/model_store.js';
import { readDirectory, readMember } from '../../web/worker/zip.js';
import { blobSource } from '../../web/worker/sources.js';
import { fakeCase } from './fake_case.mjs';
import { FakeFolder } from './fake_folder.mjs';
import { is, kWasm, runs } from './visit.mjs';

const encode = (value) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');

function model(name = 'Net', bytes = new Uint8Array([1, 2, 3])) {
  return { manifest: encode({ id: 'net', name }), network: bytes, networkFile: 'weights.safetensors',
    choice: { name, bytes: bytes.length, sha256: hash(bytes), source: 'added from a.pt', licence: 'MIT', side: 224, labels: 14 } };
}
const storeIn = (folder, options = {}) => new ModelStore({ open: async () => folder, estimate: async () => ({ usage: 0, quota: 1e9 }), day: () => '2026-12-01', ...options });

test('a model is kept, listed by another visit, read back as it was, and removed; what lies beside is left alone', async () => {
  const folder = new FakeFolder();
  await folder.getFileHandle('notes.txt', { create: true });
  await folder.getDirectoryHandle('another', { create: true });
  const one = model();
  assert.deepEqual(await storeIn(folder).add(one), { kept: true, why: '' });
  const later = storeIn(folder);
  const [found] = await later.list();
  assert.equal(found.id, `own:${one.choice.sha256}`);
  assert.deepEqual([found.name, found.kept, found.problem, found.used ?? ''], ['Net', true, '', '']);
  const { manifest, network } = await later.read(one.choice.sha256);
  assert.deepEqual([Buffer.from(manifest), Buffer.from(network)], [Buffer.from(one.manifest), Buffer.from(one.network)]);
  await later.used(one.choice.sha256);
  assert.equal((await later.list())[0].used, '2026-12-01');
  await later.remove(one.choice.sha256);
  assert.deepEqual(await later.list(), []);
  assert.deepEqual([...folder.children.keys()], ['notes.txt', 'another']);
  await assert.rejects(later.read(one.choice.sha256), { code: 'model-gone' });
});

test('the same weights said otherwise are the same entry', async () => {
  const store = storeIn(new FakeFolder());
  await store.add(model());
  const manifest = encode({ id: 'net', name: 'Other' });
  await store.revise(model().choice.sha256, manifest, { name: 'Other' });
  assert.deepEqual((await store.list()).map(({ name }) => name), ['Other']);
  assert.deepEqual(Buffer.from((await store.read(model().choice.sha256)).manifest), Buffer.from(manifest));
});

for (const [origin, options, folder, why] of [
  ['no private file system', { open: async () => { throw new Error('SecurityError'); } }, null, /keeps no files/],
  ['too little room', { estimate: async () => ({ usage: 5, quota: 9 }) }, new FakeFolder(), /leaves this page 0\.0 MB/],
  ['a disk that fills up', {}, new FakeFolder({ room: 2 }), /did not keep it \(the disk is full\)/],
]) {
  test(`kept in memory, and said: ${origin}`, async () => {
    const store = storeIn(folder, options);
    const { kept, why: said } = await store.add(model());
    assert.equal(kept, false);
    assert.match(said, why);
    assert.deepEqual((await store.list()).map((one) => [one.name, one.kept]), [['Net', false]]);
    assert.equal((await store.read(model().choice.sha256)).network.length, 3);
    if (folder) assert.equal(folder.children.size, 0, 'nothing is left behind');
    await store.remove(model().choice.sha256);
    assert.deepEqual(await store.list(), []);
  });
}

for (const [origin, damage, problem] of [
  ['no record: closed while it was written', (files) => files.delete('record.json'), /not kept to its end/],
  ['a record that is cut off', (files) => { files.get('record.json').bytes = encode('{"format":'); }, /not kept to its end/],
  ['another version', (files) => { files.get('record.json').bytes = encode({ format: kFormat + 1 }); }, /another version of this page/],
  ['weights that are shorter', (files) => { files.get('weights.safetensors').bytes = new Uint8Array(1); }, /damaged: weights\.safetensors has 1 bytes/],
  ['weights that are gone', (files) => files.delete('weights.safetensors'), /damaged/],
]) {
  test(`a kept model that cannot be used says so and can be removed: ${origin}`, async () => {
    const folder = new FakeFolder();
    const { sha256 } = model().choice;
    await storeIn(folder).add(model());
    damage(folder.children.get(sha256).children);
    const store = storeIn(folder);
    assert.match((await store.list())[0].problem, problem);
    await assert.rejects(store.read(sha256), { code: 'model-damaged' });
    await store.remove(sha256);
    assert.deepEqual(await store.list(), []);
  });
}

test('another manifest of the same length is noticed', async () => {
  const folder = new FakeFolder();
  const { sha256 } = model().choice;
  await storeIn(folder).add(model());
  folder.children.get(sha256).children.get('manifest.json').bytes[5] ^= 1;
  const store = storeIn(folder);
  await assert.rejects(store.read(sha256), { code: 'model-damaged' });
  assert.match((await store.list())[0].problem, /manifest/);
});

/** An engine whose calls in pieces are recorded: what it was given, and how large each piece was. */
function pieceEngine(reply = () => ({ value: {}, blobs: [encode('{}'), new Uint8Array(2)] })) {
  const made = { inputs: [], pieces: [], method: '', args: {} };
  made.engine = {
    begin(method, args) {
      Object.assign(made, { method, args });
      return {
        give: (bytes) => made.inputs.push(bytes),
        input(size) {
          const bytes = new Uint8Array(size);
          made.inputs.push(bytes);
          return { write: (offset, piece) => { bytes.set(piece, offset); made.pieces.push(piece.length); } };
        },
        finish: () => reply(made),
      };
    },
  };
  return made;
}

test('a file is given to the engine in pieces, whole and in order, with progress in bytes', async () => {
  const bytes = new Uint8Array(2 * kPiece + 77).map((_, index) => index * 7);
  const made = pieceEngine();
  const told = [];
  await importModel([{ name: 'a/net.pt', file: new Blob([bytes]) }, { name: 'a/config.json', file: new Blob(['{"mean": [0.5], "std": [0.2]}']) }],
    { startEngine: async () => made.engine, onProgress: (...all) => told.push(all), signal: new AbortController().signal });
  assert.deepEqual(made.args, { names: ['net.pt'], facts: '{"mean":[0.5],"std":[0.2]}' });
  assert.deepEqual(made.pieces, [kPiece, kPiece, 77]);
  assert.ok(Buffer.from(made.inputs[0]).equals(Buffer.from(bytes)));
  assert.deepEqual(told, [['reading', 0, bytes.length], ['reading', kPiece, bytes.length], ['reading', 2 * kPiece, bytes.length], ['rebuilding', bytes.length, bytes.length]]);
});

test('reading ends when it is cancelled; an engine that stops is said; a file that is too large is not read', async () => {
  const abort = new AbortController();
  const file = new Blob([new Uint8Array(3 * kPiece)]);
  const cancelled = pieceEngine();
  const onProgress = (_, done) => done && abort.abort();
  await assert.rejects(importModel([{ name: 'a.pt', file }], { startEngine: async () => cancelled.engine, onProgress, signal: abort.signal }), { name: 'Error' });
  assert.ok(cancelled.pieces.length < 3);
  const stopped = pieceEngine(() => { throw new WebAssembly.RuntimeError('unreachable'); });
  const signal = new AbortController().signal;
  await assert.rejects(importModel([{ name: 'a.pt', file: new Blob(['x']) }], { startEngine: async () => stopped.engine, onProgress() {}, signal }), { code: 'import-failed' });
  const large = { size: 2 ** 31, slice: () => assert.fail('it was read') };
  await assert.rejects(importModel([{ name: 'a.pt', file: large }], { startEngine: async () => assert.fail('no engine is needed'), onProgress() {}, signal }), { code: 'file-too-large' });
});

/** A visit with a store, whose engines import "good" files as a model and refuse others. */
function visitWith(folder, { wanted = null } = {}) {
  const posted = [];
  const waiting = [];
  const startEngine = async () => {
    const engine = fakeCase();
    const { call } = engine;
    const reply = ({ inputs }) => {
      if (new TextDecoder().decode(inputs[0]) !== 'good') throw new EngineError({ code: 'unsupported-format', message: 'This is a text file, not a checkpoint.', hint: 'Choose another.' });
      return { value: { assumptions: ['Guessed.'], file: 'weights.safetensors' }, blobs: [encode({ id: 'net', name: 'Net' }), encode('weights')] };
    };
    const describe = (manifest) => ({ id: 'net', ...JSON.parse(new TextDecoder().decode(manifest)), sha256: hash(encode('weights')), bytes: 7, source: 'x' });
    return { ...engine, begin: pieceEngine(reply).engine.begin, call(method, args, blobs) {
      if (method === 'describe-manifest') return { value: describe(blobs[0]), blobs: [] };
      if (method === 'revise') {
        if (!args.form.name) throw new EngineError({ code: 'invalid-request', message: 'Say a name.', hint: '' });
        const manifest = encode({ id: 'net', name: args.form.name });
        return { value: describe(manifest), blobs: [manifest] };
      }
      return call.call(engine, method, args, blobs);
    } };
  };
  const session = new CaseThread({
    store: storeIn(folder), startEngine, font: async () => new Uint8Array(4),
    post(message, buffer) {
      posted.push({ ...message, buffer });
      for (const one of [...waiting]) if (one.wanted(message)) {
        waiting.splice(waiting.indexOf(one), 1);
        one.resolve(message);
      }
    },
    fetchModel: async (id) => ({ id: id ?? 'm', manifest: encode({ id: id ?? 'm' }), network: new Uint8Array(4) }),
    startRuntime: async () => ({ backend: kWasm, run: runs, async release() {} }),
  });
  session.handle({ type: 'start', backend: 'auto', model: wanted });
  return { session, posted, until: (check) => {
    const found = posted.find(check);
    return found ? Promise.resolve(found) : new Promise((resolve) => { waiting.push({ wanted: check, resolve }); });
  } };
}
const drop = (v, name, text) => v.session.handle({ type: 'import-model', name, files: [{ name, file: new Blob([text]) }] });
const kOwn = `own:${hash(encode('weights'))}`;
const listed = (count) => (message) => message.type === 'models-listed' && message.models.length === count;

test('a dropped file becomes a model that can be loaded, said otherwise, saved and removed', async () => {
  const folder = new FakeFolder();
  const v = visitWith(folder);
  await v.until(is('engine-ready'));
  drop(v, 'net.pt', 'good');
  const imported = await v.until(is('model-imported'));
  assert.deepEqual([imported.model.id, imported.model.source, imported.model.kept, imported.assumptions], [kOwn, 'added from net.pt', true, ['Guessed.']]);
  v.session.handle({ type: 'load-model', id: kOwn });
  await v.until((message) => message.type === 'engine-ready' && message.model.id === 'net');
  await v.until((message) => message.type === 'models-listed' && message.models[0]?.used === '2026-12-01');

  v.posted.length = 0;
  v.session.handle({ type: 'revise-model', id: kOwn, form: { name: 'Said otherwise' } });
  await v.until(is('engine-ready'));
  assert.equal(v.posted.find(is('model-revised')).error, undefined);
  v.session.handle({ type: 'revise-model', id: kOwn, form: {} });
  assert.equal((await v.until((message) => message.type === 'model-revised' && message.error)).error.message, 'Say a name.');

  v.session.handle({ type: 'download-model', id: kOwn });
  await v.until(is('exported'));
  const { name, buffer } = v.posted.find(is('exported'));
  assert.equal(name, 'net.zip');
  const source = blobSource(new Blob([buffer]));
  const members = await readDirectory(source);
  assert.deepEqual(members.map((member) => member.name), ['net/manifest.json', 'net/weights.safetensors']);
  assert.equal(new TextDecoder().decode(await readMember(source, members[1])), 'weights');

  v.posted.length = 0;
  v.session.handle({ type: 'remove-model', id: kOwn });
  await v.until(listed(0));
  await v.until((message) => message.type === 'engine-ready' && message.model.id === 'm');
  assert.equal(folder.children.size, 0);
});

test('a file that is no model is said in one sentence, and the page goes on', async () => {
  const v = visitWith(new FakeFolder());
  drop(v, 'notes.pt', 'bad');
  drop(v, 'net.pt', 'good');
  assert.equal((await v.until(is('import-failed'))).error.message, 'This is a text file, not a checkpoint.');
  await v.until(is('model-imported'));
  await v.until(is('engine-ready'));
});

test('the page begins with the model of the visit before; where it is gone, with its own, and says so', async () => {
  const folder = new FakeFolder();
  const v = visitWith(folder);
  drop(v, 'net.pt', 'good');
  await v.until(is('model-imported'));
  const later = visitWith(folder, { wanted: kOwn });
  assert.equal((await later.until(is('engine-ready'))).model.id, 'net');
  await later.until((message) => message.type === 'models-listed' && message.models[0]?.used);
  folder.children.get(kOwn.slice(4)).children.get('weights.safetensors').bytes = new Uint8Array(2);
  const damaged = visitWith(folder, { wanted: kOwn });
  assert.equal((await damaged.until(is('engine-ready'))).model.id, 'm');
  assert.match((await damaged.until(is('noticed'))).text, /damaged.*The page's own model is used instead\./);
  const gone = visitWith(new FakeFolder(), { wanted: kOwn });
  assert.equal((await gone.until(is('engine-ready'))).model.id, 'm');
});
