// DICOM in the real page: its libraries load under the page's policy, from this site only and only when needed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { launchBrowser, openPage } from './support/browser.mjs';

let browser;
before(async () => { browser = await launchBrowser(); });
after(() => browser?.close());

const fixture = (name) => ({ name, bytes: readFileSync(new URL(`../fixtures/dicom/${name}`, import.meta.url)) });
const kFiles = ['explicit.dcm', 'deflated.dcm', 'jpeg2000.dcm', 'jpeg.dcm', 'error_report.dcm'];

test('dropped DICOM files become films, and what holds no picture says what it is', async () => {
  const page = await openPage(browser, { query: '?backend=wasm' });
  try {
    await page.drop(kFiles.map(fixture));
    const state = await page.until((now) => now.films.length === kFiles.length
      && now.films.every(({ status }) => !['queued', 'waiting', 'analysing'].includes(status)));
    // Far too small for the network: shown, not analysed.
    assert.deepEqual(state.films.map(({ status }) => status), ['refused', 'refused', 'refused', 'refused', 'unreadable']);
    assert.match(state.films[4].headline + state.films[4].error?.message, /structured report/);
    assert.deepEqual(page.faults, []);
    assert.deepEqual(await page.violations(), []);
  } finally {
    await page.close();
  }
});

test('a decoder that hangs is ended within 20 seconds; the other films stay and the next one is read', { timeout: 120_000 }, async () => {
  const hangs = (route) => route.fulfill({ contentType: 'text/javascript', body: 'export default () => { for (;;); };' });
  const page = await openPage(browser, { query: '?backend=wasm', routes: { 'vendor/dicom/openjpegwasm_decode.mjs': hangs } });
  try {
    await page.drop(['explicit.dcm', 'jpeg2000.dcm', 'jpeg.dcm'].map(fixture));
    const state = await page.until((now) => now.films.length === 3
      && now.films.every(({ status }) => ['refused', 'unreadable'].includes(status)));
    assert.deepEqual(state.films.map(({ status }) => status), ['refused', 'unreadable', 'refused']);
    assert.equal(state.films[1].error.code, 'decoder-timeout');
    assert.match(state.films[1].error.message, /18 seconds/);
    assert.deepEqual(page.faults, []);
  } finally {
    await page.close();
  }
});
