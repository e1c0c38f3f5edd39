// JavaScript: its types, as comments and the contract say them, and ESLint's rules (tools/lint).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeContractTypes } from '../../tools/lint/contract_types.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A program of node_modules. @returns {{status: number, said: string}} `said`: its first lines */
function run(program, words, input) {
  const { status, stdout, stderr } = spawnSync(execPath, [join(root, 'node_modules', program), ...words], { cwd: root, input, encoding: 'utf8' });
  return { status, said: (stdout + stderr).split('\n').slice(0, 30).join('\n') };
}

const checkTypes = (project) => run('typescript/bin/tsc', ['--project', project, '--pretty', 'false']);
const eslint = (...words) => ['--config', 'tools/lint/eslint.config.mjs', ...words];

test('the types of the page and of the command line hold', () => {
  makeContractTypes();
  const { status, said } = checkTypes('tools/lint');
  assert.equal(status, 0, `\n${said}`);
});

test('a message that lacks a field of the contract, a value without a type and a wrong call are noticed', () => {
  makeContractTypes();
  mkdirSync(join(root, 'build/lint'), { recursive: true });
  const folder = mkdtempSync(join(root, 'build/lint/wrong-'));
  try {
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../../tools/lint/tsconfig.json',
      compilerOptions: { incremental: false, tsBuildInfoFile: null }, include: ['wrong.js'] }));
    writeFileSync(join(folder, 'wrong.js'), `/** @type {import('../../../web/shared/protocol.js').FromWorker} */
export const message = { type: 'film-failed', id: 1 };
export const twice = (value) => value + value;
/** @param {import('../../../web/worker/engine_methods.js').Caller} engine */
export const open = (engine) => engine.call('open', { id: 1 });
`);
    const { status, said } = checkTypes(folder);
    assert.notEqual(status, 0);
    assert.match(said, /wrong\.js\(2,.*: error TS\d+:/);
    assert.match(said, /'error' is missing/);
    assert.match(said, /wrong\.js\(3,.*'value' implicitly has an 'any' type/);
    assert.match(said, /wrong\.js\(5,.*'id' does not exist/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('ESLint finds no fault', () => {
  const { status, said } = run('eslint/bin/eslint.js', eslint('--cache', '--cache-location', 'build/lint/eslint'));
  assert.equal(status, 0, `\n${said}`);
});

test('a fault is noticed by ESLint', () => {
  const { status, said } = run('eslint/bin/eslint.js', eslint('--stdin', '--stdin-filename', 'web/wrong.js'), 'if (name == 1) absent();\n');
  assert.notEqual(status, 0);
  assert.match(said, /eqeqeq/);
  assert.match(said, /'absent' is not defined/);
});
