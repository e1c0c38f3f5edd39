// The graphs of random networks of every architecture, forward and reverse, run by ONNX Runtime's CPU provider, against what PyTorch computed in float64
// (tests/golden/graph/make_random_networks.py), and through the onnx package's checker where python3-onnx is installed.
//
//   CHESTLIGHT_GRAPH_DUMP=build/native/tests/unit/model/graph_dump node --test tests/model/parity.test.mjs   (ctest sets it)
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {kNetworks as golden, randomNumbers} from '../support/random_network.mjs';

const tests = new URL('..', import.meta.url);
const tolerances = readFileSync(new URL('support/tolerances.h', tests), 'utf8');
const graphDump = process.env.CHESTLIGHT_GRAPH_DUMP;
const folder = mkdtempSync(join(tmpdir(), 'chestlight-graph-'));
after(() => rmSync(folder, {recursive: true}));

function tolerance(name) {
  const found = tolerances.match(new RegExp(`constexpr double ${name} = ([0-9.e-]+);`));
  assert.ok(found, `tests/support/tolerances.h has no ${name}`);
  return Number(found[1]);
}

const precisions = {fp32: tolerance('kNetworkFloat32'), fp16: tolerance('kNetworkFloat16')};

function loadRuntime() {
  try {
    const runtime = createRequire(import.meta.url)('onnxruntime-web');
    runtime.env.wasm.numThreads = 1;
    runtime.env.logLevel = 'error';
    return runtime;
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

const runtime = loadRuntime();
const missing = !graphDump ? 'CHESTLIGHT_GRAPH_DUMP does not name the graph_dump program'
    : !runtime ? 'onnxruntime-web is not installed (npm ci)' : false;

function pythonWithOnnx() {
  return ['python3', '/usr/bin/python3'].find(python => spawnSync(python, ['-c', 'import onnx']).status === 0);
}

function writeGraph(network, graph) {
  const file = join(folder, `${network}-${graph}.onnx`);
  const {status, stderr} = spawnSync(graphDump, [`random:${network}`, graph, file], {encoding: 'utf8'});
  assert.equal(status, 0, stderr);
  return file;
}

function randomTensor(name, shape, offset, span) {
  return new runtime.Tensor('float32', randomNumbers(name, shape.reduce((a, b) => a * b), offset, span), shape);
}

const inputOf = run => randomTensor('input', run.input, -2, 4);
const classWeightsOf = run => randomTensor('class_weights', [run.input[0], run.logits.length / run.input[0]], -1, 2);

function largestDifference(found, expected) {
  return Math.max(...expected.map((value, i) => Math.abs(found[i] - value)));
}

function channelMeans({data, dims: [batch, channels, height, width]}) {
  const cells = height * width;
  const means = new Array(channels).fill(0);
  data.forEach((value, i) => means[Math.floor(i / cells) % channels] += value / (batch * cells));
  return means;
}

for (const [network, {runs}] of Object.entries(golden)) {
  for (const [precision, allowed] of Object.entries(precisions)) {
    test(`${network} ${precision} agrees with PyTorch`, {skip: missing}, async context => {
      const session = await runtime.InferenceSession.create(writeGraph(network, precision));
      for (const run of runs) {
        const {logits, features, masks} = await session.run({input: inputOf(run)});
        assert.deepEqual([...features.dims], run.features_shape);
        const largestLogit = Math.max(...run.logits.map(Math.abs));
        const largestMean = Math.max(...run.feature_means.map(Math.abs));
        const errors = {
          logits: largestDifference(logits.data, run.logits) / largestLogit,
          'feature means': largestDifference(channelMeans(features), run.feature_means) / largestMean,
          features: largestDifference(run.sample_at.map(at => features.data[at]), run.samples) / run.features_largest,
        };
        assert.equal(Boolean(masks), Boolean(run.masks), 'a second output');
        if (masks) {
          assert.deepEqual([...masks.dims], run.masks.shape);
          errors.masks = largestDifference(run.masks.sample_at.map(at => masks.data[at]), run.masks.samples) / run.masks.largest;
        }
        context.diagnostic(`relative errors ${JSON.stringify(errors)}`);
        for (const [what, error] of Object.entries(errors)) assert.ok(error < allowed, `${what}: ${error} >= ${allowed}`);
      }
      await session.release();
    });
  }
}

for (const [network, {runs}] of Object.entries(golden)) {
  test(`${network}'s gradients agree with PyTorch's autograd`, {skip: missing}, async context => {
    const allowed = tolerance('kGradientFloat32');
    const session = await runtime.InferenceSession.create(writeGraph(network, 'reverse'));
    for (const run of runs) {
      const outputs = await session.run({input: inputOf(run), class_weights: classWeightsOf(run)});
      const errors = {logits: largestDifference(outputs.logits.data, run.logits) / Math.max(...run.logits.map(Math.abs))};
      for (const [value, expected] of Object.entries(run.gradients)) {
        const {dims, data} = outputs[`gradient_${value}`];
        assert.deepEqual([...dims], expected.shape, value);
        if (value !== 'input') assert.deepEqual([...outputs[value].dims], expected.shape, value);
        const mean = data.reduce((sum, number) => sum + Math.abs(number), 0) / data.length;
        errors[value] = largestDifference(expected.sample_at.map(at => data[at]), expected.samples) / expected.largest;
        errors[`${value}, mean magnitude`] = Math.abs(mean / expected.mean_magnitude - 1);
      }
      context.diagnostic(`relative errors ${JSON.stringify(errors)}`);
      for (const [what, error] of Object.entries(errors)) assert.ok(error < allowed, `${what}: ${error} >= ${allowed}`);
    }
    await session.release();
  });
}

const python = pythonWithOnnx();
for (const network of Object.keys(golden).filter(name => name.startsWith('small'))) {
  for (const graph of [...Object.keys(precisions), 'reverse']) {
    test(`${network} ${graph} passes onnx.checker`,
         {skip: missing || (python ? false : 'python3-onnx is not installed: onnx.checker did not run')}, () => {
      const file = writeGraph(network, graph);
      const check = 'import onnx, sys; onnx.checker.check_model(onnx.load(sys.argv[1]), full_check=True)';
      const {status, stderr} = spawnSync(python, ['-c', check, file], {encoding: 'utf8'});
      assert.equal(status, 0, stderr);
    });
  }
}
