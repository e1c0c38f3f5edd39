// Where a thread begins that guarded_worker.js starts from the folder of a version (sw.js): it confines itself first, then runs the
// script that its own address names behind "#". The service worker answers with the policy, so that the thread is under it.
//
// A script that is imported begins a little later than the thread: what was posted to it until then is handed over in order.
import './guarded_worker.js';

const script = new URL(decodeURIComponent(globalThis.location.hash.slice(1)));
if (script.origin !== globalThis.location.origin) throw new TypeError('A worker may only run a file of this site.');

/** @type {MessageEvent[]} */
const early = [];
/** @param {MessageEvent} event */
const keep = (event) => {
  event.stopImmediatePropagation();
  early.push(event);
};
globalThis.addEventListener('message', keep);
import(script.href).then(() => {
  globalThis.removeEventListener('message', keep);
  for (const { data, ports } of early) globalThis.dispatchEvent(new MessageEvent('message', { data, ports: [...ports] }));
}, (error) => {
  setTimeout(() => { throw error; });  // so that whoever started the thread is told: a rejection would stay in here
});
