// One copy of the built page whose files can be damaged one after another, with a server and a tab for all of them: much quicker
// than a browser context for each. Nothing of the built page is changed.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startServer } from '../../../tools/serve.mjs';
import { kForDrawnFilms, kSite, visitPage } from './browser.mjs';
import { copySite } from './site.mjs';

/** What may become of a file on the way: the bytes that are there instead, or null for none. */
export const kDamages = {
  missing: null,
  'a web page': () => Buffer.from('<!doctype html><title>Log in</title>'),
  'cut short': (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)),
};

/** @param {import('playwright-core').Browser} browser */
export async function openDamageableSite(browser) {
  const site = copySite({});
  const server = await startServer({ root: site.root, port: 0 });
  const context = await browser.newContext({ serviceWorkers: 'block', acceptDownloads: true });
  const address = server.url + kForDrawnFilms;
  const tab = await visitPage(context, address);
  return {
    ...tab, root: site.root,
    /**
     * Loads the page with one file damaged; the site is whole again afterwards.
     * @param {string} path inside the site
     * @param {((bytes: Buffer) => Uint8Array)|null} change
     * @param {() => Promise<void>} body
     */
    async withDamaged(path, change, body) {
      const file = join(site.root, path);
      renameSync(file, `${file}.whole`);
      if (change) writeFileSync(file, change(readFileSync(join(kSite, path))));
      try {
        await tab.page.goto(address);
        await body();
      } finally {
        rmSync(file, { force: true });
        renameSync(`${file}.whole`, file);
      }
    },
    async close() {
      await context.close();
      await server.close();
      site.remove();
    },
  };
}
