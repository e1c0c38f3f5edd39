// Explaining findings for the worker: runs the engine's jobs "explain" and "trust", tells how far they are, and keeps the
// last finished ones so that their maps can be exported without computing them again.
//
// An explanation may ask the network hundreds of times. Between two requests others get their turn (`aside`): films are
// opened and looked at while it runs.
import { Cancelled, EngineCrash, asError, failure } from '../shared/errors.js';
import { withText } from '../shared/png_text.js';
import { runJob } from './job.js';
import { NOTICE } from './report.js';
import { kMostFurtherGraphs } from './runtime.js';
import { today } from '../shared/today.js';

/** The graph of the trial run, which every runtime has. */
const kFirstGraph = 'forward';

/** Finished jobs kept in the engine; each holds its input, its features and its map, a few megabytes. */
const kMostKept = 16;

/**
 * @typedef {{request?: number, id: number, finding: string, method: string, layer?: string,
 *   correction?: object, anyway?: boolean}} Question `request` is the page's number of this piece of work
 * @typedef {{call: Function}} Engine
 */
export class Explainer {
  #engine;
  #run;
  #films;
  #post;
  #aside;
  #font;
  /** @type {Map<string, number>} jobs by question, the one used longest ago first */
  #kept = new Map();
  /** Further graphs that the runtime holds, the one used longest ago first. */
  #graphs = new Set();
  #requests = new Map();
  /** @type {{question: Question, abort: AbortController, lost: boolean}|null} */
  #running = null;

  /**
   * @param {{engine: Engine, run: Function, films: import('./film_store.js').FilmStore, post: Function,
   *   aside: () => Promise<void>, font: () => Promise<Uint8Array>}} parts
   */
  constructor({ engine, run, films, post, aside, font }) {
    [this.#engine, this.#run, this.#films, this.#post, this.#aside, this.#font] = [engine, run, films, post, aside, font];
  }

  /** A new engine: nothing of what was computed is left. */
  forgetAll() {
    this.#stop(true);
    this.#kept.clear();
  }

  /** A new model, and a runtime that has built nothing but its first graph. @param {{id: string, requests: number}[]} methods */
  begin(methods) {
    this.forgetAll();
    this.#graphs = new Set();
    this.#requests = new Map(methods.map(({ id, requests }) => [id, requests]));
  }

  /** @param {number} request */
  cancel(request) {
    if (this.#running?.question.request === request) this.#stop(false);
  }

  /** What is known of a film is gone: it was closed, or will be analysed in another way. */
  forget(id) {
    if (this.#running?.question.id === id) this.#stop(false);
    for (const [key, job] of this.#kept) {
      if (JSON.parse(key)[0] === id) this.#release(key, job);
    }
  }

  /**
   * Answers one question of the page; never throws. A film whose explanation fails is as good as before.
   * @param {{type: 'explain'|'check-trust'|'export-map', question: Question, look?: object}} message
   * @returns {Promise<boolean>} false when the engine trapped and must be replaced
   */
  async perform({ type, look, question: { operating_point: operatingPoint, layer, correction, ...asked } }) {
    // What is empty is not asked: a question with it is the same as one without.
    const question = { ...asked, ...(operatingPoint && { operating_point: operatingPoint }), ...(layer && { layer }), ...(correction && { correction }) };
    try {
      if (type === 'explain') await this.#explain(question);
      else if (type === 'check-trust') await this.#check(question);
      else await this.#exportMap(question, look);
    } catch (thrown) {
      this.#failed(type, question, thrown);
      return !(thrown instanceof EngineCrash);
    }
    return true;
  }

  #failed(type, { request }, thrown) {
    if (thrown instanceof Cancelled) return request && this.#post({ type: 'explanation-cancelled', request });
    const error = thrown instanceof EngineCrash
      ? stopped('on the explanation', 'If it happens again, please report the method and the size of the film.').toJSON() : asError(thrown);
    if (type === 'export-map') return this.#post({ type: 'noticed', text: `${error.message} ${error.hint}`.trim() });
    return this.#post({ type: 'explanation-failed', request, error });
  }

  async #explain(question) {
    const { value, blobs } = await this.#finished(question);
    this.#post({ type: 'explanation-arrived', request: question.request, explanation: value }, blobs[0]?.buffer);
  }

  async #check(question) {
    const { value } = await this.#compute('trust', question, false);
    this.#post({ type: 'trust-arrived', request: question.request, trust: value });
  }

  /** Offers the map as picture, which looks as `look` says, numbers and facts. */
  async #exportMap(question, look) {
    await this.#finished(question);
    const film = this.#films.get(question.id);
    const font = await this.#font();
    await this.#films.decode(this.#engine, film);
    const picture = { job: this.#kept.get(keyOf(question)), film: film.handle, file: film.name.split('/').pop(), date: today(),
      ...(look && { look }) };
    const { value, blobs } = this.#engine.call('export-map', picture, [font]);
    const stem = [film.name.replace(/\.\w+$/, ''), question.finding, question.method, question.layer].filter(Boolean).join('.');
    const offer = (end, mime, bytes) => this.#post({ type: 'exported', name: `${stem}${end}`, mime },
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    const [numbers, png, spread] = blobs;
    offer('.png', 'image/png', withText(png, 'Disclaimer', NOTICE));
    offer('.npy', 'application/octet-stream', numbers);
    if (spread) offer('.spread.npy', 'application/octet-stream', spread);
    offer('.json', 'application/json', new TextEncoder().encode(`${JSON.stringify({ file: film.name, ...value }, null, 2)}\n`));
  }

  /** The result of an explanation, computed unless it is kept. */
  async #finished(question) {
    const key = keyOf(question);
    const job = this.#kept.get(key);
    if (job === undefined) return this.#compute('explain', question, true);
    this.#kept.delete(key);
    this.#kept.set(key, job);
    return this.#engine.call('result', { job });
  }

  async #compute(kind, question, keep) {
    const abort = new AbortController();
    const running = { question, abort, lost: false };
    this.#running = running;
    let progress = { done: 0, total: this.#requests.get(question.method) ?? 1 };
    const tell = (more = {}) => question.request
      && this.#post({ type: 'explanation-progressed', request: question.request, ...progress, ...more });
    try {
      tell();
      const film = this.#films.get(question.id);
      await this.#films.decode(this.#engine, film);
      await this.#aside();
      if (abort.signal.aborted) throw new Cancelled();
      const { request: _, id: __, ...asked } = question;
      const { value } = this.#engine.call(kind, { ...asked, film: film.handle });
      const run = (request, blobs) => this.#runOnce(request, blobs, tell);
      const { analysis, blobs } = await runJob(this.#engine, { run }, value.job, {
        signal: abort.signal, keep, breathe: this.#aside,
        onProgress: (now) => { progress = now; tell(); },
      });
      if (keep) this.#keep(keyOf(question), value.job);
      return { value: analysis, blobs };
    } catch (error) {
      if (!running.lost) throw error;
      throw stopped('on another film', 'Choose the method again.');
    } finally {
      if (this.#running === running) this.#running = null;
    }
  }

  /** Building another graph takes as long as many runs: it is told before. */
  async #runOnce(request, blobs, tell) {
    if (request.graph === kFirstGraph) return this.#run(request, blobs);
    if (!this.#graphs.has(request.graph)) {
      tell({ loading_graph: true });
      await this.#aside();
    }
    const answer = await this.#run(request, blobs);
    this.#graphs.delete(request.graph);
    this.#graphs.add(request.graph);
    if (this.#graphs.size > kMostFurtherGraphs) this.#graphs.delete(this.#graphs.values().next().value);
    return answer;
  }

  #keep(key, job) {
    this.#kept.set(key, job);
    const [oldest] = this.#kept;
    if (this.#kept.size > kMostKept) this.#release(...oldest);
  }

  #release(key, job) {
    this.#kept.delete(key);
    this.#engine.call('cancel', { job });
  }

  #stop(lost) {
    if (!this.#running) return;
    this.#running.lost = lost;
    this.#running.abort.abort();
  }
}

function stopped(where, hint) {
  return failure('engine-crashed', `The engine stopped while it worked ${where}; it was started again.`, hint);
}

/** Questions that have the same answer. */
function keyOf({ id, request, ...asked }) {
  return JSON.stringify([id, ...Object.entries(asked).sort()]);
}
