// The bridge to the user interface's WebAssembly: messages in as JSON with one optional buffer, commands out as JSON.
//
// Messages given before the interface has started wait for it, in order. Pixels cross once: they are copied into
// memory that the interface allocates and frees within the call.
import createUiModule from '../ui.mjs';

/**
 * @param {string} canvas a CSS selector
 * @param {(command: object) => void} onCommand see protocol.js for the shapes
 * @returns {Promise<{message: (message: object, buffer?: ArrayBuffer|ArrayBufferView) => void}>}
 */
export async function startUi(canvas, onCommand) {
  const wasm = await createUiModule({
    canvas: document.querySelector(canvas),
    locateFile: (file) => new URL(`../${file}`, import.meta.url).href,
    host: { send: (json) => onCommand(JSON.parse(json)) },
    print() {},
    printErr() {},
  });
  const encoder = new TextEncoder();

  function give(bytes) {
    const address = wasm._ui_alloc(bytes.byteLength);
    wasm.HEAPU8.set(bytes, address);
    return address;
  }

  const selector = give(encoder.encode(`${canvas}\0`));
  wasm._ui_start(selector);
  wasm._ui_free(selector);

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
  };
}

function bytesOf(buffer) {
  return buffer instanceof ArrayBuffer ? new Uint8Array(buffer)
    : new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
