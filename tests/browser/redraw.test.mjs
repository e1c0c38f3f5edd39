// A frame draws only what it changes: the screen must look as if it had been drawn whole, after anything that a reader does.
// A page that comes back into sight is drawn whole; that is how these tests get the picture to compare with.
import assert from 'node:assert/strict';

import { pageTests } from './support/browser.mjs';
import { makeChest, makePng, readPng } from './support/images.mjs';

const onPage = pageTests();

/** Until several animation frames passed in which the page drew none. @returns {Promise<object>} the state then */
const settled = (page) => page.page.evaluate(async () => {
  const seen = () => globalThis.chestlight.state.frames;
  for (let last = seen(), still = 0; still < 6;) {
    await new Promise(requestAnimationFrame);
    still = seen() === last ? still + 1 : 0;
    last = seen();
  }
  return globalThis.chestlight.state;
});

/** How the mended screen differs from one drawn whole, in words; empty where it does not. */
async function difference(page) {
  await settled(page);
  const mended = await page.page.screenshot();
  const { pixels_drawn: before } = await page.state();
  await page.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await page.until(({ pixels_drawn: now }) => now > before);
  const { pixels_drawn: now } = await settled(page);
  const whole = await page.page.screenshot();
  const { width, height } = readPng(whole);
  const { viewport, ratio } = await page.page.evaluate(() => ({ viewport: [innerWidth, innerHeight], ratio: devicePixelRatio }));
  const [wide, high] = viewport.map((size) => Math.floor(size * ratio));
  assert.equal(now - before, wide * high, 'the whole screen was drawn, once');
  if (mended.equals(whole)) return '';
  const [a, b] = [readPng(mended), readPng(whole)];
  const places = [];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) if (`${a.at(x, y)}` !== `${b.at(x, y)}`) places.push([x, y]);
  }
  return places.length ? `${places.length} pixels, the first at ${places[0]}, the last at ${places.at(-1)}` : '';
}

const kScreens = [
  ['desktop', { viewport: { width: 1200, height: 760 }, deviceScaleFactor: 1 }],
  ['fractions of a pixel', { viewport: { width: 1101, height: 703 }, deviceScaleFactor: 1.25 }],
];

for (const [name, context] of kScreens) {
  onPage(`${name}: a mended screen is the whole one`, { context }, async (page) => {
    const { mouse, keyboard } = page.page;
    await page.ready();
    await page.drop([{ name: 'chest.png', bytes: makeChest(512, [0.3, 0.6]) },
      { name: 'bars.png', bytes: makePng(300, 700, (x, y) => (x * 5 + y) % 256) }]);
    const { view: { area } } = await page.until(({ films, view }) =>
      view?.pixels && films.length === 2 && films.every(({ status }) => ['analysed', 'refused'].includes(status)));
    const [x, y] = [area.x + area.width / 2, area.y + area.height / 2];
    const steps = {
      'a pointer over the tools': () => mouse.move(area.x + 190, area.y - 18),
      'a pointer over the findings': () => mouse.move(area.x + area.width + 90, 200),
      'a window under way': async () => {
        await mouse.move(x, y);
        await mouse.down();
        for (let step = 1; step < 20; step += 1) await mouse.move(x + step * 4, y - step * 2);
      },
      'a window let go': () => mouse.up(),
      'a zoom': () => mouse.wheel(0, -400),
      'a turn': () => page.act({ type: 'run-command', id: 'rotate-right' }),
      'an inversion': () => page.act({ type: 'run-command', id: 'invert' }),
      'the whole film': () => page.act({ type: 'run-command', id: 'fit' }),
      'a magnifier': async () => {
        await page.act({ type: 'run-command', id: 'tool-magnifier' });
        for (let step = 0; step < 5; step += 1) await mouse.move(x + step * 40, y);
      },
      'a magnifier beside the film': () => mouse.move(area.x + 40, area.y + 40),
      'no magnifier': () => page.act({ type: 'run-command', id: 'tool-magnifier' }),
      'the first film': async () => {
        const { films } = await page.state();
        await page.act({ type: 'select-film', id: films[0].id });
        await page.until(({ films: now, view }) => now[0].selected && view?.pixels);
      },
      'a map': async () => {
        const { findings } = await page.state();
        await page.act({ type: 'pin-finding', id: findings[0].id });
        await page.until(({ overlay }) => overlay.visible);
      },
      'its contour and the square': async () => {
        await page.act({ type: 'set-contour', visible: true });
        await page.act({ type: 'set-model-outline', visible: true });
      },
      'a window over the film': () => page.act({ type: 'run-command', id: 'corrections' }),
      'a pointer in it': () => mouse.move(area.x + area.width - 80, area.y + 200),
      'another window over the film': async () => {
        await keyboard.press('Escape');
        await page.act({ type: 'run-command', id: 'model-input' });
      },
      'no window': () => keyboard.press('Escape'),
      'another film': async () => {
        const { films } = await page.state();
        await page.act({ type: 'select-film', id: films[1].id });
        await page.until(({ films: now, view }) => now[1].selected && view?.pixels);
      },
      'a film less': async () => {
        const { films } = await page.state();
        await page.act({ type: 'remove-film', id: films[0].id });
        await page.until(({ films: now, view }) => now.length === 1 && view?.pixels);
      },
      'another size': () => page.page.setViewportSize({ width: context.viewport.width - 83, height: context.viewport.height - 41 }),
    };
    for (const [step, act] of Object.entries(steps)) {
      await act();
      assert.equal(await difference(page), '', step);
    }
  });
}

onPage('after the graphics device was lost the screen is as before', { context: kScreens[0][1] }, async (page) => {
  await page.ready();
  await page.drop([{ name: 'chest.png', bytes: makeChest(512, [0.3, 0.6]) }]);
  const { findings } = await page.until(({ films, view }) => view?.pixels && films[0].status === 'analysed');
  await page.act({ type: 'pin-finding', id: findings[0].id });
  const { frames } = await settled(page);
  const before = await page.page.screenshot();
  await page.page.evaluate(async () => {
    const screen = document.querySelector('#screen');
    const loss = screen.getContext('webgl2').getExtension('WEBGL_lose_context');
    const told = (event) => new Promise((resolve) => { screen.addEventListener(event, resolve, { once: true }); });
    const [lost, restored] = [told('webglcontextlost'), told('webglcontextrestored')];
    loss.loseContext();
    await lost;
    await new Promise(requestAnimationFrame);
    loss.restoreContext();
    await restored;
  });
  await page.until(({ frames: now, view }) => now > frames + 1 && view?.pixels);
  assert.equal(await difference(page), '');
  assert.ok(before.equals(await page.page.screenshot()), 'the same picture');
});

onPage('a frame draws what it changes and no more', { context: kScreens[0][1] }, async (page) => {
  await page.ready();
  await page.drop([{ name: 'bars.png', bytes: makePng(300, 700, (x, y) => (x * 5 + y) % 256) }]);
  await page.until(({ films, view }) => view?.pixels && ['analysed', 'refused'].includes(films[0].status));
  const { view: { area, source_to_screen: [a, , , , e] } } = await settled(page);
  const drawnBy = async (act) => {
    const { pixels_drawn: before } = await settled(page);
    await act();
    return (await settled(page)).pixels_drawn - before;
  };
  const { mouse } = page.page;
  const [x, y] = [area.x + area.width / 2, area.y + area.height / 2];
  assert.equal(await drawnBy(() => page.page.evaluate(() => globalThis.dispatchEvent(new Event('resize')))), 0, 'the same size');
  // The first time, letters that were not needed yet are drawn into the font's texture, and so the whole screen anew.
  const button = await drawnBy(() => mouse.move(area.x + 190, area.y - 18))
    && await drawnBy(() => mouse.move(x, y)) && await drawnBy(() => mouse.move(area.x + 190, area.y - 18));
  assert.ok(button > 0 && button < 60_000, `${button} pixels for a pointer over a button`);
  await mouse.move(x, y);
  await mouse.down();
  await mouse.move(x + 5, y);
  const window = await drawnBy(() => mouse.move(x + 30, y));
  await mouse.up();
  const film = 300 * Math.abs(a) * 700 * Math.abs(e);
  assert.ok(window > 0.98 * film && window < 1.2 * film, `${window} pixels for a window; the film has ${film}`);
});
