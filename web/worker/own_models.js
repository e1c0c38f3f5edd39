// The models that a reader added: imported, kept, listed, changed, removed and offered as files. One at a time is imported; the next
// files wait. It tells the page what there is after every change.
import { Cancelled, asError, failure } from '../shared/errors.js';
import { zipOf } from '../shared/zip_writer.js';
import { importModel } from './model_importer.js';

/** Codes of errors that a kept model is to blame for. */
const kFaultsOfModels = ['model-gone', 'model-damaged', 'hash-mismatch', 'truncated', 'corrupt', 'missing', 'invalid-manifest', 'invalid-model'];
const kOwn = /^own:([0-9a-f]{64})$/;
const kCancelled = failure('cancelled', 'The model was not added: you cancelled it.', 'Drop the file again to add it.');

/** @param {string|null} id @returns {string|null} the hash of a model that was added; null for one that came with the page */
export const hashOf = (id) => kOwn.exec(id ?? '')?.[1] ?? null;

/**
 * What follows from a manifest, of what the engine tells; where it came from and how it is kept is the store's to say.
 * @param {import('./model_store.js').Choice} choice
 */
const ofManifest = ({ name, bytes, licence, link, sha256, side, labels }) => ({ name, bytes, licence, link, sha256, side, labels });

/**
 * @typedef {object} Ways
 * @property {import('./model_store.js').ModelStore} store
 * @property {() => Promise<import('./engine_methods.js').PieceCaller>} startEngine one that is thrown away
 * @property {(message: import('../shared/protocol.js').FromWorker, buffer?: ArrayBuffer) => void} post to the page
 * @property {Pick<import('./model_loader.js').ModelLoader, 'load'|'loadDefault'|'wanted'>} loader
 *
 * @typedef {import('../shared/protocol.js').ToWorker} ToWorker
 */
export class OwnModels {
  /** @type {Ways} */
  #ways;
  /** @type {Promise<void>} */
  #waiting = Promise.resolve();
  #unfinished = 0;
  /** @type {AbortController|null} */
  #importing = null;

  /** @param {Ways} ways */
  constructor(ways) {
    this.#ways = ways;
  }

  /** @param {Extract<ToWorker, {type: 'import-model'|'cancel-import'|'remove-model'|'revise-model'|'download-model'}>} message */
  handle(message) {
    switch (message.type) {
      case 'cancel-import': return this.#importing?.abort();
      case 'import-model': return void this.#inTurn(() => this.#import(message));
      case 'remove-model': return void this.#inTurn(() => this.#remove(message.id));
      case 'revise-model': return void this.#inTurn(() => this.#revise(message));
      default: return void this.#inTurn(() => this.#download(message.id));
    }
  }

  /** Tells the page what there is. */
  async tell() {
    const { store, post } = this.#ways;
    post({ type: 'models-listed', models: await store.list(), storage: await store.storage() });
  }

  /** @param {string} hash @returns {Promise<import('./models.js').ModelFiles>} @throws {EngineError} */
  async fetch(hash) {
    const { manifest, network } = await this.#ways.store.read(hash);
    return { id: `own:${hash}`, manifest, network };
  }

  /** A model was loaded: it was used today. @param {string|null} id */
  loaded(id) {
    const hash = hashOf(id);
    if (hash) this.#inTurn(async () => { await this.#ways.store.used(hash); await this.tell(); });
  }

  /**
   * A model could not be loaded.
   * @param {string|null} id @param {{code: string, message: string}} error
   * @returns {boolean} it was added, and is itself at fault: not the browser, and not the connection
   */
  failed(id, { code, message }) {
    const hash = hashOf(id);
    if (!hash || !kFaultsOfModels.includes(code)) return false;
    if (code !== 'model-gone') this.#ways.store.damaged(hash, message);
    this.#inTurn(() => this.tell());
    return true;
  }

  /** Something that was asked is not done yet. */
  get busy() {
    return this.#unfinished > 0;
  }

  /** Resolves when all that was asked so far is done. */
  get idle() {
    return this.#waiting;
  }

  /** @param {() => Promise<void>} work */
  #inTurn(work) {
    this.#unfinished += 1;
    this.#waiting = this.#waiting.then(work).catch((error) => {
      const { message, hint } = asError(error);
      this.#ways.post({ type: 'noticed', text: `${message} ${hint}`.trim() });
    }).finally(() => { this.#unfinished -= 1; });
    return this.#waiting;
  }

  /** @param {Extract<ToWorker, {type: 'import-model'}>} message */
  async #import({ name, files }) {
    const { store, startEngine, post } = this.#ways;
    const abort = new AbortController();
    this.#importing = abort;
    /** @param {string} step @param {number} done @param {number} total */
    const onProgress = (step, done, total) => post({ type: 'import-progressed', name, step, done, total });
    try {
      onProgress('reading', 0, files.reduce((sum, { file }) => sum + file.size, 0));
      const { manifest, network, networkFile, assumptions } = await importModel(files, { startEngine, onProgress, signal: abort.signal });
      onProgress('keeping', network.byteLength, network.byteLength);
      const choice = { ...await this.#describe(manifest), source: `added from ${name}`, used: '', kept: true, preset: false, problem: '' };
      const before = (await store.list()).find(({ sha256, problem }) => sha256 === choice.sha256 && !problem);
      if (before && assumptions.length) {  // what was said of it since then is worth more than a guess
        post({ type: 'model-imported', model: before, note: `${before.name} was here already; it stays as it was.` });
        return;
      }
      const { kept, why } = await store.add({ manifest, network, networkFile, choice });
      post({ type: 'model-imported', model: { ...choice, id: `own:${choice.sha256}`, kept }, assumptions,
        note: why && `${why} It stays until the page is closed.` });
    } catch (error) {
      post({ type: 'import-failed', name, error: error instanceof Cancelled ? kCancelled.toJSON()
        : asError(error, { code: 'import-failed', hint: 'Choose another file.' }) });
    } finally {
      this.#importing = null;
      await this.tell();
    }
  }

  /** What a list says of a model, by its manifest. @param {Uint8Array} manifest */
  async #describe(manifest) {
    return ofManifest((await this.#ways.startEngine()).call('describe-manifest', {}, [manifest]).value);
  }

  /** @param {string} id */
  async #remove(id) {
    const { store, loader } = this.#ways;
    const hash = hashOf(id);
    if (!hash) return;
    await store.remove(hash);
    await this.tell();
    if (loader.wanted === id) await loader.loadDefault();
  }

  /** @param {Extract<ToWorker, {type: 'revise-model'}>} message */
  async #revise({ id, form, facts }) {
    const { store, loader, post, startEngine } = this.#ways;
    const hash = hashOf(id);
    try {
      if (!hash) throw failure('model-fixed', 'Only models that were added can be changed.', 'Add the file of another model.');
      const before = await store.read(hash);
      const engine = await startEngine();
      const { value, blobs: [manifest] } = engine.call('revise', { form: form ?? {}, facts: facts ?? '' }, [before.manifest]);
      await store.revise(hash, manifest, ofManifest(value));
      post({ type: 'model-revised', id });
      await this.tell();
      if (loader.wanted === id) await loader.load(id);
    } catch (error) {
      post({ type: 'model-revised', id, error: asError(error) });
    }
  }

  /** Offers the model's folder as a ZIP archive, which can be added again, here or with `cxr`. @param {string} id */
  async #download(id) {
    const hash = hashOf(id);
    if (!hash) return;
    const { manifest, network, networkFile } = await this.#ways.store.read(hash);
    const folder = JSON.parse(new TextDecoder().decode(manifest)).id;
    const zip = zipOf([{ name: `${folder}/manifest.json`, bytes: manifest }, { name: `${folder}/${networkFile}`, bytes: network }]);
    this.#ways.post({ type: 'exported', name: `${folder}.zip`, mime: 'application/zip' }, await zip.arrayBuffer());
  }
}
