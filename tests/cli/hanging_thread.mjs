// A command whose WebAssembly never ends, as a network with an endless loop has it; started by terminal.test.mjs.
import { argv } from 'node:process';
import { runInThread, isCommandThread, onInterrupt } from '../../tools/cxr/terminal.mjs';

/** (module (func (export "f") (loop (br 0)))) */
const kEndless = new Uint8Array([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 0x66, 0, 0, 10, 9, 1, 7, 0,
  0x03, 0x40, 0x0c, 0, 0x0b, 0x0b]);

if (isCommandThread) {
  if (argv[2] === 'listens') onInterrupt(() => {});
  const { instance } = await WebAssembly.instantiate(kEndless);
  setTimeout(instance.exports.f, 100);
  process.stdout.write('running\n');
} else {
  runInThread(new URL(import.meta.url), argv.slice(2));
}
