// A DICOM file → the arguments of the engine's open-dicom and the stored values of its first frame.
import { parseDataSet } from './data_set.js';
import { describe } from './description.js';
import { readImageHeader } from './image_header.js';
import { storedValues } from './stored_values.js';

export { looksLikeDicom } from './data_set.js';

/**
 * @param {Uint8Array} bytes
 * @param {import('./libraries.js').DicomLibraries} libraries
 * @returns {Promise<{image: object, values: Int32Array}>} `image` as src/engine/dicom_json.h describes it
 * @throws {EngineError} not-an-image, unsupported-format, corrupt, truncated, too-large
 */
export async function readDicom(bytes, libraries) {
  const parser = await libraries.parser();
  const data = await parseDataSet(bytes, { parser, inflater: () => libraries.inflater() });
  const header = readImageHeader(data);
  const { values, channels, bits, photometric } = await storedValues(data, header, 0, { parser, libraries });
  const description = describe(data, header);
  const notes = header.frames > 1 ? [`Frame 1 of ${header.frames}.`] : [];
  return {
    values,
    image: {
      width: header.columns, height: header.rows, channels, bits, signed: header.signed, ...description, notes,
      facts: { ...description.facts, photometric, frames: header.frames },
    },
  };
}
