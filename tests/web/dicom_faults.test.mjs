// DICOM files with the faults that real files have: what is read of each, by which words it is said, and with which words
// others are refused. tests/fixtures/make_dicom_faults.py makes the files and says who vouches for their pixels.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { EngineError } from '../../web/shared/errors.js';
import { readIdentifiers } from '../../web/dicom/identifiers.js';
import { looksLikeDicom, readDicom } from '../../web/dicom/read.js';
import { notInstalled, sha256, stageLibraries } from './dicom_support.mjs';

const kFolder = fileURLToPath(new URL('../fixtures/dicom_faults/', import.meta.url));
const kPixels = JSON.parse(readFileSync(`${kFolder}pixels.json`, 'utf8'));

const explicit = 'explicit value representations, little endian';
const implicit = 'implicit value representations, little endian';
const kSyntax = 'The file’s transfer syntax is not that of its data; by its bytes it was read as';
const kNoSyntax = 'The file states no transfer syntax; by its bytes it was read as';
const kNoHeader = 'The file has no header; by its bytes it was read as';
const kMaker = 'A transfer syntax that is not of the standard: by its bytes it was read as';
const kSequence = 'A sequence of the file states a wrong length: it was read by its items.';
const kHigh = 'The values lie in the higher bits (High Bit';

const kMoreBits = 'The file states 12 bits per value, its compressed picture has 16: the picture is taken.';
const kNoDrawing = 'The file holds a drawing over the picture (overlay planes) that cannot be read.';
const kDrawing = 'over the picture (overlay planes), hidden as the film opens; the network does not see';

/** File → where the fault was met, and its notes or its error. */
const kRows = {
  short_then_padding: ['cornerstonejs/dicomParser#272', { error: ['truncated', 'The picture is cut short: Pixel Data holds 24 of 48 bytes.'] }],
  empty_then_padding: ['the same, with nothing', { error: ['truncated', 'The picture is cut short: Pixel Data holds 0 of 48 bytes.'] }],
  short_at_the_end: ['a transfer that broke off', { error: ['truncated', 'The file ends within its picture: 24 of 48 bytes of Pixel Data are there.'] }],
  short_frames: ['one frame where two are stated', { error: ['truncated', 'The picture is cut short: Pixel Data holds 48 of 96 bytes.'] }],
  no_pixels_but_padding: ['a file whose Pixel Data were taken out', { error: ['not-an-image', 'This DICOM file is an object that holds no picture.'] }],
  spare_bytes: ['pydicom: MR_small_padded', { notes: ['Pixel Data holds 56 bytes where 48 are needed: the last 8 are passed over.'] }],
  twice_as_long: ['fo-dicom#1992', { error: ['corrupt', 'Pixel Data holds 48 bytes, 2 times the 24 that the file’s size, bits and frames need.'] }],
  stored_12_allocated_8: ['fo-dicom#1992', { notes: ['Bits Stored is 12, Bits Allocated 8: read as 16 bits a value, as long as the picture is.'] }],
  stored_12_allocated_8_short: ['the same, of 8 bits', { error: ['corrupt',
    'Bits Stored is 12, Bits Allocated 8, and its 24 bytes of Pixel Data are not those of 24 values of 16 bits.'] }],
  fragments_of_stated_length: ['cornerstonejs/dicomParser#59', { notes: ['The compressed picture lies in Pixel Data of stated length.'] }],
  stream_of_stated_length: ['the same, without fragments', { notes: ['The compressed picture lies in Pixel Data as it is, not in fragments.'] }],
  stream_called_plain: ['the same, called uncompressed', { notes: ['The compressed picture lies in Pixel Data as it is, not in fragments.'] }],
  plain_called_jpeg: ['a decompressor that left the transfer syntax', { notes: ['The file states a compressed picture; it is stored as plain values.'] }],
  noise_called_jpeg: ['neither', { error: ['truncated', 'The picture is cut short: Pixel Data holds 20 of 48 bytes.'] }],
  run_length_of_stated_length: ['run-length coding without fragments', { notes: ['The compressed picture lies in Pixel Data as it is, not in fragments.'] }],
  fragment_beyond_the_end: ['a transfer that broke off', { error: ['truncated', /^The file ends within its compressed picture: \d+ of 677 bytes of a fragment are there\.$/] }],
  no_delimiter: ['pydicom: no sequence delimiter', {}],
  icon_too_short: ['pydicom#2324', { notes: [kSequence] }],
  icon_too_long: ['the same, the other way', { notes: [kSequence] }],
  bits_across_frames: ['pydicom: liver_nonbyte_aligned', { notes: ['Frame 1 of 3.'] }],
  implicit_called_explicit: ['pydicom#1943', { notes: [`${kSyntax} ${implicit}.`] }],
  explicit_called_implicit: ['pydicom#1943', { notes: [`${kSyntax} ${explicit}.`] }],
  big_endian_called_little: ['the same of byte orders', { notes: [`${kSyntax} explicit value representations, big endian.`] }],
  little_endian_called_big: ['the same of byte orders', { notes: [`${kSyntax} ${explicit}.`] }],
  called_deflated: ['the same of deflation', { notes: ['The file states a compressed data set; it is not compressed.'] }],
  no_syntax: ['pydicom#341', { notes: [`${kNoSyntax} ${explicit}.`] }],
  no_syntax_implicit: ['pydicom#341', { notes: [`${kNoSyntax} ${implicit}.`] }],
  no_header: ['a preamble before a bare data set', { notes: [`${kNoSyntax} ${implicit}.`] }],
  wrong_header_length: ['a group length that lies', {}],
  no_photometric: ['fo-dicom#340', { notes: ['The file does not say what its values mean (no Photometric Interpretation): read as MONOCHROME2.'] }],
  maker_explicit: ['Philips: a private syntax that is explicit little endian', { notes: [`${kMaker} ${explicit}.`] }],
  maker_big_endian_pixels: ['GE: little-endian data, big-endian pixels', {
    notes: [`A transfer syntax of one maker: read as ${implicit}, the pixels as big endian.`] }],
  maker_jpeg2000: ['Agfa: a private syntax with an ordinary code stream', { notes: [`${kMaker} ${explicit}.`] }],
  late_representations: ['cornerstonejs/dicomParser#284', {}],
  representations_of_every_year: ['representations to come, and none', {}],
  unknown_sequence: ['PS3.5 6.2.2: an open sequence of unknown representation', {}],
  bare_from_group_0010: ['anonymised files without group 0008', { notes: [`${kNoHeader} ${implicit}.`] }],
  bare_from_group_0018: ['the same', { notes: [`${kNoHeader} ${explicit}.`] }],
  bare_big_endian: ['pydicom: ExplVR_BigEndNoMeta', { notes: [`${kNoHeader} explicit value representations, big endian.`] }],
  extended_offsets: ['cornerstonejs/dicomParser#284', { notes: ['Frame 1 of 2.'] }],
  high_bit_15: ['vtk-dicom#134, pydicom#2066', { notes: [`${kHigh} 15, Bits Stored 12).`] }],
  high_bit_13_overlay_below: ['PS3.5 8.1.1', { notes: [`${kHigh} 13, Bits Stored 12).`] }],
  high_bit_15_signed: ['PS3.5 8.1.1', { notes: [`${kHigh} 15, Bits Stored 12).`] }],
  high_bit_beyond: ['a High Bit that cannot be', {}],
  padding_beyond_bits: ['vtk-dicom#128', { image: { padding: { low: 0xf830, high: 0xf830 } } }],
  windows_out_of_step: ['a centre that is no number', { image: { windows: [{ centre: 1000, width: 4096, name: 'B' }] } }],
  functional_groups: ['enhanced multi-frame files', { image: { windows: [{ centre: 1000, width: 800, name: '' }],
    rescale: { slope: 2, intercept: -1024, type: '' } }, facts: { spacing: { row: 0.2, column: 0.1, kind: 'patient' }, aspect: 2 } }],
  functional_groups_of_frames: ['the same, by frame', { notes: ['Frame 1 of 2.'], image: { windows: [{ centre: 10, width: 20, name: '' }] } }],
  view_code: ['MIT-LCP/mimic-cxr#15', { facts: { view: 'lateral', orientation: 'P\\F' } }],
  view_code_by_meaning: ['a code of a hospital', { facts: { view: 'lateral' } }],
  view_code_frontal: ['PS3.16 CID 4010', { facts: { view: 'frontal' } }],
  aspect: ['dwv#952, fo-dicom#766', { facts: { aspect: 2 } }],
  spacing_unequal: ['the same, by its spacing', { facts: { aspect: 0.3 / 0.1 } }],
  shutter: ['PS3.3 C.7.6.11', { image: { shutter: { rectangle: { left: 1, right: 6, top: 0, bottom: 4 },
    circle: { row: 2, column: 3, radius: 2 }, polygon: [1, 1, 6, 1, 6, 4] } } }],
  overlays: ['PS3.3 C.9.2', { notes: [`The file holds 2 drawings ${kDrawing} them.`], drawing: [0x5a, 0x5a, 0x5a] }],
  overlay_over_a_corner: ['the same, partly beside the picture', { notes: [`The file holds a drawing ${kDrawing} it.`], drawing: [0x30, 0, 0] }],
  overlay_in_the_words: ['PS3.3 of 2004: bit 12 of each word', { notes: [`The file holds a drawing ${kDrawing} it.`], drawing: [0x21, 0x84, 0x10] }],
  overlay_of_two_frames: ['the first of two', { notes: [`The file holds a drawing ${kDrawing} it.`], drawing: [1, 0, 0] }],
  overlay_too_short: ['16 of 24 bits', { notes: ['The file holds a drawing over the picture (overlay planes) that cannot be read.'], drawing: null }],
  lut_of_0_entries: ['cornerstoneWADOImageLoader#36', { lut: [16, 256] }],
  lut_of_bytes: ['entries in bytes', { lut: [16, 16] }],
  lossless_high_bit_15: ['PS3.5 8.1.1, compressed', { notes: [`${kHigh} 15, Bits Stored 12).`] }],
  lossless_high_bit_13: ['the same, 14 bits', { notes: [`${kHigh} 13, Bits Stored 12).`] }],
  lossless_high_bit_15_signed: ['the same, with a sign', { notes: [`${kHigh} 15, Bits Stored 12).`] }],
  lossless_high_bit_not_in_the_stream: ['a High Bit that the stream has no room for', { notes: [
    'The file says that the values lie in higher bits (High Bit 15); its compressed picture has 12: they are read as they are.'] }],
  lossless_of_16_bits: ['a stream of 16 bits with values of 12', {}],
  lossless_beyond_stored: ['Bits Stored is less than the values need', { notes: [kMoreBits] }],
  lossless_sign_extended: ['a sign over 16 bits', { notes: [kMoreBits] }],
  lossless_sign_of_12_bits: ['a sign in bit 11', {}],
  lossless_overlay_in_the_words: ['a drawing in bit 12, compressed', { notes: [kNoDrawing] }],
  lossless_two_pictures: ['Number of Frames that was lost', { notes: ['The file states one frame and holds 2 compressed pictures: the first is shown.'] }],
  plain_beyond_stored: ['Bits Stored is less than the values need', { notes: [
    'Some values have bits above those that count (Bits Stored 12): these bits are left out.'] }],
  jpeg2000_with_a_sign: ['pydicom: J2K sign and Pixel Representation', { image: { signed: true }, notes: [
    'The values of the compressed picture have a sign; the file says that they have none: the picture is taken.', kMoreBits] }],
  jpeg2000_with_a_sign_fills_its_words: ['pydicom: TOSHIBA_J2K_SIZ1_PixRep0', { image: { signed: false }, notes: [
    'The values of the compressed picture have a sign; the file says that they have none: the file is followed.'] }],
  jpeg2000_other_wavelet: ['T.800 A.6.4', { error: ['corrupt', 'The wavelet and the quantisation of the JPEG 2000 picture contradict each other.'] }],
  jpeg2000_overwritten_by_ones: ['T.800 B.10.1', { error: ['corrupt', 'The coded values of the JPEG 2000 picture are damaged.'] }],
  run_length_called_jpeg2000: ['a transcoder that left the transfer syntax', { notes: [
    'By its bytes the compressed picture was read as run-length coded; the file says otherwise.'] }],
  big_endian_odd_frames: ['PS3.5 A.3: words that two frames share', { notes: ['Frame 1 of 2.'] }],
  unsigned_32_bits: ['values of 32 bits', {}],
  unsigned_32_bits_beyond: ['the same, the highest bit used', { error: ['unsupported-format', 'The picture has values beyond 2147483647.'] }],
  lut_from_below_zero: ['PS3.3 C.11.2.1.1', { lutFirst: -1024 }],
  lut_behind_a_modality_lut: ['the same: what comes in has no sign', { lutFirst: 32768 }],
  shutter_drawn: ['PS3.3 C.7.6.15', { notes: [
    'The file hides parts of the picture by a drawing (bitmap shutter); they are shown, and seen by the network.'] }],
  photometric_behind_the_picture: ['tags that do not ascend', { facts: { photometric: 'MONOCHROME1' } }],
  view_behind_the_picture: ['tags that do not ascend', { facts: { view_position: 'LATERAL' } }],
  noise_behind_the_picture: ['what is behind are no elements', { facts: { view_position: '' } }],
  size_behind_the_picture: ['tags that do not ascend', {}],
  deflated_with_a_zlib_header: ['RFC 1950 in place of RFC 1951', {}],
  rows_of_32_bits: ['Rows as UL, big endian', {}],
  rows_of_unknown_representation: ['PS3.5 6.2.2: UN is little endian', {}],
  photometric_with_a_space: ['a code with a space', { facts: { photometric: 'MONOCHROME1' } }],
  jpeg_xl: ['PS3.5 A.4.13', { error: ['unsupported-format', 'The picture is stored as JPEG XL, which is not read.'] }],
  video: ['PS3.5 A.4.7', { error: ['unsupported-format', 'The picture is stored as a video (MPEG-2 or H.264), which is not read.'] }],
  jpip: ['PS3.5 A.6', { error: ['unsupported-format', 'The picture lies at an address in the network, not in the file.'] }],
  preset_names: ['innolitics/dicom-standard#84', { image: { windows: [{ centre: 2048, width: 4096, name: 'Größe' }, { centre: 1000, width: 500, name: '胸部' }] } }],
  name_utf_8: ['PS3.5 J.1', { name: 'Wang, XiaoDong (王 小東)' }],
  name_latin_1: ['pydicom: chrFren', { name: 'Buc, Jérôme' }],
  name_undeclared_utf_8: ['writers that name no set', { name: 'Müller, Jürgen' }],
  name_undeclared_latin_1: ['writers that name no set', { name: 'Müller, Jürgen' }],
  name_cyrillic: ['pydicom: chrRuss', { name: 'Люкceмбypг' }],
  name_greek: ['pydicom: chrGreek', { name: 'Διονυσιος' }],
  name_thai: ['ISO_IR 166', { name: 'นามสกุล' }],
  name_turkish: ['ISO_IR 148', { name: 'Çavuşoğlu' }],
  name_gb18030: ['PS3.5 J.3', { name: 'Wang, XiaoDong (王 小东)' }],
  name_gbk_with_delimiters_within: ['a trail byte 5Eh is no delimiter', { name: '慯, 峔' }],
  name_japanese: ['PS3.5 H.3.2', { name: 'ﾔﾏﾀﾞ, ﾀﾛｳ (山田 太郎)' }],
  name_japanese_second: ['PS3.5 H.3.1', { name: 'Yamada, Tarou (山田 太郎)' }],
  name_japanese_supplement: ['JIS X 0212', { name: 'A (丂)' }],
  name_korean: ['PS3.5 I.2', { name: 'Hong, Gildong (洪 吉洞)' }],
  name_chinese_2022: ['PS3.5 K.2', { name: 'Zhang, XiaoDong (张 小东)' }],
  name_two_alphabets: ['PS3.5 6.1.2.4', { name: 'Müller, Иван' }],
};

describe('DICOM files with faults', { skip: notInstalled }, () => {
  const staged = notInstalled ? null : stageLibraries();

  test('every file has its row and every row its file', () => {
    assert.deepEqual(Object.keys(kRows).sort(), Object.keys(kPixels).sort());
  });

  for (const [file, [origin, right]] of Object.entries(kRows)) {
    test(`${file} (${origin}) ${right.error ? 'is refused' : 'is read'}`, async () => {
      const bytes = new Uint8Array(readFileSync(`${kFolder}${file}.dcm`));
      assert.ok(looksLikeDicom(bytes));
      if (right.error) {
        assert.equal(kPixels[file], null);
        const [code, message] = right.error;
        await assert.rejects(readDicom(bytes, staged.libraries), (error) => {
          assert.ok(error instanceof EngineError, error.stack);
          assert.equal(error.code, code);
          if (message instanceof RegExp) assert.match(error.message, message);
          else assert.equal(error.message, message);
          return true;
        });
        return;
      }
      const { image, values, drawing } = await readDicom(bytes, staged.libraries);
      assert.equal(sha256(values), kPixels[file].sha256);
      assert.deepEqual(drawing && [...drawing], right.drawing ?? null);
      assert.deepEqual(image.notes, right.notes ?? []);
      for (const [key, value] of Object.entries(right.image ?? {})) assert.deepEqual(image[key], value);
      for (const [key, value] of Object.entries(right.facts ?? {})) assert.deepEqual(image.facts[key], value);
      if (right.lutFirst !== undefined) assert.equal(image.voi_luts[0].first, right.lutFirst);
      if (right.lut) assert.deepEqual([image.voi_luts[0].values.length, image.voi_luts[0].values[1]], right.lut);
      if (right.name) assert.equal((await readIdentifiers(bytes, staged.libraries)).find(({ label }) => label === 'Patient').value, right.name);
    });
  }

  test('a frame of big-endian words that begins within a word is its own', async () => {
    const bytes = new Uint8Array(readFileSync(`${kFolder}big_endian_odd_frames.dcm`));
    const { values } = await readDicom(bytes, staged.libraries, { frame: 2 });
    assert.deepEqual([...values], Array.from({ length: 9 }, (_, index) => (37 * (index + 9)) % 256));
  });

  test('values keep the width they are stored in', async () => {
    const typeOf = async (file) => (await readDicom(new Uint8Array(readFileSync(`${kFolder}${file}.dcm`)), staged.libraries)).image.type;
    assert.deepEqual(await Promise.all(['high_bit_15', 'high_bit_15_signed', 'bits_across_frames', 'no_delimiter'].map(typeOf)),
      ['uint16', 'int16', 'uint8', 'uint8']);
  });
});
