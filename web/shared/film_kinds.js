// Whether a file that came with others may be a film: by its first bytes, whatever its name; or by its name, so that a film
// that is damaged to its first byte gets a row that says so. Programs, viewers and pages on a patient's disc are neither.
import { looksLikeDicom } from '../dicom/data_set.js';
import { isTarHeader } from './tar_header.js';

/** Enough of a file to tell, bytes. */
export const kSniffedStart = 512;

const kClaims = /\.(dcm|dicom|dic|ima|png|jpe?g|jp2|j2k|tiff?|gif|bmp|webp|avif|heic|zip|gz|tgz|tar)$/i;

/** Where a format's mark stands, and the mark. @typedef {[at: number, letters: string]} Mark @type {Mark[]} */
const kMarks = [
  [0, '\x89PNG'], [0, '\xff\xd8\xff'], [0, 'GIF8'], [0, 'II*\0'], [0, 'MM\0*'], [8, 'WEBP'], [4, 'ftyp'], [4, 'jP  '],
  [0, '\xff\x4f\xff\x51'],
];
/** @type {Mark} */
const kZip = [0, 'PK\x03\x04'];
/** @type {Mark} */
const kGzip = [0, '\x1f\x8b\x08'];
/** A tar has it whose header is damaged, too: it is an archive that says so. @type {Mark} */
const kTarMark = [257, 'ustar'];

/** @param {Uint8Array} bytes @param {Mark} mark */
const stands = (bytes, [at, mark]) => [...mark].every((letter, index) => bytes[at + index] === letter.charCodeAt(0));

/** @param {Uint8Array} start its first kSniffedStart bytes @returns {'zip'|'gzip'|'tar'|null} */
export function archiveKind(start) {
  if (stands(start, kZip)) return 'zip';
  if (stands(start, kGzip)) return 'gzip';
  return stands(start, kTarMark) || isTarHeader(start) ? 'tar' : null;
}

/** @param {string} name @returns {boolean} it says that it is a picture or an archive */
export const claimsFilm = (name) => kClaims.test(name);

/** @param {Uint8Array} start its first kSniffedStart bytes @returns {boolean} a picture's, whatever format */
export const isPicture = (start) => kMarks.some((mark) => stands(start, mark));

/** @param {string} name @param {Uint8Array} start its first kSniffedStart bytes */
export function mayBeFilm(name, start) {
  return claimsFilm(name) || (start.length > 0 && (looksLikeDicom(start) || isPicture(start)
    || archiveKind(start) !== null));
}
