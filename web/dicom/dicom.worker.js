// The thread in which DICOM files are decoded, a child of the engine's (dicom/decoder.js). It counts what it sends, too.
import { answer } from './decoder_thread.js';
import { DicomLibraries } from './libraries.js';
import { download } from '../shared/download.js';
import { meterNetwork } from '../shared/privacy.js';

const libraries = new DicomLibraries({ base: new URL('../vendor/dicom/', import.meta.url), read: download });
const thread = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

/**
 * @typedef {{type: 'network-counted'} & import('../shared/privacy.js').Counts} NetworkCounted
 * @param {import('./decoder.js').FromDecoder|NetworkCounted} message
 * @param {ArrayBuffer[]} transfer
 */
const post = (message, transfer) => thread.postMessage(message, transfer);

meterNetwork(globalThis, (counts) => post({ type: 'network-counted', ...counts }, []));
/** @param {MessageEvent<import('./decoder.js').ToDecoder>} event */
thread.onmessage = ({ data }) => answer(data, libraries, post);
