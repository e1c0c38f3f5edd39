// A model of one's own given as a folder with a finished ONNX graph, as PyTorch exports it: scores, the methods that need no
// gradients, and a clear refusal of the others.
import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cxr, kExamples, notBuilt, readJson, scratchFolder } from './support.mjs';

const kModel = fileURLToPath(new URL('../fixtures/onnx_model', import.meta.url));
const kFilm = join(kExamples, 'effusion.jpg');
const folder = scratchFolder();

describe('a finished ONNX graph', { skip: notBuilt }, () => {
  test('predict: scores of its own labels, and evidence that adds up to them', () => {
    const { status, out, err } = cxr('predict', kFilm, '--model', kModel, '--json');
    assert.equal(status, 0, err);
    const [{ ok, model, findings, evidence_residual: residual }] = JSON.parse(out);
    assert.equal(ok, true);
    assert.equal(model.id, 'plain');
    assert.deepEqual(findings.map(({ id }) => id), ['Effusion', 'Mass', 'Nodule']);
    assert.equal(new Set(findings.map(({ logit }) => logit.toFixed(3))).size, 3);
    assert.ok(residual < 1e-4, `${residual}`);
  });

  for (const method of ['evidence', 'fine-evidence', 'occlusion']) {
    test(`explain: ${method} is kept`, () => {
      const { status, err } = cxr('explain', kFilm, '--finding', 'Mass', '--method', method, '--out', folder, '--model', kModel);
      assert.equal(status, 0, err);
      assert.ok(existsSync(join(folder, `effusion.jpg.Mass.${method}.npy`)));
    });
  }

  test('trust: a map is checked as far as that goes without weights', () => {
    const { status, out, err } = cxr('trust', kFilm, '--finding', 'Mass', '--json', '--model', kModel);
    assert.equal(status, 0, err);
    const { checks } = JSON.parse(out);
    assert.equal(checks.find(({ id }) => id === 'adds-up').verdict, 'passed');
    assert.deepEqual(Object.keys(checks.find(({ id }) => id === 'sanity').values), ['mixtures']);
  });

  test('explain and trust by gradients are wrong usage, with the reason and what there is', () => {
    for (const command of [['explain', '--out', folder], ['trust']]) {
      const { status, err } = cxr(...command, kFilm, '--finding', 'Mass', '--method', 'grad-cam', '--model', kModel);
      assert.equal(status, 2);
      assert.match(err, /Grad-CAM needs gradients, and this model is a finished ONNX graph without weights.*evidence, fine-evidence, occlusion, rise/s);
    }
  });

  test('another graph than the manifest\'s, and a folder that is not there, do not start', () => {
    const copy = join(folder, 'changed');
    cpSync(kModel, copy, { recursive: true });
    const bytes = readFileSync(join(copy, 'model.onnx'));
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(join(copy, 'model.onnx'), bytes);
    for (const [model, words] of [[copy, /not the file of this manifest/], [`${folder}/nowhere`, /missing or cannot be read/]]) {
      const { status, out, err } = cxr('predict', kFilm, '--model', model);
      assert.equal(status, 1);
      assert.equal(out, '');
      assert.match(err, words);
    }
  });

  test('a manifest that names another layer says which matrices there are', () => {
    const copy = join(folder, 'renamed');
    cpSync(kModel, copy, { recursive: true });
    const manifest = readJson(join(copy, 'manifest.json'));
    delete manifest.architecture.head;
    writeFileSync(join(copy, 'manifest.json'), JSON.stringify(manifest));
    const { status, err } = cxr('predict', kFilm, '--model', copy);
    assert.equal(status, 1);
    assert.match(err, /no initialiser classifier\.weight.*matrices of this graph: last\.weight \[3, 16\]/s);
  });
});
