// Who a DICOM file is about: the one place where tags that identify are read.
//
// Reading films comes here for belongingOf() alone: marks to be compared, and a time that is told on only as a distance from another. The rest is asked for on purpose, for one file at a time: while the reader's switch is on, or
// for an export that is to hold them. The answer is handed on and kept nowhere: not by this module, not by the worker.
import { looksLikeDicom, parseDataSet } from './data_set.js';

/** Label → tag, in the order shown. */
const kIdentifiers = [
  ['Patient', 'x00100010'], ['Patient ID', 'x00100020'], ['Born', 'x00100030'], ['Sex', 'x00100040'],
  ['Study date', 'x00080020'], ['Accession', 'x00080050'], ['Study', 'x00081030'], ['Institution', 'x00080080'],
];
const kLongest = 64;

/**
 * @param {Uint8Array} bytes of any file
 * @param {import('./libraries.js').DicomLibraries} libraries
 * @returns {Promise<{label: string, value: string}[]>} what the file states; empty for other formats
 */
export async function readIdentifiers(bytes, libraries) {
  if (!looksLikeDicom(bytes)) return [];
  const data = await parseDataSet(bytes, { inflater: () => libraries.inflater() });
  return kIdentifiers
    .map(([label, tag]) => ({ label, value: plain(data.words(tag)) }))
    .filter(({ value }) => value);
}

/** Date and time of the film, the first that is stated counts: its acquisition, its content, its study. */
const kTimes = [['x00080022', 'x00080032'], ['x00080023', 'x00080033'], ['x00080020', 'x00080030']];

/**
 * Which films belong together, and which is older.
 * @typedef {object} Belonging
 * @property {string} study a mark that films of one patient and study share, to be compared and nothing else; '' where the file names none
 * @property {string} patient the same of a patient
 * @property {number|null} taken minutes, to be subtracted from those of another film (worker/case_thread.js); null: no date is stated
 *
 * @param {Pick<import('./data_set.js').DataSet, 'text'|'words'>} data
 * @returns {Belonging}
 */
export function belongingOf(data) {
  const patient = data.words('x00100020');
  const study = data.text('x0020000d');
  return { study: study && mark(`${patient}\\${study}`), patient: patient && mark(patient), taken: takenAt(data) };
}

/** No name or number can be read from it. @param {string} words */
function mark(words) {
  let hash = 0xcbf29ce484222325n;  // FNV-1a of 64 bits
  for (const byte of new TextEncoder().encode(words)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

/** @param {Pick<import('./data_set.js').DataSet, 'text'>} data @returns {number|null} minutes; a date without a time is its midnight */
function takenAt(data) {
  for (const [date = '', time = ''] of kTimes) {
    const [, year, month, day] = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(data.text(date)) ?? [];
    if (!year) continue;
    const [, hours = '0', minutes = '0'] = /^(\d{2}):?(\d{2})/.exec(data.text(time)) ?? [];
    return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hours), Number(minutes)) / 60_000;
  }
  return null;
}

/**
 * DOE^JANE → DOE, JANE; 19610203 → 1961-02-03. A name in ideographs stands behind the one in letters, or for it:
 * Wang^XiaoDong=王^小东 → Wang, XiaoDong (王 小东).
 * @param {string} value
 */
function plain(value) {
  const [letters = '', ideographs = ''] = value.split('=').map((group) => group.trim());
  const [family, ...given] = letters.split('^');
  const name = [family, given.filter(Boolean).join(' ')].filter(Boolean).join(', ');
  const other = ideographs.split('^').filter(Boolean).join(' ');
  const shown = name && other ? `${name} (${other})` : name || other;
  return [...shown.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3')].slice(0, kLongest).join('');
}
