// Runs the command line as a script would: another process, its output and exit status.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

const inRepository = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export const kSite = process.env.CHESTLIGHT_SITE || inRepository('build/web/site');
export const kCxr = inRepository('tools/cxr.mjs');
export const kExamples = inRepository('web/examples');
export const kImages = inRepository('tests/fixtures/images');

/** For node:test's `skip`: false, or why these tests cannot run. */
export const notBuilt = existsSync(join(kSite, 'engine.mjs')) && existsSync(join(kSite, 'models/index.json')) ? false
  : `there is no page with a model at ${kSite}; build it: cmake --build --preset web --target site`;

/** @returns {{status: number, out: string, err: string}} */
export function cxr(...args) {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [kCxr, ...args], {
    encoding: 'utf8', env: { ...process.env, CHESTLIGHT_SITE: kSite }, maxBuffer: 1 << 28,
  });
  if (error) throw error;
  return { status, out: stdout, err: stderr };
}

/** A folder for this test file's outputs, removed at its end. */
export function scratchFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'chestlight-cli-'));
  after(() => rmSync(folder, { recursive: true }));
  return folder;
}

export const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** Rows of a CSV file (RFC 4180): written apart from the program, to judge it. */
export function parseCsv(text) {
  const rows = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
  for (let match; pattern.lastIndex < text.length && (match = pattern.exec(text));) {
    rows.at(-1).push(match[1] === undefined ? match[2] : match[1].replaceAll('""', '"'));
    if (match[3] === '\r\n' && pattern.lastIndex < text.length) rows.push([]);
    if (match[3] === '') break;
  }
  return rows;
}
