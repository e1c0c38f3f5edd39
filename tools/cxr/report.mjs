// cxr report: a page for each film, to be read on paper: pictures, findings, facts. The same as the page prints.
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stderr, stdout } from 'node:process';
import { EngineError, messageOf } from '../../web/shared/errors.js';
import { kMostFrames } from '../../web/dicom/limits.js';
import { NOTICE } from '../../web/shared/notice.js';
import { UsageError, readArguments, readCount } from './arguments.mjs';
import { kCorrectionHelp, kCorrectionOptions, readCorrection } from './correction.mjs';
import { kLookHelp, kLookOptions, readLook } from './look.mjs';
import { findInputs, tellIgnored } from './inputs.mjs';
import { NodeCase } from './node_case.mjs';
import { namedFiles } from './named_files.mjs';
import { kOperatingPointHelp, kProfileHelp, readOperatingPoint, readProfile } from './operating_point.mjs';
import { Progress } from './predict.mjs';
import { printable } from './text.mjs';
import { readModel } from './workbench.mjs';

export const kReportHelp = `Usage: cxr report FILE|DIR|ZIP…|- --out REPORT.html|DIR [options]

A page for each film: the film, the map of one finding, all findings with zone, probability, percentile, thresholds and place, the
summary, warnings, and what the numbers are of. HTML that needs nothing else; any browser prints it, or saves it as PDF, on A4 or
Letter. A film that could not be read or analysed says why and has no number. - reads names of files from standard input.

  --out REPORT.html         all films in one file, a page each
  --out DIR                 a file for each film, DIR/FILE.report.html
  --finding NAME            the finding whose map is shown (default: the first likely one, or else the first uncertain one)
  --method M                how that map is made, as of cxr explain (default evidence)
  --layer L                 where that method looks into the network
  --model ID                another model than the default, as of cxr predict
${kOperatingPointHelp}
${kProfileHelp}
  --anyway                  also films that are not fit for the model, but for blank ones; marked as overridden
  --frame N                 of DICOM files with several frames, the N-th
  --threads N               processor threads for the network (default 1)
  --site DIR                the built page whose engine and models are used (default: build/web/site)

${kCorrectionHelp}

${kLookHelp}

Exit status: 0 all files were read; 3 some were not; 2 wrong usage; 1 nothing could be run or written.

${NOTICE}
`;

/**
 * @typedef {import('./node_case.mjs').ReportPage} ReportPage
 * @typedef {import('./inputs.mjs').Input} Input
 *
 * @typedef {object} Paper where the pages go
 * @property {(page: ReportPage, input: Input) => Promise<void>} add
 * @property {() => Promise<string[]>} end the files that were written
 */

/** @param {string[]} args @returns {Promise<number>} the exit status */
export async function report(args) {
  const { values, positionals } = readArguments(args, {
    out: { type: 'string' }, finding: { type: 'string' }, method: { type: 'string', default: 'evidence' }, layer: { type: 'string' },
    model: { type: 'string' }, frame: { type: 'string' }, 'operating-point': { type: 'string' }, profile: { type: 'string' }, threads: { type: 'string' },
    anyway: { type: 'boolean' }, ...kCorrectionOptions, ...kLookOptions,
  });
  if (positionals.length === 0) throw new UsageError('No file was named.');
  if (values.out === undefined) throw new UsageError('--out is missing: name the file or the folder to write into.');
  const look = readLook(values);
  const correction = readCorrection(values);
  const threads = readCount(values, 'threads', 1);
  const choice = values.frame === undefined ? {} : { frame: readCount(values, 'frame', 1, kMostFrames), chosen: true };

  const profile = await readProfile(values.profile);
  const films = await NodeCase.start(values.site, { files: await readModel(values.site, values.model), threads, anatomy: true });
  await films.useProfile(profile);
  const asked = { correction, anyway: values.anyway, look, method: values.method, layer: values.layer,
    operatingPoint: readOperatingPoint(values['operating-point'], films.model), finding: readFinding(values.finding, films.model) };
  checkMethod(films.methods, values);
  const { inputs, ignored } = await findInputs(namedFiles(positionals), { inflater: () => films.inflater() });
  const progress = new Progress(inputs.length);
  /** @type {Paper} */
  const paper = /\.html?$/i.test(values.out) ? new OneFile(values.out) : new FilePerFilm(values.out);
  for (const [index, input] of inputs.entries()) {
    const { id } = await films.analyse(input, { ...asked, choice });
    await paper.add(await films.reportPage(id, asked), input);
    progress.show(index + 1, input.file);
  }
  progress.clear();
  const written = await paper.end();
  tellIgnored(ignored);
  /** @type {import('./predict.mjs').FilmRecord[]} */
  const records = JSON.parse(await films.records('json'));
  await films.close();
  if (films.anatomyFailure) stderr.write(`Lungs and heart were not looked for: ${printable(films.anatomyFailure)}\n`);
  for (const file of written) stdout.write(`wrote ${printable(file)}\n`);
  const unread = records.filter(({ ok }) => !ok);
  for (const { file, error } of unread) {
    const { message, hint } = /** @type {import('../../web/shared/protocol.js').ErrorValue} */ (error);  // a film that was not read has one
    stderr.write(`cxr: ${printable(file)} was not read: ${printable(`${message} ${hint}`.trim())}\n`);
  }
  return unread.length === 0 ? 0 : 3;
}

/** Capitals do not matter. @param {string|undefined} wanted @param {NodeCase['model']} model @returns {string} the finding's id; '' for none */
function readFinding(wanted, { id: model, labels }) {
  if (wanted === undefined) return '';
  const label = labels.find(({ id }) => id.toLowerCase() === wanted.toLowerCase());
  if (!label) throw new UsageError(`Model ${model} has no finding "${wanted}"; it has ${labels.map(({ id }) => id).join(', ')}.`);
  return label.id;
}

/** @param {NodeCase['methods']} methods @param {{method: string, layer?: string}} wanted @throws {UsageError} */
function checkMethod(methods, { method: wanted, layer }) {
  const method = methods.find(({ id }) => id === wanted);
  if (!method) throw new UsageError(`There is no method "${wanted}"; there is ${methods.map(({ id }) => id).join(', ')}.`);
  if (method.unavailable) throw new UsageError(method.unavailable);
  if (layer === undefined || method.layers.includes(layer)) return;
  throw new UsageError(method.layers.length === 0 ? `The method ${wanted} has no layers to choose from.`
    : `There is no layer "${layer}"; there is ${method.layers.join(', ')}.`);
}

/** All pages in one file, written as they come. */
class OneFile {
  #path;
  /** @type {import('node:fs/promises').FileHandle|null} */
  #file = null;
  #tail = '';

  /** @param {string} path */
  constructor(path) {
    this.#path = path;
  }

  /** @param {ReportPage} page */
  async add({ head, page, tail }) {
    await onDisk(async () => {
      let file = this.#file;
      if (!file) {
        await mkdir(dirname(this.#path), { recursive: true });
        file = await open(this.#path, 'w');
        this.#file = file;
        await file.writeFile(head);
      }
      await file.writeFile(page);
    });
    this.#tail = tail;
  }

  /** @returns {Promise<string[]>} the files that were written */
  async end() {
    const file = this.#file;
    if (!file) return [];
    await onDisk(() => file.writeFile(this.#tail));
    await file.close();
    return [this.#path];
  }
}

class FilePerFilm {
  #folder;
  /** @type {string[]} */
  #written = [];

  /** @param {string} folder */
  constructor(folder) {
    this.#folder = folder;
  }

  /** @param {ReportPage} page @param {Input} input */
  async add(page, { within }) {
    const path = this.#freePath(join(this.#folder, within));
    const one = new OneFile(path);
    await one.add(page);
    this.#written.push(...await one.end());
  }

  /** Two folders may hold files of the same name. @param {string} stem */
  #freePath(stem) {
    let path = `${stem}.report.html`;
    for (let number = 2; this.#written.includes(path); number += 1) path = `${stem}-${number}.report.html`;
    return path;
  }

  async end() {
    return this.#written;
  }
}

/** @template T @param {() => Promise<T>} action @returns {Promise<T>} */
async function onDisk(action) {
  try {
    return await action();
  } catch (cause) {
    throw new EngineError({ code: 'not-written', message: `The report cannot be written: ${messageOf(cause)}.`,
      hint: 'Name a file or a folder that can be written with --out.' });
  }
}
