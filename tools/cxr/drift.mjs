// cxr drift: whether one batch of films is like another, by what a network sees of both.
import { writeFile } from 'node:fs/promises';
import { stderr, stdout } from 'node:process';
import { NOTICE } from '../../web/shared/notice.js';
import { UsageError, readArguments, readCount } from './arguments.mjs';
import { lookAtFilms } from './film_features.mjs';
import { findInputs, tellIgnored } from './inputs.mjs';
import { onDisk } from './local_files.mjs';
import { alignTable, printable } from './text.mjs';
import { Workbench, readModel } from './workbench.mjs';

export const kDriftHelp = `Usage: cxr drift --reference FOLDER|ZIP --batch FOLDER|ZIP [options]

Whether one batch of films is like another, such as this month's like last month's: for each finding how its scores are distributed
(population stability index, Kolmogorov-Smirnov test with all findings taken together), for the network's features how many differ,
and which films of the batch are unlike all of the reference. No labels are needed. A shift says that something changed, not what.

  --reference PLACE         what counts as usual; may be given several times
  --batch PLACE             what is compared with it; may be given several times
  --model ID                a model as cxr predict takes it
  --json                    {model, films, findings: [{id, stability_index, largest_gap, p, verdict, …}], features, unlike, notice}
  --out FILE                writes that JSON into a file
  --threads N               processor threads for the network (default 1)
  --site DIR                the built page whose engine and models are used (default: build/web/site)

Exit status: 0 all films were read; 3 some were not; 2 wrong usage; 1 a batch is too small, or nothing could be run.

${NOTICE}
`;

/** Small numbers are told as such, not as 0. @param {number} share */
const percent = (share) => (share > 0 && share < 0.001 ? 'under 0.1 %' : `${(100 * share).toFixed(1)} %`);
const inWords = { stable: 'alike', some: 'some shift', shifted: 'shifted' };

/** @satisfies {import('./arguments.mjs').Options} */
const kArguments = {
  reference: { type: 'string', multiple: true }, batch: { type: 'string', multiple: true }, model: { type: 'string' },
  json: { type: 'boolean' }, out: { type: 'string' }, threads: { type: 'string' },
};

/** @param {string[]} args @returns {Promise<number>} the exit status */
export async function drift(args) {
  const { values, positionals } = readArguments(args, kArguments);
  if (positionals.length > 0) throw new UsageError(`Name places with --reference and --batch; what is ${positionals[0]}?`);
  if (!values.reference || !values.batch) throw new UsageError('Name the films that count as usual with --reference, and the others with --batch.');
  const files = await readModel(values.site, values.model);
  const bench = await Workbench.start(values.site, { files, threads: readCount(values, 'threads', 1) });
  const [reference, batch] = [await looked(bench, values.reference), await looked(bench, values.batch)];
  const { value } = bench.call('drift', { findings: reference.findings, reference: reference.files, batch: batch.files },
    [reference.scores, batch.scores, reference.features, batch.features]);
  const model = bench.model;
  await bench.close();
  const report = { model: { id: model?.id, sha256: model?.sha256 }, ...value, notice: NOTICE };
  const json = `${JSON.stringify(report, null, 2)}\n`;
  const { out } = values;
  if (out !== undefined) await onDisk(() => writeFile(out, json));
  stdout.write(values.json ? json : `${described(value)}${NOTICE}\n`);
  return reference.unreadable + batch.unreadable > 0 ? 3 : 0;
}

/**
 * What the network sees of a batch, as the engine's request takes it.
 * @param {Workbench} bench @param {string[]} places
 */
async function looked(bench, places) {
  const { inputs, ignored } = await findInputs(places, { inflater: () => bench.inflater() });
  tellIgnored(ignored);
  const { seen, unreadable, refused } = await lookAtFilms(bench, inputs.map((input, index) => ({ input, index })));
  if (refused > 0) stderr.write(`${refused} films of ${places.join(', ')} are not fit for the network and left out.\n`);
  /** @param {ArrayLike<number>[]} rows */
  const joined = (rows) => {
    const all = new Float32Array(rows.length * rows[0].length);
    rows.forEach((row, film) => all.set(row, film * row.length));
    return new Uint8Array(all.buffer);
  };
  return {
    unreadable, findings: seen[0].findings.map(({ id }) => id), files: seen.map(({ index }) => inputs[index].file),
    scores: joined(seen.map(({ findings }) => findings.map(({ calibrated }) => calibrated))), features: joined(seen.map(({ features }) => features)),
  };
}

/** @param {import('../../web/worker/engine_methods.js').BatchDrift} found */
function described({ films, findings, features, unlike }) {
  const rows = findings.map(({ id, verdict, stability_index: index, p, reference_mean: before, batch_mean: now }) => [
    id, inWords[verdict], index.toFixed(2), p < 0.001 ? '<0.001' : p.toFixed(3), percent(before), percent(now)]);
  const far = unlike.map(({ file, distance, share }) => `  ${printable(file)}: distance ${distance.toFixed(2)}; ${percent(share)} of the reference lie as far\n`);
  return `${films.batch} films against ${films.reference}.\n`
    + alignTable([['FINDING', 'VERDICT', 'STABILITY INDEX', 'P', 'MEAN SCORE BEFORE', 'NOW'], ...rows])
    + `${percent(features.share_differing)} of the network’s features differ by their own test; about 5 % would where nothing changed.\n`
    + (far.length === 0 ? 'No film is unlike the reference.\n' : `Unlike 99 % of the reference:\n${far.join('')}`);
}
