// What is kept of films on this device: the browser's database (IndexedDB) of this origin, an entry for each file, by the SHA-256 of
// its bytes. Never pixels. No database is made before something is to be kept.
//
// A browser may have no database, forbid it (private windows, blocked storage), be out of room, or not answer: then every method
// throws, in words that can be shown.
import { failure, messageOf } from './errors.js';

export const kDatabase = 'chestlight-readings';
const kFilms = 'films';
/** Of an entry; one of another is not understood and comes back to nobody. */
export const kFormat = 1;
/** A browser that does not answer by then, milliseconds, is given up. */
const kLongestStep = 5000;

/**
 * @typedef {import('./contract.js').Written<import('./contract.js').Correction>} Correction
 * @typedef {import('./contract.js').Written<import('./contract.js').FilmReading>} FilmReading
 *
 * @typedef {object} KeptFilm
 * @property {string} sha256
 * @property {number} format
 * @property {string} file its name as it was given
 * @property {number} bytes of the file
 * @property {string} date when it was kept last, ISO 8601
 * @property {number} frame that was chosen, of several; 0: none was
 * @property {boolean} chosen
 * @property {FilmReading} reading
 * @property {Correction|null} correction of what the model sees
 * @property {boolean} anyway
 * @property {object|null} record as exports have it, without what they add (src/contract/film_record.h)
 *
 * @typedef {Pick<ReadingStore, 'find'|'put'|'remove'|'clear'|'count'>} Store what tests put in its place
 */
export class ReadingStore {
  /** @type {() => IDBFactory|undefined} */
  #factory;
  /** @type {number} milliseconds */
  #longestStep;

  /** @param {{factory?: () => IDBFactory|undefined, longestStep?: number}} [options] */
  constructor({ factory = () => globalThis.indexedDB, longestStep = kLongestStep } = {}) {
    [this.#factory, this.#longestStep] = [factory, longestStep];
  }

  /** @param {string} sha256 @returns {Promise<KeptFilm|null>} */
  async find(sha256) {
    return (await this.#run('readonly', false, (films) => films.get(sha256))) ?? null;
  }

  /** In place of what was kept of that file. @param {KeptFilm} film */
  async put(film) {
    await this.#run('readwrite', true, (films) => films.put(film));
  }

  /** @param {string} sha256 */
  async remove(sha256) {
    await this.#run('readwrite', false, (films) => films.delete(sha256));
  }

  async clear() {
    await this.#run('readwrite', false, (films) => films.clear());
  }

  /** @returns {Promise<number>} of films of which something is kept */
  async count() {
    return (await this.#run('readonly', false, (films) => films.count())) ?? 0;
  }

  /**
   * One step, done when the browser says that it is on the disk.
   * @template T
   * @param {IDBTransactionMode} mode
   * @param {boolean} create the database where there is none
   * @param {(films: IDBObjectStore) => IDBRequest<T>} step
   * @returns {Promise<T|undefined>} nothing where there is no database
   */
  async #run(mode, create, step) {
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    let timer;
    /** @type {Promise<never>} */
    const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error('it does not answer')), this.#longestStep); });
    try {
      return await Promise.race([this.#attempt(mode, create, step), late]);
    } catch (error) {
      throw inWords(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** @template T @param {IDBTransactionMode} mode @param {boolean} create @param {(films: IDBObjectStore) => IDBRequest<T>} step */
  async #attempt(mode, create, step) {
    const database = await this.#open(create);
    if (!database) return undefined;
    try {
      return await new Promise((/** @type {(value: T) => void} */ resolve, reject) => {
        const transaction = database.transaction(kFilms, mode);
        const request = step(transaction.objectStore(kFilms));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onerror = () => reject(transaction.error ?? request.error);
        transaction.onabort = () => reject(transaction.error ?? new Error('it was given up'));
      });
    } finally {
      database.close();
    }
  }

  /** @param {boolean} create @returns {Promise<IDBDatabase|null>} null where there is none, and none is made */
  #open(create) {
    return new Promise((resolve, reject) => {
      const factory = this.#factory();
      if (!factory) throw new Error('it has no database');
      const request = factory.open(kDatabase, 1);
      let absent = false;
      request.onupgradeneeded = () => {
        absent = !create;
        if (create) request.result.createObjectStore(kFilms, { keyPath: 'sha256' });
        else request.transaction?.abort();
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = (event) => {
        event.preventDefault();
        if (absent) resolve(null);
        else reject(request.error ?? new Error('it opens no database'));
      };
    });
  }
}

/** @param {unknown} error */
function inWords(error) {
  const isFull = error instanceof Error && error.name === 'QuotaExceededError';
  return failure('readings-not-kept',
    isFull ? 'The browser has no room left to keep what you say of films.' : `The browser does not keep what you say of films (${messageOf(error)}).`,
    isFull ? 'Export the findings, or forget what is kept.' : 'Export the findings. Private windows and blocked storage keep nothing.');
}
