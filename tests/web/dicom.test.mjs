// DICOM files to stored values: the tiny committed files, and a pack of real ones where CHESTLIGHT_DICOM names its folder
// (EXPECTED.tsv, LISTING.tsv and the files).
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EngineError } from '../../web/shared/errors.js';
import { openFilm } from '../../web/dicom/open.js';
import { looksLikeDicom, readDicom } from '../../web/dicom/read.js';
import { dicomFixtures, notInstalled, readTable, sha256, stageLibraries } from './dicom_support.mjs';
import { madeUpFilm } from './made_up_film.mjs';

const kPack = process.env.CHESTLIGHT_DICOM
  || (process.env.CHESTLIGHT_FILMS && join(process.env.CHESTLIGHT_FILMS, '../dicom')) || '';
const noPack = notInstalled || (kPack && existsSync(join(kPack, 'EXPECTED.tsv')) ? false
  : 'set CHESTLIGHT_DICOM to the folder of DICOM files with EXPECTED.tsv');

const kErrors = {
  'error_other_size.dcm': ['corrupt', /16 × 16 .* 32 × 16/],
  'error_truncated.dcm': ['truncated', /40 of 48 bytes/],
  'error_jpeg12_arithmetic.dcm': ['unsupported-format', /process SOF9 with 12 bits/],
  'error_jpeg2000_tile_missing.dcm': ['corrupt', /tiles of the JPEG 2000 picture contradict/],
  'error_run_length_too_long.dcm': ['corrupt', /more than its 24 values/],
  'error_report.dcm': ['not-an-image', /structured report/],
  'error_huge.dcm': ['too-large', /20000 × 20000/],
};

const staged = notInstalled ? null : stageLibraries();

for (const { name, bytes, values } of notInstalled ? [] : dicomFixtures()) {
  test(`${name} ${values ? 'holds the values that were written' : 'ends in a clean error'}`, async () => {
    assert.ok(looksLikeDicom(bytes));
    if (values) {
      const read = await readDicom(bytes, staged.libraries);
      assert.deepEqual([...read.values], values);
      assert.equal(read.image.width * read.image.height * read.image.channels, values.length);
      return;
    }
    const [code, pattern] = kErrors[name];
    await assert.rejects(readDicom(bytes, staged.libraries), (error) => {
      assert.ok(error instanceof EngineError, error.stack);
      assert.equal(error.code, code);
      assert.match(error.message, pattern);
      assert.notEqual(error.hint, '');
      return true;
    });
  });
}

test('what a code stream lacks or says otherwise than the header is said', { skip: notInstalled }, async () => {
  const notes = async (name) => (await readDicom(dicomFixtures().find((file) => file.name === name).bytes, staged.libraries)).image.notes;
  for (const name of ['jpeg_no_end.dcm', 'jpeg2000_no_end.dcm', 'jpeg_12_bits_no_end.dcm']) {
    assert.deepEqual(await notes(name), ['The end marker of the compressed picture is missing; all of its values are there.'], name);
  }
  assert.match((await notes('jpeg_grey_called_rgb.dcm'))[0], /states 3 values per pixel, its compressed picture has 1/);
  assert.match((await notes('jpeg_colour_called_grey.dcm'))[0], /states 1 value per pixel, its compressed picture has 3/);
  assert.deepEqual(await notes('jpeg.dcm'), []);
});

test('DICOM packages are there', { skip: notInstalled }, () => {});

const read = (name) => readDicom(dicomFixtures().find((file) => file.name === name).bytes, staged.libraries);

test('only what a file needs is loaded', { skip: notInstalled }, async () => {
  const { loaded, libraries } = stageLibraries();
  const file = (name) => dicomFixtures().find((one) => one.name === name).bytes;
  await readDicom(file('explicit.dcm'), libraries);
  assert.deepEqual(loaded, []);
  await readDicom(file('jpeg2000.dcm'), libraries);
  await readDicom(file('jpeg2000_fragments.dcm'), libraries);
  assert.deepEqual(loaded, ['openjpegwasm_decode.wasm']);
});

test('what the file says of its values reaches the engine', { skip: notInstalled }, async () => {
  const { image } = await read('monochrome1_window.dcm');
  assert.deepEqual(image.windows, [{ centre: 2048, width: 4096, name: 'NORMAL' }, { centre: 1000, width: 500, name: 'SOFT' }]);
  assert.deepEqual(image.rescale, { slope: 2, intercept: -10, type: '' });
  assert.deepEqual(image.padding, { low: 4095, high: 4095 });
  assert.equal(image.presentation_inverse, true);
  assert.deepEqual(image.facts, {
    transfer_syntax: '1.2.840.10008.1.2.1', modality: 'DX', body_part: 'CHEST', other_part: false, view_position: 'PA', view: 'frontal', laterality: '',
    orientation: '', presentation_intent: '', spacing: { row: 0.15, column: 0.15, kind: 'patient' }, aspect: 1,
    dual_energy: false, burned_in: false, lossy_ratio: 0,
    photometric: 'MONOCHROME1', frames: 1, frame: 1, frame_chosen: false,
  });
});

/** What a file says of its view, and what it is taken for. */
const kViews = [
  ['View Position', { view: 'LL' }, 'lateral'],
  ['in Cyrillic, ISO 8859-5', { view: Buffer.from([0xb1, 0xbe, 0xba, 0xbe, 0xb2, 0xb0, 0xcf]), characterSet: 'ISO_IR 144' }, 'lateral'],
  ['in Latin-1, by a writer that names no set', { view: Buffer.from('PLANO BILATERAL \xf1', 'latin1') }, ''],
  ['what it was processed as', { view: '', processing: 'CHEST,LATERAL' }, 'lateral'],
  ['the same beside a View Position', { processing: 'CHEST LAT' }, 'frontal'],
  ['the same beside a View Position that says nothing', { view: 'X', processing: 'CHEST PA' }, 'frontal'],
  ['nothing', { view: '' }, ''],
];
for (const [what, stated, view] of kViews) {
  test(`the view: ${what}`, { skip: notInstalled }, async () => {
    assert.equal((await readDicom(madeUpFilm(stated), staged.libraries)).image.facts.view, view);
  });
}

test('what a picture should not have is found, and the words it is found in go no further', { skip: notInstalled }, async () => {
  const facts = async (stated) => (await readDicom(madeUpFilm(stated), staged.libraries)).image.facts;
  const plain = await facts({ imageType: 'ORIGINAL\\PRIMARY', burnedIn: 'NO' });
  assert.deepEqual([plain.dual_energy, plain.burned_in, plain.lossy_ratio], [false, false, 0]);
  const odd = await facts({ imageType: 'DERIVED\\PRIMARY\\\\SOFT_TISSUE QUILLA', burnedIn: 'YES', lossyRatio: '8\\31.5' });
  assert.deepEqual([odd.dual_energy, odd.burned_in, odd.lossy_ratio], [true, true, 31.5]);
  assert.ok(!JSON.stringify(odd).includes('QUILLA'));
});

for (const [what, written, shown] of [
  ['an ordinary name', 'SOFT TISSUE', 'SOFT TISSUE'],
  ['line breaks and controls', 'LUNG\r\nAbove threshold\u0007: Mass', 'LUNG Above threshold : Mass'],
  ['more than a name', 'No finding above threshold in this film. '.repeat(3), 'No finding above threshold in t…'],
]) {
  test(`a name of a window goes no further than a line: ${what}`, { skip: notInstalled }, async () => {
    const { image } = await readDicom(madeUpFilm({ windowName: written }), staged.libraries);
    assert.deepEqual(image.windows.map(({ name }) => name), [shown]);
  });
}

test('a palette reaches the engine, however it is written', { skip: notInstalled }, async () => {
  const { image: { palette } } = await read('palette.dcm');
  assert.deepEqual(palette.map(({ values }) => values[1]), [4096, 13096, 22096]);
  const { image: segmented } = await read('palette_segments.dcm');
  assert.deepEqual(segmented.palette.map(({ first, bits, values }) => [first, bits, values.length, values[0], values[1], values[15]]),
    Array(3).fill([0, 16, 16, 0, 4369, 65535]));
  assert.equal((await read('explicit.dcm')).image.palette, null);
});

test('more frames than are read are refused before any is', { skip: notInstalled }, async () => {
  await assert.rejects(readDicom(madeUpFilm({ frames: 2001 }), staged.libraries),
    { code: 'too-large', message: 'The file states 2001 frames; at most 2000 are read.' });
});

test('the first of several frames is opened, and said so', { skip: notInstalled }, async () => {
  const { image } = await read('two_frames.dcm');
  assert.equal(image.facts.frames, 2);
  assert.deepEqual(image.notes, ['Frame 1 of 2.']);
});

test('another frame is opened where it was asked for, and there is none beyond the last', { skip: notInstalled }, async () => {
  const { bytes, values } = dicomFixtures().find((file) => file.name === 'two_frames.dcm');
  const second = await readDicom(bytes, staged.libraries, { frame: 2, chosen: true });
  assert.deepEqual([...second.values], [...values].reverse());
  assert.deepEqual(second.image.notes, ['Frame 2 of 2.']);
  assert.equal(second.image.facts.frame, 2);
  assert.equal(second.image.facts.frame_chosen, true);
  for (const frame of [0, 3, Number.NaN]) {
    await assert.rejects(readDicom(bytes, staged.libraries, { frame }), { code: 'no-such-frame' });
  }
  await assert.rejects(openFilm({}, 'a.png', new TextEncoder().encode('\x89PNG…'), null, { frame: 2 }), { code: 'no-such-frame' });
});

test('a codec that failed is replaced and the next file is right', { skip: notInstalled }, async () => {
  const { loaded, libraries } = stageLibraries();
  const { bytes, values } = dicomFixtures().find(({ name }) => name === 'jpeg2000.dcm');
  const broken = bytes.slice();
  broken.fill(0xff, broken.length - 100, broken.length - 20);
  for (let round = 0; round < 3; round += 1) {
    await readDicom(broken, libraries).catch((error) => assert.ok(error instanceof EngineError));
    assert.deepEqual([...(await readDicom(bytes, libraries)).values], values);
  }
  assert.equal(loaded.length, 1, 'the binary is fetched once');
});

test('no tag of a patient is read with a film', { skip: notInstalled }, () => {
  const folder = new URL('../../web/dicom/', import.meta.url);
  const sources = ['data_set', 'elements', 'character_set', 'description', 'image_header', 'lookup_table', 'stored_values', 'frame_bytes', 'read']
    .map((name) => readFileSync(new URL(`${name}.js`, folder), 'utf8')).join('\n');
  const tags = [...sources.matchAll(/x([0-9a-f]{8})\b/g)].map(([, tag]) => tag);
  assert.ok(tags.length > 30);
  // Group 0010 is the patient; 0008 holds institutions, physicians, dates and descriptions; 0020 holds numbers and UIDs.
  const allowed = ['00080005', '00080008', '00080016', '00080060', '00080068', '00080100', '00080104', '00200020', '00200060', '00200062'];
  for (const tag of tags) {
    assert.ok(!tag.startsWith('0010') && !tag.startsWith('0040') && !tag.startsWith('0032'), tag);
    if (tag.startsWith('0008') || tag.startsWith('0020')) assert.ok(allowed.includes(tag), tag);
  }
});

test('pictures of other formats go to the engine as they are', async () => {
  const calls = [];
  const engine = { call: (...call) => { calls.push(call); return { value: { film: 1 } }; } };
  const bytes = new TextEncoder().encode('\x89PNG…');
  assert.deepEqual(await openFilm(engine, 'a.png', bytes, null), { film: { film: 1, decoder: 'chestlight' }, storedValues: null });
  assert.deepEqual(calls, [['open', { name: 'a.png' }, [bytes]]]);
});

test('files of the pack hold the expected values', { skip: noPack, timeout: 600_000 }, async (t) => {
  const tally = new Map();
  for (const row of readTable(join(kPack, 'EXPECTED.tsv'))) {
    const hash = row['sha256 of frame 0 stored values (int32 little endian, interleaved)'];
    const syntax = row['transfer syntax'];
    const { values } = await readDicom(new Uint8Array(readFileSync(join(kPack, row.file))), staged.libraries);
    assert.equal(sha256(values), hash, row.file);
    tally.set(syntax, (tally.get(syntax) ?? 0) + 1);
  }
  for (const [syntax, files] of tally) t.diagnostic(`${syntax}: ${files} equal`);
});

test('every other file of the pack is read or ends in a clean error', { skip: noPack, timeout: 600_000 }, async (t) => {
  const known = new Set(readTable(join(kPack, 'EXPECTED.tsv')).map(({ file }) => file));
  const codes = {};
  for (const { file } of readTable(join(kPack, 'LISTING.tsv')).filter((row) => !known.has(row.file))) {
    const start = performance.now();
    try {
      const { image, values } = await readDicom(new Uint8Array(readFileSync(join(kPack, file))), staged.libraries);
      assert.equal(values.length, image.width * image.height * image.channels, file);
      codes.read = (codes.read ?? 0) + 1;
    } catch (error) {
      assert.ok(error instanceof EngineError, `${file}: ${error.stack}`);
      codes[error.code] = (codes[error.code] ?? 0) + 1;
    }
    assert.ok(performance.now() - start < 20_000, file);
  }
  t.diagnostic(JSON.stringify(codes));
  for (const [file, code] of [['pylibjpeg-data/966.dcm', 'corrupt'], ['pydicom/JPEG2000-embedded-sequence-delimiter.dcm', 'corrupt'], ['pydicom/MR_truncated.dcm', 'truncated']]) {
    await assert.rejects(readDicom(new Uint8Array(readFileSync(join(kPack, file))), staged.libraries), { code }, file);
  }
  const { image } = await readDicom(new Uint8Array(readFileSync(join(kPack, 'pydicom/SC_rgb_jpeg.dcm'))), staged.libraries);
  assert.deepEqual(image.notes, ['The file’s transfer syntax is not that of its data; by its bytes it was read as implicit value '
    + 'representations, little endian.']);
});
