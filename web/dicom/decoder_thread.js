// The other side of decoder.js: what its thread answers, in the page and in Node.
import { asError } from '../shared/errors.js';
import { readIdentifiers } from './identifiers.js';
import { readDicom } from './read.js';

/**
 * @param {import('./decoder.js').ToDecoder} message
 * @param {import('./libraries.js').DicomLibraries} libraries
 * @param {(message: import('./decoder.js').FromDecoder, transfer: ArrayBuffer[]) => void} post
 */
export async function answer(message, libraries, post) {
  if (message.type === 'ping') return post({ type: 'pong' }, []);
  try {
    if (message.options?.identifiers) {
      return post({ type: 'decoded', identifiers: await readIdentifiers(message.bytes, libraries) }, []);
    }
    const { image, values, drawing, belonging } = await readDicom(message.bytes, libraries, message.options);
    return post({ type: 'decoded', image, values, drawing, belonging }, [values.buffer, ...(drawing ? [drawing.buffer] : [])]);
  } catch (error) {
    return post({ type: 'engine-failed', error: asError(error, { hint: 'Export the film as PNG from your viewer.' }) }, []);
  }
}
