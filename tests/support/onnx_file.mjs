// A small ONNX classifier of films with names of its own, as an exporter writes it: convolution, rectifier, pooling, linear layer,
// sigmoid. Numbers are made up, the same every time. The file is written field by field (onnx.proto).

const varint = (value) => {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest);
  return Buffer.from(bytes);
};
const integer = (field, value) => Buffer.concat([varint(field * 8), varint(value)]);
const bytes = (field, value) => Buffer.concat([varint(field * 8 + 2), varint(value.length), value]);
const text = (field, value) => bytes(field, Buffer.from(value));
const message = (field, ...parts) => bytes(field, Buffer.concat(parts));

const node = (type, inputs, output, ...attributes) => message(1, ...inputs.map((name) => text(1, name)), text(2, output), text(4, type), ...attributes);
const numbers = (name, values) => message(5, text(1, name), ...values.map((value) => integer(8, value)), integer(20, 7));
const number = (name, value) => message(5, text(1, name), integer(3, value), integer(20, 2));

function tensor(name, shape, seed) {
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, index) => Math.sin(seed + 1.7 * index) * 0.6);
  return message(5, ...shape.map((extent) => integer(1, extent)), integer(2, 1), text(8, name), bytes(9, Buffer.from(values.buffer)));
}

const value = (field, name, extents) => message(field, text(1, name), message(2, message(1, integer(1, 1),
  message(2, ...extents.map((extent) => message(1, extent < 0 ? text(2, 'n') : integer(1, extent)))))));

/**
 * @param {{pooling?: string, classes?: number, side?: number}} [options] `pooling`: "GlobalAveragePool", or another operator, with which
 *   there are scores alone
 * @returns {Buffer}
 */
export function onnxFile({ pooling = 'GlobalAveragePool', classes = 2, side = 64 } = {}) {
  const graph = Buffer.concat([
    node('Conv', ['images', 'stem.w', 'stem.b'], 'a', numbers('kernel_shape', [3, 3]), numbers('strides', [4, 4]), numbers('pads', [1, 1, 1, 1])),
    node('Relu', ['a'], 'maps'), node(pooling, ['maps'], 'p'), node('Flatten', ['p'], 'flat'),
    node('Gemm', ['flat', 'fc.w', 'fc.b'], 'raw', number('transB', 1)), node('Sigmoid', ['raw'], 'scores'),
    text(2, 'net'), tensor('stem.w', [8, 3, 3, 3], 1), tensor('stem.b', [8], 2), tensor('fc.w', [classes, 8], 3), tensor('fc.b', [classes], 4),
    value(11, 'images', [-1, 3, side, side]), value(12, 'scores', [-1, classes]),
  ]);
  return Buffer.concat([integer(1, 8), text(2, 'test'), message(7, graph), message(8, text(1, ''), integer(2, 13))]);
}
