// DICOM for tests: the libraries as the site ships them, in a folder of their own, and the committed files.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { dicomFiles } from '../../tools/site/dicom.mjs';
import { DicomLibraries } from '../../web/dicom/libraries.js';

const inRepository = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const kModules = inRepository('node_modules');

/** For node:test's `skip`: false, or why these tests cannot run. */
export const notInstalled = existsSync(join(kModules, '@cornerstonejs')) ? false
  : 'the DICOM packages are not installed: run tools/setup (or npm ci)';

/** `loaded` counts what was asked for, by file. */
export function stageLibraries() {
  const folder = mkdtempSync(join(tmpdir(), 'chestlight-dicom-'));
  after(() => rmSync(folder, { recursive: true }));
  for (const { path, from, text } of dicomFiles(kModules)) {
    if (from) copyFileSync(from, join(folder, path));
    else writeFileSync(join(folder, path), text);
  }
  const loaded = [];
  const read = async (url) => {
    loaded.push(url.pathname.split('/').pop());
    return new Uint8Array(await readFile(url));
  };
  const base = pathToFileURL(join(folder, '/'));
  return { loaded, base, libraries: new DicomLibraries({ base, read }), fresh: () => new DicomLibraries({ base, read }) };
}

const kFixtures = inRepository('tests/fixtures/dicom');

/** @returns {{name: string, bytes: Uint8Array, values: number[]|null}[]} null: must end in an error */
export function dicomFixtures() {
  const expected = JSON.parse(readFileSync(join(kFixtures, 'expected.json'), 'utf8'));
  return Object.entries(expected).map(([name, values]) => (
    { name, values, bytes: new Uint8Array(readFileSync(join(kFixtures, name))) }));
}

/** Files with faults; tests/web/dicom_faults.test.mjs says what is right. @returns {{name: string, bytes: Uint8Array}[]} */
export function faultyFixtures() {
  const folder = inRepository('tests/fixtures/dicom_faults');
  return readdirSync(folder).filter((name) => name.endsWith('.dcm')).sort()
    .map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(folder, name))) }));
}

/** Of stored values, each as a little-endian integer of 32 bits. */
export function sha256(values) {
  return createHash('sha256').update(new Uint8Array(Int32Array.from(values).buffer)).digest('hex');
}

/** Rows of a table with a line of names. @returns {Object<string, string>[]} */
export function readTable(path) {
  const [head, ...rows] = readFileSync(path, 'utf8').trim().split('\n').map((line) => line.split('\t'));
  return rows.map((row) => Object.fromEntries(head.map((name, column) => [name, row[column]])));
}
