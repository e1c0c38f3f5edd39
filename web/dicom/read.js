// A DICOM file → the arguments of the engine's open-dicom and the stored values of its first frame.
import { parseDataSet } from './data_set.js';
import { describe, notApplied } from './description.js';
import { noFrame } from './failures.js';
import { belongingOf } from './identifiers.js';
import { readImageHeader } from './image_header.js';
import { drawingOver } from './overlay_planes.js';
import { storedValues } from './stored_values.js';

export { looksLikeDicom } from './data_set.js';

const kTypes = new Map(/** @type {[Function, string][]} */ ([[Uint8Array, 'uint8'], [Int8Array, 'int8'], [Uint16Array, 'uint16'], [Int16Array, 'int16'], [Int32Array, 'int32']]));

/**
 * @typedef {object} FrameChoice
 * @property {number} [frame] counted from 1, as people do
 * @property {boolean} [chosen] somebody said that this frame is the one to analyse
 *
 * @typedef {ReturnType<typeof describe>} Description
 * @typedef {Omit<Description, 'padding'|'overlays'|'facts'> & {width: number, height: number, channels: number, bits: number,
 *   signed: boolean, type: string, padding: {low: number, high: number}|null, notes: string[], facts: Description['facts'] & {
 *   photometric: string, frames: number, frame: number, frame_chosen: boolean}}} DicomImage as src/engine/dicom_json.h describes it
 *
 * @param {Uint8Array} bytes
 * @param {import('./libraries.js').DicomLibraries} libraries
 * @param {FrameChoice} [choice]
 * @returns {Promise<{image: DicomImage, values: import('./stored_values.js').Values, drawing: Uint8Array<ArrayBuffer>|null,
 *   belonging: import('./identifiers.js').Belonging}>} `drawing`: overlay_planes.js
 * @throws {EngineError} not-an-image, unsupported-format, corrupt, truncated, too-large
 */
export async function readDicom(bytes, libraries, { frame = 1, chosen = false } = {}) {
  const data = await parseDataSet(bytes, { inflater: () => libraries.inflater() });
  const header = readImageHeader(data);
  if (!(frame >= 1 && frame <= header.frames)) throw noFrame(frame, header.frames);
  const { padding, ...description } = describe(data, header, frame - 1);
  const stored = await storedValues(data, header, frame - 1, { libraries, padding: padding?.raw ?? null });
  const drawing = drawingOver(data, header, frame - 1);
  const { values, channels, bits, signed, photometric } = stored;
  const notes = [
    ...(header.frames > 1 ? [`Frame ${frame} of ${header.frames}.`] : []), ...data.notes, ...header.notes, ...notApplied(data), ...stored.notes, ...drawing.notes,
  ];
  return {
    values,
    drawing: drawing.bits,
    belonging: belongingOf(data),
    image: {
      width: header.columns, height: header.rows, channels, bits, signed, ...description,
      type: kTypes.get(values.constructor) ?? '', padding: padding && { low: padding.low, high: padding.high }, notes,
      facts: { ...description.facts, photometric, frames: header.frames, frame, frame_chosen: chosen },
    },
  };
}
