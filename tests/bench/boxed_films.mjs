// Films with boxes drawn by radiologists, out of the packs that tools/training reads: those of test patients only, so that
// no network that comes with the page has seen them.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const kTable = 'nih-labels.csv';
const kPack = 'nih-128.tar';
const kSeed = 15;                         // of the split, as models/*/card.md say
const kShares = [['train', 0.80], ['validation', 0.08], ['test', 0.12]];
/** What the table's boxes are measured in: pixels of a film of this side. */
export const kBoxScale = 1024;

/** 'train', 'validation' or 'test': the rule of tools/training/split.py. @param {string} patient */
export function partOf(patient, seed = kSeed) {
  const digest = createHash('sha256').update(`${seed}:${patient}`).digest();
  let place = Number(digest.readBigUInt64BE()) / 2 ** 64;
  for (const [name, share] of kShares) {
    if (place < share) return name;
    place -= share;
  }
  return kShares.at(-1)[0];
}

/** Rows of a CSV file with a head, as objects; quoted fields by RFC 4180. @param {string} text */
export function parseTable(text) {
  const rows = [];
  let row = [], field = '', quoted = false;
  const endField = () => { row.push(field); field = ''; };
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') field += c;
      else if (text[i + 1] === '"') { field += '"'; i += 1; } else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === ',') endField();
    else if (c === '\n') { endField(); rows.push(row); row = []; } else if (c !== '\r') field += c;
  }
  if (field || row.length > 0) { endField(); rows.push(row); }
  const [head, ...rest] = rows;
  return rest.map((values) => Object.fromEntries(head.map((name, index) => [name, values[index] ?? ''])));
}

/** Plain files of a tar archive by their last name. @param {Buffer} bytes */
export function readTar(bytes) {
  const files = new Map();
  for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0;) {
    const text = (from, length) => bytes.toString('latin1', at + from, at + from + length).split('\0')[0];
    const size = parseInt(text(124, 12).trim(), 8);
    if (!Number.isFinite(size)) throw new Error(`the archive is damaged at byte ${at}`);
    if (['0', '\0', ''].includes(text(156, 1))) files.set(text(0, 100).split('/').pop(), bytes.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

/**
 * One question each: where on this film is this finding? `finding` is null for opacities that readers of the RSNA
 * challenge boxed without naming them.
 * @typedef {{film: string, kind: string, finding: string|null, boxes: number[][]}} Case
 * @returns {{cases: Case[], bytes: Map<string, Buffer>, leftOut: string[]}}
 */
export function readBoxedFilms(folder) {
  for (const name of [kTable, kPack]) {
    if (!existsSync(join(folder, name))) {
      throw new Error(`${join(folder, name)} is missing: name the folder that holds ${kTable} and ${kPack} with --films`);
    }
  }
  const pack = readTar(readFileSync(join(folder, kPack)));
  const cases = [];
  const bytes = new Map();
  const leftOut = [];
  for (const row of parseTable(readFileSync(join(folder, kTable), 'utf8'))) {
    if ((!row.nih_boxes && !row.rsna_boxes_1024) || partOf(row.patient) !== 'test') continue;
    const film = pack.get(row.image) ?? pack.get(row.image.replace(/\.png$/, '.jpg'));
    if (!film) {
      leftOut.push(`${row.image}: not in ${kPack}`);
      continue;
    }
    bytes.set(row.image, film);
    const named = new Map();
    for (const [label, ...box] of JSON.parse(row.nih_boxes || '[]')) {
      const finding = label === 'Infiltrate' ? 'Infiltration' : label;
      named.set(finding, [...(named.get(finding) ?? []), box]);
    }
    for (const [finding, boxes] of named) cases.push({ film: row.image, kind: `NIH ${finding}`, finding, boxes });
    const opacities = JSON.parse(row.rsna_boxes_1024 || '[]');
    if (opacities.length > 0) cases.push({ film: row.image, kind: 'RSNA opacity', finding: null, boxes: opacities });
  }
  return { cases, bytes, leftOut };
}
