// The graph of gradients on WebGPU (SwiftShader, in software) against the processor: a small random network of each
// architecture, through the page's own loader and runtime; and the anatomy network that the page comes with.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import * as ort from 'onnxruntime-web';

import { Workbench, readAnatomy, readModel } from '../../tools/cxr/workbench.mjs';
import { kNetworks, randomModel } from '../support/random_network.mjs';
import { kSite, launchBrowser, openPage } from './support/browser.mjs';

/**
 * ONNX Runtime's WebGPU provider computes a convolution wrongly that has a multiple of three but not of four inputs, and a multiple of
 * four outputs: its path for vectors of three. The small anatomy network has one, 6 → 8 over 3 × 3, off by its whole scale where all
 * before it are right to 3e-7. The network that the page comes with has none; it is tested below.
 */
const kSmall = Object.keys(kNetworks).filter((name) => name.startsWith('small') && name !== 'small_anatomy');
const kFilms = [2, 1, 45, 70];
const kTolerance = Number(readFileSync(new URL('../support/tolerances.h', import.meta.url), 'utf8')
  .match(/constexpr double kGradientFloat32 = ([0-9.e-]+);/)[1]);

let browser;
before(async () => { browser = await launchBrowser(); });
after(() => browser?.close());

/** Smooth films with an even border of a quarter, where max pools meet many equal numbers. */
function makeFilms([count, , height, width]) {
  return Float32Array.from({ length: count * height * width }, (_, index) => {
    const [x, y] = [index % width, Math.floor(index / width)];
    return x < width / 4 ? 0.5 : Math.sin(0.37 * x + 0.011 * x * y) + 0.3 * Math.cos(1.7 * y);
  });
}

/** Largest differences over the largest value, by name. */
function relativeErrors(found, expected) {
  return found.outputs.map(({ name, shape }, index) => {
    const { dims, data } = expected[name];
    assert.deepEqual(shape, [...dims], name);
    const largest = data.reduce((most, number) => Math.max(most, Math.abs(number)), 0);
    return [name, data.reduce((most, number, at) => Math.max(most, Math.abs(number - found.values[index][at])), 0) / largest];
  });
}

/** Runs one request with the page's modules, in the page. */
function runInPage(page, { onnx, request, values }) {
  return page.evaluate(async (asked) => {
    const from = (name) => import(new URL(name, document.baseURI).href);
    const [{ probeGpu }, { createOrtLoader }, { createRuntime }] =
      await Promise.all(['worker/gpu.js', 'worker/ort_loader.js', 'worker/runtime.js'].map(from));
    const blobs = asked.values.map((numbers) => Float32Array.from(numbers));
    const runtime = await createRuntime({
      backend: 'webgpu', gpu: await probeGpu(), ort: createOrtLoader({ base: new URL('vendor/ort/', document.baseURI) }),
      buildGraph: () => Uint8Array.from(atob(asked.onnx), (letter) => letter.charCodeAt(0)),
      warmUpInput: { request: asked.request, blobs },
    });
    const answer = await runtime.run(asked.request, blobs);
    const { backend } = runtime;
    await runtime.release();
    return { backend, outputs: answer.outputs, values: answer.blobs.map((blob) => [...blob]) };
  }, { onnx: Buffer.from(onnx).toString('base64'), request, values });
}

for (const network of kSmall) test(`WebGPU gives the gradients of the processor for ${network}`, async (context) => {
  const { manifest } = await readModel(kSite);
  const bench = await Workbench.start(kSite, { files: randomModel(network, manifest, 64), network: false });
  const onnx = bench.graph('reverse', 'fp32');
  const classes = bench.model.labels.length;
  await bench.close();

  const films = makeFilms(kFilms);
  const weights = Float32Array.from({ length: kFilms[0] * classes }, (_, index) => Math.sin(1 + index));
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(onnx, { executionProviders: ['wasm'] });
  const expected = await session.run({
    input: new ort.Tensor('float32', films, kFilms), class_weights: new ort.Tensor('float32', weights, [kFilms[0], classes]),
  });
  const request = {
    graph: 'reverse', inputs: [{ name: 'input', shape: kFilms }, { name: 'class_weights', shape: [kFilms[0], classes] }],
    outputs: [...session.outputNames],
  };
  await session.release();
  const gradients = Object.keys(kNetworks[network].runs[0].gradients);  // of the input, the features and each layer
  assert.deepEqual(request.outputs.filter((name) => name.startsWith('gradient_')).sort(), gradients.map((name) => `gradient_${name}`).sort());

  const page = await openPage(browser, { query: '?backend=wasm' });
  try {
    const found = await runInPage(page.page, { onnx, request, values: [[...films], [...weights]] });
    assert.match(found.backend.name, /^webgpu/, found.backend.fallbacks.join());
    const errors = relativeErrors(found, expected);
    context.diagnostic(`relative errors ${JSON.stringify(Object.fromEntries(errors))}`);
    for (const [name, error] of errors) assert.ok(error < kTolerance, `${name}: ${error}`);
  } finally {
    await page.close();
  }
});

test('WebGPU gives the masks and answers of the processor for the anatomy network', async (context) => {
  const anatomy = await readAnatomy(kSite);
  const { width, height } = JSON.parse(new TextDecoder().decode(anatomy.manifest)).input;
  const bench = await Workbench.start(kSite, { anatomy, network: false });
  const onnx = bench.graph('anatomy', 'fp32');
  await bench.close();
  const shape = [1, 1, height, width];
  const film = makeFilms(shape);
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(onnx, { executionProviders: ['wasm'] });
  const expected = await session.run({ input: new ort.Tensor('float32', film, shape) });
  await session.release();
  const page = await openPage(browser, { query: '?backend=wasm' });
  try {
    const request = { graph: 'anatomy', inputs: [{ name: 'input', shape }], outputs: ['masks', 'logits'] };
    const found = await runInPage(page.page, { onnx, request, values: [[...film]] });
    assert.match(found.backend.name, /^webgpu/, found.backend.fallbacks.join());
    const errors = relativeErrors(found, expected);
    context.diagnostic(`relative errors ${JSON.stringify(Object.fromEntries(errors))}`);
    for (const [name, error] of errors) assert.ok(error < kTolerance, `${name}: ${error}`);
  } finally {
    await page.close();
  }
});
