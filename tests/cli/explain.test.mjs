// cxr explain and cxr trust on the built engine and model: the files they write, what they print, their exit status.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { NOTICE } from '../../web/shared/notice.js';
import { cxr, kCxr, kExamples, kImages, kSite, notBuilt, readJson, scratchFolder } from './support.mjs';

const folder = scratchFolder();
const film = join(kExamples, readJson(join(kExamples, 'index.json')).find(({ file }) => file.endsWith('.jpg')).file);

/** A .npy of float32: its shape and numbers, read by the letter of NumPy's format 1.0. */
function readNpy(path) {
  const bytes = readFileSync(path);
  assert.equal(bytes.subarray(0, 8).toString('latin1'), '\u0093NUMPY\u0001\u0000');
  const length = bytes.readUInt16LE(8);
  const [, height, width] = /'descr': '<f4', 'fortran_order': False, 'shape': \((\d+), (\d+)\)/.exec(bytes.toString('latin1', 10, 10 + length));
  const body = bytes.subarray(10 + length);
  assert.equal(body.length, 4 * height * width);
  return { height: Number(height), width: Number(width), values: new Float32Array(body.buffer.slice(body.byteOffset, body.byteOffset + body.length)) };
}

describe('explain', { skip: notBuilt }, () => {
  const model = notBuilt ? null : readJson(join(kSite, 'models/index.json')).default;
  const [label] = notBuilt ? [{}] : readJson(join(kSite, `models/${model}/manifest.json`)).labels;

  test('writes the picture, the numbers and what they mean', () => {
    const out = join(folder, 'fine');
    const { status, out: printed, err } = cxr('explain', film, '--finding', label.id, '--method', 'fine-evidence', '--out', out);
    assert.equal(status, 0, err);
    const stem = `${film.split('/').pop()}.${label.id}.fine-evidence`;
    assert.deepEqual(readdirSync(out).sort(), [`${stem}.json`, `${stem}.npy`, `${stem}.png`, `${stem}.spread.npy`]);
    const record = readJson(join(out, `${stem}.json`));
    const map = readNpy(join(out, `${stem}.npy`));
    const spread = readNpy(join(out, `${stem}.spread.npy`));
    assert.deepEqual([map.width, map.height], [record.width, record.height]);
    assert.deepEqual([spread.width, spread.height], [record.width, record.height]);
    assert.ok(spread.values.every((value) => value >= 0));
    assert.ok(Math.abs(Math.max(...map.values.map(Math.abs)) - record.full_scale) < 1e-6, 'the larger of both signs');
    assert.equal(record.finding.id, label.id);
    assert.equal(record.geometry.source_to_model.length, 6);
    assert.ok(printed.includes(record.sentence), printed);
    assert.ok(printed.endsWith(`${NOTICE}\n`));
    const png = readFileSync(join(out, `${stem}.png`));
    assert.equal(png.subarray(1, 4).toString(), 'PNG');
    assert.ok(png.includes('Disclaimer'));
    if (record.finding.state === 'below') assert.match(printed, /below its threshold/);
  });

  test('a layer is part of the name', () => {
    const out = join(folder, 'layer');
    const { status, err } = cxr('explain', film, '--finding', label.id, '--method', 'layer-cam', '--layer', 'block1', '--out', out);
    assert.equal(status, 0, err);
    assert.ok(readdirSync(out).includes(`${film.split('/').pop()}.${label.id}.layer-cam.block1.png`));
  });

  test('trust: one line, five checks, and the same again as JSON', () => {
    const { status, out, err } = cxr('trust', film, '--finding', label.id, '--json');
    assert.equal(status, 0, err);
    const { line, checks } = JSON.parse(out);
    assert.match(line, /checks of this map passed/);
    assert.deepEqual(checks.map(({ id }) => id), ['adds-up', 'erase', 'order', 'stability', 'sanity']);
    for (const { verdict, text } of checks) {
      assert.match(verdict, /^(passed|doubtful|failed|not-run)$/);
      assert.ok(text.length > 20);
    }
    assert.equal(checks[0].verdict, 'passed', 'exact evidence adds up');
    const table = cxr('trust', film, '--finding', label.id);
    assert.equal(table.status, 0);
    assert.ok(table.out.includes(line), 'seeded: the same answer');
  });

  for (const [what, args, known] of [
    ['an unknown finding', ['--finding', 'Nobody'], () => label.id],
    ['an unknown method', ['--finding', label.id, '--method', 'hunch'], () => 'fine-evidence'],
    ['an unknown layer', ['--finding', label.id, '--method', 'grad-cam', '--layer', 'block99'], () => 'block1'],
    ['a layer for a method without', ['--finding', label.id, '--layer', 'block1'], () => 'no layers'],
  ]) {
    test(`wrong usage: ${what}, with what there is`, () => {
      for (const [command, more] of [['explain', ['--out', folder]], ['trust', []]]) {
        const { status, out, err } = cxr(command, film, ...args, ...more);
        assert.equal(status, 2, err);
        assert.equal(out, '');
        assert.ok(err.split('\n')[0].includes(known()), err.split('\n')[0]);
      }
    });
  }

  test('a film that the gate refuses and a file that is none: status 3 and why', () => {
    for (const [file, why] of [[join(kImages, 'black.png'), /was not analysed: .{20}/], [join(kImages, 'text.png'), /was not explained: .{20}/],
      [join(folder, 'missing.png'), /was not read: There is no such file/]]) {
      const { status, out, err } = cxr('explain', file, '--finding', label.id, '--out', folder);
      assert.equal(status, 3, err);
      assert.equal(out, '');
      assert.match(err, why);
    }
  });

  test('cancelled while it works: status 130, and nothing is written', { timeout: 120_000 }, async () => {
    const out = join(folder, 'cancelled');
    const child = spawn(process.execPath, [kCxr, 'explain', film, '--finding', label.id, '--method', 'rise', '--model', 'densenet121-nih', '--progress', '--out', out],
      { env: { ...process.env, CHESTLIGHT_SITE: kSite }, stdio: ['ignore', 'ignore', 'pipe'] });
    let err = '';
    // The first mask is done, and hundreds are to come.
    child.stderr.on('data', (part) => {
      err += part;
      if (/^[1-9]\d* of \d+$/m.test(err) && !child.killed) child.kill('SIGINT');
    });
    const ended = new Promise((resolve) => child.once('close', (status, signal) => resolve({ status, signal })));
    const { status, signal } = await ended;
    assert.deepEqual([status, signal], [130, null], err);
    assert.match(err, /cancelled; nothing was written/);
    assert.equal(existsSync(out), false);
  });

  test('a folder that cannot be written: status 1 and what to do', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const { status, err } = cxr('explain', film, '--finding', label.id, '--out', join(file, 'below'));
    assert.equal(status, 1);
    assert.match(err, /--out/);
  });
});
