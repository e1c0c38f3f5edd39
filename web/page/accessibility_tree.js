// The text of the page: the published state as headings, lists, a table and buttons, for screen readers, for search
// and for the keyboard. Everything the canvas shows and does is here; nothing is here that the canvas lacks.
//
// A function of the snapshot (src/viewer/text/snapshot.h) to a description of elements, and one place that puts it into the
// DOM.
import { updateChildren } from './dom_diff.js';
import { describeModelForm, describeModels } from './mirror_models.js';

/** Least time between two updates of the text, milliseconds: nobody reads sixty windows a second. */
const kUpdateInterval = 100;

/**
 * @param {HTMLElement} root
 * @param {(action: object) => void} onAction an action of src/viewer/actions/reader_actions.h
 * @returns {{changed: (read: () => [object, Extras]) => void}} to be told that the state is another; it is read a little later
 *
 * @typedef {{examples: {file: string, name: string}[], models: {id: string, name: string}[]}} Extras
 */
export function createAccessibilityTree(root, onAction) {
  let waiting = 0;
  let readLatest = null;
  const describe = remembering();
  const update = () => {
    clearTimeout(waiting);
    waiting = 0;
    const [state, extras] = readLatest();
    if (state) updateChildren(root, describe(state, extras));
  };
  const isDisabled = (button) => button.getAttribute('aria-disabled') === 'true';
  root.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-action]');
    if (!button) return;
    const action = JSON.parse(button.dataset.action);  // what was pressed, whatever the button becomes
    // The text is behind the state by a moment: a press in that moment counts by the state.
    if (isDisabled(button) && waiting) update();
    if (!isDisabled(button)) onAction(action);
  });
  return {
    changed(read) {
      readLatest = read;
      waiting ||= setTimeout(update, kUpdateInterval);
    },
  };
}

const element = (tag, key, content, attributes = {}) =>
  ({ tag, key, attributes, ...(typeof content === 'string' ? { text: content } : { children: content }) });

/** Disabled buttons stay focusable, so that the focus is not lost when a command ends the state that allowed it. */
function button(key, text, action, { disabled = false, ...attributes } = {}) {
  return element('button', key, text, {
    type: 'button',
    'data-action': JSON.stringify(action),
    ...(disabled ? { 'aria-disabled': 'true' } : {}),
    ...attributes,
  });
}

function section(key, title, children) {
  return element('section', key, [element('h2', 'title', title, { id: `mirror-${key}` }), ...children],
    { 'aria-labelledby': `mirror-${key}` });
}

/**
 * The page's text, part by part: the fields of the state that a part is made of, and how. A part whose fields are the very
 * values they were is not made again.
 * @type {[string[], (state: any, extras: Extras) => import('./dom_diff.js').Node[]][]}
 */
const kParts = [
  [[], () => [element('h1', 'title', 'Chestlight')]],
  [['status'], ({ status }) => [element('p', 'status', status, { role: 'status', 'aria-live': 'polite' })]],
  [['errors', 'films'], (state) => [element('div', 'errors', describeErrors(state), { role: 'alert' })]],
  [['films'], ({ films }) => [section('films', 'Films', [element('ul', 'list', films.map(describeFilm))])]],
  [['selected', 'overlay', 'view', 'identifiers', 'explanation'], (state) => (
    state.selected ? [describeSelected(state.selected, state)] : [])],
  [['findings'], ({ findings }) => (findings.length ? [section('findings', 'Findings', [describeFindings(findings)])] : [])],
  [['trial'], ({ trial }) => (trial ? [section('trial', `Try a threshold for ${trial.name}`, describeTrial(trial))] : [])],
  [['operating_points'], ({ operating_points: points }) => (
    points.length > 1 ? [section('thresholds', 'Thresholds', describeThresholds(points))] : [])],
  [['explanation', 'methods', 'findings'], (state) => (
    state.explanation ? [section('explanation', 'How the finding is explained', describeExplanation(state))] : [])],
  [['kept'], ({ kept }) => (kept.length ? [section('kept', 'Maps side by side', kept.map(describeKept))] : [])],
  [['view'], ({ view }) => (view ? [section('windows', 'Windows', describeWindows(view))] : [])],
  [['view'], ({ view }) => (view ? [section('measuring', 'Measuring', describeMeasuring(view.measuring))] : [])],
  [[], (_, { examples }) => [section('open', 'Synthetic films to try', examples.map(({ file, name }) =>
    button(file, `Open ${name}`, { type: 'open-example', file })))]],
  [['commands', 'findings', 'identifiers'], (state) => [section('commands', 'Commands', [
    ...state.commands.filter(({ id }) => !/^finding-\d/.test(id)).map(describeCommand),
    ...(state.findings.length ? [['json', 'JSON'], ['csv', 'CSV'], ['csv-wide', 'CSV, a line per film']].map(([format, name]) =>
      button(`export-${format}`, `Export the findings as ${name}`, { type: 'export-findings', format })) : []),
    ...(state.findings.length && state.identifiers ? ['json', 'csv'].map((format) =>
      button(`export-identified-${format}`, `Export the findings with identifiers as ${format.toUpperCase()}`,
        { type: 'export-findings', format, identifiers: true })) : []),
  ])]],
  [['commands', 'gestures', 'rebinding'], (state) => [section('keys', 'Keys', describeKeys(state))]],
  [['models', 'import'], (state) => [section('models', 'Models', describeModels(state, { element, button }))]],
  [['model_form'], ({ model_form: form }) => (
    form ? [section('model-form', 'Labels and input', describeModelForm(form, { element, button }))] : [])],
  [['backend', 'model', 'network'], (state) => [section('engine', 'Engine', describeEngine(state))]],
];

/** @returns {import('./dom_diff.js').Node[]} */
export const describeState = (state, extras) => kParts.flatMap(([, describe]) => describe(state, extras));

/** describeState() that keeps the parts whose fields did not change. `extras` are the same at every call. */
function remembering() {
  const parts = kParts.map(([fields, describe]) => ({ fields, describe, values: null, nodes: [] }));
  return (state, extras) => parts.flatMap((part) => {
    const values = part.fields.map((field) => state[field]);
    if (!part.values || values.some((value, index) => value !== part.values[index])) {
      Object.assign(part, { values, nodes: part.describe(state, extras) });
    }
    return part.nodes;
  });
}

function describeErrors({ errors, films }) {
  const page = errors.map(({ code, message, hint }) => element('p', code, `${message} ${hint}`));
  const rows = films.filter((film) => film.error).map(({ id, name, error }) =>
    element('p', `film-${id}`, `${name}: ${error.message} ${error.hint}`));
  return [...page, ...rows];
}

function describeFilm({ id, name, kind, headline, selected, synthetic, request, can_retry: canRetry }) {
  const about = [kind, synthetic && 'synthetic'].filter(Boolean).join(', ');
  const label = `${name}${about ? ` (${about})` : ''}: ${headline}${request ? ` ${request}` : ''}`;
  return element('li', String(id), [
    button('select', label, { type: 'select-film', id }, selected ? { 'aria-current': 'true' } : {}),
    ...(canRetry ? [button('retry', `Read ${name} again`, { type: 'retry-film', id })] : []),
    button('remove', `Remove ${name}`, { type: 'remove-film', id }),
  ]);
}

function describeSelected(film, { overlay, view, identifiers, explanation }) {
  const by = explanation && explanation.finding === overlay.finding && explanation.drawn !== 'evidence' ? ` by ${explanation.name}` : '';
  const paragraphs = [
    ...(film.facts ?? []).map(({ label, text }, index) => [`fact-${index}`, `${label}: ${text}`]),
    ...(identifiers ?? []).map(({ label, value }) => [`identifier-${label}`, `${label}: ${value}`]),
    ['request', film.request],
    ['summary', film.summary?.sentence],
    ['headline', film.summary?.headline],
    ['caveat', film.summary?.caveat],
    ['comparison', film.comparison],
    ['any-finding', film.any_finding],
    ['operating-point', film.operating_point && `${film.operating_point.name}: ${film.operating_point.explanation}`],
    ...(film.reasons ?? []).map(({ id, text }) => [`reason-${id}`, text]),
    ['input', film.input && describeInput(film.input)],
    ['explanation-failure', explanation?.error && `${explanation.error.message} ${explanation.error.hint}`.trim()],
    ['overlay', overlay.visible
      && `The map of ${overlay.finding}${by} lies over the film, opacity ${percent(overlay.opacity)}.`],
    ['view', view && `Zoom ${percent(view.zoom)}, window ${view.window_in_words}${view.inverted ? ', inverted by you' : ''}${
      view.halvings ? `, drawn at 1/${2 ** view.halvings} of its size` : ''}${view.flipped ? ', flipped' : ''}${view.rotation ? `, turned by ${view.rotation}°` : ''}.`],
  ];
  const said = paragraphs.filter(([, text]) => text);
  return section('film', film.name, said.map(([key, text]) => element('p', key, text)));
}

/** What the model saw, in words: the rule, and what came of it for this film. */
function describeInput({ rule, width, height, crop, window, inverted }) {
  return [`What the model saw: ${rule}`, `${crop.width} × ${crop.height} pixels from (${crop.x}, ${crop.y}) of the film became ${
    width} × ${height}.`, window ? `Black is ${window.black}, white ${window.white}.` : '',
  inverted?.by_file ? 'The file says that its larger values are darker.' : ''].filter(Boolean).join(' ');
}

function describeFindings(findings) {
  const head = ['Finding', 'Zone', 'Score', 'Percentile', 'Threshold', 'State', 'Where', 'In words', 'How good the score is']
    .map((title) => element('th', title, title, { scope: 'col' }));
  const rows = findings.map((finding) => element('tr', finding.id, [
    element('th', 'name', [button('pin', finding.name, { type: 'pin-finding', id: finding.id },
      { 'aria-pressed': String(finding.selected) })], { scope: 'row' }),
    element('td', 'zone', finding.zone_text),
    element('td', 'score', finding.score_text),
    element('td', 'percentile', finding.percentile_text || 'not known'),
    element('td', 'threshold', finding.threshold_text),
    element('td', 'state', finding.state_text ?? finding.state),
    element('td', 'where', finding.where ?? ''),
    element('td', 'reading', [finding.reading, finding.sentence, finding.beside?.text].filter(Boolean).join(' ')),
    element('td', 'evaluation', finding.evaluation || 'Nothing is known of it.'),
  ]));
  return element('table', 'table', [
    element('caption', 'caption', 'Each finding with its zone, its score and the threshold in use'),
    element('thead', 'head', [element('tr', 'row', head)]),
    element('tbody', 'body', rows),
  ]);
}

/** A threshold of the reader's own, with the next ones to either side. */
function describeTrial({ finding, threshold_text: threshold, verdict, evaluation, prevalence_text: prevalence,
  at_prevalence: atPrevalence, lower, higher, rarer, commoner }) {
  const step = (key, text, type, value) => button(key, text, { type, finding, value });
  return [
    ...[['verdict', verdict], ['evaluation', evaluation], ['at-prevalence', atPrevalence]].map(([key, text]) => element('p', key, text)),
    step('lower', `Threshold lower than ${threshold}`, 'try-threshold', lower),
    step('higher', `Threshold higher than ${threshold}`, 'try-threshold', higher),
    step('rarer', `Prevalence lower than ${prevalence}`, 'set-prevalence', rarer),
    step('commoner', `Prevalence higher than ${prevalence}`, 'set-prevalence', commoner),
  ];
}

/** A map that is kept beside the one looked at. */
function describeKept({ name, drawn, note, can_run: canRun }, index) {
  return element('div', `kept-${index}`, [
    element('p', 'name', [`Beside it: ${name}.`, note || (drawn ? '' : 'Maps are switched off.')].filter(Boolean).join(' ')),
    ...(canRun ? [button('run', `Run ${name}`, { type: 'run-kept', index })] : []),
    button('close', `Close ${name}`, { type: 'close-kept', index }),
  ]);
}

/** The method, what its map says, what there is to mind, and the other methods. */
function describeExplanation({ explanation, methods, findings }) {
  const { name, layer, finding, sentence, regions, notes = [], measures = [], error, check, trust } = explanation;
  const shown = findings.find(({ id }) => id === finding)?.name ?? finding;
  const lines = [
    ['method', `${name}${layer ? `, ${layer}` : ''}, of ${shown}`],
    ['progress', explanation.status === 'running' && explanation.progress],
    ['error', error && `${error.message} ${error.hint}`.trim()],
    ['sentence', sentence],
    ['regions', regions],
    ...notes.map((note, index) => [`note-${index}`, note]),
    ...measures.map((measure) => [`measure-${measure.name}`, `${measure.name}: ${measure.text}`]),
    ['check', check?.status === 'running' && explanation.progress],
    ['check-error', check?.error && `${check.error.message} ${check.error.hint}`.trim()],
    ['trust', trust?.line],
    ...(trust?.checks ?? []).map((one, index) => [`trust-${index}`, `${one.name}: ${one.verdict}. ${one.text}`]),
  ];
  return [
    ...lines.filter(([, text]) => text).map(([key, text]) => element('p', key, text)),
    ...methods.map(({ id, name: method, explanation: what, cost, unavailable, layers, chosen }) => element('div', `choice-${id}`, [
      button('choose', `Explain by ${method}`, { type: 'choose-method', method: id, layer: '' },
        { 'aria-pressed': String(chosen), disabled: Boolean(unavailable) }),
      element('p', 'what', `${what} ${unavailable || `${cost}.`}`),
      ...(chosen ? layers : []).map((one) => button(`layer-${one}`, `Look at ${one}`,
        { type: 'choose-method', method: id, layer: one }, { 'aria-pressed': String(one === layer) })),
    ])),
  ];
}

function describeWindows({ preset, presets, window_in_words: inUse }) {
  return [
    element('p', 'in-use', `In use: ${inUse}`),
    ...presets.map(({ id, name }) => button(`window-${id}`, `Window: ${name}`, { type: 'choose-preset', id },
      { 'aria-pressed': String(id === preset) })),
  ];
}

function describeMeasuring({ tool, cross, measurements, unit, probe, sides, letters }) {
  const said = [
    ['sides', sides.join(' ')],
    ['letters', letters && `Left edge ${letters.left}, right ${letters.right}, top ${letters.top}, bottom ${letters.bottom}.`],
    ['unit', `Lengths are in ${unit}.`],
    ['tool', tool !== 'none' && `Tool: ${tool}.`],
    ['cross', tool !== 'none' && cross && `Cross at x ${Math.round(cross[0])}, y ${Math.round(cross[1])}.`],
    ['probe', probe.join('; ')],
  ].filter(([, text]) => text).map(([key, text]) => element('p', key, text));
  const list = measurements.map(({ id, kind, text, selected }) => element('li', String(id), [
    button('select', `${kind === 'angle' ? 'Angle' : 'Length'} ${id}: ${text || 'lacks points'}`,
      { type: 'select-measurement', id }, { 'aria-pressed': String(selected) }),
    button('remove', `Delete measurement ${id}`, { type: 'remove-measurement', id }),
  ]));
  return [...said, element('ul', 'list', list)];
}

function describeKeys({ commands, gestures, rebinding }) {
  const asked = commands.find(({ id }) => id === rebinding);
  return [
    element('p', 'asked', asked ? `Press the new key for ${asked.help || asked.label}; Escape keeps the old one.` : '',
      { 'aria-live': 'polite' }),
    ...commands.filter((command) => command.key_can_change).map(({ id, label, help, shortcut }) =>
      button(`key-${id}`, `Change the key ${shortcut} of ${help || label}`, { type: 'rebind-key', id })),
    ...gestures.map(({ id, name, device, help, can_change: canChange }) => {
      const text = `${device === 'touch' ? 'Touch, ' : ''}${name}: ${help}`;
      return canChange ? button(`gesture-${id}`, `Change ${text}`, { type: 'change-gesture', id }) : element('p', `gesture-${id}`, text);
    }),
  ];
}

function describeCommand({ id, label, help, shortcut, enabled }) {
  const name = help || label;
  const text = shortcut ? `${name} (${shortcut})` : name;
  return button(`command-${id}`, text, { type: 'run-command', id }, { disabled: !enabled });
}

function describeThresholds(points) {
  return points.map(({ id, name, selected }) =>
    button(id, `Use thresholds: ${name}`, { type: 'choose-operating-point', id }, { 'aria-pressed': String(selected) }));
}

function describeEngine({ backend, model, network }) {
  return [
    element('p', 'model', model.id ? `Model: ${model.name}` : 'Model: none yet'),
    ...(model.evaluation ? [element('p', 'evaluation', model.evaluation)] : []),
    element('p', 'backend', backend.name ? `Runs on: ${backend.name} (${backend.detail})` : 'Runs on: not started'),
    ...backend.fallbacks.map((reason, index) => element('p', `fallback-${index}`, reason)),
    element('p', 'network', `Bytes sent: ${network.bytes_sent}. Requests to other sites: ${network.foreign_requests}.`),
  ];
}

const percent = (value) => `${Math.round(value * 100)} %`;
