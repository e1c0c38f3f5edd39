// The films of one visit, as the worker knows them: each keeps its source (a reference, not bytes) and, while there is
// room, its decoded pixels in the engine.
//
// Decoded films are bounded by bytes; the one used longest ago goes first and is decoded again when it is needed. So
// two hundred films cost as much memory as a few.
import { looksLikeDicom } from '../dicom/data_set.js';
import { kLargestDicom } from '../dicom/limits.js';
import { openFilm } from '../dicom/open.js';
import { fileTooLarge } from '../shared/errors.js';

/** Decoded pixels kept at most, bytes: about thirty films of 2048 × 2048 at 16 bits. */
export const kDecodedBudget = 256 * 1024 * 1024;
/** Files larger than this are refused before they are read, bytes. */
export const kLargestFile = kLargestDicom;
const kBytesPerPixel = 2;

/**
 * @typedef {object} Film
 * @property {number} id the page's number
 * @property {string} name
 * @property {import('./sources.js').Source} source
 * @property {number|undefined} room of its drop, for the films of an archive
 * @property {import('../dicom/read.js').FrameChoice} choice which frame of several
 * @property {number} handle the engine's number, 0 while not decoded
 * @property {number} bytes decoded size
 * @property {object|null} facts what the engine said of it
 * @property {number} decodeMilliseconds
 * @property {import('./report.js').FilmRecord|null} record of the last analysis, for export
 */
export class FilmStore {
  /** Least recently used first: a Map keeps the order of insertion. @type {Map<number, Film>} */
  #films = new Map();
  #budget;
  #decoder;

  /** @param {{budget?: number, decoder?: import('../dicom/decoder.js').WatchedDecoder}} [options] */
  constructor({ budget = kDecodedBudget, decoder } = {}) {
    this.#budget = budget;
    this.#decoder = decoder;
  }

  /** @param {number} [room] films wanted at most, should it be an archive */
  add(id, name, source, room) {
    const film = { id, name, source, room, choice: {}, handle: 0, bytes: 0, facts: null, decodeMilliseconds: 0, record: null };
    this.#films.set(id, film);
    return film;
  }

  get(id) {
    return this.#films.get(id);
  }

  /** In the order they were given. */
  all() {
    return [...this.#films.values()].sort((a, b) => a.id - b.id);
  }

  get decodedBytes() {
    let bytes = 0;
    for (const film of this.#films.values()) bytes += film.bytes;
    return bytes;
  }

  /** Decodes the film unless it is, and makes room by closing others. @throws {EngineError} what is wrong with it */
  async decode(engine, film) {
    this.#touch(film);
    if (film.handle) return film.facts;
    if (film.source.size > kLargestFile) throw fileTooLarge(film.source.size, kLargestFile);
    const start = performance.now();
    const bytes = await film.source.read();
    const { film: value } = await openFilm(engine, film.name, bytes, this.#decoder, film.choice);
    film.decodeMilliseconds = performance.now() - start;
    film.handle = value.film;
    film.facts = value;
    film.bytes = value.width * value.height * kBytesPerPixel;
    this.#makeRoom(engine, film);
    return value;
  }

  /** Who the film's file is about, read from it anew and not kept. @returns {Promise<{label: string, value: string}[]>} */
  async identifiers(film) {
    const bytes = await film.source.read();
    return looksLikeDicom(bytes) ? this.#decoder.identifiers(bytes) : [];
  }

  /** Another frame of the film's file; what was decoded of it goes. */
  chooseFrame(engine, film, choice) {
    release(engine, film);
    film.choice = choice;
    film.record = null;
  }

  remove(engine, id) {
    const film = this.#films.get(id);
    if (!film) return;
    this.#films.delete(id);
    release(engine, film);
  }

  /** The engine was replaced: nothing is decoded any more. */
  forgetDecoded() {
    for (const film of this.#films.values()) {
      film.handle = 0;
      film.bytes = 0;
    }
  }

  #touch(film) {
    if (this.#films.delete(film.id)) this.#films.set(film.id, film);
  }

  #makeRoom(engine, keep) {
    let bytes = this.decodedBytes;
    for (const film of this.#films.values()) {
      if (bytes <= this.#budget) return;
      if (film === keep || !film.handle) continue;
      bytes -= film.bytes;
      release(engine, film);
    }
  }
}

function release(engine, film) {
  if (film.handle) engine.call('close', { film: film.handle });
  film.handle = 0;
  film.bytes = 0;
}
