// What lungs and heart cost beside the findings: one run of the anatomy network against one of MobileNetV2, both at the anatomy
// network's side, on the processor, in one run of this script. Random weights: time does not depend on them.
//
//   node tests/bench/anatomy.mjs [--json] [--rounds N] [--site DIR]
//
// Prints a line, or JSON; exit status 1 when the goal is missed. Not part of the test suite: a busy machine misses what a quiet one meets.
import { argv, exit, stdout } from 'node:process';
import * as ort from 'onnxruntime-web';
import { readArguments, readCount } from '../../tools/cxr/arguments.mjs';
import { Workbench, readAnatomy, readModel } from '../../tools/cxr/workbench.mjs';
import { randomModel } from '../support/random_network.mjs';
import { timeInTurns } from './measure.mjs';

const kGoal = 1 / 3;

const { values } = readArguments(argv.slice(2), { json: { type: 'boolean' }, rounds: { type: 'string' } });
const rounds = readCount(values, 'rounds', 25);
ort.env.wasm.numThreads = 1;

const anatomy = await readAnatomy(values.site);
const { width: side } = JSON.parse(new TextDecoder().decode(anatomy.manifest)).input;
const { manifest } = await readModel(values.site);
const bench = await Workbench.start(values.site, { files: randomModel('mobilenet_v2', manifest, side), anatomy, network: false });
const input = Float32Array.from({ length: side * side }, (_, index) => Math.sin(index / 37));

async function prepared(graph) {
  const session = await ort.InferenceSession.create(bench.graph(graph, 'fp32'), { executionProviders: ['wasm'] });
  const feeds = { input: new ort.Tensor('float32', input, [1, 1, side, side]) };
  return { session, run: () => session.run(feeds) };
}

const [small, large] = [await prepared('anatomy'), await prepared('forward')];
const times = await timeInTurns({ anatomy: small.run, mobile: large.run }, { rounds });
for (const { session } of [small, large]) await session.release();
await bench.close();

const ratio = times.anatomy / times.mobile;
if (values.json) stdout.write(`${JSON.stringify({ side, rounds, anatomy_ms: times.anatomy, mobile_ms: times.mobile, ratio }, null, 2)}\n`);
else {
  stdout.write(`anatomy network against MobileNetV2, both at ${side} px on one thread: ${ratio.toFixed(2)} × (${times.anatomy.toFixed(1)} of ${
    times.mobile.toFixed(1)} ms); goal ≤ 1/3: ${ratio <= kGoal ? 'met' : 'MISSED'}\n`);
}
exit(ratio <= kGoal ? 0 : 1);
