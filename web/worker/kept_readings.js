// What a reader says of films, kept from visit to visit where they switched that on: what the case gave away to outlive its engine
// (the Keep steps of src/contract/case.h) outlives the page, too. An entry of a file is what was said of it, its correction, and its
// results as exports have them. A film of which nothing was said or corrected is not kept.
//
// Steps in the browser's storage are taken one after the other. One that fails is told once and loses nothing but itself: the next
// change of that film is kept again.
import { asError, failure } from '../shared/errors.js';
import { kFormat } from '../shared/reading_store.js';
import { timestamp } from '../shared/today.js';

/**
 * @typedef {import('../shared/reading_store.js').KeptFilm} KeptFilm
 * @typedef {import('../shared/contract.js').Written<import('../shared/contract.js').FilmKept>} CaseFilm
 * @typedef {import('../shared/contract.js').BringBackReading} BringBackReading
 * @typedef {Pick<KeptFilm, 'correction'|'anyway'>} Request what the model is asked to see
 *
 * @typedef {object} Ways
 * @property {import('../shared/reading_store.js').Store|null} store null: nothing can be kept here
 * @property {(message: BringBackReading & {type: 'bring-back-reading'}) => void} tell the case
 * @property {(event: import('../shared/contract.js').Event) => void} post to the page
 * @property {() => string} [now] the time, as ISO 8601 writes it
 */
export class KeptReadings {
  /** @type {import('../shared/reading_store.js').Store|null} */
  #store;
  /** @type {Ways['tell']} */
  #tell;
  /** @type {Ways['post']} */
  #post;
  /** @type {() => string} */
  #now;
  #on = false;
  /** Films as the case gave them away last, with the bytes of their files. @type {Map<number, {film: CaseFilm, bytes: number}>} */
  #films = new Map();
  /** @type {Map<number, Request>} */
  #requests = new Map();
  /** Films of which it is known what was kept: only these are kept again. @type {Set<number>} */
  #lookedUp = new Set();
  /** Nothing could be read: nothing is, until keeping is switched on again, so that no film waits for it. */
  #unreadable = false;
  /** What is kept of a film, or about to be, as far as this visit knows. @type {Map<number, string>} */
  #held = new Map();
  /** How often all was forgotten: what was to be kept before that is not. */
  #forgotten = 0;
  /** The last of the steps that wait for the storage. @type {Promise<unknown>} */
  #last = Promise.resolve();
  /** Films of which something is kept, as far as is known. */
  #count = 0;
  /** What the page was told last. */
  #told = '';

  /** @param {Ways} ways */
  constructor({ store, tell, post, now = timestamp }) {
    [this.#store, this.#tell, this.#post, this.#now] = [store, tell, post, now];
  }

  /** @param {{type: 'keep-readings', on: boolean}|{type: 'forget-readings'}} message */
  handle(message) {
    if (message.type === 'forget-readings') return this.#forget();
    this.#told = '';  // it is an answer, also where nothing is new
    if (!message.on || this.#on) {
      this.#on = message.on;
      return this.#tellCount();
    }
    this.#on = true;
    this.#unreadable = false;
    this.#lookedUp.clear();
    return this.#bringBackAll();
  }

  /** The case gave this film away. @param {CaseFilm} film @param {number} bytes of its file */
  changed(film, bytes) {
    this.#films.set(film.id, { film, bytes });
    this.#save(film.id);
  }

  /** The screen asks for an analysis. @param {import('../shared/contract.js').Analyse} message */
  asked({ id, correction, anyway }) {
    this.#requests.set(id, { correction: /** @type {Request['correction']} */ (correction ?? null), anyway: Boolean(anyway) });
    this.#save(id);
  }

  /** Nothing more is heard of it; what is kept of it stays. @param {number} id */
  closed(id) {
    for (const known of [this.#films, this.#requests, this.#lookedUp, this.#held]) known.delete(id);
  }

  /**
   * What was kept of a film by an earlier visit, before it is opened for the first time: told to the case, and given back for the
   * frame that is to be opened.
   * @param {number} id @param {Promise<string>} hash SHA-256 of its file; empty: not known
   * @returns {Promise<KeptFilm|null>} once for each film, and not for a copy of one that is open
   */
  async bringBack(id, hash) {
    if (!this.#on || this.#unreadable || this.#lookedUp.has(id)) return null;
    const sha256 = await hash;
    if (!sha256 || this.#isCopy(id, sha256)) return null;
    /** @type {KeptFilm|null} */
    let found;
    try {
      found = await this.#step((store) => store.find(sha256));
    } catch (error) {
      this.#unreadable = true;
      return this.#fail(error);
    }
    if (!this.#on || (found && found.format !== kFormat)) return null;  // what another version kept stays as it is
    this.#lookedUp.add(id);
    if (!found) return null;
    const { reading, correction, anyway, frame, chosen } = found;
    this.#requests.set(id, { correction, anyway });
    this.#held.set(id, contentOf(found));
    this.#tell({ type: 'bring-back-reading', id, reading, correction, anyway, frame, chosen });
    return found;
  }

  /** Of films that are open already; and what was said of them by now is kept. */
  async #bringBackAll() {
    for (const [id, { film }] of [...this.#films]) {
      const request = this.#requests.get(id);
      const found = await this.bringBack(id, Promise.resolve(film.sha256 ?? ''));
      if (found && request && isSaid(undefined, request)) this.#requests.set(id, request);  // it is of this visit
      if (!found) this.#save(id);  // else once the case gives away both together
    }
    return this.#tellCount();
  }

  /** Whether another film with these bytes is open: what is said, is said of that one. @param {number} id @param {string} sha256 */
  #isCopy(id, sha256) {
    return [...this.#films.values()].some(({ film }) => film.id !== id && film.sha256 === sha256 && !film.set_aside && this.#lookedUp.has(film.id));
  }

  /** @param {number} id */
  #save(id) {
    const { film, bytes } = this.#films.get(id) ?? {};
    if (!this.#on || !film?.sha256 || bytes === undefined || !this.#lookedUp.has(id)) return;
    const { sha256, name: file, frame, chosen, reading, record } = film;
    const request = this.#requests.get(id) ?? { correction: null, anyway: false };
    const said = isSaid(reading, request);
    if (!said && !this.#held.has(id)) return;
    /** @type {KeptFilm} */
    const entry = { sha256, format: kFormat, file, bytes, date: this.#now(), frame, chosen, reading, ...request, record };
    const content = said ? contentOf(entry) : '';
    if (this.#held.get(id) === content) return;
    this.#held.set(id, content);
    const forgotten = this.#forgotten;
    this.#step(async (store) => {
      const overtaken = this.#held.has(id) && this.#held.get(id) !== content;  // of a film that was closed nothing is held
      if (overtaken || forgotten !== this.#forgotten) return;
      await (said ? store.put(entry) : store.remove(sha256));
      if (!said) this.#held.delete(id);
      this.#post({ type: 'reading-kept', id });
    }).then(() => this.#tellCount(), (error) => {
      if (this.#held.get(id) === content) this.#held.delete(id);
      this.#fail(error);
    });
  }

  #forget() {
    this.#on = false;
    this.#forgotten += 1;
    this.#held.clear();
    this.#told = '';
    return this.#step((store) => store.clear()).then(() => this.#tellCount(), (error) => this.#fail(error));
  }

  /** @template T @param {(store: import('../shared/reading_store.js').Store) => Promise<T>} take @returns {Promise<T>} */
  #step(take) {
    const store = this.#store;
    if (!store) return Promise.reject(failure('readings-not-kept', 'Nothing can be kept here.', 'Export the findings.'));
    const step = this.#last.then(() => take(store));
    this.#last = step.catch(() => {});
    return step;
  }

  /** Of how many films something is kept. */
  async #tellCount() {
    try {
      this.#inform({ type: 'keeping-known', films: await this.#step((store) => store.count()), error: null });
    } catch (error) {
      // Who does not keep anything need not hear that nothing can be kept.
      if (this.#on) this.#fail(error);
      else this.#inform({ type: 'keeping-known', films: 0, error: null });
    }
  }

  /** @param {unknown} error @returns {null} */
  #fail(error) {
    this.#inform({ type: 'keeping-known', films: this.#count, error: asError(error) });
    return null;
  }

  /** @param {{type: 'keeping-known', films: number, error: import('../shared/protocol.js').ErrorValue|null}} event */
  #inform(event) {
    this.#count = event.films;
    const told = JSON.stringify(event);
    if (told !== this.#told) this.#post(/** @type {import('../shared/contract.js').Event} */ (event));
    this.#told = told;
  }
}

/** Whether a reader said or corrected anything. @param {import('../shared/reading_store.js').FilmReading|undefined} reading @param {Request} request */
function isSaid(reading, { correction, anyway }) {
  return Boolean(reading?.read || reading?.verdicts?.length || reading?.measurements?.length || reading?.moved_lines || correction || anyway);
}

/** All but when it was kept. @param {KeptFilm} entry */
const contentOf = ({ date: _, ...entry }) => JSON.stringify(entry);
