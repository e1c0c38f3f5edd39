// cxr model and cxr inspect on the built page: lists, checks that can fail, an ONNX file that runs elsewhere.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { NOTICE } from '../../web/shared/notice.js';
import { crc32 } from '../../web/shared/crc32.js';
import { cxr, kExamples, kImages, kSite, notBuilt, readJson, scratchFolder } from './support.mjs';

/** A PNG with a text chunk behind its header. */
function withText(png, text) {
  const body = Buffer.from(`tEXtComment\0${text}`, 'latin1');
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(body.length - 4, 0);
  numbers.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([png.subarray(0, 33), numbers.subarray(0, 4), body, numbers.subarray(4), png.subarray(33)]);
}

const folder = scratchFolder();

/** A page with its own copy of the model, to be damaged. @param {(model: string) => void} damage */
function siteWithModel(id, name, damage) {
  const site = join(folder, name);
  mkdirSync(join(site, 'models'), { recursive: true });
  for (const file of ['engine.mjs', 'engine.wasm']) symlinkSync(join(kSite, file), join(site, file));
  cpSync(join(kSite, 'models', id), join(site, 'models', id), { recursive: true, dereference: true });
  writeFileSync(join(site, 'models/index.json'), readFileSync(join(kSite, 'models/index.json')));
  damage(join(site, 'models', id));
  return site;
}

function edit(file, change) {
  const value = readJson(file);
  change(value);
  writeFileSync(file, JSON.stringify(value));
}

describe('model', { skip: notBuilt }, () => {
  const index = notBuilt ? null : readJson(join(kSite, 'models/index.json'));
  const id = index?.default;

  test('list names every model and marks the default one', () => {
    process.env.CHESTLIGHT_MODELS = join(folder, 'none');  // not those of whoever runs the test
    assert.deepEqual(JSON.parse(cxr('model', 'list', '--json').out), { ...index, own: [] });
    const { status, out } = cxr('model', 'list');
    assert.equal(status, 0);
    for (const entry of index.models) assert.match(out, new RegExp(`^${entry.id === id ? '\\*' : ' '} +${entry.id} `, 'm'));
  });

  test('verify: every model of the page passes', () => {
    for (const entry of index.models) {
      const { status, out, err } = cxr('model', 'verify', entry.id, '--json');
      assert.equal(status, 0, out + err);
      const { ok, checks, notice } = JSON.parse(out);
      assert.equal(ok, true);
      assert.equal(notice, NOTICE);
      assert.ok(checks.length >= 3, 'the weights, the golden file and at least one film');
    }
  });

  for (const [what, damage, pattern] of [
    ['another byte in the weights', (model) => {
      const file = join(model, 'weights.safetensors');
      const bytes = readFileSync(file);
      bytes[bytes.length - 1] ^= 1;
      writeFileSync(file, bytes);
    }, /weights\.safetensors +FAILED/],
    ['other golden logits', (model) => edit(join(model, 'golden.json'), (golden) => { golden.examples[0].logits[3] += 0.1; }),
      /\.png +FAILED +logits within/],
    ['other golden maps', (model) => edit(join(model, 'golden.json'), (golden) => { golden.examples[0].maps.values[0] += 0.1; }),
      /\.png +FAILED +logits within/],
    ['golden values of other weights', (model) => edit(join(model, 'golden.json'), (golden) => { golden.weights_sha256 = 'x'; }),
      /golden\.json +FAILED/],
    ['no golden examples', (model) => edit(join(model, 'manifest.json'), (manifest) => { delete manifest.golden; }),
      /golden examples +FAILED/],
  ]) {
    test(`verify fails: ${what}`, () => {
      const site = siteWithModel(id, what.replaceAll(' ', '-'), damage);
      const { status, out } = cxr('model', 'verify', id, '--site', site);
      assert.equal(status, 1);
      assert.match(out, pattern);
    });
  }

  for (const [what, damage, pattern] of [
    ['weights that are missing', (model) => edit(join(model, 'manifest.json'), (manifest) => { manifest.files = {}; }), /weights/],
    ['a wrong hash', (model) => edit(join(model, 'manifest.json'),
      (manifest) => { manifest.files['weights.safetensors'].sha256 = '0'.repeat(64); }), /not the file of this manifest/],
    ['a manifest with a wrong shape', (model) => edit(join(model, 'manifest.json'), (manifest) => { manifest.input = [1]; }), /input/],
    ['a manifest that is not JSON', (model) => writeFileSync(join(model, 'manifest.json'), '<html>'), /JSON/],
  ]) {
    test(`predict does not start: ${what}`, () => {
      const site = siteWithModel(id, what.replaceAll(' ', '-'), damage);
      const { status, out, err } = cxr('predict', '--json', join(kExamples, 'clear.jpg'), '--site', site);
      assert.equal(status, 1);
      assert.equal(out, '');
      assert.match(err, pattern);
    });
  }

  test('export: the ONNX file runs elsewhere, holds the notice, and gives the golden logits\' shape', async () => {
    const ort = await import('onnxruntime-web');
    ort.env.wasm.numThreads = 1;
    ort.env.logLevel = 'error';
    const { input, labels } = readJson(join(kSite, `models/${id}/manifest.json`));
    const sizes = {};
    for (const precision of ['fp32', 'fp16']) {
      const file = join(folder, `${precision}.onnx`);
      const { status, out, err } = cxr('model', 'export', id, '--onnx', file, '--precision', precision);
      assert.equal(status, 0, err);
      assert.equal(out, '');
      const bytes = readFileSync(file);
      assert.ok(bytes.includes(NOTICE));
      sizes[precision] = bytes.length;
      const session = await ort.InferenceSession.create(bytes);
      const shape = [2, input.channels, input.height, input.width];
      const zeros = new ort.Tensor('float32', new Float32Array(shape.reduce((a, b) => a * b)), shape);
      const { logits } = await session.run({ [session.inputNames[0]]: zeros });
      assert.deepEqual([...logits.dims], [2, labels.length]);
      assert.ok(logits.data.every(Number.isFinite));
      await session.release();
    }
    assert.ok(sizes.fp16 < 0.6 * sizes.fp32, JSON.stringify(sizes));
  });

  test('export to a folder that is not there: status 1', () => {
    const { status, err } = cxr('model', 'export', id, '--onnx', join(folder, 'no/such/folder.onnx'));
    assert.equal(status, 1);
    assert.match(err, /cannot be written/);
  });
});

describe('inspect', { skip: notBuilt }, () => {
  test('the geometric phantom: size, bits, range, and the hash of its values', () => {
    const { status, out } = cxr('inspect', '--json', join(kExamples, 'phantom.png'), join(kImages, 'text.png'));
    assert.equal(status, 3);
    const [phantom, text] = JSON.parse(out);
    assert.deepEqual([phantom.film.width, phantom.film.height, phantom.film.bits, phantom.film.format], [512, 384, 16, 'PNG']);
    assert.deepEqual([phantom.film.low, phantom.film.high], [0, 65535]);
    assert.equal(text.ok, false);
    assert.equal(text.film, null);
    assert.equal(text.pixels_sha256, null);
  });

  test('the hash is of int32 values, little-endian: a picture of one pixel of 123', () => {
    const [{ pixels_sha256: found }] = JSON.parse(cxr('inspect', '--json', join(kImages, 'one_pixel.png')).out);
    assert.equal(found, createHash('sha256').update(Buffer.from([123, 0, 0, 0])).digest('hex'));
  });

  test('a text added to a picture changes nothing but the text', () => {
    const source = readFileSync(join(kImages, 'grey16.png'));
    const changed = join(folder, 'text.png');
    writeFileSync(changed, withText(source, NOTICE));
    const [before, after] = JSON.parse(cxr('inspect', '--json', join(kImages, 'grey16.png'), changed).out);
    assert.equal(after.error, null);
    assert.equal(after.pixels_sha256, before.pixels_sha256);
  });
});
