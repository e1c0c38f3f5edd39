// The bridge to the user interface's WebAssembly: messages in as JSON with one optional buffer, requests out as JSON, and the
// published state by sections (src/viewer/text/snapshot.h), which are read only when somebody asks.
//
// Messages given before the interface has started wait for it, in order. Pixels cross once: they are copied into
// memory that the interface allocates and frees within the call.
import createUiModule from '../ui.mjs';

/**
 * @typedef {import('./snapshot.js').Snapshot} Snapshot
 * @typedef {import('../shared/contract.js').ReaderAction} ReaderAction
 * @typedef {import('../shared/contract.js').Event | {type: 'action', action: ReaderAction} | {type: 'font', weight: string}
 *   | {type: 'shader', name: string}} ToUi font, shader: the file comes as the buffer
 * @typedef {import('../shared/contract.js').Written<import('../shared/contract.js').ScreenRequest>
 *   | import('../shared/contract.js').EngineRequest} UiRequest
 *
 * @param {string} canvas a CSS selector
 * @param {{onRequest: (request: UiRequest) => void, onChanged: () => void}} page onChanged: state() is another than before
 * @returns {Promise<{message: (message: ToUi, buffer?: ArrayBuffer|ArrayBufferView) => void, state: () => Snapshot|null}>}
 *   state: as the last frame showed it, null before the first; of every field the same object as before where its section did not
 *   change
 */
export async function startUi(canvas, { onRequest, onChanged }) {
  let changed = ~0;  // sections that differ from `known`, a bit for each
  let drawn = 0;  // the last section, which only counts frames: nobody is told of it
  const known = /** @type {Snapshot} */ ({});  // whole once it was read
  let read = false;
  const wasm = await createUiModule({
    canvas: document.querySelector(canvas),
    locateFile: (file) => new URL(`../${file}`, import.meta.url).href,
    host: {
      send: (json) => onRequest(JSON.parse(json)),
      changed(which) {
        changed |= which;
        if (which !== drawn) onChanged();
      },
    },
    print() {},
    printErr() {},
  });
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();

  /** @param {Uint8Array} bytes @returns {number} their address */
  function give(bytes) {
    const address = wasm._ui_alloc(bytes.byteLength);
    wasm.HEAPU8.set(bytes, address);
    return address;
  }

  const selector = give(encoder.encode(`${canvas}\0`));
  const hasCanvas = wasm._ui_start(selector);
  wasm._ui_free(selector);
  if (!hasCanvas) throw new Error('the browser gave no WebGL 2 context to draw with');
  const length = wasm._ui_alloc(4);
  const sections = wasm._ui_sections();
  drawn = 1 << (sections - 1);

  /** @param {number} index @returns {Partial<Snapshot>} */
  function readSection(index) {
    const address = wasm._ui_section(index, length);
    const bytes = new DataView(wasm.HEAPU8.buffer).getInt32(length, true);
    return JSON.parse(decoder.decode(wasm.HEAPU8.subarray(address, address + bytes)));
  }

  return {
    message(message, buffer) {
      const json = encoder.encode(JSON.stringify(message));
      const jsonAddress = give(json);
      const blob = buffer ? bytesOf(buffer) : null;
      const blobAddress = blob ? give(blob) : 0;
      wasm._ui_message(jsonAddress, json.byteLength, blobAddress, blob?.byteLength ?? 0);
      if (blob) wasm._ui_free(blobAddress);
      wasm._ui_free(jsonAddress);
    },
    state() {
      if (wasm._ui_pending()) return read ? { ...known } : null;
      read = true;
      for (let index = 0; index < sections; index += 1) if (changed & (1 << index)) Object.assign(known, readSection(index));
      changed = 0;
      return { ...known };
    },
  };
}

/** @param {ArrayBuffer|ArrayBufferView} buffer */
function bytesOf(buffer) {
  return buffer instanceof ArrayBuffer ? new Uint8Array(buffer)
    : new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
