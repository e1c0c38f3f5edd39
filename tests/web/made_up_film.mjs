// A DICOM film of nobody: every tag that identifies holds a word that is found nowhere else.
import { element, part10, words } from '../support/write_dicom.mjs';

export const kMadeUp = ['ZEBRAFINCH', 'QUILLA', 'PID-7731', '19610203', '1961-02-03', '20190807', '2019-08-07', 'ACC-5529', 'OKAPI',
  'NARWHAL'];

/**
 * A soft gradient with a disc, side × side pixels of 12 bits.
 * @param {{side?: number, view?: string|Buffer, orientation?: string, imageType?: string, burnedIn?: string, lossyRatio?: string,
 *   windowName?: string, frames?: number, characterSet?: string, processing?: string}} [facts] View Position, Patient Orientation, Image Type and so on; empty: not there
 * @returns {Uint8Array}
 */
export function madeUpFilm({ side = 16, view = 'PA', orientation = 'L\\F', imageType = '', burnedIn = '', lossyRatio = '', windowName = '', frames = 1,
  characterSet = '', processing = '' } = {}) {
  const stated = (group, number, vr, value) => (value ? [element(group, number, vr, value)] : []);
  const pixels = Buffer.alloc(2 * side * side);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const disc = Math.hypot(x - side * 0.3, y - side * 0.6) < side * 0.15 ? 1500 : 0;
      pixels.writeUInt16LE(Math.min(4095, Math.round(300 + (1500 * x + 700 * y) / side) + disc), 2 * (y * side + x));
    }
  }
  return part10([
    ...stated(8, 5, 'CS', characterSet), ...stated(8, 8, 'CS', imageType), element(8, 0x16, 'UI', '1.2.840.10008.5.1.4.1.1.1.1'), element(8, 0x20, 'DA', '20190807'), element(8, 0x50, 'SH', 'ACC-5529'),
    element(8, 0x60, 'CS', 'DX'), element(8, 0x80, 'LO', 'HOSPITAL OF NARWHAL'), element(8, 0x1030, 'LO', 'THORAX OKAPI'),
    element(0x10, 0x10, 'PN', 'ZEBRAFINCH^QUILLA'), element(0x10, 0x20, 'LO', 'PID-7731'), element(0x10, 0x30, 'DA', '19610203'),
    element(0x10, 0x40, 'CS', 'F'), element(0x18, 0x15, 'CS', 'CHEST'), ...stated(0x18, 0x1400, 'LO', processing), element(0x18, 0x5101, 'CS', view),
    element(0x20, 0x20, 'CS', orientation),
    element(0x28, 2, 'US', words(1)), element(0x28, 4, 'CS', 'MONOCHROME2'),
    ...stated(0x28, 8, 'IS', frames > 1 ? String(frames) : ''), element(0x28, 0x10, 'US', words(side)),
    element(0x28, 0x11, 'US', words(side)), element(0x28, 0x100, 'US', words(16)), element(0x28, 0x101, 'US', words(12)),
    element(0x28, 0x102, 'US', words(11)), element(0x28, 0x103, 'US', words(0)),
    ...stated(0x28, 0x301, 'CS', burnedIn),
    ...(windowName ? [element(0x28, 0x1050, 'DS', '2048'), element(0x28, 0x1051, 'DS', '4096'), element(0x28, 0x1055, 'LO', windowName)] : []),
    ...stated(0x28, 0x2112, 'DS', lossyRatio),
    element(0x7fe0, 0x10, 'OW', pixels),
  ]);
}
