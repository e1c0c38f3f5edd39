// cxr drift on the built engine: films made alike, films that are not, and too few of them.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { makeChest } from '../browser/support/images.mjs';
import { cxr, notBuilt, readJson, scratchFolder } from './support.mjs';

const folder = scratchFolder();
const kQuick = ['--model', 'compact-densenet-128'];

/** A folder of `count` films of different sizes, from `first` pixels on. */
function batchOf(name, count, first, spot = null) {
  const place = join(folder, name);
  mkdirSync(place);
  for (let film = 0; film < count; film += 1) writeFileSync(join(place, `${film}.png`), makeChest(first + film, spot));
  return place;
}

describe('drift', { skip: notBuilt }, () => {
  const before = batchOf('before', 24, 200);

  test('films made in the same way are alike', () => {
    const out = join(folder, 'drift.json');
    const { status, out: text, err } = cxr('drift', '--reference', before, '--batch', batchOf('alike', 24, 212), '--out', out, ...kQuick);
    assert.equal(status, 0, err);
    assert.match(text, /24 films against 24\./);
    const { findings, model } = readJson(out);
    assert.equal(model.id, 'compact-densenet-128');
    assert.equal(findings.length, 14);
    assert.ok(findings.every(({ verdict }) => verdict === 'stable'), JSON.stringify(findings));
  });

  test('films with a shadow that the others lack are told apart, and named', () => {
    const { status, out: text, err } = cxr('drift', '--reference', before, '--batch', batchOf('shadows', 24, 212, [0.3, 0.35]), '--json', ...kQuick);
    assert.equal(status, 0, err);
    const { findings, features, unlike } = JSON.parse(text);
    assert.ok(findings.some(({ verdict }) => verdict === 'shifted'), text);
    assert.ok(features.share_differing > 0.5);
    assert.ok(unlike.length > 12);
  });

  test('a batch that is too small is refused, and so is a missing one', () => {
    const { status, err } = cxr('drift', '--reference', before, '--batch', batchOf('few', 3, 300), ...kQuick);
    assert.equal(status, 1);
    assert.match(err, /A batch has 3 films that could be analysed\. .*from 20 films each/s);
    assert.equal(cxr('drift', '--reference', before).status, 2);
  });
});
