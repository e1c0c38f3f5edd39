// cxr explain and cxr trust: where the evidence for one finding of one film lies by one method, and whether that map
// deserves trust.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stderr, stdout } from 'node:process';
import { Cancelled, EngineError, asError, messageOf } from '../../web/shared/errors.js';
import { NOTICE } from '../../web/shared/notice.js';
import { UsageError, readArguments, readCount } from './arguments.mjs';
import { kCorrectionHelp, kCorrectionOptions, readCorrection } from './correction.mjs';
import { kLookHelp, kLookOptions, readLook } from './look.mjs';
import { findInputs, readInput } from './inputs.mjs';
import { hasTerminal, kCancelled, onInterrupt } from './terminal.mjs';
import { alignTable, printable } from './text.mjs';
import { Workbench, readModel } from './workbench.mjs';

const kOptions = `  --layer L                 where the method looks into the network: block1, block2, …, features or fused
  --model ID                another model than the default (see cxr model list), or a folder with a manifest.json and its
                            network: weights.safetensors, or a finished graph as model.onnx
  --operating-point ID      another threshold than the model's default
  --anyway                  also a film that is not fit for the model, but for a blank one
  --progress                says on standard error how far it is, a line for each step
  --threads N               processor threads for the network (default 1)
  --site DIR                the built page whose engine and models are used (default: build/web/site)

${kCorrectionHelp}`;

const kStatus = `Exit status: 0 done; 3 the file was not read, or its film is not fit for the network (the message says why); 2 wrong
usage; 1 nothing could be run or written; 130 cancelled with Ctrl+C.

${NOTICE}
`;

export const kExplainHelp = `Usage: cxr explain FILE --finding NAME [--method M] --out DIR [options]

Where the evidence for one finding of one film lies. Writes into DIR
  FILE.NAME.M.png           the film with the map over it, and a caption with the scale of its colours
  FILE.NAME.M.npy           the map's values as a NumPy array of float32, [height, width]
  FILE.NAME.M.spread.npy    their standard deviation, of methods that have one
  FILE.NAME.M.json          the finding's score, the map's unit, words, area, boxes in pixels of the film, measures, and the
                            geometry: model x = a·x + b·y + c, model y = d·x + e·y + f of the film's x and y; the map's cells
                            divide the network's input of model_width × model_height evenly

  --finding NAME            one of the model's findings
  --method M                one of the methods (default evidence); an unknown one lists them
  --out DIR                 the folder to write into; made where it is not there
${kOptions}

${kLookHelp}
${kStatus}`;

export const kTrustHelp = `Usage: cxr trust FILE --finding NAME [--method M] [--json] [options]

Whether a map deserves trust, by checks on this very film: it adds up; erasing the region lowers the score more than erasing
as much elsewhere; deletion and insertion curves; stability under small shifts and changes of contrast; another map for other
outputs. They ask whether the map says what the network does, not whether the finding is there.

  --finding NAME            one of the model's findings
  --method M                one of the methods (default evidence); an unknown one lists them
  --json                    {line, checks: [{id, name, verdict, text, values}], method, finding, …}; verdict is passed,
                            doubtful, failed or not-run
${kOptions}
${kStatus}`;

/** @satisfies {import('./arguments.mjs').Options} */
const kArguments = {
  finding: { type: 'string' }, method: { type: 'string', default: 'evidence' }, layer: { type: 'string' },
  model: { type: 'string' }, 'operating-point': { type: 'string' }, threads: { type: 'string' },
  anyway: { type: 'boolean' }, progress: { type: 'boolean' }, ...kCorrectionOptions,
};

/** @param {string[]} args @returns {Promise<number>} the exit status */
export async function explain(args) {
  const { values, positionals } = readArguments(args, { ...kArguments, ...kLookOptions, out: { type: 'string' } });
  const { out } = values;
  if (out === undefined) throw new UsageError('--out is missing: name the folder to write into.');
  const look = readLook(values);
  return withQuestion(values, positionals, 'explain', async ({ bench, film, input, job, result }) => {
    const fileName = input.within.split(/[\\/]/).pop();
    const exported = await bench.picture('export-map', { job, film: film.film, file: fileName, look });
    const [map, picture, spread] = exported.blobs;
    const name = [fileName, result.finding.id, result.method, result.layer].filter(Boolean).join('.');
    const record = { file: input.file, ...exported.value };
    /** @type {[name: string, content: string|Uint8Array][]} */
    const files = [
      [`${name}.png`, picture], [`${name}.npy`, map],
      .../** @type {[string, Uint8Array][]} */ (spread ? [[`${name}.spread.npy`, spread]] : []), [`${name}.json`, `${JSON.stringify(record, null, 2)}\n`],
    ];
    await write(out, files);
    stdout.write(explanationText(result, files.map(([file]) => join(out, file))));
  });
}

/** @param {string[]} args @returns {Promise<number>} the exit status */
export async function trust(args) {
  const { values, positionals } = readArguments(args, { ...kArguments, json: { type: 'boolean' } });
  return withQuestion(values, positionals, 'trust', ({ bench, input, result }) => {
    const { app } = bench.call('version', {}).value;
    if (values.json) stdout.write(`${JSON.stringify({ file: input.file, app, ...result }, null, 2)}\n`);
    else stdout.write(trustText(result));
  });
}

/**
 * Runs one job of the engine on one film, and `work` on its result.
 * @typedef {import('../../web/worker/engine_methods.js').JobResults} JobResults
 * @typedef {import('./arguments.mjs').Values<typeof kArguments> & {site: string}} Question
 * @typedef {import('./inputs.mjs').Input} Input
 * @typedef {import('../../web/dicom/open.js').OpenedFilm} OpenedFilm
 */
/**
 * What a job says of a film that was not refused.
 * @template {'explain'|'trust'} Job
 * @typedef {JobResults[Job] & {finding: import('../../web/shared/contract.js').ExplainedFinding}} Analysed
 */
/**
 * @template {'explain'|'trust'} Job
 * @typedef {(done: {bench: Workbench, film: OpenedFilm, input: Input, job: number, result: Analysed<Job>}) => void|Promise<void>} Work
 */

/**
 * @template {'explain'|'trust'} Job
 * @param {Question} values
 * @param {string[]} positionals
 * @param {Job} job
 * @param {Work<Job>} work
 * @returns {Promise<number>} the exit status
 */
async function withQuestion(values, positionals, job, work) {
  if (positionals.length !== 1) throw new UsageError(positionals.length === 0 ? 'No file was named.' : 'One file at a time.');
  if (values.finding === undefined) throw new UsageError('--finding is missing: name a finding of the model.');
  const correction = readCorrection(values);
  const stop = new AbortController();
  onInterrupt(() => stop.abort());
  const files = await readModel(values.site, values.model);
  const threads = readCount(values, 'threads', 1);
  const bench = await Workbench.start(values.site, { files, network: false });
  try {
    checkChoices(bench, values);
    await bench.startNetwork(threads);
    return await answer(bench, { ...values, finding: values.finding, correction, signal: stop.signal }, positionals[0], job, work);
  } finally {
    await bench.close();
  }
}

/**
 * What the engine would refuse as a wrong request, as wrong usage, before a file is read.
 * @param {Workbench} bench @param {Question} values
 */
function checkChoices(bench, values) {
  const methods = bench.call('methods').value.methods;
  /** @param {string} what @param {string|undefined} wanted @param {string[]} known */
  const choose = (what, wanted, known) => {
    if (wanted !== undefined && !known.includes(wanted)) throw new UsageError(`There is no ${what} "${wanted}"; there is ${known.join(', ')}.`);
  };
  choose('finding', values.finding, bench.model.labels.map(({ id }) => id));
  choose('method', values.method, methods.map(({ id }) => id));
  choose('operating point', values['operating-point'], bench.model.operating_points.map(({ id }) => id));
  const { layers, unavailable } = /** @type {typeof methods[number]} */ (methods.find(({ id }) => id === values.method));
  if (unavailable) {
    const others = methods.filter((method) => !method.unavailable).map(({ id }) => id).join(', ');
    throw new UsageError(`${unavailable} There is ${others}.`);
  }
  if (values.layer !== undefined && layers.length === 0) throw new UsageError(`The method ${values.method} has no layers to choose from.`);
  choose('layer', values.layer, layers);
}

/**
 * @template {'explain'|'trust'} Job
 * @param {Workbench} bench
 * @param {Omit<Question, 'finding'> & {finding: string, correction: import('../../web/shared/contract.js').Correction, signal: AbortSignal}} values
 * @param {string} path
 * @param {Job} job
 * @param {Work<Job>} work
 */
async function answer(bench, values, path, job, work) {
  const { inputs } = await findInputs([path], { inflater: () => bench.inflater() });
  if (inputs.length !== 1) throw new UsageError(`${path} holds ${inputs.length} files; name one film.`);
  const [input] = inputs;
  /** @type {Omit<import('../../web/worker/engine_methods.js').Methods['explain']['args'], 'film'>} */
  const args = { finding: values.finding, method: values.method, correction: values.correction, anyway: Boolean(values.anyway) };
  if (values.layer !== undefined) args.layer = values.layer;
  if (values['operating-point'] !== undefined) args.operating_point = values['operating-point'];
  let bytes;
  try {
    bytes = await readInput(input);
  } catch (error) {
    return complain(input.file, 'was not read', error);
  }
  try {
    await bench.withFilm(input.within, bytes, (film) => bench.run(job, { film: film.film, ...args }, {
      onProgress: values.progress ? tellProgress : showProgress, signal: values.signal,
      afterwards: async (id, { analysis: result }) => {
        if (!result.analysed) throw new NotAnalysed(result.reasons);
        await work({ bench, film, input, job: id, result: /** @type {Analysed<Job>} */ (result) });
      },
    }));
    return 0;
  } catch (error) {
    if (error instanceof NotWritten) throw error.cause;
    if (error instanceof Cancelled) {
      stderr.write(`cxr: ${printable(input.file)}: the ${job === 'trust' ? 'check' : 'explanation'} was cancelled; nothing was written.\n`);
      return kCancelled;
    }
    return complain(input.file, error instanceof NotAnalysed ? 'was not analysed' : 'was not explained', error);
  } finally {
    clearProgress();
  }
}

class NotAnalysed extends EngineError {
  /** @param {import('../../web/shared/contract.js').Reason[]} reasons */
  constructor(reasons) {
    super({ code: 'not-analysed', hint: '',
      message: reasons.filter(({ severity }) => severity === 'refuse').map(({ text }) => text).join(' ') });
  }
}

class NotWritten extends Error {}

/** @param {string} folder @param {[name: string, content: string|Uint8Array][]} files */
async function write(folder, files) {
  try {
    await mkdir(folder, { recursive: true });
    for (const [name, content] of files) await writeFile(join(folder, name), content);
  } catch (cause) {
    throw new NotWritten('', {
      cause: new EngineError({ code: 'not-written', message: `The map cannot be written: ${messageOf(cause)}.`,
        hint: 'Name a folder that can be written with --out.' }),
    });
  }
}

/** @param {string} path @param {string} what @param {unknown} error */
function complain(path, what, error) {
  const { message, hint } = asError(error, { hint: 'Please report this with the format of the file.' });
  stderr.write(`cxr: ${printable(path)} ${what}: ${printable(`${message} ${hint}`.trim())}\n`);
  return 3;
}

/** @param {{done: number, total: number}} progress */
function tellProgress({ done, total }) {
  stderr.write(`${done} of ${total}\n`);
}

/** @param {{done: number, total: number}} progress */
function showProgress({ done, total }) {
  if (hasTerminal) stderr.write(`\r\u001b[K${done} of ${total}`);
}

function clearProgress() {
  if (hasTerminal) stderr.write('\r\u001b[K');
}

/** @param {number} share */
const percent = (share) => `${Math.round(100 * share)} %`;

/** @param {Analysed<'explain'>} explanation @param {string[]} paths of the files written */
function explanationText({ finding, sentence, area, boxes, notes }, paths) {
  const lines = [
    `${finding.name}: ${finding.calibrated.toFixed(3)} against ${finding.threshold.toFixed(3)} (${finding.state})`,
    sentence,
    `Region: ${percent(area)} of what the network saw; ${boxes.length === 1 ? '1 box' : `${boxes.length} boxes`}.`,
    ...notes, ...paths.map((path) => `wrote ${printable(path)}`), NOTICE,
  ];
  return `${lines.join('\n')}\n`;
}

/** @param {Analysed<'trust'>} report */
function trustText({ finding, line, checks, notes }) {
  const rows = [['CHECK', 'VERDICT', 'WHAT WAS FOUND'], ...checks.map(({ name, verdict, text }) => [name, verdict, text])];
  return `${finding.name}: ${line}\n${notes.map((note) => `${note}\n`).join('')}\n${alignTable(rows)}\n${NOTICE}\n`;
}
