// Which compilers set-up takes: those that are known to build this, and no others.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const parts = fileURLToPath(new URL('../../tools/setup.d', import.meta.url));
const suits = (version) => spawnSync('bash', ['-c', `source "$1/common.sh"; source "$1/emscripten.sh"; emscripten_suits "$2"`, 'test', parts, version],
  { env: { PATH: process.env.PATH, TOOLCHAIN: '/nowhere', CACHE: '/nowhere', PARTS: parts } }).status === 0;

for (const [version, wanted] of [['', false], ['3.1.6', false], ['3.1.68', false], ['3.1.69', true], ['4.0.10', true], ['6.0.5', true],
  ['6.0.6', false], ['6.1', false], ['10.0.0', false]]) {
  test(`emcc ${version || 'of unknown version'} is ${wanted ? 'used' : 'passed over'}`, () => assert.equal(suits(version), wanted));
}

/** Packages that set-up asks for on a machine that has none of the commands; what is there by another way than a command is left out. */
const asked = (browsers) => {
  const { stdout } = spawnSync('/bin/bash', ['-c', 'source "$1/system.sh"; browsers=$2; missing_browsers', 'test', parts, browsers],
    { env: { PATH: '/nowhere' }, encoding: 'utf8' });
  return stdout.trim().split(' ').filter((name) => name !== 'libgl1-mesa-dri');
};

test('two more browser engines are asked for only where their tests are to run', () => {
  assert.deepEqual(asked('0'), ['chromium']);
  assert.deepEqual(asked('1'), ['chromium', 'firefox-esr', 'webkit2gtk-driver', 'xvfb']);
});
