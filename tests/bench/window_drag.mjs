// Frames while the window of a large film is dragged, in the real page with the browser's software GPU.
//
//   node tests/bench/window_drag.mjs [--json] [--seconds N]
//
// A film of 2500 × 3000 pixels fills the page of 1440 × 900; the pointer is dragged over it without a pause, as fast as the
// browser takes its moves. Measured is the time from one animation frame to the next, as the page sees it, which is what a
// reader's hand feels. Goal: none over 33 ms. It depends on the machine and on what else runs there: the share of the
// processors that was in use meanwhile is told beside it (Linux), and so is what the least of pages makes of the same drag in
// the same browser: one canvas of the same size that is cleared in another colour. Frames come in steps of the screen's
// 16.7 ms, so that one missed step counts. Writes nothing; exit status 1 where the goal is missed.
import { readFileSync } from 'node:fs';
import { argv, exit, platform, stdout } from 'node:process';
import { readArguments } from '../../tools/cxr/arguments.mjs';
import { kForDrawnFilms, launchBrowser, openPage } from '../browser/support/browser.mjs';
import { makePng } from '../browser/support/images.mjs';
import { median } from './measure.mjs';

const kLongestFrame = 33;
const kViewport = { width: 1440, height: 900 };
const kFilm = { width: 2500, height: 3000 };

const { values: options } = readArguments(argv.slice(2), { json: { type: 'boolean' }, seconds: { type: 'string' } });
const seconds = Number(options.seconds ?? 5);

/** Processor time since the machine started, in ticks: all of it, and the part that was used. */
function machine() {
  if (platform !== 'linux') return null;
  const [user, nice, system, idle] = readFileSync('/proc/stat', 'utf8').split('\n')[0].split(/\s+/).slice(1).map(Number);
  return { busy: user + nice + system, all: user + nice + system + idle };
}

/** Drags in an ellipse, so that the window neither closes nor leaves the film's values. @returns {number[]} milliseconds */
async function dragFor(page, { x, y, width, height }) {
  const { mouse } = page.page;
  const at = (step) => [x + width / 2 + Math.cos(step / 12) * width / 5, y + height / 2 + Math.sin(step / 12) * height / 5];
  await mouse.move(...at(0));
  await mouse.down();
  await page.page.evaluate(() => {
    const times = [];
    globalThis.frameTimes = times;
    const tick = (time) => { times.push(time); requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
  });
  const end = Date.now() + 1000 * seconds;
  for (let step = 1; Date.now() < end; step += 1) await mouse.move(...at(step));
  const times = await page.page.evaluate(() => globalThis.frameTimes.slice());
  await mouse.up();
  return times.slice(1).map((time, index) => time - times[index]);
}

/** A page of one canvas, which a move of the pointer has cleared in the next frame. */
async function openBarePage(browser) {
  const context = await browser.newContext({ viewport: kViewport });
  const page = await context.newPage();
  await page.setContent('<body style="margin:0;overflow:hidden"><canvas style="display:block"></canvas></body>');
  await page.evaluate(({ width, height }) => {
    const canvas = Object.assign(document.querySelector('canvas'), { width, height });
    const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, depth: false, preserveDrawingBuffer: true });
    let at = null;
    const draw = () => {
      gl.clearColor(at.x / width, at.y / height, 0, 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
      at = null;
    };
    addEventListener('pointermove', ({ x, y }) => {
      if (!at) requestAnimationFrame(draw);
      at = { x, y };
    });
  }, kViewport);
  return { page, close: () => context.close() };
}

const slowOf = (frames) => frames.filter((time) => time > kLongestFrame).length;
const shareOver = (frames) => slowOf(frames) / frames.length;

const browser = await launchBrowser();
const bare = await openBarePage(browser);
const bareFrames = await dragFor(bare, { x: 0, y: 0, ...kViewport });
await bare.close();
const page = await openPage(browser, { query: kForDrawnFilms, context: { viewport: kViewport } });
const film = makePng(kFilm.width, kFilm.height, (x, y) => 40 + 150 * Math.abs(Math.sin(x / 400) * Math.cos(y / 500)) + (x * 7 + y * 13) % 16);
await page.drop([{ name: 'large.png', bytes: film }]);
const start = await page.until(({ films, view }) => view?.pixels && films[0].status !== 'analysing' && films[0].status !== 'waiting');
await page.ready();
const before = machine();
const frames = await dragFor(page, start.view.area);
const after = machine();
const state = await page.state();
await page.close();
await browser.close();

const drawn = state.frames - start.frames;
const slow = slowOf(frames);
const result = {
  film: `${kFilm.width} × ${kFilm.height}`, seconds, frames: frames.length, drawn, uploads: state.film_uploads,
  median_ms: median(frames), longest_ms: Math.max(...frames), over_33_ms: slow, share_over_33_ms: shareOver(frames),
  bare_page: { frames: bareFrames.length, median_ms: median(bareFrames), longest_ms: Math.max(...bareFrames), share_over_33_ms: shareOver(bareFrames) },
  machine_busy: before && (after.busy - before.busy) / (after.all - before.all),
};
const percent = (share) => `${(100 * share).toFixed(1)} %`;
stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n`
  : `${result.film}: ${result.frames} frames in ${seconds} s, ${drawn} of them drawn; median ${result.median_ms.toFixed(1)} ms, longest ${
    result.longest_ms.toFixed(1)} ms; over ${kLongestFrame} ms: ${slow} (${percent(result.share_over_33_ms)})${
    before ? `; processors busy: ${percent(result.machine_busy)}` : ''}; pixels sent to the GPU ${result.uploads} time(s)\na bare page: ${
    bareFrames.length} frames; median ${result.bare_page.median_ms.toFixed(1)} ms, longest ${result.bare_page.longest_ms.toFixed(1)} ms; over ${
    kLongestFrame} ms: ${percent(result.bare_page.share_over_33_ms)}\n`);
exit(slow ? 1 : 0);
