// cxr predict in several processes: each has every N-th film, with an engine and a network of its own, and what they found is put
// together in the order of the films.
import { spawn } from 'node:child_process';
import { execPath, stderr } from 'node:process';
import { fileURLToPath } from 'node:url';
import { failure } from '../../web/shared/errors.js';
import { UsageError } from './arguments.mjs';

const kCommand = fileURLToPath(new URL('../cxr.mjs', import.meta.url));
/** More processes than this share no machine well. */
export const kMostJobs = 64;

/** @typedef {{job: number, jobs: number}} Share @param {string|undefined} text "2/4" @returns {Share|null} */
export function readShare(text) {
  if (text === undefined) return null;
  const [, job, jobs] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (!(job >= 1 && job <= jobs && jobs <= kMostJobs)) throw new UsageError(`--share ${text}: expected K/N, K from 1 to N.`);
  return { job, jobs };
}

/** @template T @param {T[]} all @param {Share|null} share @returns {T[]} */
export const shareOf = (all, share) => (share ? all.filter((_, index) => index % share.jobs === share.job - 1) : all);

/**
 * What every process says of the whole is told once.
 * @typedef {import('../../web/shared/contract.js').Written<import('../../web/shared/contract.js').FilmRecord>} FilmRecord
 *
 * @param {string[]} options of cxr predict, without those that say what is written
 * @param {string[]} names of files
 * @param {number} jobs
 * @returns {Promise<FilmRecord[]>} in the order of the films
 * @throws {EngineError} one could not go on
 */
export async function predictInShares(options, names, jobs) {
  const ended = await Promise.all(Array.from({ length: jobs }, (_, index) => runShare([...options, '--share', `${index + 1}/${jobs}`], names)));
  const failed = ended.find(({ status }) => status !== 0 && status !== 3);
  if (failed) throw failure('stopped', failed.said.replace(/^cxr: /, '').trim() || `One of ${jobs} processes stopped (${failed.status}).`, '');
  for (const said of new Set(ended.map((one) => one.said))) stderr.write(said);
  /** @type {FilmRecord[][]} */
  const found = ended.map(({ output }) => JSON.parse(output));
  const most = Math.max(...found.map(({ length }) => length));
  return Array.from({ length: most }, (_, row) => found.flatMap((own) => own.slice(row, row + 1))).flat();
}

/** @param {string[]} options @param {string[]} names @returns {Promise<{status: number, output: string, said: string}>} */
function runShare(options, names) {
  return new Promise((resolve, reject) => {
    const child = spawn(execPath, [kCommand, 'predict', '-', '--json', ...options], { stdio: ['pipe', 'pipe', 'pipe'] });
    /** @type {Buffer[]} */
    const output = [];
    /** @type {Buffer[]} */
    const said = [];
    child.stdout.on('data', (part) => output.push(part));
    child.stderr.on('data', (part) => said.push(part));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status: status ?? 1, output: Buffer.concat(output).toString(), said: Buffer.concat(said).toString() }));
    child.stdin.on('error', () => {});  // it ended before it read them, and says why
    child.stdin.end(names.map((name) => `${name}\0`).join(''));
  });
}
