// Opens a file of any kind in the engine: DICOM is recognised by its content and read here first, everything else is
// the engine's own to decode, or the browser's where only that can. Used by the page's worker and by the command line.
import { decodeInBrowser, describePicture } from '../page/browser_picture.js';
import { fileTooLarge } from '../shared/errors.js';
import { looksLikeDicom } from './data_set.js';
import { noFrame } from './failures.js';

/** Bytes of a picture that is not DICOM; the engine's own limit is the same. */
const kLargestPicture = 128 * 1024 * 1024;

/**
 * @typedef {import('../worker/engine_methods.js').Caller} Caller
 * @typedef {import('../shared/contract.js').Written<import('../shared/contract.js').FilmInfo>} FilmInfo
 * @typedef {FilmInfo & {decoder: 'chestlight'|'browser'}} OpenedFilm
 *
 * @param {Caller} engine
 * @param {string} name
 * @param {Uint8Array} bytes
 * @param {Pick<import('./decoder.js').WatchedDecoder, 'decode'>} decoder of DICOM files
 * @param {import('./read.js').FrameChoice} [choice] without, the first frame is shown
 * @returns {Promise<{film: OpenedFilm, storedValues: import('./stored_values.js').Values|null,
 *   belonging?: import('./identifiers.js').Belonging}>} of a DICOM file its stored values, and which films it belongs to
 * @throws {EngineError}
 */
export async function openFilm(engine, name, bytes, decoder, choice = {}) {
  if (looksLikeDicom(bytes)) {
    const { image, values, drawing, belonging } = await decoder.decode(bytes, choice);
    const film = engine.call('open-dicom', { name, image }, drawing ? [values, drawing] : [values]).value;
    return { film: { ...film, decoder: 'chestlight' }, storedValues: values, belonging };
  }
  if (choice.frame && choice.frame > 1) throw noFrame(choice.frame, 1);
  if (bytes.length > kLargestPicture) {
    throw fileTooLarge(bytes.length, kLargestPicture);
  }
  const picture = typeof createImageBitmap === 'function' ? describePicture(bytes) : null;
  /** @type {OpenedFilm} */
  const film = picture ? await openInBrowser(engine, name, bytes, picture)
    : { ...engine.call('open', { name }, [bytes]).value, decoder: 'chestlight' };
  return { film, storedValues: null };
}

/**
 * Marked, because what another browser makes of the same file may differ by a grey level or two.
 * @param {Caller} engine
 * @param {string} name
 * @param {Uint8Array} bytes
 * @param {{format: string, type: string}} picture from describePicture
 * @returns {Promise<OpenedFilm>}
 */
async function openInBrowser(engine, name, bytes, picture) {
  const film = engine.call('open', { name }, [await decodeInBrowser(bytes, picture)]).value;
  const format = `${picture.format} (decoded by the browser)`;
  const notes = [`Decoded by the browser, from ${picture.format}: another one may give slightly other values.`,
    ...(picture.format === 'GIF' ? ['Of an animation, the first picture.'] : []), ...film.notes];
  return { ...film, format, notes, decoder: 'browser' };
}
