// Who may include whom: the one table behind the layering lint. Bottom to top; what a layer may include, its own files apart.
//
// A layer that is allowed another one is allowed what that one stands on, too. `libraries` are third-party headers by their
// first word; the standard library is everybody's, except for the headers named in kOutsideWorld below.

export const kLayers = {
  base: { includes: [], libraries: ['nlohmann'] },
  contract: { includes: ['base'], libraries: [] },
  imaging: { includes: ['base', 'contract'], libraries: ['stb'] },
  model: { includes: ['base'], libraries: [] },
  render: { includes: ['base', 'contract', 'imaging'], libraries: ['stb'] },
  anatomy: { includes: ['base', 'imaging'], libraries: [] },
  findings: { includes: ['base', 'imaging'], libraries: [] },
  explain: { includes: ['base', 'imaging', 'render', 'findings'], libraries: [] },
  study: { includes: ['base', 'contract', 'findings'], libraries: [] },
  metrics: { includes: ['base', 'study'], libraries: [] },
  engine: { includes: ['study', 'metrics', 'imaging', 'model', 'findings', 'anatomy', 'render', 'explain'], libraries: [] },
  viewer: { includes: ['base', 'imaging', 'render', 'findings'], libraries: [] },
  ui: { includes: ['viewer'], libraries: ['imgui'] },
  // Where the program meets a browser or a test bench.
  platform: { includes: ['engine', 'ui'], libraries: ['imgui', 'emscripten', 'GLES3', 'EGL', 'backends'], outside: true },
};

/** Standard headers that reach a clock, a file, the console or another thread: for `outside` layers only. */
export const kOutsideWorld = ['chrono', 'ctime', 'cstdio', 'filesystem', 'fstream', 'iostream', 'mutex', 'thread', 'future'];

/** @returns {Set<string>} every layer that `layer` may include, itself among them */
export function reach(layer, layers = kLayers) {
  const found = new Set([layer]);
  const waiting = [...(layers[layer]?.includes ?? [])];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (found.has(next)) continue;
    found.add(next);
    waiting.push(...(layers[next]?.includes ?? []));
  }
  return found;
}
