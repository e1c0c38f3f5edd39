// cxr evaluate: how good models are on films with labels. Films are scored as `cxr predict` does; every figure is the engine's.
import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stderr, stdout } from 'node:process';
import { asError, failure } from '../../web/shared/errors.js';
import { today } from '../../web/shared/today.js';
import { NOTICE } from '../../web/shared/notice.js';
import { UsageError, readArguments, readCount } from './arguments.mjs';
import { findInputs, readInput, tellIgnored } from './inputs.mjs';
import { describeImages, kBlank, kLabelArguments, kUncertain, readLabelChoice, readTable } from './labels.mjs';
import { onDisk } from './local_files.mjs';
import { Progress } from './predict.mjs';
import { alignTable, printable } from './text.mjs';
import { Workbench, readModel } from './workbench.mjs';

export const kEvaluateHelp = `Usage: cxr evaluate FOLDER|ZIP… --labels TABLE --out DIR [options]

How good models are on films with labels: areas under the ROC curve with intervals, average precision, sensitivity, specificity and
predictive values, calibration, how frequent each finding is by the scores alone, decision curves, thresholds chosen on these films,
three zones with a guarantee, groups, and models against each other. Writes into DIR

  evaluation.json           {labels, models: [{id, sha256, operating_point, films, findings: [{id, positives, negatives, auroc,
                            interval: [low, high], average_precision, …}]}], comparisons, app, films, notice}
  scores.csv                one line per film, model and finding: score, threshold, label, groups
  report.html               tables and plots in one page that needs nothing else
  model-card.json           the results as an Applied Model Card of the Coalition for Health AI; of several models model-card-ID.json
  scored-*.jsonl            the score of each film as soon as it is there; a run that was stopped goes on from it

  --labels TABLE            CSV or TSV: ChestX-ray14, CheXpert, MIMIC-CXR, PadChest, VinDr-CXR, covid-chestxray-dataset, or any
                            columns of 0, 1, -1 (uncertain) and blanks. Without it the films' folders are their labels.
  --out DIR                 where to write; made where it is missing
  --model ID                a model as cxr predict takes it; may be given several times
  --image-column NAME       the column that names the films (default: the one that finds most of them)
  --join KEY                what it names: path, file-name, stem, study, sop-instance-uid or accession-number (default: whatever
                            finds most; the last two are read from the files only where they are asked for)
  --finding ID=COLUMN       a finding of the models under the table's name of it, where the two differ
  --group COLUMN            results for each value of a column, too; view, sex and age are found by themselves
  --uncertain WHAT          what -1 counts as: ${kUncertain.join(', ')} (default ignore)
  --blank WHAT              what a blank counts as: ${kBlank.join(', ')} (default by-format: negative in CheXpert and MIMIC-CXR)
  --ppv P, --npv P          what the zones are to guarantee (default 0.9 and 0.95, with a confidence of 0.95)
  --profile-out FILE        writes a site profile: the thresholds of one rule and the zones that were proved, for
                            cxr predict --profile and for the page
  --profile-by RULE         that rule: youden (default), sensitivity=0.95, specificity=0.9 or cost
  --miss-cost N             for cost: a missed finding costs as much as N false ones (default 5)
  --cost-prevalence P       for cost: the share of films that have it where the profile is to be used (default: as these films)
  --threads N               processor threads for the network (default 1)
  --site DIR                the built page whose engine and models are used (default: build/web/site)

Scores are the calibrated ones, and a film is called where its score is at or above the threshold. Films that the gate refuses are
left out and counted.

Exit status: 0 all films were read; 3 some were not; 2 wrong usage; 1 nothing could be run or the table cannot be used.

${NOTICE}
`;

/** @satisfies {import('./arguments.mjs').Options} */
const kArguments = {
  ...kLabelArguments, out: { type: 'string' }, model: { type: 'string', multiple: true }, finding: { type: 'string', multiple: true },
  ppv: { type: 'string' }, npv: { type: 'string' }, threads: { type: 'string' }, 'profile-out': { type: 'string' },
  'profile-by': { type: 'string' }, 'miss-cost': { type: 'string' }, 'cost-prevalence': { type: 'string' },
};

/** @param {string[]} args @returns {Promise<number>} the exit status */
export async function evaluate(args) {
  const { values, positionals } = readArguments(args, kArguments);
  if (positionals.length === 0) throw new UsageError('No folder of films was named.');
  if (values.out === undefined) throw new UsageError('Name the folder for the results with --out.');
  const choice = readChoice(values);
  const threads = readCount(values, 'threads', 1);
  const ids = [...new Set(values.model ?? [undefined])];
  const profileOut = values['profile-out'];
  if (profileOut !== undefined && ids.length > 1) throw new UsageError('--profile-out writes the profile of one model: name one with --model.');
  const models = [];
  for (const id of ids) models.push(await readModel(values.site, id));

  const table = values.labels === undefined ? new Uint8Array() : await readTable(values.labels);
  const bench = await Workbench.start(values.site);
  const { inputs, ignored } = await findInputs(positionals, { inflater: () => bench.inflater() });
  tellIgnored(ignored);
  const images = await describeImages(inputs, values.join, bench);
  const { value: { labels, with_row: withRow } } = bench.call('evaluate', { ...choice, images, models: [] }, [table]);
  for (const remark of labels.remarks) stderr.write(`${printable(remark)}\n`);
  const wanted = inputs.map((input, index) => ({ input, index })).filter(({ index }) => withRow[index] === 1);
  await bench.close();

  const { out } = values;
  await onDisk(() => mkdir(out, { recursive: true }));
  /** @type {ScoredFilms[]} */
  const scored = [];
  for (const files of models) scored.push(await scoreFilms({ ...values, out }, files, threads, wanted, inputs.length));
  const { films, remarks } = countFilms(scored, wanted.length);

  const judge = await Workbench.start(values.site);
  const { value, blobs: [report, csv, ...ofModels] } = judge.call('evaluate', {
    ...choice, images, notice: NOTICE, date: today(), remarks, models: scored.map(({ model }) => model),
  }, [table, ...scored.map(({ scores }) => new Uint8Array(scores.buffer))]);
  await judge.close();
  await onDisk(async () => {
    await writeFile(join(out, 'report.html'), report);
    await writeFile(join(out, 'scores.csv'), csv);
    if (profileOut !== undefined) await writeFile(profileOut, ofModels[0]);
    for (const [index, { model: { id } }] of scored.entries()) {
      await writeFile(join(out, scored.length === 1 ? 'model-card.json' : `model-card-${id}.json`), ofModels[2 * index + 1]);
    }
    await writeFile(join(out, 'evaluation.json'), `${JSON.stringify({ ...value, films, notice: NOTICE }, null, 2)}\n`);
  });
  for (const remark of remarks) stderr.write(`${remark}\n`);
  stdout.write(`${toTable(value)}\n${NOTICE}\n`);
  return films.unreadable > 0 ? 3 : 0;
}

/**
 * Options as the engine's request has them.
 * @typedef {import('./arguments.mjs').Values<typeof kArguments> & {site: string}} Asked
 * @typedef {import('../../web/worker/engine_methods.js').EvaluationRequest} EvaluationRequest
 * @typedef {import('./inputs.mjs').Input} Input
 *
 * @param {Asked} values
 * @returns {Omit<EvaluationRequest, 'images'|'models'>}
 */
function readChoice(values) {
  /** @param {'ppv'|'npv'|'cost-prevalence'} name @param {number} fallback */
  const share = (name, fallback) => {
    const number = values[name] === undefined ? fallback : Number(values[name]);
    if (!(number > 0 && number < 1)) throw new UsageError(`--${name} ${values[name]}: expected a number between 0 and 1.`);
    return number;
  };
  const names = (values.finding ?? []).map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1 || at === pair.length - 1) throw new UsageError(`--finding ${pair}: expected ID=COLUMN.`);
    return { finding: pair.slice(0, at), column: pair.slice(at + 1) };
  });
  const miss = Number(values['miss-cost'] ?? 5);
  if (!(miss > 0 && Number.isFinite(miss))) throw new UsageError(`--miss-cost ${values['miss-cost']}: expected a number above 0.`);
  const costs = { miss, prevalence: values['cost-prevalence'] === undefined ? 0 : share('cost-prevalence', 0) };
  return { ...readLabelChoice(values), names, goal: { ppv: share('ppv', 0.9), npv: share('npv', 0.95), confidence: 0.95 }, costs,
    ...readRule(values['profile-by'] ?? 'youden') };
}

/**
 * "youden", "cost", "sensitivity=0.95" or "specificity=0.9".
 * @param {string} words @returns {Pick<EvaluationRequest, 'rule'|'sensitivity'|'specificity'>}
 */
function readRule(words) {
  if (words === 'youden' || words === 'cost') return { rule: words };
  const [, rule, number] = /^(sensitivity|specificity)=(.+)$/.exec(words) ?? [];
  const target = Number(number);
  if (!(target > 0 && target < 1)) throw new UsageError(`--profile-by ${words}: expected youden, cost, sensitivity=P or specificity=P with P between 0 and 1.`);
  return rule === 'sensitivity' ? { rule, sensitivity: target } : { rule: 'specificity', specificity: target };
}

/**
 * Scores of one model: from what an earlier run left, else from the network; each is written down at once.
 * @typedef {{id: string, calibrated: number, threshold: number}} ScoredFinding
 * @typedef {object} Scored one film
 * @property {string} file
 * @property {string|null} key the hash of its bytes; null where it could not be read
 * @property {boolean} ok
 * @property {import('../../web/shared/protocol.js').ErrorValue|null} error
 * @property {string|null} operating_point
 * @property {ScoredFinding[]} findings
 * @typedef {{model: import('../../web/worker/engine_methods.js').ScoredModel, scores: Float32Array, records: Scored[]}} ScoredFilms
 *
 * @param {{site: string, out: string}} values
 * @param {import('../../web/worker/models.js').ModelFiles} files
 * @param {number} threads
 * @param {{input: Input, index: number}[]} wanted
 * @param {number} images how many there are
 * @returns {Promise<ScoredFilms>} scores of all images × findings, NaN where there is none
 */
async function scoreFilms(values, files, threads, wanted, images) {
  const bench = await Workbench.start(values.site, { files, threads });
  const { id, sha256 } = bench.model;
  const info = bench.model;
  const file = join(values.out, `scored-${id}-${sha256.slice(0, 12)}.jsonl`);
  // Another build of the engine may read a film in another way: its scores are not taken over.
  const engine = createHash('sha256').update(await readFile(join(values.site, 'engine.wasm'))).digest('hex');
  const known = await readScored(file, { model: sha256, engine });
  /** @type {Scored[]} */
  const records = [];
  const progress = new Progress(wanted.length);
  let operatingPoint = /** @type {string|null} */ (null);
  let found = /** @type {ScoredFinding[]|null} */ (null);
  for (const { input } of wanted) {
    progress.show(records.length + 1, input.file);
    const record = await scoreFilm(bench, input, known);
    records.push(record);
    if (record.key && !known.has(record.key) && record.error?.code !== 'engine-crashed') {
      const line = JSON.stringify({ ...record, model: sha256, engine });
      await onDisk(() => appendFile(file, `${line}\n`));
    }
    if (record.findings.length > 0) [found, operatingPoint] = [record.findings, record.operating_point];
  }
  progress.clear();
  await bench.close();
  const findings = found ?? [];
  if (!found) throw failure('unavailable', `Model ${id} has analysed none of the ${wanted.length} films with labels.`, firstReason(records));

  const scores = new Float32Array(images * findings.length).fill(NaN);
  records.forEach((record, place) => record.findings.forEach(({ calibrated }, finding) => {
    scores[wanted[place].index * findings.length + finding] = calibrated;
  }));
  const model = { id, sha256, operating_point: operatingPoint ?? '', findings: findings.map((finding) => finding.id),
    thresholds: findings.map(({ threshold }) => threshold), info };
  return { model, scores, records };
}

/**
 * What the network says of a film, from an earlier run where there is one.
 * @param {Workbench} bench
 * @param {Input} input
 * @param {Map<string, Scored>} known by key
 * @returns {Promise<Scored>}
 */
async function scoreFilm(bench, input, known) {
  /** @type {Scored} */
  const record = { file: input.file, key: null, ok: true, error: null, operating_point: null, findings: [] };
  try {
    const bytes = await readInput(input);
    record.key = createHash('sha256').update(bytes).digest('hex');
    const before = known.get(record.key);
    if (before) return { ...before, file: input.file };
    const { analysis } = await bench.withFilm(input.within, bytes, (film) => bench.analyse(film));
    if (!analysis.analysed) {
      const reason = analysis.reasons.find(({ severity }) => severity === 'refuse');
      return { ...record, error: { code: 'not-analysed', message: reason?.text ?? '', hint: '' } };
    }
    const findings = analysis.findings.map(({ id, calibrated, threshold }) => ({ id, calibrated, threshold }));
    return { ...record, operating_point: analysis.operating_point?.id ?? null, findings };
  } catch (error) {
    return { ...record, ok: false, error: asError(error, { hint: 'Please report this with the format of the file.' }) };
  }
}

/** @param {Scored[]} records */
const firstReason = (records) => (records.find(({ error }) => error)?.error?.message ?? '');

/**
 * Records of an earlier run by the hash of the film's bytes. A last line that was cut off is left out.
 * @param {string} file
 * @param {{model: string, engine: string}} made by which model and engine: others are passed over
 * @returns {Promise<Map<string, Scored>>}
 */
async function readScored(file, { model, engine }) {
  const known = new Map();
  let text;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return known;
  }
  for (const line of text.split('\n')) {
    try {
      const record = JSON.parse(line);
      if (record.model === model && record.engine === engine && record.key) known.set(record.key, record);
    } catch {
      // cut off, or empty
    }
  }
  // What follows a cut-off line must not become part of it.
  if (text !== '' && !text.endsWith('\n')) await onDisk(() => appendFile(file, '\n'));
  return known;
}

/**
 * How many films counted, and sentences about those that did not.
 * @param {ScoredFilms[]} scored @param {number} withRow films that have a row in the table
 */
function countFilms(scored, withRow) {
  const [{ records }] = scored;
  const unreadable = records.filter(({ ok }) => !ok);
  const refused = records.filter(({ ok, findings }) => ok && findings.length === 0);
  const remarks = [];
  /** @param {Scored[]} list */
  const examples = (list) => list.slice(0, 3).map(({ file, error }) => `${printable(file)}: ${error?.message}`).join(' ');
  if (unreadable.length > 0) remarks.push(`${count(unreadable.length, 'film')} with labels could not be read. ${examples(unreadable)}`);
  if (refused.length > 0) remarks.push(`${count(refused.length, 'film')} with labels ${refused.length === 1 ? 'is' : 'are'} not fit for the network and left out. ${examples(refused)}`);
  const copies = records.length - new Set(records.map(({ key }, place) => key ?? place)).size;
  if (copies > 0) remarks.push(`${count(copies, 'film')} with labels ${copies === 1 ? 'is a copy' : 'are copies'} of another, byte for byte, and counted all the same.`);
  return { films: { with_labels: withRow, scored: records.length - unreadable.length - refused.length, refused: refused.length,
    unreadable: unreadable.length }, remarks };
}

/** @param {number} number @param {string} word */
const count = (number, word) => `${number} ${word}${number === 1 ? '' : 's'}`;

/** @param {import('../../web/worker/engine_methods.js').Evaluation} evaluation */
function toTable({ models }) {
  const rows = [['MODEL', 'FINDING', 'WITH', 'WITHOUT', 'AUROC', 'INTERVAL', 'AVERAGE PRECISION', 'SHARE BY LABELS', 'BY SCORES', "MODEL'S"]];
  for (const { id, findings } of models) {
    for (const { id: finding, positives, negatives, auroc, interval, average_precision: precision, label,
      prevalence, prevalence_estimated: here } of findings) {
      if (label === null) continue;
      const figures = auroc === null ? ['–', '–', '–']
        : [auroc.toFixed(3), interval.map((end) => end.toFixed(3)).join(' to '), precision.toFixed(3)];
      const shares = [prevalence, here?.value, here?.model].map((share) => (typeof share === 'number' ? share.toFixed(3) : '–'));
      rows.push([printable(id), printable(finding), String(positives), String(negatives), ...figures, ...shares]);
    }
  }
  return alignTable(rows, [false, false, ...Array(8).fill(true)]);
}
