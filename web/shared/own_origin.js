// Confines a thread to its own origin: takes away every way of reaching the network that JavaScript can take away, and
// leaves `fetch`, which from here on refuses any other origin, redirects included.
//
// It must run first in its thread, before any other code could keep the originals. It is no module, so that the
// service worker can load it, too; as a module it is imported for what it does. It is the second wall: the first is the
// Content-Security-Policy, which also governs `import()`. That is syntax, and nothing here can govern it.
(() => {
  'use strict';

  const scope = globalThis;
  /** Ways to the network that this program has no use for. Those that a browser lacks are passed over. */
  const kUnused = ['XMLHttpRequest', 'WebSocket', 'WebSocketStream', 'WebSocketError', 'EventSource', 'WebTransport',
    'RTCPeerConnection', 'webkitRTCPeerConnection', 'RTCDataChannel', 'SharedWorker', 'FontFace', 'importScripts', 'fetchLater',
    'PresentationRequest'];
  /** Methods that fetch, or send a tab elsewhere, by the interface that has them. @type {[string, string[]][]} */
  const kUnusedMethods = [['Cache', ['add', 'addAll']], ['Navigator', ['sendBeacon', 'registerProtocolHandler']],
    ['Clients', ['openWindow']], ['WindowClient', ['navigate']], ['BackgroundFetchManager', ['fetch']],
    ['ServiceWorkerRegistration', ['showNotification']], ['PushManager', ['subscribe']]];

  /** Where a property of the global lives: on the global itself or on what it inherits from. @param {string} name @returns {object[]} */
  function ownersOf(name) {
    const owners = [];
    for (let object = scope; object; object = Object.getPrototypeOf(object)) {
      if (Object.hasOwn(object, name)) owners.push(object);
    }
    return owners;
  }

  /** @param {object} owner @param {string} name @param {unknown} value */
  function replace(owner, name, value) {
    Object.defineProperty(owner, name, { value, writable: true, configurable: true, enumerable: true });
  }

  const { Request: NativeRequest } = scope;
  const nativeFetch = scope.fetch;

  /** As the browser's, for this origin only. @param {RequestInfo|URL} input @param {RequestInit} [options] */
  async function fetch(input, options) {
    // In this mode the browser itself refuses another origin, also where a redirect leads to one.
    return nativeFetch.call(scope, new NativeRequest(input, { ...options, mode: 'same-origin' }));
  }

  for (const owner of ownersOf('fetch')) replace(owner, 'fetch', fetch);
  for (const name of kUnused) for (const owner of ownersOf(name)) replace(owner, name, undefined);
  for (const [type, names] of kUnusedMethods) {
    const prototype = /** @type {Record<string, {prototype?: object}|undefined>} */ (/** @type {unknown} */ (scope))[type]?.prototype;
    for (const name of names) if (prototype && name in prototype) replace(prototype, name, undefined);
  }
})();
