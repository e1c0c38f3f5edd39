// The page in each of three browser engines: Blink (Chromium), Gecko (Firefox ESR) and WebKit (WebKitGTK's MiniBrowser), each behind
// the same three functions. A fresh profile each time; software graphics; no network but this machine's own.
//
// Firefox and MiniBrowser run on an Xvfb screen of their own, since headless Firefox has no WebGL. Firefox is driven over WebDriver
// BiDi (puppeteer-core), MiniBrowser over classic WebDriver (WebKitWebDriver), Chromium as in the other browser tests.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { env } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';

import { launchBrowser } from '../../browser/support/browser.mjs';

/**
 * @typedef {object} Engine
 * @property {(url: string) => Promise<void>} open loads an address in the one tab
 * @property {(work: Function, ...args: any[]) => Promise<any>} evaluate runs a function without names from outside in the page
 * @property {() => Promise<void>} close ends the browser, whatever state it is in
 */

/** Longest wait for a browser to start, milliseconds. */
const kPatience = 60_000;

/** @returns {string|null} the path of a program of this machine */
function programOf(name) {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // In the next one.
    }
  }
  return null;
}

/** MiniBrowser is a program of WebKitGTK's library: /usr/lib/<machine>/webkit2gtk-4.1/MiniBrowser. */
function miniBrowser() {
  for (const root of ['/usr/lib', '/usr/libexec', ...(existsSync('/usr/lib') ? readdirSync('/usr/lib').map((name) => join('/usr/lib', name)) : [])]) {
    for (const version of ['webkit2gtk-4.1', 'webkitgtk-6.0', 'webkit2gtk-4.0']) {
      const path = join(root, version, 'MiniBrowser');
      if (existsSync(path)) return path;
    }
  }
  return null;
}

const firefox = () => env.FIREFOX ?? programOf('firefox-esr') ?? programOf('firefox');

/** What a test says when it cannot run; null when it can. */
const missing = (...wanted) => {
  const lacking = wanted.filter(([found]) => !found).map(([, name]) => name);
  return lacking.length ? `not installed: ${lacking.join(', ')}; see tools/setup --browsers` : null;
};

/** An own folder, a screen and an environment for one browser; what was started here ends with end(). */
async function startDesk() {
  const home = mkdtempSync(join(tmpdir(), 'chestlight-browser-'));
  const children = [];
  const end = async () => {
    for (const child of children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill();
      await Promise.race([new Promise((resolve) => { child.once('exit', resolve); }), pause(3000)]);
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    }
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  const start = (program, args, options) => {
    const child = spawn(program, args, options);
    child.on('error', () => {});
    children.push(child);
    return child;
  };
  try {
    // Xvfb chooses a free number itself and tells it through the pipe.
    const screen = start('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    const number = await new Promise((resolve, reject) => {
      let text = '';
      screen.stdio[3].on('data', (data) => {
        text += data;
        if (text.includes('\n')) resolve(text.trim());
      });
      screen.once('exit', (code) => reject(new Error(`Xvfb ended at once (${code})`)));
      setTimeout(() => reject(new Error('Xvfb did not start')), kPatience).unref();
    });
    const folders = Object.fromEntries(['XDG_RUNTIME_DIR', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME'].map((name) => [name, join(home, name)]));
    for (const folder of Object.values(folders)) mkdirSync(folder, { mode: 0o700 });
    const { WAYLAND_DISPLAY: _, DBUS_SESSION_BUS_ADDRESS: __, ...inherited } = env;
    return { home, start, end, env: { ...inherited, ...folders, HOME: home, DISPLAY: `:${number}`, GDK_BACKEND: 'x11', LIBGL_ALWAYS_SOFTWARE: '1',
      NO_AT_BRIDGE: '1', GTK_A11Y: 'none', MOZ_ENABLE_WAYLAND: '0' } };
  } catch (error) {
    await end();
    throw error;
  }
}

/** A call of the function as text: the page's policy lets nobody in it turn text into code. */
const callOf = (work, args) => `(${work})(...${JSON.stringify(args)})`;

async function startChromium() {
  const browser = await launchBrowser();
  const page = await (await browser.newContext()).newPage();
  return {
    open: async (url) => { await page.goto(url); },
    evaluate: (work, ...args) => page.evaluate(callOf(work, args)),
    close: () => browser.close(),
  };
}

async function startFirefox() {
  const { default: puppeteer } = await import('puppeteer-core');
  const desk = await startDesk();
  try {
    const browser = await puppeteer.launch({ browser: 'firefox', executablePath: firefox(), headless: false, env: desk.env, timeout: kPatience,
      extraPrefsFirefox: { 'webgl.force-enabled': true, 'app.normandy.enabled': false, 'datareporting.policy.dataSubmissionEnabled': false } });
    const page = await browser.newPage();
    return {
      open: async (url) => { await page.goto(url); },
      evaluate: (work, ...args) => page.evaluate(work, ...args),
      async close() {
        await Promise.race([browser.close().catch(() => {}), pause(10_000)]);
        browser.process()?.kill('SIGKILL');
        await desk.end();
      },
    };
  } catch (error) {
    await desk.end();
    throw error;
  }
}

const freePort = () => new Promise((resolve, reject) => {
  const server = createServer().once('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** @returns {(method: string, path: string, body?: object) => Promise<any>} the value of the answer */
function webDriver(port) {
  return async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${value?.error}: ${value?.message}`);
    return value;
  };
}

async function startWebKit() {
  const desk = await startDesk();
  try {
    const port = await freePort();
    desk.start('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], { env: desk.env, stdio: 'ignore' });
    const call = webDriver(port);
    for (const end = Date.now() + kPatience; ; await pause(100)) {
      const isUp = await call('GET', '/status').then(() => true, () => false);
      if (isUp) break;
      if (Date.now() > end) throw new Error('WebKitWebDriver did not start');
    }
    const { sessionId } = await call('POST', '/session', { capabilities: { alwaysMatch: {
      'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation'] }, timeouts: { script: kPatience } } } });
    const session = `/session/${sessionId}`;
    return {
      open: (url) => call('POST', `${session}/url`, { url }),
      async evaluate(work, ...args) {
        const script = `const done = arguments[0]; Promise.resolve().then(() => ${callOf(work, args)})
          .then((value) => done({ value }), (error) => done({ error: String(error) }));`;
        const { value, error } = await call('POST', `${session}/execute/async`, { script, args: [] });
        if (error) throw new Error(error);
        return value;
      },
      async close() {
        await Promise.race([call('DELETE', session).catch(() => {}), pause(10_000)]);
        await desk.end();
      },
    };
  } catch (error) {
    await desk.end();
    throw error;
  }
}

/** @type {Object<string, {start: () => Promise<Engine>, lacks: () => string|null}>} */
export const kEngines = {
  Chromium: { start: startChromium, lacks: () => null },
  Firefox: { start: startFirefox, lacks: () => missing([firefox(), 'firefox-esr'], [programOf('Xvfb'), 'Xvfb']) },
  WebKit: { start: startWebKit, lacks: () => missing([programOf('WebKitWebDriver'), 'WebKitWebDriver'], [miniBrowser(), 'MiniBrowser'], [programOf('Xvfb'), 'Xvfb']) },
};
