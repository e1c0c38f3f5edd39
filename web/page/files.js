// Files coming in: dropped (folders too), picked one by one or by folder, pasted. Hands them on with the paths they have
// below the folder that was dropped; reads no bytes.
//
// Of a folder, what comes along with films and is none is set aside and counted (ignored_files.js). Names stay in memory.
import { noIgnoredFiles, reasonToIgnore } from '../shared/ignored_files.js';

/** Files of one drop that are looked up at all; the others are only counted. */
const kMostLookedUp = 500;

/**
 * @param {{document: Document, picker: HTMLInputElement, folderPicker: HTMLInputElement,
 *   onFiles: (files: import('./file_queue.js').Named[], left?: {more: number, ignored: object}) => void,
 *   onDrag: (over: boolean) => void}} options
 */
export function watchFiles({ document, picker, folderPicker, onFiles, onDrag }) {
  const named = (files) => [...files].map((file) => ({ name: file.name, file }));
  watchDrops(document, async (transfer) => {
    const { files, more, ignored } = await droppedFiles(transfer);
    if (files.length || more || Object.values(ignored).some(Boolean)) onFiles(files, { more, ignored });
  }, onDrag);
  document.addEventListener('paste', (event) => {
    const files = named(event.clipboardData?.files ?? []);
    if (!files.length) return;
    event.preventDefault();
    onFiles(files);
  });
  picker.addEventListener('change', () => {
    if (picker.files.length) onFiles(named(picker.files));
    picker.value = '';
  });
  folderPicker.addEventListener('change', () => {
    const walk = newWalk();
    const files = [...folderPicker.files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
    files.sort((a, b) => inOrder(a.path, b.path));
    for (const { path, file } of files) take(walk, path, () => file);
    if (folderPicker.files.length) onFiles(walk.files, walk);
    folderPicker.value = '';
  });
}

function watchDrops(document, onDrop, onDrag) {
  // Enter and leave come for every element on the way, so only leaving the window, or dropping, ends a drag.
  let over = false;
  const setOver = (value) => {
    if (value !== over) onDrag(over = value);
  };
  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes('Files');
  document.addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    setOver(true);
  });
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) setOver(false);
  });
  document.addEventListener('drop', async (event) => {
    setOver(false);
    if (!hasFiles(event)) return;
    event.preventDefault();
    await onDrop(event.dataTransfer);
  });
}

const newWalk = () => ({ files: [], more: 0, ignored: noIgnoredFiles() });
const inOrder = (a, b) => a.localeCompare(b, 'en', { numeric: true });

/** @param {DataTransfer} transfer valid only during the event: everything is taken from it before the first await */
async function droppedFiles(transfer) {
  const walk = newWalk();
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) {
    walk.files = [...transfer.files].map((file) => ({ name: file.name, file }));
    return walk;
  }
  for (const entry of entries) {
    if (entry.isDirectory) await collect(walk, entry, `${entry.name}/`);
    else walk.files.push({ name: entry.name, file: await fileOf(entry) });  // dropped by itself: never set aside
  }
  return walk;
}

/** Walks a folder in the order of its names. */
async function collect(walk, folder, path) {
  const inside = await listFolder(folder);
  inside.sort((a, b) => inOrder(a.name, b.name));
  for (const entry of inside) {
    if (entry.isDirectory && !entry.name.startsWith('.')) await collect(walk, entry, `${path}${entry.name}/`);
    else await take(walk, `${path}${entry.name}`, () => fileOf(entry));
  }
}

/** Synchronous where `open` is. */
function take(walk, path, open) {
  const reason = reasonToIgnore(path);
  if (reason) walk.ignored[reason] += 1;
  else if (walk.files.length >= kMostLookedUp) walk.more += 1;
  else {
    const named = { name: path, file: null };
    walk.files.push(named);
    const file = open();
    if (!(file instanceof Promise)) named.file = file;
    else return file.then((opened) => { named.file = opened; });
  }
  return undefined;
}

const fileOf = (entry) => new Promise((resolve) => entry.file(resolve, () => resolve(null)));

async function listFolder(folder) {
  const reader = folder.createReader();
  const entries = [];
  for (;;) {
    const batch = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (!batch.length) return entries;
    entries.push(...batch);
  }
}
