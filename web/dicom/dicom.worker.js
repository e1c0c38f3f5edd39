// The thread in which DICOM files are decoded, a child of the engine's (dicom/decoder.js). It counts what it sends, too.
import { answer } from './decoder_thread.js';
import { DicomLibraries } from './libraries.js';
import { download } from '../shared/download.js';
import { meterNetwork } from '../shared/privacy.js';

const libraries = new DicomLibraries({ base: new URL('../vendor/dicom/', import.meta.url), read: download });
const post = (message, transfer) => globalThis.postMessage(message, transfer);

meterNetwork(globalThis, (counts) => post({ type: 'network-counted', ...counts }, []));
globalThis.onmessage = ({ data }) => answer(data, libraries, post);
