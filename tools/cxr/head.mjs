// cxr head: a head of one's own. Films are seen by the network as `cxr predict` shows them, and the engine fits and judges the head.
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { stderr, stdout } from 'node:process';
import { NOTICE } from '../../web/shared/notice.js';
import { today } from '../../web/shared/today.js';
import { UsageError, readArguments, readCount } from './arguments.mjs';
import { lookAtFilms } from './film_features.mjs';
import { findInputs, tellIgnored } from './inputs.mjs';
import { describeImages, kLabelArguments, readLabelChoice, readTable } from './labels.mjs';
import { onDisk } from './local_files.mjs';
import { alignTable, printable } from './text.mjs';
import { Workbench, readModel } from './workbench.mjs';

export const kHeadHelp = `Usage: cxr head FOLDER|ZIP… --labels TABLE --out DIR [options]

Trains a head of your own on what a network sees: one weighted sum of its pooled features for each finding of the table, in seconds. It
is judged by cross-validation in which all films of a patient stay together, and calibrated. Writes into DIR a model folder

  manifest.json, weights.safetensors    run it with cxr predict --model DIR/
  head.json                             {id, films, patients, findings: [{id, positives, negatives, auroc, interval, refusal}], notice}

  --labels TABLE            as cxr evaluate takes it. Without it the films' folders are their labels.
  --out DIR                 where to write; made where it is missing
  --id ID, --name NAME      of the new model (default: the name of DIR)
  --finding COLUMN          learn this finding only; may be given several times
  --model ID                the network whose features are used, as cxr predict takes it
  --folds N                 of the cross-validation (default 5)
  --balance                 films with and without a finding weigh the same, however few there are of one kind
  --image-column NAME, --join KEY, --uncertain WHAT, --blank WHAT    as cxr evaluate has them
  --threads N               processor threads for the network (default 1)
  --site DIR                the built page whose engine and models are used (default: build/web/site)

Films that the gate refuses are left out and counted. A finding with too few patients is left out and says why.

Exit status: 0 all films were read; 3 some were not; 2 wrong usage; 1 nothing could be learnt.

${NOTICE}
`;

/** @satisfies {import('./arguments.mjs').Options} */
const kArguments = {
  ...kLabelArguments, out: { type: 'string' }, id: { type: 'string' }, name: { type: 'string' }, finding: { type: 'string', multiple: true },
  model: { type: 'string' }, folds: { type: 'string' }, balance: { type: 'boolean' }, threads: { type: 'string' },
};

/** @param {string[]} args @returns {Promise<number>} the exit status */
export async function head(args) {
  const { values, positionals } = readArguments(args, kArguments);
  if (positionals.length === 0) throw new UsageError('No folder of films was named.');
  const { out } = values;
  if (out === undefined) throw new UsageError('Name the folder of the new model with --out.');
  const id = values.id ?? basename(resolve(out));
  const table = values.labels === undefined ? new Uint8Array() : await readTable(values.labels);
  const files = await readModel(values.site, values.model);
  const bench = await Workbench.start(values.site, { files, threads: readCount(values, 'threads', 1) });
  const { inputs, ignored } = await findInputs(positionals, { inflater: () => bench.inflater() });
  tellIgnored(ignored);
  const choice = { ...readLabelChoice(values), images: await describeImages(inputs, values.join, bench) };
  const { value: { labels, with_row: withRow } } = bench.call('evaluate', { ...choice, models: [] }, [table]);
  for (const remark of labels.remarks) stderr.write(`${printable(remark)}\n`);

  const wanted = inputs.map((input, index) => ({ input, index })).filter(({ index }) => withRow[index] === 1);
  const { seen, unreadable, refused } = await lookAtFilms(bench, wanted);
  const { value, blobs: [manifest, weights] } = bench.call('train-head', {
    ...choice, id, name: values.name ?? id, findings: values.finding ?? [], folds: readCount(values, 'folds', 5), date: today(),
    balance: values.balance ?? false,
  }, [table, new Uint8Array(featureRows(seen, inputs.length).buffer), files.manifest]);
  await bench.close();
  await onDisk(async () => {
    await mkdir(out, { recursive: true });
    await writeFile(join(out, 'weights.safetensors'), weights);
    await writeFile(join(out, 'manifest.json'), manifest);
    await writeFile(join(out, 'head.json'), `${JSON.stringify({ ...value, unreadable, refused, notice: NOTICE }, null, 2)}\n`);
  });
  if (refused > 0) stderr.write(`${refused} of the films with labels are not fit for the network and left out.\n`);
  stdout.write(`${described(value)}Kept in ${out}; run it with cxr predict --model ${out.replace(/\/?$/, '/')}\n${NOTICE}\n`);
  return unreadable > 0 ? 3 : 0;
}

/**
 * @param {import('./film_features.mjs').SeenFilm[]} seen @param {number} inputs
 * @returns {Float32Array} inputs × features, NaN where there are none
 */
function featureRows(seen, inputs) {
  const columns = seen[0].features.length;
  const rows = new Float32Array(inputs * columns).fill(NaN);
  for (const { index, features } of seen) rows.set(features, index * columns);
  return rows;
}

/** @param {import('../../web/worker/engine_methods.js').TrainedHead} head */
function described({ name, films, patients, findings }) {
  const rows = findings.map(({ id, positives, negatives, auroc, interval, refusal }) => [id, String(positives), String(negatives),
    auroc === null || interval === null ? refusal ?? '' : `${auroc.toFixed(3)} (${interval.map((end) => end.toFixed(3)).join(' to ')})`]);
  return `${name}: ${films} films of ${patients} patients.\n${alignTable([['FINDING', 'WITH', 'WITHOUT', 'AUROC OUT OF FOLD'], ...rows])}`;
}
