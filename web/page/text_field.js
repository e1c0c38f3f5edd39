// The field for a line of text over the canvas: a search, a note. It is the browser's own input, so that every script, every input
// method and every keyboard on glass can write in it. Where it stands and what it is for, the screen says (EditText).
//
// What is typed is told at once, and once more when the field is left, by Enter or by going elsewhere. Escape leaves it without.

/** Keys of a search that go on to the list of films, and the commands they run. @type {Record<string, string>} */
const kSteps = { ArrowUp: 'previous-film', ArrowDown: 'next-film' };

/**
 * @typedef {import('../shared/contract.js').Written<import('../shared/contract.js').EditText>} Ask
 *
 * @param {{document: Document, onAction: (action: import('../shared/contract.js').ReaderAction) => void, onLeft: () => void}} page
 *   onLeft: the focus is nowhere now
 */
export function createTextField({ document, onAction, onLeft }) {
  /** @type {HTMLInputElement|null} */
  let input = null;
  let field = '';

  function remove() {
    const old = input;
    input = null;
    old?.remove();
    if (old) onLeft();
  }

  /** @param {boolean} done */
  function leave(done) {
    if (!input) return;
    const text = input.value;
    remove();
    onAction(done ? { type: 'text-entered', field, text, done: true } : { type: 'leave-text', field });
  }

  function create() {
    const made = document.createElement('input');
    Object.assign(made, { type: 'text', id: 'text-field', className: 'text-field', autocomplete: 'off', spellcheck: false, dir: 'auto' });
    made.addEventListener('input', () => made === input && onAction({ type: 'text-entered', field, text: made.value, done: false }));
    made.addEventListener('blur', () => made === input && leave(true));
    made.addEventListener('keydown', (event) => {
      event.stopPropagation();
      if (event.isComposing) return;  // Enter and Escape are the input method's
      if (event.key === 'Enter') leave(true);
      else if (event.key === 'Escape') leave(false);
      else if (field === 'search' && kSteps[event.key]) onAction({ type: 'run-command', id: kSteps[event.key] });
      else return;
      event.preventDefault();
    });
    return made;
  }

  return {
    /** @param {Ask} ask */
    edit(ask) {
      const isNew = !input || field !== ask.field;
      if (isNew) remove();
      field = ask.field;
      input ??= create();
      if (isNew) {
        input.setAttribute('aria-label', ask.label);
        input.placeholder = ask.label;
        input.maxLength = ask.longest;
        input.value = ask.text;
        document.body.append(input);
      }
      input.classList.toggle('placed', ask.width > 0);
      const place = { left: ask.x, top: ask.y, width: ask.width, height: ask.height };
      for (const [property, value] of Object.entries(place)) input.style.setProperty(property, ask.width > 0 ? `${value}px` : '');
      if (isNew) {
        input.focus({ preventScroll: true });
        input.select();
      }
    },
    end: remove,
  };
}
