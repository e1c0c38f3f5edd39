// The file server of the page: its headers, its limits, and where it may lie.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startServer } from '../../tools/serve.mjs';
import { hostFiles, kHeaders } from '../../tools/site/headers.mjs';

let outside;
let server;
let deep;

before(async () => {
  outside = mkdtempSync(join(tmpdir(), 'chestlight-serve-'));
  const root = join(outside, 'site');
  mkdirSync(join(root, 'vendor'), { recursive: true });
  writeFileSync(join(root, 'index.html'), '<!doctype html>');
  writeFileSync(join(root, 'vendor/a.mjs'), 'export {};');
  writeFileSync(join(root, 'vendor/a.mjs.br'), 'small');
  writeFileSync(join(root, 'a.wasm'), '\0asm');
  writeFileSync(join(root, '.htaccess'), 'hidden');
  writeFileSync(join(outside, 'secret.txt'), 'not for you');
  server = await startServer({ root });
  deep = await startServer({ root, basePath: '/some/where/', omit: ['Cross-Origin-Embedder-Policy'] });
});

after(async () => {
  await server.close();
  await deep.close();
  rmSync(outside, { recursive: true });
});

/** The path is sent as it stands: fetch() would tidy it first. */
function get(port, path, { method = 'GET', headers = {} } = {}) {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts).toString() }));
    }).on('error', reject).end();
  });
}

test('every answer carries the headers, refusals too', async () => {
  for (const path of ['/', '/a.wasm', '/nothing']) {
    const { headers } = await get(server.port, path);
    for (const [name, value] of Object.entries(kHeaders)) assert.equal(headers[name.toLowerCase()], value, `${name} of ${path}`);
  }
});

const kAnswers = [
  ['/', 200, 'text/html; charset=utf-8'],
  ['/index.html?backend=wasm', 200, 'text/html; charset=utf-8'],
  ['/a.wasm', 200, 'application/wasm'],
  ['/vendor/a.mjs', 200, 'text/javascript; charset=utf-8'],
  ['/vendor/', 404],
  ['/vendor', 404],
  ['/nothing.js', 404],
  ['/.htaccess', 404],
  ['/../secret.txt', 404],
  ['/%2e%2e/secret.txt', 404],
  ['/vendor/..%2f..%2fsecret.txt', 404],
  ['/vendor\\..\\..\\secret.txt', 404],
  ['/%00', 404],
  ['/%', 404],
];
for (const [path, status, type] of kAnswers) {
  test(`${path} is ${status}`, async () => {
    const answer = await get(server.port, path);
    assert.equal(answer.status, status);
    if (type) assert.equal(answer.headers['content-type'], type);
    assert.ok(!answer.body.includes('not for you'));
  });
}

test('other methods are refused, HEAD has no body', async () => {
  assert.equal((await get(server.port, '/', { method: 'POST' })).status, 405);
  const head = await get(server.port, '/a.wasm', { method: 'HEAD' });
  assert.deepEqual([head.status, head.headers['content-length'], head.body], [200, '4', '']);
});

test('an unchanged file is not sent again', async () => {
  const { headers } = await get(server.port, '/a.wasm');
  const again = await get(server.port, '/a.wasm', { headers: { 'If-None-Match': headers.etag } });
  assert.deepEqual([again.status, again.body], [304, '']);
});

test('the compressed neighbour is sent to those who take it', async () => {
  const plain = await get(server.port, '/vendor/a.mjs');
  assert.deepEqual([plain.headers['content-encoding'], plain.body], [undefined, 'export {};']);
  const brotli = await get(server.port, '/vendor/a.mjs', { headers: { 'Accept-Encoding': 'gzip, br;q=0.9' } });
  assert.deepEqual([brotli.headers['content-encoding'], brotli.body], ['br', 'small']);
  assert.equal(brotli.headers['content-type'], 'text/javascript; charset=utf-8');
});

test('the site may lie at any path, and a header may be left out as on a plain host', async () => {
  assert.match(deep.url, /\/some\/where\/$/);
  assert.equal((await get(deep.port, '/some/where/')).status, 200);
  assert.equal((await get(deep.port, '/some/where')).headers.location, '/some/where/');
  assert.equal((await get(deep.port, '/')).status, 404);
  assert.equal((await get(deep.port, '/some/where/a.wasm')).headers['cross-origin-embedder-policy'], undefined);
});

const kOddPaths = ['/my tools/x/', '/ä ö/', '/100 %/', '/what?/', '/a#b/', '/a+b&c=d/', "/it's (here)/", '/%20/', '/a;b,c@d/'];
for (const basePath of kOddPaths) {
  test(`the site may lie at ${basePath}`, async () => {
    const odd = await startServer({ root: join(outside, 'site'), basePath });
    try {
      const address = new URL(odd.url);
      assert.equal(address.href, odd.url, 'the address is one that a browser leaves as it is');
      assert.deepEqual([address.search, address.hash], ['', '']);
      assert.equal((await fetch(odd.url)).status, 200);
      assert.equal((await fetch(new URL('vendor/a.mjs?x=1', odd.url))).status, 200);
      assert.equal((await fetch(new URL('../a.wasm', odd.url))).status, 404);
      const bare = await get(odd.port, address.pathname.slice(0, -1));
      assert.deepEqual([bare.status, bare.headers.location], [308, address.pathname]);
      // Another browser's escapes: everything, and nothing but what HTTP cannot carry.
      const all = [...Buffer.from(basePath)].map((byte) => (byte === 0x2f ? '/' : `%${byte.toString(16).padStart(2, '0')}`)).join('');
      assert.equal((await get(odd.port, all)).status, 200);
    } finally {
      await odd.close();
    }
  });
}

test('the policy allows no other origin, no inline code and no eval', () => {
  const policy = kHeaders['Content-Security-Policy'];
  assert.match(policy, /^default-src 'none';/);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|\*|https?:|data:/);
});

test('the files for hosts carry every header', () => {
  for (const { path, text } of hostFiles()) {
    for (const [name, value] of Object.entries(kHeaders)) {
      assert.ok(text.includes(name) && text.includes(value), `${name} in ${path}`);
    }
  }
});
