// The text of the page: the published state as headings, lists, a table and buttons, for screen readers, for search
// and for the keyboard. Everything the canvas shows and does is here; nothing is here that the canvas lacks.
//
// A function of the snapshot (src/viewer/text/snapshot.h) to a description of elements, and one place that puts it into the
// DOM.
import { updateChildren } from './dom_diff.js';
import { describeModelForm, describeModels } from './mirror_models.js';
import { describeSideBySide } from './mirror_side_by_side.js';

/** Least time between two updates of the text, milliseconds: nobody reads sixty windows a second. */
const kUpdateInterval = 100;

/**
 * @param {HTMLElement} root
 * @param {(action: ReaderAction) => void} onAction
 * @returns {{changed: (read: ReadState) => void}} to be told that the state is another; it is read a little later
 *
 * @typedef {{examples: {file: string, name: string, shows?: string[]}[], models: {id: string, name: string}[]}} Extras
 * @typedef {{element: typeof element, button: typeof button}} Tools what other files make their parts of the text with
 * @typedef {import('./snapshot.js').Snapshot} Snapshot
 * @typedef {import('./snapshot.js').Worklist} Worklist
 * @typedef {() => [Snapshot|null, Extras]} ReadState
 * @typedef {import('./dom_diff.js').Node} Node
 * @typedef {import('../shared/contract.js').ReaderAction} ReaderAction
 */
export function createAccessibilityTree(root, onAction) {
  /** @type {ReturnType<typeof setTimeout>|0} */
  let waiting = 0;
  /** @type {ReadState} */
  let readLatest;
  const describe = remembering();
  const update = () => {
    clearTimeout(waiting);
    waiting = 0;
    const [state, extras] = readLatest();
    if (state) updateChildren(root, describe(state, extras));
  };
  /** @param {Element} one */
  const isDisabled = (one) => one.getAttribute('aria-disabled') === 'true';
  root.addEventListener('click', (event) => {
    const pressed = /** @type {Element} */ (event.target).closest('button[data-action]');
    if (!pressed) return;
    const action = JSON.parse(pressed.getAttribute('data-action') ?? '');  // what was pressed, whatever the button becomes
    // The text is behind the state by a moment: a press in that moment counts by the state.
    if (isDisabled(pressed) && waiting) update();
    if (!isDisabled(pressed)) onAction(action);
  });
  return {
    changed(read) {
      readLatest = read;
      waiting ||= setTimeout(update, kUpdateInterval);
    },
  };
}

/**
 * @param {string} tag
 * @param {string} key
 * @param {string|Node[]} content
 * @param {Record<string, string>} [attributes]
 * @returns {Node}
 */
const element = (tag, key, content, attributes = {}) =>
  ({ tag, key, attributes, ...(typeof content === 'string' ? { text: content } : { children: content }) });

/**
 * Disabled buttons stay focusable, so that the focus is not lost when a command ends the state that allowed it.
 * @param {string} key
 * @param {string} text
 * @param {ReaderAction} action
 * @param {{disabled?: boolean, 'aria-pressed'?: string, 'aria-current'?: string, 'aria-expanded'?: string}} [options]
 */
function button(key, text, action, { disabled = false, ...attributes } = {}) {
  return element('button', key, text, {
    type: 'button',
    'data-action': JSON.stringify(action),
    ...(disabled ? { 'aria-disabled': 'true' } : {}),
    .../** @type {Record<string, string>} */ (attributes),
  });
}

/** @param {string} key @param {string} title @param {Node[]} children */
function section(key, title, children) {
  return element('section', key, [element('h2', 'title', title, { id: `mirror-${key}` }), ...children],
    { 'aria-labelledby': `mirror-${key}` });
}

/**
 * The page's text, part by part: the fields of the state that a part is made of, and how. A part whose fields are the very
 * values they were is not made again.
 * @type {[(keyof Snapshot)[], (state: Snapshot, extras: Extras) => Node[]][]}
 */
const kParts = [
  [[], () => [element('h1', 'title', 'Chestlight')]],
  [['status'], ({ status }) => [element('p', 'status', status, { role: 'status', 'aria-live': 'polite' })]],
  [['errors', 'films'], (state) => [element('div', 'errors', describeErrors(state), { role: 'alert' })]],
  [['films', 'worklist'], ({ films, worklist }) => [section('films', 'Films',
    worklist ? describeWorklist(worklist, films) : [element('ul', 'list', films.map((film) => describeFilm(film, films.length > 1)))])]],
  [['worklist'], ({ worklist }) => (
    worklist ? [section('worklist-filter', 'Which films are listed', describeFilters(worklist))] : [])],
  [['selected', 'overlay', 'view', 'identifiers', 'explanation'], (state) => (
    state.selected ? [describeSelected(state.selected, state)] : [])],
  [['side_by_side'], ({ side_by_side: pair }) => (
    pair ? [section('side-by-side', 'Two films side by side', describeSideBySide(pair, { element, button }))] : [])],
  [['findings'], ({ findings }) => (findings.length ? [section('findings', 'Findings', [describeFindings(findings)])] : [])],
  [['findings'], ({ findings }) => findings.filter(({ selected }) => selected).map(describeVerdict)],
  [['trial'], ({ trial }) => (trial ? [section('trial', `Try a threshold for ${trial.name}`, describeTrial(trial))] : [])],
  [['evaluation', 'commands'], ({ evaluation }) => (evaluation && (evaluation.open || evaluation.tables.length)
    ? [section('evaluation', 'Evaluation on films with labels', describeEvaluation(evaluation))] : [])],
  [['glossary'], ({ glossary }) => (glossary ? [section('glossary', 'What the findings mean', glossary.flatMap(({ id, name, words, example }) => [
    element('h3', `name-${id}`, name), element('p', `words-${id}`, words),
    ...(example ? [button(`example-${id}`, `Open the synthetic film of ${name}: ${example.name}`, { type: 'open-example', file: example.file })] : []),
  ]))] : [])],
  [['study'], ({ study }) => (study.open || study.stage ? [section('study', 'Reader study', describeStudy(study))] : [])],
  [['site_profile'], ({ site_profile: profile }) => (profile ? [section('site-profile', 'Site profile', [
    element('p', 'name', `${profile.name} gives zones and thresholds.`),
    ...profile.sentences.map((text, index) => element('p', `sentence-${index}`, text)),
    button('remove', 'Remove the site profile', { type: 'run-command', id: 'remove-profile' }),
  ])] : [])],
  [['operating_points'], ({ operating_points: points }) => (
    points.length > 1 ? [section('thresholds', 'Thresholds', describeThresholds(points))] : [])],
  [['explanation', 'methods', 'findings'], (state) => (
    state.explanation ? [section('explanation', 'How the finding is explained', describeExplanation({ ...state, explanation: state.explanation }))] : [])],
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
  [['keeping'], ({ keeping }) => [section('keeping', 'Kept on this device', describeKeeping(keeping))]],
  [['models', 'import'], (state) => [section('models', 'Models', describeModels(state, { element, button }))]],
  [['model_form'], ({ model_form: form }) => (
    form ? [section('model-form', 'Labels and input', describeModelForm(form, { element, button }))] : [])],
  [['app', 'backend', 'model', 'network'], (state) => [section('engine', 'Engine', describeEngine(state))]],
];

/** @param {Snapshot} state @param {Extras} extras @returns {Node[]} */
export const describeState = (state, extras) => kParts.flatMap(([, describe]) => describe(state, extras));

/** describeState() that keeps the parts whose fields did not change. `extras` are the same at every call. @returns {typeof describeState} */
function remembering() {
  /** @type {{fields: (keyof Snapshot)[], describe: typeof describeState, values: unknown[]|null, nodes: Node[]}[]} */
  const parts = kParts.map(([fields, describe]) => ({ fields, describe, values: null, nodes: [] }));
  return (state, extras) => parts.flatMap((part) => {
    const values = part.fields.map((field) => state[field]);
    const { values: before } = part;
    if (!before || values.some((value, index) => value !== before[index])) {
      Object.assign(part, { values, nodes: part.describe(state, extras) });
    }
    return part.nodes;
  });
}

/** @param {Pick<Snapshot, 'errors'|'films'>} state */
function describeErrors({ errors, films }) {
  const page = errors.map(({ code, message, hint }) => element('p', code, `${message} ${hint}`));
  const rows = films.flatMap(({ id, name, error }) =>
    (error ? [element('p', `film-${id}`, `${name}: ${error.message} ${error.hint}`)] : []));
  return [...page, ...rows];
}

/** Puts a film beside the selected one, or no longer. @param {{id: number, name: string, selected: boolean, second: boolean}} film */
const besideButton = ({ id, name, selected, second }) => (selected ? []
  : [button('beside', `Side by side with ${name}`, { type: 'compare-film', id }, { 'aria-pressed': String(second) })]);

/** @param {Snapshot['films'][number]} film @param {boolean} hasOthers */
function describeFilm(film, hasOthers) {
  const { id, name, kind, headline, selected, second, synthetic, request, read, copies = [], can_retry: canRetry } = film;
  const about = [kind, synthetic && 'synthetic', copiesInWords(copies), read && 'read', second && 'beside'].filter(Boolean).join(', ');
  const label = `${name}${about ? ` (${about})` : ''}: ${headline}${request ? ` ${request}` : ''}`;
  return element('li', String(id), [
    button('select', label, { type: 'select-film', id }, selected ? { 'aria-current': 'true' } : {}),
    ...(canRetry ? [button('retry', `Read ${name} again`, { type: 'retry-film', id })] : []),
    ...(hasOthers ? besideButton(film) : []),
    button('remove', `Remove ${name}`, { type: 'remove-film', id }),
  ]);
}

/** @param {string} key @param {string} text @returns {Lines[number]} */
const line = (key, text) => [key, text];

/** @typedef {[key: string, text: string|false|null|undefined][]} Lines said one by one, what is empty left out @param {Lines} lines */
const paragraphs = (lines) => lines.flatMap(([key, text]) => (text ? [element('p', key, text)] : []));

/** Every file that came is told of, also one that is a copy of another. @param {string[]} copies */
const copiesInWords = (copies) => (copies.length ? `${copies.length + 1} copies, also ${copies.join(', ')}` : '');

/**
 * The films as a table in the order of the worklist; those that its filter hides are counted in the summary.
 * @param {Worklist} worklist
 * @param {Snapshot['films']} films
 */
function describeWorklist({ summary, sort, columns, rows }, films) {
  const byId = new Map(films.map((film) => [film.id, film]));
  /** @param {Worklist['sort']['column']} column @returns {Record<string, string>} */
  const sorted = (column, finding = '') => (sort.column === column && sort.finding === finding
    ? { 'aria-sort': sort.descending ? 'descending' : 'ascending' } : {});
  /** @type {[Worklist['sort']['column'], string][]} */
  const titles = [['name', 'Name'], ['study', 'Study'], ['view', 'View'], ['state', 'State'], ['finding', 'Highest finding'], ['verdict', 'Verdict']];
  const head = titles
    .map(([column, title]) => element('th', column, [button('sort', `Sort by ${title.toLowerCase()}`, { type: 'sort-worklist', column })],
      { scope: 'col', ...sorted(column) }));
  const more = columns.map(({ id, name }) => element('th', `score-${id}`,
    [button('sort', `Sort by ${name}`, { type: 'sort-worklist', column: 'score', finding: id })], { scope: 'col', ...sorted('score', id) }));
  const body = rows.map((row) => {
    const { id, selected, second, copies, can_retry: canRetry } = byId.get(row.id)
      ?? { id: row.id, selected: false, second: false, copies: [], can_retry: false };
    const also = copiesInWords(copies);
    return element('tr', String(id), [
      element('th', 'name', [
        button('select', `${row.name}${also ? ` (${also})` : ''}`, { type: 'select-film', id }, selected ? { 'aria-current': 'true' } : {}),
        ...(canRetry ? [button('retry', `Read ${row.name} again`, { type: 'retry-film', id })] : []),
        ...besideButton({ id, name: row.name, selected, second }),
      ], { scope: 'row' }),
      element('td', 'study', row.study),
      element('td', 'view', row.view || 'not known'),
      element('td', 'state', row.state),
      element('td', 'finding', [row.finding, row.zone, row.score].filter(Boolean).join(' ')),
      element('td', 'verdict', row.verdict),
      ...row.scores.map((score, index) => element('td', `score-${columns[index]?.id}`, score)),
    ]);
  });
  return [
    element('p', 'summary', summary, { role: 'status' }),
    element('table', 'table', [
      element('caption', 'caption', 'Films in the order of the worklist'),
      element('thead', 'head', [element('tr', 'row', [...head, ...more])]),
      element('tbody', 'body', body),
    ]),
  ];
}

/** What each is followed by. @type {Record<Worklist['filter']['verdict'], Worklist['filter']['verdict']>} */
const kVerdictFilters = { any: 'with', with: 'without', without: 'any' };

/** @param {Worklist} worklist */
function describeFilters({ filter, search }) {
  /** @param {string} key @param {string} text @param {Partial<Worklist['filter']>} change @param {boolean} on */
  const set = (key, text, change, on) => button(key, text, { type: 'filter-worklist', filter: { ...filter, ...change } }, { 'aria-pressed': String(on) });
  return [
    button('search', search ? `Search films by name, now “${search}”` : 'Search films by name', { type: 'begin-text', field: 'search' }),
    set('unread', 'Only unread films', { unread: !filter.unread }, filter.unread),
    set('refused', 'Only films that were not analysed', { refused: !filter.refused }, filter.refused),
    set('verdict', `Verdict: ${filter.verdict}`, { verdict: kVerdictFilters[filter.verdict] }, filter.verdict !== 'any'),
    .../** @type {import('../shared/contract.js').Zone[]} */ (['likely', 'uncertain']).map((zone) => set(`any-${zone}`, `Only films with a finding that is ${zone}`,
      { finding: '', zone: filter.zone === zone && !filter.finding ? null : zone }, filter.zone === zone && !filter.finding)),
  ];
}

/** What the reader says of the opened finding, and how they say it; films by that finding. @param {Snapshot['findings'][number]} finding */
function describeVerdict({ id, name, verdict, note }) {
  /** @param {import('../shared/contract.js').Opinion} opinion @param {string} text */
  const give = (opinion, text) => button(opinion, text, { type: 'give-opinion', finding: id, opinion }, { 'aria-pressed': String(verdict === opinion) });
  return section('verdict', `Your verdict on ${name}`, [
    give('agree', `Agree with ${name}`),
    give('disagree', `Disagree with ${name}`),
    button('note', note ? `Change the note on ${name}` : `Write a note on ${name}`, { type: 'begin-text', field: 'note', finding: id }),
    ...(note ? [element('p', 'words', `Note: ${note}`)] : []),
    button('likely', `Only films where ${name} is likely`, { type: 'filter-worklist', filter: { finding: id, zone: 'likely' } }),
    button('column', `A column for ${name} in the worklist`, { type: 'show-finding-column', finding: id }),
  ]);
}

/**
 * @param {import('./snapshot.js').SelectedFilm} film
 * @param {Pick<Snapshot, 'overlay'|'view'|'identifiers'|'explanation'>} state
 */
function describeSelected(film, { overlay, view, identifiers, explanation }) {
  const by = explanation && explanation.finding === overlay.finding && explanation.drawn !== 'evidence' ? ` by ${explanation.name}` : '';
  /** @type {Lines} */
  const lines = [
    ...(film.facts ?? []).map(({ label, text }, index) => line(`fact-${index}`, `${label}: ${text}`)),
    ...(identifiers ?? []).map(({ label, value }) => line(`identifier-${label}`, `${label}: ${value}`)),
    ['request', film.request],
    ['summary', film.summary?.sentence],
    ['headline', film.summary?.headline],
    ['caveat', film.summary?.caveat],
    ['comparison', film.comparison],
    ['stability', film.stability],
    ['any-finding', film.any_finding],
    ['operating-point', film.operating_point && `${film.operating_point.name}: ${film.operating_point.explanation}`],
    ...(film.warnings ?? []).map(({ id, text }) => line(`reason-${id}`, text)),
    ['anatomy', film.anatomy?.text],
    ['outlines', film.anatomy?.found && overlay.anatomy && `Outlines of both lungs${film.anatomy.heart ? ' and the heart' : ''} lie over the film.`],
    ['input', film.input && describeInput(film.input)],
    ['explanation-failure', explanation?.error && `${explanation.error.message} ${explanation.error.hint}`.trim()],
    ['overlay', overlay.visible
      && `The map of ${overlay.finding}${by} lies over the film, opacity ${percent(overlay.opacity)}.`],
    ['view', view && `Zoom ${percent(view.zoom)}, window ${view.window_in_words}${view.inverted ? ', inverted by you' : ''}${
      view.halvings ? `, drawn at 1/${2 ** view.halvings} of its size` : ''}${view.flipped ? ', flipped' : ''}${view.rotation ? `, turned by ${view.rotation}°` : ''}.`],
  ];
  const remedies = (film.warnings ?? []).flatMap(({ id, text, remedy, action }) =>
    (remedy && action ? [button(`remedy-${id}`, `${remedy} (${text})`, action)] : []));
  return section('film', film.name, [...paragraphs(lines), ...remedies]);
}

/**
 * What the model saw, in words: the rule, and what came of it for this film.
 * @param {NonNullable<import('./snapshot.js').SelectedFilm['input']>} input
 */
function describeInput({ rule, width, height, crop, window, inverted }) {
  return [`What the model saw: ${rule}`, `${crop.width} × ${crop.height} pixels from (${crop.x}, ${crop.y}) of the film became ${
    width} × ${height}.`, window ? `Black is ${window.black}, white ${window.white}.` : '',
  inverted?.by_file ? 'The file says that its larger values are darker.' : ''].filter(Boolean).join(' ');
}

/** @param {Snapshot['findings']} findings */
function describeFindings(findings) {
  const head = ['Finding', 'Zone', 'Score', 'Percentile', 'Threshold', 'State', 'Where', 'In words', 'How good the score is', 'Your verdict']
    .map((title) => element('th', title, title, { scope: 'col' }));
  const rows = findings.map((finding) => element('tr', finding.id, [
    element('th', 'name', [button('pin', finding.name, { type: 'pin-finding', id: finding.id },
      { 'aria-pressed': String(finding.selected) })], { scope: 'row' }),
    element('td', 'zone', finding.zone_text),
    element('td', 'score', finding.score_text),
    element('td', 'percentile', finding.percentile_text || 'not known'),
    element('td', 'threshold', finding.threshold_text),
    element('td', 'state', finding.state_text ?? finding.state),
    element('td', 'where', [finding.where, finding.evidence_text].filter(Boolean).join(' ')),
    element('td', 'reading', [finding.reading, finding.sentence, finding.beside?.text,
      finding.stability && `Stability: ${finding.stability.text}`].filter(Boolean).join(' ')),
    element('td', 'evaluation', finding.evaluation || 'Nothing is known of it.'),
    element('td', 'verdict', [finding.verdict === 'none' ? '' : finding.verdict, finding.note].filter(Boolean).join(': ')),
  ]));
  return element('table', 'table', [
    element('caption', 'caption', 'Each finding with its zone, its score and the threshold in use'),
    element('thead', 'head', [element('tr', 'row', head)]),
    element('tbody', 'body', rows),
  ]);
}

/** A threshold of the reader's own, with the next ones to either side. @param {import('./snapshot.js').Trial} trial */
function describeTrial({ finding, threshold_text: threshold, verdict, evaluation, prevalence_text: prevalence,
  at_prevalence: atPrevalence, lower, higher, rarer, commoner }) {
  /** @param {string} key @param {string} text @param {'try-threshold'|'set-prevalence'} type @param {number} value */
  const step = (key, text, type, value) => button(key, text, { type, finding, value });
  return [
    ...[['verdict', verdict], ['evaluation', evaluation], ['at-prevalence', atPrevalence]].map(([key, text]) => element('p', key, text)),
    step('lower', `Threshold lower than ${threshold}`, 'try-threshold', lower),
    step('higher', `Threshold higher than ${threshold}`, 'try-threshold', higher),
    step('rarer', `Prevalence lower than ${prevalence}`, 'set-prevalence', rarer),
    step('commoner', `Prevalence higher than ${prevalence}`, 'set-prevalence', commoner),
  ];
}

/**
 * Labels joined to films, what can be chosen about that, and the results with what is open of them.
 * @param {import('./snapshot.js').EvaluationState} evaluation
 */
function describeEvaluation({ tables, folders, join, error, parts, films_text: filmsText, operating_point: point, column, rising, results,
  without_labels: withoutLabels, opened, measures, remarks, results_error: resultsError, profile_options: profileOptions = [] }) {
  /** @type {Lines} */
  const lines = [
    ['join', join?.sentence],
    ['error', error && `${error.message} ${error.hint}`.trim()],
    ...(join?.remarks ?? []).map((text, index) => line(`join-remark-${index}`, text)),
    ...(join?.findings ?? []).map(({ name, finding, with: there, without, unknown }) => line(`label-${name}`,
      `${name}${finding ? '' : ' (no finding of the model)'}: ${there} with it, ${without} without, ${unknown} unknown.`)),
    ['films', filmsText && `${filmsText}${point ? ` Thresholds: ${point}.` : ''}`],
    ...remarks.map((text, index) => line(`remark-${index}`, text)),
    ['results-error', resultsError && `${resultsError.message} ${resultsError.hint}`.trim()],
    ['without-labels', results.length > 0 && withoutLabels.length > 0 && `The labels do not name: ${withoutLabels.join(', ')}.`],
    ...tables.map(({ id, name, error: why }) => line(`table-${id}`,
      why && why.message !== error?.message ? `${name}: ${why.message} ${why.hint}` : '')),
  ];
  return [
    ...paragraphs(lines),
    ...tables.map(({ id, name }) => button(`close-table-${id}`, `Remove the table ${name}`, { type: 'close-labels', id })),
    ...(folders && !join ? [button('folders', "Use the folders' names as labels", { type: 'choose-labels', choice: { source: -1 } })] : []),
    ...parts.map(({ id, words, options }) => element('div', `part-${id}`, [element('p', 'words', words),
      ...options.map(({ label, chosen, action }, index) => button(`option-${index}`, `${words.split(':')[0]}: ${label}`, action,
        { 'aria-pressed': String(chosen) }))])),
    ...(results.length ? [describeResults(results, column, rising, opened)] : []),
    ...(measures ? describeMeasures(measures) : []),
    ...(results.length ? [['html', 'report as HTML'], ['json', 'figures as JSON'], ['csv', 'scores as CSV'],
      ['profile', 'site profile as JSON'], ['card', 'model card as JSON']].map(([format, name]) =>
      button(`export-evaluation-${format}`, `Export the evaluation's ${name}`, { type: 'export-evaluation', format })) : []),
    ...(results.length ? profileOptions.map(({ label, chosen, action }) =>
      button(`profile-${label}`, `Site profile: ${label}`, action, { 'aria-pressed': String(chosen) })) : []),
  ];
}

/** Steps of confidence, as src/viewer/state/reader_study.h has them. */
const kConfidences = [20, 40, 60, 80, 100];

/**
 * What can be chosen before a study, what is said of the film being read, or what came of it.
 * @param {import('./snapshot.js').StudyState} study
 */
function describeStudy({ stage, words, next, can_go_on: canGoOn, can_start: canStart, reader, with_model: withModel, choices, findings, results, error }) {
  /** @param {string} key @param {string} text @param {ReaderAction} action @param {boolean} on */
  const choice = (key, text, action, on) => button(key, text, action, { 'aria-pressed': String(on) });
  if (stage === 'unaided' || stage === 'aided') {
    return [
      element('p', 'words', words, { 'aria-live': 'polite' }),
      ...findings.map(({ id, name, verdict, confidence }) => element('div', `finding-${id}`, [
        choice('present', `${name} is there`, { type: 'give-study-verdict', finding: id, present: true }, verdict === true),
        choice('absent', `${name} is not there`, { type: 'give-study-verdict', finding: id, present: false }, verdict === false),
        ...kConfidences.map((value) => choice(`sure-${value}`, `${name}: ${value} % sure`, { type: 'give-study-confidence', finding: id, value },
          confidence === value)),
      ])),
      button('next', next, { type: 'run-command', id: 'study-next' }, { disabled: !canGoOn }),
      button('end', 'End the study', { type: 'run-command', id: 'end-study' }),
    ];
  }
  return [
    ...paragraphs([['words', words], ['error', error && `${error.message} ${error.hint}`.trim()],
      ...results.map(({ id, name, with: there, without, note, unaided, aided, difference }) => line(`result-${id}`, `${name}: ${
        note || `AUROC without the model ${unaided.text}${aided.value === null ? '' : `, with it ${aided.text}`}; ${there} with it, ${without} without. ${difference}`}`)),
    ]),
    ...(stage ? [button('export', 'Export the study', { type: 'run-command', id: 'export-study' })] : []),
    ...choices.map(({ id, name, chosen }) => choice(`choose-${id}`, `Read for ${name}`, { type: 'toggle-study-finding', finding: id }, chosen)),
    choice('with-model', 'Read each film a second time, with the model', { type: 'set-study-model', with_model: !withModel }, withModel),
    button('reader', `Reader: ${reader}`, { type: 'begin-text', field: 'reader' }),
    button('start', 'Start the study', { type: 'start-study' }, { disabled: !canStart }),
  ];
}

/** Of each finding, in the order of the columns. */
const kFigures = /** @type {const} */ (['auroc', 'average_precision', 'sensitivity', 'specificity', 'ppv', 'npv']);

/**
 * @param {import('./snapshot.js').EvaluationState['results']} results
 * @param {import('../shared/contract.js').EvaluationColumn} column @param {boolean} rising @param {string} opened
 */
function describeResults(results, column, rising, opened) {
  /** @type {[import('../shared/contract.js').EvaluationColumn, string][]} */
  const columns = [['finding', 'Finding'], ['films', 'With and without'], ['auroc', 'AUROC'], ['precision', 'Average precision'],
    ['sensitivity', 'Sensitivity'], ['specificity', 'Specificity'], ['ppv', 'PPV'], ['npv', 'NPV']];
  const head = columns.map(([id, title]) => element('th', id, [button('sort', title, { type: 'sort-evaluation', column: id })],
    { scope: 'col', ...(id === column ? { 'aria-sort': rising ? 'ascending' : 'descending' } : {}) }));
  const rows = results.map((one) => element('tr', one.id, [
    element('th', 'name', [button('open', one.name, { type: 'open-evaluated', finding: one.id },
      { 'aria-expanded': String(one.id === opened), disabled: one.note !== '' })], { scope: 'row' }),
    element('td', 'films', `${one.with} with, ${one.without} without`),
    ...(one.note ? [element('td', 'note', one.note, { colspan: '6' })]
      : kFigures.map((name) => element('td', name, one[name].text))),
  ]));
  return element('table', 'results', [
    element('caption', 'caption', 'Each finding on the films with labels, with intervals of 95 %'),
    element('thead', 'head', [element('tr', 'row', head)]),
    element('tbody', 'body', rows),
  ]);
}

/** @param {NonNullable<import('./snapshot.js').EvaluationState['measures']>} measures */
function describeMeasures({ finding, counts, prevalence, thresholds, zones, groups, plots, missed, false_calls: falseCalls }) {
  /** @param {string} key @param {string} what @param {typeof missed[number]} film */
  const film = (key, what, { id, name, score }) => button(`${key}-${id}`, `${what}: ${name}, ${score}`, { type: 'look-at-film', id, finding });
  return [
    ...[counts, ...(prevalence ? [prevalence] : []), ...zones].map((text, index) => element('p', `measure-${index}`, text)),
    element('p', 'plots', `Plots: ${plots.join(', ')}.`),
    ...thresholds.map(({ name, threshold, sensitivity, specificity, ppv, npv }) => element('p', `threshold-${name}`,
      `Threshold, ${name}: ${threshold}, sensitivity ${sensitivity}, specificity ${specificity}, PPV ${ppv}, NPV ${npv}.`)),
    ...groups.map(({ name, with: there, without, auroc, sensitivity, specificity, p, differs }) => element('p', `group-${name}`,
      `Group ${name}: ${there} with it, ${without} without, AUROC ${auroc}, sensitivity ${sensitivity}, specificity ${specificity}, p ${p}${
        differs ? ', differs beyond chance' : ''}.`)),
    ...missed.map((one) => film('missed', 'Missed', one)), ...falseCalls.map((one) => film('called', 'Called wrongly', one)),
  ];
}

/** A map that is kept beside the one looked at. @param {import('./snapshot.js').KeptMap} kept @param {number} index */
function describeKept({ name, drawn, note, can_run: canRun }, index) {
  return element('div', `kept-${index}`, [
    element('p', 'name', [`Beside it: ${name}.`, note || (drawn ? '' : 'Maps are switched off.')].filter(Boolean).join(' ')),
    ...(canRun ? [button('run', `Run ${name}`, { type: 'run-kept', index })] : []),
    button('close', `Close ${name}`, { type: 'close-kept', index }),
  ]);
}

/**
 * The method, what its map says, what there is to mind, and the other methods.
 * @param {Pick<Snapshot, 'methods'|'findings'> & {explanation: import('./snapshot.js').ExplanationState}} state
 */
function describeExplanation({ explanation, methods, findings }) {
  const { name, layer, finding, sentence, regions, notes = [], measures = [], error, check, trust } = explanation;
  const shown = findings.find(({ id }) => id === finding)?.name ?? finding;
  /** @type {Lines} */
  const lines = [
    ['method', `${name}${layer ? `, ${layer}` : ''}, of ${shown}`],
    ['progress', explanation.status === 'running' && explanation.progress],
    ['error', error && `${error.message} ${error.hint}`.trim()],
    ['sentence', sentence],
    ['regions', regions],
    ...notes.map((note, index) => line(`note-${index}`, note)),
    ...measures.map((measure) => line(`measure-${measure.name}`, `${measure.name}: ${measure.text}`)),
    ['check', check?.status === 'running' && explanation.progress],
    ['check-error', check?.error && `${check.error.message} ${check.error.hint}`.trim()],
    ['trust', trust?.line],
    ...(trust?.checks ?? []).map((one, index) => line(`trust-${index}`, `${one.name}: ${one.verdict}. ${one.text}`)),
  ];
  return [
    ...paragraphs(lines),
    ...methods.map(({ id, name: method, explanation: what, cost, unavailable, layers, chosen }) => element('div', `choice-${id}`, [
      button('choose', `Explain by ${method}`, { type: 'choose-method', method: id, layer: '' },
        { 'aria-pressed': String(chosen), disabled: Boolean(unavailable) }),
      element('p', 'what', `${what} ${unavailable || `${cost}.`}`),
      ...(chosen ? layers : []).map((one) => button(`layer-${one}`, `Look at ${one}`,
        { type: 'choose-method', method: id, layer: one }, { 'aria-pressed': String(one === layer) })),
    ])),
  ];
}

/** @param {import('./snapshot.js').View} view */
function describeWindows({ preset, presets, window_in_words: inUse }) {
  return [
    element('p', 'in-use', `In use: ${inUse}`),
    ...presets.map(({ id, name }) => button(`window-${id}`, `Window: ${name}`, { type: 'choose-preset', id },
      { 'aria-pressed': String(id === preset) })),
  ];
}

/** Measurements with a role. @type {Partial<Record<import('../shared/contract.js').MeasurementRole, string>>} */
const kLines = { 'heart-width': 'Width of the heart', 'chest-width': 'Width of the chest' };

/** @param {import('./snapshot.js').Measuring} measuring */
function describeMeasuring({ tool, cross, measurements, unit, probe, sides, letters }) {
  /** @type {Lines} */
  const lines = [
    ['sides', sides.join(' ')],
    ['letters', letters && `Left edge ${letters.left}, right ${letters.right}, top ${letters.top}, bottom ${letters.bottom}.`],
    ['unit', `Lengths are in ${unit}.`],
    ['tool', tool !== 'none' && `Tool: ${tool}.`],
    ['cross', tool !== 'none' && cross && `Cross at x ${Math.round(cross[0])}, y ${Math.round(cross[1])}.`],
    ['probe', probe.join('; ')],
  ];
  const list = measurements.filter(({ shown }) => shown !== false).map(({ id, kind, role, text, selected }) => {
    const ofRatio = kLines[role];
    return element('li', String(id), [
      button('select', `${ofRatio ?? `${kind === 'angle' ? 'Angle' : 'Length'} ${id}`}: ${text || 'lacks points'}`,
        { type: 'select-measurement', id }, { 'aria-pressed': String(selected) }),
      button('remove', ofRatio ? `${ofRatio} as it was measured` : `Delete measurement ${id}`, { type: 'remove-measurement', id }),
    ]);
  });
  return [...paragraphs(lines), element('ul', 'list', list)];
}

/** @param {Pick<Snapshot, 'commands'|'gestures'|'rebinding'>} state */
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

/** @param {Snapshot['commands'][number]} command */
function describeCommand({ id, label, help, shortcut, enabled }) {
  const name = help || label;
  const text = shortcut ? `${name} (${shortcut})` : name;
  return button(`command-${id}`, text, { type: 'run-command', id }, { disabled: !enabled });
}

/** @param {Snapshot['keeping']} keeping */
function describeKeeping({ text, keep, forget }) {
  return [
    element('p', 'text', text),
    button('keep', keep, { type: 'run-command', id: 'keep-readings' }),
    ...(forget ? [button('forget', forget, { type: 'run-command', id: 'forget-readings' })] : []),
  ];
}

/** @param {Snapshot['operating_points']} points */
function describeThresholds(points) {
  return points.map(({ id, name, selected }) =>
    button(id, `Use thresholds: ${name}`, { type: 'choose-operating-point', id }, { 'aria-pressed': String(selected) }));
}

/** @param {Pick<Snapshot, 'app'|'backend'|'model'|'network'>} state */
function describeEngine({ app, backend, model, network }) {
  return [
    element('p', 'app', `Version: ${app}`),
    element('p', 'model', model.id ? `Model: ${model.name}` : 'Model: none yet'),
    ...(model.evaluation ? [element('p', 'evaluation', model.evaluation)] : []),
    element('p', 'backend', backend.name ? `Runs on: ${backend.name} (${backend.detail})` : 'Runs on: not started'),
    ...backend.fallbacks.map((reason, index) => element('p', `fallback-${index}`, reason)),
    element('p', 'network', `Bytes sent: ${network.bytes_sent}. Requests to other sites: ${network.foreign_requests}.`),
  ];
}

/** @param {number} value a share */
const percent = (value) => `${Math.round(value * 100)} %`;
