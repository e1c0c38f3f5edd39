// A page of nothing but ONNX Runtime and one network, out of the files of the built page: what the page's own times are held
// against. It loads the same build of the runtime, the same weights as a graph, and runs it with as many threads.
import { Workbench, readModel } from '../../tools/cxr/workbench.mjs';

const kWorker = `
import * as ort from '../vendor/ort/ort.wasm.min.mjs';
onmessage = async ({ data: { threads, shape, outputs, runs } }) => {
  if (!globalThis.session) {
    ort.env.wasm.numThreads = threads;
    ort.env.wasm.wasmPaths = new URL('../vendor/ort/', import.meta.url).href;
    const network = new Uint8Array(await (await fetch('network.onnx')).arrayBuffer());
    globalThis.session = await ort.InferenceSession.create(network, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' });
  }
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1)).map((_, index) => Math.sin(index / 97));
  const input = { [session.inputNames[0]]: new ort.Tensor('float32', values, shape) };
  const start = performance.now();
  for (let run = 0; run < runs; run += 1) await session.run(input, outputs);
  postMessage(performance.now() - start);
};`;

const kPage = `<!doctype html><meta charset="utf-8"><title>bare</title><script type="module">
const worker = new Worker('worker.js', { type: 'module' });
globalThis.bareRuns = (order) => new Promise((done) => { worker.onmessage = ({ data }) => done(data); worker.postMessage(order); });
</script>`;

/**
 * @param {string} site folder of the built page
 * @returns {Promise<{routes: Record<string, (route: import('playwright-core').Route) => Promise<void>>, shape: number[],
 *   outputs: string[]}>} routes of a page at bare/ (support/browser.mjs); what the page asks of the network
 */
export async function bareNetwork(site) {
  const bench = await Workbench.start(site, { files: await readModel(site, undefined), network: false });
  const { value: { request } } = bench.call('warm-up', { anatomy: false });
  const graph = Uint8Array.from(bench.graph(request.graph, 'fp32'));
  await bench.close();
  const headers = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
  const answer = (contentType, body) => (route) => route.fulfill({ status: 200, contentType, headers, body });
  return {
    routes: {
      'bare/': answer('text/html', kPage),
      'bare/worker.js': answer('text/javascript', kWorker),
      'bare/network.onnx': answer('application/octet-stream', Buffer.from(graph)),
    },
    shape: request.inputs[0].shape, outputs: request.outputs,
  };
}

/** Runs of the network in a bare page, after the first. @param {import('playwright-core').Page} page @returns {Promise<number>} milliseconds */
export function bareRuns(page, { shape, outputs }, { threads, runs }) {
  return page.evaluate((order) => globalThis.bareRuns(order), { threads, shape, outputs, runs });
}
