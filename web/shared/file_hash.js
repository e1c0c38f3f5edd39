// SHA-256 of a file, by which a result can be traced to the very film it was made from.

/**
 * The browser's own, which is fast; the engine's where a page from plain http has none.
 * @param {Uint8Array} bytes read before this returns
 * @param {Pick<import('../worker/engine_methods.js').Caller, 'call'>} engine
 * @returns {Promise<string>} 64 lower-case hexadecimal digits
 */
export async function sha256Of(bytes, engine) {
  const { subtle } = globalThis.crypto ?? {};
  if (!subtle) return engine.call('sha256', {}, [bytes]).value.sha256;
  const digest = new Uint8Array(await subtle.digest('SHA-256', /** @type {Uint8Array<ArrayBuffer>} */ (bytes)));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * @typedef {{sha256: string}[]} Examples
 *
 * @param {Examples|{films: Examples}|null} examples as examples/index.json of the site has them
 */
export const hashesOf = (examples) => new Set((Array.isArray(examples) ? examples : examples?.films ?? []).map(({ sha256 }) => sha256));
