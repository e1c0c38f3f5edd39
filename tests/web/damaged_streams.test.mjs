// Damaged code streams inside DICOM files: never a pixel of the file before, never a part of a picture for the whole of it.
// Each codec's stream is cut, with and without an end behind it, zeroed in its middle, its restart markers changed; and two
// hundred streams damaged at random are decoded after two different films, which must make no difference.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EngineError } from '../../web/shared/errors.js';
import { readDicom } from '../../web/dicom/read.js';
import { generator } from '../fuzz/random.mjs';
import { dicomFixtures, notInstalled, sha256, stageLibraries } from './dicom_support.mjs';

const kMarks = [[0xff, 0xd8, 0xff], [0xff, 0x4f, 0xff, 0x51]]; // where JPEG and JPEG 2000 begin
const kFieldNames = ['jpeg2000', 'jpeg2000_tiles', 'jpeg', 'jpeg_restart', 'jpeg_ls', 'jpeg_lossless'];
const skip = notInstalled;
const staged = skip ? null : stageLibraries();
const fixtures = skip ? [] : dicomFixtures();
const fixture = (name) => fixtures.find((file) => file.name === name);

/** A file of one fragment in its parts; `stream` without what pads it. */
function takeApart(name) {
  const { bytes, values } = fixture(`field_${name}.dcm`);
  const start = Math.max(...kMarks.map((mark) => Buffer.from(bytes).indexOf(Buffer.from(mark), 132)));
  const end = bytes.length - 8; // the item that ends the fragments
  const padded = bytes[end - 1] === 0 ? end - 1 : end;
  return { head: bytes.slice(0, start - 4), stream: bytes.slice(start, padded), tail: bytes.slice(end), values };
}

/** The file with another stream in its one fragment. */
function putTogether({ head, tail }, stream) {
  const padding = stream.length % 2;
  const length = new Uint8Array(new Uint32Array([stream.length + padding]).buffer);
  return Uint8Array.from([...head, ...length, ...stream, ...(padding ? [0] : []), ...tail]);
}

const kEnd = [0xff, 0xd9];
const cut = (stream, share) => stream.slice(0, Math.floor(stream.length * share));

/** @returns {Promise<string>} hash of the values, or the error */
async function outcome(bytes, libraries) {
  try {
    return sha256((await readDicom(bytes, libraries)).values);
  } catch (error) {
    assert.ok(error instanceof EngineError, error.stack);
    return `${error.code}: ${error.message}`;
  }
}

for (const name of kFieldNames) {
  test(`${name}: a stream that ends early or lost its middle is no picture`, { skip }, async () => {
    const file = takeApart(name);
    assert.deepEqual([...(await readDicom(putTogether(file, file.stream), staged.libraries)).values], file.values);
    for (const share of [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97]) {
      for (const end of [[], kEnd]) {
        const bytes = putTogether(file, [...cut(file.stream, share), ...end]);
        await assert.rejects(readDicom(bytes, staged.libraries), EngineError, `${100 * share} %, ${end.length} bytes behind`);
      }
    }
    const middle = file.stream.slice();
    middle.fill(0, middle.length >> 1, (middle.length >> 1) + Math.min(512, middle.length >> 2));
    await assert.rejects(readDicom(putTogether(file, middle), staged.libraries), EngineError, 'zeros in its middle');
  });
}

test('a JPEG 2000 stream that ends at any byte of its header is no picture', { skip }, async () => {
  const file = takeApart('jpeg2000');
  for (let length = 2; length < 200; length += 1) {
    await assert.rejects(readDicom(putTogether(file, file.stream.slice(0, length)), staged.libraries), EngineError, `${length} bytes`);
  }
});

test('a whole stream without its end marker is read, and said so', { skip }, async () => {
  for (const name of kFieldNames) {
    const file = takeApart(name);
    const { values, image } = await readDicom(putTogether(file, file.stream.slice(0, -2)), staged.libraries);
    assert.deepEqual([...values], file.values, name);
    assert.deepEqual(image.notes, ['The end marker of the compressed picture is missing; all of its values are there.'], name);
  }
});

test('every changed restart marker is found', { skip }, async () => {
  const file = takeApart('jpeg_restart');
  let markers = 0;
  for (let at = 0; at + 1 < file.stream.length; at += 1) {
    if (file.stream[at] !== 0xff || file.stream[at + 1] < 0xd0 || file.stream[at + 1] > 0xd7) continue;
    markers += 1;
    const changed = file.stream.slice();
    changed[at + 1] = 0xd0 + ((changed[at + 1] + 3) & 7);
    await assert.rejects(readDicom(putTogether(file, changed), staged.libraries), { code: 'corrupt' });
  }
  assert.equal(markers, 15);
});

/** Changed, zeroed, left out, doubled, or cut off with an end put behind. */
function damage(stream, random) {
  const bytes = [...stream];
  for (let left = 1 + random(3); left > 0; left -= 1) {
    const at = 2 + random(bytes.length - 4);
    const length = 1 + random(Math.min(48, bytes.length - at - 1));
    const how = random(5);
    if (how === 0) bytes[at] ^= 1 << random(8);
    else if (how === 1) bytes.fill(0, at, at + length);
    else if (how === 2) bytes.splice(at, length);
    else if (how === 3) bytes.splice(at, 0, ...bytes.slice(at, at + length));
    else bytes.splice(at + length, Infinity, ...kEnd);
    if (bytes.length < 64) break;
  }
  return bytes;
}

test('the same bytes give the same values or the same error, whatever was decoded before', { skip }, async (t) => {
  const kinds = { jpeg2000: 'jpeg2000', jpeg2000_tiles: 'jpeg2000', jpeg: 'jpeg', jpeg_restart: 'jpeg', jpeg_ls: 'jpeg_ls' };
  const counts = { damaged: 0, pictures: 0 };
  const fresh = stageLibraries().libraries;
  for (const [name, kind] of Object.entries(kinds)) {
    const file = takeApart(name);
    for (let seed = 0; seed < 40; seed += 1) {
      const bytes = putTogether(file, damage(file.stream, generator(1000 + seed)));
      const first = await outcome(bytes, staged.libraries);
      await readDicom(fixture(`field_${kind}.dcm`).bytes, staged.libraries);
      assert.equal(await outcome(bytes, staged.libraries), first, `${name} ${seed}`);
      if (seed % 20 === 0) {
        for (const codec of ['openjpeg', 'libjpeg', 'charls']) fresh.discard(codec);
        assert.equal(await outcome(bytes, fresh), first, `${name} ${seed}, by a codec that never saw another film`);
      }
      counts.damaged += 1;
      counts.pictures += /^[0-9a-f]{64}$/.test(first) ? 1 : 0;
    }
  }
  t.diagnostic(`${counts.damaged} damaged streams, ${counts.pictures} of them read as pictures`);
});

test('a codec says nothing and holds nothing of the picture before', { skip }, async () => {
  const { libraries } = stageLibraries();
  const file = fixture('field_jpeg2000.dcm');
  await readDicom(file.bytes, libraries);
  const codec = await libraries.codec('openjpeg');
  assert.ok(codec.messages.length > 0, 'OpenJPEG tells what it does');
  codec.rewind();
  assert.deepEqual(codec.messages, []);
  const decoder = new codec.library.J2KDecoder();
  const place = decoder.getEncodedBuffer(4096);
  assert.ok(place.every((byte) => byte === 0), 'what it allocates first is zero');
  decoder.delete();
});
