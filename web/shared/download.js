// Fetches a file of this site with progress in bytes.
//
// Progress is reported only while bytes come over the network for longer than 100 ms: a file that the browser or the
// service worker already holds is not "downloading". Same-origin, without credentials, GET only.
import { Cancelled, failure } from './errors.js';

/** Waits shorter than this are not worth a word, milliseconds. */
const kQuietPeriod = 100;
/** Least time between two reports, milliseconds. */
const kReportInterval = 50;

/** Header that the service worker puts on answers from this device. */
export const kSourceHeader = 'x-chestlight-source';

/**
 * @typedef {(done: number, total: number) => void} ByteProgress total is 0 while it is unknown
 *
 * @param {string|URL} url
 * @param {{what: string, expectedBytes?: number, likelyBytes?: () => number,
 *   onProgress?: ByteProgress, signal?: AbortSignal, fetch?: typeof fetch, now?: () => number}} options
 *   `what` names the file in messages; `expectedBytes` is checked, `likelyBytes` is not:
 *   it is asked when the answer does not say its size, as compressed ones do not
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {Cancelled} when the signal was aborted; no byte comes in after that
 * @throws {EngineError} download-missing, download-outdated, download-failed, download-size
 */
export async function download(url, options) {
  const { what, expectedBytes = 0, likelyBytes = () => 0, onProgress, signal, now = () => performance.now() } = options;
  const fetcher = options.fetch ?? globalThis.fetch;
  let response;
  try {
    response = await fetcher(url, { credentials: 'omit', signal });
  } catch {
    throw interrupted(what, 0, expectedBytes, signal);
  }
  if (response.status === 410) {
    throw failure('download-outdated', `${what} is no longer there: this site has a newer version than this tab.`,
      'Reload the page to use it.');
  }
  if (!response.ok) {
    throw failure('download-missing', `${what} could not be fetched: the server answered ${response.status}.`,
      'The site may be incomplete. If it is yours, copy the whole folder again; otherwise try again later.');
  }
  const bytes = await readBody(response, { what, expectedBytes, likelyBytes, onProgress, signal, now });
  if (expectedBytes && bytes.byteLength !== expectedBytes) {
    throw failure('download-size', `${what} has ${bytes.byteLength} bytes where ${expectedBytes} were expected.`,
      'Reload the page; if it stays, the site was copied incompletely.');
  }
  return bytes;
}

/** @param {Response} response @returns {number} the size of the decoded body if the headers say it, else 0 */
function announcedBytes(response) {
  if (response.headers.get('content-encoding')) return 0;
  return Number(response.headers.get('content-length')) || 0;
}

/**
 * @param {Response} response
 * @param {{what: string, expectedBytes: number, likelyBytes: () => number, onProgress?: ByteProgress, signal?: AbortSignal,
 *   now: () => number}} options as of download()
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function readBody(response, { what, expectedBytes, likelyBytes, onProgress, signal, now }) {
  const fromDevice = response.headers.get(kSourceHeader) === 'device';
  const total = expectedBytes || announcedBytes(response);
  if (!response.body || !onProgress || fromDevice) {
    try {
      return new Uint8Array(await response.arrayBuffer());
    } catch {
      throw interrupted(what, 0, total, signal);
    }
  }
  const started = now();
  let reported = started;
  let received = 0;
  const parts = [];
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      received += value.byteLength;
      const time = now();
      if (time - started > kQuietPeriod && time - reported > kReportInterval) {
        reported = time;
        onProgress(received, total || likelyBytes() ? Math.max(total || likelyBytes(), received) : 0);
      }
    }
  } catch {
    throw interrupted(what, received, total, signal);
  }
  if (reported !== started) onProgress(received, received);
  const bytes = new Uint8Array(received);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.byteLength;
  }
  return bytes;
}

/** @param {string} what @param {number} received bytes @param {number} total 0: not known @param {AbortSignal} [signal] */
function interrupted(what, received, total, signal) {
  if (signal?.aborted) return new Cancelled();
  const amount = received ? ` after ${received}${total ? ` of ${total}` : ''} bytes` : '';
  return failure('download-failed', `${what} could not be fetched: the connection failed${amount}.`,
    'Check the connection and try again. After one complete visit the page works without a network.');
}
