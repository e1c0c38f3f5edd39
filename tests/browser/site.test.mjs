// The page as a site: no request to anyone else, the policy kept, works without a network and from any path, and says
// so when a part of it is missing.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, test } from 'node:test';

import { kForDrawnFilms, kPatience, kSite, launchBrowser, openPage } from './support/browser.mjs';

let browser;
before(async () => { browser = await launchBrowser(); });
after(() => browser?.close());

async function withPage(options, body) {
  const page = await openPage(browser, { query: '?backend=wasm', ...options });
  try {
    await body(page);
  } finally {
    await page.close();
  }
}

const kFilm = { name: 'private name.jpg', bytes: readFileSync(join(kSite, 'examples/effusion.jpg')) };
const analysed = (state) => state.films.length > 0 && state.films.every(({ status }) => status === 'analysed');
const model = () => JSON.parse(readFileSync(join(kSite, 'models/index.json'), 'utf8')).default;

test('nothing leaves: no foreign request, no body, no violation, no word about files', async () => {
  await withPage({ serviceWorkers: true, query: '' }, async (page) => {
    const words = [];
    page.page.on('console', (message) => words.push(message.text()));
    await page.drop([kFilm, { name: 'secret.txt', bytes: Buffer.from('no film') }]);
    const state = await page.until(({ films }) => films.length === 2 && films.some(({ status }) => status === 'analysed')
      && films.some(({ status }) => status === 'unreadable'));
    await page.act({ type: 'pin-finding', id: state.findings[0].id });
    await page.until(({ overlay }) => overlay.visible);
    const { origin } = new URL(page.server.url);
    const foreign = page.requests.map((request) => request.url()).filter((url) => !url.startsWith(origin) && !/^(blob|data):/.test(url));
    assert.deepEqual(foreign, []);
    assert.deepEqual(page.requests.filter((request) => request.method() !== 'GET').map((request) => request.url()), []);
    assert.deepEqual(page.requests.filter((request) => /private|secret/.test(request.url())), []);
    assert.deepEqual(await page.violations(), []);
    assert.deepEqual(words.filter((text) => /private|secret|Content.Security/i.test(text)), []);
    assert.deepEqual(state.network, { bytes_sent: 0, foreign_requests: 0 });
    const stored = await page.page.evaluate(() => JSON.stringify({ ...localStorage }) + document.cookie);
    assert.doesNotMatch(stored, /private|secret/);
  });
});

test('a browser that throws at the mention of service workers gets the page all the same', async (t) => {
  const page = await openPage(browser, { query: kForDrawnFilms, serviceWorkers: true });
  t.after(() => page.close());
  await page.context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'serviceWorker', { get() { throw new DOMException('The operation is insecure.', 'SecurityError'); } });
  });
  await page.page.reload();
  await page.ready();
  assert.equal(await page.page.evaluate(() => {
    try {
      return Boolean(navigator.serviceWorker);
    } catch {
      return 'it throws';
    }
  }), 'it throws');
  assert.deepEqual(page.faults, []);
});

test('the policy forbids a request to another site, and the page counts the attempt', async () => {
  await withPage({}, async (page) => {
    await page.ready();
    await page.page.evaluate(() => fetch('https://example.test/').catch(() => {}));
    const state = await page.until(({ network }) => network.foreign_requests > 0);
    assert.equal(state.network.foreign_requests, 1);
    assert.ok((await page.violations()).length > 0);
  });
});

async function untilKept(page) {
  for (const end = Date.now() + kPatience; Date.now() < end;) {
    const kept = await page.page.evaluate(() => globalThis.chestlight.offline);
    if (kept) return kept;
    await pause(50);
  }
  throw new Error('the page was never kept for use without a network');
}

for (const [title, options] of [
  ['from the root', {}],
  ['from a folder, on a host without headers', { basePath: '/tools/chestlight/', omit: ['Cross-Origin-Opener-Policy', 'Cross-Origin-Embedder-Policy'] }],
]) {
  test(`the second visit needs no network: ${title}`, async () => {
    await withPage({ serviceWorkers: true, ...options }, async (page) => {
      await page.ready();
      assert.equal((await untilKept(page)).complete, true);
      await page.server.close();
      await page.page.reload();
      await page.drop([kFilm]);
      const state = await page.until(analysed);
      assert.equal(state.findings.length, 14);
      assert.equal(state.backend.name, 'wasm-threads', 'isolated by the service worker');
      assert.deepEqual(await page.violations(), []);
    });
  });
}

test('a new version of the site is used at the next visit with a network', async () => {
  await withPage({ serviceWorkers: true }, async (page) => {
    await page.ready();
    await untilKept(page);
    const list = JSON.parse(readFileSync(join(kSite, 'assets.json'), 'utf8'));
    const html = readFileSync(join(kSite, 'index.html'), 'utf8').replace('<title>Chestlight', '<title>Next Chestlight');
    const { createHash } = await import('node:crypto');
    list.version = 'next';
    list.assets.find(({ path }) => path === 'index.html').sha256 = createHash('sha256').update(html).digest('hex');
    const server = new URL(page.server.url);
    await page.context.route(new URL('assets.json', server).href, (route) => route.fulfill({ json: list }));
    await page.context.route(server.href, (route) => route.fulfill({ body: html, contentType: 'text/html' }));
    await page.context.route(new URL('?backend=wasm', server).href, (route) => route.fulfill({ body: html, contentType: 'text/html' }));
    await page.page.reload();
    assert.equal(await page.page.title(), 'Next Chestlight');
  });
});

const answer = (response) => (route) => route.fulfill(response);
const weights = () => `models/${model()}/weights.safetensors`;
const manifest = () => `models/${model()}/manifest.json`;
const changed = (path, change) => async (route) => route.fulfill({ body: change(readFileSync(join(kSite, path))) });

/** What can be wrong with a model, how to make it so, and what the message must say. */
const kBrokenModels = [
  ['no list of models', 'models/index.json', () => answer({ status: 404 }), /models\/index\.json.*404/s],
  ['no manifest', manifest, () => answer({ status: 404 }), /manifest.*404/s],
  ['a manifest that is another page', manifest, () => answer({ body: '<!doctype html>' }), /not JSON/],
  ['no weights', weights, () => answer({ status: 404 }), /weights.*404/s],
  ['weights cut short', weights, () => changed(weights(), (bytes) => bytes.subarray(0, 1000)), /1000 bytes/],
  ['weights with another hash', weights, () => changed(weights(), (bytes) => {
    const copy = Buffer.from(bytes);
    copy[copy.length - 1] ^= 1;
    return copy;
  }), /not the file of this manifest: expected \w{64}, found \w{64}/],
  ['a manifest with a wrong shape', manifest, () => changed(manifest(), (bytes) => {
    const value = JSON.parse(bytes);
    value.input.channels = 3;
    return Buffer.from(JSON.stringify(value));
  }), /channel/i],
  ['a manifest that lacks labels', manifest, () => changed(manifest(), (bytes) => {
    const value = JSON.parse(bytes);
    value.labels = value.labels.slice(0, 3);
    return Buffer.from(JSON.stringify(value));
  }), /label|threshold|3/i],
];
for (const [title, path, handler, words] of kBrokenModels) {
  test(`${title}: a clear message, and films can still be looked at`, async () => {
    const where = typeof path === 'function' ? path() : path;
    await withPage({ routes: { [where]: handler() } }, async (page) => {
      await page.drop([kFilm]);
      const state = await page.until(({ engine, view, films }) => engine === 'failed' && view?.pixels && films[0]?.status !== 'queued');
      assert.equal(state.errors.length, 1);
      assert.match(state.errors[0].message, words);
      assert.ok(state.errors[0].hint);
      await page.act({ type: 'run-command', id: 'invert' });
      await page.until(({ view }) => view.inverted);
      assert.deepEqual(page.faults, []);
    });
  });
}

test('without WebGL 2 the page says what it needs', async () => {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  await context.addInitScript(() => {
    const original = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
      return kind === 'webgl2' ? null : original.call(this, kind, ...rest);
    };
  });
  const { startServer } = await import('../../tools/serve.mjs');
  const server = await startServer({ root: kSite, port: 0 });
  try {
    const page = await context.newPage();
    await page.goto(server.url);
    const notice = page.getByRole('alert').filter({ hasText: 'WebGL 2' });
    await notice.waitFor();
  } finally {
    await context.close();
    await server.close();
  }
});
