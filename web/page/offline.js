// Keeps the page working without a network: registers the service worker and, once the engine has run, tells it which
// files this browser really used. Failing here costs nothing but the offline page.

/**
 * @param {{base: URL, onKept?: (reply: object) => void}} options
 * @returns {{keep: (addresses: string[]) => void}} `keep` with the addresses that were loaded
 */
export function serveOffline({ base, onKept }) {
  const container = navigator.serviceWorker;
  if (!container) return { keep() {} };
  const registered = container.register(new URL('sw.js', base), { updateViaCache: 'none' }).then(() => container.ready);
  registered.catch(() => {});
  container.addEventListener('message', ({ data }) => {
    if (data?.type === 'kept') onKept?.(data);
  });
  return {
    async keep(addresses) {
      try {
        (await registered).active.postMessage({ type: 'keep', addresses });
      } catch {
        // No service worker here, as in private windows of some browsers: the page works, with a network.
      }
    },
  };
}
