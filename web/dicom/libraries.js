// The libraries DICOM files need, each loaded when the first file needs it. tools/site/dicom.mjs puts them into the
// site's folder vendor/dicom, as ES modules with their WebAssembly beside them.
//
// In the page's worker and in Node alike: `base` is the folder's address, `read` fetches a file of it.
import { failure } from '../shared/errors.js';

/** Codec → its module and its binary. @typedef {keyof typeof kCodecFiles} CodecName */
export const kCodecFiles = {
  openjpeg: { module: 'openjpegwasm_decode.mjs', binary: 'openjpegwasm_decode.wasm' },
  openjph: { module: 'openjphjs.mjs', binary: 'openjphjs.wasm' },
  charls: { module: 'charlswasm_decode.mjs', binary: 'charlswasm_decode.wasm' },
  libjpeg: { module: 'libjpegturbowasm_decode.mjs', binary: 'libjpegturbowasm_decode.wasm' },
};

/** Memory beyond this is given back after a picture that needed it, bytes. */
const kMostKept = 256 * 1024 * 1024;

/**
 * @typedef {object} WasmDecoder what is used of a codec's class
 * @property {(bytes: number) => Uint8Array} getEncodedBuffer room for the code stream in its memory
 * @property {() => void} decode
 * @property {() => {width: number, height: number, bitsPerSample: number, componentCount: number}} getFrameInfo
 * @property {() => Uint8Array} getDecodedBuffer in its memory
 * @property {() => number} getInterleaveMode CharLS only
 * @property {() => void} delete
 *
 * @typedef {Record<string, new () => WasmDecoder>} CodecLibrary its classes by name
 * @typedef {(options: {print: (text: string) => void, printErr: (text: string) => void, instantiateWasm: (imports: WebAssembly.Imports,
 *   done: (instance: WebAssembly.Instance) => object) => object}) => Promise<CodecLibrary>} StartLibrary
 *
 * @typedef {(bytes: Uint8Array, most: number, how?: {exact?: boolean, start?: boolean}) => Uint8Array} InflateBytes
 * @typedef {() => Promise<InflateBytes>} Inflater
 *
 * @typedef {object} Codec
 * @property {CodecLibrary} library its module instance
 * @property {string[]} messages what it said since it was last set back
 * @property {() => void} rewind sets its memory back to what it was before its first picture: to be called before each
 */
export class DicomLibraries {
  #base;
  #read;
  /** @type {Map<CodecName, Promise<Codec>>} */
  #codecs = new Map();
  /** Compiled. @type {Map<CodecName, WebAssembly.Module>} */
  #modules = new Map();

  /** @param {{base: URL, read: typeof import('../shared/download.js').download}} options */
  constructor({ base, read }) {
    this.#base = base;
    this.#read = read;
  }

  /**
   * Raw deflate, stopped beyond `most` bytes. `exact`: it will be `most` bytes or an error of the caller's; `start`: the first
   * of them are enough, and the compressed bytes may end early.
   * @type {Inflater}
   */
  async inflater() {
    const { Inflate } = await this.#import('fflate.mjs');
    return (bytes, most, how = {}) => inflate(Inflate, bytes, most, how);
  }

  /** @param {CodecName} name @returns {Promise<Codec>} */
  codec(name) {
    const started = this.#codecs.get(name) ?? this.#startCodec(name);
    this.#codecs.set(name, started);
    return started;
  }

  /** After a failure: the next picture gets a fresh instance with memory of its own. @param {CodecName} name */
  discard(name) {
    this.#codecs.delete(name);
  }

  /** @param {CodecName} name @returns {Promise<Codec>} */
  async #startCodec(name) {
    const { module, binary } = kCodecFiles[name];
    try {
      const start = (await this.#import(module)).default;
      const compiled = this.#modules.get(name)
        ?? await WebAssembly.compile(await this.#read(new URL(binary, this.#base), { what: 'A decoder for DICOM' }));
      this.#modules.set(name, compiled);
      return await startCodec(start, compiled, () => this.discard(name));
    } catch (error) {
      this.#codecs.delete(name);
      throw error;
    }
  }

  /** @param {string} file of the folder */
  async #import(file) {
    try {
      return await import(new URL(file, this.#base).href);
    } catch {
      throw failure('download-failed', 'A part of this program that the file needs could not be loaded.',
        'Check the connection and drop the file again; if it stays, the site was copied incompletely.');
    }
  }
}

/** @param {StartLibrary} start @param {WebAssembly.Module} compiled @param {() => void} discard @returns {Promise<Codec>} */
async function startCodec(start, compiled, discard) {
  /** @type {string[]} */
  const messages = [];
  /** @param {string} text */
  const say = (text) => messages.push(text);
  /** @type {WebAssembly.Memory[]} */
  const memories = [];
  const library = await start({
    print: say,
    printErr: say,
    instantiateWasm(imports, done) {
      const instance = new WebAssembly.Instance(compiled, imports);
      memories.push(...Object.values(instance.exports).filter((value) => value instanceof WebAssembly.Memory));
      return done(instance);
    },
  });
  const [memory] = memories;
  const words = new Uint32Array(memory.buffer);
  let last = words.length - 1;
  while (last >= 0 && words[last] === 0) last -= 1;
  const used = new Uint8Array(memory.buffer.slice(0, 4 * (last + 1)));
  const rewind = () => {
    messages.length = 0;
    const bytes = new Uint8Array(memory.buffer);
    bytes.fill(0);
    bytes.set(used);
    if (bytes.length > kMostKept) discard();
  };
  return { library, messages, rewind };
}

/** Compressed bytes at a time: what they may become beyond what was allowed, 16 MB at most (zip.js, kMostInflation), is refused then. */
const kInflateStep = 1 << 14;

/**
 * @param {typeof import('fflate').Inflate} Inflate
 * @param {Uint8Array} bytes
 * @param {number} most bytes that may come out: no more than a step beyond them is ever made
 * @param {{exact?: boolean, start?: boolean}} how exact: as many as `most` are expected; start: only the first ones are wanted
 */
export function inflate(Inflate, bytes, most, { exact = false, start = false }) {
  const whole = exact || start ? new Uint8Array(most) : null;  // so that the parts are not kept beside it
  /** @type {Uint8Array[]} */
  const parts = [];
  let total = 0;
  const stream = new Inflate((part) => {
    if (whole) whole.set(part.subarray(0, Math.max(0, most - total)), Math.min(total, most));
    else parts.push(part);
    total += part.length;
  });
  for (let at = 0; at < bytes.length && total <= most; at += kInflateStep) {
    const isLast = at + kInflateStep >= bytes.length;
    stream.push(bytes.subarray(at, at + kInflateStep), isLast && !start);
  }
  if (whole && start) return whole.subarray(0, Math.min(total, most));
  if (total > most) throw new RangeError('expands too far');
  if (whole) return whole.subarray(0, total);
  const out = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
