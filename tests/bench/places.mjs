// Do the places that the program names agree with the boxes that radiologists drew? On films of test patients, by lungs and heart and
// by the template of before, through the very engine, model and anatomy network of the page, in Node.
//
//   node tests/bench/places.mjs --films FOLDER [--cases N] [--model ID] [--json] [--site DIR]
//
// FOLDER holds nih-labels.csv and nih-128.tar. A case is one finding on one film that has boxes for it. Its map hits when its highest
// cell lies in a box (pointing.mjs); only those cases count, since words follow the map. The truth is the place of the boxes, worked out
// here and apart from the program: of a grid of points in them, the place that holds most, by the outlines that the anatomy network
// draws. The words agree when they name that place: "middle and lower zones, image left" names two, "diffuse" none.
// shortcut: how often a finding is marked as a possible shortcut, of all findings that stand likely or uncertain.
import { argv, exit, stderr, stdout } from 'node:process';
import { UsageError, readArguments, readCount } from '../../tools/cxr/arguments.mjs';
import { alignTable } from '../../tools/cxr/text.mjs';
import { Workbench, readAnatomy, readModel } from '../../tools/cxr/workbench.mjs';
import { kBoxScale, readBoxedFilms } from './boxed_films.mjs';
import { pointing } from './pointing.mjs';

const kOpacities = ['Pneumonia', 'Consolidation', 'Infiltration'];
const kGrid = 16;
const kGoal = 0.7;
const kThirds = ['upper', 'middle', 'lower'];

const say = (text) => stderr.isTTY && stderr.write(`\r\u001b[K${text}`);
const floats = (bytes) => new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));

function encloses(polygon, [x, y]) {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [[ax, ay], [bx, by]] = [polygon[i], polygon[j]];
    if ((ay > y) !== (by > y) && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

function boxOf(polygon) {
  const [xs, ys] = [polygon.map(([x]) => x), polygon.map(([, y]) => y)];
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

/** The place of a point: "left lower" (of the picture), "heart", "mediastinum", "diaphragm", "outside". */
function placeOf({ lungs, heart }, point) {
  if (heart && encloses(heart.outline, point)) return 'heart';
  const [x, y] = point;
  const sides = { left: lungs.right.outline, right: lungs.left.outline };  // the patient's right is the picture's left
  const boxes = { left: boxOf(sides.left), right: boxOf(sides.right) };
  for (const [side, outline] of Object.entries(sides)) {
    const box = boxes[side];
    const third = kThirds[Math.max(0, Math.min(2, Math.floor((3 * (y - box.top)) / (box.bottom - box.top))))];
    if (encloses(outline, point)) return `${side} ${third}`;
  }
  for (const box of Object.values(boxes)) if (y > box.bottom - 0.2 * (box.bottom - box.top) && x > box.left && x < box.right) return 'diaphragm';
  const [bottom, top] = [Math.min(boxes.left.bottom, boxes.right.bottom), Math.min(boxes.left.top, boxes.right.top)];
  const between = x > (boxes.left.left + boxes.left.right) / 2 && x < (boxes.right.left + boxes.right.right) / 2;
  return between && y > top && y < bottom ? 'mediastinum' : 'outside';
}

/** Where most of the boxes' area lies; inside the chest, where any of it does. */
function truthOf(report, boxes, scale) {
  const counts = new Map();
  for (const [left, top, width, height] of boxes) {
    for (let i = 0; i < kGrid * kGrid; i += 1) {
      const [u, v] = [(i % kGrid) + 0.5, Math.floor(i / kGrid) + 0.5].map((step) => step / kGrid);
      const place = placeOf(report, [(left + u * width) * scale, (top + v * height) * scale]);
      counts.set(place, (counts.get(place) ?? 0) + (place === 'outside' ? 1e-3 : 1) * width * height);
    }
  }
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}

/** All places that words name, as placeOf() calls them. */
export function namedPlaces(words) {
  if (!words || words === 'diffuse') return [];
  if (words === 'outside the lungs') return ['outside'];
  if (words === 'at the diaphragm') return ['diaphragm'];
  const named = [];
  if (/heart/.test(words)) named.push('heart');
  if (/mediastinum/.test(words)) named.push('mediastinum');
  if (/around the middle/.test(words)) named.push('heart', 'mediastinum');
  if (named.length > 0) return named;
  const sides = ['left', 'right'].filter((side) => words.includes(`image ${side}`));
  let thirds = kThirds.filter((third) => words.includes(third));
  if (words.includes('apex')) thirds = ['upper'];
  if (words.includes('costophrenic')) thirds = ['lower'];
  const places = (sides.length ? sides : ['left', 'right']).flatMap((side) => (thirds.length ? thirds : kThirds).map((third) => `${side} ${third}`));
  return words.includes('costophrenic') ? [...places, 'diaphragm'] : places;
}

async function askOne(bench, one, bytes, tally) {
  await bench.withFilm(one.film, bytes, async (film) => {
    const { job } = bench.call('anatomy', { film: film.film }).value;
    const next = bench.call('next', { job });
    if (next.value.request) {
      const answer = await bench.runtime.run(next.value.request, next.blobs);
      bench.call('accept', { job, outputs: answer.outputs }, answer.blobs);
    }
    const report = bench.call('result', { job }).value;
    tally.films += 1;
    if (report.found) {
      const old = (await bench.run('analyse', { film: film.film, anyway: true })).analysis;
      const { analysis, blobs } = await bench.run('analyse', { film: film.film, anyway: true, anatomy: job });
      const { width, height } = analysis.map;
      const cells = width * height;
      const mapOf = (index) => floats(blobs[0]).subarray(index * cells, (index + 1) * cells).map((value) => value - analysis.findings[index].map_zero);
      const indexOf = (id) => analysis.findings.findIndex((finding) => finding.id === id);
      const index = one.finding ? indexOf(one.finding)
        : kOpacities.map(indexOf).filter((i) => i >= 0).reduce((best, i) => (Math.max(...mapOf(i)) > Math.max(...mapOf(best)) ? i : best));
      if (index >= 0) {
        const { hit } = pointing({ values: mapOf(index), width, height }, one.boxes, kBoxScale, analysis.findings[index].cutoff);
        tally.cases.push({ kind: one.kind, hit, truth: truthOf(report, one.boxes, film.width / kBoxScale),
          outlines: analysis.findings[index].place, template: old.findings[index].place });
      }
      for (const { zone, possible_shortcut: shortcut } of analysis.findings) {
        if (zone === 'likely' || zone === 'uncertain') tally.shortcuts.push(shortcut);
      }
    } else {
      tally.notFound += 1;
    }
    bench.call('cancel', { job });
  });
}

const shareOf = (list, holds) => (list.length ? list.filter(holds).length / list.length : 0);
const percent = (share) => `${(100 * share).toFixed(0)} %`;

async function main() {
  const { values } = readArguments(argv.slice(2), {
    films: { type: 'string' }, cases: { type: 'string' }, model: { type: 'string' }, json: { type: 'boolean' },
  });
  if (!values.films) throw new UsageError('Name the folder with the films: --films FOLDER.');
  const boxed = readBoxedFilms(values.films);
  const bench = await Workbench.start(values.site, { files: await readModel(values.site, values.model), anatomy: await readAnatomy(values.site) });
  const cases = boxed.cases.slice(0, readCount(values, 'cases', boxed.cases.length, boxed.cases.length));
  const tally = { films: 0, notFound: 0, cases: [], shortcuts: [] };
  for (const [index, one] of cases.entries()) {
    say(`case ${index + 1} of ${cases.length}`);
    await askOne(bench, one, boxed.bytes.get(one.film), tally);
  }
  say('');
  const { model } = bench;
  await bench.close();
  const hits = tally.cases.filter(({ hit }) => hit);
  const agrees = (way) => (one) => namedPlaces(one[way]).includes(one.truth);
  const kinds = [...new Set(hits.map(({ kind }) => kind))].sort();
  const rows = [...kinds.map((kind) => [kind, hits.filter((one) => one.kind === kind)]), ['all', hits]].map(([kind, list]) => ({
    kind, hits: list.length, outlines: shareOf(list, agrees('outlines')), template: shareOf(list, agrees('template')),
  }));
  const shortcuts = shareOf(tally.shortcuts, Boolean);
  if (values.json) {
    stdout.write(`${JSON.stringify({ model: model.id, films: tally.films, not_found: tally.notFound, rows, shortcuts, cases: tally.cases }, null, 2)}\n`);
  } else {
    stdout.write(`${model.id}, test patients: ${tally.films} cases, lungs not found on ${tally.notFound}; the map hits in ${hits.length} of ${tally.cases.length}\n\n`);
    stdout.write(alignTable([['BOXES', 'HITS', 'BY OUTLINES', 'BY TEMPLATE'],
      ...rows.map((row) => [row.kind, `${row.hits}`, percent(row.outlines), percent(row.template)])], [false, true, true, true]));
    stdout.write(`\nPossible shortcut: ${percent(shortcuts)} of ${tally.shortcuts.length} likely or uncertain findings. Goal ≥ ${percent(kGoal)} by outlines: ${
      rows.at(-1).outlines >= kGoal ? 'met' : 'MISSED'}\n`);
  }
  return rows.at(-1).outlines >= kGoal ? 0 : 1;
}

try {
  exit(await main());
} catch (error) {
  stderr.write(`places: ${error.message}${error.hint ? ` ${error.hint}` : ''}\n`);
  exit(error instanceof UsageError ? 2 : 3);
}
