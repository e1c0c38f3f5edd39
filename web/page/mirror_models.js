// The text of the page about models: what there are, what is being added, what can be done with each, and the form of one that was
// added. What the canvas shows in "Models" and "Labels and input" is all here, with a button for each thing that can be done.

/**
 * @typedef {import('./snapshot.js').Snapshot} Snapshot
 * @typedef {import('./snapshot.js').ModelRow} ModelRow
 * @typedef {import('./snapshot.js').ModelFormState} ModelFormState
 * @typedef {import('./dom_diff.js').Node} Node
 * @typedef {import('./accessibility_tree.js').Tools} Tools
 */

/** @type {[string, string][]} */
const kFits = [['centre-square-crop', 'the largest centred square'], ['letterbox', 'the whole film with a border'], ['stretch', 'the whole film, stretched']];
const kSides = [224, 256, 320, 384, 512];
/** @type {[number, string][]} */
const kCrops = [[1, 'all of the centre'], [0.875, '224 of 256 pixels of the centre']];

/** @param {number} bytes */
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/** A model in a sentence: all that its row and its details say. @param {ModelRow} model */
function inWords({ name, bytes, source, licence, link, sha256, side, labels, used, kept, problem, own, in_use: inUse, is_default: isDefault }) {
  return [
    `${name}${inUse ? ', in use' : ''}${isDefault ? ', the page begins with it' : ''}: `
      + [bytes && megabytes(bytes), side && `input ${side} pixels`, labels && `${labels} labels`, source, licence && `licence ${licence}`,
        link && `published at ${link}`, sha256 && `hash ${sha256.slice(0, 8)}`, own && `last used ${used || 'never'}`].filter(Boolean).join(', ') + '.',
    kept ? '' : 'It stays only until the page is closed.', problem,
  ].filter(Boolean).join(' ');
}

/** @param {ModelRow} model @param {Tools} tools */
function describeModel(model, { element, button }) {
  const { id, name, problem, own, in_use: inUse, is_default: isDefault, preset } = model;
  const acts = [
    !problem && !inUse && button('use', `Load model ${name}`, { type: 'load-model', id }),
    !problem && !inUse && button('compare', `Load model ${name} and compare it with the one in use`, { type: 'compare-model', id }),
    !problem && !isDefault && button('default', `Begin with model ${name}`, { type: 'make-default', id: preset ? '' : id }),
    !problem && own && button('form', `Labels and input of model ${name}`, { type: 'describe-model', id }),
    !problem && own && button('folder', `Save model ${name} as a folder`, { type: 'download-model', id }),
    own && button('remove', `Remove model ${name}`, { type: 'remove-model', id }),
  ].filter((act) => act !== false);
  return element('li', id, [element('p', 'words', inWords(model)), ...acts]);
}

/** @param {Pick<Snapshot, 'models'|'import'>} state @param {Tools} tools @returns {Node[]} */
export function describeModels({ models, import: adding }, tools) {
  const { element } = tools;
  /** @type {[string, string|null][]} */
  const all = [
    ['importing', adding.importing], ['note', adding.note],
    ...adding.assumptions.map((words, index) => /** @type {[string, string]} */ ([`assumption-${index}`, words])),
    ['comparing', adding.beside && `Compared with: ${adding.beside}.`], ['storage', adding.storage],
  ];
  const said = all.flatMap(([key, words]) => (words ? [element('p', key, words)] : []));
  const failed = adding.failed.map(({ name, error }, index) => element('p', `failed-${index}`, `${name}: ${error.message} ${error.hint}`.trim()));
  return [
    element('div', 'failures', failed, { role: 'alert' }), ...said,
    element('ul', 'list', models.map((model) => describeModel(model, tools))),
  ];
}

/** The form of the added model in use. @param {ModelFormState} form @param {Tools} tools @returns {Node[]} */
export function describeModelForm({ id, name, labels, side, fit, crop, channels, scalings, revising, refused }, { element, button }) {
  /** @param {string} key @param {string} text @param {Partial<import('../shared/contract.js').ModelForm>} form @param {boolean} on */
  const revise = (key, text, form, on) => button(key, text, { type: 'revise-model', id, form }, { 'aria-pressed': String(on), disabled: revising });
  return [
    element('p', 'model', `${name}: ${labels.length} labels: ${labels.join(', ')}.`),
    element('p', 'channels', channels === 1 ? 'Takes grey films, one channel.' : 'Takes RGB: the grey of the film three times.'),
    element('p', 'state', revising ? 'The model is made ready.' : '', { role: 'status' }),
    element('p', 'refused', refused ?? '', { role: 'alert' }),
    button('paste', 'Paste labels, a line each, or a configuration in JSON', { type: 'paste-facts', id }),
    ...scalings.map(({ name: scaling, explanation, mean, deviation, selected }, index) =>
      revise(`scaling-${index}`, `Values: ${scaling}. ${explanation}`, { mean, deviation }, selected)),
    ...kFits.map(([value, words]) => revise(`fit-${value}`, `Shape: ${words}`, { fit: value }, value === fit)),
    ...kCrops.map(([value, words], index) => revise(`crop-${index}`, `Seen: ${words}`, { crop: value }, Math.abs(value - crop) < 1e-6)),
    ...kSides.map((value) => revise(`side-${value}`, `Side: ${value} pixels`, { side: value }, value === side)),
  ];
}
