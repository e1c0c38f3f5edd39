// A case in Node: the same as the page's (web/worker/case_thread.js), with films from the disk and ONNX Runtime on the processor.
import { CaseThread } from '../../web/worker/case_thread.js';
import { EngineError } from '../../web/shared/errors.js';
import { inputSource } from './inputs.mjs';
import { openSite, readAnatomy, startRuntime } from './workbench.mjs';

const kAnswers = ['analysis-arrived', 'analysis-failed'];

/**
 * @typedef {import('../../web/shared/protocol.js').FromWorker} Event
 * @typedef {{event: Event, bytes: Buffer|null}} Heard
 * @typedef {(event: Event, bytes: Buffer|null) => boolean} Wanted
 * @typedef {import('../../web/shared/contract.js').Correction} Correction
 * @typedef {{look?: import('../../web/shared/contract.js').PictureLook, correction?: Correction, anyway?: boolean, operatingPoint?: string}} How
 * @typedef {{head: string, page: Buffer, tail: string, name: string}} ReportPage head, pages and tail are a report as HTML
 * @typedef {import('../../web/shared/contract.js').Written<import('../../web/shared/contract.js').Analysis>} Analysis
 */
/**
 * @template T
 * @typedef {import('../../web/shared/contract.js').Written<T>} Written
 */
export class NodeCase {
  #thread;
  #parts;
  /** @type {import('../../web/worker/runtime.js').Runtime|null} */
  #runtime = null;
  #lastFilm = 0;
  /** @type {{wanted: Wanted, resolve: (answer: Heard) => void}[]} */
  #waiting = [];
  /** The model in use; start() has set it. */
  model = /** @type {Written<import('../../web/shared/contract.js').ModelInfo>} */ (/** @type {unknown} */ (null));
  /** What can explain it. @type {Written<import('../../web/shared/contract.js').MethodInfo>[]} */
  methods = [];
  /** Why lungs and heart of a film could not be found, in words; of the first such film. */
  anatomyFailure = '';

  /**
   * @param {Awaited<ReturnType<typeof openSite>>} parts
   * @param {{files: import('../../web/worker/models.js').ModelFiles, threads: number,
   *   fetchAnatomy?: () => Promise<import('../../web/worker/models.js').ModelFiles>}} options
   */
  constructor(parts, { files, threads, fetchAnatomy }) {
    this.#parts = parts;
    this.#thread = new CaseThread({
      ...parts,
      breathe: () => new Promise((resolve) => setImmediate(resolve)),
      fetchModel: async () => files,
      fetchAnatomy,
      startRuntime: async (options) => (this.#runtime = await startRuntime({ threads, ...options })),
      post: (event, buffer) => this.#hear(event, buffer ? Buffer.from(buffer) : null),
    });
  }

  /**
   * @param {string} site folder of the built page
   * @param {{files: import('../../web/worker/models.js').ModelFiles, threads?: number, anatomy?: boolean}} options anatomy: lungs and
   *   heart of every film that is analysed are looked for, too, and records hold them
   * @throws {EngineError} the model cannot be used
   */
  static async start(site, { files, threads = 1, anatomy = false }) {
    const one = new NodeCase(await openSite(site), { files, threads, fetchAnatomy: anatomy ? () => readAnatomy(site) : undefined });
    const ready = one.#wait(({ type }) => type === 'engine-ready' || type === 'engine-failed');
    one.#thread.handle({ type: 'start', backend: 'wasm', model: null });
    const event = /** @type {Written<Extract<Event, {type: 'engine-ready'|'engine-failed'}>>} */ ((await ready).event);
    if (event.type === 'engine-failed') throw new EngineError(event.error);
    one.model = event.model;
    one.methods = event.methods;
    await one.#thread.handle({ type: 'load-anatomy' });
    return one;
  }

  /** What ZIP archives are inflated with. */
  inflater() {
    return this.#parts.libraries.inflater();
  }

  /**
   * Has zones and thresholds of films taken from a site profile from now on; null: from the model.
   * @param {string|null} json its text
   * @throws {EngineError} it is none, or that of another model
   */
  async useProfile(json) {
    if (json === null) return;
    const changed = this.#wait(({ type }) => type === 'profile-changed');
    this.#thread.handle({ type: 'use-profile', json });
    const { error } = /** @type {Written<Extract<Event, {type: 'profile-changed'}>>} */ ((await changed).event);
    if (error) throw new EngineError(error);
  }

  /**
   * Has a film read and analysed in its turn.
   * @param {import('./inputs.mjs').Input} input
   * @param {{choice?: import('../../web/dicom/read.js').FrameChoice, correction?: Correction, anyway?: boolean,
   *   operatingPoint?: string}} [options]
   * @returns {Promise<{id: number, analysis: Analysis|null}>} null where there is none: the records say why
   */
  async analyse(input, { choice = {}, correction, anyway = false, operatingPoint = '' } = {}) {
    const id = ++this.#lastFilm;
    const answer = this.#wait((event) => kAnswers.includes(event.type) && 'id' in event && event.id === id);
    this.#thread.handle({ type: 'open', id, name: input.file, source: inputSource(input), isFilm: true });
    if (choice.frame) this.#thread.handle({ type: 'open-frame', id, frame: choice.frame, chosen: choice.chosen });
    this.#thread.handle({ type: 'analyse', id, correction, anyway, operating_point: operatingPoint });
    const { event } = await answer;
    return { id, analysis: 'analysis' in event ? /** @type {Analysis} */ (event.analysis) : null };
  }

  /**
   * Checks how far small changes of the picture move the scores of a film that analyse() was asked for; its record holds that then.
   * @param {number} id
   * @param {Pick<How, 'correction'|'anyway'>} [options]
   * @returns {Promise<string>} why it could not be checked; empty where it was
   */
  async checkStability(id, { correction, anyway = false } = {}) {
    const answer = this.#wait((event) => (event.type === 'stability-arrived' || event.type === 'stability-failed') && event.id === id);
    this.#thread.handle({ type: 'check-stability', id, correction, anyway });
    const { event } = await answer;
    return 'error' in event && event.error ? `${event.error.message} ${event.error.hint}`.trim() : '';
  }

  /**
   * The film with a finding's evidence over it.
   * @param {number} id
   * @param {string} finding
   * @param {How} how
   * @returns {Promise<Buffer>} PNG
   */
  async evidencePicture(id, finding, { look, correction, anyway = false, operatingPoint = '' }) {
    let png = /** @type {Buffer|null} */ (null);
    const last = this.#wait((event, bytes) => {
      if (event.type === 'exported' && event.name.endsWith('.png')) png = bytes;
      return event.type === 'noticed' || (event.type === 'exported' && event.name.endsWith('.json'));
    });
    const question = { request: 0, id, finding, method: 'evidence', correction, anyway, operating_point: operatingPoint };
    this.#thread.handle({ type: 'export-map', question, look: look ?? {} });
    const { event } = await last;
    if (!png) throw new EngineError({ code: 'not-exported', message: 'text' in event ? event.text : '', hint: '' });
    return png;
  }

  /**
   * A page of a report about a film that analyse() was asked for.
   * @param {number} id
   * @param {How & {finding?: string, method?: string, layer?: string}} [options]
   * @returns {Promise<ReportPage>}
   */
  async reportPage(id, { finding = '', method = 'evidence', layer = '', look, correction, anyway = false, operatingPoint = '' } = {}) {
    const written = this.#wait((event) => event.type === 'report-page-written' && event.id === id);
    const question = { request: 0, id, finding, method, layer, correction, anyway, operating_point: operatingPoint };
    this.#thread.handle({ type: 'export-report', question, look: look ?? {} });
    const { event, bytes } = await written;
    const { head, tail, name } = /** @type {Written<Extract<Event, {type: 'report-page-written'}>>} */ (event);
    return { head, page: bytes ?? Buffer.alloc(0), tail, name };
  }

  /** What became of every film. @param {'json'|'csv'|'csv-wide'} format @returns {Promise<string>} */
  async records(format) {
    const exported = this.#wait(({ type }) => type === 'exported');
    this.#thread.handle({ type: 'export-findings', format, identifiers: false });
    return String((await exported).bytes);
  }

  async close() {
    this.#parts.decoder.close();
    await this.#runtime?.release();
  }

  /** @param {Wanted} wanted @returns {Promise<Heard>} */
  #wait(wanted) {
    return new Promise((resolve) => { this.#waiting.push({ wanted, resolve }); });
  }

  /** @param {Event} event @param {Buffer|null} bytes */
  #hear(event, bytes) {
    if (event.type === 'anatomy-failed') this.anatomyFailure ||= `${event.error.message} ${event.error.hint}`.trim();
    const heard = this.#waiting.filter(({ wanted }) => wanted(event, bytes));
    this.#waiting = this.#waiting.filter((one) => !heard.includes(one));
    for (const { resolve } of heard) resolve({ event, bytes });
  }
}
