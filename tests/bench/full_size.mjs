// A DenseNet-121 of random weights as model files: what the page is built to carry, for measuring our own share of the
// time beside a network of full size. It knows nothing of chests; it is made in memory and never written.
import { createHash } from 'node:crypto';

const kDenseNet121 = { growth: 32, layers: [6, 12, 24, 16], stem: 64 };

/** Names and shapes as torchvision's DenseNets, for one channel. */
function* tensors(classes, { growth, layers: blocks, stem }) {
  const bottleneck = 4 * growth;
  const norm = function* (name, channels) {
    for (const part of ['weight', 'bias', 'running_mean', 'running_var']) yield [`${name}.${part}`, [channels]];
  };
  let channels = stem;
  yield ['features.conv0.weight', [stem, 1, 7, 7]];
  yield* norm('features.norm0', stem);
  for (const [block, layers] of blocks.entries()) {
    for (let layer = 1; layer <= layers; layer += 1) {
      const name = `features.denseblock${block + 1}.denselayer${layer}`;
      yield* norm(`${name}.norm1`, channels);
      yield [`${name}.conv1.weight`, [bottleneck, channels, 1, 1]];
      yield* norm(`${name}.norm2`, bottleneck);
      yield [`${name}.conv2.weight`, [growth, bottleneck, 3, 3]];
      channels += growth;
    }
    if (block === blocks.length - 1) break;
    yield* norm(`features.transition${block + 1}.norm`, channels);
    yield [`features.transition${block + 1}.conv.weight`, [channels / 2, channels, 1, 1]];
    channels /= 2;
  }
  yield* norm('features.norm5', channels);
  yield ['classifier.weight', [classes, channels]];
  yield ['classifier.bias', [classes]];
}

/** Convolutions keep the variance of what flows through (uniform, He); batch norms do nothing. */
function fill(values, name, [, ...inputs], random) {
  if (/running_var|norm\d*\.weight/.test(name)) return values.fill(1);
  if (inputs.length === 0) return values;
  const bound = Math.sqrt(6 / inputs.reduce((product, extent) => product * extent, 1));
  for (let i = 0; i < values.length; i += 1) values[i] = bound * (2 * random() - 1);
  return values;
}

/** The same numbers on every machine (xorshift32), 0..1. */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/**
 * @param {Uint8Array} manifest of a model whose labels and operating points to borrow
 * @param {number} side of the input, ModelPx
 * @param {{growth: number, layers: number[], stem: number}} network another one than DenseNet-121
 * @returns {import('../../web/worker/models.js').ModelFiles}
 */
export function fullSizeModel(manifest, side = 224, network = kDenseNet121) {
  const described = JSON.parse(new TextDecoder().decode(manifest));
  const random = randomNumbers(121);
  const header = {};
  const parts = [];
  let offset = 0;
  for (const [name, shape] of tensors(described.labels.length, network)) {
    const values = fill(new Float32Array(shape.reduce((product, extent) => product * extent, 1)), name, shape, random);
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] };
    parts.push(Buffer.from(values.buffer));
    offset += values.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const weights = Buffer.concat([length, text, ...parts]);
  described.id = `random-densenet-${network.layers.join('-')}`;
  described.input = { ...described.input, width: side, height: side };
  described.files = {
    'weights.safetensors': { sha256: createHash('sha256').update(weights).digest('hex'), bytes: weights.length },
  };
  delete described.input.detail;  // of the size its own network learnt from
  delete described.golden;
  delete described.feature_heads;
  return { id: described.id, manifest: Buffer.from(JSON.stringify(described)), network: weights };
}
