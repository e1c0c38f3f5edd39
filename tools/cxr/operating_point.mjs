// --operating-point: one of the model's sets of thresholds, or thresholds of one's own. --profile: those of a site profile, with zones.
import { readFile } from 'node:fs/promises';
import { failure, messageOf } from '../../web/shared/errors.js';
import { UsageError } from './arguments.mjs';

export const kOperatingPointHelp = `  --operating-point ID      other thresholds than the model's default; own:effusion=0.3,mass=0.2 for thresholds of your own,
                            calibrated, those of the default for all other findings`;

export const kProfileHelp = `  --profile FILE            zones and thresholds of a site profile, which cxr evaluate --profile-out or the page wrote for this model;
                            --operating-point then chooses other thresholds, zones stay the profile's`;

/** The text of a site profile. @param {string|undefined} path @returns {Promise<string|null>} null where none was named */
export async function readProfile(path) {
  if (path === undefined) return null;
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw failure('not-found', `The site profile ${path} cannot be read (${messageOf(error)}).`, 'Check the path.');
  }
}

/**
 * @param {string|undefined} wanted
 * @param {{id: string, labels: {id: string}[], operating_points: {id: string}[]}} model
 * @returns {string|undefined} as the engine takes it (src/engine/film_request.h) @throws {UsageError}
 */
export function readOperatingPoint(wanted, { id: model, labels, operating_points: points }) {
  if (wanted === undefined) return undefined;
  if (!wanted.startsWith('own:')) {
    if (points.some(({ id }) => id === wanted)) return wanted;
    throw new UsageError(`Model ${model} has no operating point "${wanted}"; it has ${points.map(({ id }) => id).join(', ')}, or own:FINDING=N.`);
  }
  const own = wanted.slice(4).split(',').map((one) => {
    const [, finding, number] = /^([^=]+)=(.+)$/.exec(one.trim()) ?? [];
    if (!(Number(number) > 0 && Number(number) < 1)) {
      throw new UsageError(`--operating-point ${wanted}: expected own:FINDING=N with N between 0 and 1, such as own:effusion=0.3.`);
    }
    const label = labels.find(({ id }) => id.toLowerCase() === finding.toLowerCase());
    if (!label) throw new UsageError(`Model ${model} has no finding "${finding}"; it has ${labels.map(({ id }) => id).join(', ')}.`);
    return `${label.id}=${Number(number)}`;
  });
  return `own:${own.join(',')}`;
}
