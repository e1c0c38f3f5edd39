// Explaining a finding by other methods in the real page: a map of another size over the film, in words, checked, exported,
// cancelled. Processor backend, a film made on the spot.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';

import { kForDrawnFilms, keepScreenshot, launchBrowser, openPage, screenPixels } from './support/browser.mjs';
import { makeChest } from './support/images.mjs';

let browser;
before(async () => { browser = await launchBrowser(); });
after(() => browser?.close());

const kPhone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

/** The page with one analysed film and its first finding pinned. */
async function explaining(options, body) {
  const page = await openPage(browser, { query: kForDrawnFilms, ...options });
  try {
    await page.drop([{ name: 'chest.png', bytes: makeChest(512, [0.3, 0.6]) }]);
    let state = await page.until(({ films, methods }) => films[0]?.status === 'analysed' && methods.length > 1);
    await page.act({ type: 'pin', finding: state.findings[0].id });
    state = await page.until(({ overlay, view }) => overlay.visible && view.pixels);
    await body(page, state);
    assert.deepEqual(page.faults, []);
    assert.deepEqual(await page.violations(), []);
  } finally {
    await page.close();
  }
}

/** What is not the evidence and does not take for ever here. */
const quickest = (methods, fits = () => true) => methods.filter((one) => one.id !== 'evidence' && fits(one))
  .sort((a, b) => a.requests - b.requests)[0];

test('another method draws its own map, says what it shows, and is remembered', async () => {
  await explaining({}, async (page, before) => {
    assert.equal(before.explanation.method, 'evidence');
    const evidence = await screenPixels(page.page, before.view.area);
    const method = quickest(before.methods);
    await page.act({ type: 'choose-method', method: method.id });
    await page.until(({ explanation }) => explanation.method === method.id && explanation.status !== 'known');
    const state = await page.until(({ explanation }) => explanation.status === 'done');
    assert.equal(state.explanation.drawn, method.id);
    assert.ok(state.explanation.sentence.length > 10, state.explanation.sentence);
    assert.ok(state.explanation.size.every((side) => side >= 2), state.explanation.size);
    assert.ok(state.explanation.scale > 0);
    for (const [x, y, width, height] of state.explanation.boxes) {
      assert.ok(x >= -1 && y >= -1 && x + width <= 513 && y + height <= 513, 'regions lie on the film');
    }
    if (state.findings[0].state === 'below') assert.ok(state.explanation.notes.some((note) => /below its threshold/.test(note)));
    assert.notDeepEqual(await screenPixels(page.page, state.view.area), evidence, 'the map is another one');
    await page.page.locator('#mirror').getByText(state.explanation.sentence).first().waitFor({ state: 'attached' });
    await page.act({ type: 'contour', visible: true });
    await page.until(({ overlay }) => overlay.contour);
    await keepScreenshot(page.page, 'explanation-desktop');

    await page.act({ type: 'choose-method', method: 'evidence' });
    await page.until(({ explanation }) => explanation.drawn === 'evidence');
    await page.act({ type: 'choose-method', method: method.id });
    const again = await page.until(({ explanation }) => explanation.method === method.id);
    assert.equal(again.explanation.status, 'done', 'switching back needs no work');

    const names = [];
    page.page.on('download', (download) => names.push(download.suggestedFilename()));
    const [first] = await Promise.all([page.page.waitForEvent('download', (one) => one.suggestedFilename().endsWith('.npy')),
      page.act({ type: 'command', id: 'export-map' })]);
    const numbers = readFileSync(await first.path());
    assert.equal(numbers.toString('latin1', 1, 6), 'NUMPY');
    assert.match(first.suggestedFilename(), new RegExp(`^chest\\.${state.findings[0].id}\\.${method.id}\\.`));
  });
});

test('a long explanation is cancelled, says so, and the film is as before', async () => {
  await explaining({}, async (page, { methods }) => {
    const long = [...methods].sort((a, b) => b.requests - a.requests)[0];
    await page.act({ type: 'choose-method', method: long.id });
    await page.until(({ explanation }) => explanation.status === 'running' && explanation.done > 0);
    await page.act({ type: 'command', id: 'method' });
    await page.until(({ popup }) => popup === 'method');
    await keepScreenshot(page.page, 'explanation-methods');
    await page.act({ type: 'command', id: 'clear' });
    await page.act({ type: 'command', id: 'cancel' });
    const state = await page.until(({ explanation, progress }) => explanation.status === 'cancelled' && !progress.busy);
    assert.match(state.explanation.error.message, /was cancelled/);
    assert.equal(state.explanation.drawn, 'evidence');
    assert.equal(state.films[0].status, 'analysed');
  });
});

test('on a phone the same is said in the sheet', async () => {
  await explaining({ context: kPhone }, async (page, { methods }) => {
    await page.act({ type: 'choose-method', method: quickest(methods).id });
    await page.until(({ explanation }) => explanation.status === 'done');
    await keepScreenshot(page.page, 'explanation-phone');
  });
});
