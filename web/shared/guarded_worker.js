// Makes every thread that this thread starts, and every one that those start, as confined as the page.
//
// A worker takes its Content-Security-Policy from the answer that brought its script: on a host that sends no headers it
// would have none. One that is started from a blob takes the policy of the thread that made the blob, on any host. So
// `Worker` is replaced: the blob imports this file, with it own_origin.js, and then the script that was asked for.
// Scripts in the folder of a version come from the service worker, which sends the policy with them: they need no blob, and may
// have none, since what a blob imports does not pass the service worker in every browser (Firefox). They begin in guarded_start.js.
// ONNX Runtime's threads are started in the same ways, without knowing.
import './own_origin.js';

const kSelf = import.meta.url;
const NativeWorker = globalThis.Worker;
/** The blob's address, by script. They live as long as the thread: one per script. */
const addresses = new Map();

/** @param {string} script its absolute address @returns {string} of what runs it, confined */
function addressOf(script) {
  const [folder] = /^.*\/\.kept\/[^/]+\//.exec(script) ?? [];
  if (folder) return `${folder}shared/guarded_start.js#${encodeURIComponent(script)}`;
  if (!addresses.has(script)) {
    const text = `import ${JSON.stringify(kSelf)};\nimport ${JSON.stringify(script)};\n`;
    addresses.set(script, URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));
  }
  return addresses.get(script);
}

/** As the browser's, for module scripts of this origin. @param {string|URL} script @param {WorkerOptions} [options] */
function Worker(script, options) {
  const { href, origin, protocol } = new URL(script, globalThis.location.href);
  if (origin !== globalThis.location.origin || !/^https?:$/.test(protocol)) {
    throw new TypeError(`A worker may only run a file of this site, not ${protocol}//…`);
  }
  return new NativeWorker(addressOf(href), { ...options, type: 'module' });
}

Worker.prototype = NativeWorker.prototype;
Object.defineProperty(NativeWorker.prototype, 'constructor', { value: Worker, writable: true, configurable: true });
Object.defineProperty(globalThis, 'Worker', { value: Worker, writable: true, configurable: true });
