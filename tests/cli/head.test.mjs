// cxr head on the built engine: a head learnt from labelled films is a model that cxr runs.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { makeChest } from '../browser/support/images.mjs';
import { cxr, notBuilt, readJson, scratchFolder } from './support.mjs';

const folder = scratchFolder();
const kSpot = [0.3, 0.35];
const kQuick = ['--model', 'compact-densenet-128'];

describe('head', { skip: notBuilt }, () => {
  const films = join(folder, 'films');
  mkdirSync(films);
  const rows = ['image,patient,Spot,Nothing'];
  for (let film = 0; film < 16; film += 1) {
    const has = film % 2 === 1;
    writeFileSync(join(films, `${film}.png`), makeChest(250 + film, has ? kSpot : null));
    rows.push(`${film}.png,p${film},${has ? 1 : 0},0`);
  }
  writeFileSync(join(films, 'cut.png'), makeChest(256).subarray(0, 400));
  const table = join(folder, 'labels.csv');
  writeFileSync(table, [...rows, 'cut.png,p99,1,0'].join('\n'));
  const out = join(folder, 'spots');

  test('learns what the table says, and says what it earned on films that it had not seen', () => {
    const { status, out: said, err } = cxr('head', films, '--labels', table, '--out', out, ...kQuick);
    assert.equal(status, 3, err); // one film is cut off
    assert.match(err, /cut\.png: /);
    assert.match(said, /Spot +8 +8 +1\.000/);
    const { findings, films: count, patients } = readJson(join(out, 'head.json'));
    assert.deepEqual([count, patients], [16, 16]);
    assert.equal(findings[0].auroc, 1);
    assert.equal(findings[1].auroc, null);
    assert.match(findings[1].refusal, /finding|class|film/);
  });

  test('is a model that runs like any other, with evidence', () => {
    const [a, b] = [join(folder, 'with.png'), join(folder, 'without.png')];
    writeFileSync(a, makeChest(300, kSpot));
    writeFileSync(b, makeChest(300));
    const { status, out: text, err } = cxr('predict', a, b, '--json', '--model', `${out}/`);
    assert.equal(status, 0, err);
    const [first, second] = JSON.parse(text);
    assert.equal(first.model.id, 'spots');
    assert.deepEqual(first.findings.map(({ id }) => id), ['Spot']);
    assert.ok(first.findings[0].logit > second.findings[0].logit + 1, `${first.findings[0].logit} ${second.findings[0].logit}`);
    const explained = cxr('explain', a, '--finding', 'Spot', '--out', join(folder, 'map'), '--model', `${out}/`);
    assert.equal(explained.status, 0, explained.err);
  });

  test('what cannot be learnt is refused in one sentence', () => {
    const refused = (...more) => cxr('head', films, '--labels', table, '--out', join(folder, 'none'), ...kQuick, ...more);
    const nothing = refused('--finding', 'Nothing');
    assert.equal(nothing.status, 1);
    assert.match(nothing.err, /No finding can be learnt/);
    assert.match(refused('--finding', 'Mass').err, /The table has no finding "Mass"/);
    assert.equal(cxr('head', films, '--labels', table).status, 2);
  });
});
