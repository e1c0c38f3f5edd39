// What a frame costs while a worklist of many rows is scrolled, against frames of an empty canvas, in one run of the real page.
//
//   node tests/bench/worklist.mjs [--json] [--rows N]
//
// The rows are small pictures that are too small to be analysed; each is another file. Measured is the time from one animation frame
// to the next, as a person sees it, while the wheel turns: over the page without a film, whose canvas is drawn anew for every turn,
// and over the worklist of N rows (1000) at 1440 × 900. The browser's software graphics draw both. Goal: the slowest frame but one in
// a hundred at most 1.3 times that of the empty canvas. Writes nothing; exit status 1 where the goal is missed.
import { argv, exit, stdout } from 'node:process';
import { readArguments } from '../../tools/cxr/arguments.mjs';
import { kForDrawnFilms, launchBrowser, openPage } from '../browser/support/browser.mjs';
import { makePng } from '../browser/support/images.mjs';
import { median } from './measure.mjs';

const kTurns = 240;
const kGoal = 1.3;
const kViewport = { width: 1440, height: 900 };

const { values: options } = readArguments(argv.slice(2), { json: { type: 'boolean' }, rows: { type: 'string' } });
const rows = Number(options.rows ?? 1000);

/** Turns the wheel at a place, one turn a frame. @returns {Promise<number[]>} milliseconds from frame to frame */
function turnWheel({ page }, x, y) {
  return page.evaluate(async ({ left, top, turns }) => {
    const screen = document.querySelector('#screen');
    const frame = () => new Promise((done) => { requestAnimationFrame(done); });
    const times = [];
    let before = await frame();
    for (let turn = 0; turn < turns; turn += 1) {
      const deltaY = turn < turns / 2 ? 60 : -60;
      screen.dispatchEvent(new PointerEvent('pointermove', { clientX: left + (turn % 3), clientY: top, bubbles: true, pointerId: 1 }));
      screen.dispatchEvent(new WheelEvent('wheel', { deltaY, clientX: left, clientY: top, bubbles: true, cancelable: true }));
      const now = await frame();
      times.push(now - before);
      before = now;
    }
    return times;
  }, { left: x, top: y, turns: kTurns });
}

const slowest = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.99) - 1];

const browser = await launchBrowser();
const page = await openPage(browser, { query: kForDrawnFilms, context: { viewport: kViewport } });
await page.ready();
await turnWheel(page, 400, 450);
const empty = await turnWheel(page, 400, 450);
const small = (index) => makePng(48, 48, (x, y) => 4 * x + y + (index % 50) * (y > 40) + Math.floor(index / 50) * (x > 40));
await page.drop(Array.from({ length: rows }, (_, index) => ({ name: `small-${index}.png`, bytes: small(index) })));
const state = await page.until((now) => now.films.length === rows
  && now.films.every(({ status }) => !['queued', 'waiting', 'analysing'].includes(status)), 1_200_000);
if (!state.worklist) throw new Error('the worklist did not open by itself');
await page.page.waitForTimeout(1000);
const x = Math.round(state.view.area.x / 2);
await turnWheel(page, x, 450);
const scrolled = await turnWheel(page, x, 450);
await page.close();
await browser.close();

const result = {
  rows, frames: scrolled.length, median_ms: [median(empty), median(scrolled)], slowest_ms: [slowest(empty), slowest(scrolled)],
  ratio: slowest(scrolled) / slowest(empty),
};
stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n`
  : `a frame while scrolling ${rows} rows: ${result.median_ms[1].toFixed(1)} ms (slowest of a hundred ${result.slowest_ms[1].toFixed(1)} ms), ${
    result.ratio.toFixed(2)} × of ${result.median_ms[0].toFixed(1)} ms (${result.slowest_ms[0].toFixed(1)} ms) of an empty canvas\n`);
exit(result.ratio > kGoal ? 1 : 0);
