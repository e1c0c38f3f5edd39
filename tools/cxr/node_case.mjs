// A case in Node: the same as the page's (web/worker/case_thread.js), with films from the disk and ONNX Runtime on the processor.
import { CaseThread } from '../../web/worker/case_thread.js';
import { EngineError } from '../../web/shared/errors.js';
import { inputSource } from './inputs.mjs';
import { openSite, readAnatomy, startRuntime } from './workbench.mjs';

const kAnswers = ['analysis-arrived', 'analysis-failed'];

export class NodeCase {
  #thread;
  #parts;
  #runtime = null;
  #lastFilm = 0;
  /** @type {{wanted: (event: object) => boolean, resolve: (answer: {event: any, bytes: Buffer|null}) => void}[]} */
  #waiting = [];
  /** The model in use (contract::ModelInfo). */
  model = null;
  /** Why lungs and heart of a film could not be found, in words; of the first such film. */
  anatomyFailure = '';

  /** @param {Awaited<ReturnType<typeof openSite>>} parts */
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
    const { event } = await ready;
    if (event.type === 'engine-failed') throw new EngineError(event.error);
    one.model = event.model;
    await one.#thread.handle({ type: 'load-anatomy' });
    return one;
  }

  /** What ZIP archives are inflated with. */
  inflater() {
    return this.#parts.libraries.inflater();
  }

  /**
   * Has a film read and analysed in its turn.
   * @param {import('./inputs.mjs').Input} input
   * @param {{choice?: import('../../web/dicom/read.js').FrameChoice, correction?: object, anyway?: boolean,
   *   operatingPoint?: string}} [options]
   * @returns {Promise<{id: number, analysis: object|null}>} null where there is none: the records say why
   */
  async analyse(input, { choice = {}, correction, anyway = false, operatingPoint = '' } = {}) {
    const id = ++this.#lastFilm;
    const answer = this.#wait((event) => kAnswers.includes(event.type) && event.id === id);
    this.#thread.handle({ type: 'open', id, name: input.file, source: inputSource(input), isFilm: true });
    if (choice.frame) this.#thread.handle({ type: 'open-frame', id, frame: choice.frame, chosen: choice.chosen });
    this.#thread.handle({ type: 'analyse', id, correction, anyway, operating_point: operatingPoint });
    const { event } = await answer;
    return { id, analysis: event.analysis ?? null };
  }

  /** The film with a finding's evidence over it. @returns {Promise<Buffer>} PNG */
  async evidencePicture(id, finding, { look, correction, anyway = false, operatingPoint = '' }) {
    let png = null;
    const last = this.#wait(({ type, name }, bytes) => {
      if (type === 'exported' && name.endsWith('.png')) png = bytes;
      return type === 'noticed' || (type === 'exported' && name.endsWith('.json'));
    });
    const question = { request: 0, id, finding, method: 'evidence', correction, anyway, operating_point: operatingPoint };
    this.#thread.handle({ type: 'export-map', question, look: look ?? {} });
    const { event } = await last;
    if (!png) throw new EngineError({ code: 'not-exported', message: event.text, hint: '' });
    return png;
  }

  /** What became of every film. @param {'json'|'csv'|'csv-wide'} format @returns {Promise<string>} */
  async records(format) {
    const exported = this.#wait(({ type }) => type === 'exported');
    this.#thread.handle({ type: 'export-findings', format, identifiers: false });
    return (await exported).bytes.toString();
  }

  async close() {
    this.#parts.decoder.close();
    await this.#runtime?.release();
  }

  #wait(wanted) {
    return new Promise((resolve) => { this.#waiting.push({ wanted, resolve }); });
  }

  #hear(event, bytes) {
    if (event.type === 'anatomy-failed') this.anatomyFailure ||= `${event.error.message} ${event.error.hint}`.trim();
    const heard = this.#waiting.filter(({ wanted }) => wanted(event, bytes));
    this.#waiting = this.#waiting.filter((one) => !heard.includes(one));
    for (const { resolve } of heard) resolve({ event, bytes });
  }
}
