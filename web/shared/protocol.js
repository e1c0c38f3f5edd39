// The messages between the page and the engine worker, as types only: nothing here runs.
//
// One postMessage carries `{message, buffer}`: `message` is plain JSON, `buffer` an ArrayBuffer that is transferred,
// or absent. The page hands both to the user interface nearly verbatim. `id` is the page's number of a film, counted
// up from 1 and never used twice; the engine's own film numbers never leave the worker.

/**
 * @typedef {{id: number, finding: string, method: string, layer?: string,
 *   correction?: object, anyway?: boolean, operating_point?: string}} Question what is to be explained, and how
 *
 * @typedef {{code: string, message: string, hint: string}} ErrorValue what was found and what to do about it
 *
 * @typedef {(
 *   {type: 'start', backend: 'auto'|'webgpu'|'wasm', model: string|null} |
 *   {type: 'open', id: number, name: string, file: Blob, room?: number} |
 *   {type: 'reopen-film', id: number} |
 *   {type: 'open-members', id: number, ids: number[]} |
 *   {type: 'pixels', id: number} |
 *   {type: 'analyse', id: number, correction?: object, anyway?: boolean, operating_point?: string} |
 *   {type: 'model-input', id: number, correction?: object} |
 *   {type: 'identifiers', id: number} |
 *   {type: 'cancel-analysis', id: number} |
 *   {type: 'close-film', id: number} |
 *   {type: 'open-frame', id: number, frame: number, chosen: boolean} |
 *   {type: 'load-model', model: string} |
 *   {type: 'cancel-loading'} |
 *   ({type: 'explain'|'trust', request: number} & Question) |
 *   ({type: 'export-map', look?: object} & Question) |
 *   {type: 'cancel-explanation', request: number} |
 *   {type: 'export-findings', format: 'json'|'csv', ids?: number[], identifiers?: boolean}
 * )} ToWorker
 *
 * `frame` shows another frame of a film, counted from 1; chosen: it is the one to analyse. `film` answers it.
 * `cancel` ends an analysis, waiting or running; the film stays. `pixels` also says which film is looked at: it goes
 * first in the queue from then on. `correction` is src/imaging/correction_json.h's; asking for an analysis again replaces the
 * one that waits or runs. `load-model` without a name loads the model asked for last once more.
 * `cancel-loading` ends its downloads and is answered by `failed` with the code "cancelled", or, when another model is
 * in use, by `notice` and `ready`; analyses wait meanwhile.
 * `explain` computes a map by one of the engine's methods, `trust` checks one, `export-map` offers one as files, its picture as `look`
 * says (src/render/picture_look_json.h);
 * `request` is the page's own number of the work, in every answer about it.
 *
 * `reopen` reads the file of a film that failed once more. `film-failed` says what `kind` of file it is ("PDF"), as far as
 * its bytes tell; `retry` is false where there is nothing to read again.
 *
 * `open` of an archive is answered with `unpacked`, and that with `open-members`: the numbers of its first members, in the
 * order given. `room` says how many members are wanted at most.
 *
 * @typedef {{name: 'webgpu-fp16'|'webgpu'|'wasm-threads'|'wasm', detail: string, fallbacks: string[]}} Backend
 *
 * @typedef {(
 *   {type: 'loading-progressed', what: 'runtime'|'model'|'warm-up'|'reverse', done: number, total: number} |
 *   {type: 'engine-ready', backend: Backend, model: object, methods: object[]} |
 *   {type: 'engine-failed', error: ErrorValue} |
 *   {type: 'noticed', text: string} |
 *   {type: 'backend-changed', backend: Backend} |
 *   {type: 'film-opened', id: number, film: object, thumbnail: {width: number, height: number}} |
 *   {type: 'unpacked', id: number, members: {name: string, bytes: number}[], more: number,
 *     ignored_files: import('./ignored_files.js').IgnoredFiles} |
 *   {type: 'film-failed', id: number, name: string, error: ErrorValue, kind?: string, retry?: boolean} |
 *   {type: 'pixels', id: number, width: number, height: number, full_scale: number, tables: object[]} |
 *   {type: 'model-input', id: number, input: object} |
 *   {type: 'identifiers', id: number, identifiers: {label: string, value: string}[]} |
 *   {type: 'analysis-progressed', id: number, done: number, total: number} |
 *   {type: 'analysis-arrived', id: number, analysis: object,
 *     milliseconds: {decode: number, prepare: number, run: number, explain: number}} |
 *   {type: 'analysis-failed', id: number, error: ErrorValue} |
 *   {type: 'analysis-cancelled', id: number} |
 *   {type: 'explanation-progressed', request: number, done: number, total: number, loading_graph?: boolean} |
 *   {type: 'explanation-arrived', request: number, explanation: object} |
 *   {type: 'trust', request: number, trust: object} |
 *   {type: 'explanation-failed', request: number, error: ErrorValue} |
 *   {type: 'explanation-cancelled', request: number} |
 *   {type: 'exported', name: string, mime: string} |
 *   {type: 'resources', addresses: string[]} |
 *   {type: 'network-counted', bytes_sent: number, foreign_requests: number}
 * )} FromWorker
 *
 * Buffers: `film` the thumbnail as uint8 grey, `pixels` uint16, its display tables behind it, `model-input` uint8
 * grey, `analysis` float32 maps of all findings in the manifest's order, `explanation` a float32 map, `exported` the file. `loading` counts bytes, except for `warm-up`, which counts steps, and
 * `reverse`, the graph of gradients: made ready (0, then 1 of 1) when a job first needs it, long after `ready`.
 */

export {};
