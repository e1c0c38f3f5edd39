// The messages between the page and the engine worker, as types only: nothing here runs.
//
// One postMessage carries `{message, buffer}`: `message` is plain JSON, `buffer` an ArrayBuffer that is transferred, or absent. Nearly
// all of them are messages of the contract (src/contract/messages.h, from which contract.d.ts is made); the page hands them on as they
// are. Here stand those that never reach the screen. `id` is the page's number of a film; the engine's own film numbers never leave
// the worker.

/**
 * @typedef {import('./contract.js').Written<import('./contract.js').Failure>} ErrorValue
 * @typedef {import('./contract.js').Backend} Backend
 *
 * @typedef {(
 *   import('./contract.js').EngineRequest |
 *   {type: 'start', backend: 'auto'|'webgpu'|'wasm', model: string|null} |
 *   {type: 'open', id: number, name: string, file?: Blob, source?: import('../worker/sources.js').Source, isFilm?: boolean, room?: number,
 *     synthetic?: boolean} |
 *   {type: 'open-members', id: number, ids: number[], table_ids?: number[]} |
 *   {type: 'open-labels', id: number, name: string, file: Blob} |
 *   {type: 'load-anatomy'} |
 *   {type: 'import-model', name: string, files: import('./model_files.js').Named[]} |
 *   {type: 'are-you-there'}
 * )} ToWorker
 *
 * `open` brings a file, or a source. That of an archive is answered with `unpacked`, and that with `open-members`: the numbers of its first
 * members and of its tables of labels, in the order given.
 * `room` says how many members are wanted at most. `load-anatomy` loads the anatomy network before any findings are known.
 *
 * @typedef {(
 *   import('./contract.js').Event |
 *   {type: 'unpacked', id: number, members: {name: string, bytes: number}[], tables?: {name: string, bytes: number}[],
 *     more: number,
 *     ignored_files: import('./ignored_files.js').IgnoredFiles} |
 *   {type: 'resources', addresses: string[]} |
 *   {type: 'here'}
 * )} FromWorker
 */

export {};
