// Every explanation method on a small random network of each architecture, run by ONNX Runtime as the page does, against what PyTorch's autograd
// says after the libraries' formulas (tests/golden/explain/make_explain.py).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Workbench } from '../../tools/cxr/workbench.mjs';
import { kSite, notBuilt, readJson } from './support.mjs';

const kFilm = new URL('../golden/explain/film.png', import.meta.url);
const kNetworks = ['densenet', 'mobilenet_v2'];

// Largest difference over largest value. float32 networks are 1e-6 from float64 (tests/support/tolerances.h); a drop or a
// gradient is a difference of such numbers, a hundred times smaller than they are.
// Among 24 noisy films there may be one in which rounding takes a rectifier to its other side.
const kTolerance = { occlusion: 3e-4, rise: 3e-4, 'smooth-grad': 1e-4 };
const kDefaultTolerance = 3e-5;

const floats = (bytes) => new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));

function assertMap(golden, name, values, { width, height }) {
  const expected = golden.maps[name];
  assert.deepEqual([height, width], expected.shape, name);
  let largest = 0;
  let index = 0;
  for (let y = 0; y < height; y += expected.step) {
    for (let x = 0; x < width; x += expected.step, index += 1) {
      largest = Math.max(largest, Math.abs(values[y * width + x] - expected.values[index]));
    }
  }
  assert.equal(index, expected.values.length);
  const error = largest / expected.largest;
  assert.ok(error < (kTolerance[name] ?? kDefaultTolerance), `${name}: ${error} of the largest value`);
}

for (const network of kNetworks) describe(`explanation methods agree with PyTorch on ${network}`, { skip: notBuilt }, () => {
  const file = (name) => new URL(`../golden/explain/${network}/${name}`, import.meta.url);
  const golden = readJson(file('explain.json'));
  let bench;
  let methods = [];
  before(async () => {
    const files = { manifest: readFileSync(file('manifest.json')), network: readFileSync(file('weights.safetensors')) };
    bench = await Workbench.start(kSite, { files });
    ({ methods } = bench.call('methods').value);
  });
  after(() => bench?.close());

  const explain = (method, layer) => bench.withFilm('film.png', readFileSync(kFilm), async (film) => {
    let progress = null;
    const { analysis, blobs } = await bench.run('explain', { film: film.film, finding: golden.finding, method, ...(layer && { layer }) },
      { onProgress: (each) => { progress = each; } });
    const { requests } = methods.find(({ id }) => id === method);
    assert.deepEqual(progress, { done: requests, total: requests }, `${method} asks as often as it says`);
    return { result: analysis, map: floats(blobs[0]), spread: blobs[1] && floats(blobs[1]) };
  });

  const names = Object.keys(golden.maps).filter((name) => !name.endsWith(' spread'));
  for (const name of names) {
    test(name, async () => {
      const [method, layer] = name.split(' ');
      const { result, map, spread } = await explain(method, layer);
      assert.ok(Math.abs(result.finding.logit - golden.logit) < 1e-5);
      assert.equal(result.layer, layer ?? null);
      assertMap(golden, name, map, result);
      assert.equal(Boolean(spread), result.spread);
      if (spread) assertMap(golden, `${name} spread`, spread, result);
    });
  }

  test('every method has a reference', () => {
    assert.deepEqual(methods.map(({ id }) => id).sort(), [...new Set(names.map((name) => name.split(' ')[0]))].sort());
  });

  // Up to what the fifty points of the integral miss, which is as much here as in PyTorch: little where a network is smooth.
  test('integrated gradients sum to the difference of scores', async () => {
    const { result, map } = await explain('integrated-gradients');
    const sum = map.reduce((a, b) => a + b, 0);
    const { score_difference: difference, completeness_error: error } = result.measures;
    assert.ok(Math.abs(error - golden.completeness_error) < 3e-4, `${error} against ${golden.completeness_error}`);
    assert.ok(Math.abs(Math.abs(sum - difference) - error) < 1e-3, `${sum} against ${difference}, ${error} apart`);
    if (network === 'densenet') assert.ok(error < 5e-3);
  });
});
