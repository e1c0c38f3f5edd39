// Loads the network that the case asks for: its files, the graph that the engine builds from them, and ONNX Runtime around it. One model
// is in use until the next is complete, and stays when that fails or is cancelled.
import { Cancelled, EngineCrash, asError, failure, untilAborted } from '../shared/errors.js';
import { hashOf } from './own_models.js';

const kLoadingCancelled = failure('cancelled', 'Loading the model was cancelled.',
  'Films can be looked at; load the model again to have them analysed.');

/**
 * @typedef {object} Case what the loader needs of the case's thread
 * @property {() => Promise<void>} engineStarted
 * @property {import('./engine_methods.js').Caller['call']} call of the engine
 * @property {(message: import('../shared/contract.js').CaseMessage) => void} tell the case
 * @property {() => Promise<void>} networkIdle
 * @property {(task: string) => Promise<void>} restart after the engine stopped; the task is what it was doing
 * @property {(message: import('../shared/protocol.js').FromWorker) => void} post to the page
 * @property {() => import('./own_models.js').OwnModels|null} [ownModels] those that readers added
 *
 * @typedef {import('./case_thread.js').Network} Network
 * @typedef {import('./models.js').ModelFiles} ModelFiles
 * @typedef {import('../shared/contract.js').ModelInfo} ModelInfo
 * @typedef {{abort: AbortController, runtime: AbortController}} Load
 * @typedef {{files: ModelFiles|null, model: ModelInfo|null, runtime: Network|null}} InUse
 */
export class ModelLoader {
  /** @type {Case} */
  #case;
  /** @type {import('./case_thread.js').Services} */
  #services;
  /** In use: what runs it, what it is, and the files it was made of. @type {Network|null} */
  #runtime = null;
  /** @type {ModelInfo|null} */
  #model = null;
  /** @type {ModelFiles|null} */
  #files = null;
  /** The model asked for last; null for the default. @type {string|null} */
  #wanted = null;
  /**
   * The load under way. Another model chosen meanwhile ends it, but not the runtime's downloads: any model needs them.
   * @type {Load|null}
   */
  #loading = null;
  /** @type {Promise<unknown>} */
  #lastLoad = Promise.resolve();
  /** @type {Promise<unknown>} */
  #runtimeStarting = Promise.resolve();

  /** @param {Case} owner @param {import('./case_thread.js').Services} services */
  constructor(owner, services) {
    [this.#case, this.#services] = [owner, services];
  }

  /** Nothing is run before there is one. */
  get runtime() {
    return /** @type {Network} */ (this.#runtime);
  }

  /** @param {string|null} [id] without, the one asked for last */
  load(id) {
    this.#wanted = id || this.#wanted;
    this.#case.tell({ type: 'model-awaited' });
    this.#loading?.abort.abort();
    this.#loading = { abort: new AbortController(), runtime: this.#loading?.runtime ?? new AbortController() };
    this.#lastLoad = this.#load(this.#wanted, this.#loading, this.#lastLoad);
    return this.#lastLoad;
  }

  /** The model asked for last; null for the page's own default. */
  get wanted() {
    return this.#wanted;
  }

  loadDefault() {
    this.#wanted = null;
    return this.load(null);
  }

  cancel() {
    this.#loading?.abort.abort();
    this.#loading?.runtime.abort();
  }

  /** The model in use, in an engine that has just been started. */
  again() {
    if (!this.#files) return;
    this.#call(this.#files);
    if (this.#runtime) this.#case.tell({ type: 'network-ready', backend: this.#runtime.backend, again: true });
  }

  /** Tells how far a download is, as long as anybody waits for it. @param {'runtime'|'model'|'warm-up'} what @param {number} done @param {number} total */
  report(what, done, total) {
    if (this.#loading) this.#case.post({ type: 'loading-progressed', what, done, total });
  }

  /**
   * @param {string|null} id @param {Load} load @param {Promise<unknown>} before the load before this one @returns {Promise<unknown>}
   */
  async #load(id, load, before) {
    const { signal } = load.abort;
    /** @type {InUse|null} */
    let replaced = null;
    let left = false;  // the case was told that the network in use goes
    try {
      this.#services.prefetchRuntime?.(load.runtime.signal);
      /** @type {import('../shared/download.js').ByteProgress} */
      const onProgress = (done, total) => this.report('model', done, total);
      const [files] = await untilAborted(signal, Promise.all([
        this.#fetch(id, { onProgress, signal }), this.#case.engineStarted(),
      ]));
      await untilAborted(signal, before);
      this.#case.tell({ type: 'network-left' });
      left = true;
      await untilAborted(signal, this.#case.networkIdle());
      replaced = { files: this.#files, model: this.#model, runtime: this.#runtime };
      const model = this.#call(files);
      [this.#files, this.#model, this.#runtime] = [files, model, null];
      this.report('warm-up', 0, 1);
      this.#runtime = await this.#start(load);
      this.#ready();
    } catch (error) {
      return this.#ended(load, error, replaced, left);
    }
    return replaced.runtime?.release();
  }

  /**
   * @param {string|null} id @param {Parameters<import('./case_thread.js').Services['fetchModel']>[1]} options @returns {Promise<ModelFiles>}
   */
  #fetch(id, options) {
    const hash = hashOf(id);
    const own = this.#case.ownModels?.();
    return hash && own ? own.fetch(hash) : this.#services.fetchModel(id, options);
  }

  /** @param {ModelFiles} files */
  #call({ manifest, network }) {
    return this.#case.call('load-model', {}, [manifest, network]).value;
  }

  /**
   * Runtimes start one after another; one that nobody waits for any more is released when it has.
   * @param {Load} load @returns {Promise<Network>}
   */
  #start({ abort: { signal }, runtime: { signal: downloads } }) {
    const warmUp = this.#case.call('warm-up');
    const { post } = this.#case;
    const starting = this.#runtimeStarting.then(() => {
      if (signal.aborted) throw new Cancelled();
      return this.#services.startRuntime({
        buildGraph: (graph, precision) => this.#case.call('graph', { graph, precision }).blobs[0],
        warmUpInput: { request: warmUp.value.request, blobs: warmUp.blobs },
        onBackend: (backend) => post({ type: 'backend-changed', backend }),
        onGraph: ({ graph, ready }) => post({ type: 'loading-progressed', what: graph, done: Number(ready), total: 1 }),
        signal: downloads,
      });
    });
    this.#runtimeStarting = starting.then((runtime) => signal.aborted && runtime.release(), () => {});
    return untilAborted(signal, starting);
  }

  #ready() {
    this.#loading = null;
    this.#case.tell({ type: 'network-ready', backend: this.runtime.backend });
    this.#case.ownModels?.()?.loaded(this.#files?.id ?? null);
  }

  /**
   * A load failed, was cancelled, or gave way to another: back to the model before it, if there was one.
   * @param {Load} load @param {unknown} error @param {InUse|null} replaced @param {boolean} left
   */
  async #ended(load, error, replaced, left) {
    if (replaced) [this.#files, this.#model, this.#runtime] = [replaced.files, replaced.model, replaced.runtime];
    if (error instanceof EngineCrash) await this.#case.restart('');
    else if (replaced?.runtime && replaced.files) this.#call(replaced.files);
    if (this.#loading !== load) {
      // What waits for the next one may go on with this one meanwhile.
      if (left && this.#runtime) this.#case.tell({ type: 'network-ready', backend: this.#runtime.backend, again: true });
      return;
    }
    this.#loading = null;
    this.#failed(error);
  }

  /** @param {unknown} thrown */
  #failed(thrown) {
    const { post, tell } = this.#case;
    const cancelled = thrown instanceof Cancelled;
    const error = cancelled ? kLoadingCancelled.toJSON()
      : asError(thrown instanceof EngineCrash ? failure('engine-crashed', 'The engine stopped while it worked on the model; it was started again.',
        'Choose another model, or reload the page.') : thrown, { code: 'model-failed' });
    const isToBlame = !cancelled && this.#case.ownModels?.()?.failed(this.#wanted, error);
    if (this.#runtime) {
      const stays = `The model ${this.#model?.name ?? this.#model?.id} stays.`;
      post({ type: 'noticed', text: cancelled ? `${error.message} ${stays}` : `${error.message} ${error.hint} ${stays}` });
      this.#ready();
      return;
    }
    if (isToBlame) {  // the page works without a model that was added
      post({ type: 'noticed', text: `${error.message} The page's own model is used instead.` });
      this.loadDefault();
      return;
    }
    post({ type: 'engine-failed', error });
    if (!cancelled) tell({ type: 'model-failed', error });  // cancelled: analyses wait until the model is loaded again
  }
}
