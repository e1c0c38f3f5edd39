// Measures what the page says about itself: bytes sent, and requests to other origins. It hinders nothing (the
// Content Security Policy does); it counts, so that "bytes sent: 0" is a measurement and not a promise.
//
// Bytes sent are the bodies of requests and messages that code of this thread hands to the network. Requests to other
// origins are those the browser records, with those that the policy blocked.

/**
 * @typedef {{bytes_sent: number, foreign_requests: number}} Counts
 *
 * @param {typeof globalThis} scope the window, or a worker's global
 * @param {(counts: Counts) => void} report at once and at every change
 */
export function meterNetwork(scope, report) {
  const counts = { bytes_sent: 0, foreign_requests: 0 };
  /** @param {unknown} body */
  const sent = (body) => {
    const bytes = bodyBytes(body);
    if (!bytes) return;
    counts.bytes_sent += bytes;
    report({ ...counts });
  };
  const foreign = createForeignCounter(scope.location.origin, (number) => {
    counts.foreign_requests = number;
    report({ ...counts });
  });
  watchBodies(scope, sent);
  new scope.PerformanceObserver((list) => {
    for (const entry of list.getEntries()) foreign('recorded', entry.name);
  }).observe({ type: 'resource', buffered: true });
  scope.addEventListener('securitypolicyviolation', (/** @type {Event} */ event) => {
    const { blockedURI, originalPolicy } = /** @type {SecurityPolicyViolationEvent} */ (event);
    if (blockedURI?.includes('://')) foreign(originalPolicy, blockedURI);
  });
  report({ ...counts });
}

/**
 * A request may be recorded, and reported by each policy that blocks it: of each address the largest count is taken.
 * @param {string} origin @param {(number: number) => void} report
 * @returns {(witness: string, address: string) => void}
 */
function createForeignCounter(origin, report) {
  /** Times by witness, by address. @type {Map<string, Map<string, number>>} */
  const seen = new Map();
  return (witness, address) => {
    if (!isForeign(address, origin)) return;
    const counts = seen.get(address) ?? new Map();
    counts.set(witness, (counts.get(witness) ?? 0) + 1);
    seen.set(address, counts);
    let number = 0;
    for (const each of seen.values()) number += Math.max(...each.values());
    report(number);
  };
}

/** @param {string} address @param {string} origin */
function isForeign(address, origin) {
  if (/^(blob|data):/.test(address)) return false;
  try {
    return new URL(address).origin !== origin;
  } catch {
    return false;
  }
}

/**
 * Puts a counter in front of the ways in which a thread can send bytes.
 * @param {typeof globalThis} scope @param {(body: unknown) => void} sent
 */
function watchBodies(scope, sent) {
  /** @param {object|undefined} owner @param {string} name @param {(values: any[]) => unknown} bodyOf of whatever the method takes */
  const wrap = (owner, name, bodyOf) => {
    const methods = /** @type {Record<string, Function|undefined>|undefined} */ (owner);
    const original = methods?.[name];
    if (!methods || !original) return;
    /** @this {unknown} @param {unknown[]} values */
    methods[name] = function counted(...values) {
      sent(bodyOf(values));
      return original.apply(this, values);
    };
  };
  wrap(scope, 'fetch', ([, options]) => options?.body);
  wrap(scope.XMLHttpRequest?.prototype, 'send', ([body]) => body);
  wrap(scope.WebSocket?.prototype, 'send', ([body]) => body);
  wrap(scope.Navigator?.prototype, 'sendBeacon', ([, body]) => body);
}

/** A body whose size cannot be known beforehand counts as one byte: never nothing. @param {unknown} body @returns {number} */
function bodyBytes(body) {
  if (body === undefined || body === null) return 0;
  if (typeof body === 'string') return new TextEncoder().encode(body).byteLength;
  const { byteLength, size } = /** @type {{byteLength?: number, size?: number}} */ (body);
  return byteLength ?? size ?? 1;
}
