// Makes a model of weights that were dropped on the page: the files are read piece by piece into the memory of an engine of their
// own, which checks them to the last number and rebuilds the network; then that engine is thrown away.
//
// Memory: a file is held once, in that engine, and never in JavaScript but for one piece of it. Beside it there are the network's
// graph while it is checked and then its weights, each no larger than the file. All of it is given back with the engine: a damaged
// file, or one that is too large, stops that engine and not the one that films are read with.
import { Cancelled, EngineError, failure, untilAborted } from '../shared/errors.js';
import { readDirectory, readMember } from './zip.js';
import { blobSource } from './sources.js';

/** Read at a time, bytes. */
export const kPiece = 4 * 2 ** 20;
/** Of all files of one model, bytes: an engine has 2 GB, for the files and the network made of them. */
export const kLargestModel = 2 ** 30;

/** @param {string} name */
const baseName = (name) => name.slice(name.lastIndexOf('/') + 1);
/** @param {string} name */
const isFolderFile = (name) => /(^|\/)(weights\.safetensors|model\.onnx)$/.test(name);

/**
 * @typedef {import('../shared/model_files.js').Named} Named
 * @typedef {import('./engine_methods.js').PieceCaller} PieceCaller
 * @typedef {import('./engine_methods.js').Methods} Methods
 * @typedef {{manifest: Uint8Array<ArrayBuffer>, network: Uint8Array<ArrayBuffer>, networkFile: string, assumptions: string[]}} Imported
 *   `assumptions`: what was guessed, in sentences
 *
 * @param {Named[]} files the weights, or the index of their parts, first
 * @param {{startEngine: () => Promise<PieceCaller>, onProgress: (step: 'reading'|'rebuilding', done: number, total: number) => void,
 *   signal: AbortSignal, breathe?: () => Promise<void>}} options
 * @returns {Promise<Imported>}
 * @throws {EngineError} what the file is, where it is no network; {Cancelled}
 */
export async function importModel(files, { startEngine, onProgress, signal, breathe = () => new Promise((resolve) => setTimeout(resolve)) }) {
  const folder = await modelFolder(files);
  const weights = folder ? [folder.network] : files.filter(({ name }) => !isFact(name));
  const facts = folder ? '' : await factsOf(files);
  const total = weights.reduce((sum, { file }) => sum + file.size, 0);
  if (total > kLargestModel) {
    throw failure('file-too-large', `The model has ${Math.ceil(total / 2 ** 20)} MB; at most ${kLargestModel / 2 ** 20} MB are read.`,
      'Save the network without the state of its optimiser.');
  }
  const engine = await untilAborted(signal, startEngine());
  const loading = folder && engine.begin('load-model');
  const importing = folder ? null : engine.begin('import', { names: weights.map(({ name }) => baseName(name)), facts });
  const call = /** @type {import('./engine_methods.js').PieceCall<'import'|'load-model'>} */ (loading ?? importing);
  if (folder) call.give(folder.manifest);
  let done = 0;
  for (const { file } of weights) {
    const input = call.input(file.size);
    for (let at = 0; at < file.size; at += kPiece) {
      onProgress('reading', done, total);
      const piece = await untilAborted(signal, pieceOf(file, at));
      input.write(at, piece);
      done += piece.length;
      if (piece.length !== Math.min(kPiece, file.size - at)) throw failure('file-unreadable', 'The file ended before its end.', 'Drop it again.');
    }
  }
  onProgress('rebuilding', total, total);
  await breathe();
  if (signal.aborted) throw new Cancelled();
  if (importing) {
    const { value, blobs: [manifest, network] } = finished(importing);
    return { manifest, network, networkFile: value.file, assumptions: value.assumptions };
  }
  finished(call);
  const { manifest, network } = /** @type {Folder} */ (folder);
  return { manifest, network: new Uint8Array(await network.file.arrayBuffer()), networkFile: baseName(network.name), assumptions: [] };
}

/**
 * @template {keyof Methods} Method
 * @param {import('./engine_methods.js').PieceCall<Method>} call
 * @throws {EngineError} also where the engine stopped: the file was too much for it
 */
function finished(call) {
  try {
    return call.finish();
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw failure('import-failed', 'The engine stopped while it read this file: it is damaged, or too large for this browser.',
      'Save the network alone, without an optimiser, and add that.');
  }
}

/** @param {Blob} file @param {number} at */
async function pieceOf(file, at) {
  try {
    return new Uint8Array(await file.slice(at, at + kPiece).arrayBuffer());
  } catch {
    throw failure('file-unreadable', 'The file can no longer be read: it was moved, deleted or changed.', 'Drop it again.');
  }
}

/** What lies beside weights and says something of them; the index of their parts belongs to the weights. @param {string} name */
const isFact = (name) => /\.json$/i.test(name) && !/\.index\.json$/i.test(name);

/** The text of config.json, with what preprocessor_config.json adds. @param {Named[]} files */
async function factsOf(files) {
  /** @type {Record<string, string>} */
  const texts = {};
  for (const { name, file } of files) if (isFact(name) && file.size < 2 ** 20) texts[baseName(name)] = await file.text();
  const parsed = ['preprocessor_config.json', 'config.json'].map((name) => parse(texts[name])).filter(Boolean);
  if (!parsed.length) return '';
  const merged = Object.assign({}, ...parsed);
  const says = ['label_names', 'labels', 'id2label', 'label2id', 'classes', 'class_names', 'mean', 'image_mean', 'pretrained_cfg', 'default_cfg'];
  return says.some((key) => key in merged) ? JSON.stringify(merged) : '';
}

/** @param {string} [words] @returns {object|null} */
function parse(words) {
  try {
    const value = JSON.parse(words ?? '');
    return value && typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/**
 * A model folder as this page writes them, its files beside each other or in a ZIP archive.
 * @typedef {{manifest: Uint8Array<ArrayBuffer>, network: Named}} Folder
 * @param {Named[]} files @returns {Promise<Folder|null>} null where it is none
 */
async function modelFolder(files) {
  const manifest = files.find(({ name }) => baseName(name) === 'manifest.json');
  if (manifest && isFolderFile(files[0].name)) return { manifest: new Uint8Array(await manifest.file.arrayBuffer()), network: files[0] };
  if (!/\.zip$/i.test(files[0].name)) return null;
  const source = blobSource(files[0].file);
  const members = await readDirectory(source);
  const inside = members.find(({ name }) => baseName(name) === 'manifest.json');
  const network = members.find(({ name }) => isFolderFile(name));
  if (!inside || !network || network.method !== 0) return null;
  const none = async () => { throw failure('archive-method', 'The manifest is compressed.', 'Unpack the archive and drop its files.'); };
  const start = await dataStart(source, network);
  return { manifest: new Uint8Array(await readMember(source, inside, none)),
    network: { name: network.name, file: files[0].file.slice(start, start + network.size) } };
}

/**
 * Where a stored member's bytes begin: behind its local header, name and extra field.
 * @param {import('./sources.js').Source} source @param {{offset: number}} member
 */
async function dataStart(source, member) {
  const header = await source.read(member.offset, 30);
  return member.offset + 30 + header[26] + 256 * header[27] + header[28] + 256 * header[29];
}

