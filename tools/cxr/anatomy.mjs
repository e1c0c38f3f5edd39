// cxr anatomy: where lungs and heart lie on films, the cardiothoracic ratio, and how each film lies; one result per file, whatever
// happens to the others.
import { stdout } from 'node:process';
import { kMostFrames } from '../../web/dicom/limits.js';
import { asError } from '../../web/shared/errors.js';
import { NOTICE } from '../../web/shared/notice.js';
import { UsageError, readArguments, readCount } from './arguments.mjs';
import { kCorrectionHelp, kCorrectionOptions, readCorrection } from './correction.mjs';
import { findInputs, readInput, tellIgnored } from './inputs.mjs';
import { alignTable, printable } from './text.mjs';
import { Workbench, readAnatomy } from './workbench.mjs';

export const kAnatomyHelp = `Usage: cxr anatomy FILE|DIR|ZIP… [--json] [options]

Where both lungs and the heart lie on frontal chest films, by the anatomy network alone; findings are not looked for.

  --json                    one JSON array, one object per file in the order given: {file, ok, error, found, reason_id, reason,
                            chest_probability, pose, lungs: {left, right}, heart, cardiothoracic_ratio, no_ratio, heart_line,
                            chest_line, tilt_degrees, cut_off, asymmetry, inspiration, shallow_inspiration, chest_share, notes,
                            model: {id, sha256, version}, app, notice}.
                            Outlines are polygons {outline: [[x, y], …], share}, in pixels of the film as opened; a figure that
                            was not measured is null. Lungs are the patient's by custom: right lies on the picture's left.
                            pose: {quarter_turns, turned, mirrored, mirrored_probability, inverted, inverted_probability};
                            quarter_turns are those the film is turned by, clockwise
  --frame N                 of DICOM files with several frames, the N-th
  --threads N               processor threads for the network (default 1)
  --site DIR                the built page whose engine and networks are used (default: build/web/site)

${kCorrectionHelp}

ok is true when the file was read. found is false, and reason says why, where no frontal chest with two lungs is seen; nothing is
measured then.

Exit status: 0 all files were read; 3 some were not; 2 wrong usage; 1 the engine or the network did not start.

${NOTICE}
`;

/** @param {string[]} args @returns {Promise<number>} the exit status */
export async function anatomy(args) {
  const { values, positionals } = readArguments(args, {
    json: { type: 'boolean' }, frame: { type: 'string' }, threads: { type: 'string' }, ...kCorrectionOptions,
  });
  if (positionals.length === 0) throw new UsageError('No file was named.');
  const threads = readCount(values, 'threads', 1);
  const correction = readCorrection(values);
  const choice = values.frame === undefined ? {} : { frame: readCount(values, 'frame', 1, kMostFrames), chosen: true };
  const bench = await Workbench.start(values.site, { anatomy: await readAnatomy(values.site), threads });
  try {
    const { inputs, ignored } = await findInputs(positionals, { inflater: () => bench.inflater() });
    const records = [];
    for (const input of inputs) records.push(await anatomyOf(bench, input, correction, choice));
    tellIgnored(ignored);
    stdout.write(values.json ? `${JSON.stringify(records, null, 2)}\n` : toText(records));
    return records.every(({ ok }) => ok) ? 0 : 3;
  } finally {
    await bench.close();
  }
}

/**
 * @typedef {import('../../web/shared/contract.js').Written<import('../../web/shared/contract.js').AnatomyReport>} Report
 * @typedef {{file: string, ok: boolean, error: import('../../web/shared/protocol.js').ErrorValue|null}
 *   & (Report|{found: false, notice: string})} AnatomyRecord a whole report of a film that was read
 *
 * @param {Workbench} bench
 * @param {import('./inputs.mjs').Input} input
 * @param {import('../../web/shared/contract.js').Correction} correction
 * @param {import('../../web/dicom/read.js').FrameChoice} choice
 * @returns {Promise<AnatomyRecord>}
 */
async function anatomyOf(bench, input, correction, choice) {
  try {
    const bytes = await readInput(input);
    const report = await bench.withFilm(input.within, bytes,
      async (film) => (await bench.run('anatomy', { film: film.film, correction })).analysis, choice);
    return { file: input.file, ok: true, error: null, ...report };
  } catch (error) {
    return { file: input.file, ok: false, error: asError(error, { hint: 'Please report this with the format of the file.' }),
      found: false, notice: NOTICE };
  }
}

const kNoFigure = '–';

/** @param {AnatomyRecord[]} records */
function toText(records) {
  const rows = [['FILE', 'RATIO', 'TILT', 'WHAT IS TO BE SAID']];
  for (const record of records) {
    const { file, error } = record;
    const name = printable(file);
    if (error) rows.push([name, kNoFigure, kNoFigure, printable(`not read: ${error.message} ${error.hint}`.trim())]);
    else {
      const { found, reason, cardiothoracic_ratio: ratio, tilt_degrees: tilt, notes } = /** @type {Report} */ (record);
      rows.push([name, ratio === null ? kNoFigure : ratio.toFixed(2), tilt === null ? kNoFigure : `${tilt.toFixed(0)}°`,
        [found ? '' : `lungs not found: ${reason}`, ...notes].filter(Boolean).join(' ')]);
    }
  }
  return `${alignTable(rows)}\n${NOTICE}\n`;
}
