// What the worker does next: tasks in order of what the reader is waiting for. It holds no films and runs nothing.
//
// Order: films to close, another frame of a film, pixels asked for (a film is being looked at), the model's input, the
// analysis of the film looked at, explanations (somebody waits for them), files to open, other analyses, exports. Within a
// kind, first come first served.

const kExplaining = ['explain', 'check-trust', 'export-map'];

/** @typedef {{kind: 'close'|'frame'|'pixels'|'model-input'|'identifiers'|'open'|'analyse'|'explain'|'check-trust'|'export-map'|
 *   'export', id: number, [key: string]: any}} Task */

export class WorkQueue {
  /** @type {Task[]} */
  #tasks = [];
  /** The film looked at, 0 for none. */
  selected = 0;

  /** @param {Task} task asked for twice, it is done once */
  add(task) {
    const same = (other) => other.kind === task.kind && other.id === task.id && other.request === task.request;
    if (task.kind === 'export' || task.kind === 'export-map' || !this.#tasks.some(same)) this.#tasks.push(task);
  }

  /**
   * @param {boolean} mayAnalyse false while no network can run
   * @param {{aside?: boolean}} [options] `aside`: only what may be done in the middle of a long task
   * @returns {Task|null} the next task, taken out
   */
  take(mayAnalyse, { aside = false } = {}) {
    const rank = ({ kind, id }) => {
      if (kind === 'close') return -2;
      if (kind === 'frame') return -1;
      if (kind === 'pixels') return 0;
      if (kind === 'model-input' || kind === 'identifiers') return 0.5;
      if (aside && (kExplaining.includes(kind) || kind === 'export')) return Infinity;
      if (kExplaining.includes(kind)) return mayAnalyse ? 1.5 : Infinity;
      if (aside && kind === 'analyse' && id !== this.selected) return Infinity;
      if (kind === 'analyse') return !mayAnalyse ? Infinity : id === this.selected ? 1 : 3;
      return kind === 'open' ? 2 : 4;
    };
    let best = -1;
    for (let index = 0; index < this.#tasks.length; index += 1) {
      const value = rank(this.#tasks[index]);
      if (value < Infinity && (best < 0 || value < rank(this.#tasks[best]))) best = index;
    }
    return best < 0 ? null : this.#tasks.splice(best, 1)[0];
  }

  /** Takes out the tasks of a film. @returns {Task[]} */
  drop(id, kinds = ['frame', 'pixels', 'model-input', 'identifiers', 'open', 'analyse', ...kExplaining]) {
    return this.#extract((task) => task.id === id && kinds.includes(task.kind));
  }

  /** Takes out the explanation of that number. @returns {Task[]} */
  dropRequest(request) {
    return this.#extract((task) => kExplaining.includes(task.kind) && task.request === request);
  }

  /** @returns {Task[]} every waiting analysis, taken out */
  dropAnalyses() {
    return this.#extract((task) => task.kind === 'analyse');
  }

  #extract(matches) {
    const taken = this.#tasks.filter(matches);
    this.#tasks = this.#tasks.filter((task) => !matches(task));
    return taken;
  }
}
