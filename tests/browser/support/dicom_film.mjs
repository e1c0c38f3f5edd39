// A chest film as a DICOM file made on the spot: 12 bits of grey, explicit little endian, and the window that is asked for.
// One frame; no identifiers but those that are asked for.

const kLong = ['OB', 'OW', 'SQ', 'UN'];

function element(group, number, vr, value) {
  const body = Buffer.isBuffer(value) ? value : Buffer.from(value, 'latin1');
  const padded = body.length % 2 ? Buffer.concat([body, Buffer.from(vr === 'UI' ? '\0' : ' ', 'latin1')]) : body;
  const head = Buffer.alloc(kLong.includes(vr) ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, 'latin1');
  if (kLong.includes(vr)) head.writeUInt32LE(padded.length, 8);
  else head.writeUInt16LE(padded.length, 6);
  return Buffer.concat([head, padded]);
}

function short(value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

/**
 * @param {(x: number, y: number) => number} grey 0..4095
 * @param {{centre: number, width: number, shape: string}} window shape: VOI LUT Function, such as 'SIGMOID'
 * @param {{patient?: string, date?: string}} [visit] Patient ID and Study Date of nobody; without, neither is stated
 */
export function makeDicom(width, height, grey, window, { patient = '', date = '' } = {}) {
  const pixels = Buffer.alloc(2 * width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) pixels.writeUInt16LE(Math.max(0, Math.min(4095, Math.round(grey(x, y)))), 2 * (y * width + x));
  }
  const meta = element(0x0002, 0x0010, 'UI', '1.2.840.10008.1.2.1');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  return Buffer.concat([
    Buffer.alloc(128), Buffer.from('DICM', 'latin1'), element(0x0002, 0x0000, 'UL', length), meta,
    element(0x0008, 0x0016, 'UI', '1.2.840.10008.5.1.4.1.1.1.1'),
    ...(date ? [element(0x0008, 0x0020, 'DA', date)] : []), element(0x0008, 0x0060, 'CS', 'DX'),
    ...(patient ? [element(0x0010, 0x0020, 'LO', patient)] : []),
    element(0x0018, 0x0015, 'CS', 'CHEST'), element(0x0018, 0x5101, 'CS', 'PA'),
    element(0x0028, 0x0002, 'US', short(1)), element(0x0028, 0x0004, 'CS', 'MONOCHROME2'),
    element(0x0028, 0x0010, 'US', short(height)), element(0x0028, 0x0011, 'US', short(width)),
    element(0x0028, 0x0100, 'US', short(16)), element(0x0028, 0x0101, 'US', short(12)),
    element(0x0028, 0x0102, 'US', short(11)), element(0x0028, 0x0103, 'US', short(0)),
    element(0x0028, 0x1050, 'DS', String(window.centre)), element(0x0028, 0x1051, 'DS', String(window.width)),
    element(0x0028, 0x1056, 'CS', window.shape), element(0x7fe0, 0x0010, 'OW', pixels),
  ]);
}
