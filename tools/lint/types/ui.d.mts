// The interface's WebAssembly module as Emscripten makes it of src/platform/web/ui_main.cpp: what web/page/ui.js uses of it.
import type { ModuleOptions } from './engine.mjs';

export interface UiModule {
  /** All of its memory; another array after each growth. */
  readonly HEAPU8: Uint8Array<ArrayBuffer>;
  _ui_alloc(bytes: number): number;
  _ui_free(address: number): void;
  /** Of the canvas by the selector at that address. 0: there is no WebGL 2. */
  _ui_start(selector: number): number;
  _ui_sections(): number;
  /** The address of a section's JSON; its length is written to the other address. */
  _ui_section(index: number, length: number): number;
  _ui_message(json: number, jsonBytes: number, blob: number, blobBytes: number): void;
  /** Other than 0: the state has not been drawn yet. */
  _ui_pending(): number;
}

export interface UiOptions extends ModuleOptions {
  canvas: Element | null;
  host: {
    /** A ScreenRequest or EngineRequest of the contract. */
    send: (json: string) => void;
    /** Sections that changed, a bit for each. */
    changed: (sections: number) => void;
  };
}

declare const factory: (options: UiOptions) => Promise<UiModule>;
export default factory;
