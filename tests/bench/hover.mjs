// What a frame costs while the pointer moves over the findings, with one film open and with many, in one run of the real page.
//
//   node tests/bench/hover.mjs [--json] [--films N]
//
// The first film is a synthetic one on the model that comes with the page; the others are too small to be analysed, which the list
// of films shows all the same. Measured is the page's own time in each animation frame and how often JSON is read in it; the
// browser's compositing is not. Goals: the median frame with N films (500) at most 1.2 times that with one, and no JSON in any of
// them. Writes nothing; exit status 1 where a goal is missed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit, stdout } from 'node:process';
import { readArguments } from '../../tools/cxr/arguments.mjs';
import { kSite, launchBrowser, openPage } from '../browser/support/browser.mjs';
import { makePng } from '../browser/support/images.mjs';
import { median } from './measure.mjs';

const kFilm = 'effusion.jpg';
const kMoves = 60;
const kGoal = 1.2;

const { values: options } = readArguments(argv.slice(2), { json: { type: 'boolean' }, films: { type: 'string' } });
const films = Number(options.films ?? 500);

/** In the page: times every animation frame from now on, and counts what is read as JSON in it. */
function watchFrames() {
  globalThis.watched = [];
  const request = globalThis.requestAnimationFrame.bind(globalThis);
  const parse = JSON.parse;
  let parsed = 0;
  JSON.parse = (...values) => {
    parsed += 1;
    return parse(...values);
  };
  globalThis.requestAnimationFrame = (callback) => request((time) => {
    const before = parsed, start = performance.now();
    callback(time);
    globalThis.watched.push({ milliseconds: performance.now() - start, parsed: parsed - before });
  });
}

/** Moves the pointer from finding to finding. @returns {Promise<{milliseconds: number, parsed: number}[]>} the frames of it */
async function hover({ page }) {
  await page.evaluate(() => { globalThis.watched.length = 0; });
  for (let move = 0; move < kMoves; move += 1) {
    await page.mouse.move(1250 + (move % 7), 260 + 32 * (move % 8));
    await page.waitForTimeout(40);
  }
  return page.evaluate(() => globalThis.watched);
}

const browser = await launchBrowser();
const page = await openPage(browser, { query: '?backend=wasm', context: { viewport: { width: 1440, height: 900 } } });
await page.page.evaluate(watchFrames);
await page.drop([{ name: kFilm, bytes: readFileSync(join(kSite, 'examples', kFilm)) }]);
await page.until((state) => state.films[0]?.status === 'analysed');
const alone = await hover(page);
/** Each is another file: copies of one would be one film. */
const small = (index) => makePng(48, 48, (x, y) => 4 * x + y + (index % 50) * (y > 40) + (index / 50) * (x > 40));
await page.drop(Array.from({ length: films - 1 }, (_, index) => ({ name: `small-${index}.png`, bytes: small(index) })));
await page.until((state) => state.films.length === films && state.films.every(({ status }) => !['queued', 'waiting', 'analysing'].includes(status)), 600_000);
await page.act({ type: 'select-film', id: 1 });
await page.until((state) => state.findings.length > 0);
await page.page.waitForTimeout(500);
const many = await hover(page);
await page.close();
await browser.close();

const times = (frames) => median(frames.map(({ milliseconds }) => milliseconds));
const result = {
  films, frames: [alone.length, many.length], median_ms: [times(alone), times(many)], ratio: times(many) / times(alone),
  json_in_frames: many.reduce((sum, { parsed }) => sum + parsed, 0),
};
stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n`
  : `a frame while hovering: ${result.median_ms[0].toFixed(2)} ms with one film, ${result.median_ms[1].toFixed(2)} ms with ${films
  } (${result.ratio.toFixed(2)} ×); JSON read in them: ${result.json_in_frames} times\n`);
exit(result.ratio > kGoal || result.json_in_frames > 0 ? 1 : 0);
