// Ctrl+C while WebAssembly runs and never ends: the command ends all the same, with the status of shells and a word.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { execPath } from 'node:process';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const kHanging = fileURLToPath(new URL('hanging_thread.mjs', import.meta.url));

/** Interrupts it so often, once it hangs. @returns {Promise<{status: number, err: string, seconds: number}>} */
async function interrupt(words, times) {
  const child = spawn(execPath, [kHanging, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let err = '';
  child.stderr.on('data', (part) => { err += part; });
  const ended = new Promise((resolve) => { child.once('close', resolve); });
  await new Promise((resolve) => { child.stdout.once('data', resolve); });
  await pause(1000);
  const start = performance.now();
  for (let time = 0; time < times; time += 1) {
    child.kill('SIGINT');
    await pause(100);
  }
  return { status: await ended, err, seconds: (performance.now() - start) / 1000 };
}

for (const [title, words, times, most, said] of [
  ['a command that does not listen ends at once', [], 1, 1.8, /^cxr: cancelled\.$/m],
  ['one that listens and hangs ends after a moment', ['listens'], 1, 10, /cancelled; nothing was written/],
  ['asked twice it ends at once', ['listens'], 2, 1.8, /cancelled; nothing was written/],
]) {
  test(title, { timeout: 60_000 }, async () => {
    const { status, err, seconds } = await interrupt(words, times);
    assert.equal(status, 130, err);
    assert.match(err, said);
    assert.ok(seconds < most, `${seconds} s`);
  });
}
