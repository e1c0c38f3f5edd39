// cxr inspect: what a file holds, as the engine reads it; no model and no network.
import { createHash } from 'node:crypto';
import { stdout } from 'node:process';
import { kMostFrames } from '../../web/dicom/limits.js';
import { asError } from '../../web/shared/errors.js';
import { NOTICE } from '../../web/shared/notice.js';
import { UsageError, readArguments, readCount } from './arguments.mjs';
import { findInputs, readInput, tellIgnored } from './inputs.mjs';
import { alignTable, printable } from './text.mjs';
import { Workbench } from './workbench.mjs';

export const kInspectHelp = `Usage: cxr inspect FILE|DIR|ZIP… [--json] [--frame N]

What each file holds, as the engine reads it: format, size, bits, the range of its values, notes.

  --json                    one JSON array, one object per file in the order given: {file, ok, error, film, pixels_sha256,
                            notice, app}. film is null when the file was not read. pixels_sha256 is the SHA-256 of the decoded
                            grey values, row by row, each as a little-endian 32-bit integer: equal pictures in different
                            containers have the same one. Of a DICOM file they are the stored values of the frame, before
                            rescale and inversion.
  --frame N                 of files with several frames, the N-th (default 1)
  --site DIR                the built page whose engine is used (default: build/web/site)

Exit status: 0 all files were read; 3 some were not; 2 wrong usage; 1 the engine did not start.

${NOTICE}
`;

/** @param {string[]} args @returns {Promise<number>} the exit status */
export async function inspect(args) {
  const { values, positionals } = readArguments(args, { json: { type: 'boolean' }, frame: { type: 'string' } });
  if (positionals.length === 0) throw new UsageError('No file was named.');
  const choice = { frame: readCount(values, 'frame', 1, kMostFrames) };
  const bench = await Workbench.start(values.site);
  const records = [];
  const { inputs, ignored } = await findInputs(positionals, { inflater: () => bench.inflater() });
  const { app } = bench.call('version', {}).value;
  for (const input of inputs) records.push({ ...await inspectOne(bench, input, choice), app });
  tellIgnored(ignored);
  stdout.write(values.json ? `${JSON.stringify(records, null, 2)}\n` : toText(records));
  return records.every(({ ok }) => ok) ? 0 : 3;
}

/**
 * @typedef {Omit<import('../../web/dicom/open.js').OpenedFilm, 'film'|'name'>} Facts
 * @typedef {{file: string, ok: boolean, error: import('../../web/shared/protocol.js').ErrorValue|null, film: Facts|null,
 *   pixels_sha256: string|null, notice: string}} Inspected
 *
 * @param {Workbench} bench
 * @param {import('./inputs.mjs').Input} input
 * @param {import('../../web/dicom/read.js').FrameChoice} choice
 * @returns {Promise<Inspected>}
 */
async function inspectOne(bench, input, choice) {
  /** @type {Inspected} */
  const record = { file: input.file, ok: true, error: null, film: null, pixels_sha256: null, notice: NOTICE };
  try {
    const bytes = await readInput(input);
    return await bench.withFilm(input.within, bytes, (film, storedValues) => {
      const { film: _, name: __, ...facts } = film;
      const hash = storedValues ? hashStored(storedValues) : hashPixels(bench.call('pixels', { film: film.film }).blobs[0]);
      return { ...record, film: facts, pixels_sha256: hash };
    }, choice);
  } catch (error) {
    return { ...record, ok: false, error: asError(error, { hint: 'Please report this with the format of the file.' }) };
  }
}

/** @param {Uint8Array} bytes uint16, little-endian @returns {string} hash of the same values as int32, little-endian */
export function hashPixels(bytes) {
  const kValuesAtOnce = 1 << 16;
  const hash = createHash('sha256');
  const source = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.byteLength / 2;
  const part = new DataView(new ArrayBuffer(4 * kValuesAtOnce));
  for (let start = 0; start < count; start += kValuesAtOnce) {
    const length = Math.min(kValuesAtOnce, count - start);
    for (let index = 0; index < length; index += 1) {
      part.setInt32(4 * index, source.getUint16(2 * (start + index), true), true);
    }
    hash.update(new Uint8Array(part.buffer, 0, 4 * length));
  }
  return hash.digest('hex');
}

/** @param {import('../../web/dicom/stored_values.js').Values} values hashed as 32 bits each, little-endian as every machine this runs on */
function hashStored(values) {
  return createHash('sha256').update(new Uint8Array(Int32Array.from(values).buffer)).digest('hex');
}

/** @param {Inspected[]} records */
function toText(records) {
  const rows = [['FILE', 'FORMAT', 'SIZE', 'BITS', 'VALUES', 'NOTES']];
  for (const { file, error, film } of records) {
    const name = printable(file);
    if (error) rows.push([name, printable(`not read: ${error.message} ${error.hint}`.trim())]);
    else if (film) {
      rows.push([name, film.format, `${film.width}×${film.height}`, String(film.bits), `${film.low}–${film.high}`,
        printable([film.lossy ? 'lossy' : '', ...film.notes].filter(Boolean).join('; '))]);
    }
  }
  return `${alignTable(rows)}\n${NOTICE}\n`;
}
