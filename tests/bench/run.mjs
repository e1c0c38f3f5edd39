// What the product promises about time, size and memory, measured on the built page's engine and model in Node.
//
//   node tests/bench/run.mjs [--json] [--quick] [--site DIR] [--model ID]
//
// Times are processor time, one thread, medians of runs in turns; what counts is their ratio: it holds on another machine,
// milliseconds do not.
// Prints a table, or JSON; writes nothing. Exit status 1 when a goal is missed, so that a script can notice; it is no test
// of the suite, since a busy machine misses goals that a quiet one meets.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import process, { argv, exit, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync, inflateSync } from 'node:zlib';
import { readArguments } from '../../tools/cxr/arguments.mjs';
import { alignTable } from '../../tools/cxr/text.mjs';
import { Workbench, readModel } from '../../tools/cxr/workbench.mjs';
import { randomModel } from '../support/random_network.mjs';
import { fineEvidence, occlusionProgress } from './explanations.mjs';
import { makeFilm } from './films.mjs';
import { median, processorTime, timeInTurns } from './measure.mjs';
import { memoryOfOpenFilms } from './open_films.mjs';

const kOurPart = 0.10;             // of the bare network run
const kMapsMilliseconds = 2;
const kReverse = 3;                // times a forward pass
const kFirstLoad = 12e6;           // bytes, compressed
const kExample = fileURLToPath(new URL('../../web/examples/effusion.jpg', import.meta.url));

const { values: options } = readArguments(argv.slice(2), {
  json: { type: 'boolean' }, quick: { type: 'boolean' }, model: { type: 'string' },
});
const rounds = options.quick ? 5 : 25;
const say = (text) => stderr.isTTY && stderr.write(`\r\u001b[K${text}`);

/** @typedef {{what: string, figure: string, goal: string, met: boolean|null, values: object}} Row */

/** Whole time from bytes to findings and maps, against session.run alone on the same prepared input. */
async function wholeAgainstBare(bench, session, title, bytes) {
  const { feeds, fetches } = await preparedFeeds(bench, bytes);
  const times = await timeInTurns({
    bare: () => session.run(feeds, fetches),
    open: () => bench.withFilm('film', bytes, () => {}),
    whole: () => bench.withFilm('film', bytes, (film) => bench.analyse(film)),
  }, { rounds });
  const share = times.whole / times.bare - 1;
  return {
    what: `our part of the whole time, ${title}`, figure: `${(100 * share).toFixed(1)} % (${(times.whole - times.bare).toFixed(1)} of ${times.bare.toFixed(1)} ms)`,
    goal: `< ${100 * kOurPart} % of the network's`, met: share < kOurPart,
    values: { share, bare_ms: times.bare, open_ms: times.open, whole_ms: times.whole },
  };
}

async function preparedFeeds(bench, bytes) {
  const { Tensor } = await import('onnxruntime-web');
  return bench.withFilm('film', bytes, (film) => {
    const { job } = bench.call('analyse', { film: film.film }).value;
    const { value, blobs } = bench.call('next', { job });
    bench.call('cancel', { job });
    const [{ name, shape }] = value.request.inputs;
    const floats = new Float32Array(blobs[0].buffer, blobs[0].byteOffset, blobs[0].byteLength / 4);
    return { feeds: { [name]: new Tensor('float32', floats, shape) }, fetches: value.request.outputs };
  });
}

/** The engine's share after the network: maps of all findings, their scores and words; apart from that, their way out. */
async function mapsOfAllFindings(bench, bytes) {
  let shape = null;
  const ways = [];
  const explain = (film) => async () => {
    const { job } = bench.call('analyse', { film: film.film }).value;
    const { value, blobs } = bench.call('next', { job });
    const { outputs, blobs: values } = await bench.runtime.run(value.request, blobs);
    const start = processorTime();
    bench.call('accept', { job, outputs }, values);
    const counted = processorTime() - start;
    const { value: analysis } = bench.call('result', { job });
    ways.push(processorTime() - start - counted);
    bench.call('cancel', { job });
    shape = [analysis.findings.length, analysis.map.height, analysis.map.width];
    return { counted };
  };
  const times = await bench.withFilm('film', bytes, (film) => timeInTurns({ explain: explain(film) }, { rounds }));
  return {
    what: `all ${shape[0]} maps (${shape[2]}×${shape[1]} cells) and findings`, figure: `${times.explain.toFixed(2)} ms`,
    goal: `< ${kMapsMilliseconds} ms`, met: times.explain < kMapsMilliseconds,
    values: { milliseconds: times.explain, out_as_json_ms: median(ways), findings: shape[0], height: shape[1], width: shape[2] },
  };
}

/** Decoding and preparing a large film, against inflating its pixel data alone and against Pillow. */
async function largeFilm(bench) {
  const { png, compressed } = makeFilm(3000, 16);
  const bytes = new Uint8Array(png);
  const times = await timeInTurns({
    inflate: () => inflateSync(compressed),
    open: () => bench.withFilm('film', bytes, () => {}),
    both: () => bench.withFilm('film', bytes, (film) => {
      const { job } = bench.call('analyse', { film: film.film }).value;
      bench.call('next', { job });
      bench.call('cancel', { job });
    }),
  }, { rounds: Math.ceil(rounds / 5), warmUp: 2 });
  const pillow = timePillow(png, bench.model.input);
  const against = (milliseconds) => `${(times.both / milliseconds).toFixed(2)} ×`;
  const rows = [{
    what: 'decode + prepare 3000×3000 at 16 bits, against zlib alone', figure: against(times.inflate), goal: '', met: null,
    values: { decode_ms: times.open, prepare_ms: times.both - times.open, inflate_ms: times.inflate },
  }];
  rows.push({
    what: 'the same, against Pillow', figure: pillow ? against(pillow) : 'skipped: python3 has no Pillow', goal: '', met: null,
    values: { pillow_ms: pillow },
  });
  return rows;
}

/** Pillow's milliseconds for decoding and resizing the same film, or null where it is not installed. */
function timePillow(png, { width, height }) {
  const program = `
import io, statistics, sys, time
from PIL import Image
data = open(sys.argv[1], 'rb').read()
times = []
for _ in range(5):
    start = time.process_time()
    Image.open(io.BytesIO(data)).convert('F').resize((${width}, ${height}), Image.LANCZOS)
    times.append(time.process_time() - start)
print(statistics.median(times) * 1000)`;
  const folder = mkdtempSync(join(tmpdir(), 'chestlight-bench-'));
  try {
    const file = join(folder, 'film.png');
    writeFileSync(file, png);
    for (const python of ['python3', '/usr/bin/python3']) {
      const { status, stdout: out } = spawnSync(python, ['-c', program, file], { encoding: 'utf8' });
      if (status === 0) return Number(out);
    }
    return null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One pass that also gives the gradients with respect to input, blocks and features, against one forward pass. */
async function reverseAgainstForward(ort, bench, forward, bytes) {
  const reverse = await ort.InferenceSession.create(bench.graph('reverse', 'fp32'), { executionProviders: ['wasm'] });
  const { feeds, fetches } = await preparedFeeds(bench, bytes);
  const weights = Float32Array.from(bench.model.labels, (_, index) => Number(index === 0));
  const class_weights = new ort.Tensor('float32', weights, [1, weights.length]);
  const times = await timeInTurns({
    forward: () => forward.run(feeds, fetches),
    reverse: () => reverse.run({ ...feeds, class_weights }),
  }, { rounds: Math.ceil(rounds / 3), warmUp: 2 });
  await reverse.release();
  const ratio = times.reverse / times.forward;
  return {
    what: 'forward and reverse pass against forward alone, DenseNet-121 at 224 px', figure: `${ratio.toFixed(2)} ×`,
    goal: `≤ ${kReverse} ×`, met: ratio <= kReverse, values: { ratio, forward_ms: times.forward, reverse_ms: times.reverse },
  };
}

/** The lighter architecture in one run with the heavier one: what a processor without a GPU gains by it. */
async function mobileNetAgainstDenseNet(ort, manifest, dense, denseForward, bytes) {
  const mobile = await Workbench.start(options.site, { files: randomModel('mobilenet_v2', manifest), network: false });
  const sessionOf = (bench, graph) => ort.InferenceSession.create(bench.graph(graph, 'fp32'), { executionProviders: ['wasm'] });
  const sessions = { dense: denseForward, mobile: await sessionOf(mobile, 'forward') };
  const reverse = { dense: await sessionOf(dense, 'reverse'), mobile: await sessionOf(mobile, 'reverse') };
  const { feeds, fetches } = await preparedFeeds(dense, bytes);
  const weights = Float32Array.from(dense.model.labels, (_, index) => Number(index === 0));
  const class_weights = new ort.Tensor('float32', weights, [1, weights.length]);
  const times = await timeInTurns({
    dense: () => sessions.dense.run(feeds, fetches),
    mobile: () => sessions.mobile.run(feeds, fetches),
    denseReverse: () => reverse.dense.run({ ...feeds, class_weights }),
    mobileReverse: () => reverse.mobile.run({ ...feeds, class_weights }),
  }, { rounds: Math.ceil(rounds / 3), warmUp: 2 });
  for (const session of [sessions.mobile, reverse.dense, reverse.mobile]) await session.release();
  await mobile.close();
  const figure = (a, b) => `${(a / b).toFixed(2)} × (${a.toFixed(0)} of ${b.toFixed(0)} ms)`;
  return [
    { what: 'MobileNetV2 against DenseNet-121 at 224 px, forward', figure: figure(times.mobile, times.dense), goal: '', met: null,
      values: { mobile_ms: times.mobile, dense_ms: times.dense } },
    { what: 'the same, forward and reverse', figure: figure(times.mobileReverse, times.denseReverse), goal: '', met: null,
      values: { mobile_ms: times.mobileReverse, dense_ms: times.denseReverse } },
  ];
}

/** Everything a first visit fetches, compressed as hosts do, per kind of browser. */
function firstLoad(site, model) {
  if (!existsSync(join(site, 'assets.json'))) {
    return [{ what: 'first load', figure: 'skipped: the page is not assembled (no assets.json)', goal: '', met: null, values: {} }];
  }
  const list = JSON.parse(readFileSync(join(site, 'assets.json'), 'utf8')).assets;
  const quality = { [constants.BROTLI_PARAM_QUALITY]: options.quick ? 4 : 9, [constants.BROTLI_PARAM_LGWIN]: 24 };
  const sizes = new Map();
  const compressed = (path) => {
    if (!sizes.has(path)) {
      say(`compressing ${path}`);
      const bytes = readFileSync(join(site, path));
      sizes.set(path, { plain: bytes.length, gzip: Math.min(bytes.length, gzipSync(bytes, { level: 9 }).length),
        brotli: Math.min(bytes.length, brotliCompressSync(bytes, { params: quality }).length) });
    }
    return sizes.get(path);
  };
  return [['JSPI', 'jspi'], ['asyncify', 'asyncify'], ['processor only', 'plain']].map(([title, build]) => {
    const groups = ['page', `runtime:${build}`, `model:${model}`];
    const total = { plain: 0, gzip: 0, brotli: 0 };
    const parts = {};
    for (const { path, group } of list.filter((asset) => groups.includes(asset.group))) {
      const size = compressed(path);
      for (const kind of Object.keys(total)) total[kind] += size[kind];
      parts[group] = (parts[group] ?? 0) + size.brotli;
    }
    const megabytes = (bytes) => (bytes / 1e6).toFixed(2);
    return {
      what: `first load, ${title} browser`, figure: `${megabytes(total.brotli)} MB brotli, ${megabytes(total.gzip)} MB gzip`,
      goal: `< ${kFirstLoad / 1e6} MB`, met: total.brotli < kFirstLoad && total.gzip < kFirstLoad,
      values: { ...total, brotli_parts: parts },
    };
  });
}

/** WebAssembly memory never shrinks: a leak shows as growth between the twentieth and the last film. */
async function memoryAfterManyFilms(bench, films) {
  const count = options.quick ? 60 : 200;
  const after = {};
  for (let done = 1; done <= count; done += 1) {
    say(`film ${done} of ${count}`);
    await bench.withFilm('film', films[done % films.length], (film) => bench.analyse(film));
    if (done === 20 || done === count) {
      globalThis.gc?.();
      after[done] = { engine: bench.memoryBytes, process: process.memoryUsage().rss };
    }
  }
  const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
  return {
    what: `engine memory after 20 and after ${count} films`,
    figure: `${megabytes(after[20].engine)} and ${megabytes(after[count].engine)} MB`,
    goal: 'flat', met: after[count].engine === after[20].engine,
    values: { films: count, engine_bytes: [after[20].engine, after[count].engine],
      process_bytes: [after[20].process, after[count].process] },
  };
}

/** Our own share beside a network of the size the page is built for; the bundled one may be far smaller. */
async function besideFullSize(ort, manifest, films) {
  const bench = await Workbench.start(options.site, { files: randomModel('densenet121', manifest) });
  const session = await ort.InferenceSession.create(bench.graph('forward', 'fp32'), { executionProviders: ['wasm'] });
  const rows = [];
  for (const [title, bytes] of films) rows.push(await wholeAgainstBare(bench, session, `${title}, DenseNet-121 at 224 px`, bytes));
  rows.push(await reverseAgainstForward(ort, bench, session, films[0][1]));
  rows.push(...await mobileNetAgainstDenseNet(ort, manifest, bench, session, films[0][1]));
  say('explanations');
  const [, bytes] = films[0];
  rows.push(await fineEvidence(ort, bench, session, await preparedFeeds(bench, bytes), bytes, Math.ceil(rounds / 5)));
  rows.push(await occlusionProgress(bench, bytes));
  await session.release();
  await bench.close();
  return rows;
}

async function main() {
  const files = await readModel(options.site, options.model);
  const bench = await Workbench.start(options.site, { files });
  const ort = await import('onnxruntime-web');
  const session = await ort.InferenceSession.create(bench.graph('forward', 'fp32'), { executionProviders: ['wasm'] });
  const example = new Uint8Array(readFileSync(kExample));
  const film1024 = new Uint8Array(makeFilm(1024, 8).png);
  const film2048 = new Uint8Array(makeFilm(2048, 16).png);

  /** @type {Row[]} */
  const rows = [];
  const ordinary = [['example of 512 px (JPEG)', example], ['1024 px, 8 bits (PNG)', film1024]];
  say('whole time');
  for (const [title, bytes] of ordinary) rows.push(await wholeAgainstBare(bench, session, title, bytes));
  rows.push(...await besideFullSize(ort, files.manifest, ordinary));
  say('maps');
  rows.push(await mapsOfAllFindings(bench, example));
  say('a large film');
  rows.push(...await largeFilm(bench));
  rows.push(await memoryAfterManyFilms(bench, [example, film1024, film2048]));
  say('many films open');
  rows.push(await memoryOfOpenFilms(options.site, 50));
  rows.push(...firstLoad(options.site, files.id));
  say('');
  await session.release();
  await bench.close();

  const about = { model: files.id, backend: 'wasm', threads: 1, node: process.version, processor: cpus()[0]?.model, rounds };
  if (options.json) {
    stdout.write(`${JSON.stringify({ about, rows }, null, 2)}\n`);
  } else {
    const verdict = { true: 'met', false: 'MISSED', null: '' };
    stdout.write(`${files.id}, ${about.backend}, ${about.threads} thread, Node ${about.node}, ${about.processor}\n\n`);
    stdout.write(alignTable([['WHAT', 'MEASURED', 'GOAL', ''],
      ...rows.map(({ what, figure, goal, met }) => [what, figure, goal, verdict[met]])]));
    stdout.write('\nMilliseconds behind the ratios: --json\n');
  }
  return rows.every(({ met }) => met !== false) ? 0 : 1;
}

exit(await main());
