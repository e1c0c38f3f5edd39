// Decodes DICOM files in a thread of its own, watched: a codec that hangs is ended with its thread, one that takes its
// thread down is noticed, and the next file gets a new thread. Nothing else is lost with it: open films, the engine and
// the model live elsewhere.
//
// One file at a time. The watch asks once a second and counts unanswered questions, not time: while a library is loaded
// over a slow network the thread answers, and a thread that asks late (it was busy itself) blames nobody.
import { failure } from '../shared/errors.js';

/** A decoder may be silent for this long, seconds: every file has its answer within 20. The largest radiographs take about one. */
export const kLongestSilence = 18;
const kAskEvery = 1000; // milliseconds

/**
 * @typedef {object} Thread
 * @property {(message: ToDecoder, transfer: ArrayBuffer[]) => void} post
 * @property {() => void} end at once, whatever it does
 *
 * @typedef {object} DecodedFile what readDicom() gives
 * @property {import('./read.js').DicomImage} image
 * @property {import('./stored_values.js').Values} values
 * @property {Uint8Array<ArrayBuffer>|null} drawing over the picture (overlay_planes.js)
 * @property {import('./identifiers.js').Belonging} belonging
 *
 * @typedef {import('../shared/contract.js').Identifier} Identifier
 * @typedef {import('./read.js').FrameChoice & {identifiers?: boolean}} DecodeOptions identifiers: these instead of the picture
 *
 * @typedef {{type: 'ping'}|{type: 'decode', bytes: Uint8Array<ArrayBuffer>, options: DecodeOptions}} ToDecoder
 * @typedef {{type: 'decoded'} & (DecodedFile|{identifiers: Identifier[]})} Decoded
 * @typedef {{type: 'pong'}|Decoded|{type: 'engine-failed', error: import('../shared/protocol.js').ErrorValue}} FromDecoder
 */
export class WatchedDecoder {
  #start;
  #silence;
  #askEvery;
  /** @type {Thread|null} */
  #thread = null;
  /** @type {(message: FromDecoder) => void} */
  #receive = () => {};
  /** @type {(error?: Error) => void} */
  #crash = () => {};
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /**
   * @param {{start: (receive: (message: FromDecoder) => void, crash: (error?: Error) => void) => Thread, silence?: number,
   *   askEvery?: number}} options `crash` is for a thread that ends by itself; called with an error, it says why
   */
  constructor({ start, silence = kLongestSilence, askEvery = kAskEvery }) {
    this.#start = start;
    this.#silence = silence;
    this.#askEvery = askEvery;
  }

  /**
   * @param {Uint8Array} bytes copied: they stay the caller's
   * @param {DecodeOptions} [options]
   * @returns {Promise<DecodedFile>}
   * @throws {EngineError} as readDicom(), and decoder-timeout, decoder-crashed
   */
  decode(bytes, options = {}) {
    const mine = this.#last.then(() => this.#decode(bytes, options));
    this.#last = mine.catch(() => {});
    return mine;
  }

  /** Who the file is about; it goes through here and is not kept. @param {Uint8Array} bytes @returns {Promise<Identifier[]>} */
  async identifiers(bytes) {
    const decoded = /** @type {unknown} */ (await this.decode(bytes, { identifiers: true }));
    return /** @type {{identifiers: Identifier[]}} */ (decoded).identifiers;
  }

  /** Ends the thread; another starts when it is needed. */
  close() {
    this.#thread?.end();
    this.#thread = null;
  }

  /** @param {Uint8Array} bytes @param {DecodeOptions} options @returns {Promise<DecodedFile>} */
  #decode(bytes, options) {
    let unanswered = 0;
    /** @type {ReturnType<typeof setInterval>|undefined} */
    let watch;
    /** @type {Promise<DecodedFile>} */
    const outcome = new Promise((resolve, reject) => {
      /** @param {Error} error */
      const giveUp = (error) => {
        this.close();
        reject(error);
      };
      this.#receive = (message) => {
        unanswered = 0;
        if (message.type === 'decoded') resolve(/** @type {DecodedFile} */ (message));
        if (message.type === 'engine-failed') reject(failure(message.error.code, message.error.message, message.error.hint));
      };
      this.#crash = (error) => giveUp(error ?? failure('decoder-crashed', 'The decoder stopped while it worked on this file; it was started again.',
        'Export the film as PNG from your viewer, then drop the PNG here.'));
      const thread = (this.#thread ??= this.#startThread());
      watch = setInterval(() => {
        if (unanswered >= this.#silence) {
          giveUp(failure('decoder-timeout', `This file took longer than ${this.#silence} seconds to decode and was given up.`,
            'Export the film again, or as PNG from your viewer.'));
        } else {
          unanswered += 1;
          thread.post({ type: 'ping' }, []);
        }
      }, this.#askEvery);
      const copy = bytes.slice();
      thread.post({ type: 'decode', bytes: copy, options }, [copy.buffer]);
    });
    return outcome.finally(() => {
      clearInterval(watch);
      this.#receive = () => {};
      this.#crash = () => this.close();
    });
  }

  /** Words of a thread that was given up reach nobody. */
  #startThread() {
    /** @type {Thread} */
    const thread = this.#start(
      (message) => thread === this.#thread && this.#receive(message),
      (error) => thread === this.#thread && this.#crash(error));
    return thread;
  }
}
