// The watch over the decoder's thread: one that hangs, stops or fails ends in an error of its own file, and the next
// file is read by a new thread, as itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { WatchedDecoder } from '../../web/dicom/decoder.js';
import { EngineError, failure } from '../../web/shared/errors.js';
import { createDecoder } from '../../tools/cxr/decoder.mjs';
import { dicomFixtures, notInstalled, stageLibraries } from './dicom_support.mjs';

const kThread = new URL('misbehaving_thread.mjs', import.meta.url);
const kFolder = pathToFileURL('/');
/** Three seconds of silence: a thread needs some of that to start on a busy machine. */
const kQuick = { silence: 15, askEvery: 200 };
const bytesOf = (text) => new TextEncoder().encode(text);
const started = (limits) => createDecoder(kFolder, { thread: kThread, ...limits });

async function readsAsItself(decoder, text) {
  const { image, values } = await decoder.decode(bytesOf(text));
  assert.equal(image.width, text.length);
  assert.deepEqual([...values], [...bytesOf(text)]);
}

for (const [file, code] of Object.entries({ hangs: 'decoder-timeout', 'x (exits)': 'decoder-crashed', 'error (uncaught)': 'decoder-crashed',
  fails: 'corrupt' })) {
  test(`a decoder that ${file} loses that file and no other`, async () => {
    const decoder = started(kQuick);
    await readsAsItself(decoder, 'before');
    // Asked for together: the next one waits its turn and is not the one that fails.
    const [bad, good] = await Promise.allSettled([decoder.decode(bytesOf(file)), decoder.decode(bytesOf('a film'))]);
    assert.equal(bad.status, 'rejected');
    assert.ok(bad.reason instanceof EngineError);
    assert.equal(bad.reason.code, code);
    assert.ok(bad.reason.message && bad.reason.hint);
    assert.deepEqual([...good.value.values], [...bytesOf('a film')]);
    await readsAsItself(decoder, 'after');
    decoder.close();
  });
}

test('a thread that waits but answers is left alone', async () => {
  const decoder = started(kQuick);
  await readsAsItself(decoder, 'waits');
  decoder.close();
});

test('a thread that stops between two files is replaced', async () => {
  const decoder = started(kQuick);
  await readsAsItself(decoder, 'late');
  await pause(500);
  await readsAsItself(decoder, 'picture');
  decoder.close();
});

test('the caller keeps its bytes, and what lies beside them stays where it is', async () => {
  const decoder = started({});
  const whole = bytesOf('secret pneu secret');
  const { values } = await decoder.decode(whole.subarray(7, 11));
  assert.deepEqual([...values], [...bytesOf('pneu')]);
  assert.equal(whole.length, 18);
  decoder.close();
});

test('real files through a real thread: values and errors as without one', { skip: notInstalled }, async () => {
  const { base } = stageLibraries();
  const decoder = createDecoder(base);
  for (const { name, bytes, values } of dicomFixtures()) {
    if (values) assert.deepEqual([...(await decoder.decode(bytes)).values], values, name);
    else await assert.rejects(decoder.decode(bytes), (error) => error instanceof EngineError && error.code !== 'unexpected', name);
  }
  decoder.close();
});

test('a decoder whose script does not come is said to be missing, not the file to be at fault', async () => {
  const missing = failure('download-failed', 'The part of this program that reads DICOM files could not be loaded.', 'Read the file again.');
  const decoder = new WatchedDecoder({ start: (receive, crash) => {
    setTimeout(() => crash(missing));
    return { post() {}, end() {} };
  } });
  await assert.rejects(decoder.decode(bytesOf('any')), (error) => error === missing);
});
