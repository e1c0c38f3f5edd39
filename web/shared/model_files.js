// Which of the files that came in are a network's weights, and which belong together: by their names, and by their first bytes where a
// name says nothing. A file that is a picture by its bytes is a film, whatever its name; one whose name says weights is given to
// the importer, which says what it is.
import { looksLikeDicom } from '../dicom/data_set.js';
import { claimsFilm, isPicture, kSniffedStart } from './film_kinds.js';

/** A name that ends in .bin says nothing but where it is that of weights: programs and films have such names, too. */
const kClaims = /\.(pt|pth|ckpt|safetensors|onnx|gguf|h5|hdf5|keras|tflite|pkl|pickle)$|\.(pt|pth|ckpt)\.tar$|(^|\/)(\w+_)?model[\w.-]*\.bin$/i;
/** What lies beside weights and says something of them. */
const kCompanions = /(^|\/)(config|preprocessor_config|manifest)\.json$|\.safetensors\.index\.json$/i;
const kLegacy = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

/** @param {string} name @returns {boolean} its name says that it holds weights */
export const claimsModel = (name) => kClaims.test(name);

/** @param {string} name @returns {boolean} it may say something of weights beside it */
export const isCompanion = (name) => kCompanions.test(name);

/** The name of an archive's first file, by its local header; empty where it is none. @param {Uint8Array} bytes */
function firstInZip(bytes) {
  if (bytes.length < 30 || bytes[0] !== 0x50 || bytes[1] !== 0x4b || bytes[2] !== 3 || bytes[3] !== 4) return '';
  return String.fromCharCode(...bytes.subarray(30, 30 + bytes[26] + 256 * bytes[27]));
}

/** @param {Uint8Array} bytes */
function beginsAsSafetensors(bytes) {
  if (bytes.length < 10 || bytes[8] !== 0x7b || bytes[9] !== 0x22) return false;
  const length = bytes[0] + 256 * bytes[1] + 65536 * bytes[2] + 2 ** 24 * bytes[3];
  return bytes.subarray(4, 8).every((byte) => byte === 0) && length >= 2 && length <= 1e8;
}

/** @param {Uint8Array} start its first kSniffedStart bytes @returns {boolean} they are those of weights, or of a model folder that was packed here */
export function beginsAsModel(start) {
  return kLegacy.every((byte, index) => start[index] === byte) || beginsAsSafetensors(start)
    || /(^|\/)(data\.pkl|manifest\.json)$/.test(firstInZip(start));
}

/** @param {string} name @param {Uint8Array} start its first kSniffedStart bytes */
export function isModel(name, start) {
  if (start.length && (looksLikeDicom(start) || isPicture(start))) return false;
  return claimsModel(name) || beginsAsModel(start);
}

/** @param {string} name */
const needsLook = (name) => claimsModel(name) || !claimsFilm(name) || /\.zip$/i.test(name);
/** @param {string} name */
const folderOf = (name) => name.slice(0, name.lastIndexOf('/') + 1);

/** @param {Blob} file */
async function startOf(file) {
  try {
    return new Uint8Array(await file.slice(0, kSniffedStart).arrayBuffer());
  } catch {
    return new Uint8Array();
  }
}

/**
 * @typedef {import('../page/file_queue.js').Named} Dropped
 * @typedef {{name: string, file: Blob}} Named
 * @typedef {{name: string, files: Named[]}} ModelFiles `files`: first the weights, or the index of their parts, then all that belongs to them
 * @typedef {{films: Dropped[], models: ModelFiles[], unused: number}} Separated `unused`: companions without weights
 *
 * @param {Dropped[]} files of one drop, without tables of labels
 * @param {Named[]} [companions] files beside them that are no films for sure
 * @returns {Promise<Separated>|null} null: there is nothing but films, by their names
 */
export function separateModels(files, companions = []) {
  if (files.some(({ file, name }) => file && needsLook(name))) return separate(files, companions);
  return companions.length ? Promise.resolve({ films: files, models: [], unused: companions.length }) : null;
}

/** @param {Dropped[]} files @param {Named[]} companions @returns {Promise<Separated>} */
async function separate(files, companions) {
  /** @type {Dropped[]} */
  const films = [];
  /** @type {Named[]} */
  const weights = [];
  const beside = [...companions];
  for (const named of files) {
    const { name, file } = named;
    if (!file || !needsLook(name)) films.push(named);
    else if (isCompanion(name)) beside.push({ name, file });
    else if (isModel(name, await startOf(file))) weights.push({ name, file });
    else films.push(named);
  }
  if (!weights.length) return { films: files, models: [], unused: companions.length };
  /** @type {Named[][]} */
  const models = [];
  const indices = beside.filter(({ name }) => /\.index\.json$/i.test(name));
  const taken = new Set();
  for (const index of indices) {
    const parts = weights.filter(({ name }) => folderOf(name) === folderOf(index.name) && /\.safetensors$/i.test(name));
    parts.forEach((part) => taken.add(part));
    models.push([index, ...parts]);
  }
  for (const one of weights) if (!taken.has(one)) models.push([one]);
  return {
    films, unused: 0,
    models: models.map((group) => ({
      name: group[0].name,
      files: [...group, ...beside.filter((one) => !indices.includes(one) && folderOf(one.name) === folderOf(group[0].name))],
    })),
  };
}
