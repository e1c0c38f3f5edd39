// Who a DICOM file is about: the one place where tags that identify are read.
//
// Reading films comes here for studyMark() alone, which gives nothing of what it reads away. The rest is asked for on purpose, for one file at a time: while the reader's switch is on, or
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

/**
 * A mark that films of one patient and study share, to be compared and nothing else: no name, number or date can be read from it.
 * @param {import('./data_set.js').DataSet} data
 * @returns {string} '' where the file names no study
 */
export function studyMark(data) {
  const study = data.text('x0020000d');
  if (!study) return '';
  let mark = 0xcbf29ce484222325n;  // FNV-1a of 64 bits
  for (const byte of new TextEncoder().encode(`${data.words('x00100020')}\\${study}`)) {
    mark = BigInt.asUintN(64, (mark ^ BigInt(byte)) * 0x100000001b3n);
  }
  return mark.toString(16).padStart(16, '0');
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
