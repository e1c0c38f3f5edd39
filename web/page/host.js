// What the page does for the user interface: the commands that need the browser. Those for the engine are passed on.
import { download } from '../shared/download.js';
import { asError } from '../shared/errors.js';
import { saveSettings } from './settings.js';

/**
 * @param {{picker: HTMLInputElement, folderPicker: HTMLInputElement, modelPicker: HTMLInputElement, base: URL, toEngine: (message: object) => void,
 *   toUi: (message: object) => void, addFiles: (files: File[], facts?: object) => void,
 *   reject: (name: string, error: import('../shared/protocol.js').ErrorValue) => void,
 *   showText: (error: import('../shared/protocol.js').ErrorValue) => void, showCanvas: () => void}} page
 * @returns {(request: object) => void} for every request of the screen (src/contract/messages.h)
 */
export function createHost({ picker, folderPicker, modelPicker, base, toEngine, toUi, addFiles, reject, showText, showCanvas }) {
  // Later, because the interface is in the middle of a call when it sends a command.
  const notice = (text) => queueMicrotask(() => toUi({ type: 'noticed', text }));

  async function paste() {
    const files = [];
    try {
      for (const item of await navigator.clipboard.read()) {
        const type = item.types.find((name) => name.startsWith('image/'));
        if (type) files.push(new File([await item.getType(type)], `pasted.${type.slice(6)}`, { type }));
      }
    } catch {
      return notice('The clipboard could not be read. Press Ctrl+V instead, or allow it in the browser.');
    }
    return files.length ? addFiles(files) : notice('There is no image in the clipboard.');
  }

  /** Labels, or what else is said of a network, from the clipboard. */
  async function pasteFacts(id) {
    try {
      toEngine({ type: 'revise-model', id, facts: await navigator.clipboard.readText() });
    } catch {
      notice('The clipboard could not be read. Press Ctrl+V instead, or allow it in the browser.');
    }
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      notice('Copied.');
    } catch {
      notice('The browser does not allow copying here.');
    }
  }

  async function openExample(file) {
    try {
      const address = new URL(`examples/${encodeURIComponent(file)}`, base);
      const bytes = await download(address, { what: `The example ${file}` });
      addFiles([new File([bytes], file)], { synthetic: true });
    } catch (error) {
      reject(file, asError(error));
    }
  }

  /** @type {{[Type in import('../shared/contract.js').ScreenRequest['type']]: (request: any) => void}} */
  const own = {
    'pick-files': () => picker.click(),
    'pick-folder': () => folderPicker.click(),
    'pick-model': () => modelPicker.click(),
    'paste-files': () => void paste(),
    'paste-facts': ({ id }) => void pasteFacts(id),
    'copy-text': ({ text }) => void copy(text),
    'open-example': ({ file }) => void openExample(file),
    'save-settings': ({ settings }) => saveSettings(settings),
    'show-text': ({ error }) => showText(error),
    'show-canvas': showCanvas,
  };
  return (request) => (own[request.type] ?? toEngine)(request);
}

/** Offers a file that the engine made; it goes from memory to the disk and nowhere else. */
export function offerDownload({ name, mime }, buffer) {
  const address = URL.createObjectURL(new Blob([buffer], { type: mime }));
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  // The browser has taken hold of the blob by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
