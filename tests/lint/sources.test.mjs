// Every rule on every file it covers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kLongFile, kLongestFile, kRules } from './rules.mjs';
import { openTree } from './tree.mjs';

const tree = openTree();

for (const rule of kRules) {
  test(rule.name, (context) => {
    const covered = tree.paths.filter((path) => rule.covers(path));
    assert.ok(covered.length > 0, 'the rule covers no file: has a folder moved?');
    const complaints = covered.flatMap((path) => rule.check(tree.read(path), path, tree).map((words) => `${path}: ${words}`));
    assert.equal(complaints.length, 0, `\n${complaints.join('\n')}`);
    context.diagnostic(`${covered.length} files`);
  });
}

test('files that may soon be too long are named', (context) => {
  for (const path of tree.paths.filter((name) => /\.(h|cpp|js|mjs|py)$/.test(name))) {
    const count = tree.read(path).split('\n').length - 1;
    if (count > kLongFile && count <= kLongestFile) context.diagnostic(`${path}: ${count} lines, more than ${kLongFile}`);
  }
});
