// DICOM in the real page: its libraries load under the page's policy, from this site only and only when needed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { pageTests } from './support/browser.mjs';

const onPage = pageTests({ query: '?backend=wasm' });

const fixture = (name) => ({ name, bytes: readFileSync(new URL(`../fixtures/dicom/${name}`, import.meta.url)) });
const kFiles = ['explicit.dcm', 'deflated.dcm', 'jpeg2000.dcm', 'jpeg.dcm', 'error_report.dcm'];

onPage('dropped DICOM files become films, and what holds no picture says what it is', {}, async (page) => {
  await page.drop(kFiles.map(fixture));
  const state = await page.until((now) => now.films.length === kFiles.length
    && now.films.every(({ status }) => !['queued', 'waiting', 'analysing'].includes(status)));
  // Far too small for the network: shown, not analysed.
  assert.deepEqual(state.films.map(({ status }) => status), ['refused', 'refused', 'refused', 'refused', 'unreadable']);
  assert.match(state.films[4].headline + state.films[4].error?.message, /structured report/);
});

onPage('a decoder whose script does not come: the page says that a part of it is missing, and not that the file is at fault',
  { routes: { 'dicom/dicom.worker.js': (route) => route.fulfill({ status: 404 }) } }, async (page) => {
    await page.drop([fixture('explicit.dcm')]);
    const { films: [film] } = await page.until(({ films }) => films[0]?.status === 'unreadable');
    assert.equal(film.error.code, 'download-failed');
    assert.match(film.error.message, /reads DICOM files could not be loaded/);
    assert.doesNotMatch(film.error.hint, /PNG/);
  });

const kHangs = (route) => route.fulfill({ contentType: 'text/javascript', body: 'export default () => { for (;;); };' });

onPage('a decoder that hangs is ended within 20 seconds; the other films stay and the next one is read',
  { routes: { 'vendor/dicom/openjpegwasm_decode.mjs': kHangs } }, async (page) => {
    await page.drop(['explicit.dcm', 'jpeg2000.dcm', 'jpeg.dcm'].map(fixture));
    const state = await page.until((now) => now.films.length === 3
      && now.films.every(({ status }) => ['refused', 'unreadable'].includes(status)));
    assert.deepEqual(state.films.map(({ status }) => status), ['refused', 'unreadable', 'refused']);
    assert.equal(state.films[1].error.code, 'decoder-timeout');
    assert.match(state.films[1].error.message, /18 seconds/);
  });
