// Many films in a row, through the page and the command line, against bare runs of the same network, in one run of this script.
//
//   node tests/bench/batch.mjs --films FOLDER [--count N] [--json] [--site DIR]
//
// FOLDER holds nih-512.tar; its first N films (200) are taken. Told are films a second: of bare runs in a browser and in Node; of
// the page from the first film that is analysed to the last; of `cxr predict`, without its start. Both read files, decode, and
// prepare films, look for lungs and heart, and place the evidence beside the network. And the engine's memory after 20 films and
// after all. Goals: 0.85 of the bare rate, memory within 10 %. Writes nothing that stays; exit status 1 where a goal is missed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, execPath, exit, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-web';
import { readArguments } from '../../tools/cxr/arguments.mjs';
import { launchBrowser, openPage } from '../browser/support/browser.mjs';
import { bareNetwork, bareRuns } from './bare_page.mjs';
import { readTar } from './boxed_films.mjs';
import { memoryOfFilms } from './open_films.mjs';

const kGoal = 0.85;
const kGrowth = 1.1;
const kFirst = 20;
const kCommand = fileURLToPath(new URL('../../tools/cxr/cxr', import.meta.url));

const { values: options } = readArguments(argv.slice(2), { films: { type: 'string' }, count: { type: 'string' }, json: { type: 'boolean' } });
if (!options.films) {
  stderr.write('batch: --films FOLDER is missing (with nih-512.tar)\n');
  exit(2);
}
const count = Number(options.count ?? 200);
const threads = Math.min(8, cpus().length);
const films = [...readTar(readFileSync(join(options.films, 'nih-512.tar')))].filter(([name]) => /\.(png|jpe?g)$/.test(name))
  .slice(0, count).map(([name, bytes]) => ({ name, bytes }));

const bare = await bareNetwork(options.site);

async function inNode() {
  ort.env.logLevel = 'error';
  ort.env.wasm.numThreads = threads;
  const session = await ort.InferenceSession.create(bare.graph, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' });
  const feeds = { [session.inputNames[0]]: new ort.Tensor('float32', bare.input, bare.shape) };
  await session.run(feeds, bare.outputs);
  const start = performance.now();
  for (let run = 0; run < films.length; run += 1) await session.run(feeds, bare.outputs);
  const passed = performance.now() - start;
  await session.release();
  return films.length / passed * 1000;
}

function onCommandLine() {
  const folder = mkdtempSync(join(tmpdir(), 'chestlight-batch-'));
  try {
    for (const { name, bytes } of films) writeFileSync(join(folder, name), bytes);
    const passed = (...files) => {
      const start = performance.now();
      const { status, stderr: words } = spawnSync(execPath, [kCommand, 'predict', ...files, '--threads', String(threads), '--json',
        '--site', options.site], { maxBuffer: 2 ** 30 });
      if (status > 3) throw new Error(`cxr predict ended with ${status}: ${words}`);
      return performance.now() - start;
    };
    const one = passed(join(folder, films[0].name));
    return (films.length - 1) / (passed(folder) - one) * 1000;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function inBrowser() {
  const browser = await launchBrowser();
  try {
    const plain = await openPage(browser, { query: 'bare/', routes: bare.routes });
    await bareRuns(plain.page, bare, { threads, runs: 1 });
    const alone = films.length / await bareRuns(plain.page, bare, { threads, runs: films.length }) * 1000;
    await plain.close();
    const page = await openPage(browser, { query: '?backend=wasm' });
    await page.ready();
    await page.drop(films);
    const settled = ({ status }) => !['queued', 'waiting', 'analysing', 'reading'].includes(status);
    await page.until((state) => state.films.some(({ status }) => status === 'analysed'), 600_000);
    const start = performance.now();
    await page.until((state) => state.films.length === films.length && state.films.every(settled), 3_600_000);
    const whole = (films.length - 1) / (performance.now() - start) * 1000;
    await page.close();
    return { alone, whole };
  } finally {
    await browser.close();
  }
}

const awake = setInterval(() => {}, 1000);  // the runtime's threads do not keep Node running
const node = await inNode();
const command = onCommandLine();
const { alone, whole } = await inBrowser();
const [early, late] = await memoryOfFilms(options.site, films, [Math.min(kFirst, films.length), films.length]);
clearInterval(awake);
const result = {
  films: films.length, threads, per_second: { bare_browser: alone, page: whole, bare_node: node, command },
  ratios: { page: whole / alone, command: command / node }, engine_bytes: [early, late], growth: late / early,
};
stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n`
  : `${films.length} films, ${threads} threads: the page ${whole.toFixed(1)} a second, ${result.ratios.page.toFixed(2)} of ${alone.toFixed(1)} bare; cxr ${
    command.toFixed(1)}, ${result.ratios.command.toFixed(2)} of ${node.toFixed(1)} bare; engine ${(early / 1e6).toFixed(0)} MB after ${
    Math.min(kFirst, films.length)} films, ${(late / 1e6).toFixed(0)} MB after all\n`);
exit(Math.min(result.ratios.page, result.ratios.command) < kGoal || result.growth > kGrowth ? 1 : 0);
