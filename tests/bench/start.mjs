// From the address to a page that is ready to analyse, in the real page with the browser's own processor backend.
//
//   node tests/bench/start.mjs [--json] [--loads N]
//
// Beside it, in turns, a bare page that loads the same build of the runtime and the same network and runs it once; and the same
// page whose ONNX Runtime begins no sooner than for the network's own session, as it does by itself. Goal: 1.25 times the bare
// page. Each load is a first visit: a context of its own, nothing cached. A local server has no distance: over a real network the
// weights take longer to come, and more of the runtime's start is hidden behind them. Writes nothing; exit status 1 where the
// goal is missed.
import { cpus } from 'node:os';
import { argv, exit, stdout } from 'node:process';
import { readArguments } from '../../tools/cxr/arguments.mjs';
import { launchBrowser, openPage } from '../browser/support/browser.mjs';
import { bareNetwork, bareRuns } from './bare_page.mjs';
import { timeInTurns } from './measure.mjs';

const kGoal = 1.25;
const kBeginning = 'await begin(ort);';

const { values: options } = readArguments(argv.slice(2), { json: { type: 'boolean' }, loads: { type: 'string' } });
const loads = Number(options.loads ?? 5);

async function withoutBeginning(route) {
  const response = await route.fetch();
  const script = await response.text();
  if (!script.includes(kBeginning)) throw new Error(`ort_loader.js no longer says "${kBeginning}": there is nothing to compare with`);
  await route.fulfill({ response, body: script.replace(kBeginning, '') });
}

const bare = await bareNetwork(options.site);
const threads = Math.min(8, cpus().length);
const browser = await launchBrowser();
async function loadBare() {
  const start = performance.now();
  const page = await openPage(browser, { query: 'bare/', routes: bare.routes });
  await bareRuns(page.page, bare, { threads, runs: 1 });
  const counted = performance.now() - start;
  await page.close();
  return { counted };
}
async function load(routes) {
  const start = performance.now();
  const page = await openPage(browser, { query: '?backend=wasm', routes });
  await page.ready();
  const counted = performance.now() - start;
  await page.close();
  return { counted };
}
const times = await timeInTurns({ page: () => load({}), bare: loadBare, baseline: () => load({ 'worker/ort_loader.js': withoutBeginning }) },
  { rounds: loads, warmUp: 1 });
await browser.close();

const result = {
  loads, ready_ms: times.page, bare_ms: times.bare, ratio: times.page / times.bare,
  begun_last_ms: times.baseline, ratio_to_begun_last: times.page / times.baseline,
};
const seconds = (milliseconds) => (milliseconds / 1000).toFixed(2);
stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n`
  : `ready after ${seconds(times.page)} s: ${result.ratio.toFixed(2)} × of ${seconds(times.bare)} s of a bare page, ${
    result.ratio_to_begun_last.toFixed(2)} × of ${seconds(times.baseline)} s with the runtime begun last (medians of ${loads} loads)\n`);
exit(result.ratio > kGoal ? 1 : 0);
