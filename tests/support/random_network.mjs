// The random networks of random_network.h, made in JavaScript: numbers by the same formula, and a whole model as files. They
// know nothing of chests; they are made in memory and never written.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Of each network by name: {family, mixed_signs, variance, tensors, runs}; made by tests/golden/graph/make_random_networks.py. */
export const kNetworks = JSON.parse(readFileSync(new URL('../golden/graph/random_networks.json', import.meta.url), 'utf8'));

/** @returns {Float32Array} `count` numbers offset + span · u of the stream `name` */
export function randomNumbers(name, count, offset, span) {
  const mask = (1n << 64n) - 1n;
  let stream = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(name)) stream = ((stream ^ BigInt(byte)) * 0x100000001b3n) & mask;
  return Float32Array.from({ length: count }, (_, i) => {
    let state = (stream + BigInt(i) + 0x9e3779b97f4a7c15n) & mask;
    state = ((state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    state = ((state ^ (state >> 27n)) * 0x94d049bb133111ebn) & mask;
    state ^= state >> 31n;
    return offset + span * (Number(state >> 40n) / 16777216);
  });
}

const product = (extents) => extents.reduce((whole, extent) => whole * extent, 1);

function* batchNorm(prefix, channels, { mixed_signs: mixedSigns, variance }) {
  const gamma = randomNumbers(`${prefix}.weight`, channels, 0.4, 1.2);
  if (mixedSigns) gamma.forEach((value, i) => { gamma[i] = i % 16 === 7 ? 0 : i % 5 === 3 ? -value : value; });
  yield [`${prefix}.weight`, [channels], gamma];
  for (const [part, offset, span] of [['bias', -0.2, 0.6], ['running_mean', -0.2, 0.4], ['running_var', 0.5 * variance, variance]]) {
    yield [`${prefix}.${part}`, [channels], randomNumbers(`${prefix}.${part}`, channels, offset, span)];
  }
}

/** [name, shape, values] of every tensor, with so many input channels and classes. */
function* tensors(network, channels, classes) {
  for (const [index, [name, extents]] of network.tensors.entries()) {
    if (!Array.isArray(extents)) {
      yield* batchNorm(name, extents, network);
      continue;
    }
    const shape = [...extents];
    if (index === 0) shape[1] = channels;
    if (index >= network.tensors.length - 2) shape[0] = classes;  // the last linear layer
    const bound = shape.length === 1 ? 0.5 : Math.sqrt(6 / product(shape.slice(1)));
    yield [name, shape, randomNumbers(name, product(shape), -bound, 2 * bound)];
  }
}

/**
 * @param {string} name of the network
 * @param {Uint8Array} manifest of a model whose labels and operating points to borrow, and its one or three input channels
 * @param {number} side of the input, ModelPx
 * @returns {import('../../web/worker/models.js').ModelFiles}
 */
export function randomModel(name, manifest, side = 224) {
  const described = JSON.parse(new TextDecoder().decode(manifest));
  const network = kNetworks[name];
  const header = {};
  const parts = [];
  let offset = 0;
  for (const [tensor, shape, values] of tensors(network, described.input.channels, described.labels.length)) {
    header[tensor] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] };
    parts.push(Buffer.from(values.buffer));
    offset += values.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const weights = Buffer.concat([length, text, ...parts]);
  described.id = `random-${name.replaceAll('_', '-')}`;
  described.architecture = { family: network.family };
  described.input = { ...described.input, width: side, height: side };
  described.files = {
    'weights.safetensors': { sha256: createHash('sha256').update(weights).digest('hex'), bytes: weights.length },
  };
  delete described.input.detail;  // of the size its own network learnt from
  delete described.golden;
  delete described.feature_heads;
  return { id: described.id, manifest: Buffer.from(JSON.stringify(described)), network: weights };
}
