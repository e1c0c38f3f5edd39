// The service worker: the page without a network, in one consistent version, and never an old one while there is a
// network.
//
// assets.json lists every file of the site with its SHA-256. Files are kept under their hash, so an update fetches
// only what changed. At each navigation the list is asked for anew: the newest version is used if there is a network,
// the last complete one if there is none. A file whose bytes do not have the listed hash is passed on and not kept.
// InferenceCache carry the headers of cross-origin isolation, for hosts that cannot set headers. Only GET requests of this
// site pass here.
'use strict';

importScripts('shared/own_origin.js'); // first: from here on `fetch` reaches this origin alone

const scope = new URL(self.registration.scope);
const kCacheName = `chestlight ${scope.pathname}`;
const kListsKey = new URL('.kept/lists', scope).href;
/** A network slower than this, milliseconds, is taken for none when asking for the list. */
const kListTimeout = 3000;
/** Groups of assets.json that are kept whole; of runtimes and models only what this browser used. */
const kAlwaysKept = ['page', 'dicom', 'examples'];

/**
 * @typedef {{version: string, files: Object<string, string>, always: string[]}} List `files`: path → SHA-256 in hex,
 *   `always`: the paths that every visit may need
 * @typedef {{current: List|null, complete: List|null}} Lists
 */

/** @type {Promise<Lists>|null} */
let lists = null;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) return;
  if (request.headers.has('range') || (request.cache === 'only-if-cached' && request.mode !== 'same-origin')) return;
  event.respondWith(answer(event, pathOf(url)));
});

self.addEventListener('message', (event) => {
  if (event.data?.type !== 'keep') return;
  event.waitUntil(keep(event.data.addresses).then((reply) => event.source?.postMessage({ type: 'kept', ...reply })));
});

function pathOf(url) {
  return decodeURIComponent(url.pathname.slice(scope.pathname.length)) || 'index.html';
}

async function answer(event, path) {
  if (event.request.mode === 'navigate') await chooseVersion();
  const list = await currentList();
  const hash = list?.files[path];
  const kept = hash && await fromCache(hash);
  if (kept) return isolated(kept, 'device');
  const response = await fetch(event.request);
  if (hash && response.status === 200) event.waitUntil(store(hash, response.clone()).catch(() => {}));
  return isolated(response);
}

/** Same body, with the headers that allow threads. */
function isolated(response, source = '') {
  if (response.type === 'opaqueredirect' || response.type === 'error') return response;
  const headers = new Headers(response.headers);
  headers.set('cross-origin-opener-policy', 'same-origin');
  headers.set('cross-origin-embedder-policy', 'require-corp');
  headers.set('cross-origin-resource-policy', 'same-origin');
  if (source) headers.set('x-chestlight-source', source);
  const empty = [101, 204, 205, 304].includes(response.status);
  const { status, statusText } = response;
  return new Response(empty ? null : response.body, { status, statusText, headers });
}

// --- versions ---

/** At a navigation: the newest list, or without a network the one whose files are all here. */
async function chooseVersion() {
  const known = await loadLists();
  const fetched = await fetchList();
  if (!fetched) {
    if (known.complete) await saveLists({ ...known, current: known.complete });
  } else if (fetched.version !== known.current?.version) {
    await saveLists({ ...known, current: fetched });
  }
}

async function currentList() {
  const known = await loadLists();
  if (known.current) return known.current;
  const current = await fetchList();
  if (current) await saveLists({ ...known, current });
  return current;
}

/** @returns {Promise<List|null>} */
async function fetchList() {
  try {
    const response = await fetch(new URL('assets.json', scope), {
      cache: 'no-cache', signal: AbortSignal.timeout(kListTimeout),
    });
    const { version, assets } = await response.json();
    const list = { version, files: {}, always: [] };
    for (const { path, sha256, group } of assets) {
      list.files[path] = sha256;
      if (kAlwaysKept.includes(group)) list.always.push(path);
    }
    return list;
  } catch {
    return null;
  }
}

function loadLists() {
  lists ??= (async () => {
    try {
      const stored = await (await caches.open(kCacheName)).match(kListsKey);
      return stored ? await stored.json() : { current: null, complete: null };
    } catch {
      return { current: null, complete: null };
    }
  })();
  return lists;
}

async function saveLists(value) {
  lists = Promise.resolve(value);
  try {
    await (await caches.open(kCacheName)).put(kListsKey, new Response(JSON.stringify(value)));
  } catch {
    // A full disk: this version is used while this worker lives.
  }
}

// --- contents ---

const contentKey = (hash) => new URL(`.kept/${hash}`, scope).href;

async function fromCache(hash) {
  try {
    return await (await caches.open(kCacheName)).match(contentKey(hash));
  } catch {
    return undefined;
  }
}

/** Keeps a body if it has the hash. @returns {Promise<number>} its bytes; 0 if it is another */
async function store(hash, response) {
  const body = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body));
  if ([...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('') !== hash) return 0;
  const headers = new Headers(response.headers);
  headers.delete('content-encoding');  // the body is decoded already
  headers.set('content-length', String(body.byteLength));
  await (await caches.open(kCacheName)).put(contentKey(hash), new Response(body, { headers }));
  return body.byteLength;
}

/** Fetches what is still missing of the used files and of the small ones that any visit may need. */
async function keep(addresses) {
  const list = await currentList();
  if (!list) return { complete: false, reason: 'no list of files' };
  const used = addresses.map((address) => new URL(address))
    .filter((url) => url.origin === scope.origin && url.pathname.startsWith(scope.pathname)).map(pathOf);
  const paths = [...new Set([...list.always, ...used])].filter((path) => list.files[path]);
  try {
    for (const path of paths) {
      const hash = list.files[path];
      if (await fromCache(hash)) continue;
      const response = await fetch(new URL(path, scope));
      const isListed = response.ok && await store(hash, response);
      if (!isListed) return { complete: false, reason: `${path} is not the listed file` };
    }
    await saveLists({ current: list, complete: list });
    await prune(list);
    return { complete: true, files: paths.length };
  } catch (error) {
    return { complete: false, reason: String(error?.name ?? error) };
  }
}

/** Forgets contents that the list no longer names. */
async function prune(list) {
  const cache = await caches.open(kCacheName);
  const wanted = new Set([kListsKey, ...Object.values(list.files).map(contentKey)]);
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
}
