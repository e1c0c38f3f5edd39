// The film viewer in the real page: windows, tools, keys of one's own, films larger than a texture, and that looking
// never sends a film's pixels to the graphics device again.
import assert from 'node:assert/strict';

import { keepScreenshot, pageTests } from './support/browser.mjs';
import { makeChest, makePng } from './support/images.mjs';

const onPage = pageTests();

/** Drops one film and waits until it can be looked at; whether it is analysed does not matter here. */
async function look(page, name, bytes) {
  await page.drop([{ name, bytes }]);
  return page.until(({ view }) => view?.pixels);
}

/** Where a point of the film lies on the page, CSS pixels. */
function onScreen({ view }, x, y) {
  const [a, b, c, d, e, f] = view.source_to_screen;
  return [a * x + b * y + c, d * x + e * y + f];
}

/** A tall film of a detector's size, with something to see in it. */
const largeFilm = () => makePng(2500, 3000, (x, y) => 40 + 150 * Math.abs(Math.sin(x / 400) * Math.cos(y / 500)) + (x * 7 + y * 13) % 16);

onPage('window, zoom and tools never send the film to the graphics device again', {}, async (page, t) => {
  const start = await look(page, 'large.png', largeFilm());
  assert.equal(start.film_uploads, 1);
  await page.page.evaluate(() => {
    const times = [];
    globalThis.frameTimes = times;
    const tick = (time) => { times.push(time); if (times.length < 5000) requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
  });
  const { x, y, width, height } = start.view.area;
  const { mouse } = page.page;
  await mouse.move(x + width / 2, y + height / 2);
  await mouse.down();
  for (let step = 1; step <= 60; step += 1) await mouse.move(x + width / 2 + step * 3, y + height / 2 + step);
  await mouse.up();
  const times = await page.page.evaluate(() => globalThis.frameTimes.splice(0));
  const between = times.slice(1).map((time, index) => time - times[index]).sort((a, b) => a - b);
  t.diagnostic(`${between.length} frames while dragging: median ${between[between.length >> 1].toFixed(1)} ms, `
    + `longest ${between.at(-1).toFixed(1)} ms`);
  const dragged = await page.until(({ view }) => view.window.width !== start.view.window.width && view.preset === '');
  assert.ok(dragged.frames > start.frames + 5, 'the drag was seen');

  await mouse.wheel(0, -300);
  await page.press('Magnifier (U)');
  const state = await page.until(({ view }) => view.measuring.tool === 'magnifier' && !view.fitted);
  assert.equal(state.film_uploads, 1);
});

onPage('a driver that refuses the shader of a film without a map is told of', {
  routes: {
    'shaders/film.frag': async (route) => {
      const response = await route.fetch();
      const refused = '\n#if WITH_MODEL == 0\n#error refused by this test\n#endif\n';
      await route.fulfill({ response, body: (await response.text()).trimEnd() + refused });
    },
  },
}, async (page) => {
  await look(page, 'bars.png', makePng(300, 200, (x) => x % 256));
  await page.until(({ status }) => /refused a shader.*refused by this test/s.test(status));
});

onPage('a button pressed right after the state that allows it is never lost', {}, async (page) => {
  for (let time = 1; time <= 20; time += 1) {
    await page.drop([{ name: `${time}.png`, bytes: makeChest() }]);
    const { films } = await page.until(({ view, commands }) => view?.pixels && commands.find(({ id }) => id === 'invert').enabled);
    await page.press('Invert grey values (I)');
    await page.until(({ view }) => view.inverted);
    await page.act({ type: 'remove-film', id: films[0].id });
    await page.until((state) => state.films.length === 0 && !state.commands.find(({ id }) => id === 'invert').enabled);
  }
});

onPage('the windows by name are chosen by key, and the name goes with a drag', {}, async (page) => {
  await look(page, 'chest.png', makeChest(512));
  await page.page.locator('#screen').focus();
  await page.page.keyboard.press('Shift+L');
  let state = await page.until(({ view }) => view.preset === 'lung');
  assert.match(state.view.window_in_words, /Lung$/);
  await page.press('Window: Full range');
  state = await page.until(({ view }) => view.preset === 'full');
  await page.act({ type: 'set-window', window: { centre: 100, width: 50 } });
  state = await page.until(({ view }) => view.preset === '');
  assert.equal(state.view.window_in_words, 'W 50  L 100');
});

onPage('a length is drawn with the mouse, moved at its end, and deleted by key', {}, async (page) => {
  let state = await look(page, 'chest.png', makeChest(512));
  const { mouse, keyboard } = page.page;
  await page.page.locator('#screen').focus();
  await keyboard.press('Shift+T');
  state = await page.until(({ view }) => view.measuring.tool === 'length');
  await mouse.move(...onScreen(state, 100, 100));
  await mouse.down();
  await mouse.move(...onScreen(state, 150, 100));
  await mouse.move(...onScreen(state, 300, 100));
  await mouse.up();
  state = await page.until(({ view }) => view.measuring.measurements[0]?.points.length === 2);
  const [{ points: [from, to] }] = state.view.measuring.measurements;
  assert.ok(Math.abs(from[0] - 100) < 2 && Math.abs(to[0] - 300) < 2, JSON.stringify([from, to]));
  assert.match(state.view.measuring.measurements[0].text, /^\d+ px$/, 'a PNG states no spacing: no mm');
  await mouse.move(...onScreen(state, to[0], to[1]));
  await mouse.down();
  await mouse.move(...onScreen(state, 300, 200));
  await mouse.move(...onScreen(state, 300, 300));
  await mouse.up();
  state = await page.until(({ view }) => Math.abs(view.measuring.measurements[0].points[1][1] - 300) < 2);
  assert.equal(state.view.measuring.measurements.length, 1);
  await keyboard.press('Delete');
  state = await page.until(({ view }) => view?.measuring.measurements.length === 0);
  assert.equal(state.films.length, 1);
});

onPage('the mouse does what OHIF’s and Weasis’ does, or what a reader wants of it', {}, async (page) => {
  let state = await look(page, 'chest.png', makeChest(512));
  const { mouse, keyboard } = page.page;
  const middle = onScreen(state, 256, 256);
  const { window } = state.view;
  await mouse.move(...middle);
  await mouse.click(...middle, { button: 'right' });
  await page.until(({ popup }) => popup === 'film-menu');
  await page.page.locator('#screen').focus();
  await keyboard.press('!');
  state = await page.until(({ popup }) => popup === 'film-facts');
  assert.ok(state.selected.facts.some(({ label, text }) => label === 'Picture' && text === '512 × 512 pixels, 8 bit'));
  await keyboard.press('Escape');
  await page.until(({ popup }) => popup === 'none');

  await keyboard.down('Shift');
  await mouse.move(...onScreen(state, 200, 256));
  await mouse.down();
  await mouse.move(...onScreen(state, 250, 256));
  await mouse.move(...onScreen(state, 300, 256));
  await mouse.up();
  await keyboard.up('Shift');
  state = await page.until(({ view }) => view.measuring.measurements[0]?.points.length === 2);
  await page.until(({ view }) => view.measuring.tool === 'none');
  assert.deepEqual(state.view.window, window, 'a length is no window');

  await keyboard.down('Alt');
  await mouse.move(...onScreen(state, 100, 120));
  state = await page.until(({ view }) => view.measuring.tool === 'probe' && view.measuring.probe.length > 0
    && Math.abs(view.measuring.cross[0] - 100) < 2);
  await keyboard.up('Alt');
  await page.until(({ view }) => view.measuring.tool === 'none');

  await page.press('Change Left drag: Window: right is wider, down is darker');
  state = await page.until(({ gestures }) => gestures[0].help === 'Move the film');
  await mouse.move(...middle);
  await mouse.down();
  await mouse.move(middle[0] + 30, middle[1] + 20);
  await mouse.move(middle[0] + 60, middle[1] + 20);
  await mouse.up();
  state = await page.until(({ view }) => !view.fitted);
  assert.deepEqual(state.view.window, window);
  await page.page.reload();
  await look(page, 'chest.png', makeChest(512));
  state = await page.until(({ gestures }) => gestures[0].help === 'Move the film');
});

onPage('a key of one’s own works at once, is remembered, and a taken one is refused in words', {}, async (page) => {
  await look(page, 'chest.png', makeChest(256));
  const { keyboard } = page.page;
  await page.press('Change the key I of Invert grey values');
  await page.until(({ rebinding }) => rebinding === 'invert');
  await keyboard.press('f');
  await page.until(({ rebinding, status }) => rebinding === '' && /F is taken by “Fit the film”/.test(status));
  await page.press('Change the key I of Invert grey values');
  await page.until(({ rebinding }) => rebinding === 'invert');
  await keyboard.press('%');
  await page.until(({ rebinding }) => rebinding === '');
  await page.page.locator('#screen').focus();
  await keyboard.press('%');
  let state = await page.until(({ view }) => view.inverted);
  assert.equal(state.commands.find(({ id }) => id === 'invert').shortcut, '%');
  await page.page.reload();
  state = await page.until(({ commands }) => commands.find(({ id }) => id === 'invert').shortcut === '%');
});

onPage('a film larger than a texture is drawn reduced, and says so', {}, async (page) => {
  const { largest } = await page.page.evaluate(() => {
    const gl = document.createElement('canvas').getContext('webgl2');
    return { largest: gl.getParameter(gl.MAX_TEXTURE_SIZE) };
  });
  const side = Math.min(largest + 8, 20000);
  const state = await look(page, 'long.png', makePng(side, 256, (x) => (x / side) * 255));
  assert.equal(state.view.halvings, side > largest ? 1 : 0);
  assert.equal(state.selected.width, side, 'the film itself is whole');
});

const kDevices = [
  ['desktop', { viewport: { width: 1440, height: 900 } }],
  ['phone', { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true }],
];
for (const [device, context] of kDevices) {
  onPage(`${device}: each tool, for a person to look at`, { context }, async (page) => {
    await look(page, 'chest.png', makeChest(1024));
    const state = await page.state();
    const act = async (action) => { await page.act(action); };
    const point = async (x, y) => {
      const [px, py] = onScreen(state, x, y);
      await act({ type: 'point-at', at: { x: px, y: py } });
    };
    await act({ type: 'run-command', id: 'windows' });
    await page.until(({ popup }) => popup === 'window');
    await keepScreenshot(page.page, `${device}-windows`);
    await act({ type: 'run-command', id: 'windows' });
    for (const [tool, ends] of [['length', [[300, 400], [720, 420]]], ['angle', [[300, 700], [500, 600], [700, 720]]]]) {
      await act({ type: 'choose-tool', tool });
      for (const [x, y] of ends) {
        await point(x, y);
        await act({ type: 'press-tool' });
      }
    }
    // An angle is in the list before its last point is told, without a figure.
    const measured = await page.until(({ view: { measuring } }) => measuring.measurements.length === 2 && measuring.measurements.every(({ text }) => text));
    assert.match(measured.view.measuring.measurements[1].text, /°/);
    await keepScreenshot(page.page, `${device}-measured`);
    await act({ type: 'choose-tool', tool: 'probe' });
    await point(600, 300);
    const probed = await page.until(({ view }) => view.measuring.probe.length > 1);
    assert.match(probed.view.measuring.probe[1], /^Stored \d+ of 255$/);
    await keepScreenshot(page.page, `${device}-probe`);
    await act({ type: 'choose-tool', tool: 'magnifier' });
    await point(420, 520);
    await page.until(({ view }) => view.measuring.tool === 'magnifier');
    await keepScreenshot(page.page, `${device}-magnifier`);
    await act({ type: 'run-command', id: 'help' });
    await page.until(({ popup }) => popup === 'help');
    await keepScreenshot(page.page, `${device}-help`);
  });
}
