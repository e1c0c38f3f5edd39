// How much the way a film is stored changes what the model says of it: real films written in twelve and more ways as DICOM
// and PNG, each scored through the very engine, model and runtime of the page, in Node, against the film as an 8-bit PNG.
//
//   node tests/bench/stored_ways.mjs --films FOLDER [--pack FILE.tar] [--count 20] [--site DIR] [--json]
//
// FOLDER holds 8-bit grey PNG or JPEG films; so does the tar. What must hold (src/imaging/network_range.h): in the median the
// scores of a way are within 15 % of the film's own, and no film that was analysed as a PNG is refused. A score is a calibrated
// one; those below 0.02 on both sides are left out, since a ratio of next to nothing says nothing. Exit status: 0 it holds, 1 not.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { UsageError, readArguments } from '../../tools/cxr/arguments.mjs';
import { alignTable } from '../../tools/cxr/text.mjs';
import { Workbench, readModel } from '../../tools/cxr/workbench.mjs';
import { readTar } from './boxed_films.mjs';
import { median } from './measure.mjs';
import { kLeastScore, kStoredWays } from './stored_ways/ways.mjs';

const kMost = 0.15;

const { values } = readArguments(argv.slice(2), {
  films: { type: 'string' }, pack: { type: 'string' }, count: { type: 'string', default: '20' }, site: { type: 'string' }, json: { type: 'boolean' },
});
if (!values.films && !values.pack) throw new UsageError('Name films with --films FOLDER or --pack FILE.tar.');
const site = values.site ?? fileURLToPath(new URL('../../build/web/site', import.meta.url));

/** `count` films spread evenly over those there are. */
function spread(names, count) {
  const step = Math.max(1, Math.floor(names.length / count));
  return names.filter((_, index) => index % step === 0).slice(0, count);
}

function readFilms() {
  const count = Number(values.count);
  const isFilm = (name) => /\.(png|jpe?g)$/i.test(name);
  const films = [];
  if (values.films) {
    for (const name of spread(readdirSync(values.films).filter(isFilm).sort(), count)) films.push({ name, bytes: readFileSync(join(values.films, name)) });
  }
  if (values.pack) {
    const pack = readTar(readFileSync(values.pack));
    for (const name of spread([...pack.keys()].filter(isFilm).sort(), count)) films.push({ name, bytes: pack.get(name) });
  }
  return films;
}

const bench = await Workbench.start(site, { files: await readModel(site) });

/** @returns {Promise<{scores: number[]|null, reasons: string[]}>} null: refused */
function score(name, bytes) {
  return bench.withFilm(name, new Uint8Array(bytes), async (film) => {
    const { analysis } = await bench.analyse(film);
    return { scores: analysis.analysed ? analysis.findings.map(({ calibrated }) => calibrated) : null,
      reasons: analysis.reasons.map(({ id, severity }) => (severity === 'refuse' ? `${id}!` : id)) };
  });
}

const tally = kStoredWays.map(({ name }) => ({ name, changes: [], refused: [], films: 0 }));
for (const { name, bytes } of readFilms()) {
  const picture = await bench.withFilm(name, new Uint8Array(bytes), (film) => ({
    width: film.width, height: film.height, values: Uint16Array.from(new Uint16Array(bench.call('pixels', { film: film.film }).blobs[0].slice().buffer)),
    deep: film.full_scale > 255,
  }));
  if (picture.deep) {
    stderr.write(`${name} is no 8-bit film and is left out\n`);
    continue;
  }
  const own = await score(name, bytes);
  if (!own.scores) {
    stderr.write(`${name} is refused as it is (${own.reasons.join(', ')}) and is left out\n`);
    continue;
  }
  for (const [index, { name: way, write }] of kStoredWays.entries()) {
    const there = await score(`${name} ${way}`, write(picture));
    const row = tally[index];
    row.films += 1;
    if (!there.scores) {
      row.refused.push(`${name} (${there.reasons.join(', ')})`);
      continue;
    }
    const ratios = own.scores.map((value, finding) => [value, there.scores[finding]])
      .filter(([a, b]) => Math.max(a, b) >= kLeastScore).map(([a, b]) => Math.abs(b - a) / Math.max(a, 1e-9));
    if (ratios.length > 0) row.changes.push(median(ratios));
  }
}
await bench.close();

const percent = (value) => `${(100 * value).toFixed(1)} %`;
const most = (changes) => (changes.length ? Math.max(...changes) : 0);
if (values.json) stdout.write(`${JSON.stringify(tally, null, 1)}\n`);
else {
  stdout.write(alignTable([['STORED AS', 'FILMS', 'MEDIAN CHANGE', 'LARGEST', 'REFUSED'],
    ...tally.map(({ name, films, changes, refused }) => [name, String(films), percent(changes.length ? median(changes) : 0), percent(most(changes)),
      refused.length ? refused.join('; ') : '0'])], [false, true, true, true, false]));
}
exit(tally.every(({ changes, refused }) => refused.length === 0 && (!changes.length || median(changes) <= kMost)) ? 0 : 1);
