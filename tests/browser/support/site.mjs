// Copies of the built page that differ from it in a few files, for tests of what the page does with such a site.
//
// A copy is a folder of links to the built files, with the changed ones in place of their links. Nothing of the built page is
// changed.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { kSite } from './browser.mjs';

/** `text` where `bytes` are given as a string. */
const asBytes = (content) => Buffer.from(content);

/**
 * @param {Object<string, string|Uint8Array|null|((bytes: Buffer) => string|Uint8Array)>} changes by path inside the site; null for
 *   a file that is missing
 * @param {{listed?: boolean, version?: string}} [options] `listed`: assets.json names the changed files, as a new version of
 *   the site would; otherwise it names those that were there before, as with a site that was copied incompletely
 * @returns {{root: string, remove: () => void}}
 */
export function copySite(changes, { listed = false, version = 'changed' } = {}) {
  const root = mkdtempSync(join(tmpdir(), 'chestlight-site-'));
  const contents = new Map(Object.entries(changes).map(([path, change]) => [path,
    typeof change === 'function' ? asBytes(change(readFileSync(join(kSite, path)))) : change === null ? null : asBytes(change)]));
  if (listed) contents.set('assets.json', asBytes(JSON.stringify(listChanged(contents, version))));
  linkFolder('', root, contents);
  for (const [path, bytes] of contents) {
    if (bytes === null) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), bytes);
  }
  return { root, remove: () => rmSync(root, { recursive: true }) };
}

function linkFolder(folder, root, contents) {
  for (const entry of readdirSync(join(kSite, folder), { withFileTypes: true })) {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isDirectory()) {
      mkdirSync(join(root, path));
      linkFolder(path, root, contents);
    } else if (!contents.has(path)) {
      symlinkSync(join(kSite, path), join(root, path));
    }
  }
}

function listChanged(contents, version) {
  const list = JSON.parse(readFileSync(join(kSite, 'assets.json'), 'utf8'));
  for (const [path, bytes] of contents) {
    const asset = list.assets.find((one) => one.path === path);
    if (!asset) throw new Error(`${path} is in no list of files`);
    if (bytes) Object.assign(asset, { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
  }
  return { ...list, version, assets: list.assets.filter(({ path }) => contents.get(path) !== null) };
}
