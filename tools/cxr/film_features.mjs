// What a network sees of films, one after the other: its scores and its pooled features.
import { stderr } from 'node:process';
import { asError, failure } from '../../web/shared/errors.js';
import { readInput } from './inputs.mjs';
import { Progress } from './predict.mjs';
import { printable } from './text.mjs';

/**
 * A film that cannot be read is named on standard error.
 * @typedef {{index: number, features: Float32Array, findings: {id: string, calibrated: number}[]}} SeenFilm
 *
 * @param {import('./workbench.mjs').Workbench} bench with a model
 * @param {{input: import('./inputs.mjs').Input, index: number}[]} wanted inputs under the caller's own numbers
 * @returns {Promise<{seen: SeenFilm[], unreadable: number, refused: number}>} seen: the films that were analysed, at least one
 * @throws {EngineError} none of them could be analysed
 */
export async function lookAtFilms(bench, wanted) {
  /** @type {SeenFilm[]} */
  const seen = [];
  let unreadable = 0;
  let refused = 0;
  const progress = new Progress(wanted.length);
  for (const [done, { input, index }] of wanted.entries()) {
    progress.show(done + 1, input.file);
    try {
      await bench.withFilm(input.within, await readInput(input), (film) => bench.analyse(film, {
        afterwards: (job, { analysed, findings }) => {
          if (!analysed) refused += 1;
          else seen.push({ index, features: new Float32Array(bench.call('features', { job }).blobs[0].slice().buffer), findings });
        },
      }));
    } catch (error) {
      unreadable += 1;
      stderr.write(`${printable(input.file)}: ${asError(error, { hint: '' }).message}\n`);
    }
  }
  progress.clear();
  if (seen.length === 0) throw failure('unavailable', `None of the ${wanted.length} films could be analysed.`, 'Check the films.');
  return { seen, unreadable, refused };
}
