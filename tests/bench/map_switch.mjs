// Switching between maps of a finding that were computed before, in the real page with the browser's software GPU.
//
//   node tests/bench/map_switch.mjs [--json] [--switches N]
//
// A synthetic film on the model that comes with the page, 1440 × 900; two methods are run once, then chosen in turns. Measured
// is how many animation frames pass from the choice to the frame that shows the other map, and the time of that. Goal: one
// frame. Writes nothing; exit status 1 where the median misses the goal: a busy machine drops frames of any page.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit, stdout } from 'node:process';
import { readArguments } from '../../tools/cxr/arguments.mjs';
import { kSite, launchBrowser, openPage } from '../browser/support/browser.mjs';
import { median } from './measure.mjs';

const kFilm = 'effusion.jpg';
const kMethods = ['fine-evidence', 'grad-cam'];

const { values: options } = readArguments(argv.slice(2), { json: { type: 'boolean' }, switches: { type: 'string' } });
const switches = Number(options.switches ?? 100);

/** In the page: chooses the methods in turns. @returns {Promise<{frames: number, milliseconds: number}[]>} */
async function switchInTurns({ methods, count }) {
  const frame = () => new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve)); });  // after the page's own
  const choose = (method) => {
    const button = document.createElement('button');
    button.dataset.action = JSON.stringify({ type: 'choose-method', method, layer: '' });
    document.querySelector('#mirror').append(button);
    button.click();
    button.remove();
  };
  const times = [];
  for (let i = 0; i < count; i += 1) {
    const wanted = methods[i % methods.length];
    await frame();
    const drawnBefore = globalThis.chestlight.state.frames;
    const start = performance.now();
    choose(wanted);
    let frames = 0;
    for (let shown = false; !shown && frames < 1000; frames += 1) {
      await frame();
      const { explanation, frames: drawn } = globalThis.chestlight.state;
      shown = drawn > drawnBefore && explanation.drawn === wanted;
    }
    times.push({ frames, milliseconds: performance.now() - start });
  }
  return times;
}

const browser = await launchBrowser();
const page = await openPage(browser, { query: '?backend=wasm', context: { viewport: { width: 1440, height: 900 } } });
await page.drop([{ name: kFilm, bytes: readFileSync(join(kSite, 'examples', kFilm)) }]);
const { findings } = await page.until(({ films }) => films[0]?.status === 'analysed');
await page.press(findings[0].name);
for (const method of kMethods) {
  await page.act({ type: 'choose-method', method, layer: '' });
  await page.until(({ explanation }) => explanation?.drawn === method && explanation.status === 'done');
}
await page.ready();
const times = await page.page.evaluate(switchInTurns, { methods: kMethods, count: switches });
await page.close();
await browser.close();

const frames = times.map((time) => time.frames), milliseconds = times.map((time) => time.milliseconds);
const result = {
  switches, median_frames: median(frames), most_frames: Math.max(...frames), in_one_frame: frames.filter((n) => n === 1).length,
  median_ms: median(milliseconds), longest_ms: Math.max(...milliseconds),
};
stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n`
  : `${switches} switches between ${kMethods.join(' and ')}: ${result.in_one_frame} shown in the next frame, at most ${result.most_frames
  } frames; median ${result.median_ms.toFixed(1)} ms, longest ${result.longest_ms.toFixed(1)} ms\n`);
exit(result.median_frames > 1 ? 1 : 0);
