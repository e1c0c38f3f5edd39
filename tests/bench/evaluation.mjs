// What an evaluation costs beside the network: films with labels from folder to report, against bare runs of the same network; and a
// head of one's own, against scikit-learn. In one run of this script.
//
//   node tests/bench/evaluation.mjs --films FOLDER [--count N] [--json] [--site DIR]
//
// FOLDER holds nih-labels.csv and nih-128.tar, whose first N films (1000) are evaluated by the command line on one thread; its start
// (a run of a few films) is taken off, and so is that of Node. Memory is the largest that the process held after a tenth of the
// films and after all. The head is fitted to made-up features, 1,000 films × 1,280, for 14 findings in five folds, and by
// scikit-learn's logistic regression with the same penalty; without python3-sklearn that row says so. Goals: 1.25 times the bare
// runs, memory within 10 %, twice scikit-learn's time. Writes nothing that stays; exit status 1 where a goal is missed.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, execPath, exit, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-web';
import { readArguments } from '../../tools/cxr/arguments.mjs';
import { Workbench, readModel } from '../../tools/cxr/workbench.mjs';
import { generator } from '../fuzz/random.mjs';
import { bareNetwork } from './bare_page.mjs';
import { parseTable, readTar } from './boxed_films.mjs';

const kGoals = { time: 1.25, memory: 1.1, head: 2 };
const kEvaluate = fileURLToPath(new URL('../../tools/cxr/evaluate.mjs', import.meta.url));
const kHead = { films: 1000, features: 1280, findings: 14, folds: 5 };

const { values: options } = readArguments(argv.slice(2), { films: { type: 'string' }, count: { type: 'string' }, json: { type: 'boolean' } });
if (!options.films) {
  stderr.write('evaluation: --films FOLDER is missing (with nih-labels.csv and nih-128.tar)\n');
  exit(2);
}
const count = Number(options.count ?? 1000);
const bytes = readTar(readFileSync(join(options.films, 'nih-128.tar')));
const nameOf = ({ image }) => (bytes.has(image) ? image : image.replace(/\.png$/, '.jpg'));
const rows = parseTable(readFileSync(join(options.films, 'nih-labels.csv'), 'utf8')).filter((row) => bytes.has(nameOf(row))).slice(0, count);
const findings = Object.keys(rows[0]).filter((column) => rows.every((row) => row[column] === '0' || row[column] === '1'));

/** cxr evaluate in a process of its own. @returns {{milliseconds: number, memory: number}} */
function evaluate(folder, some) {
  const own = mkdtempSync(join(folder, 'films-'));
  mkdirSync(join(own, 'films'));
  for (const row of some) writeFileSync(join(own, 'films', nameOf(row)), bytes.get(nameOf(row)));
  const lines = [['file', ...findings].join(','), ...some.map((row) => [nameOf(row), ...findings.map((finding) => row[finding])].join(','))];
  writeFileSync(join(own, 'labels.csv'), `${lines.join('\n')}\n`);
  const words = [join(own, 'films'), '--labels', join(own, 'labels.csv'), '--out', join(own, 'out'), '--site', options.site];
  const script = `const { evaluate } = await import(${JSON.stringify(kEvaluate)});
    const awake = setInterval(() => {}, 1000);
    await evaluate(${JSON.stringify(words)});
    clearInterval(awake);
    process.stderr.write('\\n' + process.resourceUsage().maxRSS + '\\n', () => process.exit(0));`;
  const start = performance.now();
  const { status, stderr: said } = spawnSync(execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const milliseconds = performance.now() - start;
  if (status !== 0) throw new Error(`cxr evaluate ended with ${status}: ${said}`);
  return { milliseconds, memory: 1024 * Number(said.trim().split('\n').at(-1)) };
}

async function bareMilliseconds(runs) {
  const bare = await bareNetwork(options.site);
  ort.env.logLevel = 'error';
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(bare.graph, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' });
  const feeds = { [session.inputNames[0]]: new ort.Tensor('float32', bare.input, bare.shape) };
  await session.run(feeds, bare.outputs);
  const start = performance.now();
  for (let run = 0; run < runs; run += 1) await session.run(feeds, bare.outputs);
  return performance.now() - start;
}

/** Made-up features and labels that depend on them. */
function headProblem() {
  const random = generator(7);
  const normal = () => Array.from({ length: 6 }, () => random(1000) / 1000 - 0.5).reduce((sum, value) => sum + value, 0) * Math.SQRT2;
  const features = Float32Array.from({ length: kHead.films * kHead.features }, normal);
  const labels = Array.from({ length: kHead.films }, (_, film) => Array.from({ length: kHead.findings }, (__, finding) => (
    features[film * kHead.features + finding] + features[film * kHead.features + 20 + finding] + normal() > 1.2 ? 1 : 0)));
  return { features, labels };
}

async function ourHead({ features, labels }) {
  const files = await readModel(options.site, undefined);
  const bench = await Workbench.start(options.site, { files, network: false });
  const names = Array.from({ length: kHead.findings }, (_, finding) => `f${finding}`);
  const table = ['file', ...names].join(',') + labels.map((row, film) => `\n${film}.png,${row.join(',')}`).join('');
  const images = labels.map((_, film) => ({ file: `${film}.png`, sop: '', accession: '', patient: `p${film}`, sha256: '' }));
  const start = performance.now();
  bench.call('train-head', { id: 'head', name: 'Head', findings: names, folds: kHead.folds, date: '2026-01-01', images },
    [new TextEncoder().encode(table), new Uint8Array(features.buffer), files.manifest]);
  const milliseconds = performance.now() - start;
  await bench.close();
  return milliseconds;
}

/** @returns {number|null} milliseconds; null where there is no scikit-learn */
function theirHead(folder, { features, labels }) {
  writeFileSync(join(folder, 'features.bin'), new Uint8Array(features.buffer));
  writeFileSync(join(folder, 'labels.json'), JSON.stringify(labels));
  const script = `
import json, time, numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold
from sklearn.preprocessing import StandardScaler
x = np.fromfile("${join(folder, 'features.bin')}", "<f4").reshape(${kHead.films}, ${kHead.features}).astype(float)
y = np.array(json.load(open("${join(folder, 'labels.json')}")))
start = time.perf_counter()
fit = lambda rows, f: LogisticRegression(max_iter=1000).fit(StandardScaler().fit_transform(x[rows]), y[rows, f])
for f in range(${kHead.findings}):
    for train, test in KFold(${kHead.folds}).split(x):
        fit(train, f).decision_function(x[test])
    fit(np.arange(len(x)), f)
print(1000 * (time.perf_counter() - start))`;
  const { status, stdout: said } = spawnSync('/usr/bin/python3', ['-c', script],
    { encoding: 'utf8', env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' } });
  return status === 0 ? Number(said) : null;
}

const folder = mkdtempSync(join(tmpdir(), 'chestlight-evaluation-'));
const awake = setInterval(() => {}, 1000);  // the runtime's threads do not keep Node running
let result;
try {
  const few = Math.max(30, Math.round(count / 10));
  const early = evaluate(folder, rows.slice(0, few));
  const whole = evaluate(folder, rows);
  const bare = await bareMilliseconds(rows.length - few);
  const problem = headProblem();
  const theirs = theirHead(folder, problem);
  const ours = await ourHead(problem);
  result = {
    films: rows.length, milliseconds: whole.milliseconds - early.milliseconds, bare_ms: bare, ratio: (whole.milliseconds - early.milliseconds) / bare,
    memory_bytes: [early.memory, whole.memory], growth: whole.memory / early.memory,
    head_ms: ours, scikit_learn_ms: theirs, head_ratio: theirs === null ? null : ours / theirs,
  };
} finally {
  clearInterval(awake);
  rmSync(folder, { recursive: true });
}
const megabytes = (amount) => `${(amount / 1e6).toFixed(0)} MB`;
stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n`
  : `${result.films} films with labels: ${result.ratio.toFixed(2)} × of bare runs; ${result.memory_bytes.map(megabytes).join(' then ')} (${
    result.growth.toFixed(2)} ×)\na head of ${kHead.films} × ${kHead.features}, ${kHead.findings} findings, ${kHead.folds} folds: ${
    (result.head_ms / 1000).toFixed(1)} s${result.head_ratio === null ? '; no scikit-learn here' : `, ${result.head_ratio.toFixed(2)} × of scikit-learn's`}\n`);
exit(result.ratio > kGoals.time || result.growth > kGoals.memory || (result.head_ratio ?? 0) > kGoals.head ? 1 : 0);
