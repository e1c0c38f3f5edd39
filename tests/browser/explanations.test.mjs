// Explaining a finding by other methods in the real page: a map of another size over the film, in words, checked, exported,
// cancelled. Processor backend, a film made on the spot.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { keepScreenshot, pageTests, screenPixels } from './support/browser.mjs';
import { makeChest } from './support/images.mjs';

const kPhone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

const onPage = pageTests();
/** A test that begins with one analysed film and its first finding pinned. */
const explaining = (title, options, body) => onPage(title, options, async (page) => {
  await page.drop([{ name: 'chest.png', bytes: makeChest(512, [0.3, 0.6]) }]);
  const { findings } = await page.until(({ films, methods }) => films[0]?.status === 'analysed' && methods.length > 1);
  await page.act({ type: 'pin-finding', id: findings[0].id });
  await body(page, await page.until(({ overlay, view }) => overlay.visible && view.pixels));
});

/** One frame at 60 a second, milliseconds. */
const kFrame = 1000 / 60;

/** Switches to and fro: how long the page works for it, milliseconds, and whether the very next frame has the map. */
async function timeSwitches(page, methods) {
  return page.evaluate(async (list) => {
    const switches = [];
    for (let i = 0; i < 20; i += 1) {
      const method = list[i % list.length];
      const button = document.createElement('button');
      button.dataset.action = JSON.stringify({ type: 'choose-method', method });
      document.querySelector('#mirror').append(button);
      const start = performance.now();
      button.click();
      const milliseconds = performance.now() - start;
      button.remove();
      await new Promise((resolve) => requestAnimationFrame(() => resolve()));  // asked for after the page's own frame
      switches.push({ milliseconds, drawn: globalThis.chestlight.state.explanation.drawn === method });
    }
    return switches;
  }, methods);
}

/** What is not the evidence and does not take for ever here. */
const quickest = (methods, fits = () => true) => methods.filter((one) => one.id !== 'evidence' && fits(one))
  .sort((a, b) => a.requests - b.requests)[0];

explaining('another method draws its own map, says what it shows, and is remembered', {}, async (page, before) => {
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
  await page.act({ type: 'set-contour', visible: true });
  await page.until(({ overlay }) => overlay.contour);
  await keepScreenshot(page.page, 'explanation-desktop');

  await page.act({ type: 'choose-method', method: 'evidence' });
  await page.until(({ explanation }) => explanation.drawn === 'evidence');
  await page.act({ type: 'choose-method', method: method.id });
  const again = await page.until(({ explanation }) => explanation.method === method.id);
  assert.equal(again.explanation.status, 'done', 'switching back needs no work');
  const switches = await timeSwitches(page.page, ['evidence', method.id]);
  assert.ok(switches.every(({ drawn }) => drawn), 'known maps are in the very next frame');
  const usual = switches.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b)[switches.length / 2];
  assert.ok(usual < kFrame, `switching between known maps takes ${usual.toFixed(1)} ms, a frame ${kFrame.toFixed(1)}`);

  const names = [];
  page.page.on('download', (download) => names.push(download.suggestedFilename()));
  const [first] = await Promise.all([page.page.waitForEvent('download', (one) => one.suggestedFilename().endsWith('.npy')),
    page.act({ type: 'run-command', id: 'export-map' })]);
  const numbers = readFileSync(await first.path());
  assert.equal(numbers.toString('latin1', 1, 6), 'NUMPY');
  assert.match(first.suggestedFilename(), new RegExp(`^chest\\.${state.findings[0].id}\\.${method.id}\\.`));
});

explaining('a long explanation is cancelled, says so, and the film is as before', {}, async (page, { methods }) => {
  const long = [...methods].sort((a, b) => b.requests - a.requests)[0];
  await page.act({ type: 'choose-method', method: long.id });
  await page.until(({ explanation }) => explanation.status === 'running' && explanation.done > 0);
  await page.act({ type: 'run-command', id: 'method' });
  await page.until(({ popup }) => popup === 'method');
  await keepScreenshot(page.page, 'explanation-methods');
  await page.act({ type: 'run-command', id: 'clear' });
  await page.act({ type: 'run-command', id: 'cancel' });
  const state = await page.until(({ explanation, progress }) => explanation.status === 'cancelled' && !progress.busy);
  assert.match(state.explanation.error.message, /was cancelled/);
  assert.equal(state.explanation.drawn, 'evidence');
  assert.equal(state.films[0].status, 'analysed');
});

explaining('two methods and another finding side by side, in the same place and by the same gestures', { context: { viewport: { width: 1440, height: 900 } } }, async (page, first) => {
  const whole = first.view.area;
  await page.press('Keep this map beside the next one, or no longer (Shift+P)');
  let state = await page.until(({ kept, view }) => kept.length === 1 && view.area.width < whole.width);
  assert.equal(state.kept[0].drawn, true);
  const method = quickest(state.methods, ({ layers }) => layers.length === 0);
  await page.act({ type: 'choose-method', method: method.id });
  await page.until(({ explanation }) => explanation.status === 'done');
  await page.page.keyboard.press('Shift+P');
  await page.until(({ kept }) => kept.length === 2);
  await page.act({ type: 'pin-finding', id: state.findings[1].id });
  state = await page.until(({ kept, explanation }) => kept[1].drawn && explanation.finding === state.findings[1].id);
  assert.match(state.kept[1].name, new RegExp(method.name));
  const { area } = state.view;
  const right = { ...area, x: area.x + area.width };
  assert.notDeepEqual(await screenPixels(page.page, area), await screenPixels(page.page, right), 'each pane has its own map');
  await keepScreenshot(page.page, 'beside-desktop');

  // The wheel over a kept map zooms all of them about the point under the pointer.
  const at = { x: area.width * 0.6, y: area.height * 0.5 };
  const source = ({ source_to_screen: m }, x, y) => [(x - m[2]) / m[0], (y - m[5]) / m[4]];
  const under = source(state.view, area.x + at.x, area.y + at.y);
  await page.page.mouse.move(right.x + at.x, right.y + at.y);
  await page.page.mouse.wheel(0, -300);
  const zoomed = await page.until(({ view }) => !view.fitted);
  source(zoomed.view, area.x + at.x, area.y + at.y).forEach((value, axis) => assert.ok(Math.abs(value - under[axis]) < 0.5));
  await page.page.locator('#mirror').getByText('Beside it:').first().waitFor({ state: 'attached' });
  await page.press(`Close ${state.kept[0].name}`);
  await page.until(({ kept }) => kept.length === 1 && kept[0].method === method.id);
  await page.page.keyboard.press('Escape');
  await page.until(({ kept, view }) => kept.length === 0 && view.area.width === whole.width);
});

explaining('on a phone two maps stand side by side and are closed by a tap', { context: kPhone }, async (page, first) => {
  await page.act({ type: 'run-command', id: 'keep-map' });
  await page.act({ type: 'pin-finding', id: first.findings[1].id });
  const { view, kept } = await page.until((state) => state.kept.length === 1 && state.view.area.width < first.view.area.width);
  assert.equal(kept[0].drawn, true);
  await keepScreenshot(page.page, 'beside-phone');
  await page.page.touchscreen.tap(view.area.x + 2 * view.area.width - 30, view.area.y + 22);
  await page.until((state) => state.kept.length === 0);
});

explaining('on a phone the same is said in the sheet', { context: kPhone }, async (page, { methods }) => {
  await page.act({ type: 'choose-method', method: quickest(methods).id });
  await page.until(({ explanation }) => explanation.status === 'done');
  await keepScreenshot(page.page, 'explanation-phone');
});
