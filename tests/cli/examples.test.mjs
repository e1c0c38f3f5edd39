// The example films: what their list says is true, and the geometric phantom is decoded to the value.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { cxr, kExamples, notBuilt, readJson } from './support.mjs';

const kLargestExample = 150 * 1024; // bytes; the gallery must not make a first visit wait
const index = readJson(join(kExamples, 'index.json'));

test('the list names every film of the folder, each synthetic, small, and with its hash', () => {
  assert.deepEqual(index.map(({ file }) => file).sort(), readdirSync(kExamples).filter((file) => file !== 'index.json').sort());
  for (const { file, name, description, synthetic, sha256 } of index) {
    const bytes = readFileSync(join(kExamples, file));
    assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256, file);
    assert.ok(bytes.length <= kLargestExample, file);
    assert.equal(synthetic, true);
    assert.ok(name && description);
  }
});

test('the default model calls what each film is said to show, and nothing where nothing is shown', { skip: notBuilt }, () => {
  const chests = index.filter(({ file }) => file.endsWith('.jpg'));
  const { status, out, err } = cxr('predict', '--json', ...chests.map(({ file }) => join(kExamples, file)));
  assert.equal(status, 0, err);
  for (const [number, { error, findings }] of JSON.parse(out).entries()) {
    const { file, name, shows } = chests[number];
    assert.equal(error, null, `${file} is analysed`);
    const called = findings.filter(({ calibrated, threshold }) => calibrated >= threshold).map(({ id }) => id);
    for (const id of shows) assert.ok(called.includes(id), `${file} (${name}): ${id} is not among ${called}`);
    if (shows.length === 0) assert.deepEqual(called, [], file);
  }
  assert.ok(chests.some(({ shows }) => shows.length === 0) && chests.some(({ shows }) => shows.length > 0));
});

test('every film is read, with the size of the list', { skip: notBuilt }, () => {
  const { status, out } = cxr('inspect', '--json', ...index.map(({ file }) => join(kExamples, file)));
  assert.equal(status, 0);
  assert.deepEqual(JSON.parse(out).map(({ film }) => [film.width, film.height]), index.map(({ width, height }) => [width, height]));
});

/** The phantom by the description in tools/gallery/phantom.py, written a second time. */
function phantomValue(x, y) {
  const within = (left, top, width, height) => x >= left && x < left + width && y >= top && y < top + height;
  if (within(400, 176, 80, 128)) return 512 * (y - 176);
  const line = Math.floor((y - 176) / 16);
  if (line >= 0 && line < 8 && y - 176 - 16 * line < 12) {
    const period = 2 * (line + 1);
    if (within(96, 0, Math.min(16 * period, 256), 384)) return (x - 96) % period < period / 2 ? 49152 : 16384;
  }
  if (within(0, 0, 8, 8)) return 65535;
  if (within(96, 64, 64, 64)) return 32768;
  if ((x - 352) ** 2 + (y - 96) ** 2 <= 24 ** 2) return 60000;
  if (within(64, 320, 16 * 24, 32)) return 4096 * Math.floor((x - 64) / 24);
  return 8192;
}

test('the phantom is decoded to the value, all 196,608 of them', { skip: notBuilt }, () => {
  const { width, height } = index.find(({ file }) => file === 'phantom.png');
  const values = new DataView(new ArrayBuffer(4 * width * height));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) values.setInt32(4 * (y * width + x), phantomValue(x, y), true);
  }
  const expected = createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex');
  const [{ pixels_sha256: found }] = JSON.parse(cxr('inspect', '--json', join(kExamples, 'phantom.png')).out);
  assert.equal(found, expected);
});
