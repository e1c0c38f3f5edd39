// Which method points where radiologists drew their boxes: every method of the engine on films of test patients, through
// the very engine, model and runtime of the page, in Node. And how often the lungs are found (src/anatomy/lungs.h).
//
//   node tests/bench/boxes.mjs --films FOLDER [--cases N] [--costly N] [--minutes N] [--methods a,b] [--model ID] [--json]
//                              [--site DIR]
//
// FOLDER holds nih-labels.csv and nih-128.tar. A case is one finding on one film that has boxes for it; opacities that
// nobody named are taken for whichever of pneumonia, consolidation and infiltration the network's evidence is strongest
// for. --cases: how many for methods of at most 4 requests to the network (default 40, at most all); --costly: how many for
// the others (default 2), the first of the same. No case is begun after so many --minutes (default 9); what was left out
// is said. Every finding is asked about whatever its score.
//
// Prints hits of the pointing game, intersection over union and chance per method (tests/bench/pointing.mjs), and for each
// the evidence on the same cases, so that a method is never compared on other films than it was run on. The last line says
// which method the counts speak for as the default: the one that comes with every analysis, unless another hits more often
// on the same cases and a sign test finds that no accident (p < 0.05).
import { argv, exit, stderr, stdout } from 'node:process';
import { UsageError, readArguments } from '../../tools/cxr/arguments.mjs';
import { alignTable } from '../../tools/cxr/text.mjs';
import { Workbench, readModel } from '../../tools/cxr/workbench.mjs';
import { kBoxScale, readBoxedFilms } from './boxed_films.mjs';
import { median } from './measure.mjs';
import { pointing, signTest } from './pointing.mjs';

const kDefault = 'evidence';
const kCheapRequests = 4;
const kNoAccident = 0.05;
const kOpacities = ['Pneumonia', 'Consolidation', 'Infiltration'];
/** Films on which nothing should be taken for upright lungs. */
const kTurned = { 'turned by 90°': { rotate: 90 }, 'upside down': { rotate: 180 }, inverted: { invert: true } };

const say = (text) => stderr.isTTY && stderr.write(`\r\u001b[K${text}`);
const floats = (bytes) => new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (share) => `${(100 * share).toFixed(0)} %`;

/** The finding that a box without a name is compared with: the opacity with the largest evidence. */
function strongestOpacity({ analysis, blobs }) {
  const { findings, map } = analysis;
  const maps = floats(blobs[0]);
  const cells = map.width * map.height;
  const largest = (id) => {
    const index = findings.findIndex((finding) => finding.id === id);
    return index < 0 ? -Infinity : Math.max(...maps.subarray(index * cells, (index + 1) * cells)) - findings[index].map_zero;
  };
  return kOpacities.reduce((best, id) => (largest(id) > largest(best) ? id : best));
}

/** One method's answer to one case. */
async function ask(bench, film, finding, method, boxes) {
  const { cutoff } = bench.model.labels.find(({ id }) => id === finding);
  const start = performance.now();
  const { analysis, blobs } = await bench.run('explain', { film: film.film, finding, method, anyway: true });
  const seconds = (performance.now() - start) / 1000;
  const { width, height } = analysis;
  return { ...pointing({ values: floats(blobs[0]), width, height }, boxes, kBoxScale, cutoff), seconds };
}

const inside = ([x, y, width, height], [left, top, across, down]) => {
  const [u, v] = [(x + width / 2 - left) / across, (y + height / 2 - top) / down];
  return u >= 0 && u <= 1 && v >= 0 && v <= 1;
};

/** Are the lungs found on the film as it is, do opacities lie in them, and are they found where they should not be? */
async function lookForLungs(bench, film, boxes, tally) {
  const look = async (correction) => (await bench.analyse(film, { correction, anyway: true })).analysis.lungs;
  const lungs = await look({});
  tally.films += 1;
  tally.found += Number(lungs.found);
  for (const [name, correction] of Object.entries(kTurned)) tally.turned[name] = (tally.turned[name] ?? 0) + Number((await look(correction)).found);
  if (!lungs.found) return;
  const scale = film.width / kBoxScale;
  const both = [lungs.picture_left, lungs.picture_right];
  tally.area.push(both.reduce((sum, [, , width, height]) => sum + width * height, 0) / (film.width * film.height));
  for (const box of boxes) {
    tally.boxes += 1;
    tally.inside += Number(both.some((lung) => inside(box.map((value) => value * scale), lung)));
  }
}

/** @returns {Promise<{answers: object[], lungs: object, leftOut: string[]}>} answers: {case, method, hit, iou, chance, seconds} */
async function measure(bench, { cases, bytes, leftOut }, methods, sizes) {
  const answers = [];
  const lungs = { films: 0, found: 0, boxes: 0, inside: 0, area: [], turned: {} };
  const seen = new Set();
  const end = performance.now() + sizes.minutes * 60000;
  for (const [index, one] of cases.slice(0, sizes.cheap).entries()) {
    if (performance.now() > end) {
      leftOut.push(`${Math.min(cases.length, sizes.cheap) - index} cases: the ${sizes.minutes} minutes were over`);
      break;
    }
    const findings = bench.model.labels.map(({ id }) => id);
    if (one.finding && !findings.includes(one.finding)) {
      leftOut.push(`${one.film}: the model has no finding ${one.finding}`);
      continue;
    }
    await bench.withFilm(one.film, bytes.get(one.film), async (film) => {
      const finding = one.finding ?? strongestOpacity(await bench.analyse(film, { anyway: true }));
      for (const method of methods.filter(({ requests }) => requests <= kCheapRequests || index < sizes.costly)) {
        say(`case ${index + 1} of ${Math.min(cases.length, sizes.cheap)}: ${method.name}`);
        answers.push({ case: index, kind: one.kind, method: method.id, ...await ask(bench, film, finding, method.id, one.boxes) });
      }
      if (one.kind === 'RSNA opacity' && !seen.has(one.film)) await lookForLungs(bench, film, one.boxes, lungs);
      seen.add(one.film);
    });
  }
  say('');
  return { answers, lungs, leftOut };
}

/** One row per method, with the evidence on the same cases. */
function summarise(answers, methods) {
  return methods.map(({ id, name }) => {
    const own = answers.filter(({ method }) => method === id);
    const evidence = own.map((one) => answers.find((other) => other.method === kDefault && other.case === one.case));
    const better = own.filter((one, index) => one.hit && !evidence[index].hit).length;
    const worse = own.filter((one, index) => !one.hit && evidence[index].hit).length;
    return {
      method: id, name, cases: own.length, hits: own.filter(({ hit }) => hit).length, iou: mean(own.map(({ iou }) => iou)),
      chance: mean(own.map(({ chance }) => chance)), seconds: median(own.map(({ seconds }) => seconds)),
      evidence_hits: evidence.filter(({ hit }) => hit).length, evidence_iou: mean(evidence.map(({ iou }) => iou)),
      better, worse, p: signTest(better, worse),
    };
  }).filter(({ cases }) => cases > 0);
}

/** The default that follows from the counts. */
function choose(rows) {
  const own = rows.find(({ method }) => method === kDefault);
  const rivals = rows.filter(({ better, worse, p }) => better > worse && p < kNoAccident).sort((a, b) => a.p - b.p);
  return rivals[0] ?? own;
}

function readSize(values, name, fallback) {
  const size = Number(values[name] ?? fallback);
  if (Number.isInteger(size) && size >= 0) return size;
  throw new UsageError(`--${name} ${values[name]}: expected a whole number.`);
}

async function main() {
  const { values } = readArguments(argv.slice(2), {
    films: { type: 'string' }, cases: { type: 'string' }, costly: { type: 'string' }, minutes: { type: 'string' }, methods: { type: 'string' },
    model: { type: 'string' }, json: { type: 'boolean' },
  });
  if (!values.films) throw new UsageError('--films is missing: name the folder that holds nih-labels.csv and nih-128.tar.');
  const sizes = { cheap: readSize(values, 'cases', 40), costly: readSize(values, 'costly', 2), minutes: readSize(values, 'minutes', 9) };
  const boxed = readBoxedFilms(values.films);
  const bench = await Workbench.start(values.site, { files: await readModel(values.site, values.model) });
  const all = bench.call('methods').value.methods;
  const wanted = values.methods?.split(',') ?? all.map(({ id }) => id);
  const unknown = wanted.find((id) => !all.some((method) => method.id === id));
  if (unknown !== undefined) throw new UsageError(`There is no method "${unknown}"; there is ${all.map(({ id }) => id).join(', ')}.`);
  const methods = all.filter(({ id }) => wanted.includes(id) || id === kDefault);

  const start = performance.now();
  const { answers, lungs, leftOut } = await measure(bench, boxed, methods, sizes);
  await bench.close();
  const rows = summarise(answers, methods);
  if (rows.length === 0) throw new UsageError('No case was run: give --cases a number above 0.');
  const counts = new Map();
  for (const { kind } of answers.filter(({ method }) => method === kDefault)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const kinds = [...counts].map(([kind, count]) => `${count} ${kind}`);
  const minutes = (performance.now() - start) / 60000;
  const about = { model: bench.model.id, sha256: bench.model.sha256, cases_there: boxed.cases.length, kinds, left_out: leftOut, minutes };
  if (values.json) {
    stdout.write(`${JSON.stringify({ about, rows, lungs: { ...lungs, area: mean(lungs.area) }, answers }, null, 2)}\n`);
    return 0;
  }
  stdout.write(`${about.model}, test patients: ${kinds.join(', ')}; of ${boxed.cases.length} cases in all; ${minutes.toFixed(1)} minutes\n\n`);
  stdout.write(alignTable([
    ['METHOD', 'CASES', 'HITS', 'BY CHANCE', 'IOU', 'EVIDENCE HITS', 'EVIDENCE IOU', 'BETTER:WORSE', 'SECONDS'],
    ...rows.map((row) => [row.name, `${row.cases}`, percent(row.hits / row.cases), percent(row.chance), row.iou.toFixed(3),
      percent(row.evidence_hits / row.cases), row.evidence_iou.toFixed(3), `${row.better}:${row.worse}`, row.seconds.toFixed(2)]),
  ], [false, ...Array(8).fill(true)]));
  if (lungs.films > 0) {
    stdout.write(`\nLungs found on ${lungs.found} of ${lungs.films} films with opacities (${Object.entries(lungs.turned).map(([name, count]) => `${name}: ${count}`).join(', ')}); `
      + `the middles of ${lungs.inside} of ${lungs.boxes} boxes lie in them, which cover ${percent(mean(lungs.area))} of the film.\n`);
  }
  const best = choose(rows);
  stdout.write(`\nDefault: ${best.name}${best.method === kDefault ? ', which comes with every analysis; no other method hits significantly more often on the same cases'
    : `, which hits more often than the evidence on the same cases (p = ${best.p.toFixed(3)})`}.\n`);
  for (const line of leftOut) stdout.write(`left out: ${line}\n`);
  return 0;
}

try {
  exit(await main());
} catch (error) {
  stderr.write(`boxes: ${error.message}${error.hint ? ` ${error.hint}` : ''}\n`);
  exit(error instanceof UsageError ? 2 : 3);
}
