// The tests of tools/training, which are Python's: run where PyTorch is, skipped by name where it is not.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const kPython = process.env.PYTHON ?? '/usr/bin/python3';
const kNeeds = 'import torch, torchvision, sklearn, scipy, PIL';
const kRoot = fileURLToPath(new URL('../..', import.meta.url));
const run = (...args) => spawnSync(kPython, args, { encoding: 'utf8', cwd: kRoot });

test('training: reading, splitting, measures, calibration, steps and files', (t) => {
  if (run('-c', kNeeds).status !== 0) {
    return t.skip(`needs torch, torchvision, scikit-learn, scipy and Pillow for ${kPython}; set PYTHON to one that has them`);
  }
  const files = readdirSync(kRoot + 'tests/training').filter((name) => name.endsWith('_test.py')).map((name) => `tests/training/${name}`);
  const { status, stderr } = run('-m', 'unittest', ...files);
  assert.equal(status, 0, stderr);
  assert.match(stderr, /Ran \d{2,} tests[^]*\nOK/);
  return undefined;
});
