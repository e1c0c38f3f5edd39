// Loads the anatomy network, once the first findings have been told: a graph of the same runtime, by the name "anatomy" (runtime.js).
// Without it everything else works; what is wrong with its files is told to the case, which says so of each film.
import { EngineCrash, asError, failure } from '../shared/errors.js';

const kCrashed = () => failure('engine-crashed', 'The engine stopped while it read the anatomy network; it was started again.',
  'Copy the folder models/anatomy of the site again.');

/**
 * @typedef {object} Case what the loader needs of the case's thread
 * @property {() => boolean} hasEngine
 * @property {import('./engine_methods.js').Caller['call']} call of the engine
 * @property {(message: import('../shared/contract.js').CaseMessage) => void} tell the case
 * @property {(task: string) => Promise<void>} restart after the engine stopped
 *
 * @typedef {import('./models.js').ModelFiles} ModelFiles
 * @typedef {import('../shared/protocol.js').ErrorValue} ErrorValue
 */
export class AnatomyLoader {
  /** @type {Case} */
  #case;
  /** @type {(() => Promise<ModelFiles>)|undefined} */
  #fetch;
  /** @type {ModelFiles|null} */
  #files = null;
  /** @type {ErrorValue|null} */
  #error = null;
  /** @type {Promise<void>|null} */
  #loading = null;

  /** @param {Case} owner @param {() => Promise<ModelFiles>} [fetchAnatomy] without it there is no anatomy */
  constructor(owner, fetchAnatomy) {
    [this.#case, this.#fetch] = [owner, fetchAnatomy];
    if (fetchAnatomy) owner.tell({ type: 'anatomy-awaited' });
  }

  /** Asked for again, it is the same load. */
  load() {
    if (!this.#fetch) return Promise.resolve();
    return (this.#loading ??= this.#load(this.#fetch));
  }

  /** Into an engine that has just been started. */
  again() {
    if (!this.#fetch) return;
    this.#case.tell({ type: 'anatomy-awaited' });
    if (this.#files) this.#give(this.#files);
    else if (this.#error) this.#fail(this.#error);
  }

  /** @param {() => Promise<ModelFiles>} fetchAnatomy */
  async #load(fetchAnatomy) {
    try {
      this.#files = await fetchAnatomy();
    } catch (error) {
      return this.#fail(asError(error, { code: 'anatomy-failed' }));
    }
    if (this.#case.hasEngine()) await this.#give(this.#files);  // else it comes with again()
    return undefined;
  }

  /** @param {ModelFiles} files @returns {Promise<void>|void} */
  #give({ manifest, network }) {
    try {
      this.#case.call('load-anatomy', {}, [manifest, network]);
    } catch (error) {
      this.#files = null;
      const crashed = error instanceof EngineCrash;
      this.#error = asError(crashed ? kCrashed() : error, { code: 'anatomy-failed' });
      if (crashed) return this.#case.restart('');  // which begins again, and fails with this
      return this.#fail(this.#error);
    }
    return this.#case.tell({ type: 'anatomy-loaded' });
  }

  /** @param {ErrorValue} error */
  #fail(error) {
    this.#error = error;
    this.#case.tell({ type: 'anatomy-not-loaded', error });
  }
}
