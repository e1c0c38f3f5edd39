// tests/faults/README.md says of every fault which test shows what the program does: each test that it names must exist, under that
// name, in that file.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const inRepository = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const kTable = 'tests/faults/README.md';

/** @returns {{fault: string, does: string, tests: {path: string, name: string}[]}[]} */
function readRows(markdown) {
  return markdown.split('\n').filter((line) => /^\| (?!---|fault )/.test(line)).map((line) => {
    const cells = line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim());
    assert.equal(cells.length, 3, line);
    const tests = [...cells[2].matchAll(/`([^`]+)`: “([^”]+)”/g)].map(([, path, name]) => ({ path, name }));
    return { fault: cells[0], does: cells[1], tests };
  });
}

/** Why a row does not hold; empty where it does. */
function complaintsOf({ fault, does, tests }, read) {
  if (!does || !tests.length) return [`${fault}: it names no test`];
  return tests.flatMap(({ path, name }) => {
    const text = read(path);
    if (text === null) return [`${fault}: there is no ${path}`];
    return text.replaceAll("\\'", "'").includes(name) ? [] : [`${fault}: ${path} has no test “${name}”`];
  });
}

const read = (path) => (existsSync(inRepository(path)) ? readFileSync(inRepository(path), 'utf8') : null);

test('every test that the table of faults names is there', (t) => {
  const rows = readRows(read(kTable));
  assert.ok(rows.length > 40, `${rows.length} rows`);
  const complaints = rows.flatMap((row) => complaintsOf(row, read));
  assert.equal(complaints.length, 0, `\n${complaints.join('\n')}`);
  t.diagnostic(`${rows.length} faults, ${rows.reduce((sum, { tests }) => sum + tests.length, 0)} tests named`);
});

test('a row without a test, with a file that is gone, or a name that is, is noticed', () => {
  const files = { 'a.mjs': "test('the page\\'s words stay', () => {});" };
  const complaints = (line) => readRows(line).flatMap((row) => complaintsOf(row, (path) => files[path] ?? null));
  assert.equal(complaints("| a fault | it is said | `a.mjs`: “the page's words stay” |").length, 0);
  assert.match(complaints('| a fault | it is said | by hand |')[0], /names no test/);
  assert.match(complaints('| a fault | it is said | `b.mjs`: “words” |')[0], /no b\.mjs/);
  assert.match(complaints('| a fault | it is said | `a.mjs`: “other words” |')[0], /no test/);
});
