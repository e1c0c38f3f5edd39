// What the network answered to each film, so that the same pixels need not be run again when only the question changed: other
// thresholds ask of a whole batch what it has answered already.
//
// Bounded by bytes; the film asked longest ago is forgotten first, and run again when it is needed.

/** A DenseNet-121 at 224 pixels answers with 200 kB: two hundred films. */
export const kAnswersBudget = 40 * 1024 * 1024;

/** @typedef {{outputs: {name: string, shape: number[]}[], blobs: Float32Array[]}} Answer */

export class InferenceCache {
  /** Least recently asked first: a Map keeps the order of insertion. @type {Map<number, {about: string, answers: Answer[]}>} */
  #films = new Map();
  #budget;

  constructor({ budget = kAnswersBudget } = {}) {
    this.#budget = budget;
  }

  /**
   * A runner for one job. The requests of jobs about the same thing are the same, one after another.
   * @param {number} film
   * @param {string} about everything that the pixels and the network depend on
   * @param {import('./job.js').Runner} runtime what runs requests that were not answered yet
   * @returns {import('./job.js').Runner}
   */
  runner(film, about, runtime) {
    const known = this.#films.get(film);
    const { answers } = known?.about === about ? known : { answers: [] };
    this.#films.delete(film);
    this.#films.set(film, { about, answers });
    let next = 0;
    return {
      run: async (request, blobs) => {
        const index = next++;
        if (!answers[index]) {
          answers[index] = await runtime.run(request, blobs);
          this.#makeRoom();
        }
        return answers[index];
      },
    };
  }

  forget(film) {
    this.#films.delete(film);
  }

  get bytes() {
    const sizes = [...this.#films.values()].flatMap(({ answers }) => answers.flatMap(({ blobs }) => blobs.map((blob) => blob.byteLength)));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  #makeRoom() {
    for (const film of [...this.#films.keys()]) {
      if (this.bytes <= this.#budget) return;
      this.#films.delete(film);
    }
  }
}
