// Weights among the files that come in: told by their names and first bytes, kept apart from films, grouped with what lies beside them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { createFileQueue } from '../../web/page/file_queue.js';
import { beginsAsModel, claimsModel, isModel, separateModels } from '../../web/shared/model_files.js';
import { zipOf } from '../../web/shared/zip_writer.js';

const fixture = (name) => readFileSync(new URL(`../fixtures/checkpoints/${name}`, import.meta.url));
const start = (bytes) => new Uint8Array(bytes.subarray(0, 512));
const named = (name, bytes = 'x') => ({ name, file: new Blob([bytes]) });
const png = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const dicom = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]);

test('weights are told by their first bytes, whatever their name', () => {
  for (const name of ['legacy_state_dict.pt', 'legacy_module.pt', 'zip_state_dict.pt', 'zip_module.pt', 'net.safetensors', 'lightning.ckpt']) {
    assert.ok(beginsAsModel(start(fixture(name))), name);
    assert.ok(isModel('checkpoint', start(fixture(name))), `${name} without its ending`);
  }
  for (const bytes of [png, dicom, Buffer.from('PK\x03\x04 a zip of films'), Buffer.from('hello'), Buffer.alloc(0)]) {
    assert.ok(!beginsAsModel(start(bytes)));
  }
});

test('a name that says weights is believed but for pictures', () => {
  const rows = [['net.pt', 'text', true], ['model.pth.tar', 'x', true], ['pytorch_model.bin', 'x', true], ['graph.onnx', 'x', true],
    ['film.pt', png, false], ['IM0001.bin', dicom, false], ['films.tar', 'x', false], ['film.png', 'x', false], ['notes.txt', 'x', false]];
  for (const [name, bytes, expected] of rows) assert.equal(isModel(name, start(Buffer.from(bytes))), expected, name);
  assert.ok(!claimsModel('study.zip'));
});

test('of one drop, films and weights are kept apart; what lies beside weights goes with them', async () => {
  const files = [named('a.png', png), named('net/model.safetensors', fixture('net.safetensors')), named('net/config.json', '{}'),
    named('other/x.pt', 'a text'), named('IM1', dicom)];
  const { films, models } = await separateModels(files);
  assert.deepEqual(films.map(({ name }) => name), ['a.png', 'IM1']);
  assert.deepEqual(models.map(({ files: parts }) => parts.map(({ name }) => name)), [['net/model.safetensors', 'net/config.json'], ['other/x.pt']]);
});

test('an index and its parts are one model', async () => {
  const parts = ['net-00001-of-00002.safetensors', 'net-00002-of-00002.safetensors'].map((name) => named(name, fixture(name)));
  const { models } = await separateModels([...parts, named('net.safetensors.index.json', fixture('net.safetensors.index.json'))]);
  assert.deepEqual(models.map(({ files: list }) => list.map(({ name }) => name)),
    [['net.safetensors.index.json', 'net-00001-of-00002.safetensors', 'net-00002-of-00002.safetensors']]);
});

test('a model folder that was packed here is a model, another archive is films', async () => {
  const zip = new Uint8Array(await zipOf([{ name: 'net/manifest.json', bytes: new Uint8Array(2) }, { name: 'net/weights.safetensors', bytes: new Uint8Array(9) }]).arrayBuffer());
  const { films, models } = await separateModels([named('net.zip', zip), named('study.zip', 'PK\x03\x04 others')]);
  assert.deepEqual([films.map(({ name }) => name), models.map(({ name }) => name)], [['study.zip'], ['net.zip']]);
});

test('a drop of films alone is not looked at, and JSON without weights stays what it was', async () => {
  assert.equal(separateModels([named('a.png'), named('b.dcm')]), null);
  const { films, models } = await separateModels([named('config.json', '{}')]);
  assert.deepEqual([films.length, models.length], [1, 0]);
});

test('the file queue gives weights to the importer and no row', async () => {
  const [ui, engine] = [[], []];
  const queue = createFileQueue({ toUi: (message) => ui.push(message), toEngine: (message) => engine.push(message) });
  await queue.onFiles([named('a.png', png), named('net.pt', fixture('zip_state_dict.pt'))]);
  assert.deepEqual(engine.map(({ type, name }) => [type, name]), [['import-model', 'net.pt'], ['open', 'a.png']]);
  assert.deepEqual(ui.map(({ type, name }) => [type, name]), [['film-queued', 'a.png']]);
  await queue.onFiles([], { companions: [named('config.json')] });
  assert.equal(ui.at(-1).text, 'Skipped a text file.');
});

test('weights, what says something of them, labels and films of one drop go each their own way', async () => {
  const engine = [];
  const queue = createFileQueue({ toUi: () => {}, toEngine: (message) => engine.push(message) });
  await queue.onFiles([named('set/a.png', png), named('set/labels.csv', 'image,Mass'), named('set/net.safetensors', fixture('net.safetensors'))],
    { companions: [named('set/config.json', '{}')] });
  assert.deepEqual(engine.map(({ type, id, name, files }) => [type, id ?? files.map((file) => file.name), name]), [
    ['import-model', ['set/net.safetensors', 'set/config.json'], 'set/net.safetensors'], ['open', 1, 'set/a.png'], ['open-labels', 2, 'set/labels.csv']]);
  engine.length = 0;
  assert.equal(queue.onFiles([named('a.png', png), named('labels.csv', 'image,Mass')]), undefined, 'nothing had to be looked at');
  assert.deepEqual(engine.map(({ type }) => type), ['open', 'open-labels']);
});

test('a file is no model because its name ends in .bin', () => {
  assert.ok(!isModel('disc/viewer.bin', start(Buffer.from('MZ'))));
  assert.ok(isModel('net/pytorch_model.bin', start(fixture('zip_state_dict.pt'))));
  assert.ok(isModel('net/net.onnx', start(Buffer.from('x'))));
});
