// Files coming in: dropped (folders too), picked one by one or by folder, pasted. Hands them on with the paths they have
// below the folder that was dropped.
//
// Of a folder, what comes along with films and is none is set aside and counted: by its name (ignored_files.js), or by its first
// bytes, the only ones read here (film_kinds.js). Tables of labels and weights of networks are handed on with the films, and
// what may say something of weights beside them. Names stay in memory.
import { kSniffedStart, mayBeFilm } from '../shared/film_kinds.js';
import { isLabelTable } from '../shared/label_tables.js';
import { noIgnoredFiles, reasonToIgnore } from '../shared/ignored_files.js';
import { isCompanion, isModel } from '../shared/model_files.js';

/** Films of one drop that are taken; what comes after them is only counted. */
const kMostLookedUp = 500;

/**
 * @param {{document: Document, picker: HTMLInputElement, folderPicker: HTMLInputElement, labelsPicker?: HTMLInputElement,
 *   modelPicker?: HTMLInputElement, onFiles: (files: Named[], left?: Omit<Walk, 'files'>) => void,
 *   onLink: () => void, onDrag: (over: boolean) => void, onLabels?: (files: Named[]) => void,
 *   onText?: (text: string) => boolean}} options `onLink`: what was dropped is only the address of something; `onLabels`: files
 *   that were chosen as tables of labels, whatever their names; `onText`: of text that is pasted; true where it was of use
 *
 * @typedef {import('./file_queue.js').Named} Named
 * @typedef {import('../shared/model_files.js').Named} Companion
 * @typedef {import('../shared/ignored_files.js').IgnoredFiles} IgnoredFiles
 */
export function watchFiles({ document, picker, folderPicker, labelsPicker, modelPicker, onFiles, onLink, onDrag, onLabels, onText }) {
  /** @param {FileList|File[]} files */
  const named = (files) => [...files].map((file) => ({ name: file.name, file }));
  watchDrops(document, async (transfer) => {
    const { files, more, ignored, companions } = await droppedFiles(transfer);
    if (files.length || more || companions.length || Object.values(ignored).some(Boolean)) onFiles(files, { more, ignored, companions });
  }, onLink, onDrag);
  document.addEventListener('paste', (event) => {
    const files = named(event.clipboardData?.files ?? []);
    if (!files.length) {
      const text = event.clipboardData?.getData?.('text/plain');
      if (text && onText?.(text)) event.preventDefault();
      return;
    }
    event.preventDefault();
    onFiles(files);
  });
  modelPicker?.addEventListener('change', () => {
    if (modelPicker.files?.length) onFiles(named(modelPicker.files));
    modelPicker.value = '';
  });
  picker.addEventListener('change', () => {
    if (picker.files?.length) onFiles(named(picker.files));
    picker.value = '';
  });
  labelsPicker?.addEventListener('change', () => {
    if (labelsPicker.files?.length) onLabels?.(named(labelsPicker.files));
    labelsPicker.value = '';
  });
  folderPicker.addEventListener('change', async () => {
    const walk = newWalk();
    const files = [...folderPicker.files ?? []].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
    folderPicker.value = '';
    files.sort((a, b) => inOrder(a.path, b.path));
    for (const { path, file } of files) await take(walk, path, () => file);
    if (files.length) onFiles(walk.files, walk);
  });
}

/**
 * @param {Document} document
 * @param {(transfer: DataTransfer) => Promise<void>} onDrop
 * @param {() => void} onLink
 * @param {(over: boolean) => void} onDrag
 */
function watchDrops(document, onDrop, onLink, onDrag) {
  // Enter and leave come for every element on the way, so only leaving the window, or dropping, ends a drag.
  let over = false;
  /** @param {boolean} value */
  const setOver = (value) => {
    if (value !== over) onDrag(over = value);
  };
  /** @param {DragEvent} event @param {string} type */
  const has = (event, type) => [...(event.dataTransfer?.types ?? [])].includes(type);
  /** @param {DragEvent} event */
  const hasFiles = (event) => has(event, 'Files');
  /** A picture or a link of another page: the browser would go there, and its bytes are not ours to fetch. @param {DragEvent} event */
  const isLink = (event) => !hasFiles(event) && has(event, 'text/uri-list');
  document.addEventListener('dragover', (event) => {
    if (isLink(event)) event.preventDefault();
    if (!hasFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    setOver(true);
  });
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) setOver(false);
  });
  document.addEventListener('drop', async (event) => {
    setOver(false);
    if (isLink(event)) {
      event.preventDefault();
      onLink();
    }
    if (!event.dataTransfer || !hasFiles(event)) return;
    event.preventDefault();
    await onDrop(event.dataTransfer);
  });
}

/** @typedef {{files: Named[], more: number, ignored: IgnoredFiles, companions: Companion[]}} Walk @returns {Walk} */
const newWalk = () => ({ files: [], more: 0, ignored: noIgnoredFiles(), companions: [] });
/** @param {string} a @param {string} b */
const inOrder = (a, b) => a.localeCompare(b, 'en', { numeric: true });

/** @param {DataTransfer} transfer valid only during the event: everything is taken from it before the first await */
async function droppedFiles(transfer) {
  const walk = newWalk();
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry !== null && entry !== undefined);
  if (!entries.some((entry) => entry.isDirectory)) {
    walk.files = [...transfer.files].map((file) => ({ name: file.name, file }));
    return walk;
  }
  for (const entry of entries) {
    if (isFolder(entry)) await collect(walk, entry, `${entry.name}/`);
    else walk.files.push({ name: entry.name, file: await fileOf(entry) });  // dropped by itself: never set aside
  }
  return walk;
}

/** @param {FileSystemEntry} entry @returns {entry is FileSystemDirectoryEntry} */
const isFolder = (entry) => entry.isDirectory;

/** Walks a folder in the order of its names. @param {Walk} walk @param {FileSystemDirectoryEntry} folder @param {string} path */
async function collect(walk, folder, path) {
  const inside = await listFolder(folder);
  inside.sort((a, b) => inOrder(a.name, b.name));
  for (const entry of inside) {
    if (isFolder(entry) && !entry.name.startsWith('.')) await collect(walk, entry, `${path}${entry.name}/`);
    else await take(walk, `${path}${entry.name}`, () => fileOf(entry));
  }
}

/** @param {Walk} walk @param {string} path @param {() => File|null|Promise<File|null>} open null where the browser cannot: that gets a row */
async function take(walk, path, open) {
  const reason = reasonToIgnore(path);
  if (reason === 'text' && isLabelTable(path)) walk.files.push({ name: path, file: await open() });
  else if (reason === 'text' && isCompanion(path) && walk.companions.length < kMostLookedUp) {
    const file = await open();
    if (file) walk.companions.push({ name: path, file });
  } else if (reason) walk.ignored[reason] += 1;
  else if (walk.files.length >= kMostLookedUp) walk.more += 1;
  else {
    const file = await open();
    const start = file && await startOf(file);
    if (start && !mayBeFilm(path, start) && !isModel(path, start)) walk.ignored.other += 1;
    else walk.files.push({ name: path, file });
  }
}

/** Nothing of a file that cannot be read: its name decides then. @param {File} file */
const startOf = (file) => file.slice(0, kSniffedStart).arrayBuffer().then((buffer) => new Uint8Array(buffer), () => new Uint8Array());

/** @param {FileSystemEntry} entry of a file @returns {Promise<File|null>} */
const fileOf = (entry) => new Promise((resolve) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, () => resolve(null)));

/** @param {FileSystemDirectoryEntry} folder @returns {Promise<FileSystemEntry[]>} */
async function listFolder(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const entries = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const batch = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (!batch.length) return entries;
    entries.push(...batch);
  }
}
