// Who a film is about: read when asked, handed on, kept nowhere; in an export only where that was asked for.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readIdentifiers } from '../../web/dicom/identifiers.js';
import { WatchedDecoder } from '../../web/dicom/decoder.js';
import { answer } from '../../web/dicom/decoder_thread.js';
import { EngineError } from '../../web/worker/engine.js';
import { WorkerController } from '../../web/worker/worker_controller.js';
import { notInstalled, stageLibraries } from './dicom_support.mjs';
import { fakeEngine } from './fakes.mjs';
import { kMadeUp, madeUpFilm } from './made_up_film.mjs';

const { libraries } = notInstalled ? {} : stageLibraries();

/** The decoder without a thread of its own. */
function decoderHere() {
  return new WatchedDecoder({ start: (receive) => (
    { post: (message) => void answer(message, libraries, (reply) => receive(reply)), end() {} }) });
}

test('the tags are read, in words', { skip: notInstalled }, async () => {
  const found = await readIdentifiers(madeUpFilm(), libraries);
  assert.deepEqual(Object.fromEntries(found.map(({ label, value }) => [label, value])), {
    Patient: 'ZEBRAFINCH, QUILLA', 'Patient ID': 'PID-7731', Born: '1961-02-03', Sex: 'F', 'Study date': '2019-08-07',
    Accession: 'ACC-5529', Study: 'THORAX OKAPI', Institution: 'HOSPITAL OF NARWHAL',
  });
  assert.deepEqual(await readIdentifiers(new TextEncoder().encode('\x89PNG…'), libraries), []);
});

test('nothing of them is in what a visit posts, but for the answer to the question and the export asked to hold it',
  { skip: notInstalled }, async () => {
    const posted = [];
    let wake = () => {};
    const engines = [];
    const session = new WorkerController({
      decoder: decoderHere(),
      post(message, buffer) {
        posted.push({ message, text: JSON.stringify(message) + (buffer ? new TextDecoder().decode(buffer) : '') });
        wake();
      },
      startEngine: async () => {
        const engine = fakeEngine({ EngineError });
        const { call } = engine;
        engine.heard = '';
        engine.call = (method, args, blobs) => {
          engine.heard += JSON.stringify(args ?? {});
          return call(method, args, blobs);
        };
        engines.push(engine);
        return engine;
      },
      fetchModel: async () => ({ id: 'm', manifest: new TextEncoder().encode('{"id":"m"}'), network: new Uint8Array(4) }),
      startRuntime: async () => ({ backend: { name: 'wasm', detail: '', fallbacks: [] }, async release() {},
        run: async (request, blobs) => ({ outputs: [{ name: 'logits', shape: [1] }], blobs }) }),
    });
    const until = async (type) => {
      for (;;) {
        const found = posted.find(({ message }) => message.type === type);
        if (found) return posted.splice(posted.indexOf(found), 1)[0];
        await new Promise((resolve) => { wake = resolve; });
      }
    };
    const silent = (text) => kMadeUp.every((word) => !text.includes(word));

    session.handle({ type: 'start', backend: 'auto', model: null });
    session.handle({ type: 'open', id: 1, name: 'a.dcm', file: new Blob([madeUpFilm()]) });
    session.handle({ type: 'show-film', id: 1 });
    session.handle({ type: 'analyse', id: 1 });
    await until('analysis-arrived');
    for (const format of ['json', 'csv']) {
      session.handle({ type: 'export-findings', format });
      assert.ok(silent((await until('exported')).text), format);
    }
    session.handle({ type: 'read-identifiers', id: 1 });
    const { text } = await until('identifiers-arrived');
    assert.ok(!silent(text) && text.includes('ZEBRAFINCH'));
    session.handle({ type: 'export-findings', format: 'json' });
    assert.ok(silent((await until('exported')).text), 'reading them for the eyes puts them into no export');
    for (const format of ['json', 'csv']) {
      session.handle({ type: 'export-findings', format, identifiers: true });
      assert.ok((await until('exported')).text.includes('ZEBRAFINCH, QUILLA'), format);
    }
    session.handle({ type: 'export-findings', format: 'csv' });
    assert.ok(silent((await until('exported')).text), 'one export that holds them leaves nothing behind');
    assert.ok(posted.every((one) => silent(one.text)));
    assert.ok(silent(engines[0].heard), 'the engine never hears of them');
  });
