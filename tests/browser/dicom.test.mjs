// DICOM in the real page: its libraries load under the page's policy, from this site only and only when needed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { pageTests, screenPixels } from './support/browser.mjs';
import { readPng } from './support/images.mjs';

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

onPage('what the file draws over the picture is shown on a key, and not before', {}, async (page) => {
  await page.drop([{ name: 'drawing.dcm', bytes: readFileSync(new URL('../fixtures/dicom_faults/overlay_over_a_corner.dcm', import.meta.url)) }]);
  const opened = await page.until(({ view }) => view?.pixels);
  assert.equal(opened.view.drawing, false);
  const { source_to_screen: [a, b, c, d, e, f] } = opened.view;
  /** The greys of the six pixels of the first row. */
  const firstRow = async () => {
    const greys = [];
    for (let x = 0; x < 6; x += 1) {
      const place = { x: a * (x + 0.5) + b * 0.5 + c, y: d * (x + 0.5) + e * 0.5 + f };
      const { at } = readPng(await screenPixels(page.page, { x: place.x - 2, y: place.y - 2, width: 4, height: 4 }));
      greys.push(at(2, 2)[0]);
    }
    return greys;
  };
  const plain = await firstRow();
  assert.ok(plain[4] < 250 && plain[5] < 250, String(plain));
  await page.page.keyboard.press('|');
  await page.until(({ view }) => view?.drawing === true);
  const drawn = await firstRow();
  // The film is drawn with straight lines between its pixels: beside the drawing a grey level comes through.
  plain.slice(0, 4).forEach((grey, x) => assert.ok(Math.abs(drawn[x] - grey) <= 2, `${drawn} ${plain}`));
  assert.ok(drawn[4] >= 253 && drawn[5] >= 253, String(drawn));
  await page.page.keyboard.press('|');
  await page.until(({ view }) => view?.drawing === false);
  assert.deepEqual(await firstRow(), plain);
});
