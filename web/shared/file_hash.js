// SHA-256 of a file, by which a result can be traced to the very film it was made from.

/**
 * The browser's own, which is fast; the engine's where a page from plain http has none.
 * @param {Uint8Array} bytes read before this returns
 * @param {{call: Function}} engine
 * @returns {Promise<string>} 64 lower-case hexadecimal digits
 */
export async function sha256Of(bytes, engine) {
  const { subtle } = globalThis.crypto ?? {};
  if (!subtle) return engine.call('sha256', {}, [bytes]).value.sha256;
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {any} examples as examples/index.json of the site has them @returns {Set<string>} */
export const hashesOf = (examples) => new Set((examples?.films ?? examples ?? []).map(({ sha256 }) => sha256));
