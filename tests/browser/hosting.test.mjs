// The configurations that come with the site, with the real servers: nginx, Apache and Caddy each send every header and a
// type browsers run, and the page starts. A server that is not installed is skipped by name.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { kHeaders } from '../../tools/site/headers.mjs';
import { kForDrawnFilms, kPatience, kSite, launchBrowser, visitPage } from './support/browser.mjs';

const kIsRoot = userInfo().uid === 0;
const kApacheModules = ['authz_core', 'mime', 'headers', 'dir'];

/** How each server is run on a site by the configuration that lies in it. */
const kServers = {
  nginx: ({ site, folder, port }) => ({
    config: `daemon off; pid ${folder}/pid; error_log stderr; worker_processes 1; ${kIsRoot ? 'user root;' : ''}
      events {}
      http {
        include /etc/nginx/mime.types; access_log off;
        ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n')}
        server { listen 127.0.0.1:${port}; root ${site}; location / { include ${site}/hosting/nginx.conf; } }
      }`,
    words: (path) => ['-c', path, '-e', 'stderr'],
  }),
  apache2: ({ site, folder, port }) => ({
    config: `ServerRoot ${folder}
      LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
      ${kApacheModules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
      ServerName localhost
      Listen 127.0.0.1:${port}
      PidFile ${folder}/pid
      ErrorLog ${folder}/errors
      ${kIsRoot ? 'User www-data\nGroup www-data' : ''}
      TypesConfig /etc/mime.types
      DocumentRoot ${site}
      DirectoryIndex index.html
      <Directory ${site}>
        AllowOverride All
        Require all granted
      </Directory>`,
    words: (path) => ['-X', '-f', path],
  }),
  caddy: ({ site, port }) => ({
    config: `{
      admin off
      auto_https off
    }
    http://127.0.0.1:${port} {
      root * ${site}
      import ${site}/hosting/Caddyfile
      file_server
    }
    `,
    words: (path) => ['run', '--adapter', 'caddyfile', '--config', path],
  }),
};

const kPath = `${env.PATH}:/usr/sbin:/usr/local/sbin`;
const installed = (name) => spawnSync('sh', ['-c', `command -v ${name}`], { env: { ...env, PATH: kPath } }).status === 0;

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address();
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

/** @returns {Promise<{url: string, stop: () => Promise<void>}>} */
async function serveWith(name) {
  const folder = mkdtempSync(join(tmpdir(), 'chestlight-hosting-'));
  const site = join(folder, 'site');
  const port = await freePort();
  chmodSync(folder, 0o755); // the server may run as another user
  mkdirSync(site);
  cpSync(kSite, site, { recursive: true });
  const { config, words } = kServers[name]({ site, folder, port });
  const path = join(folder, 'config');
  writeFileSync(path, config.replace(/^ +/gm, ''));
  const child = spawn(name, words(path), { env: { ...env, PATH: kPath, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { output += text; });
  const ended = new Promise((resolve) => { child.on('exit', resolve); });
  const url = `http://127.0.0.1:${port}/`;
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  };
  for (const end = Date.now() + kPatience; ; await pause(50)) {
    if (await fetch(url).then(() => true, () => false)) return { url, stop };
    if (child.exitCode !== null || Date.now() > end) {
      await stop();
      throw new Error(`${name} did not start: ${output}`);
    }
  }
}

let browser;
before(async () => { browser = await launchBrowser(); });
after(() => browser?.close());

for (const name of Object.keys(kServers)) {
  test(`the page starts on ${name} with the configuration that comes with it`, { skip: installed(name) ? false : `${name} is not installed` }, async (t) => {
    const { url, stop } = await serveWith(name);
    t.after(stop);
    for (const [path, type] of [['', /^text\/html/], ['page/boot.js', /javascript/], ['ui.mjs', /javascript/],
      ['vendor/ort/ort.wasm.min.mjs', /javascript/], ['engine.wasm', /^application\/wasm/], ['style.css', /^text\/css/]]) {
      const response = await fetch(url + path);
      assert.equal(response.status, 200, path);
      assert.match(response.headers.get('content-type') ?? '', type, path);
      for (const [header, value] of Object.entries(kHeaders)) assert.equal(response.headers.get(header), value, `${header} of ${path}`);
    }
    const context = await browser.newContext({ serviceWorkers: 'block' });
    t.after(() => context.close());
    const page = await visitPage(context, url + kForDrawnFilms);
    await page.ready();
    assert.equal(await page.page.evaluate(() => crossOriginIsolated), true);
    assert.deepEqual(page.faults, []);
  });
}
