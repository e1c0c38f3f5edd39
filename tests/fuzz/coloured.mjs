// Whether a picture is made of its Pixel Data alone: the same file twice, everything behind the element in one colour and in
// another, and a good deal of it. A reader that takes one byte from there gives two pictures.
import { parseDataSet } from '../../web/dicom/data_set.js';

const kBehind = 4096;
const kColours = [0x00, 0xa7];

/**
 * @param {Uint8Array} bytes of a DICOM file
 * @returns {Promise<Uint8Array[]>} two files; none where the data set is deflated, or what says how the picture is read
 *   (group 0028) stands behind it
 */
export async function colouredSurroundings(bytes) {
  const data = await parseDataSet(bytes, { inflater: async () => { throw new Error('deflated'); } }).catch(() => null);
  if (!data?.pixelData || data.all.buffer !== bytes.buffer) return [];
  const { offset } = data.pixelData;
  if ([...data.elements.values()].some((element) => element.tag.startsWith('x0028') && element.offset > offset)) return [];
  const end = data.all.byteOffset - bytes.byteOffset + data.pixelData.offset + data.pixelData.length;
  return kColours.map((colour) => {
    const copy = new Uint8Array(Math.max(bytes.length, end) + kBehind).fill(colour);
    copy.set(bytes.subarray(0, end));
    return copy;
  });
}
