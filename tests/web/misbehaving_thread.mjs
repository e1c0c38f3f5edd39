// A decoder's thread for tests: what it does is the first byte of the file.
import { parentPort } from 'node:worker_threads';

const kBehaviours = {
  h: () => { for (;;); },
  e: () => { throw new Error('a fault nobody caught'); },
  x: () => process.exit(0),
  f: () => parentPort.postMessage({ type: 'engine-failed', error: { code: 'corrupt', message: 'Damaged.', hint: 'Copy it.' } }),
  l: (bytes) => { decoded(bytes); setTimeout(() => process.exit(0), 50); },
  // Waits, but answers: a library that loads slowly.
  w: (bytes) => setTimeout(() => decoded(bytes), 4000),
};

function decoded(bytes) {
  const values = Int32Array.from(bytes);
  parentPort.postMessage({ type: 'decoded', image: { width: bytes.length }, values }, [values.buffer]);
}

parentPort.on('message', ({ type, bytes }) => {
  if (type === 'ping') return parentPort.postMessage({ type: 'pong' });
  return (kBehaviours[String.fromCharCode(bytes[0])] ?? decoded)(bytes);
});
