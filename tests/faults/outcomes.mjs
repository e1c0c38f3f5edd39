// What must become of each file of the fault table: one row per file, by its name in faults.tsv. A row is a function that
// asserts; it gets what the command line said of the file.
//
// The files were made after public reports of faults in other programs; the table names the reports.
import assert from 'node:assert/strict';
import { kLeastScore } from '../bench/stored_ways/ways.mjs';

/** Largest change of a film's scores, in the median over the findings, when the same film is stored in another way. */
const kSameScores = 0.15;

/**
 * @typedef {object} Told
 * @property {object[]} inspected records of cxr inspect for the file, one per film in it
 * @property {object[]} predicted records of cxr predict, in the same order
 * @property {() => Promise<{label: string, value: string}[]>} identifiers what the file states of the patient
 * @property {string} sha256 of the right stored values; '' where the table knows none
 * @property {object} film record of cxr predict for the same film as an ordinary file
 */

/** The film is opened with the right values. @param {RegExp[]} notes each must be among its notes */
const asFilm = (...notes) => ({ inspected: [record], sha256 }) => {
  assert.ok(record.ok, record.error?.message);
  if (sha256) assert.equal(record.pixels_sha256, sha256);
  for (const note of notes) assert.ok(record.film.notes.some((text) => note.test(text)), `${note}: ${record.film.notes.join(' ')}`);
};

/** It is not opened, for this reason. */
const refused = (reason) => ({ inspected: [record] }) => {
  assert.ok(!record.ok, 'it was opened');
  assert.match(record.error.message, reason);
  assert.notEqual(record.error.hint, '');
};

const either = (...outcomes) => async (told) => {
  const errors = [];
  for (const outcome of outcomes) {
    try {
      return await outcome(told);
    } catch (error) {
      errors.push(error.message);
    }
  }
  throw new assert.AssertionError({ message: errors.join('; or: ') });
};

const both = (...outcomes) => async (told) => {
  for (const outcome of outcomes) await outcome(told);
};

/** The model sees what it sees of the ordinary file. */
function sameScores({ predicted: [record], film }) {
  assert.equal(record.error, null, record.error?.message);
  const changes = film.findings
    .map(({ id, probability }) => [record.findings.find((finding) => finding.id === id).probability, probability])
    .filter((pair) => Math.max(...pair) >= kLeastScore).map(([found, own]) => Math.abs(found / own - 1));
  assert.ok(changes.length > 0, 'no score is high enough to be compared');
  const median = changes.sort((a, b) => a - b)[changes.length >> 1];
  assert.ok(median <= kSameScores, `scores change by ${(100 * median).toFixed(0)} % in the median`);
}

const warns = (...warnings) => ({ predicted: [record] }) => {
  const said = [...record.warnings, ...record.refusals];
  assert.ok(warnings.some((warning) => said.includes(warning)), `none of ${warnings} in ${said}`);
};

const doesNotWarn = (warning) => ({ predicted: [record] }) => {
  assert.ok(![...record.warnings, ...record.refusals].includes(warning), warning);
};

/** Nothing is scored, and the first reason given matches. */
const notScored = (reason) => ({ predicted: [record] }) => {
  assert.ok(record.error, 'it was scored');
  assert.match(record.error.message, reason);
};

/** A window of the file is offered. */
const offers = (centre, width) => ({ inspected: [{ film }] }) => {
  const found = film.presets.map(({ window }) => `${window.centre}/${window.width}`);
  assert.ok(film.presets.some(({ window }) => Math.abs(window.centre - centre) <= 1 && Math.abs(window.width - width) <= 1), found.join(' '));
};

const presetNamed = (name) => ({ inspected: [{ film }] }) => {
  assert.ok(film.presets.some((preset) => preset.name === name), film.presets.map((preset) => preset.name).join(' '));
};

/** Asked for on purpose, the patient's name is right. */
const about = (name) => async ({ identifiers }) => {
  const stated = await identifiers();
  assert.match(stated.find(({ label }) => label === 'Patient')?.value ?? '', name);
};

/** The names of an archive's films, without the path of the archive. */
const films = (...names) => ({ inspected }) => {
  assert.deepEqual(inspected.map(({ file }) => file.replace(/^.*\.zip\//, '')).sort(), [...names].sort());
  for (const { ok, error } of inspected) assert.ok(ok, error?.message);
};

/** Turned; decoders of JPEG differ by a grey value, so that the hash of another one does not say. */
const upright = ({ inspected: [{ film }] }) => assert.ok(film.notes.some((note) => /EXIF/.test(note)), film.notes.join(' '));

/** @type {Object<string, (told: Told) => void|Promise<void>>} */
export const kOutcomes = {
  '00-baseline.dcm': asFilm(),
  '01-ov_extended_offset_table.dcm': asFilm(),
  '03-meta_says_implicit_is_explicit.dcm': asFilm(),
  '05-no_transfer_syntax.dcm': asFilm(),
  '13-highbit_15.dcm': both(asFilm(), sameScores),
  '16-no_photometric.dcm': asFilm(),
  '20-short_pixeldata_then_padding.dcm': refused(/\d+ of \d+ bytes/),
  '22-pixeldata_twice_as_long.dcm': either(asFilm(), refused(/bytes|bits/)),
  '30-voi_lut_bits16_data12.dcm': both(asFilm(), sameScores),
  '31-voi_lut_count_0_means_65536_short.dcm': both(asFilm(), sameScores),
  '39-window_1_1.dcm': both(asFilm(), sameScores),
  '41-window_32768_65536_on_12bit.dcm': both(asFilm(), sameScores),
  '44-window_count_mismatch.dcm': both(asFilm(), offers(1000, 4096)),
  '47-padding_beyond_stored.dcm': asFilm(/Padding/),
  '48-pixel_aspect_2_1.dcm': both(asFilm(/square/), ({ inspected: [{ film }] }) => assert.equal(film.width, film.height)),
  '50-enhanced_window_in_functional_groups.dcm': both(asFilm(), ({ inspected: [{ film }] }) => assert.ok(film.presets.length)),
  '51-lateral_by_viewcode_and_orientation.dcm': notScored(/lateral/i),
  '54-body_torax.dcm': both(asFilm(), doesNotWarn('other-body-part')),
  '55-mirrored_by_orientation.dcm': either(warns('mirrored'), ({ inspected: [{ film }] }) => (
    assert.ok(film.notes.some((note) => /mirror/i.test(note))))),
  '60-voi_lut_falling_makes_it_bright.dcm': sameScores,
  '71-ljpeg_point_transform_2.dcm': asFilm(),
  '82-jpeg_grey_says_rgb.dcm': asFilm(/picture has 1/),
  '84-j2k_no_eoc.dcm': asFilm(/end/),
  '92-encapsulated_defined_length.dcm': asFilm(),
  '97-icon_undercounted_length.dcm': asFilm(),
  'a0-png_baseline.png': asFilm(),
  'a3-png16_one_hot_pixel.png': sameScores,
  'a4-png_bad_text_crc.png': asFilm(/tEXt/),
  'a7-png_no_iend.png': asFilm(/end of the PNG/),
  'a9-png_rgba_alpha_0.png': both(asFilm(/transparent/), sameScores),
  'b5-jpg_exif6_long.jpg': upright,
  'c2-two_films_in_one.png': either(warns('odd-shape', 'two-films', 'not-one-chest'), notScored(/two films|shape|beside/i)),
  'c5270-rotated_270.png': either(warns('rotated'), notScored(/turned|rotated/i)),
  'c6-inverted.png': either(warns('inverted'), notScored(/negative|inverted/i)),
  'd0-cp437.zip': films('Müller.png'),
  'd0-sfx.zip': films('IMG1.dcm', 'IMG2.dcm'),
  'd0-sjis.zip': films('患者/能表.dcm', '胸部正面.png'),
  'e0-charset_utf8.dcm': both(asFilm(), about(/Müller.*Jürgen/)),
  'e4-charset_gb18030_only_ideographic.dcm': both(asFilm(), about(/吴三生/)),
  'e6-charset_sjis.dcm': both(asFilm(), about(/ﾔﾏﾀﾞ.*ﾀﾛｳ/)),
  'e8-preset_name_utf8.dcm': both(asFilm(), presetNamed('Größe 胸部')),
  'f4-bare_begins_group_0010.dcm': asFilm(),
  'fd-no_window_hot_pixel.dcm': both(asFilm(), sameScores),
  'g1-no_window_marker_div3.dcm': both(asFilm(), sameScores),
  'h0-raw_jpeg_defined_length_padded.dcm': either(asFilm(), refused(/compressed/)),
};

/** Files whose outcome is still wrong. A file that comes right must leave this list: its test says so. */
export const kStillWrong = new Set();
