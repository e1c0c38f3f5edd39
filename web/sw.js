// The service worker: the page without a network, each tab in one consistent version, and a new tab never in an old one
// while there is a network.
//
// assets.json lists every file of the site with its SHA-256. Files are kept under their hash, so an update fetches
// only what changed. What is kept is trusted only after its hash was computed again: a damaged entry is dropped, said and
// fetched anew. At each navigation the list is asked for anew: the newest version is used if there is a network, the
// last complete one if there is none. A tab stays with the version it began with: it asks which one that is ("pin") and
// loads the rest from the folder .kept/<version>/, which exists only here. A file of that version that the host no longer has
// is refused, not replaced by its successor. Bytes that differ though the host has no other version (some hosts rewrite
// files) are passed on and not kept.
//
// Every answer carries the headers that the list names: those of the policy and of cross-origin isolation, for hosts that
// cannot set them. Only GET requests of this site pass here.
'use strict';

importScripts('shared/own_origin.js'); // first: from here on `fetch` reaches this origin alone

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const scope = new URL(worker.registration.scope);
const kCacheName = `chestlight ${scope.pathname}`;
const kRecordKey = new URL('.kept/record', scope).href;
/** A network slower than this, milliseconds, is taken for none when asking for the list. */
const kListTimeout = 3000;
/** For so long the host's version is not asked for again, milliseconds. */
const kVersionHolds = 30_000;
/** A tab that is being opened is no client yet: its version is kept for so long at least, milliseconds. */
const kOpeningTime = 60_000;
/** Groups of assets.json that are kept whole; of runtimes and models only what this browser used. */
const kAlwaysKept = ['page', 'dicom', 'examples'];

/**
 * @typedef {{version: string, headers?: Object<string, string>, assets: {path: string, group: string, sha256: string}[]}} List
 *   assets.json as it is
 * @typedef {object} Kept what is known, as it is stored
 * @property {Object<string, List>} versions by their name
 * @property {string|null} current the newest version that the host had
 * @property {string|null} complete the newest version of which all is kept
 * @property {Object<string, {version: string, since: number}>} tabs the version of each, by client id; since: ms of 1970
 */

/** @type {Promise<Kept>|null} */
let loading = null;
/** What the host had when it was last asked; ms of 1970. @type {{version: string|null, asked: number}} */
const host = { version: null, asked: 0 };
/** Paths of damaged entries that no page was told of yet. @type {Set<string>} */
const damaged = new Set();

worker.addEventListener('install', () => worker.skipWaiting());
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) return;
  if (request.headers.has('range') || (request.cache === 'only-if-cached' && request.mode !== 'same-origin')) return;
  event.respondWith(answer(event, splitPath(url)));
});

worker.addEventListener('message', (event) => {
  const { data, ports } = event;
  const source = /** @type {Client} */ (event.source);
  if (data?.type === 'pin') {
    event.waitUntil(pin(source.id).then((reply) => ports[0].postMessage(reply)));
  } else if (data?.type === 'keep') {
    event.waitUntil(keep(source.id, data.addresses).then((reply) => source.postMessage({ type: 'kept', ...reply })));
  }
});

/** @typedef {{version: string|null, path: string}} Place @param {URL} url @returns {Place} the version where the address names one, and the path inside the site */
function splitPath(url) {
  const inside = decodeURIComponent(url.pathname.slice(scope.pathname.length));
  const [, version = null, path] = /** @type {RegExpExecArray} */ (/^(?:\.kept\/([^/]+)\/)?(.*)$/s.exec(inside));
  return { version, path: path || 'index.html' };
}

/** @param {FetchEvent} event @param {Place} place @returns {Promise<Response>} */
async function answer(event, { version: asked, path }) {
  const record = await loadRecord();
  const isNavigation = event.request.mode === 'navigate';
  const version = asked ?? (isNavigation ? await openTab(event.resultingClientId) : record.tabs[event.clientId]?.version
    ?? await currentVersion());
  /** @type {List|undefined} */
  const list = record.versions[version ?? ''];
  if (asked && !list) return refusal('This version is no longer kept.');
  if (asked && path === 'assets.json') return dressed(Response.json(list), list, 'device');
  const hash = list && hashOf(list, path);
  const kept = hash && await fromCache(hash, path);
  if (kept) return dressed(kept, list, 'device');
  const response = await fetch(asked ? new Request(new URL(path, scope), { cache: 'no-cache', signal: event.request.signal })
    : event.request);
  if (!hash) return dressed(response, list);
  const wanted = { version, path, hash };
  if (!isNavigation && await hostVersion() !== version) return dressed(await verifiedWhole(event, response, wanted), list);
  if (response.status !== 200) {
    event.waitUntil(hostMovedOn(version, path));
    return dressed(response, list);
  }
  return dressed(isNavigation ? await verifiedPage(event, response, hash) : verified(event, response, wanted), list);
}

/**
 * Same body, with the headers that every answer should carry.
 * @param {Response} response @param {List} [list] @param {'device'|''} [source] where it comes from
 */
function dressed(response, list, source = '') {
  if (response.type === 'opaqueredirect' || response.type === 'error') return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(list?.headers ?? {})) headers.set(name, value);
  if (source) headers.set('x-chestlight-source', source);
  const empty = [101, 204, 205, 304].includes(response.status);
  const { status, statusText } = response;
  return new Response(empty ? null : response.body, { status, statusText, headers });
}

/** A reason that download() (shared/download.js) tells the reader. @param {string} text */
const refusal = (text) => new Response(`${text}\n`, { status: 410, headers: { 'content-type': 'text/plain' } });

// --- what comes from the host ---

/**
 * The same answer, kept once it was found to be the listed file. Bytes are passed on as they come, the last of them after the
 * hash was computed: a file of another version ends in an error, so that nobody takes it for the whole.
 * @typedef {{version: string|null, path: string, hash: string}} Wanted
 *
 * @param {FetchEvent} event
 * @param {Response} response with a body
 * @param {Wanted} wanted
 */
function verified(event, response, { version, path, hash }) {
  const reader = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (response.body).getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  /** @type {Uint8Array|null} */
  let held = null;
  /** @type {() => void} */
  let finish;
  event.waitUntil(new Promise((resolve) => { finish = () => resolve(undefined); }));
  const check = async () => {
    const bytes = await new Blob(parts).arrayBuffer();
    if (await sha256(bytes) === hash) await store(hash, bytes, response.headers).catch(() => {});
    else if (await hostMovedOn(version, path)) throw new TypeError(`${path} is of another version`);
  };
  const body = new ReadableStream({
    async pull(controller) {
      try {
        for (let passed = null; !passed;) {
          const { done, value } = await reader.read();
          if (done) {
            await check();
            if (held) controller.enqueue(held);
            controller.close();
            return finish();
          }
          [passed, held] = [held, value];
          parts.push(value);
          if (passed) controller.enqueue(passed);
        }
      } catch (error) {
        finish();
        throw error;
      }
      return undefined;
    },
    cancel(reason) {
      finish();
      return reader.cancel(reason);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
}

/** As `verified`, for a host that has another version: a file of that one is refused before a byte of it is passed on. @param {FetchEvent} event @param {Response} response @param {Wanted} wanted */
async function verifiedWhole(event, response, { version, path, hash }) {
  const bytes = response.ok ? await response.arrayBuffer() : new ArrayBuffer(0);
  if (response.ok && await sha256(bytes) === hash) {
    await store(hash, bytes, response.headers).catch(() => {});
    return new Response(bytes, { headers: response.headers });
  }
  if (host.version !== version) {
    // Whoever imports a script learns of no reason.
    if (event.request.destination) await tellPages({ type: 'outdated', path });
    return refusal(`${path} is of another version`);
  }
  return response.ok ? new Response(bytes, { headers: response.headers }) : response;
}

/**
 * The page itself, whose tab begins just now: if it is of a newer version than the list, so is the tab.
 * @param {FetchEvent} event @param {Response} response @param {string} hash
 */
async function verifiedPage(event, response, hash) {
  const bytes = await response.arrayBuffer();
  if (await sha256(bytes) === hash) event.waitUntil(store(hash, bytes, response.headers).catch(() => {}));
  else await openTab(event.resultingClientId);
  const { status, statusText, headers } = response;
  return new Response(bytes, { status, statusText, headers });
}

/**
 * Whether the host has another version than this one by now; then the pages are told that `path` of theirs is gone.
 * @param {string|null} version @param {string} path
 */
async function hostMovedOn(version, path) {
  const fetched = await fetchList();
  if (!fetched || fetched.version === version) return false;
  await tellPages({ type: 'outdated', path });
  return true;
}

/** @param {{type: 'outdated'|'damaged', path: string}} message */
async function tellPages(message) {
  for (const client of await worker.clients.matchAll({ type: 'window' })) client.postMessage(message);
}

// --- versions ---

/**
 * The version of a tab that opens: the newest, or without a network the last one whose files are all here.
 * @param {string} id @returns {Promise<string|null>}
 */
async function openTab(id) {
  const record = await loadRecord();
  const fetched = await fetchList();
  if (fetched) {
    record.versions[fetched.version] = fetched;
    record.current = fetched.version;
  }
  const version = fetched ? fetched.version : record.complete ?? record.current;
  if (id && version) record.tabs[id] = { version, since: Date.now() };
  await saveRecord();
  return version;
}

async function currentVersion() {
  const record = await loadRecord();
  return record.current ?? openTab('');
}

/**
 * Which version a tab is of: the folder of its files, and what to tell the reader. A tab that was here before this service
 * worker gets the newest version, and is controlled from here on.
 * @param {string} id
 */
async function pin(id) {
  await worker.clients.claim();
  const record = await loadRecord();
  const version = record.tabs[id]?.version ?? await openTab(id);
  const paths = [...damaged];
  damaged.clear();
  return { folder: version ? new URL(`.kept/${encodeURIComponent(version)}/`, scope).href : null, version, damaged: paths };
}

/** The version that the host has, asked for now and then; the last one it had where it does not answer. */
async function hostVersion() {
  if (Date.now() - host.asked > kVersionHolds) await fetchList();
  return host.version;
}

/** @returns {Promise<List|null>} */
async function fetchList() {
  try {
    const response = await fetch(new URL('assets.json', scope), {
      cache: 'no-cache', signal: AbortSignal.timeout(kListTimeout),
    });
    const list = await response.json();
    if (typeof list.version !== 'string' || !Array.isArray(list.assets)) return null;
    host.version = list.version;
    host.asked = Date.now();
    return list;
  } catch {
    return null;
  }
}

/** @param {List} list @param {string} path */
function hashOf(list, path) {
  return list.assets.find((asset) => asset.path === path)?.sha256;
}

/** @returns {Promise<Kept>} */
function loadRecord() {
  loading ??= (async () => {
    const empty = { versions: {}, current: null, complete: null, tabs: {} };
    try {
      const stored = await (await caches.open(kCacheName)).match(kRecordKey);
      return stored ? await stored.json() : empty;
    } catch {
      return empty;
    }
  })();
  return loading;
}

async function saveRecord() {
  try {
    const text = JSON.stringify(await loadRecord());
    await (await caches.open(kCacheName)).put(kRecordKey, new Response(text));
  } catch {
    // A full disk: these versions are used while this worker lives.
  }
}

// --- contents ---

/** @param {string} hash */
const contentKey = (hash) => new URL(`.kept/${hash}`, scope).href;

/** @param {ArrayBuffer} bytes */
async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * What is kept under the hash, if it still has that hash; otherwise it is dropped.
 * @param {string} hash @param {string} path @returns {Promise<Response|undefined>}
 */
async function fromCache(hash, path) {
  try {
    const cache = await caches.open(kCacheName);
    const found = await cache.match(contentKey(hash));
    if (!found) return undefined;
    const bytes = await found.arrayBuffer();
    if (await sha256(bytes) === hash) return new Response(bytes, { headers: found.headers });
    await cache.delete(contentKey(hash));
    damaged.add(path);
    await tellPages({ type: 'damaged', path });
    return undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} hash @param {ArrayBuffer} bytes @param {Headers} from */
async function store(hash, bytes, from) {
  const headers = new Headers(from);
  headers.delete('content-encoding');  // the body is decoded already
  headers.set('content-length', String(bytes.byteLength));
  await (await caches.open(kCacheName)).put(contentKey(hash), new Response(bytes, { headers }));
}

/**
 * For a tab: checks and fetches the files it used and the small ones that any visit may need.
 * @param {string} id @param {string[]} addresses
 */
async function keep(id, addresses) {
  const record = await loadRecord();
  const version = record.tabs[id]?.version ?? await currentVersion();
  const list = record.versions[version ?? ''];
  if (!list) return { complete: false, reason: 'no list of files' };
  const used = addresses.map((address) => new URL(address))
    .filter((url) => url.origin === scope.origin && url.pathname.startsWith(scope.pathname)).map((url) => splitPath(url).path);
  const always = list.assets.filter(({ group }) => kAlwaysKept.includes(group)).map(({ path }) => path);
  const paths = [...new Set([...always, ...used])].filter((path) => hashOf(list, path));
  try {
    for (const path of paths) {
      const hash = /** @type {string} */ (hashOf(list, path));
      if (await fromCache(hash, path)) continue;
      const response = await fetch(new URL(path, scope), { cache: 'no-cache' });
      const bytes = await response.arrayBuffer();
      if (!response.ok || await sha256(bytes) !== hash) return { complete: false, version, reason: `${path} is not the listed file` };
      await store(hash, bytes, response.headers);
    }
    // An older tab completes its own version, and takes nothing from the newest one.
    if (!record.complete || version === record.current) record.complete = version;
    await prune(record);
    return { complete: true, version, files: paths.length };
  } catch (error) {
    return { complete: false, version, reason: error instanceof Error ? error.name : String(error) };
  }
}

/** Forgets tabs that are closed, versions that no tab has, and contents that no version names. @param {Kept} record */
async function prune(record) {
  for (const [id, { since }] of Object.entries(record.tabs)) {
    if (Date.now() - since > kOpeningTime && !await worker.clients.get(id)) delete record.tabs[id];
  }
  const used = new Set([record.current, record.complete, ...Object.values(record.tabs).map(({ version }) => version)]);
  for (const version of Object.keys(record.versions)) if (!used.has(version)) delete record.versions[version];
  await saveRecord();
  const wanted = new Set([kRecordKey]);
  for (const { assets } of Object.values(record.versions)) for (const { sha256: hash } of assets) wanted.add(contentKey(hash));
  const cache = await caches.open(kCacheName);
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
}
