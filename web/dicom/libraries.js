// The libraries DICOM files need, each loaded when the first file needs it. tools/site/dicom.mjs puts them into the
// site's folder vendor/dicom, as ES modules with their WebAssembly beside them.
//
// In the page's worker and in Node alike: `base` is the folder's address, `read` fetches a file of it.
import { failure } from '../shared/errors.js';

/** Codec → its module and, for those in WebAssembly, its binary. */
export const kCodecFiles = {
  openjpeg: { module: 'openjpegwasm_decode.mjs', binary: 'openjpegwasm_decode.wasm' },
  openjph: { module: 'openjphjs.mjs', binary: 'openjphjs.wasm' },
  charls: { module: 'charlswasm_decode.mjs', binary: 'charlswasm_decode.wasm' },
  libjpeg: { module: 'libjpegturbowasm_decode.mjs', binary: 'libjpegturbowasm_decode.wasm' },
  lossless: { module: 'jpeg_lossless.mjs' },
};

export class DicomLibraries {
  #base;
  #read;
  #codecs = new Map();
  #binaries = new Map();

  /** @param {{base: URL, read: typeof import('../shared/download.js').download}} options */
  constructor({ base, read }) {
    this.#base = base;
    this.#read = read;
  }

  async parser() {
    return (await this.#import('dicom_parser.mjs')).default;
  }

  /** @returns {Promise<(bytes: Uint8Array, most: number) => Uint8Array>} raw deflate, stopped beyond `most` bytes */
  async inflater() {
    const { Inflate } = await this.#import('fflate.mjs');
    return (bytes, most) => inflate(Inflate, bytes, most);
  }

  /** A codec's module instance, or its class for the one in JavaScript. */
  codec(name) {
    if (!this.#codecs.has(name)) this.#codecs.set(name, this.#startCodec(name));
    return this.#codecs.get(name);
  }

  /** After a failure: the next picture gets a fresh instance with memory of its own. */
  discard(name) {
    this.#codecs.delete(name);
  }

  async #startCodec(name) {
    const { module, binary } = kCodecFiles[name];
    try {
      const library = await this.#import(module);
      if (!binary) return library.Decoder;
      if (!this.#binaries.has(name)) this.#binaries.set(name, await this.#read(new URL(binary, this.#base), { what: 'A decoder for DICOM' }));
      return await library.default({ wasmBinary: this.#binaries.get(name), print() {}, printErr() {} });
    } catch (error) {
      this.#codecs.delete(name);
      throw error;
    }
  }

  async #import(file) {
    try {
      return await import(new URL(file, this.#base).href);
    } catch {
      throw failure('download-failed', 'A part of this program that the file needs could not be loaded.',
        'Check the connection and drop the file again; if it stays, the site was copied incompletely.');
    }
  }
}

const kInflateStep = 1 << 16;

function inflate(Inflate, bytes, most) {
  const parts = [];
  let total = 0;
  const stream = new Inflate((part) => {
    parts.push(part);
    total += part.length;
  });
  for (let at = 0; at < bytes.length && total <= most; at += kInflateStep) {
    stream.push(bytes.subarray(at, at + kInflateStep), at + kInflateStep >= bytes.length);
  }
  if (total > most) throw new RangeError('expands too far');
  const out = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
