// cxr predict: findings of films, one result per file, whatever happens to the others.
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stderr, stdout } from 'node:process';
import { EngineError, messageOf } from '../../web/shared/errors.js';
import { kMostFrames } from '../../web/dicom/limits.js';
import { NOTICE } from '../../web/shared/notice.js';
import { UsageError, readArguments, readCount } from './arguments.mjs';
import { kCorrectionHelp, kCorrectionOptions, readCorrection } from './correction.mjs';
import { kLookHelp, kLookOptions, readLook } from './look.mjs';
import { findInputs, tellIgnored } from './inputs.mjs';
import { namedFiles } from './named_files.mjs';
import { NodeCase } from './node_case.mjs';
import { kOperatingPointHelp, kProfileHelp, readOperatingPoint, readProfile } from './operating_point.mjs';
import { kMostJobs, predictInShares, readShare, shareOf } from './shares.mjs';
import { alignTable, printable } from './text.mjs';
import { hasTerminal, terminalColumns } from './terminal.mjs';
import { Workbench, readModel } from './workbench.mjs';

export const kPredictHelp = `Usage: cxr predict FILE|DIR|ZIP…|- [options]

Findings of chest X-rays in DICOM, PNG or JPEG files. Folders and archives (ZIP, tar, gzip) are walked, sorted by name;
what comes along in them and is no picture is skipped and counted on standard error. - reads names from standard input, one a
line, or each ended by a zero byte as find -print0 writes them.

  --json                    one JSON array, one object per file in the order given:
                            {file, ok, error, sha256, synthetic, model: {id, version, sha256}, decoder, backend,
                            operating_point, operating_point_name, site_profile, summary, findings: [{id, logit, probability, calibrated,
                            threshold, state, own_threshold, own_state, zone, zone_reason, percentile, rule_out, rule_in,
                            likelihood_ratio, place, reading, evidence, possible_shortcut, calibrated_low, calibrated_high,
                            zone_flips, stability}], input, overridden, refusals,
                            warnings, reasons, measurements, evidence_residual, anatomy, cardiothoracic_ratio, moved_lines,
                            date, app, notice}, by the schema that cxr predict --schema prints;
                            input says what the model saw: {rule, width, height, crop, window, inverted, rotation,
                            mirrored, corrections, corrections_text}, in pixels and values of the film; evidence is
                            {lungs, heart, elsewhere, outside}, the shares of what speaks for the finding; anatomy is what
                            cxr anatomy says of the film, null where it was not looked for
  --schema                  prints the JSON schema of --json, and reads no file
  --csv [NAME.csv]          one line per file and finding (RFC 4180), into that file where one is named
  --wide                    with --csv: one line per file, with score and zone of each finding
  --zones                   a table by zone (unlikely, uncertain, likely) instead of one by threshold, in the page's words
  --stability               checks how far small changes of the picture (shifts, contrast, a tighter crop, the mirror image) move
                            each score: calibrated_low, calibrated_high, zone_flips and stability in JSON and CSV, and words in
                            the table of --zones
  --prevalence FINDING=P    what the threshold of a finding means where a share P (0 to 1) of the films have it; may be repeated
  --all                     in the table, also findings below their threshold, or unlikely, or not assessed
  --heatmap DIR             writes DIR/FILE.FINDING.png for each finding above its threshold: the film with the evidence
  --model ID                another model than the default (see cxr model list), or a folder with a manifest.json and its
                            network: weights.safetensors, or a finished graph as model.onnx
${kOperatingPointHelp}
${kProfileHelp}
  --anyway                  also films that are not fit for the model, but for blank ones; marked as overridden
  --frame N                 of DICOM files with several frames, the N-th; without it they are not analysed
  --threads N               processor threads for the network (default 1)
  --jobs N                  films at a time, each in a process of its own (default 1)
  --site DIR                the built page whose engine and models are used (default: build/web/site)

${kCorrectionHelp}

${kLookHelp}
ok is true when the file was read. A film that was read but is not fit for the network (too small, no contrast, no
chest) has ok true, no findings, and error {code: "not-analysed", message}. A file that could not be read has ok false
and says why. state is above, borderline (within a tenth of the threshold) or below; thresholds are compared with
calibrated. zone is unlikely (calibrated below rule_out), likely (at or above rule_in), uncertain (between) or not-assessed, with
zone_reason; percentile is the share of the evaluation's films without the finding that score lower, 0 to 100. evidence_residual is the largest difference between a logit and the sum of its evidence map.

Exit status: 0 all files were read; 3 some were not; 2 wrong usage; 1 nothing could be run (engine, model, --heatmap DIR).

${NOTICE}
`;

/** @param {string[]} args @returns {Promise<number>} the exit status */
export async function predict(args) {
  const { words, csvFile } = takeCsvFile(args);
  const { values, positionals } = readArguments(words, {
    json: { type: 'boolean' }, csv: { type: 'boolean' }, wide: { type: 'boolean' }, all: { type: 'boolean' }, zones: { type: 'boolean' },
    schema: { type: 'boolean' }, prevalence: { type: 'string', multiple: true }, heatmap: { type: 'string' }, model: { type: 'string' }, frame: { type: 'string' },
    'operating-point': { type: 'string' }, profile: { type: 'string' }, threads: { type: 'string' }, anyway: { type: 'boolean' }, stability: { type: 'boolean' }, jobs: { type: 'string' }, share: { type: 'string' },
    ...kCorrectionOptions, ...kLookOptions,
  });
  if (values.schema) {
    stdout.write(readFileSync(new URL('findings.schema.json', import.meta.url)));
    return 0;
  }
  if (positionals.length === 0) throw new UsageError('No file was named.');
  if (values.json && values.csv) throw new UsageError('--json and --csv exclude each other.');
  if (values.zones && (values.json || values.csv)) throw new UsageError('--zones is for the table; JSON and CSV hold the zones always.');
  if (values.wide && !values.csv) throw new UsageError('--wide goes with --csv.');
  if (values.stability && !values.zones && !values.json && !values.csv) {
    throw new UsageError('--stability goes with --zones, --json or --csv.');
  }
  if (values.all && (values.json || values.csv)) throw new UsageError('--all is for the table; JSON and CSV hold all findings.');
  const prevalences = (values.prevalence ?? []).map(readPrevalence);
  const threads = readCount(values, 'threads', 1);
  const correction = readCorrection(values);
  const choice = values.frame === undefined ? {} : { frame: readCount(values, 'frame', 1, kMostFrames), chosen: true };

  const jobs = readCount(values, 'jobs', 1, kMostJobs);
  const look = readLook(values);  // a wrong switch is wrong usage, with heat maps or without

  const files = await readModel(values.site, values.model);
  const bench = await Workbench.start(values.site, { files, network: false });
  const operatingPoint = readOperatingPoint(values['operating-point'], bench.model);
  const meanings = prevalences.map((prevalence) => meaningOf(bench, prevalence, operatingPoint));
  const asked = { operatingPoint, correction, anyway: values.anyway };
  const records = jobs > 1 ? await predictInShares(optionsForShares(values), namedFiles(positionals), jobs)
    : await recordsOf(namedFiles(positionals), { files, threads, choice, asked, look, site: values.site, share: readShare(values.share),
      profile: await readProfile(values.profile), heatmap: values.heatmap, stability: values.stability });
  /** @param {'json'|'csv'|'csv-wide'} format */
  const written = (format) => new TextDecoder().decode(bench.call('records', { format, records }).blobs[0]);
  const made = values.json ? written('json') : values.csv ? written(values.wide ? 'csv-wide' : 'csv')
    : (values.zones ? toZonesTable : toTable)(records, Boolean(values.all));
  await bench.close();
  if (csvFile === null) stdout.write(made);
  else await write(csvFile, made);
  const aside = values.json || values.csv ? stderr : stdout;
  for (const meaning of meanings) aside.write(`${meaning}\n`);
  return records.every(({ ok }) => ok) ? 0 : 3;
}

/** Options that say what is written of all films, or who works on them; the others go to every process. */
const kOfTheWhole = ['json', 'csv', 'wide', 'zones', 'all', 'prevalence', 'jobs', 'share'];

/** @param {Record<string, string|boolean|string[]|undefined>} values @returns {string[]} */
function optionsForShares(values) {
  return Object.entries(values).filter(([name, value]) => !kOfTheWhole.includes(name) && value)
    .map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`));
}

/**
 * Of every film, in their order, whatever became of it.
 * @param {string[]} names
 * @param {{site: string, files: import('../../web/worker/models.js').ModelFiles, threads: number, choice: import('../../web/dicom/read.js').FrameChoice,
 *   asked: Film['asked'], look: import('../../web/shared/contract.js').PictureLook, share: import('./shares.mjs').Share|null,
 *   profile: string|null, heatmap?: string, stability?: boolean}} options share: which of the films are taken; null for all
 * @returns {Promise<FilmRecord[]>}
 */
async function recordsOf(names, { site, files, threads, choice, asked, look, share, profile, heatmap, stability }) {
  const films = await NodeCase.start(site, { files, threads, anatomy: true });
  await films.useProfile(profile);
  const heatmaps = heatmap === undefined ? null : new Heatmaps(heatmap, look);
  await heatmaps?.prepare();
  const found = await findInputs(names, { inflater: () => films.inflater() });
  heatmaps?.name(found.inputs);
  const inputs = shareOf(found.inputs, share);
  const progress = new Progress(inputs.length);
  let done = 0;
  let notChecked = '';
  await Promise.all(inputs.map(async (input) => {
    const { id, analysis } = await films.analyse(input, { ...asked, choice });
    progress.show(++done, input.file);
    if (analysis?.analysed && stability) notChecked = await films.checkStability(id, asked) || notChecked;
    if (analysis?.analysed) await heatmaps?.write(films, { id, input, analysis, asked });
  }));
  progress.clear();
  tellIgnored(found.ignored);
  const json = await films.records('json');
  await films.close();
  if (notChecked) stderr.write(`The stability of some scores was not checked: ${printable(notChecked)}\n`);
  if (films.anatomyFailure) stderr.write(`Lungs and heart were not looked for: ${printable(films.anatomyFailure)}\n`);
  return JSON.parse(json);
}

/** A word after --csv that ends in .csv names the file to write; films do not end so. @param {string[]} args @returns {{words: string[], csvFile: string|null}} */
function takeCsvFile(args) {
  const at = args.indexOf('--csv');
  const named = at >= 0 && /\.csv$/i.test(args[at + 1] ?? '');
  return named ? { words: args.filter((_, index) => index !== at + 1), csvFile: args[at + 1] } : { words: args, csvFile: null };
}

/** @param {string} file @param {string} content */
async function write(file, content) {
  try {
    await writeFile(file, content);
  } catch (cause) {
    throw new EngineError({ code: 'not-written', message: `${printable(file)} cannot be written: ${messageOf(cause)}.`,
      hint: 'Name a file that can be written.' });
  }
}

/** @param {string} text "effusion=0.2" @returns {{finding: string, prevalence: number}} */
function readPrevalence(text) {
  const [, finding = '', number = ''] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  const prevalence = Number(number);
  if (!(prevalence > 0 && prevalence < 1)) throw new UsageError(`--prevalence ${text}: expected FINDING=P with P between 0 and 1, such as effusion=0.2.`);
  return { finding, prevalence };
}

/**
 * What a threshold means at a prevalence, in the page's words. Capitals of a finding's id do not matter.
 * @param {Workbench} bench @param {{finding: string, prevalence: number}} asked @param {string|undefined} operatingPoint
 */
function meaningOf(bench, { finding, prevalence }, operatingPoint) {
  const label = bench.model.labels.find(({ id }) => id.toLowerCase() === finding.toLowerCase());
  if (!label) {
    throw new UsageError(`Model ${bench.model.id} has no finding "${finding}"; it has ${bench.model.labels.map(({ id }) => id).join(', ')}.`);
  }
  const args = { finding: label.id, prevalence, ...(operatingPoint === undefined ? {} : { operating_point: operatingPoint }) };
  const { evaluation, at_prevalence: meaning } = bench.call('evaluation', args).value;
  return `${label.name}: ${meaning} ${evaluation}`;
}

/** Writes the evidence of findings above their threshold as pictures. */
class Heatmaps {
  #folder;
  #look;
  /** @type {Map<import('./inputs.mjs').Input, string>} */
  #names = new Map();
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /** @param {string} folder @param {import('../../web/shared/contract.js').PictureLook} look */
  constructor(folder, look) {
    this.#folder = folder;
    this.#look = look;
  }

  prepare() {
    return this.#onDisk(() => mkdir(this.#folder, { recursive: true }));
  }

  /** Two folders may hold files of the same name. @param {import('./inputs.mjs').Input[]} inputs all of them, whoever writes their pictures */
  name(inputs) {
    const taken = new Set();
    for (const input of inputs) {
      let name = input.within;
      for (let number = 2; taken.has(name); number += 1) name = `${input.within}-${number}`;
      taken.add(name);
      this.#names.set(input, name);
    }
  }

  /**
   * One film after the other. A picture that cannot be written ends the whole batch.
   * @typedef {object} Film
   * @property {number} id
   * @property {import('./inputs.mjs').Input} input
   * @property {import('./node_case.mjs').Analysis} analysis
   * @property {{operatingPoint?: string, correction?: import('../../web/shared/contract.js').Correction, anyway?: boolean}} asked
   *
   * @param {NodeCase} films
   * @param {Film} film
   */
  write(films, film) {
    return (this.#last = this.#last.then(() => this.#write(films, film)));
  }

  /** @param {NodeCase} films @param {Film} film */
  async #write(films, { id, input, analysis, asked }) {
    const name = this.#names.get(input);
    for (const { id: finding } of analysis.findings.filter(({ state }) => state === 'above')) {
      const png = await films.evidencePicture(id, finding, { ...asked, look: this.#look });
      const path = join(this.#folder, `${name}.${finding}.png`);
      await this.#onDisk(async () => {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, png);
      });
    }
  }

  /** @template T @param {() => Promise<T>} action @returns {Promise<T>} */
  async #onDisk(action) {
    try {
      return await action();
    } catch (cause) {
      throw new EngineError({ code: 'not-written', message: `A heat map cannot be written: ${messageOf(cause)}.`,
        hint: 'Name a folder that can be written with --heatmap.' });
    }
  }
}

/** One line on a terminal, rewritten; nothing elsewhere. */
export class Progress {
  #total;

  /** @param {number} total */
  constructor(total) {
    this.#total = total;
  }

  /** @param {number} done @param {string} file */
  show(done, file) {
    if (!hasTerminal || this.#total < 2) return;
    const room = Math.max(terminalColumns - 16, 10);
    stderr.write(`\r\u001b[K${done} of ${this.#total}  ${printable(file).slice(-room)}`);
  }

  clear() {
    if (hasTerminal && this.#total > 1) stderr.write('\r\u001b[K');
  }
}

const kMarks = { above: '▲', borderline: '◆', below: '·' };

/**
 * The rows of a table that say what is special about a film; `ended`: nothing follows them.
 * @typedef {import('../../web/shared/contract.js').Written<import('../../web/shared/contract.js').FilmRecord>} FilmRecord
 *
 * @param {FilmRecord} record
 */
function remarks({ file, ok, error, input, overridden, refusals, warnings }) {
  const name = printable(file);
  const rows = [];
  if (input?.corrections) rows.push([name, `corrected for the model: ${input.corrections_text}`]);
  if (overridden) rows.push([name, `analysed anyway, against: ${refusals.join(', ')}`]);
  if (warnings.length > 0) rows.push([name, `doubtful: ${warnings.join(', ')}`]);
  if (error) rows.push([name, `${ok ? 'not analysed' : 'not read'}: ${printable(`${error.message} ${error.hint}`.trim())}`]);
  return { rows, ended: Boolean(error) };
}

/**
 * Score and threshold are the calibrated ones; sorted by how far the score is above its threshold.
 * @param {FilmRecord[]} records @param {boolean} all
 */
export function toTable(records, all) {
  const rows = [['FILE', 'FINDING', 'SCORE', 'THRESHOLD', 'STATE']];
  for (const record of records) {
    const { rows: said, ended } = remarks(record);
    rows.push(...said);
    if (ended) continue;
    const { findings } = record;
    const name = printable(record.file);
    const shown = findings.filter(({ state }) => all || state !== 'below')
      .sort((a, b) => (b.calibrated - b.threshold) - (a.calibrated - a.threshold));
    for (const { id, calibrated, threshold, state } of shown) {
      rows.push([name, id, calibrated.toFixed(3), threshold.toFixed(3), `${kMarks[state]} ${state}`]);
    }
    if (!findings.some(({ state }) => state === 'above')) rows.push([name, 'No finding above threshold (this is not "normal").']);
  }
  return `${alignTable(rows, [false, false, true, true, false])}\n${NOTICE}\n`;
}

const kZoneMarks = { likely: '▲', uncertain: '◆', unlikely: '·', 'not-assessed': '–' };
const kZoneOrder = ['likely', 'uncertain', 'unlikely', 'not-assessed'];

/**
 * By zone and likelihood ratio, as the page has them; summary, readings and places in the page's words.
 * @param {FilmRecord[]} records @param {boolean} all
 */
export function toZonesTable(records, all) {
  const rows = [['FILE', 'FINDING', 'READING']];
  for (const record of records) {
    const { rows: said, ended } = remarks(record);
    rows.push(...said);
    if (ended) continue;
    const name = printable(record.file);
    rows.push([name, record.summary ?? '']);
    const shown = record.findings.filter(({ zone }) => all || zone === 'likely' || zone === 'uncertain').sort((a, b) => (
      kZoneOrder.indexOf(a.zone) - kZoneOrder.indexOf(b.zone) || (b.likelihood_ratio ?? 0) - (a.likelihood_ratio ?? 0)
        || b.calibrated - a.calibrated));
    for (const { id, zone, reading, place, stability } of shown) {
      const where = place && zone !== 'not-assessed' ? ` Where: ${place}.` : '';
      rows.push([name, id, `${kZoneMarks[zone]} ${reading}${where}${stability ? ` Stability: ${stability}` : ''}`]);
    }
  }
  return `${alignTable(rows)}\n${NOTICE}\n`;
}
