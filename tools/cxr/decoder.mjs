// The watched decoder of DICOM files, in Node.
import { Worker } from 'node:worker_threads';
import { WatchedDecoder } from '../../web/dicom/decoder.js';

/**
 * @param {URL} base the folder vendor/dicom of a built page
 * @param {{thread?: URL, silence?: number, askEvery?: number}} [options]
 */
export function createDecoder(base, { thread = new URL('dicom_thread.mjs', import.meta.url), ...limits } = {}) {
  return new WatchedDecoder({
    ...limits,
    start(receive, crash) {
      const worker = new Worker(thread, { workerData: { base: base.href } });
      worker.on('message', receive);
      for (const event of ['error', 'exit']) worker.on(event, () => crash());
      worker.unref(); // the watch keeps the process while a file is decoded
      return { post: (message, transfer) => worker.postMessage(message, transfer), end: () => { worker.terminate(); } };
    },
  });
}
