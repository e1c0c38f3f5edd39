// Errors of the DICOM reader: the engine's codes (src/base/result.h), one sentence of what was found, one of what to do.
// Numbers and names of formats only: never a value of a tag that a person wrote.
import { EngineError, failure } from '../shared/errors.js';

const kCopyAgain = 'Copy or export the file again from where it came.';
const kExportAsPng = 'Export the film as PNG from your viewer, then drop the PNG here.';

/** @param {string} message */
export const corrupt = (message) => failure('corrupt', message, kCopyAgain);
/** @param {string} message */
export const truncated = (message) => failure('truncated', message, 'The transfer may have been cut off: copy the file again.');
/** @param {string} message */
export const unsupported = (message) => failure('unsupported-format', message, kExportAsPng);
/** @param {string} message */
export const tooLarge = (message) => failure('too-large', message, 'Export the film again with fewer pixels.');
/** @param {string} message @param {string} [hint] */
export const noImage = (message, hint = 'Choose the file of the film itself.') => failure('not-an-image', message, hint);

/** Frames are counted from 1. @param {number} frame @param {number} frames */
export const noFrame = (frame, frames) => failure('no-such-frame',
  `The file has ${frames === 1 ? 'one frame' : `${frames} frames`}; frame ${frame} was asked for.`,
  frames === 1 ? 'Leave the frame out.' : `Choose one of 1 to ${frames}.`);

/** Runs `action`; whatever foreign code throws in it becomes `corrupt(message)`. @template T @param {string} message @param {() => T} action @returns {T} */
export function guarded(message, action) {
  try {
    return action();
  } catch (error) {
    throw error instanceof EngineError ? error : corrupt(message);
  }
}
