// Files coming in: dropped (folders too), picked, pasted. Gives each an id and hands it on; reads no bytes.
//
// A drop may hold a whole study folder, so files are taken up to a limit and what is beyond it is said, not skipped
// in silence. Names stay in memory.

/** Files taken from one drop. */
export const kMostFilesPerDrop = 500;

/**
 * @param {{document: Document, picker: HTMLInputElement, onFiles: (files: File[], left_out: number) => void,
 *   onDrag: (over: boolean) => void}} options
 */
export function watchFiles({ document, picker, onFiles, onDrag }) {
  const take = (files) => {
    if (files.length) onFiles(files.slice(0, kMostFilesPerDrop), Math.max(0, files.length - kMostFilesPerDrop));
  };
  watchDrops(document, take, onDrag);
  document.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    take(files);
  });
  picker.addEventListener('change', () => {
    take([...picker.files]);
    picker.value = '';
  });
}

function watchDrops(document, take, onDrag) {
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
    take(await droppedFiles(event.dataTransfer));
  });
}

/** @param {DataTransfer} transfer valid only during the event: everything is taken from it before the first await */
async function droppedFiles(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
  const files = [];
  for (const entry of entries) await collect(entry, files);
  return files;
}

/** Walks a folder in the order of its names. Hidden files (.DS_Store and its like) are the system's, not the user's. */
async function collect(entry, files) {
  if (entry.isFile) {
    const file = await new Promise((resolve) => entry.file(resolve, () => resolve(null)));
    if (file) files.push(file);
    return;
  }
  const inside = (await listFolder(entry)).filter(({ name }) => !name.startsWith('.'));
  inside.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  for (const child of inside) await collect(child, files);
}

async function listFolder(folder) {
  const reader = folder.createReader();
  const entries = [];
  for (;;) {
    const batch = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (!batch.length) return entries;
    entries.push(...batch);
  }
}
