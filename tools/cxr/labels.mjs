// Labels of films, as `cxr evaluate` and `cxr head` take them: the table, and how it is joined to the films. The engine reads it.
import { readFile } from 'node:fs/promises';
import { looksLikeDicom, parseDataSet } from '../../web/dicom/data_set.js';
import { EngineError, failure, messageOf } from '../../web/shared/errors.js';
import { UsageError } from './arguments.mjs';
import { codeOf, readInput } from './inputs.mjs';

export const kUncertain = ['ignore', 'positive', 'negative'];
export const kBlank = ['by-format', 'ignore', 'negative'];
/** @type {Record<string, [field: 'sop_instance_uid'|'accession_number', tag: string]>} */
const kIdentifiers = { 'sop-instance-uid': ['sop_instance_uid', 'x00080018'], 'accession-number': ['accession_number', 'x00080050'] };

/** @satisfies {import('./arguments.mjs').Options} */
export const kLabelArguments = {
  labels: { type: 'string' }, 'image-column': { type: 'string' }, join: { type: 'string' }, uncertain: { type: 'string' },
  blank: { type: 'string' }, group: { type: 'string', multiple: true },
};

/**
 * How labels are joined to films, as the engine's requests have it.
 * @typedef {import('./inputs.mjs').Input} Input
 * @typedef {import('../../web/worker/engine_methods.js').EvaluationRequest} EvaluationRequest
 *
 * @param {import('./arguments.mjs').Values<typeof kLabelArguments>} values
 */
export function readLabelChoice(values) {
  /** @param {'uncertain'|'blank'} name @param {string[]} words */
  const oneOf = (name, words) => {
    const value = values[name];
    if (value !== undefined && !words.includes(value)) throw new UsageError(`--${name} ${value}: expected ${words.join(', ')}.`);
    return value === undefined ? {} : { [name]: value };
  };
  return {
    ...oneOf('uncertain', kUncertain), ...oneOf('blank', kBlank), groups: values.group ?? [],
    ...(values.join === undefined ? {} : { join_by: values.join }),
    ...(values['image-column'] === undefined ? {} : { image_column: values['image-column'] }),
  };
}

/** @param {string} path */
export async function readTable(path) {
  try {
    const bytes = new Uint8Array(await readFile(path));
    if (bytes.length === 0) throw failure('empty-file', `The table ${path} is empty.`, 'Choose a CSV file with labels.');
    return bytes;
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw failure('not-found', `The table ${path} cannot be read (${codeOf(error) ?? messageOf(error)}).`, 'Check the path.');
  }
}

/**
 * What the engine is told of each image; numbers of a DICOM file only where labels are joined by them.
 * @param {Input[]} inputs
 * @param {string|undefined} key what labels are joined by
 * @param {import('./workbench.mjs').Workbench} bench
 * @returns {Promise<EvaluationRequest['images']>}
 */
export async function describeImages(inputs, key, bench) {
  const identifier = kIdentifiers[key ?? ''];
  /** @type {EvaluationRequest['images']} */
  const images = inputs.map(({ within }) => ({ file: within }));
  if (!identifier) return images;
  for (const [index, input] of inputs.entries()) {
    try {
      const bytes = await readInput(input);
      if (!looksLikeDicom(bytes)) continue;
      const data = await parseDataSet(bytes, { inflater: () => bench.inflater() });
      images[index][identifier[0]] = data.words(identifier[1]);
    } catch {
      // A file that cannot be read has no number; scoring it says why.
    }
  }
  return images;
}
