// Every container and dialect that checkpoints of PyTorch come in, times every family of networks: made by PyTorch in this run
// (make_published_checkpoints.py), read here, and compared. One network of each family runs in ONNX Runtime's CPU provider against
// PyTorch's logits, features and input gradients; every other file must give the same graph as that one, byte for byte (the same
// numbers; stored as float16 or bfloat16, those rounded so). The last test prints all as one table.
//
//   CHESTLIGHT_GRAPH_DUMP=build/native/tests/unit/model/graph_dump node --test tests/model/checkpoints.test.mjs   (ctest sets it)
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {after, test} from 'node:test';

const kTolerance = 1e-4;  // of logits, features and gradients, relative to the largest
const kFamilies = ['DenseNet-121', 'DenseNet-161', 'DenseNet-169', 'DenseNet-201', 'compact DenseNet', 'ResNet-18', 'ResNet-34',
  'ResNet-50', 'ResNet-101', 'MobileNetV2', 'MobileNetV3-small', 'MobileNetV3-large'];

const script = fileURLToPath(new URL('make_published_checkpoints.py', import.meta.url));
const graphDump = process.env.CHESTLIGHT_GRAPH_DUMP;
const folder = mkdtempSync(join(tmpdir(), 'chestlight-checkpoints-'));
after(() => rmSync(folder, {recursive: true}));

const python = ['python3', '/usr/bin/python3'].find(each => spawnSync(each, ['-c', 'import torch, torchvision']).status === 0);
const missing = !graphDump ? 'CHESTLIGHT_GRAPH_DUMP does not name the graph_dump program'
    : !python ? 'python3-torch and python3-torchvision are not installed: no checkpoints were made' : false;

function loadRuntime() {
  const runtime = createRequire(import.meta.url)('onnxruntime-web');
  runtime.env.wasm.numThreads = 1;
  runtime.env.logLevel = 'error';
  return runtime;
}

function writeGraph(checkpoint, graph) {
  const file = join(folder, 'graph.onnx');
  const {status, stderr} = spawnSync(graphDump, [join(folder, checkpoint), graph, file], {encoding: 'utf8'});
  assert.equal(status, 0, `${checkpoint}: ${stderr}`);
  return readFileSync(file);
}

const digest = bytes => createHash('sha256').update(bytes).digest('hex');

function numbers(name) {
  const bytes = readFileSync(join(folder, name));
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

function relativeError(found, expected) {
  assert.equal(found.length, expected.length);
  let largest = 0, difference = 0;
  expected.forEach((value, i) => {
    largest = Math.max(largest, Math.abs(value));
    difference = Math.max(difference, Math.abs(value - found[i]));
  });
  return difference / largest;
}

async function runAgainstPyTorch(facts) {
  const runtime = loadRuntime();
  const session = await runtime.InferenceSession.create(writeGraph(facts.reference, 'reverse'));
  const input = new runtime.Tensor('float32', numbers('input.f32'), facts.input);
  const weights = new runtime.Tensor('float32', numbers('class_weights.f32'), [facts.input[0], facts.classes]);
  const outputs = await session.run({input, class_weights: weights});
  const errors = {};
  for (const [name, output] of [['logits', 'logits'], ['features', 'features'], ['gradient', 'gradient_input']]) {
    errors[name] = relativeError(outputs[output].data, numbers(`${name}.f32`));
  }
  await session.release();
  return errors;
}

const table = [];

for (const family of kFamilies) {
  test(`${family} in every container and dialect`, {skip: missing}, async () => {
    const made = spawnSync(python, [script, family, folder], {encoding: 'utf8'});
    assert.equal(made.status, 0, made.stderr);
    const facts = JSON.parse(made.stdout);
    const errors = await runAgainstPyTorch(facts);
    table.push(`${family} (${facts.input[1]} channels, ${facts.classes} outputs): ${Object.entries(errors)
      .map(([name, error]) => `${name} within ${error.toExponential(1)}`).join(', ')}`);
    for (const [name, error] of Object.entries(errors)) assert.ok(error < kTolerance, `${name}: ${error} >= ${kTolerance}`);
    const types = new Set(facts.checkpoints.map(({type}) => type));
    const expected = Object.fromEntries([...types].map(type => [type, digest(writeGraph(facts.rounded[type], 'fp32'))]));
    for (const {file, container, dialect, type} of facts.checkpoints) {
      const same = digest(writeGraph(file, 'fp32')) === expected[type];
      const size = `${(statSync(join(folder, file)).size / 1e6).toFixed(1)} MB`;
      table.push(`  ${container.padEnd(12)} ${type.padEnd(9)} ${dialect.padEnd(64)} ${size.padStart(9)}  ${same ? 'same graph' : 'ANOTHER GRAPH'}`);
      assert.ok(same, `${file} gives another graph than ${facts.rounded[type]}`);
    }
  });
}

test('the table of all of them', {skip: missing}, context => {
  for (const line of table) context.diagnostic(line);
  assert.ok(table.length >= kFamilies.length * 8, 'a family brought fewer rows than it should');
});
