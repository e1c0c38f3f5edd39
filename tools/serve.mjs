// A file server for the built page, for trying it and for its tests. Not a host for the public: it serves this machine only.
//
//   node tools/serve.mjs [FOLDER] [--port N] [--base /path/]
//
// It sends the headers of tools/site/headers.mjs, answers conditional requests, and prefers a file's .br or .gz beside it
// where the browser takes it.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { argv, exit, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { kHeaders, kTypes } from './site/headers.mjs';

const kDefaultRoot = fileURLToPath(new URL('../build/web/site', import.meta.url));
const kDefaultPort = 8080;
const kPortsToTry = 20;
const kEncodings = [['br', '.br'], ['gzip', '.gz']];

/**
 * Starts a server on 127.0.0.1.
 * @param {object} [options]
 * @param {string} [options.root] folder to serve
 * @param {number} [options.port] 0 for any free one; a taken one is an error (EADDRINUSE)
 * @param {string} [options.basePath] where the site lies, as it reads, such as '/my tools/chestlight/'; anything outside it
 *   is not found. The address that comes back has it escaped
 * @param {string[]} [options.omit] headers to leave out, as a plain host would
 * @returns {Promise<{url: string, port: number, asked: string[], close: () => Promise<void>}>}
 */
export async function startServer({ root = kDefaultRoot, port = 0, basePath = '/', omit = [] } = {}) {
  const folder = resolve(root);
  const steps = basePath.split('/').filter(Boolean);
  const base = ['', ...steps.map(encodeURIComponent), ''].join('/');
  const headers = Object.fromEntries(Object.entries(kHeaders).filter(([name]) => !omit.includes(name)));
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    answer(request, response, { folder, base, steps, headers }).catch(() => {
      if (!response.headersSent) response.writeHead(500, headers);
      response.end();
    });
  });
  await new Promise((resolved, rejected) => {
    server.once('error', rejected);
    server.listen(port, '127.0.0.1', resolved);
  });
  const bound = server.address().port;
  return {
    url: `http://127.0.0.1:${bound}${base}`,
    port: bound,
    asked,
    close: () => new Promise((resolved) => {
      server.close(resolved);
      server.closeAllConnections?.();
    }),
  };
}

async function answer(request, response, { folder, base, steps, headers }) {
  const refuse = (status, more = {}) => {
    response.writeHead(status, { ...headers, 'Content-Type': kTypes.txt, ...more });
    response.end(`${status}\n`);
  };
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, { Allow: 'GET, HEAD' });
  const { pathname } = new URL(request.url, 'http://localhost');
  // Escapes differ from browser to browser, so both sides are compared as they read.
  const asked = pathname.split('/').slice(1);
  if (!steps.every((step, index) => step === decoded(asked[index] ?? ''))) return refuse(404);
  if (asked.length === steps.length) return refuse(308, { Location: base });
  const inside = relativePath(asked.slice(steps.length).join('/'));
  if (inside === null) return refuse(404);
  const file = join(folder, inside.endsWith('/') || inside === '' ? `${inside}index.html` : inside);
  const found = await choose(file, request.headers['accept-encoding'] ?? '');
  if (!found) return refuse(404);

  const etag = `"${found.size.toString(36)}-${found.mtimeMs.toString(36)}${found.encoding ?? ''}"`;
  const own = {
    ...headers,
    'Content-Type': kTypes[extname(file).slice(1)] ?? 'application/octet-stream',
    ETag: etag,
    Vary: 'Accept-Encoding',
    ...(found.encoding ? { 'Content-Encoding': found.encoding } : {}),
  };
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, own);
    return response.end();
  }
  response.writeHead(200, { ...own, 'Content-Length': found.size });
  if (request.method === 'HEAD') return response.end();
  return createReadStream(found.path).on('error', () => response.destroy()).pipe(response);
}

/** @returns {string|null} null where the escapes are none */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** The decoded path inside the site; null for one that leaves it or names a hidden file. */
function relativePath(encoded) {
  const path = decoded(encoded);
  if (path === null) return null;
  if (path.includes('\0') || path.includes('\\')) return null;
  if (path.split('/').some((part) => part.startsWith('.'))) return null;
  return normalize(path).split(sep).join('/').replace(/^\.$/, '');
}

async function choose(file, accepted) {
  const names = accepted.split(',').map((entry) => entry.split(';')[0].trim());
  const candidates = kEncodings.filter(([encoding]) => names.includes(encoding))
    .map(([encoding, suffix]) => ({ path: file + suffix, encoding }));
  for (const candidate of [...candidates, { path: file }]) {
    const facts = await stat(candidate.path).catch(() => null);
    if (facts?.isFile()) return { ...candidate, size: facts.size, mtimeMs: facts.mtimeMs };
  }
  return null;
}

async function main(words) {
  const options = { root: kDefaultRoot, basePath: '/' };
  let port = null;
  while (words.length > 0) {
    const word = words.shift();
    if (word === '--port') port = Number(words.shift());
    else if (word === '--base') options.basePath = words.shift() ?? '/';
    else if (word.startsWith('-')) return usage();
    else options.root = word;
  }
  if (port !== null && !(Number.isInteger(port) && port >= 0 && port < 65536)) return usage();
  const index = await stat(join(options.root, 'index.html')).catch(() => null);
  if (!index) {
    stderr.write(`serve: ${options.root} holds no index.html. Build the page first: tools/page\n`);
    return 1;
  }
  const server = await firstFree(options, port);
  stdout.write(`Chestlight is at ${server.url}  (Ctrl+C ends it)\n`);
  return null;
}

async function firstFree(options, asked) {
  if (asked !== null) return startServer({ ...options, port: asked });
  for (let port = kDefaultPort; port < kDefaultPort + kPortsToTry; port += 1) {
    try {
      return await startServer({ ...options, port });
    } catch (error) {
      if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
    }
  }
  return startServer({ ...options, port: 0 });
}

function usage() {
  stderr.write('usage: tools/serve [FOLDER] [--port N] [--base /path/]\n');
  return 2;
}

if (argv[1] && resolve(argv[1]) === fileURLToPath(import.meta.url)) {
  main(argv.slice(2)).then((status) => {
    if (status !== null) exit(status);
  }, (error) => {
    stderr.write(`serve: ${error.message}\n`);
    exit(1);
  });
}
