// cxr predict: findings of films, one result per file, whatever happens to the others.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stderr, stdout } from 'node:process';
import { EngineError } from '../../web/shared/errors.js';
import { kMostFrames } from '../../web/dicom/limits.js';
import { NOTICE } from '../../web/shared/notice.js';
import { UsageError, readArguments, readCount } from './arguments.mjs';
import { kCorrectionHelp, kCorrectionOptions, readCorrection } from './correction.mjs';
import { kLookHelp, kLookOptions, readLook } from './look.mjs';
import { findInputs, tellIgnored } from './inputs.mjs';
import { NodeCase } from './node_case.mjs';
import { alignTable, printable } from './text.mjs';
import { hasTerminal, terminalColumns } from './terminal.mjs';
import { readModel } from './workbench.mjs';

export const kPredictHelp = `Usage: cxr predict FILE|DIR|ZIP… [options]

Findings of chest X-rays in DICOM, PNG or JPEG files. Folders and archives (ZIP, tar, gzip) are walked, sorted by name;
what comes along in them and is no picture is skipped and counted on standard error.

  --json                    one JSON array, one object per file in the order given:
                            {file, ok, error, model: {id, sha256}, decoder, backend, operating_point, findings: [{id, logit,
                            probability, calibrated, threshold, state}], input, overridden, refusals, warnings,
                            evidence_residual, notice};
                            input says what the model saw: {rule, width, height, crop, window, inverted, rotation,
                            mirrored, corrections, corrections_text}, in pixels and values of the film
  --csv                     one line per file and finding (RFC 4180)
  --all                     in the table, also findings below their threshold
  --heatmap DIR             writes DIR/FILE.FINDING.png for each finding above its threshold: the film with the evidence
  --model ID                another model than the default (see cxr model list), or a folder with a manifest.json and its
                            network: weights.safetensors, or a finished graph as model.onnx
  --operating-point ID      other thresholds than the model's default
  --anyway                  also films that are not fit for the model, but for blank ones; marked as overridden
  --frame N                 of DICOM files with several frames, the N-th; without it they are not analysed
  --threads N               processor threads for the network (default 1)
  --site DIR                the built page whose engine and models are used (default: build/web/site)

${kCorrectionHelp}

${kLookHelp}
ok is true when the file was read. A film that was read but is not fit for the network (too small, no contrast, no
chest) has ok true, no findings, and error {code: "not-analysed", message}. A file that could not be read has ok false
and says why. state is above, borderline (within a tenth of the threshold) or below; thresholds are compared with
calibrated. evidence_residual is the largest difference between a logit and the sum of its evidence map.

Exit status: 0 all files were read; 3 some were not; 2 wrong usage; 1 nothing could be run (engine, model, --heatmap DIR).

${NOTICE}
`;

export async function predict(args) {
  const { values, positionals } = readArguments(args, {
    json: { type: 'boolean' }, csv: { type: 'boolean' }, all: { type: 'boolean' }, heatmap: { type: 'string' },
    model: { type: 'string' }, frame: { type: 'string' }, 'operating-point': { type: 'string' }, threads: { type: 'string' },
    anyway: { type: 'boolean' }, ...kCorrectionOptions, ...kLookOptions,
  });
  if (positionals.length === 0) throw new UsageError('No file was named.');
  if (values.json && values.csv) throw new UsageError('--json and --csv exclude each other.');
  if (values.all && (values.json || values.csv)) throw new UsageError('--all is for the table; JSON and CSV hold all findings.');
  const threads = readCount(values, 'threads', 1);
  const operatingPoint = values['operating-point'];
  const correction = readCorrection(values);
  const choice = values.frame === undefined ? {} : { frame: readCount(values, 'frame', 1, kMostFrames), chosen: true };

  const files = await readModel(values.site, values.model);
  const films = await NodeCase.start(values.site, { files, threads });
  const known = films.model.operating_points.map(({ id }) => id);
  if (operatingPoint !== undefined && !known.includes(operatingPoint)) {
    throw new UsageError(`Model ${films.model.id} has no operating point "${operatingPoint}"; it has ${known.join(', ')}.`);
  }
  const look = readLook(values);  // a wrong switch is wrong usage, with heat maps or without
  const heatmaps = values.heatmap === undefined ? null : new Heatmaps(values.heatmap, look);
  await heatmaps?.prepare();

  const { inputs, ignored } = await findInputs(positionals, { inflater: () => films.inflater() });
  const asked = { operatingPoint, correction, anyway: values.anyway };
  const progress = new Progress(inputs.length);
  let done = 0;
  await Promise.all(inputs.map(async (input) => {
    const { id, analysis } = await films.analyse(input, { ...asked, choice });
    progress.show(++done, input.file);
    if (analysis?.analysed) await heatmaps?.write(films, { id, input, analysis, asked });
  }));
  progress.clear();
  tellIgnored(ignored);
  const json = await films.records('json');
  const csv = values.csv ? await films.records('csv') : '';
  await films.close();

  const records = JSON.parse(json);
  stdout.write(values.json ? json : values.csv ? csv : toTable(records, Boolean(values.all)));
  return records.every(({ ok }) => ok) ? 0 : 3;
}

/** Writes the evidence of findings above their threshold as pictures. */
class Heatmaps {
  #folder;
  #look;
  #taken = new Set();
  #last = Promise.resolve();

  constructor(folder, look) {
    [this.#folder, this.#look] = [folder, look];
  }

  prepare() {
    return this.#onDisk(() => mkdir(this.#folder, { recursive: true }));
  }

  /** One film after the other. A picture that cannot be written ends the whole batch. */
  write(films, film) {
    return (this.#last = this.#last.then(() => this.#write(films, film)));
  }

  async #write(films, { id, input, analysis, asked }) {
    const name = this.#freeName(input.within);
    for (const { id: finding } of analysis.findings.filter(({ state }) => state === 'above')) {
      const png = await films.evidencePicture(id, finding, { ...asked, look: this.#look });
      const path = join(this.#folder, `${name}.${finding}.png`);
      await this.#onDisk(async () => {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, png);
      });
    }
  }

  /** Two folders may hold files of the same name. */
  #freeName(within) {
    let name = within;
    for (let number = 2; this.#taken.has(name); number += 1) name = `${within}-${number}`;
    this.#taken.add(name);
    return name;
  }

  async #onDisk(action) {
    try {
      return await action();
    } catch (cause) {
      throw new EngineError({ code: 'not-written', message: `A heat map cannot be written: ${cause.message}.`,
        hint: 'Name a folder that can be written with --heatmap.' });
    }
  }
}

/** One line on a terminal, rewritten; nothing elsewhere. */
export class Progress {
  #total;

  constructor(total) {
    this.#total = total;
  }

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

/** Score and threshold are the calibrated ones; sorted by how far the score is above its threshold. */
export function toTable(records, all) {
  const rows = [['FILE', 'FINDING', 'SCORE', 'THRESHOLD', 'STATE']];
  for (const { file, ok, error, findings, input, overridden, refusals, warnings } of records) {
    const name = printable(file);
    if (input?.corrections) rows.push([name, `corrected for the model: ${input.corrections_text}`]);
    if (overridden) rows.push([name, `analysed anyway, against: ${refusals.join(', ')}`]);
    if (warnings.length > 0) rows.push([name, `doubtful: ${warnings.join(', ')}`]);
    if (error) {
      const text = `${error.message} ${error.hint}`.trim();
      rows.push([name, `${ok ? 'not analysed' : 'not read'}: ${printable(text)}`]);
      continue;
    }
    const shown = findings.filter(({ state }) => all || state !== 'below')
      .sort((a, b) => (b.calibrated - b.threshold) - (a.calibrated - a.threshold));
    for (const { id, calibrated, threshold, state } of shown) {
      rows.push([name, id, calibrated.toFixed(3), threshold.toFixed(3), `${kMarks[state]} ${state}`]);
    }
    if (!findings.some(({ state }) => state === 'above')) rows.push([name, 'No finding above threshold (this is not "normal").']);
  }
  return `${alignTable(rows, [false, false, true, true, false])}\n${NOTICE}\n`;
}
