// Files coming in: folders walked, paste and pickers, against fake events; and what the file queue makes of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { watchFiles } from '../../web/page/files.js';
import { createFileQueue, kMostFilesPerDrop } from '../../web/page/file_queue.js';
import { kMostTables } from '../../web/shared/label_tables.js';

function page() {
  const listeners = {};
  const target = { addEventListener: (name, listener) => { listeners[name] = listener; } };
  const input = (event) => ({ files: [], value: 'x', addEventListener: (_, listener) => { listeners[event] = listener; } });
  const [picker, folderPicker, labelsPicker] = [input('change'), input('changeFolder'), input('changeLabels')];
  const labels = [];
  const taken = [];
  const left = [];
  const drags = [];
  const links = [];
  watchFiles({ document: target, picker, folderPicker, labelsPicker, onLabels: (files) => labels.push(...files.map(({ name }) => name)), onLink: () => links.push('a link'), onDrag: (over) => drags.push(over), onFiles: (files, rest) => {
    taken.push(files.map(({ name, file: handle }) => (handle ? name : `${name} unreadable`)));
    left.push(rest);
  } });
  return { listeners, picker, folderPicker, labelsPicker, labels, taken, left, drags, links };
}

/** A file of these bytes. */
const fileNamed = (name, bytes = '') => Object.assign(new Blob([bytes]), { name });
const file = (name, bytes) => ({ name, isFile: true, isDirectory: false, file: (resolve) => resolve(fileNamed(name, bytes)) });

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

test('a folder is walked in the order of its names; what is no film is counted, what cannot be opened is kept', async () => {
  const { listeners, taken, left } = page();
  await listeners.drop(dropOf([
    file('z.png'), file('notes.txt'),
    folder('study', [file('10.png'), file('2.png'), file('.DS_Store'), folder('sub', [file('a.png')]), broken('x.png'), file('1.png'),
      file('DICOMDIR'), file('labels.csv'), file('read me.md'), folder('.git', [file('.config')])]),
  ]));
  assert.deepEqual(taken, [['z.png', 'notes.txt', 'study/1.png', 'study/2.png', 'study/10.png', 'study/labels.csv', 'study/sub/a.png',
    'study/x.png unreadable']]);
  assert.deepEqual(left[0], { more: 0, ignored: { hidden: 2, dicomdir: 1, text: 1, other: 0 }, companions: [] });
});

test('of a folder beyond the limit nothing is opened, only counted', async () => {
  const { listeners, taken, left } = page();
  const closed = (name) => ({ ...file(name), file: () => assert.fail('was opened') });
  const fine = Array.from({ length: kMostFilesPerDrop }, (_, index) => file(`a${index}.png`));
  await listeners.drop(dropOf([folder('study', [...fine, closed('b1.png'), closed('b2.png')])]));
  assert.equal(taken[0].length, kMostFilesPerDrop);
  assert.equal(left[0].more, 2);
});

test("of a patient's disc the films are taken, not the five hundred files of the viewer before them", async () => {
  const { listeners, taken, left } = page();
  const program = Array.from({ length: 520 }, (_, index) => file(`part${index}.dll`, 'MZ\x90 a program'));
  const film = `${'\0'.repeat(128)}DICM`;
  await listeners.drop(dropOf([folder('disc', [folder('AUTORUN', program), file('autorun.exe', 'MZ'), file('empty'),
    folder('DICOM', [file('IM1', film), file('IM2', film), file('damaged.dcm', 'noise')])])]));
  assert.deepEqual(taken, [['disc/DICOM/damaged.dcm', 'disc/DICOM/IM1', 'disc/DICOM/IM2']]);
  assert.deepEqual(left[0], { more: 0, ignored: { hidden: 0, dicomdir: 0, text: 0, other: 522 }, companions: [] });
});

test('a picked folder is taken like a dropped one', async () => {
  const { listeners, folderPicker, taken, left } = page();
  folderPicker.files = ['study/10.dcm', 'study/2.dcm', 'study/DICOMDIR', 'study/.hidden'].map(
    (path) => Object.assign(fileNamed(path.split('/').pop()), { webkitRelativePath: path }));
  await listeners.changeFolder();
  assert.deepEqual(taken, [['study/2.dcm', 'study/10.dcm']]);
  assert.deepEqual(left[0].ignored, { hidden: 1, dicomdir: 1, text: 0, other: 0 });
  assert.equal(folderPicker.value, '');
});

/** A file queue with what it told both sides. */
function fileQueue() {
  const [ui, engine] = [[], []];
  return { ui, engine, ...createFileQueue({ toUi: (message) => ui.push(message), toEngine: (message) => engine.push(message) }) };
}
const named = (count, prefix = '') => Array.from({ length: count }, (_, index) => ({ name: `${prefix}${index}.png`, file: { size: 9 } }));

test('more files than the limit are said, not dropped in silence', () => {
  const { ui, engine, onFiles } = fileQueue();
  onFiles(named(kMostFilesPerDrop + 7), { more: 3 });
  assert.equal(engine.length, kMostFilesPerDrop);
  assert.deepEqual(ui.at(-2), { type: 'film-queued', id: kMostFilesPerDrop + 1, name: '10 more files', bytes: 0 });
  assert.equal(ui.at(-1).error.code, 'too-many-files');
});

test("an archive's films take its place, within what the drop has room for", () => {
  const { ui, engine, onFiles, onUnpacked } = fileQueue();
  onFiles(named(kMostFilesPerDrop - 2), { ignored: { hidden: 1, dicomdir: 0, text: 0, other: 0 } });
  assert.equal(ui.at(-1).text, 'Skipped a hidden file.');
  assert.equal(engine.at(-1).room, 3, 'the room that is left and its own place');
  const members = ['a', 'b', 'c', 'd'].map((name) => ({ name: `x.zip/${name}`, bytes: 5 }));
  onUnpacked({ id: 2, members, more: 6, ignored_files: { hidden: 1, dicomdir: 1, text: 0, other: 0 } });
  const { films } = ui.find(({ type }) => type === 'films-unpacked');
  assert.deepEqual(films.map(({ id, name }) => [id, name]), [[499, 'x.zip/a'], [500, 'x.zip/b'], [501, 'x.zip/c']]);
  assert.deepEqual(engine.at(-1), { type: 'open-members', id: 2, ids: [499, 500, 501] });
  assert.ok(ui.some(({ type, name }) => type === 'film-queued' && name === '7 more files'));
  assert.equal(ui.at(-1).text, 'Skipped a DICOMDIR and 2 hidden files.');
});

test('tables of labels get a number and no row, in a drop of any size; too many are set aside', () => {
  const { ui, engine, onFiles } = fileQueue();
  const table = (name) => ({ name, file: { size: 5 } });
  onFiles([...named(kMostFilesPerDrop), table('study/labels.csv'), table('more.TSV'), table('book.xlsx'), { name: 'gone.csv', file: null }]);
  const opened = engine.filter(({ type }) => type === 'open-labels');
  assert.deepEqual(opened.map(({ id, name }) => [id, name]), [[501, 'study/labels.csv'], [502, 'more.TSV'], [503, 'book.xlsx']]);
  assert.equal(ui.filter(({ type }) => type === 'film-queued').length, kMostFilesPerDrop);
  assert.deepEqual(ui.at(-1), { type: 'noticed', text: 'The browser could not open gone.csv. Drop it again.' });
  onFiles(Array.from({ length: kMostTables + 2 }, (_, index) => table(`${index}.csv`)));
  assert.equal(engine.filter(({ type }) => type === 'open-labels').length, 3 + kMostTables);
  assert.equal(ui.at(-1).text, 'Skipped 2 text files.');
});

test('an archive with a table: the table is numbered after its films', async () => {
  const { engine, onFiles, onUnpacked } = fileQueue();
  await onFiles([{ name: 'x.zip', file: { size: 9 } }]);
  onUnpacked({ id: 1, members: [{ name: 'x.zip/a.png', bytes: 5 }], more: 0, tables: [{ name: 'x.zip/labels.csv', bytes: 3 }],
    ignored_files: { hidden: 0, dicomdir: 0, text: 0, other: 0 } });
  assert.deepEqual(engine.at(-1), { type: 'open-members', id: 1, ids: [2], table_ids: [3] });
});

test('a site profile is handed to the engine and gets no row; other JSON files are as they were', async () => {
  const { ui, engine, onFiles } = fileQueue();
  const json = '{"kind": "chestlight-site-profile", "schema_version": 1}';
  await onFiles([{ name: 'site-profile.json', file: new Blob([json]) }, { name: 'other.json', file: new Blob(['{}']) },
    { name: 'a.png', file: { size: 5 } }, { name: 'labels.csv', file: { size: 5 } }]);
  assert.deepEqual(engine.filter(({ type }) => type === 'use-profile'), [{ type: 'use-profile', json }]);
  assert.deepEqual(ui.filter(({ type }) => type === 'film-queued').map(({ name }) => name), ['other.json', 'a.png']);
  assert.deepEqual(engine.filter(({ type }) => type === 'open-labels').map(({ name }) => name), ['labels.csv']);
});

test('a file that is chosen as a table is one, whatever its name', () => {
  const { labelsPicker, listeners, labels } = page();
  labelsPicker.files = [{ name: 'labels.txt' }];
  listeners.changeLabels();
  assert.deepEqual(labels, ['labels.txt']);
  assert.equal(labelsPicker.value, '');
});

test('a file that the browser cannot open is a row', () => {
  const { ui, engine, onFiles } = fileQueue();
  onFiles([{ name: 'gone.png', file: null }]);
  assert.equal(engine.length, 0);
  assert.equal(ui.at(-1).error.code, 'file-unreadable');
  assert.equal(ui.at(-1).retry, false, 'there is nothing to read again');
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

test('a picture dragged from another page is only its address: the page stays and says so', async () => {
  const { listeners, taken, drags, links } = page();
  const event = dropOf([]);
  event.dataTransfer.types = ['text/uri-list', 'text/html'];
  listeners.dragover(event);
  await listeners.drop(event);
  assert.equal(event.prevented, true, 'or the browser goes to that address');
  assert.deepEqual([taken, drags, links], [[], [], ['a link']]);
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
  assert.deepEqual(taken, [['a.png'], ['p.png']]);
});
