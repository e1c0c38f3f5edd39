// The engine, as seen from JavaScript: one function, call(method, args, blobs).
//
// It is used by the page's worker and by the command line in Node; it knows no DOM, no ONNX Runtime and no files. The
// methods and their JSON are listed in src/engine/protocol.h.

/** What the engine answers instead of a value: a stable code, what was found, what to do. */
export class EngineError extends Error {
  /** @param {{code: string, message: string, hint: string}} error */
  constructor({ code, message, hint }) {
    super(message);
    this.name = 'EngineError';
    this.code = code;
    this.hint = hint;
  }

  /** @returns {import('../shared/protocol.js').ErrorValue} */
  toJSON() {
    return { code: this.code, message: this.message, hint: this.hint };
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Starts one engine.
 * @param {import('../engine.mjs').EngineFactory} factory the default export of engine.mjs
 * @param {import('../engine.mjs').ModuleOptions} [options]
 * @returns {Promise<Engine>}
 *
 * @typedef {import('./engine_methods.js').PieceCaller & {readonly memoryBytes: number}} Engine
 */
export async function createEngine(factory, options = {}) {
  const wasm = await factory({ print() {}, printErr() {}, ...options });

  /** Copies `bytes` into a fresh input buffer of the engine. @param {Uint8Array} bytes */
  function give(bytes) {
    const address = wasm._chestlight_input(bytes.byteLength);
    wasm.HEAPU8.set(bytes, address);
  }

  /** @param {string} method @param {object} args */
  const giveRequest = (method, args) => give(encoder.encode(JSON.stringify({ method, args })));

  /** Copies output `index` out of the engine, so that the caller may transfer its buffer. @param {number} index */
  function take(index) {
    const address = wasm._chestlight_output(index);
    return wasm.HEAPU8.slice(address, address + wasm._chestlight_output_size(index));
  }

  /** @returns {{value: any, blobs: Uint8Array<ArrayBuffer>[]}} of the type that the method says */
  function finish() {
    const count = wasm._chestlight_call();
    const reply = JSON.parse(decoder.decode(take(0)));
    const outputs = [];
    for (let index = 1; index < count; index += 1) outputs.push(take(index));
    wasm._chestlight_release();
    if (!reply.ok) throw new EngineError(reply.error);
    return { value: reply.value, blobs: outputs };
  }

  return {
    /**
     * Its types are those of engine_methods.d.ts: `blobs` are copied into the engine, those that come back own their buffers.
     * @throws {EngineError} what the engine found wrong; WebAssembly.RuntimeError if it trapped, after which this
     *   engine must be thrown away
     */
    call(method, args = {}, blobs = []) {
      giveRequest(method, args);
      for (const blob of blobs) give(new Uint8Array(blob.buffer, blob.byteOffset, blob.byteLength));
      return finish();
    },

    /**
     * A call whose blobs are too large to be held by JavaScript: they are written into the engine's memory piece by piece. Until it is
     * finished nothing else may be called.
     */
    begin(method, args = {}) {
      giveRequest(method, args);
      return {
        give,
        input(bytes) {
          const address = wasm._chestlight_input(bytes);
          return { write: (offset, piece) => wasm.HEAPU8.set(piece, address + offset) };
        },
        finish,
      };
    },

    /** Bytes of WebAssembly memory, which never shrinks: what a leak would make grow. */
    get memoryBytes() {
      return wasm.HEAPU8.byteLength;
    },
  };
}
