// Finds and fetches models: models/index.json, then models/<id>/manifest.json and the file that its network comes in.
//
// Only presence and size are judged here; hashes, shapes and everything else in a manifest are the engine's to check.
import { download } from '../shared/download.js';
import { failure } from '../shared/errors.js';

/** The file of the network, by the manifest's architecture.family; most come as weights. @type {Record<string, string>} */
const kNetworkFiles = { onnx: 'model.onnx' };
const kWeights = 'weights.safetensors';
const decoder = new TextDecoder();

/**
 * @typedef {{default: string, models: {id: string, name: string, bytes: number}[]}} ModelIndex
 * @typedef {{id: string, manifest: Uint8Array, network: Uint8Array}} ModelFiles
 *
 * @param {URL} base the folder `models/`
 * @param {{signal?: AbortSignal, read?: typeof download}} [options] `read` replaces download() outside a browser
 * @returns {Promise<ModelIndex>}
 */
export async function fetchModelIndex(base, { signal, read = download } = {}) {
  const what = 'The list of models (models/index.json)';
  const index = parse(await read(new URL('index.json', base), { what, signal }), what, 'model-index-invalid');
  if (typeof index?.default !== 'string' || !Array.isArray(index.models)) {
    throw failure('model-index-invalid', `${what} lacks "default" or "models".`, 'Build the site again.');
  }
  return index;
}

/**
 * @param {string|null} id null for the default model
 * @param {{base: URL, onProgress?: import('../shared/download.js').ByteProgress, signal?: AbortSignal,
 *   read?: typeof download}} options
 * @returns {Promise<ModelFiles>}
 */
export async function fetchModel(id, { base, onProgress, signal, read = download }) {
  const index = await fetchModelIndex(base, { signal, read });
  const chosen = id ?? index.default;
  if (!index.models.some((model) => model.id === chosen)) {
    const known = index.models.map((model) => model.id).join(', ') || 'none';
    throw failure('model-unknown', `There is no model "${chosen}" on this site.`, `Models here: ${known}.`);
  }
  return fetchModelFolder(chosen, new URL(`${encodeURIComponent(chosen)}/`, base), { onProgress, signal, read });
}

/**
 * A model by its folder, whether a list names it or not.
 * @param {string} chosen what messages call it
 * @param {URL} folder
 * @param {{onProgress?: import('../shared/download.js').ByteProgress, signal?: AbortSignal, read?: typeof download}} options
 * @returns {Promise<ModelFiles>}
 */
export async function fetchModelFolder(chosen, folder, { onProgress, signal, read = download }) {
  const what = `The manifest of model ${chosen}`;
  const manifest = await read(new URL('manifest.json', folder), { what, signal });
  const { files, architecture } = parse(manifest, what, 'manifest-invalid') ?? {};
  const file = kNetworkFiles[architecture?.family] ?? kWeights;
  if (!files?.[file]) {
    throw failure('manifest-invalid', `${what} does not name ${file}.`, 'Copy the model folder again.');
  }
  const network = await read(new URL(file, folder), {
    what: `The weights of model ${chosen} (${file})`,
    expectedBytes: Number(files[file].bytes) || 0,
    onProgress,
    signal,
  });
  return { id: chosen, manifest, network };
}

/**
 * @param {Uint8Array} bytes @param {string} what @param {string} code @returns {any} what it holds, which nobody has looked at yet
 */
function parse(bytes, what, code) {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    throw failure(code, `${what} is not JSON.`, 'The server may have answered with another page; copy the site again.');
  }
}
