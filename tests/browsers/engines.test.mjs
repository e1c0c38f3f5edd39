// One walk through the page in three browser engines: a PNG, a DICOM file and a ZIP are opened, scored, explained and exported, and
// the page is loaded again with its server gone. The scores are the same in all three.
//
// What one engine does right is tested in tests/browser; here is only what may differ from engine to engine.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { startServer } from '../../tools/serve.mjs';
import { kForDrawnFilms, kSite } from '../browser/support/browser.mjs';
import { makeDicom } from '../browser/support/dicom_film.mjs';
import { makeChest } from '../browser/support/images.mjs';
import { makeZip } from '../web/zip_support.mjs';
import { kEngines } from './support/engines.mjs';

/** Longest wait for the page to come to something, milliseconds: software graphics on a busy machine are slow. */
const kPatience = 180_000;
/** Largest difference of a score from engine to engine: the runtime is one, and so are the decoders. */
const kSameScore = 1e-4;

const grey = (x, y) => 3000 - 2200 * (Math.exp(-(((x - 80) / 36) ** 2) - ((y - 128) / 70) ** 2) + Math.exp(-(((x - 176) / 36) ** 2) - ((y - 128) / 70) ** 2));
const kFiles = [
  { name: 'chest.png', bytes: makeChest() },
  { name: 'chest.dcm', bytes: makeDicom(256, 256, grey, { centre: 2048, width: 4096, shape: 'LINEAR' }) },
  { name: 'films.zip', bytes: makeZip([{ name: 'one.png', bytes: makeChest(300, [0.3, 0.6]) }, { name: 'two.png', bytes: makeChest(200, [0.7, 0.4]) }]) },
];
const kFilms = ['chest.png', 'chest.dcm', 'films.zip/one.png', 'films.zip/two.png'];

// --- what runs in the page; each without names from outside ---

const readPage = () => ({ state: globalThis.chestlight?.state ?? null, offline: globalThis.chestlight?.offline ?? null,
  notice: document.querySelector('#notice')?.innerText ?? '', source: performance.getEntriesByType('navigation')[0]?.workerStart > 0 });

/** As from the file picker. */
const addFiles = (files) => {
  const transfer = new DataTransfer();
  for (const { name, text } of files) transfer.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name));
  const picker = document.querySelector('#picker');
  picker.files = transfer.files;
  picker.dispatchEvent(new Event('change', { bubbles: true }));
};

const act = (action) => {
  const button = document.createElement('button');
  button.dataset.action = JSON.stringify(action);
  document.querySelector('#mirror').append(button);
  button.click();
  button.remove();
};

/** Files that the page offers from here on are kept in the page, where a browser would put them on the disk. */
const keepExports = () => {
  globalThis.offered = [];
  const make = URL.createObjectURL;
  URL.createObjectURL = (blob) => {
    globalThis.offered.push(blob);
    return make.call(URL, blob);
  };
};
const readExports = () => Promise.all(globalThis.offered.map((blob) => blob.text()));

/** Whether the canvas holds a picture and not one colour. */
const isDrawn = () => {
  const canvas = document.querySelector('#screen');
  const gl = canvas.getContext('webgl2');
  const pixels = new Uint8Array(4 * canvas.width * canvas.height);
  gl.readPixels(0, 0, canvas.width, canvas.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  return new Set(new Uint32Array(pixels.buffer)).size > 50;
};

// --- the walk ---

/** @type {Map<string, {scores: Object<string, Object<string, number>>, explanation: object}>} by engine */
const results = new Map();

for (const [name, { start, lacks }] of Object.entries(kEngines)) {
  const lacking = lacks();
  describe(name, { skip: lacking ?? false }, () => {
    let engine;
    let server;
    before(async () => {
      server = await startServer({ root: kSite, port: 0 });
      engine = await start();
    });
    after(async () => {
      await engine?.close();
      await server?.close();
    });

    async function until(what, holds) {
      for (const end = Date.now() + kPatience; ; await pause(200)) {
        const seen = await engine.evaluate(readPage).catch((error) => ({ state: null, notice: String(error) }));
        if (seen.state && holds(seen.state, seen)) return seen.state;
        if (Date.now() > end) {
          throw new assert.AssertionError({ message: `the page never came to it: ${what}\n${seen.notice}\n${
            JSON.stringify({ ...seen.state, commands: undefined, gestures: undefined, methods: undefined }).slice(0, 3000)}` });
        }
      }
    }
    const add = (files) => engine.evaluate(addFiles, files.map(({ name: file, bytes }) => ({ name: file, text: Buffer.from(bytes).toString('base64') })));
    async function exported() {
      await engine.evaluate(keepExports);
      await engine.evaluate(act, { type: 'export-findings', format: 'json' });
      for (const end = Date.now() + kPatience; ; await pause(100)) {
        const [text] = await engine.evaluate(readExports);
        if (text) return JSON.parse(text);
        if (Date.now() > end) throw new assert.AssertionError({ message: 'nothing was exported' });
      }
    }
    const scoresOf = (records) => Object.fromEntries(records.map(({ file, findings }) => [file,
      Object.fromEntries(findings.map(({ id, probability }) => [id, probability]))]));

    test('opens a PNG, a DICOM file and a ZIP, scores, explains and exports them', async () => {
      await engine.open(server.url + kForDrawnFilms);
      await until('the engine is ready', ({ engine: phase }) => phase === 'ready');
      await add(kFiles);
      const state = await until('four films are analysed', ({ films }) => films.length === kFilms.length && films.every(({ status }) => status === 'analysed'));
      assert.deepEqual(state.films.map((film) => film.name), kFilms);
      assert.ok(await engine.evaluate(isDrawn), 'the canvas is one colour');

      const method = state.methods.filter(({ id, unavailable }) => id !== 'evidence' && !unavailable).sort((a, b) => a.requests - b.requests)[0];
      await engine.evaluate(act, { type: 'pin-finding', id: state.findings[0].id });
      await until('a finding is pinned', ({ overlay }) => overlay.visible);
      await engine.evaluate(act, { type: 'choose-method', method: method.id, layer: '' });
      const { explanation } = await until('the finding is explained', (now) => now.explanation?.drawn === method.id && now.explanation.status === 'done');
      assert.ok(explanation.sentence.length > 10, explanation.sentence);

      const records = await exported();
      assert.deepEqual(records.map(({ file }) => file), kFilms);
      const scores = scoresOf(records);
      for (const film of kFilms) assert.equal(Object.keys(scores[film]).length, 14, film);
      results.set(name, { scores, explanation: { finding: explanation.finding, method: method.id, sentence: explanation.sentence } });
    });

    test('starts again and scores the same with its server gone', async () => {
      assert.ok(results.has(name), 'the first walk failed');
      await until('the page is kept', (_, { offline }) => offline?.complete);
      const { url } = server;
      await server.close();
      server = null;
      await engine.open(url + kForDrawnFilms);
      await until('the engine is ready without a network', ({ engine: phase }) => phase === 'ready');
      await add(kFiles.slice(0, 1));
      await until('the film is analysed', ({ films }) => films[0]?.status === 'analysed');
      const scores = scoresOf(await exported());
      assert.deepEqual(scores[kFilms[0]], results.get(name).scores[kFilms[0]]);
    });
  });
}

test('the scores and the words of a map are the same in all engines', (t) => {
  const [[first, wanted], ...others] = results;
  if (!others.length) return t.skip('fewer than two engines ran');
  for (const [name, found] of others) {
    for (const film of kFilms) {
      for (const [id, score] of Object.entries(wanted.scores[film])) {
        const difference = Math.abs(found.scores[film][id] - score);
        assert.ok(difference <= kSameScore, `${film}, ${id}: ${found.scores[film][id]} in ${name}, ${score} in ${first}`);
      }
    }
    assert.deepEqual(found.explanation, wanted.explanation);
  }
  return undefined;
});
