// The side of a command that faces the terminal: it runs the command in a thread, so that Ctrl+C is heard while the network
// runs, which leaves its own thread no time to listen.
//
// Ctrl+C first asks the command to stop, if it said that it listens; one that does not stop within kGrace, or is asked
// twice, is ended with everything it holds. A command that listens writes its files at its end, so nothing of it is written then.
import process, { exit, stderr, stdout } from 'node:process';
import { Worker, parentPort, workerData } from 'node:worker_threads';

/** For so long a command may go on after the first Ctrl+C, milliseconds. */
const kGrace = 2000;
/** As shells have it for a program that Ctrl+C ended. */
export const kCancelled = 130;

/**
 * Runs a command and ends the process with its exit status.
 * @param {URL} script what the thread runs; it ends with process.exit(status)
 * @param {string[]} words the command's arguments
 */
export function runInThread(script, words) {
  const thread = new Worker(script, { argv: words, workerData: { cxr: true, hasTerminal: Boolean(stderr.isTTY), columns: stderr.columns } });
  let listens = false;
  let asked = false;
  /** @param {number} status */
  const finish = (status) => stderr.write('', () => stdout.write('', () => exit(status)));
  const end = () => {
    stderr.write(`cxr: cancelled${listens ? '; nothing was written' : ''}.\n`, () => exit(kCancelled));
  };
  thread.on('message', () => { listens = true; });
  thread.once('exit', finish);
  thread.once('error', (error) => {
    stderr.write(`cxr: ${error?.message ?? error}\n`);
    finish(1);
  });
  process.on('SIGINT', () => {
    if (asked || !listens) return end();
    asked = true;
    thread.postMessage('stop');
    return setTimeout(end, kGrace).unref();
  });
  // A reader such as head may close the pipe early; that is no failure of ours.
  stdout.on('error', (error) => exit(error.code === 'EPIPE' ? 0 : 1));
}

/** In the thread: whether it is one that runInThread() started. */
export const isCommandThread = Boolean(workerData?.cxr);
/** In the thread: whether its messages go to a terminal, which can take a line back. */
export const hasTerminal = Boolean(workerData?.hasTerminal);
export const terminalColumns = workerData?.columns || 80;

/** In the thread: `stop` is called at the first Ctrl+C. @param {() => void} stop */
export function onInterrupt(stop) {
  parentPort?.once('message', stop);
  parentPort?.postMessage('listens');
}
