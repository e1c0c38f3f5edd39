// Finds and fetches models: models/index.json, then models/<id>/manifest.json and its weights.
//
// Only presence and size are judged here; hashes, shapes and everything else in a manifest are the engine's to check.
import { download } from './download.js';
import { failure } from './errors.js';

const kWeights = 'weights.safetensors';
const decoder = new TextDecoder();

/**
 * @typedef {{default: string, models: {id: string, name: string, bytes: number}[]}} ModelIndex
 * @typedef {{id: string, manifest: Uint8Array, weights: Uint8Array}} ModelFiles
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
 * @param {{base: URL, onProgress?: import('./download.js').ByteProgress, signal?: AbortSignal,
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
  const folder = new URL(`${encodeURIComponent(chosen)}/`, base);
  const what = `The manifest of model ${chosen}`;
  const manifest = await read(new URL('manifest.json', folder), { what, signal });
  const files = parse(manifest, what, 'manifest-invalid')?.files;
  if (!files?.[kWeights]) {
    throw failure('manifest-invalid', `${what} does not name ${kWeights}.`, 'Copy the model folder again.');
  }
  const weights = await read(new URL(kWeights, folder), {
    what: `The weights of model ${chosen} (${kWeights})`,
    expectedBytes: Number(files[kWeights].bytes) || 0,
    onProgress,
    signal,
  });
  return { id: chosen, manifest, weights };
}

function parse(bytes, what, code) {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    throw failure(code, `${what} is not JSON.`, 'The server may have answered with another page; copy the site again.');
  }
}
