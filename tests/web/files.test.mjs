// Files coming in: folders walked, the limit said, paste and picker, against fake events.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { kMostFilesPerDrop, watchFiles } from '../../web/files.js';

function page() {
  const listeners = {};
  const target = { addEventListener: (name, listener) => { listeners[name] = listener; } };
  const picker = { files: [], value: 'x', addEventListener: (_, listener) => { listeners.change = listener; } };
  const taken = [];
  const drags = [];
  watchFiles({ document: target, picker, onFiles: (files, leftOut) => taken.push([files.map(({ name }) => name), leftOut]),
    onDrag: (over) => drags.push(over) });
  return { listeners, picker, taken, drags };
}

const file = (name) => ({ name, isFile: true, isDirectory: false, file: (resolve) => resolve({ name }) });
const broken = (name) => ({ name, isFile: true, isDirectory: false, file: (_, reject) => reject(new Error('gone')) });
/** A folder that lists its entries in parts of two, as browsers list them in parts of a hundred. */
const folder = (name, entries) => ({ name, isFile: false, isDirectory: true, createReader: () => {
  const left = [...entries];
  return { readEntries: (resolve) => resolve(left.splice(0, 2)) };
} });
const dropOf = (entries, files = []) => ({
  prevented: false, preventDefault() { this.prevented = true; }, relatedTarget: null,
  dataTransfer: { types: ['Files'], files, items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })) },
});

test('a folder is walked in the order of its names, without hidden files', async () => {
  const { listeners, taken } = page();
  await listeners.drop(dropOf([
    file('z.png'),
    folder('study', [file('10.png'), file('2.png'), file('.DS_Store'), folder('sub', [file('a.png')]), broken('x.png'), file('1.png')]),
  ]));
  assert.deepEqual(taken, [[['z.png', '1.png', '2.png', '10.png', 'a.png'], 0]]);
});

test('more files than the limit are said, not dropped in silence', async () => {
  const { listeners, taken } = page();
  const files = Array.from({ length: kMostFilesPerDrop + 7 }, (_, index) => ({ name: `${index}.png` }));
  await listeners.drop(dropOf([], files));
  assert.equal(taken[0][0].length, kMostFilesPerDrop);
  assert.equal(taken[0][1], 7);
});

test('a drag of text is none of ours', async () => {
  const { listeners, taken, drags } = page();
  const event = dropOf([]);
  event.dataTransfer.types = ['text/plain'];
  listeners.dragover(event);
  await listeners.drop(event);
  assert.equal(event.prevented, false);
  assert.deepEqual([taken, drags], [[], []]);
});

test('a drag lights the page once and leaving puts it out', () => {
  const { listeners, drags } = page();
  listeners.dragover(dropOf([]));
  listeners.dragover(dropOf([]));
  listeners.dragleave({ relatedTarget: {} });
  listeners.dragleave({ relatedTarget: null });
  assert.deepEqual(drags, [true, false]);
});

test('picked and pasted files are taken; the same file can be picked twice', () => {
  const { listeners, picker, taken } = page();
  picker.files = [{ name: 'a.png' }];
  listeners.change();
  assert.equal(picker.value, '');
  const paste = { clipboardData: { files: [{ name: 'p.png' }] }, prevented: false, preventDefault() { this.prevented = true; } };
  listeners.paste(paste);
  const text = { clipboardData: { files: [] }, preventDefault: () => assert.fail('pasting text is left alone') };
  listeners.paste(text);
  assert.deepEqual(taken, [[['a.png'], 0], [['p.png'], 0]]);
});
