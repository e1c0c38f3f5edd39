// How a DICOM file wants its values shown, and the technical facts of the picture: as the engine's method open-dicom
// takes them. The tags read here, in image_header.js and in data_set.js are all that reading a film reads: no name, number,
// date or place of a patient, a visit or a hospital is among them (identifiers.js is for those, when asked).
import { isOtherPart, viewOf } from './acquisition_words.js';
import { lookupTable } from './lookup_table.js';

/**
 * @typedef {import('./data_set.js').DataSet} DataSet
 *
 * @param {DataSet} data
 * @param {import('./image_header.js').ImageHeader} header
 * @param {number} frame from 0
 */
export function describe(data, header, frame) {
  const display = groupOf(data, frame, 'x00289132', 'x00281050', 'x00283010');
  return {
    rescale: rescale(groupOf(data, frame, 'x00289145', 'x00281053', 'x00281052')),
    modality_lut: tables(data, 'x00283000', header.signed)[0] ?? null,
    windows: windows(display),
    voi_function: display.text('x00281056').toUpperCase() || 'LINEAR',
    voi_luts: tables(display, 'x00283010', mayBeNegative(data, header)),
    palette: palette(data, header),
    padding: padding(data, header),
    shutter: shutter(data),
    presentation_inverse: data.text('x20500020').toUpperCase() === 'INVERSE',
    lossy: data.text('x00282110') === '01',
    facts: facts(data, frame),
  };
}

const kSharedGroups = 'x52009229';
const kFrameGroups = 'x52009230';

/**
 * Where `tags` are stated: in the data set itself, or in its functional groups (PS3.3 C.7.6.16), the frame's own or the
 * shared ones.
 * @param {DataSet} data
 * @param {number} frame from 0
 * @param {string} group sequence of the functional group
 * @param {string[]} tags
 * @returns {DataSet}
 */
function groupOf(data, frame, group, ...tags) {
  /** @param {DataSet|undefined} item */
  const holds = (item) => item && tags.some((tag) => item.has(tag));
  if (holds(data)) return data;
  const items = [data.items(kFrameGroups)[frame], data.items(kSharedGroups)[0]].map((item) => item?.items(group)[0]);
  return items.find(holds) ?? data;
}

/** @param {DataSet} data */
function rescale(data) {
  const [slope] = data.numbers('x00281053');
  const [intercept] = data.numbers('x00281052');
  return { slope: slope || 1, intercept: intercept ?? 0, type: data.text('x00281054').slice(0, 16) };
}

/** What the file asks for and is not done. @param {DataSet} data @returns {string[]} */
export function notApplied(data) {
  const drawn = data.texts('x00181600').some((shape) => shape.toUpperCase() === 'BITMAP');
  return drawn ? ['The file hides parts of the picture by a drawing (bitmap shutter); they are shown, and seen by the network.'] : [];
}

/** Letters of a name that a file gives; more is no name. */
const kLongestName = 32;

/** Free text of the file, on one line, cut where it is long: it is shown among the page's own words. @param {string} text */
function bounded(text) {
  const letters = [...text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim()];
  return letters.length > kLongestName ? `${letters.slice(0, kLongestName - 1).join('')}…` : letters.join('');
}

/** Centre and width belong together by their place; a single width is everybody's. @param {DataSet} data */
function windows(data) {
  const centres = data.places('x00281050');
  const widths = data.places('x00281051');
  const names = data.words('x00281055').split('\\').map((name) => name.trim());
  return centres
    .map((centre, index) => ({ centre, width: widths.length === 1 ? widths[0] : widths[index], name: bounded(names[index] ?? '') }))
    .filter(({ centre, width }) => Number.isFinite(centre) && width > 0);
}

/**
 * Padding Value, and its range limit, in the sign of the pixels; as raw words where they do not fit into the bits that count
 * (`raw`), as makers write F830h over 12 bits.
 * @param {DataSet} data @param {{signed: boolean, stored: number, allocated: number}} header
 */
export function padding(data, { signed, stored, allocated }) {
  if (!data.has('x00280120')) return null;
  const bits = Math.min(stored, 16);
  const [value, limit = value] = ['x00280120', 'x00280121'].filter((tag) => data.has(tag)).map((tag) => data.unsigned16(tag));
  /** @param {number} word */
  const fits = (word) => (signed ? ((word << 16) >> 16) >= -(2 ** (bits - 1)) && ((word << 16) >> 16) < 2 ** (bits - 1) : word < 2 ** bits);
  const raw = allocated === 16 && ![value, limit].every(fits);
  /** @param {number} word */
  const read = (word) => {
    if (raw) return signed ? (word << 16) >> 16 : word;
    return signed ? (word << (32 - bits)) >> (32 - bits) : word;
  };
  const [low, high] = [read(value), read(limit)].sort((a, b) => a - b);
  return { low, high, raw: raw ? { low: Math.min(value, limit), high: Math.max(value, limit) } : null };
}

/**
 * Shapes of the Display Shutter (PS3.3 C.7.6.11), in columns and rows counted from 1; what lies outside of any is hidden.
 * @typedef {object} Shutter
 * @property {{left: number, right: number, top: number, bottom: number}} [rectangle]
 * @property {{row: number, column: number, radius: number}} [circle]
 * @property {number[]} [polygon] column, row, column, row, …
 *
 * A shutter that is a drawing (BITMAP, C.7.6.15) is not applied, which read.js says.
 *
 * @param {DataSet} data
 */
function shutter(data) {
  const shapes = data.texts('x00181600').map((shape) => shape.toUpperCase());
  /** @param {string} tag */
  const whole = (tag) => data.numbers(tag).map(Math.round);
  /** @type {Shutter} */
  const found = {};
  if (shapes.includes('RECTANGULAR')) {
    const [left, right, top, bottom] = ['x00181602', 'x00181604', 'x00181606', 'x00181608'].map((tag) => whole(tag)[0]);
    if ([left, right, top, bottom].every(Number.isFinite)) found.rectangle = { left, right, top, bottom };
  }
  if (shapes.includes('CIRCULAR')) {
    const [row, column] = whole('x00181610');
    const [radius] = whole('x00181612');
    if ([row, column, radius].every(Number.isFinite)) found.circle = { row, column, radius };
  }
  if (shapes.includes('POLYGONAL')) {
    const places = whole('x00181620');
    const corners = Array.from({ length: Math.min(places.length >> 1, 1000) }, (_, index) => [places[2 * index + 1], places[2 * index]]);
    if (corners.length >= 3) found.polygon = corners.flat();
  }
  return Object.keys(found).length > 0 ? found : null;
}

const kTable = { descriptor: 'x00283002', entries: 'x00283006' };

/**
 * Whether what a VOI LUT is given may be negative (PS3.3 C.11.2.1.1): never behind a modality LUT. A file with explicit representations
 * says of unsigned pixels itself what a rescale makes of them.
 * @param {DataSet} data @param {{signed: boolean}} header
 */
function mayBeNegative(data, { signed }) {
  if (data.has('x00283000')) return false;
  return signed || (!data.encoding.explicit && rescale(data).intercept < 0);
}

/**
 * The tables of a modality LUT or VOI LUT sequence.
 * @param {DataSet} data @param {string} tag @param {boolean} signed what comes in may be negative
 * @returns {(import('./lookup_table.js').LookupTable & {name: string})[]}
 */
function tables(data, tag, signed) {
  return data.items(tag).flatMap((item) => {
    const table = lookupTable(item, kTable, signed);
    return table ? [{ ...table, name: bounded(item.words('x00283003')) }] : [];
  });
}

/**
 * Tables to red, green and blue, of a picture that has them; null where one is missing.
 * @param {DataSet} data @param {import('./image_header.js').ImageHeader} header
 */
function palette(data, { photometric, signed }) {
  if (photometric !== 'PALETTE COLOR') return null;
  const colours = [1, 2, 3].map((colour) => lookupTable(data,
    { descriptor: `x0028110${colour}`, entries: `x0028120${colour}`, segments: `x0028122${colour}` }, signed));
  const found = colours.filter((table) => table !== null);
  return found.length === 3 ? found.map((table) => ({ ...table, name: '' })) : null;
}

/** In Image Type, where makers say that a picture is of soft tissue or bone alone. The text itself goes no further. */
const kDualEnergy = /soft[ _-]?tissue|\bbone\b|dual[ _-]?energy|subtract/i;

/** @param {DataSet} data @param {number} frame */
function facts(data, frame) {
  /** @param {string} tag */
  const word = (tag) => data.text(tag).toUpperCase().slice(0, 32);
  /** @param {string} tag whose value should be a code, and often is what people write */
  const written = (tag) => [...data.words(tag).toUpperCase()].slice(0, 32).join('');
  const measures = groupOf(data, frame, 'x00289110', 'x00280030');
  return {
    transfer_syntax: data.syntax,
    modality: word('x00080060'),
    body_part: written('x00180015'),
    other_part: isOtherPart(data.words('x00180015')),
    view_position: written('x00185101'),
    view: view(data),
    laterality: word('x00200062') || word('x00200060'),
    orientation: word('x00200020'),
    presentation_intent: word('x00080068'),
    dual_energy: kDualEnergy.test(data.text('x00080008')),
    burned_in: word('x00280301') === 'YES',
    lossy_ratio: Math.max(0, ...data.numbers('x00282112')),
    spacing: spacing(data, measures),
    aspect: aspect(data, measures),
  };
}

/** Codes of a view (PS3.16 CID 4010), SNOMED CT and SNOMED RT. */
const kViewCodes = {
  lateral: ['399173006', 'R-10236', '399198007', 'R-10232', '399067008', 'R-102CD', '49370004'],
  frontal: ['272479007', 'R-40888', '399348003', 'R-10206', '399033003', 'R-10202'],
};

/**
 * "lateral", "frontal" or '': by View Position, and by View Code Sequence, its code or else the code's meaning. Where one of
 * them says lateral it is that. Where none says anything, what the picture was processed as (Acquisition Device Processing
 * Description) is a hint: makers fill in the names of their programs, such as "CHEST LAT". Series Description, which often
 * says it, too, is not read: people write names and dates into it. None of the words goes further.
 * @param {DataSet} data
 */
function view(data) {
  const stated = [viewOf(data.words('x00185101'), { codes: true }), viewCode(data)];
  return ['lateral', 'frontal'].find((one) => stated.includes(one)) ?? viewOf(data.words('x00181400'));
}

/** @param {DataSet} data */
function viewCode(data) {
  const [item] = data.items('x00540220');
  if (!item) return '';
  const code = item.text('x00080100').toUpperCase();
  return Object.entries(kViewCodes).find(([, codes]) => codes.includes(code))?.[0] ?? viewOf(item.words('x00080104'));
}

/** @param {DataSet} data @param {string} tag */
const pairOf = (data, tag) => {
  const [row, column] = data.numbers(tag);
  return row > 0 && column > 0 ? { row, column } : null;
};

/**
 * Height of a pixel over its width: Pixel Aspect Ratio, else by its spacing. 1 where nothing is said.
 * @param {DataSet} data @param {DataSet} measures that hold Pixel Spacing
 */
function aspect(data, measures) {
  const { row, column } = pairOf(data, 'x00280034') ?? pairOf(measures, 'x00280030') ?? pairOf(data, 'x00181164') ?? { row: 1, column: 1 };
  return row / column;
}

/**
 * Pixel Spacing counts as the patient's only if the file says that it was calibrated, or has no other.
 * @param {DataSet} data @param {DataSet} measures that hold Pixel Spacing
 */
function spacing(data, measures) {
  const patient = pairOf(measures, 'x00280030');
  const detector = pairOf(data, 'x00181164');
  if (!patient) return detector && { ...detector, kind: 'detector' };
  const same = detector && patient.row === detector.row && patient.column === detector.column;
  return { ...patient, kind: same && !data.has('x00280a02') ? 'detector' : 'patient' };
}
