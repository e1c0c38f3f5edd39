// cxr model import: a checkpoint of PyTorch or safetensors, or an ONNX graph, becomes a model folder of one's own.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { stdout } from 'node:process';
import { failure, messageOf } from '../../web/shared/errors.js';
import { NOTICE } from '../../web/shared/notice.js';
import { UsageError, readArguments, readCount } from './arguments.mjs';
import { findOwnModel, keepOwnModel } from './own_models.mjs';
import { Workbench, listModels } from './workbench.mjs';

const kLargest = 2 ** 31 - 1;  // bytes that the engine's memory can hold

/** @param {string} file */
async function readCheckpoint(file) {
  try {
    const bytes = await readFile(file);
    if (bytes.length > kLargest) throw new Error('more than 2 GB');
    return bytes;
  } catch (error) {
    throw failure('not-read', `${file} cannot be read (${messageOf(error)}).`, 'Name a checkpoint: .pt, .pth, .ckpt, .tar, .safetensors or .onnx.');
  }
}

/**
 * What a configuration says of the network: the file that is named, or config.json beside safetensors, as timm and Hugging Face write it.
 * @param {string|undefined} named @param {string} checkpoint
 * @returns {Promise<string>} empty where there is none
 */
async function readFacts(named, checkpoint) {
  const beside = join(dirname(checkpoint), 'config.json');
  const file = named ?? (/\.safetensors$/i.test(checkpoint) && existsSync(beside) ? beside : null);
  if (!file) return '';
  try {
    const words = await readFile(file, 'utf8');
    return named || saysSomething(words) ? words : '';
  } catch (error) {
    throw failure('not-read', `${file} cannot be read (${messageOf(error)}).`, 'Name a file with labels, a line each, or JSON.');
  }
}

/** A config.json that only says what the network is built like is no reason to refuse it. @param {string} words */
function saysSomething(words) {
  try {
    const found = JSON.parse(words);
    return ['label_names', 'labels', 'id2label', 'label2id', 'mean', 'image_mean', 'pretrained_cfg', 'default_cfg'].some((key) => key in found);
  } catch {
    return false;
  }
}

/** What was found, in sentences. @param {import('../../web/worker/engine_methods.js').ImportedModel} model */
function described({ container, architecture, channels, side, labels, left_out: leftOut, assumptions, notes = [], licence, link, known }) {
  const lines = [
    `${architecture}, ${channels} ${channels === 1 ? 'channel' : 'channels'}, ${side} × ${side} pixels (${container}).`,
    `${labels.length} findings: ${labels.join(', ')}.`,
  ];
  if (leftOut.length) lines.push(`Left out, because they were never trained: ${leftOut.join(', ')}.`);
  lines.push(...notes);
  if (known) lines.push(`Licence: ${licence}. Published at ${link}`);
  else lines.push('Where it comes from and its licence are not known.');
  lines.push(...assumptions, 'Nothing is known of its scores on films like yours: nobody has evaluated it here.');
  return lines;
}

/** @param {string[]} args @returns {Promise<number>} the exit status */
export async function importModel(args) {
  const { values, positionals } = readArguments(args, {
    as: { type: 'string' }, known: { type: 'string' }, labels: { type: 'string' }, side: { type: 'string' }, config: { type: 'string' },
    replace: { type: 'boolean' }, json: { type: 'boolean' },
  });
  if (positionals.length === 0) throw new UsageError('Name a checkpoint.');
  /** @type {import('../../web/worker/engine_methods.js').Methods['import']['args']} */
  const request = { names: positionals.map((file) => basename(file)) };
  if (values.as !== undefined) request.id = values.as;
  if (values.known !== undefined) request.known = values.known;
  /** @type {Partial<import('../../web/shared/contract.js').ModelForm>} */
  const form = {};
  request.form = form;
  if (values.labels !== undefined) form.labels = values.labels.split(',').map((label) => label.trim());
  if (values.side !== undefined) form.side = readCount(values, 'side', 224, 1024);

  const facts = await readFacts(values.config, positionals[0]);
  if (facts) request.facts = facts;
  const files = [];
  for (const file of positionals) files.push(await readCheckpoint(file));
  const bench = await Workbench.start(values.site);
  const { value, blobs: [manifest, weights] } = bench.call('import', request, files);
  await bench.close();
  const { models } = await listModels(values.site);
  if (models.some(({ id }) => id === value.id)) {
    throw failure('model-exists', `The page has a model "${value.id}" of its own.`, 'Give this one another name with --as.');
  }
  if (findOwnModel(value.id) && !values.replace) {
    throw failure('model-exists', `There is a model "${value.id}" already.`, 'Give this one another name with --as, or add --replace.');
  }
  const folder = await keepOwnModel(value.id, { 'manifest.json': manifest, [value.file]: weights });
  if (values.json) stdout.write(`${JSON.stringify({ ...value, folder, notice: NOTICE }, null, 2)}\n`);
  else stdout.write(`${value.id}: ${value.name}\n${described(value).map((line) => `  ${line}\n`).join('')}  Kept in ${folder}\n`);
  return 0;
}
