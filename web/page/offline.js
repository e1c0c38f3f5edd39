// Keeps the page working without a network, and in one version: registers the service worker, asks it which version
// this tab is of, and, once the engine has run, tells it which files this browser really used. Failing here costs nothing but
// the offline page.

/** Longest wait for the service worker at the start, milliseconds; then the page goes on without it. */
const kLongestWait = 3000;

/** @type {Record<string, (path: string) => string>} */
const kNotices = {
  damaged: (path) => `A file that was kept on this device was damaged and is fetched again: ${path}.`,
  outdated: (path) => `This site has a newer version, and ${path} of the version in this tab is no longer there. `
    + 'Reload the page to use the newer one.',
};

/** The browser's service workers; null where it has none or forbids them, as in private windows of some. */
function serviceWorkers() {
  try {
    return navigator.serviceWorker ?? null;
  } catch {
    return null;
  }
}

/**
 * @typedef {{folder: string|null, version: string|null, damaged: string[]}} Pinned what the service worker answers to "pin"
 *
 * @param {{base: URL, onKept?: (reply: object) => void, onNotice?: (text: string) => void}} options `base`: the site
 * @returns {{keep: (addresses: string[]) => void, pinned: Promise<{folder: URL, version: string|null}>}} `keep` with the
 *   addresses that were loaded; `pinned`: the folder of this tab's version, the site itself without a service worker
 */
export function serveOffline({ base, onKept, onNotice }) {
  const plain = { folder: base, version: null };
  const container = serviceWorkers();
  if (!container) return { keep() {}, pinned: Promise.resolve(plain) };
  /** @type {Set<string>} */
  const said = new Set();
  /** @param {string} type @param {string} path */
  const say = (type, path) => {
    const text = kNotices[type]?.(path);
    if (!text || said.has(text)) return;
    said.add(text);
    onNotice?.(text);
  };
  container.addEventListener('message', ({ data }) => {
    if (data?.type === 'kept') onKept?.(data);
    else say(data?.type, data?.path);
  });
  container.startMessages();
  const registered = register(container, base);
  const pinned = Promise.race([askVersion(container, registered), wait(kLongestWait)]).then((reply) => {
    for (const path of reply?.damaged ?? []) say('damaged', path);
    return reply?.folder && container.controller ? { folder: new URL(reply.folder), version: reply.version } : plain;
  }, () => plain);
  return {
    pinned,
    async keep(addresses) {
      const registration = await registered;
      registration?.active?.postMessage({ type: 'keep', addresses });
    },
  };
}

/** @param {ServiceWorkerContainer} container @param {URL} base @returns {Promise<ServiceWorkerRegistration|null>} once it has an active worker; null where there can be none */
async function register(container, base) {
  try {
    const registration = await container.register(new URL('sw.js', base), { updateViaCache: 'none' });
    return registration ? await container.ready : null;
  } catch {
    return null;
  }
}

/**
 * Asked again of each worker that takes over: one of an older version may not know the question.
 * @param {ServiceWorkerContainer} container
 * @param {Promise<ServiceWorkerRegistration|null>} registered
 * @returns {Promise<Pinned|null>}
 */
async function askVersion(container, registered) {
  const registration = await registered;
  if (!registration) return null;
  return new Promise((resolve) => {
    /** @param {ServiceWorker} worker */
    const ask = (worker) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = async ({ data }) => {
        if (!container.controller) await new Promise((taken) => { container.addEventListener('controllerchange', taken, { once: true }); });
        resolve(data);
      };
      worker.postMessage({ type: 'pin' }, [port2]);
    };
    container.addEventListener('controllerchange', () => container.controller && ask(container.controller));
    ask(/** @type {ServiceWorker} */ (registration.active));
  });
}

/** @param {number} milliseconds @returns {Promise<null>} */
const wait = (milliseconds) => new Promise((resolve) => { setTimeout(() => resolve(null), milliseconds); });
