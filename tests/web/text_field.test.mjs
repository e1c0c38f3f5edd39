// The field for a line of text: what is typed is told, Enter and leaving keep it, Escape does not.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createTextField } from '../../web/page/text_field.js';

/** A document of exactly what text_field.js uses. */
function page() {
  const actions = [];
  let left = 0;
  let shown = null;
  const document = {
    createElement: () => {
      const listeners = {};
      const classes = new Set();
      const style = {};
      return {
        classes, place: style, value: '',
        addEventListener: (type, listener) => { listeners[type] = listener; },
        setAttribute() {}, focus() {}, select() {},
        classList: { toggle: (name, on) => (on ? classes.add(name) : classes.delete(name)) },
        style: { setProperty: (name, value) => { style[name] = value; } },
        send: (type, event = {}) => listeners[type]({ stopPropagation() {}, preventDefault() {}, ...event }),
        // A browser tells of the lost focus when the element goes.
        remove() {
          shown = null;
          listeners.blur();
        },
      };
    },
    body: { append: (element) => { shown = element; } },
  };
  const field = createTextField({ document, onAction: (action) => actions.push(action), onLeft: () => { left += 1; } });
  return { field, actions, input: () => shown, left: () => left };
}

const kSearch = { field: 'search', label: 'Search', text: 'ab', longest: 100, x: 0, y: 0, width: 0, height: 0 };
const press = (input, key, more = {}) => input.send('keydown', { key, ...more });

test('what is typed is told at once, and Enter leaves with it', () => {
  const { field, actions, input, left } = page();
  field.edit(kSearch);
  assert.equal(input().value, 'ab');
  input().value = 'abc';
  input().send('input');
  press(input(), 'Enter', { isComposing: true });
  assert.ok(input(), 'Enter of an input method is not ours');
  press(input(), 'Enter');
  assert.equal(input(), null);
  assert.deepEqual(actions, [{ type: 'text-entered', field: 'search', text: 'abc', done: false },
    { type: 'text-entered', field: 'search', text: 'abc', done: true }]);
  assert.equal(left(), 1, 'the canvas has the keys again');
});

test('Escape leaves without, going elsewhere leaves with it, and the screen ends it without a word', () => {
  const { field, actions, input } = page();
  field.edit(kSearch);
  press(input(), 'Escape');
  field.edit(kSearch);
  input().send('blur');
  field.edit(kSearch);
  field.end();
  assert.equal(input(), null);
  assert.deepEqual(actions, [{ type: 'leave-text', field: 'search' }, { type: 'text-entered', field: 'search', text: 'ab', done: true }]);
});

test('asked for again it is moved and keeps what was typed; for something else it is another', () => {
  const { field, input } = page();
  field.edit(kSearch);
  const first = input();
  first.value = 'typed';
  field.edit({ ...kSearch, x: 12, y: 40, width: 200, height: 28 });
  assert.equal(input(), first);
  assert.equal(first.value, 'typed');
  assert.deepEqual(first.place, { left: '12px', top: '40px', width: '200px', height: '28px' });
  assert.ok(first.classes.has('placed'));
  field.edit({ ...kSearch, field: 'note', text: 'n' });
  assert.notEqual(input(), first);
  assert.equal(input().value, 'n');
});

test('arrows of a search go through the films', () => {
  const { field, actions, input } = page();
  field.edit(kSearch);
  press(input(), 'ArrowDown');
  press(input(), 'a');
  field.edit({ ...kSearch, field: 'note' });
  press(input(), 'ArrowDown');
  assert.deepEqual(actions, [{ type: 'run-command', id: 'next-film' }]);
});
