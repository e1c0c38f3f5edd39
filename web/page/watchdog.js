// Watches the start of the page and says in plain words when it does not come about: which file did not come, or came as something
// else, with a button to try again. It draws nothing: it needs only the elements of index.html, so that it works where the rest fails.
//
// It is no module and imports nothing. It learns of a failure from the browser's errors, from boot.js, or from silence; then it
// compares the files of the start with assets.json, by SHA-256 where the browser computes one and else by size. Once the page is
// ready it only shows what it is told. Where this file itself does not come, the words in index.html appear after a while.
(() => {
  'use strict';

  /** Nothing came for so long and the page is not ready: that is said. Milliseconds. */
  const kSilence = 15_000;
  const kLookEvery = 1000;
  /** A longer list helps nobody. */
  const kMostNamed = 4;
  const kHint = 'Check the connection and try again. If that does not help, the site was copied incompletely: copy the whole folder again.';
  /** What each part of the program needs of the files in assets.json to start. */
  const kNeeded = { page: /^(page|shared|worker|dicom|shaders|fonts)\/|^ui\.(mjs|wasm)$|^style\.css$/, engine: /^(page|worker|shared|dicom)\/|^engine\.(mjs|wasm)$/ };
  const site = new URL('../', /** @type {HTMLScriptElement} */ (document.currentScript).src);

  /** @param {string} id of index.html */
  const find = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
  let isReady = false;
  let isReported = false;
  let lastSign = 0;

  /** @param {string} message @param {string} hint */
  function show(message, hint) {
    /** @param {string} text */
    const paragraph = (text) => Object.assign(document.createElement('p'), { textContent: text });
    const again = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Try again' });
    again.addEventListener('click', () => location.reload());
    find('notice').replaceChildren(paragraph(message), paragraph(hint), again);
    find('notice').hidden = false;
    find('loading')?.remove();
  }

  function hide() {
    find('notice').hidden = true;
  }

  /** @param {string} path */
  const get = (path) => fetch(new URL(path, site), { cache: 'no-cache', mode: 'same-origin' });

  /** @param {Uint8Array<ArrayBuffer>} bytes */
  async function hashOf(bytes) {
    if (!globalThis.crypto?.subtle) return null; // as on an address that is not secure
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  /** @param {Uint8Array} bytes */
  const looksLikeHtml = (bytes) => /^\s*<(!doctype|html)/i.test(new TextDecoder().decode(bytes.slice(0, 200)));

  /** What is wrong with one file, in words; null when it is as listed. @typedef {{path: string, bytes: number, sha256: string}} Asset @param {Asset} asset @returns {Promise<string|null>} */
  async function faultOf({ path, bytes: size, sha256 }) {
    let response;
    let bytes;
    try {
      response = await get(path);
      bytes = new Uint8Array(await response.arrayBuffer());
    } catch {
      return `${path} could not be fetched`;
    }
    if (!response.ok) return `${path} is missing (the server answered ${response.status})`;
    const hash = await hashOf(bytes);
    if (hash ? hash === sha256 : bytes.length === size) {
      const type = response.headers.get('content-type') ?? 'nothing in particular';
      return /\.m?js$/.test(path) && !/(java|ecma)script/.test(type)
        ? `${path} is sent as ${type}, which browsers do not run; it must be sent as text/javascript` : null;
    }
    if (looksLikeHtml(bytes)) return `${path} is a web page instead of the file`;
    return bytes.length < size ? `${path} is cut short (${bytes.length} of ${size} bytes)`
      : `${path} is not the file of this version (${bytes.length} bytes, expected ${size})`;
  }

  /** @param {'page'|'engine'} part @returns {Promise<string[]>} the files of a part that are not as they should be, in words */
  async function faults(part) {
    /** @type {Asset[]} */
    let needed;
    try {
      const response = await get('assets.json');
      if (!response.ok) return [`assets.json, the list of files, is missing (the server answered ${response.status})`];
      needed = (/** @type {{assets: Asset[]}} */ (await response.json())).assets.filter(({ path }) => kNeeded[part].test(path));
    } catch {
      return ['assets.json, the list of files, cannot be read'];
    }
    return (await Promise.all(needed.map(faultOf))).filter((fault) => fault !== null);
  }

  /** @param {'page'|'engine'} part @returns {Promise<string>} the same as one text; '' when all are as they should be */
  async function diagnose(part = 'page') {
    const all = await faults(part).catch(() => /** @type {string[]} */ ([]));
    const more = all.length - kMostNamed;
    return `${all.slice(0, kMostNamed).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
  }

  /** The last rule of style.css has taken effect: a style sheet that is a web page, or cut short, is no error to a browser. */
  const hasStyle = () => getComputedStyle(document.documentElement).getPropertyValue('--style-is-whole').trim() === '1';

  /** Says at once that the start failed, and what is at fault as soon as that is known. @param {string} message */
  async function report(message) {
    if (isReported) return;
    isReported = true;
    show(message, 'Looking for what is missing …');
    const found = await diagnose();
    if (!isReady || !hasStyle()) show(found ? `${message} At fault: ${found}.` : message, kHint);
  }

  function ready() {
    isReady = true;
    clearInterval(watch);
    if (hasStyle()) hide();
    else report('The style of this page did not come, so that it may look wrong.');
  }

  const resources = () => /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType('resource'));

  const watch = setInterval(() => {
    lastSign = Math.max(lastSign, ...resources().map(({ responseEnd }) => responseEnd));
    if (performance.now() - lastSign > kSilence) report('The page has not started, and nothing has come for a while.');
  }, kLookEvery);

  /** Errors may come before the elements are there. DOMContentLoaded would be too late: it waits for the scripts. */
  const whenParsed = new Promise((resolve) => {
    document.addEventListener('readystatechange', resolve, { once: true });
  });
  /** @param {string} what */
  const failed = (what) => whenParsed.then(() => isReady ? undefined : report(`The page could not start: ${what}.`));
  addEventListener('error', ({ target, message }) => {
    const { src, href } = /** @type {{src?: string, href?: string}} */ (target ?? {});
    const address = src ?? href;
    if (address) failed(`${new URL(address).pathname.split('/').pop()} could not be loaded`);
    else if (message) failed(message);
  }, true);
  addEventListener('unhandledrejection', ({ reason }) => failed(reason?.message ?? reason));
  whenParsed.then(() => find('late')?.remove());

  globalThis.chestlightWatchdog = { ready, report, show, hide, diagnose };
})();
