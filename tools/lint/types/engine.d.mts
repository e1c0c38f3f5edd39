// The engine's WebAssembly module as Emscripten makes it of src/platform/web/engine_main.cpp: what web/worker/engine.js uses of it.

export interface EngineModule {
  /** All of its memory; another array after each growth. */
  readonly HEAPU8: Uint8Array<ArrayBuffer>;
  /** Room for one input of so many bytes: its address. */
  _chestlight_input(bytes: number): number;
  /** Works on the inputs. How many outputs there are. */
  _chestlight_call(): number;
  _chestlight_output(index: number): number;
  _chestlight_output_size(index: number): number;
  _chestlight_release(): void;
}

export interface ModuleOptions {
  locateFile?: (file: string) => string;
  print?: (text: string) => void;
  printErr?: (text: string) => void;
}

export type EngineFactory = (options: ModuleOptions) => Promise<EngineModule>;

declare const factory: EngineFactory;
export default factory;
