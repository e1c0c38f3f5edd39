// Options that correct what the model sees, for films that are known to be wrong: they change the scores, and every
// result says so.
import { UsageError } from './arguments.mjs';

export const kCorrectionHelp = `Corrections of what the model sees, made on every film and written with every result:
  --invert                  black for white
  --mirror                  left to right, before turning
  --rotate 90|180|270       clockwise
  --crop X,Y,WIDTH,HEIGHT   only this part, in pixels of the film as it is in the file
  --window BLACK,WHITE      these pixel values are the model's black and white
`;

/** @satisfies {import('./arguments.mjs').Options} */
export const kCorrectionOptions = {
  invert: { type: 'boolean' }, mirror: { type: 'boolean' }, rotate: { type: 'string' }, crop: { type: 'string' },
  window: { type: 'string' },
};

/**
 * @typedef {import('./arguments.mjs').Values<typeof kCorrectionOptions>} CorrectionValues
 *
 * @param {CorrectionValues} values
 * @returns {import('../../web/shared/contract.js').Correction}
 * @throws {UsageError}
 */
export function readCorrection(values) {
  /** @type {import('../../web/shared/contract.js').Correction} */
  const correction = { invert: Boolean(values.invert), mirror: Boolean(values.mirror) };
  if (values.rotate !== undefined) {
    if (!['0', '90', '180', '270'].includes(values.rotate)) {
      throw new UsageError(`--rotate ${values.rotate}: expected 90, 180 or 270.`);
    }
    correction.rotate = Number(values.rotate);
  }
  if (values.crop !== undefined) {
    const [x, y, width, height] = readNumbers(values.crop, 'crop', ['X', 'Y', 'WIDTH', 'HEIGHT']);
    if (![x, y, width, height].every((side) => Number.isInteger(side) && side >= 0)) {
      throw new UsageError(`--crop ${values.crop}: expected whole pixels.`);
    }
    correction.crop = { x, y, width, height };
  }
  if (values.window !== undefined) {
    const [black, white] = readNumbers(values.window, 'window', ['BLACK', 'WHITE']);
    if (!(black < white)) throw new UsageError(`--window ${values.window}: white must be above black.`);
    correction.window = { black, white };
  }
  return correction;
}

/** @param {string} value @param {string} name of the option @param {string[]} parts what it is made of */
function readNumbers(value, name, parts) {
  const numbers = value.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (numbers.length === parts.length && numbers.every(Number.isFinite)) return numbers;
  throw new UsageError(`--${name} ${value}: expected ${parts.join(',')}.`);
}
