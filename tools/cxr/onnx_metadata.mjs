// Adds texts to an ONNX file: metadata_props of the model, field 14 of ModelProto in onnx.proto3. A repeated field may be
// appended to a serialised message, so nothing of the file has to be read.

const kMetadataProps = 14;
const kKey = 1;
const kValue = 2;
const kLengthDelimited = 2;

/** @param {number} number */
function varint(number) {
  const bytes = [];
  for (; number > 127; number = Math.floor(number / 128)) bytes.push((number % 128) | 128);
  return Buffer.from([...bytes, number]);
}

/** @param {number} number @param {Uint8Array} body */
function field(number, body) {
  return Buffer.concat([varint(number * 8 + kLengthDelimited), varint(body.length), body]);
}

/** @param {Uint8Array} onnx @param {Object<string, string>} entries @returns {Buffer} */
export function withMetadata(onnx, entries) {
  const props = Object.entries(entries).map(([key, value]) => (
    field(kMetadataProps, Buffer.concat([field(kKey, Buffer.from(key)), field(kValue, Buffer.from(value))]))));
  return Buffer.concat([onnx, ...props]);
}
