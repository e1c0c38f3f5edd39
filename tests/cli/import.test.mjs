// "cxr model import": from a checkpoint to findings on a film, and everything that is refused on the way. The network is the smallest
// DenseNet there is (tests/fuzz/corpus/make_weights.py).
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { onnxFile } from '../support/onnx_file.mjs';
import { cxr, kExamples, notBuilt, readJson, scratchFolder } from './support.mjs';

const inTests = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const kFilm = join(kExamples, 'effusion.jpg');

describe('cxr model import', { skip: notBuilt }, () => {
  const folder = scratchFolder();
  process.env.CHESTLIGHT_MODELS = join(folder, 'models');
  const checkpoint = join(folder, 'Tiny Net.safetensors');
  copyFileSync(inTests('fuzz/corpus/weights/f32.safetensors'), checkpoint);

  test('a checkpoint becomes a model that is listed and predicts', () => {
    const made = cxr('model', 'import', checkpoint, '--labels', 'Effusion, Mass', '--side', '64');
    assert.equal(made.status, 0, made.err);
    assert.match(made.out, /^tiny-net: DenseNet of blocks 1-1 from Tiny Net\.safetensors\n/);
    assert.match(made.out, /2 findings: Effusion, Mass\./);
    assert.match(made.out, /nobody has evaluated it here/);
    assert.deepEqual(readdirSync(join(folder, 'models', 'tiny-net')).sort(), ['manifest.json', 'weights.safetensors']);

    const listed = JSON.parse(cxr('model', 'list', '--json').out);
    assert.deepEqual(listed.own.map(({ id }) => id), ['tiny-net']);
    assert.match(cxr('model', 'list').out, /own +tiny-net +0\.0 MB/);

    const { status, out, err } = cxr('predict', kFilm, '--json', '--anyway', '--model', 'tiny-net');
    assert.equal(status, 0, err);
    const [{ model, findings }] = JSON.parse(out);
    assert.equal(model.id, 'tiny-net');
    assert.deepEqual(findings.map(({ id }) => id).sort(), ['Effusion', 'Mass']);
    assert.ok(findings.every(({ logit }) => Number.isFinite(logit)));
  });

  test('its manifest says where it comes from and what is assumed', () => {
    const manifest = readJson(join(folder, 'models', 'tiny-net', 'manifest.json'));
    assert.match(manifest.sources[0], /^Imported from the file Tiny Net\.safetensors \(safetensors, SHA-256 [0-9a-f]{64}\)\.$/);
    assert.equal(manifest.labels[0].name, 'Pleural effusion');
    assert.ok(manifest.limits.some((limit) => limit.startsWith('The input is assumed')));
  });

  test('a model that is there is replaced only when that is asked for', () => {
    const again = cxr('model', 'import', checkpoint);
    assert.equal(again.status, 1);
    assert.match(again.err, /There is a model "tiny-net" already/);
    assert.equal(cxr('model', 'import', checkpoint, '--replace').status, 0);
    assert.equal(cxr('model', 'import', checkpoint, '--as', 'other').status, 0);
    assert.equal(cxr('model', 'verify', 'other').status, 1, 'it has no golden examples');
  });

  test('what is no checkpoint, and what would do harm, is refused and nothing is kept', () => {
    const before = readdirSync(join(folder, 'models')).sort();
    const page = join(folder, 'weights.pt');
    writeFileSync(page, '<!DOCTYPE html><html>Not found</html>');
    const rows = [
      ['a web page', page, /This is a web page, not a checkpoint/],
      ['a pickle that names eval', inTests('fixtures/checkpoints/names_eval.pt'), /names __builtin__\.eval, .*nothing was executed/],
      ['TorchScript', inTests('fixtures/checkpoints/torch_script.pt'), /TorchScript program/],
      ['a network that is not built here', inTests('fixtures/checkpoints/zip_state_dict.pt'), /The tensors /],
      ['a file that is not there', join(folder, 'gone.pt'), /gone\.pt cannot be read/],
    ];
    for (const [origin, file, words] of rows) {
      const { status, err } = cxr('model', 'import', file);
      assert.equal(status, 1, origin);
      assert.match(err, words, origin);
    }
    assert.deepEqual(readdirSync(join(folder, 'models')).sort(), before);
    assert.ok(!existsSync(join(folder, 'models', 'weights')));
  });

  test('config.json beside safetensors, as timm writes it, gives labels, mean, deviation, side and crop', () => {
    const net = join(folder, 'net');
    mkdirSync(net);
    copyFileSync(checkpoint, join(net, 'model.safetensors'));
    writeFileSync(join(net, 'config.json'), JSON.stringify({ architecture: 'densenet', label_names: ['Mass', 'Nodule'],
      pretrained_cfg: { input_size: [1, 96, 96], crop_pct: 0.875, mean: [0.5056], std: [0.252] } }));
    const made = cxr('model', 'import', join(net, 'model.safetensors'), '--as', 'of-timm', '--json');
    assert.equal(made.status, 0, made.err);
    const { labels, assumptions } = JSON.parse(made.out);
    assert.deepEqual([labels, assumptions], [['Mass', 'Nodule'], []]);
    const { input } = readJson(join(folder, 'models/of-timm/manifest.json'));
    assert.deepEqual([input.width, input.crop, input.mean[0], input.std[0]], [96, 0.875, 0.5056, 0.252]);
    const listed = join(folder, 'labels.txt');
    writeFileSync(listed, '1. Edema\n2. Hernia\n');
    const named = cxr('model', 'import', checkpoint, '--as', 'named', '--config', listed, '--json');
    assert.deepEqual(JSON.parse(named.out).labels, ['Edema', 'Hernia']);
    writeFileSync(join(net, 'config.json'), '{"architecture": "densenet"}');
    assert.equal(cxr('model', 'import', join(net, 'model.safetensors'), '--as', 'bare').status, 0, 'a config.json that says nothing is passed over');
  });

  test('an ONNX graph of other names has evidence maps where it ends in pooling and a linear layer, else scores alone', () => {
    const file = join(folder, 'graph.onnx');
    writeFileSync(file, onnxFile());
    const made = cxr('model', 'import', file, '--labels', 'Effusion,Mass');
    assert.equal(made.status, 0, made.err);
    assert.match(made.out, /^graph: ONNX graph from graph\.onnx\n {2}finished ONNX graph, 3 channels, 64 × 64 pixels \(ONNX\)\./);
    const whole = cxr('predict', kFilm, '--json', '--anyway', '--model', 'graph');
    assert.equal(whole.status, 0, whole.err);
    const [{ findings, evidence_residual: residual }] = JSON.parse(whole.out);
    assert.deepEqual(findings.map(({ id }) => id).sort(), ['Effusion', 'Mass']);
    assert.ok(residual < 1e-4, `the maps add up to the scores: ${residual}`);

    writeFileSync(file, onnxFile({ pooling: 'GlobalMaxPool' }));
    const bare = cxr('model', 'import', file, '--labels', 'Effusion,Mass', '--as', 'bare-graph');
    assert.equal(bare.status, 0, bare.err);
    assert.match(bare.out, /No global average pooling stands before the last layer of the graph: there are scores and no maps\./);
    const scores = cxr('predict', kFilm, '--json', '--anyway', '--model', 'bare-graph');
    assert.equal(scores.status, 0, scores.err);
    const [record] = JSON.parse(scores.out);
    assert.ok(record.findings.every(({ logit, place }) => Number.isFinite(logit) && !place));
    assert.equal(record.evidence_residual, null, 'there is no map that could add up');
    const explained = cxr('explain', kFilm, '--finding', 'Mass', '--anyway', '--model', 'bare-graph', '--out', folder);
    assert.equal(explained.status, 2, 'as any method that this model does not have');
    assert.match(explained.err, /gives scores alone/);
  });

  test('wrong usage is said', () => {
    assert.equal(cxr('model', 'import').status, 2);
    assert.equal(cxr('model', 'import', checkpoint, '--side', 'big').status, 2);
    const bad = cxr('model', 'import', checkpoint, '--as', '../up');
    assert.equal(bad.status, 1);
    assert.match(bad.err, /manifest\.json: id/);
  });
});
