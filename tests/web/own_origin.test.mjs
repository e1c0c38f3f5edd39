// What own_origin.js takes from a thread, on a made-up global: that of a browser is tried in tests/browser/policy.test.mjs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import vm from 'node:vm';

const source = readFileSync(new URL('../../web/shared/own_origin.js', import.meta.url), 'utf8');

/** A thread's global whose `fetch` and sockets are inherited, as in browsers, after own_origin.js has run in it. */
function confined() {
  const context = vm.createContext(Object.create(null));
  vm.runInContext(`
    globalThis.asked = [];
    Object.setPrototypeOf(globalThis, {
      fetch(request) { asked.push(request); return 'answer'; },
      XMLHttpRequest: class {},
    });
    globalThis.WebSocket = class {};
    globalThis.Request = class { constructor(address, options) { Object.assign(this, { address }, options); } };
    globalThis.Cache = class { add() {} match() { return 'kept'; } };
    globalThis.Navigator = class { sendBeacon() {} };`, context);
  vm.runInContext(source, context);
  return (text) => vm.runInContext(text, context);
}

test('what reaches the network is gone, from the global and from what it inherits', () => {
  const run = confined();
  for (const name of ['XMLHttpRequest', 'WebSocket', 'Cache.prototype.add', 'Navigator.prototype.sendBeacon',
    'Object.getPrototypeOf(globalThis).XMLHttpRequest', 'globalThis.EventSource']) assert.equal(run(`typeof ${name}`), 'undefined', name);
  assert.equal(run('new Cache().match()'), 'kept');
});

test('fetch asks its own origin only, whatever it is told and wherever it is called from', async () => {
  const run = confined();
  assert.equal(await run(`fetch('a', { mode: 'no-cors', method: 'POST' })`), 'answer');
  await run(`Object.getPrototypeOf(globalThis).fetch('b')`);
  await run(`fetch(new Request('c', { mode: 'cors' }), undefined)`);
  assert.equal(run("asked.map(({ mode, method }) => mode + ' ' + method).join()"), 'same-origin POST,same-origin undefined,same-origin undefined');
});

test('fetch rejects, and does not throw, what is no request', async () => {
  const run = confined();
  run(`globalThis.Request = null`);
  await assert.rejects(run(`fetch({ get mode() { return 1; } }, { get method() { throw new TypeError('no method'); } })`), /no method/);
});
