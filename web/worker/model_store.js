// Models that were added to the page, kept on this device: a folder of the origin's private file system (OPFS) for each, named by the
// SHA-256 of its weights, in a folder of this program's own; nothing beside that folder is read or touched. Where the browser has no
// such place, forbids it, or leaves too little room, a model is kept in memory until the page is closed, and that is said.
//
//   chestlight-models/<sha256>/manifest.json, weights.safetensors or model.onnx, and record.json, which is written last
//
// A folder without a whole record, of another version of this program, or whose files are not as long or not the bytes that were
// written, is listed with its problem, to be removed; it is never loaded. Every entry is checked by the engine once more when it is.
import { failure, messageOf } from '../shared/errors.js';
import { today } from '../shared/today.js';

export const kFolder = 'chestlight-models';
/** Of record.json. */
export const kFormat = 1;
const kHash = /^[0-9a-f]{64}$/;
/** What must stay free beside a model, bytes: the browser's own book-keeping and the page's offline copy. */
const kSpare = 8 * 2 ** 20;

const text = new TextDecoder();
const encoder = new TextEncoder();
/** @param {number} bytes */
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`;

/**
 * @typedef {import('../shared/contract.js').ModelChoice} ModelChoice
 * @typedef {import('../shared/contract.js').Written<ModelChoice>} Choice
 * @typedef {Omit<Choice, 'id'>} Said
 * @typedef {{manifest: Uint8Array<ArrayBuffer>, network: Uint8Array<ArrayBuffer>, networkFile: string, choice: Said}} Model
 * @typedef {FileSystemDirectoryHandle & {entries: () => AsyncIterable<[string, FileSystemHandle]>}} Folder
 */
export class ModelStore {
  /** @type {() => Promise<Folder>} */
  #open;
  /** @type {() => Promise<{usage?: number, quota?: number}>} */
  #estimate;
  /** @type {() => string} */
  #day;
  /** Models that could not be kept. @type {Map<string, Model>} */
  #memory = new Map();
  /** What is wrong with a kept model, found when it was loaded. @type {Map<string, string>} */
  #problems = new Map();
  /** Why nothing can be kept; empty while it can. */
  #without = '';

  /** @param {{open?: () => Promise<Folder>, estimate?: () => Promise<{usage?: number, quota?: number}>, day?: () => string}} [options] */
  constructor({ open = openFolder, estimate = () => globalThis.navigator.storage.estimate(), day = today } = {}) {
    [this.#open, this.#estimate, this.#day] = [open, estimate, day];
  }

  /** @returns {Promise<Choice[]>} by name; those that cannot be used say why */
  async list() {
    /** @type {Choice[]} */
    const choices = [...this.#memory.values()].map(({ choice }) => ({ ...choice, id: `own:${choice.sha256}`, kept: false }));
    const folder = await this.#folder();
    if (folder) for await (const [hash, handle] of folder.entries()) {
      if (kHash.test(hash) && handle.kind === 'directory' && !this.#memory.has(hash)) choices.push(await this.#look(hash, /** @type {Folder} */ (handle)));
    }
    return choices.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  /** Where models are kept and how much room there is, in a sentence. */
  async storage() {
    await this.#folder();
    if (this.#without) return `${this.#without} Models that are added stay until the page is closed.`;
    const { usage = 0, quota = 0 } = await this.#room();
    return quota ? `Added models are kept on this device, in this browser: ${megabytes(Math.max(0, quota - usage))} free.`
      : 'Added models are kept on this device, in this browser.';
  }

  /** @param {Model} model @returns {Promise<{kept: boolean, why: string}>} why: where it could not be kept */
  async add(model) {
    const hash = model.choice.sha256;
    this.#problems.delete(hash);
    const why = await this.#keep(hash, model);
    if (why) this.#memory.set(hash, { ...model, choice: { ...model.choice, kept: false } });
    else this.#memory.delete(hash);
    return { kept: !why, why };
  }

  /** @param {string} hash @returns {Promise<Model>} @throws {EngineError} it is not there, or not what was kept */
  async read(hash) {
    const inMemory = this.#memory.get(hash);
    if (inMemory) return inMemory;
    const folder = await this.#folder();
    const handle = folder && await folder.getDirectoryHandle(hash).catch(() => null);
    if (!handle) throw failure('model-gone', 'The model is not kept on this device any more.', 'Add its file again.');
    const choice = await this.#look(hash, handle);
    if (choice.problem) throw failure('model-damaged', choice.problem, 'Remove it and add its file again.');
    const { network_file: networkFile, manifest_sha256: expected } = JSON.parse(text.decode(await bytesOf(handle, 'record.json')));
    const manifest = await bytesOf(handle, 'manifest.json');
    if (await sha256(manifest) !== expected) {
      this.damaged(hash, 'Its manifest is not the one that was kept.');
      throw failure('model-damaged', 'The manifest of the model is not the one that was kept.', 'Remove the model and add its file again.');
    }
    return { manifest, network: await bytesOf(handle, networkFile), networkFile, choice };
  }

  /** The same weights under another manifest. @param {string} hash @param {Uint8Array<ArrayBuffer>} manifest @param {Partial<Said>} choice of it */
  async revise(hash, manifest, choice) {
    const before = await this.read(hash);
    return this.add({ ...before, manifest, choice: { ...before.choice, ...choice } });
  }

  /** The model was loaded today. @param {string} hash */
  async used(hash) {
    const inMemory = this.#memory.get(hash);
    if (inMemory) inMemory.choice.used = this.#day();
    const folder = inMemory ? null : await this.#folder();
    const handle = folder && await folder.getDirectoryHandle(hash).catch(() => null);
    if (!handle) return;
    try {
      const record = JSON.parse(text.decode(await bytesOf(handle, 'record.json')));
      await write(handle, 'record.json', encoder.encode(JSON.stringify({ ...record, used: this.#day() })));
    } catch {
      // Another tab writes it: it says the same.
    }
  }

  /** @param {string} hash @param {string} problem a sentence */
  damaged(hash, problem) {
    this.#problems.set(hash, problem);
  }

  /** @param {string} hash */
  async remove(hash) {
    this.#memory.delete(hash);
    this.#problems.delete(hash);
    const folder = kHash.test(hash) ? await this.#folder() : null;
    await folder?.removeEntry(hash, { recursive: true }).catch(() => {});  // it may be gone already
  }

  /** @returns {Promise<Folder|null>} */
  async #folder() {
    try {
      return await this.#open();
    } catch {
      this.#without = 'This browser keeps no files for this page.';
      return null;
    }
  }

  /** @returns {Promise<{usage?: number, quota?: number}>} */
  async #room() {
    try {
      return await this.#estimate();
    } catch {
      return {};
    }
  }

  /** @param {string} hash @param {Model} model @returns {Promise<string>} why it was not kept; empty where it was */
  async #keep(hash, { manifest, network, networkFile, choice }) {
    const folder = await this.#folder();
    if (!folder) return this.#without;
    const { usage = 0, quota = 0 } = await this.#room();
    if (quota && quota - usage < network.byteLength + manifest.byteLength + kSpare) {
      return `The browser leaves this page ${megabytes(Math.max(0, quota - usage))}, and the model has ${megabytes(network.byteLength)}.`;
    }
    try {
      const handle = await folder.getDirectoryHandle(hash, { create: true });
      await handle.removeEntry('record.json').catch(() => {});
      await write(handle, networkFile, network);
      await write(handle, 'manifest.json', manifest);
      const record = { format: kFormat, ...choice, network_file: networkFile, network_bytes: network.byteLength,
        manifest_bytes: manifest.byteLength, manifest_sha256: await sha256(manifest) };
      await write(handle, 'record.json', encoder.encode(JSON.stringify(record)));
      return '';
    } catch (error) {
      await folder.removeEntry(hash, { recursive: true }).catch(() => {});
      return `The browser did not keep it (${messageOf(error)}).`;
    }
  }

  /** What is kept there, as far as its record and the sizes of its files tell. @param {string} hash @param {FileSystemDirectoryHandle} handle @returns {Promise<Choice>} */
  async #look(hash, handle) {
    const id = `own:${hash}`;
    /** @param {string} problem @returns {Choice} */
    const unusable = (problem) => ({ id, name: `Model ${hash.slice(0, 8)}`, bytes: 0, source: '', licence: '', link: '', sha256: hash, side: 0,
      labels: 0, used: '', kept: true, preset: false, problem });
    let record;
    try {
      record = JSON.parse(text.decode(await bytesOf(handle, 'record.json')));
    } catch {
      return unusable('It was not kept to its end: the page was closed while it was written.');
    }
    if (record.format !== kFormat) return unusable('It was kept by another version of this page, which wrote it differently.');
    const { format: _, network_file: networkFile, network_bytes: networkBytes, manifest_bytes: manifestBytes, manifest_sha256: __, ...choice } = record;
    const found = { ...choice, id, kept: true, problem: this.#problems.get(hash) ?? '' };
    for (const [name, bytes] of [[networkFile, networkBytes], ['manifest.json', manifestBytes]]) {
      const size = await sizeOf(handle, name);
      if (size !== bytes) found.problem ||= `It is damaged: ${name} has ${size} bytes where ${bytes} were kept.`;
    }
    return found;
  }
}

/** @returns {Promise<Folder>} */
async function openFolder() {
  const root = await globalThis.navigator.storage.getDirectory();
  return /** @type {Promise<Folder>} */ (root.getDirectoryHandle(kFolder, { create: true }));
}

/** @param {FileSystemDirectoryHandle} folder @param {string} name */
const bytesOf = async (folder, name) => new Uint8Array(await (await (await folder.getFileHandle(name)).getFile()).arrayBuffer());

/** @param {FileSystemDirectoryHandle} folder @param {string} name @returns {Promise<number>} 0 where there is none */
async function sizeOf(folder, name) {
  try {
    return (await (await folder.getFileHandle(name)).getFile()).size;
  } catch {
    return 0;
  }
}

/** In one piece or not at all: what is cut short throws, as on a full disk. @param {FileSystemDirectoryHandle} folder @param {string} name @param {Uint8Array<ArrayBuffer>} bytes */
async function write(folder, name, bytes) {
  /** @type {FileSystemFileHandle & {createSyncAccessHandle?: () => Promise<FileSystemSyncAccessHandle>}} in threads alone */
  const file = await folder.getFileHandle(name, { create: true });
  if (!file.createSyncAccessHandle) {
    const stream = await file.createWritable();
    await stream.write(bytes);
    return stream.close();
  }
  const access = await file.createSyncAccessHandle();
  try {
    access.truncate(0);
    if (access.write(bytes, { at: 0 }) !== bytes.byteLength) throw new Error('the disk is full');
    access.flush();
  } finally {
    access.close();
  }
  return undefined;
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
async function sha256(bytes) {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
