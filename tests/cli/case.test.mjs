// A case on the real engine and the real network, in Node: who its films are about stays with the reader.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NodeCase } from '../../tools/cxr/node_case.mjs';
import { openSite, readModel, startRuntime } from '../../tools/cxr/workbench.mjs';
import { CaseThread } from '../../web/worker/case_thread.js';
import { kMadeUp, madeUpFilm } from '../web/made_up_film.mjs';
import { kSite, notBuilt } from './support.mjs';

const silent = (text) => kMadeUp.every((word) => !text.includes(word));

describe('a case', { skip: notBuilt }, () => {
  test('nothing of who a film is about is in what it posts or computes, but for the answer to the question and the export asked to hold it',
    async () => {
      const parts = await openSite(kSite);
      const posted = [];
      const told = [];
      let wake = () => {};
      const films = new CaseThread({
        ...parts,
        startEngine: async () => {
          const engine = await parts.startEngine();
          return { call(method, args, blobs) {
            told.push(JSON.stringify(args ?? {}));
            return engine.call(method, args, blobs);
          } };
        },
        fetchModel: () => readModel(kSite),
        startRuntime: (options) => startRuntime({ threads: 1, ...options }),
        post(message, buffer) {
          posted.push({ type: message.type, text: JSON.stringify(message) + (buffer ? new TextDecoder().decode(buffer) : '') });
          wake();
        },
      });
      const until = async (type) => {
        for (;;) {
          const found = posted.findIndex((one) => one.type === type);
          if (found >= 0) return posted.splice(found, 1)[0].text;
          await new Promise((resolve) => { wake = resolve; });
        }
      };
      films.handle({ type: 'start', backend: 'wasm', model: null });
      films.handle({ type: 'open', id: 1, name: 'a.dcm', file: new Blob([madeUpFilm()]) });
      films.handle({ type: 'show-film', id: 1 });
      films.handle({ type: 'analyse', id: 1 });
      await until('analysis-arrived');
      for (const format of ['json', 'csv']) {
        films.handle({ type: 'export-findings', format });
        assert.ok(silent(await until('exported')), format);
      }
      films.handle({ type: 'read-identifiers', id: 1 });
      const answer = await until('identifiers-arrived');
      assert.ok(!silent(answer) && answer.includes('ZEBRAFINCH'));
      films.handle({ type: 'export-findings', format: 'json' });
      assert.ok(silent(await until('exported')), 'reading them for the eyes puts them into no export');
      assert.ok(told.every(silent), 'the engine has not heard of them');
      for (const format of ['json', 'csv']) {
        films.handle({ type: 'export-findings', format, identifiers: true });
        assert.ok((await until('exported')).includes('ZEBRAFINCH, QUILLA'), format);
      }
      films.handle({ type: 'export-findings', format: 'csv' });
      assert.ok(silent(await until('exported')), 'one export that holds them leaves nothing behind');
      assert.ok(posted.every(({ text }) => silent(text)));
      parts.decoder.close();
    });

  test('a film that cannot be read is a record like the others', async () => {
    const films = await NodeCase.start(kSite, { files: await readModel(kSite) });
    await films.analyse({ file: 'none.png', within: 'none.png' });
    const [record] = JSON.parse(await films.records('json'));
    assert.deepEqual([record.file, record.ok, record.error.code, record.findings, record.backend], ['none.png', false, 'not-found', [], 'wasm']);
    await films.close();
  });
});
