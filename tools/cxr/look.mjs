// Options that say how exported pictures of maps look, as they would on the page with the same switches.
import { UsageError } from './arguments.mjs';

/** @satisfies {import('./arguments.mjs').Options} */
export const kLookOptions = { signed: { type: 'boolean' }, contour: { type: 'boolean' }, opacity: { type: 'string' } };

export const kLookHelp = `How pictures look, as on the page with the same switches:
  --signed                  the evidence also against the finding, in blue
  --contour                 the contour of the finding's region
  --opacity N               of the map over the film, 0 to 1 (default 0.6)`;

/**
 * @param {import('./arguments.mjs').Values<typeof kLookOptions>} values
 * @returns {import('../../web/shared/contract.js').PictureLook}
 * @throws {UsageError}
 */
export function readLook({ signed = false, contour = false, opacity = '0.6' }) {
  const share = Number(opacity);
  if (opacity.trim() === '' || !(share >= 0 && share <= 1)) throw new UsageError(`--opacity ${opacity}: expected a number from 0 to 1.`);
  return { map: { against: signed, contour, opacity: share } };
}
