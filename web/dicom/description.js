// How a DICOM file wants its values shown, and the technical facts of the picture: as the engine's method open-dicom
// takes them. The tags read here, in image_header.js and in data_set.js are all that reading a film reads: no name, number,
// date or place of a patient, a visit or a hospital is among them (identifiers.js is for those, when asked).
import { lookupTable } from './lookup_table.js';

/** @param {import('./data_set.js').DataSet} data */
export function describe(data, header) {
  return {
    rescale: rescale(data),
    modality_lut: tables(data, 'x00283000')[0] ?? null,
    windows: windows(data),
    voi_function: data.text('x00281056').toUpperCase() || 'LINEAR',
    voi_luts: tables(data, 'x00283010'),
    palette: palette(data, header),
    padding: padding(data, header),
    presentation_inverse: data.text('x20500020').toUpperCase() === 'INVERSE',
    lossy: data.text('x00282110') === '01',
    facts: facts(data),
  };
}

function rescale(data) {
  const [slope] = data.numbers('x00281053');
  const [intercept] = data.numbers('x00281052');
  return { slope: slope || 1, intercept: intercept ?? 0, type: data.text('x00281054').slice(0, 16) };
}

function windows(data) {
  const widths = data.numbers('x00281051');
  const names = data.texts('x00281055');
  return data.numbers('x00281050')
    .map((centre, index) => ({ centre, width: widths[index] ?? widths[0] ?? 0, name: (names[index] ?? '').slice(0, 64) }))
    .filter(({ width }) => width > 0);
}

/** Padding Value, and its range limit, in the sign of the pixels. */
function padding(data, { signed, stored }) {
  if (!data.has('x00280120')) return null;
  const read = (tag) => {
    const value = data.unsigned16(tag);
    const shift = 32 - Math.min(stored, 16);
    return signed ? (value << shift) >> shift : value;
  };
  const value = read('x00280120');
  const limit = data.has('x00280121') ? read('x00280121') : value;
  return { low: Math.min(value, limit), high: Math.max(value, limit) };
}

const kTable = { descriptor: 'x00283002', entries: 'x00283006' };

/** The tables of a modality LUT or VOI LUT sequence. */
function tables(data, tag) {
  const signed = data.unsigned16('x00280103') === 1;
  return data.items(tag).flatMap((item) => {
    const table = lookupTable(item, kTable, signed);
    return table ? [{ ...table, name: item.text('x00283003').slice(0, 64) }] : [];
  });
}

/** Tables to red, green and blue, of a picture that has them; null where one is missing. */
function palette(data, { photometric, signed }) {
  if (photometric !== 'PALETTE COLOR') return null;
  const colours = [1, 2, 3].map((colour) => lookupTable(data,
    { descriptor: `x0028110${colour}`, entries: `x0028120${colour}`, segments: `x0028122${colour}` }, signed));
  return colours.every(Boolean) ? colours.map((table) => ({ ...table, name: '' })) : null;
}

/** In Image Type, where makers say that a picture is of soft tissue or bone alone. The text itself goes no further. */
const kDualEnergy = /soft[ _-]?tissue|\bbone\b|dual[ _-]?energy|subtract/i;

function facts(data) {
  const word = (tag) => data.text(tag).toUpperCase().slice(0, 32);
  return {
    transfer_syntax: data.syntax,
    modality: word('x00080060'),
    body_part: word('x00180015'),
    view_position: word('x00185101'),
    laterality: word('x00200062') || word('x00200060'),
    orientation: word('x00200020'),
    presentation_intent: word('x00080068'),
    dual_energy: kDualEnergy.test(data.text('x00080008')),
    burned_in: word('x00280301') === 'YES',
    lossy_ratio: Math.max(0, ...data.numbers('x00282112')),
    spacing: spacing(data),
  };
}

/** Pixel Spacing counts as the patient's only if the file says that it was calibrated, or has no other. */
function spacing(data) {
  const pair = (tag) => {
    const [row, column] = data.numbers(tag);
    return row > 0 && column > 0 ? { row, column } : null;
  };
  const patient = pair('x00280030');
  const detector = pair('x00181164');
  if (!patient) return detector && { ...detector, kind: 'detector' };
  const same = detector && patient.row === detector.row && patient.column === detector.column;
  return { ...patient, kind: same && !data.has('x00280a02') ? 'detector' : 'patient' };
}
