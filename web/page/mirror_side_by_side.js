// The text of the page about two films side by side: which they are, what is linked, what is seen of the second one, and the change of
// their scores as a table. What is said of the selected film stands in its own section.

/**
 * @typedef {import('./snapshot.js').SideBySide} SideBySide
 * @typedef {import('./dom_diff.js').Node} Node
 * @typedef {import('./accessibility_tree.js').Tools} Tools
 */

/** @param {SideBySide} pair @param {Tools} tools @returns {Node[]} */
export function describeSideBySide(pair, { element, button }) {
  const { film, name, headline, text, linked, link_text: linkText, finding, view, note, changes } = pair;
  const seen = view && `Window of ${name}: ${view.window_in_words}${view.inverted ? ', inverted by you' : ''}.`;
  /** @type {[string, string|null|false][]} */
  const lines = [
    ['films', text], ['second', `Beside the selected film: ${name}: ${headline}`], ['view', seen],
    ['map', finding && `The map of ${finding} lies over it, too, on the same scale.`], ['link', linkText], ['note', note],
  ];
  return [
    ...lines.flatMap(([key, words]) => (words ? [element('p', key, words)] : [])),
    button('swap', `Select ${name}`, { type: 'swap-films' }),
    button('linked', 'Zoom, place and window linked', { type: 'run-command', id: 'compare-link' }, { 'aria-pressed': String(linked) }),
    button('close', 'Close the film beside', { type: 'compare-film', id: film }),
    ...(changes.length ? [describeChanges(pair, { element, button })] : []),
  ];
}

/** @param {SideBySide} pair @param {Tools} tools */
function describeChanges({ first, last, dated, changes }, { element, button }) {
  const head = ['Finding', `${first.name}${dated ? ' (older)' : ''}`, `${last.name}${dated ? ' (newer)' : ''}`, 'Change', 'In words']
    .map((title, index) => element('th', `head-${index}`, title, { scope: 'col' }));
  const rows = changes.map((change) => element('tr', change.id, [
    element('th', 'name', [button('pin', change.name, { type: 'pin-finding', id: change.id })], { scope: 'row' }),
    element('td', 'first', `${change.first_text}, ${change.first_zone}`),
    element('td', 'last', `${change.last_text}, ${change.last_zone}`),
    element('td', 'change', `${change.difference_text}${change.zone_changed ? ', another zone' : ''}`),
    element('td', 'words', change.text),
  ]));
  return element('table', 'changes', [
    element('caption', 'caption', 'Change of scores. Position, breath and exposure move scores, too: a change of a score is a reason to look.'),
    element('thead', 'head', [element('tr', 'row', head)]),
    element('tbody', 'body', rows),
  ]);
}
