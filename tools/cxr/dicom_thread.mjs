// The thread in which DICOM files are decoded in Node; started by decoder.mjs.
import { parentPort, workerData } from 'node:worker_threads';
import { answer } from '../../web/dicom/decoder_thread.js';
import { DicomLibraries } from '../../web/dicom/libraries.js';
import { readLocal } from './local_files.mjs';

const libraries = new DicomLibraries({ base: new URL(workerData.base), read: readLocal });
parentPort?.on('message', (message) => answer(message, libraries, (reply, transfer) => parentPort?.postMessage(reply, transfer)));
