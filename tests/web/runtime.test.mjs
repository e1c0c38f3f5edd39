// The choice of backend, falling back, losing the GPU: against a fake ONNX Runtime.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createRuntime, planBackends } from '../../web/worker/runtime.js';
import { chooseBuild, usableThreads } from '../../web/worker/ort_loader.js';
import { fakeGpu, fakeOrt, kBlobs, kRequest, kWarmUp } from './fakes.mjs';

const buildGraph = (graph, precision) => new TextEncoder().encode(`${graph}/${precision}`);
const builtAs = (ort) => ort.log.created.map(({ provider, bytes }) => `${provider}:${new TextDecoder().decode(bytes)}`);
const start = (options) => createRuntime({ buildGraph, warmUpInput: kWarmUp, ...options });

const none = { usable: false, software: false, half: false, detail: '', reason: 'this browser has no WebGPU' };
for (const [title, environment, names, reasons] of [
  ['a GPU with fp16', { backend: 'auto', gpu: fakeGpu({ half: true }), threads: 4 }, 'webgpu-fp16 webgpu wasm-threads wasm', 0],
  ['a GPU without fp16', { backend: 'auto', gpu: fakeGpu(), threads: 1 }, 'webgpu wasm', 0],
  ['a software GPU counts as the processor', { backend: 'auto', gpu: fakeGpu({ software: true, reason: 'software' }), threads: 4 },
    'wasm-threads wasm', 1],
  ['a software GPU can be forced', { backend: 'webgpu', gpu: fakeGpu({ software: true, reason: 'software' }), threads: 4 }, 'webgpu', 0],
  ['no GPU', { backend: 'auto', gpu: none, threads: 2 }, 'wasm-threads wasm', 1],
  ['no GPU, though forced', { backend: 'webgpu', gpu: none, threads: 2 }, '', 1],
  ['the processor forced', { backend: 'wasm', gpu: null, threads: 1 }, 'wasm', 0],
]) {
  test(`plan: ${title}`, () => {
    const plan = planBackends(environment);
    assert.equal(plan.candidates.map(({ name }) => name).join(' '), names);
    assert.equal(plan.reasons.length, reasons);
  });
}

test('threads need isolation and are bounded', () => {
  assert.equal(usableThreads({ isolated: false, cores: 16 }), 1);
  assert.equal(usableThreads({ isolated: true, cores: 16 }), 8);
  assert.equal(usableThreads({ isolated: true, cores: undefined }), 1);
});

test('the smallest build that does the job is taken', () => {
  assert.equal(chooseBuild({ webgpu: false, suspending: true }), 'plain');
  assert.equal(chooseBuild({ webgpu: true, suspending: true }), 'jspi');
  assert.equal(chooseBuild({ webgpu: true, suspending: false }), 'asyncify');
});

test('a request is run on the backend that passed the trial', async () => {
  const ort = fakeOrt();
  const runtime = await start({ ort });
  assert.equal(runtime.backend.name, 'wasm');
  const { outputs, blobs } = await runtime.run(kRequest, kBlobs);
  assert.deepEqual(outputs, [{ name: 'logits', shape: [1, 1, 2, 2] }]);
  assert.deepEqual([...blobs[0]], [2, 3, 4, 5]);
  await runtime.release();
  assert.equal(ort.log.released, ort.log.created.length);
});

test('inputs given as bytes are read as floats, whatever their alignment', async () => {
  const runtime = await start({ ort: fakeOrt() });
  const shifted = new Uint8Array(17);
  shifted.set(new Uint8Array(kBlobs[0].buffer), 1);
  const { blobs } = await runtime.run(kRequest, [shifted.subarray(1)]);
  assert.deepEqual([...blobs[0]], [2, 3, 4, 5]);
});

test('fp16 whose outputs are not finite falls to fp32, with the reason', async () => {
  const ort = fakeOrt({ fault: (step, _, count) => (step === 'run' && count === 0 ? new Float32Array([1, NaN]) : undefined) });
  const told = [];
  const runtime = await start({ ort, gpu: fakeGpu({ half: true }), onFallback: (event) => told.push(event.name) });
  assert.equal(runtime.backend.name, 'webgpu');
  assert.match(runtime.backend.fallbacks[0], /^webgpu-fp16: .*not finite/);
  assert.deepEqual(told, ['webgpu-fp16']);
  assert.deepEqual(builtAs(ort), ['webgpu:forward/fp16', 'webgpu:forward/fp32']);
});

test('a session that fails at its first run falls to the processor', async () => {
  const ort = fakeOrt({ fault: (step, provider) => {
    if (step === 'run' && provider === 'webgpu') throw new Error('shader compilation failed');
  } });
  const runtime = await start({ ort, gpu: fakeGpu({ half: true }) });
  assert.equal(runtime.backend.name, 'wasm');
  assert.equal(runtime.backend.fallbacks.length, 2);
});

test('a runtime that fails is asked for afresh', async () => {
  const needs = [];
  const broken = fakeOrt({ fault: () => { throw new Error('out of memory'); } });
  const runtime = await start({ threads: 4, ort: async (need) => {
    needs.push(need);
    return need.threads > 1 ? broken : fakeOrt();
  } });
  assert.equal(runtime.backend.name, 'wasm');
  assert.deepEqual(needs.map(({ threads, fresh }) => [threads, fresh]), [[4, false], [1, true]]);
});

test('when nothing works, the message names every reason and the forced backend', async () => {
  const ort = fakeOrt({ fault: () => { throw new Error('no luck'); } });
  await assert.rejects(start({ ort, backend: 'webgpu', gpu: fakeGpu() }), (error) => {
    assert.equal(error.code, 'no-backend');
    assert.match(error.message, /webgpu: no luck/);
    assert.match(error.hint, /Remove "backend"/);
    return true;
  });
});

test('a forced backend never becomes another', async () => {
  await assert.rejects(start({ ort: fakeOrt(), backend: 'webgpu', gpu: none }), { code: 'no-backend' });
});

test('runs never overlap, though requests do', async () => {
  const ort = fakeOrt();
  const runtime = await start({ ort });
  await Promise.all([1, 2, 3, 4].map(() => runtime.run(kRequest, kBlobs)));
  assert.equal(ort.log.overlapped, false);
  assert.equal(ort.log.runs, 5);
});

test('a lost GPU is replaced and the request repeated', async () => {
  const gpu = fakeGpu();
  const changed = [];
  const runtime = await start({ ort: fakeOrt(), gpu, onBackend: (backend) => changed.push(backend.name) });
  gpu.devices[0].lose();
  await new Promise((resolve) => setTimeout(resolve));
  const { blobs } = await runtime.run(kRequest, kBlobs);
  assert.deepEqual([...blobs[0]], [2, 3, 4, 5]);
  assert.equal(gpu.devices.length, 2);
  assert.deepEqual(changed, ['webgpu']);
});

test('a GPU lost during a run is replaced and the request repeated', async () => {
  const gpu = fakeGpu();
  const ort = fakeOrt();
  const runtime = await start({ ort, gpu });
  const result = runtime.run(kRequest, kBlobs);
  gpu.devices[0].lose();
  assert.deepEqual([...(await result).blobs[0]], [2, 3, 4, 5]);
  assert.equal(runtime.backend.name, 'webgpu');
});

test('a GPU that fails twice in a row gives way to the processor', async () => {
  const ort = fakeOrt({ fault: (step, provider, count) => {
    if (step === 'run' && provider === 'webgpu' && count > 0) throw new Error('device hung');
  } });
  const changed = [];
  const runtime = await start({ ort, gpu: fakeGpu(), onBackend: (backend) => changed.push(backend.name) });
  assert.equal(runtime.backend.name, 'webgpu');
  const { blobs } = await runtime.run(kRequest, kBlobs);
  assert.deepEqual([...blobs[0]], [2, 3, 4, 5]);
  assert.equal(runtime.backend.name, 'wasm');
  assert.match(runtime.backend.fallbacks.join(), /device hung/);
  assert.deepEqual(changed, ['wasm']);
});

test('a failing processor is tried once more, then the request fails and the next one may work', async () => {
  let broken = false;
  const ort = fakeOrt({ fault: (step) => { if (step === 'run' && broken) throw new Error('out of memory'); } });
  const runtime = await start({ ort });
  broken = true;
  await assert.rejects(runtime.run(kRequest, kBlobs), (error) => /out of memory/.test(error.message) && Boolean(error.hint));
  broken = false;
  assert.deepEqual([...(await runtime.run(kRequest, kBlobs)).blobs[0]], [2, 3, 4, 5]);
});

test('another graph is made ready when it is first asked for, once, and released with the first', async () => {
  const ort = fakeOrt();
  const told = [];
  const runtime = await start({ ort, onGraph: ({ graph, ready }) => told.push(`${graph} ${ready}`) });
  assert.deepEqual(builtAs(ort), ['wasm:forward/fp32']);
  for (const graph of ['reverse', 'reverse', 'forward']) await runtime.run({ ...kRequest, graph }, kBlobs);
  assert.deepEqual(builtAs(ort), ['wasm:forward/fp32', 'wasm:reverse/fp32']);
  assert.deepEqual(told, ['reverse false', 'reverse true']);
  await runtime.release();
  assert.equal(ort.log.released, 2);
});

test('of many graphs the first stays, and the one used longest ago goes', async () => {
  const ort = fakeOrt();
  const runtime = await start({ ort });
  for (const graph of ['a', 'b', 'a', 'c', 'forward', 'a']) await runtime.run({ ...kRequest, graph }, kBlobs);
  assert.deepEqual(builtAs(ort).slice(1), ['wasm:a/fp32', 'wasm:b/fp32', 'wasm:c/fp32']);
  assert.equal(ort.log.released, 1, 'b');
  await runtime.run({ ...kRequest, graph: 'b' }, kBlobs);
  assert.equal(builtAs(ort).length, 5);
  assert.equal(ort.log.released, 2, 'c');
  await runtime.release();
  assert.equal(ort.log.released, ort.log.created.length);
});

test('after a lost GPU each graph is made again when it is asked for', async () => {
  const gpu = fakeGpu();
  const ort = fakeOrt();
  const told = [];
  const runtime = await start({ ort, gpu, onGraph: ({ graph, ready }) => told.push(`${graph} ${ready}`) });
  const reverse = { ...kRequest, graph: 'reverse' };
  await runtime.run(reverse, kBlobs);
  gpu.devices[0].lose();
  assert.deepEqual([...(await runtime.run(reverse, kBlobs)).blobs[0]], [2, 3, 4, 5]);
  const both = ['webgpu:forward/fp32', 'webgpu:reverse/fp32'];
  assert.deepEqual(builtAs(ort), [...both, ...both]);
  assert.deepEqual(told, ['reverse false', 'reverse true', 'reverse false', 'reverse true']);
});

test('a graph that cannot be made ready on the GPU runs on the processor', async () => {
  const ort = fakeOrt({ fault: (step, provider, count) => {
    if (step === 'create' && provider === 'webgpu' && count > 0) throw new Error('no memory for gradients');
  } });
  const runtime = await start({ ort, gpu: fakeGpu() });
  assert.equal(runtime.backend.name, 'webgpu');
  await runtime.run({ ...kRequest, graph: 'reverse' }, kBlobs);
  assert.equal(runtime.backend.name, 'wasm');
  assert.match(runtime.backend.fallbacks.join(), /no memory for gradients/);
});

const kAnatomy = { ...kRequest, graph: 'anatomy' };

test('the anatomy network runs with 32 bits beside the model, and takes no place from its graphs', async () => {
  const ort = fakeOrt();
  const graphs = [];
  const runtime = await start({ ort, gpu: fakeGpu({ half: true }), onGraph: ({ graph }) => graphs.push(graph) });
  for (const graph of ['anatomy', 'reverse', 'second']) await runtime.run({ ...kRequest, graph }, kBlobs);
  assert.deepEqual(builtAs(ort), ['webgpu:forward/fp16', 'webgpu:anatomy/fp32', 'webgpu:reverse/fp16', 'webgpu:second/fp16']);
  assert.equal(ort.log.released, 0, 'two further graphs and the anatomy network have room');
  assert.ok(!graphs.includes('anatomy'), 'making it ready is not told: nobody waits for it');
  await runtime.run({ ...kRequest, graph: 'third' }, kBlobs);
  assert.equal(ort.log.released, 1);
  await runtime.run(kAnatomy, kBlobs);
  assert.equal(builtAs(ort).filter((built) => built === 'webgpu:anatomy/fp32').length, 1, 'it is still there');
});

test('an anatomy network that fails leaves the model where it is', async () => {
  const ort = fakeOrt({ fault: (step, _, count) => {
    if (step === 'create' && count === 1) throw new Error('no memory');
  } });
  const runtime = await start({ ort, gpu: fakeGpu() });
  await assert.rejects(runtime.run(kAnatomy, kBlobs), { code: 'inference-failed' });
  assert.equal(runtime.backend.name, 'webgpu');
  assert.deepEqual(runtime.backend.fallbacks, []);
  await runtime.run(kRequest, kBlobs);
  assert.equal(ort.log.created.length, 1);
});
