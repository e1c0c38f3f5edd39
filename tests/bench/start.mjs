// From the address to a page that is ready to analyse, in the real page with the browser's own processor backend.
//
//   node tests/bench/start.mjs [--json] [--loads N]
//
// Beside it, in turns, the same page whose ONNX Runtime begins no sooner than for the network's own session, as it does by
// itself. Each load is a first visit: a context of its own, nothing cached. A local server has no distance: over a real network the
// weights take longer to come, and more of the runtime's start is hidden behind them. Writes nothing.
import { argv, stdout } from 'node:process';
import { readArguments } from '../../tools/cxr/arguments.mjs';
import { launchBrowser, openPage } from '../browser/support/browser.mjs';
import { timeInTurns } from './measure.mjs';

const kBeginning = 'await begin(ort);';

const { values: options } = readArguments(argv.slice(2), { json: { type: 'boolean' }, loads: { type: 'string' } });
const loads = Number(options.loads ?? 5);

async function withoutBeginning(route) {
  const response = await route.fetch();
  const script = await response.text();
  if (!script.includes(kBeginning)) throw new Error(`ort_loader.js no longer says "${kBeginning}": there is nothing to compare with`);
  await route.fulfill({ response, body: script.replace(kBeginning, '') });
}

const browser = await launchBrowser();
async function load(routes) {
  const start = performance.now();
  const page = await openPage(browser, { query: '?backend=wasm', routes });
  await page.ready();
  const counted = performance.now() - start;
  await page.close();
  return { counted };
}
const times = await timeInTurns({ page: () => load({}), baseline: () => load({ 'worker/ort_loader.js': withoutBeginning }) },
  { rounds: loads, warmUp: 1 });
await browser.close();

const result = { loads, ready_ms: times.page, baseline_ms: times.baseline, ratio: times.page / times.baseline };
stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n`
  : `ready after ${(times.page / 1000).toFixed(1)} s, ${result.ratio.toFixed(2)} × of ${
    (times.baseline / 1000).toFixed(1)} s with the runtime begun last (medians of ${loads} loads)\n`);
