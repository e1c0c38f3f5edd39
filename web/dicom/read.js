// A DICOM file → the arguments of the engine's open-dicom and the stored values of its first frame.
import { parseDataSet } from './data_set.js';
import { describe } from './description.js';
import { noFrame } from './failures.js';
import { readImageHeader } from './image_header.js';
import { storedValues } from './stored_values.js';

export { looksLikeDicom } from './data_set.js';

/**
 * @typedef {object} FrameChoice
 * @property {number} [frame] counted from 1, as people do
 * @property {boolean} [chosen] somebody said that this frame is the one to analyse
 *
 * @param {Uint8Array} bytes
 * @param {import('./libraries.js').DicomLibraries} libraries
 * @param {FrameChoice} [choice]
 * @returns {Promise<{image: object, values: Int32Array}>} `image` as src/engine/dicom_json.h describes it
 * @throws {EngineError} not-an-image, unsupported-format, corrupt, truncated, too-large
 */
export async function readDicom(bytes, libraries, { frame = 1, chosen = false } = {}) {
  const parser = await libraries.parser();
  const data = await parseDataSet(bytes, { parser, inflater: () => libraries.inflater() });
  const header = readImageHeader(data);
  if (!(frame >= 1 && frame <= header.frames)) throw noFrame(frame, header.frames);
  const { values, channels, bits, photometric, notes: streamNotes } = await storedValues(data, header, frame - 1, { parser, libraries });
  const description = describe(data, header);
  const notes = [...(header.frames > 1 ? [`Frame ${frame} of ${header.frames}.`] : []), ...streamNotes];
  return {
    values,
    image: {
      width: header.columns, height: header.rows, channels, bits, signed: header.signed, ...description, notes,
      facts: { ...description.facts, photometric, frames: header.frames, frame, frame_chosen: chosen },
    },
  };
}
