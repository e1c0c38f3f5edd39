// Chromium with the page in it, for the browser tests: one browser per test file, one context per test.
//
// Tests read what the page publishes (chestlight.state, a snapshot of src/viewer/text/snapshot.h) and wait for it to say
// something; they never sleep and never read the console's text.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { startServer } from '../../../tools/serve.mjs';

export const kSite = env.CHESTLIGHT_SITE ?? fileURLToPath(new URL('../../../build/web/site', import.meta.url));
/** Longest wait for the page to say something, milliseconds: a software GPU on a busy machine is slow. */
export const kPatience = 60_000;
/** The same for a DenseNet-121 on a software GPU, which runs it once to warm up. */
export const kLongPatience = 300_000;

/** The page for films drawn by tests: they are no chests, and the default model's gate rightly refuses them; the small one
 * has no such gate, and is quick. */
export const kForDrawnFilms = '?backend=wasm&model=compact-densenet-128';

const kPollInterval = 30;
const kChromes = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const kFlags = [
  '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
];

/** @returns {Promise<import('playwright-core').Browser>} with software WebGL 2 and WebGPU, and a fresh profile */
export function launchBrowser() {
  const executablePath = env.CHROME ?? kChromes.find((path) => existsSync(path));
  if (!executablePath) throw new Error('No Chromium found; install it or set CHROME to its path.');
  if (!existsSync(join(kSite, 'index.html'))) throw new Error(`No page at ${kSite}; build it first: cmake --build --preset web --target site`);
  return chromium.launch({ executablePath, args: kFlags });
}

/**
 * A server, a context and a page on it, with everything it asked for and every policy violation recorded.
 * @param {import('playwright-core').Browser} browser
 * @param {object} [options]
 * @param {string} [options.query] such as '?backend=wasm'
 * @param {string} [options.basePath]
 * @param {boolean} [options.serviceWorkers] off unless the test is about them: they would answer instead of `routes`
 * @param {Object<string, (route: import('playwright-core').Route) => any>} [options.routes] by path inside the site
 * @param {object} [options.context] more options of the context, such as viewport
 * @param {string[]} [options.omit] headers the server leaves out
 * @param {string} [options.root] another folder than the built page's (support/site.mjs)
 */
export async function openPage(browser, options = {}) {
  const { query = '', basePath = '/', serviceWorkers = false, routes = {}, context: contextOptions = {}, omit, root = kSite } = options;
  const server = await startServer({ root, port: 0, basePath, omit });
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', acceptDownloads: true,
    serviceWorkers: serviceWorkers ? 'allow' : 'block', ...contextOptions,
  });
  const requests = [];
  const faults = [];
  context.on('request', (request) => requests.push(request));
  await context.addInitScript(() => {
    globalThis.policyViolations = [];
    globalThis.addEventListener('securitypolicyviolation', (event) => {
      globalThis.policyViolations.push(`${event.violatedDirective}: ${event.blockedURI}`);
    });
  });
  for (const [path, handler] of Object.entries(routes)) await context.route(new URL(path, server.url).href, handler);
  return {
    ...await visitPage(context, server.url + query, faults), server, requests,
    async close() {
      await context.close();
      await server.close();
    },
  };
}

/** The page in a tab of its own, with what tests do with it. */
export async function visitPage(context, address, faults = []) {
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(address);
  return {
    page, context, faults,
    state: () => page.evaluate(() => globalThis.chestlight.state),
    /** Waits until `holds(state)` is true; asked from here, because the page's policy forbids evaluating code in it later. */
    async until(holds, patience = kPatience) {
      const end = Date.now() + patience;
      for (;;) {
        const state = await page.evaluate(() => globalThis.chestlight?.state ?? null);
        if (state && holds(state)) return state;
        if (Date.now() > end || faults.length) {
          const notice = await page.evaluate(() => document.querySelector('#notice')?.textContent);
          throw new Error(`the page never reached ${holds}\n${notice}\n${faults.join('\n')}\n${
            JSON.stringify({ ...state, commands: undefined }).slice(0, 4000)}`);
        }
        await pause(kPollInterval);
      }
    },
    ready: function ready() { return this.until((state) => state.engine === 'ready'); },
    drop: (files) => dropFiles(page, files),
    /** Presses a button of the text mirror, as a screen reader does. */
    press: (name) => page.getByRole('button', { name, exact: true }).dispatchEvent('click'),
    act: (action) => page.evaluate((value) => {
      const button = document.createElement('button');
      button.dataset.action = JSON.stringify(value);
      document.querySelector('#mirror').append(button);
      button.click();
      button.remove();
    }, action),
    violations: () => page.evaluate(() => globalThis.policyViolations),
  };
}

/**
 * Declares tests that each have a page of their own, in one browser for the file. A fault of the page or a violation of its
 * policy fails a test that passes otherwise; the page is closed whatever happens.
 * @param {object} [defaults] options of `openPage` for all of them
 * @returns {(title: string, options: object, body: (page: object, t: object) => Promise<void>) => void}
 */
export function pageTests(defaults = {}) {
  let browser;
  before(async () => { browser = await launchBrowser(); });
  after(() => browser?.close());
  return (title, options, body) => test(title, async (t) => {
    const page = await openPage(browser, { query: kForDrawnFilms, ...defaults, ...options });
    try {
      await body(page, t);
      assert.deepEqual(page.faults, []);
      assert.deepEqual(await page.violations(), []);
    } finally {
      await page.close();
    }
  });
}

/**
 * Drops files on the page as a browser would.
 * @param {{name: string, bytes: Uint8Array}[]} files
 */
export async function dropFiles(page, files) {
  const plain = files.map(({ name, bytes }) => ({ name, text: Buffer.from(bytes).toString('base64') }));
  await page.evaluate((list) => {
    const transfer = new DataTransfer();
    for (const { name, text } of list) {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], name));
    }
    const send = (type) => document.querySelector('#screen').dispatchEvent(
      new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
    send('dragover');
    send('drop');
  }, plain);
}

/** The canvas as the reader sees it: RGBA bytes of a rectangle in CSS pixels. */
export async function screenPixels(page, area) {
  const clip = { x: Math.round(area.x), y: Math.round(area.y), width: Math.round(area.width), height: Math.round(area.height) };
  return page.screenshot({ clip, type: 'png' });
}

/** Saves a picture when CHESTLIGHT_SCREENSHOTS names a folder. */
export async function keepScreenshot(page, name) {
  const folder = env.CHESTLIGHT_SCREENSHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
