// What of the page can be checked without a browser: the text mirror, the network meter, the policy in index.html.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { kHeaders } from '../../tools/site/headers.mjs';
import { updateChildren } from '../../web/page/dom_diff.js';
import { createAccessibilityTree, describeState } from '../../web/page/accessibility_tree.js';
import { meterNetwork } from '../../web/shared/privacy.js';

// --- a DOM of exactly what dom_diff.js uses ---
class FakeElement {
  constructor(localName) {
    Object.assign(this, { localName, ownerDocument: fakeDocument, parent: null, nodes: [], ownText: '', moves: 0 });
    this.map = new Map();
    this.dataset = new Proxy({}, { get: (_, name) => this.map.get(`data-${name}`), set: (_, name, value) => {
      this.map.set(`data-${name}`, value);
      return true;
    } });
  }
  get children() { return [...this.nodes]; }
  get firstElementChild() { return this.nodes[0] ?? null; }
  get nextElementSibling() { return this.parent.nodes[this.parent.nodes.indexOf(this) + 1] ?? null; }
  get attributes() { return [...this.map.keys()].map((name) => ({ name })); }
  getAttribute(name) { return this.map.get(name) ?? null; }
  setAttribute(name, value) { this.map.set(name, value); }
  removeAttribute(name) { this.map.delete(name); }
  get textContent() { return this.ownText || this.nodes.map((node) => node.textContent).join(' '); }
  set textContent(text) { this.ownText = text; this.nodes = []; }
  remove() { this.parent.nodes.splice(this.parent.nodes.indexOf(this), 1); this.parent = null; }
  insertBefore(element, before) {
    if (element.parent) element.remove();
    element.moves += 1;
    this.nodes.splice(before ? this.nodes.indexOf(before) : this.nodes.length, 0, element);
    element.parent = this;
  }
}
const fakeDocument = { createElement: (tag) => new FakeElement(tag) };
const node = (key, text = key) => ({ tag: 'p', key, text });
const keys = (root) => root.nodes.map((child) => child.dataset.key).join('');

test('elements are reused by key, and those that stay in place are not moved', () => {
  const root = new FakeElement('div');
  updateChildren(root, ['a', 'b', 'c', 'd'].map((key) => node(key)));
  const [a, b, , d] = root.nodes;
  updateChildren(root, [node('a'), node('b', 'other text'), node('x'), node('d')]);
  assert.equal(keys(root), 'abxd');
  assert.equal(root.nodes[0], a);
  assert.equal(root.nodes[1], b);
  assert.equal(b.textContent, 'other text');
  assert.equal(root.nodes[3], d);
  assert.deepEqual([a.moves, b.moves, d.moves], [1, 1, 1]);
});

test('order follows the description, and another tag is another element', () => {
  const root = new FakeElement('div');
  updateChildren(root, ['a', 'b', 'c'].map((key) => node(key)));
  updateChildren(root, [{ tag: 'h2', key: 'c', text: 'c' }, node('b'), node('a')]);
  assert.equal(keys(root), 'cba');
  assert.equal(root.nodes[0].localName, 'h2');
  assert.equal(root.nodes.length, 3);
});

test('attributes that are no longer described are taken away', () => {
  const root = new FakeElement('div');
  updateChildren(root, [{ tag: 'button', key: 'a', text: 'a', attributes: { 'aria-disabled': 'true', type: 'button' } }]);
  updateChildren(root, [{ tag: 'button', key: 'a', text: 'a', attributes: { type: 'button' } }]);
  assert.deepEqual(root.nodes[0].attributes.map(({ name }) => name).sort(), ['data-key', 'type']);
});

const state = {
  films: [
    { id: 1, name: 'a.png', headline: '1 finding above threshold', selected: true, synthetic: true },
    { id: 2, name: 'b.txt', headline: 'This is text.', selected: false, kind: 'Text', can_retry: true, error: { code: 'x', message: 'This is text.', hint: 'Drop a film.' } },
  ],
  selected: { id: 1, name: 'a.png', width: 512, height: 500, notes: [], synthetic: true, facts: [{ label: 'Coding', text: 'JPEG 2000' }],
    summary: { sentence: 'Likely: pleural effusion.', headline: 'At Rule in: 1 finding above threshold.', caveat: 'Not a diagnosis.' },
    any_finding: 'Any of these findings together scores 0.55.', reasons: [{ id: 'small', text: 'Small.' }] },
  findings: [{ id: 'Effusion', name: 'Pleural effusion', score: 0.814, threshold: 0.31, score_text: '0.81', threshold_text: '0.31',
    zone: 'likely', zone_text: 'likely', percentile_text: '96 %', state: 'above', state_text: 'above threshold', selected: true,
    where: 'mainly right lower zone', reading: '0.81, higher than 96 % of films without it: likely (from 0.22).', sentence: 'Fluid.',
    evaluation: 'Sensitivity 0.61 (0.53 to 0.68).' }],
  trial: { finding: 'Effusion', name: 'Pleural effusion', threshold_text: '0.31', verdict: 'At 0.31 this film is called.', evaluation: 'Sensitivity 0.6.',
    prevalence_text: '5.0 %', at_prevalence: 'Of 100 such films 12 are called, 4 of them rightly.', lower: 0.3, higher: 0.32, rarer: 0.04, commoner: 0.06 },
  methods: [{ id: 'evidence', name: 'Evidence', explanation: 'Exact.', cost: 'Already there', layers: [], chosen: false },
    { id: 'rise', name: 'RISE', explanation: 'Masks.', cost: '385 runs of the network', layers: ['block4'], chosen: true }],
  explanation: { finding: 'Effusion', method: 'rise', name: 'RISE', layer: 'block4', drawn: 'evidence', status: 'cancelled', sentence: 'Mainly image left.',
    regions: '1 region', notes: ['Below its threshold.'], measures: [{ name: 'Masks', text: '384' }],
    error: { code: 'cancelled', message: 'RISE was cancelled.', hint: 'Choose it again.' },
    trust: { line: '4 of 5 checks passed.', checks: [{ name: 'Adds up', verdict: 'Passed', text: 'To 3e-7.' }] } },
  kept: [{ name: 'Mass, Occlusion', drawn: false, note: 'Not yet run on this film.', can_run: true }, { name: 'Mass, Evidence', drawn: true, note: '' }],
  overlay: { visible: true, finding: 'Effusion', opacity: 0.6 },
  view: { zoom: 0.84, window_in_words: 'W 255  L 128', preset: 'lung',
    presets: [{ id: 'opened', name: 'As opened' }, { id: 'lung', name: 'Lung' }], inverted: true, flipped: false, rotation: 90, halvings: 1,
    measuring: { tool: 'probe', cross: [10.2, 20.7], unit: 'px: the file states no pixel spacing', probe: ['x 10  y 20', 'Stored 7'],
      sides: [], letters: { left: 'R', right: 'L', top: 'H', bottom: 'F' },
      measurements: [{ id: 3, kind: 'length', text: '48.3 mm', selected: true }, { id: 4, kind: 'angle', text: '', selected: false }] } },
  operating_points: [{ id: 'rule-out', name: 'Rule out', selected: false }, { id: 'rule-in', name: 'Rule in', selected: true }],
  keeping: { on: true, films: 12, text: 'What you say is kept.', keep: 'Keep no more', forget: 'Forget what is kept of 12 films' },
  status: 'Ready', errors: [], backend: { name: 'wasm', detail: '1 thread', fallbacks: ['no WebGPU'] },
  models: [
    { id: 'm', name: 'M', bytes: 7.3e6, source: 'came with the page', licence: 'CC0', side: 224, labels: 14, used: '', kept: true, problem: '', preset: true, in_use: true, is_default: true, own: false },
    { id: 'own:ab', name: 'N', bytes: 28e6, source: 'added from n.pt', licence: 'MIT', link: 'https://n.test', sha256: 'abcdef0123', side: 320, labels: 18,
      used: '2026-12-01', kept: false, problem: '', own: true },
    { id: 'own:cd', name: 'Old', bytes: 0, kept: true, problem: 'It is damaged.', own: true }],
  import: { importing: 'Reading x.pt: 3 MB of 9 MB', failed: [{ name: 'page.pt', error: { message: 'This is a web page.', hint: 'Download it again.' } }],
    note: 'Little room.', assumptions: ['The labels are a guess.'], storage: 'Kept on this device.', beside: 'B' },
  model_form: { id: 'own:ab', name: 'N', labels: ['Mass', 'Nodule'], side: 320, fit: 'letterbox', crop: 1, channels: 3, revising: false, refused: 'Two labels.',
    scalings: [{ name: 'ImageNet', explanation: 'Photographs.', mean: [0.4], deviation: [0.2], selected: true }] },
  study: { open: false, stage: '' },
  model: { id: 'm', name: 'M', evaluation: 'Evaluated on 300 films.' }, network: { bytes_sent: 0, foreign_requests: 0 },
  gestures: [{ id: 'left-drag', name: 'Left drag', device: 'mouse', help: 'Move the film', can_change: true },
    { id: 'swipe', name: 'Swipe', device: 'touch', help: 'Next film', can_change: false }],
  commands: [{ id: 'map', label: 'Map', help: 'Map on or off', shortcut: 'M', enabled: true, key_can_change: true },
    { id: 'paste', label: 'Paste', help: '', shortcut: '', enabled: false }],
};
const flat = (nodes) => nodes.flatMap((one) => [one, ...flat(one.children ?? [])]);

test('the mirror says what the canvas shows', () => {
  const all = flat(describeState(state, { examples: [{ file: 'e.png', name: 'Large heart' }], models: [] }));
  const texts = all.map((one) => one.text).filter(Boolean);
  for (const text of ['0.81', '0.31', 'likely', 'Evaluated on 300 films.', '96 %', '0.81, higher than 96 % of films without it: likely (from 0.22). Fluid.', 'Sensitivity 0.61 (0.53 to 0.68).',
    'Likely: pleural effusion.', 'At Rule in: 1 finding above threshold.', 'Any of these findings together scores 0.55.', 'At 0.31 this film is called.',
    'Of 100 such films 12 are called, 4 of them rightly.', 'Threshold lower than 0.31', 'Prevalence higher than 5.0 %', 'above threshold', 'mainly right lower zone', 'a.png (synthetic): 1 finding above threshold',
    'b.txt: This is text. Drop a film.', 'b.txt (Text): This is text.', 'Read b.txt again', 'Coding: JPEG 2000', 'Map on or off (M)', 'Open Large heart', 'Load model N', 'Bytes sent: 0. Requests to other sites: 0.',
    'The map of Effusion lies over the film, opacity 60 %.', 'RISE, block4, of Pleural effusion', 'Mainly image left.', 'Masks: 384',
    'RISE was cancelled. Choose it again.', 'Beside it: Mass, Occlusion. Not yet run on this film.', 'Run Mass, Occlusion', 'Close Mass, Occlusion',
    'Beside it: Mass, Evidence.', 'Below its threshold.', '4 of 5 checks passed.', 'Adds up: Passed. To 3e-7.', 'Masks. 385 runs of the network.',
    'Window: Lung', 'Zoom 84 %, window W 255  L 128, inverted by you, drawn at 1/2 of its size, turned by 90°.', 'x 10  y 20; Stored 7', 'Length 3: 48.3 mm',
    'Angle 4: lacks points', 'Delete measurement 3', 'Left edge R, right L, top H, bottom F.', 'Change the key M of Map on or off',
    'Change Left drag: Move the film', 'Touch, Swipe: Next film', 'Use thresholds: Rule out',
    'M, in use, the page begins with it: 7.3 MB, input 224 pixels, 14 labels, came with the page, licence CC0.',
    'N: 28.0 MB, input 320 pixels, 18 labels, added from n.pt, licence MIT, published at https://n.test, hash abcdef01, last used 2026-12-01. It stays only until the page is closed.',
    'Begin with model N', 'Load model N and compare it with the one in use', 'Remove model Old', 'page.pt: This is a web page. Download it again.',
    'Reading x.pt: 3 MB of 9 MB', 'Compared with: B.', 'N: 2 labels: Mass, Nodule.', 'Two labels.', 'Values: ImageNet. Photographs.', 'Side: 384 pixels',
    'What you say is kept.', 'Keep no more', 'Forget what is kept of 12 films']) {
    assert.ok(texts.includes(text), `"${text}" is missing from ${JSON.stringify(texts)}`);
  }
  const siblings = (nodes) => {
    assert.equal(new Set(nodes.map((one) => one.key)).size, nodes.length, 'keys are unique');
    for (const one of nodes) if (one.children) siblings(one.children);
  };
  siblings(describeState(state, { examples: [], models: [] }));
  for (const one of all.filter(({ tag }) => tag === 'button')) {
    assert.ok(one.text, 'a button has a name');
    assert.ok(JSON.parse(one.attributes['data-action']).type, 'and an action');
  }
  assert.ok(!texts.includes('Load model Old'), 'a model that cannot be used is only offered for removal');
  assert.equal(all.find((one) => one.text === 'Paste').attributes['aria-disabled'], 'true');
});

test('a button that a state has just allowed can be pressed before the text says so; one that is not allowed cannot', () => {
  const root = new FakeElement('div');
  const actions = [];
  let press;
  root.addEventListener = (name, listener) => { press = listener; };
  const tree = createAccessibilityTree(root, (action) => actions.push(action));
  const show = (next) => tree.changed(() => [next, extras]);
  const extras = { examples: [], models: [] };
  const withPaste = (enabled) => ({ ...state, commands: [{ id: 'paste', label: 'Paste', help: '', shortcut: '', enabled }] });
  const find = (element) => (element.getAttribute('data-key') === 'command-paste' ? element
    : element.children.map(find).find(Boolean));
  const click = (button) => press({ target: { closest: () => button } });

  updateChildren(root, describeState(withPaste(false), extras));
  const button = find(root);
  button.dataset.action = button.getAttribute('data-action');
  click(button);
  assert.deepEqual(actions, [], 'the state does not allow it');
  show(withPaste(false));
  click(button);
  assert.deepEqual(actions, [], 'nor does the next one');
  show(withPaste(true));
  click(button);
  assert.deepEqual(actions, [{ type: 'run-command', id: 'paste' }]);
  assert.equal(find(root), button, 'it is the same element');
});

test('the meter counts bodies and foreign requests, not our own fetches', async () => {
  let observe;
  const listeners = {};
  const scope = {
    location: { origin: 'https://here.test' },
    PerformanceObserver: class { constructor(callback) { observe = callback; } observe() {} },
    addEventListener: (name, listener) => { listeners[name] = listener; },
    fetch: async () => 'answer',
  };
  let counts;
  meterNetwork(scope, (value) => { counts = value; });
  const entries = (...names) => observe({ getEntries: () => names.map((name) => ({ name })) });
  assert.deepEqual(counts, { bytes_sent: 0, foreign_requests: 0 });
  assert.equal(await scope.fetch('https://here.test/a'), 'answer');
  entries('https://here.test/a', 'blob:https://here.test/b');
  assert.deepEqual(counts, { bytes_sent: 0, foreign_requests: 0 });
  await scope.fetch('https://here.test/a', { body: 'four' });
  entries('https://other.test/a');
  listeners.securitypolicyviolation({ blockedURI: 'https://third.test/' });
  listeners.securitypolicyviolation({ blockedURI: 'https://other.test/a' });
  listeners.securitypolicyviolation({ blockedURI: 'inline' });
  assert.deepEqual(counts, { bytes_sent: 4, foreign_requests: 2 });
});

test('the policy in the page is the policy of the headers', () => {
  const html = readFileSync(new URL('../../web/index.html', import.meta.url), 'utf8');
  const inPage = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)[1];
  // A policy in a page may not say who embeds it.
  assert.equal(inPage, kHeaders['Content-Security-Policy'].replace("; frame-ancestors 'none'", ''));
  assert.doesNotMatch(html, /<style|style=|<script(?![^>]*src=)|\son\w+=/);
});
