// C++ is formatted by .clang-format, with the version that package-lock.json pins.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openTree } from './tree.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const formatter = fileURLToPath(new URL('../../node_modules/.bin/clang-format', import.meta.url));

/** Files that the formatter would change, as it names them; `input` replaces files. */
function unformatted(files, input) {
  const { status, stderr } = spawnSync(formatter, ['--dry-run', '--Werror', ...files], { cwd: root, input, encoding: 'utf8' });
  return { status, stderr };
}

test('tools/format would change no C++ file', () => {
  const files = openTree(root).paths.filter((path) => /^(src|tests)\/.*\.(h|cpp)$/.test(path));
  assert.ok(files.length > 300, `only ${files.length} files found`);
  const { status, stderr } = unformatted(files);
  assert.equal(status, 0, `run tools/format\n${stderr.slice(0, 2000)}`);
});

test('an unformatted file is noticed', () => {
  assert.notEqual(unformatted(['--assume-filename=a.cpp'], 'int  a ( ){return 1 ;}\n').status, 0);
});
