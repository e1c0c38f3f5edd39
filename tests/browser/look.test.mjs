// How the page looks: crisp at any pixel ratio, laid out for desktop and phone. The pictures are kept for a person to
// look at when CHESTLIGHT_SCREENSHOTS names a folder.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { keepScreenshot, launchBrowser, openPage, screenPixels } from './support/browser.mjs';
import { readPng } from './support/images.mjs';

let browser;
before(async () => { browser = await launchBrowser(); });
after(() => browser?.close());

const kDevices = [
  ['desktop', { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 }],
  ['desktop-dense', { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 }],
  ['phone', { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3, hasTouch: true, isMobile: true }],
];

/** Largest step of brightness from one device pixel to the next in a part of the screen, 0..255. */
function sharpest(png) {
  const picture = readPng(png);
  let step = 0;
  for (let y = 0; y < picture.height; y += 1) {
    for (let x = 1; x < picture.width; x += 1) {
      step = Math.max(step, Math.abs(picture.at(x, y)[1] - picture.at(x - 1, y)[1]));
    }
  }
  return step;
}

for (const [name, context] of kDevices) {
  test(`${name}: sharp, nothing out of place, empty and with a film`, async () => {
    const page = await openPage(browser, { query: '?backend=wasm', context });
    try {
      await page.ready();
      await keepScreenshot(page.page, `${name}-empty`);
      const size = await page.page.evaluate(() => {
        const { width, height } = document.querySelector('#screen');
        return { width, height, ratio: devicePixelRatio, inner: [innerWidth, innerHeight],
          scrolls: document.documentElement.scrollWidth > innerWidth };
      });
      assert.equal(size.width, Math.round(size.inner[0] * size.ratio));
      assert.equal(size.height, Math.round(size.inner[1] * size.ratio));
      assert.equal(size.scrolls, false);
      // The page's name, in the medium weight: letters drawn at another density and enlarged have soft edges.
      const edge = sharpest(await screenPixels(page.page, { x: 0, y: 0, width: 80, height: 40 }));
      assert.ok(edge > 150, `letters are soft: ${edge}`);
      const { examples } = await page.page.evaluate(async () => {
        const answer = await fetch('examples/index.json');
        const list = answer.ok ? await answer.json() : [];
        return { examples: list.films ?? list };
      });
      const example = examples.find(({ file }) => file.startsWith('cardiomegaly')) ?? examples[0];
      await page.act({ type: 'open-example', file: example.file });
      let state = await page.until(({ films }) => films[0]?.status === 'analysed');
      await keepScreenshot(page.page, `${name}-findings`);
      await page.act({ type: 'pin-finding', id: state.findings[0].id });
      await page.act({ type: 'set-contour', visible: true });
      state = await page.until(({ overlay, view }) => overlay.visible && view.pixels);
      const { area } = state.view;
      assert.ok(area.width >= context.viewport.width * 0.4 && area.height >= context.viewport.height * 0.3, 'the film is large');
      assert.ok(area.x >= 0 && area.x + area.width <= context.viewport.width + 1);
      await keepScreenshot(page.page, `${name}-map`);
    } finally {
      await page.close();
    }
  });
}
