// Every rule must be able to fail: samples that each breaks, and neighbours that it must let pass.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kLayers, reach } from './layers.mjs';
import { kLongestFile, kRules, withoutComments } from './rules.mjs';

const rule = (name) => {
  const found = kRules.find((one) => one.name.includes(name));
  assert.ok(found, `no rule "${name}"`);
  return found;
};
const later = 'TO' + 'DO';

// rule, path, text, whether it must complain
const kSamples = [
  ['layers', 'src/imaging/a.h', '#include "model/graph/graph.h"\n', true],
  ['layers', 'src/base/a.cpp', '#include "imaging/film.h"\n', true],
  ['layers', 'src/ui/a.cpp', '#include "engine/engine.h"\n', true],
  ['layers', 'src/findings/a.cpp', '#include <imgui.h>\n', true],
  ['layers', 'src/findings/a.cpp', '#include <nlohmann/json.hpp>\n', true],
  ['layers', 'src/viewer/a.cpp', '#include <chrono>\n', true],
  ['layers', 'src/model/a.cpp', '#include "../model/weights/tensor_map.h"\n', true],
  ['layers', 'src/unheard/a.cpp', '', true],
  ['layers', 'src/explain/a.cpp', '#include "base/result.h"\n#include "findings/scores.h"\n#include <vector>\n', false],
  ['layers', 'src/explain/a.cpp', '// #include "engine/engine.h"\n', false],
  ['layers', 'src/ui/a.cpp', '#include <imgui.h>\n#include <imgui_internal.h>\n#include "base/text.h"\n', false],
  ['layers', 'src/imaging/a.cpp', '#include <stb/stb_image.h>\n', false],
  ['targets link', 'src/model/CMakeLists.txt', 'chestlight_layer(model\n  SOURCES a.cpp\n  USES base explain)\n', true],
  ['targets link', 'src/render/CMakeLists.txt', 'chestlight_layer(render SOURCES a.cpp USES base imaging PRIVATE x)\n', false],
  ['Emscripten', 'src/engine/a.cpp', 'EM_JS(void, f, (), {});\n', true],
  ['Emscripten', 'src/ui/a.cpp', '#include <emscripten/html5.h>\n', true],
  ['Emscripten', 'src/viewer/a.cpp', '#ifdef __EMSCRIPTEN__\n', true],
  ['Emscripten', 'src/viewer/a.cpp', '// EM_JS is not used here\n', false],
  ['errors are values', 'src/base/a.cpp', 'throw std::runtime_error("x");\n', true],
  ['errors are values', 'src/base/a.cpp', '// does not throw\nauto a = "throw";\n', false],
  ['pragma once', 'src/base/a.h', '// A.\n#ifndef A_H\n#define A_H\n#endif\n', true],
  ['pragma once', 'src/base/a.h', '// A.\n#pragma once\n#ifndef A_H_\n#define A_H_\n#endif\n', true],
  ['pragma once', 'src/base/a.h', '// A.\n#pragma once\n', false],
  ['saying what they are', 'src/base/a.h', '#pragma once\nint a();\n', true],
  ['saying what they are', 'web/a.js', "import { b } from './b.js';\n", true],
  ['saying what they are', 'web/a.js', '// Opens things.\n', false],
  ['longer than', 'src/base/a.cpp', 'a;\n'.repeat(kLongestFile + 1), true],
  ['longer than', 'src/base/a.cpp', 'a;\n'.repeat(kLongestFile), false],
  ['left for later', 'src/base/a.cpp', `// ${later}: more\n`, true],
  ['left for later', 'src/base/a.cpp', '// a mastodon\n', false],
  ['path of a machine', 'tools/a.py', `OPEN = "/${'home'}/someone/films"\n`, true],
  ['path of a machine', 'README.md', `see ../${'shared'}/films\n`, true],
  ['path of a machine', 'web/a.js', "const a = './home/x.js';\n", false],
  ['console', 'web/a.js', 'console.log(name);\n', true],
  ['console', 'web/a.js', "console['log'](name);\n", true],
  ['console', 'web/a.js', '// console.log is not for us\n', false],
  ['security policy', 'web/a.html', '<script>start();</script>\n', true],
  ['security policy', 'web/a.html', '<script src="https://cdn.example/x.js"></script>\n', true],
  ['security policy', 'web/a.html', '<script src="//cdn.example/x.js"></script>\n', true],
  ['security policy', 'web/a.html', '<body onload="start()">\n', true],
  ['security policy', 'web/a.html', '<p style="color:red">\n', true],
  ['security policy', 'web/a.html', '<style>p{}</style>\n', true],
  ['security policy', 'web/a.css', '@import "https://fonts.example/inter.css";\n', true],
  ['security policy', 'web/a.js', "fetch('https://example.org/');\n", true],
  ['security policy', 'web/a.js', 'element.innerHTML = name;\n', true],
  ['security policy', 'web/a.js', "eval('1');\n", true],
  ['security policy', 'web/a.html', '<script type="module" src="boot.js"></script>\n', false],
  ['security policy', 'web/a.svg', '<svg xmlns="http://www.w3.org/2000/svg"></svg>\n', false],
  ['security policy', 'web/a.js', '// see https://example.org/\nconst a = 1; // b\n', false],
  ['is built', 'src/base/lonely.cpp', '', true],
  ['is built', 'src/base/json.cpp', '', false],
  ['is built', 'tests/support/a.cpp', '', false],
  ['is built', 'tests/support/b.cpp', '', true],
  ['top of the repository', 'notes/plan.md', '', true],
  ['top of the repository', 'src/base/json.cpp', '', false],
  ['fetched', 'src/imaging/stb_image.h', '', true],
  ['fetched', 'web/vendor/ort.mjs', '', true],
  ['fetched', 'src/imaging/stb_pixels.h', '', false],
  ['fetched', 'src/imaging/jpeg.h', '', false],
];

/** A small repository, for rules that look at more than one file. */
const texts = {
  'src/base/CMakeLists.txt': 'chestlight_layer(base SOURCES sha256.cpp json.cpp)\n',
  'src/base/json.cpp': '',
  'tests/unit/model/CMakeLists.txt': 'chestlight_test(model SOURCES b_test.cpp ../../support/a.cpp USES model)\n',
};
const tree = { paths: Object.keys(texts), read: (path) => texts[path] };

for (const [name, path, text, complains] of kSamples) {
  test(`${rule(name).name}: ${JSON.stringify(text.slice(0, 60)) || path} in ${path} ${complains ? 'fails' : 'passes'}`, () => {
    assert.ok(rule(name).covers(path) || !complains, `the rule does not cover ${path}`);
    const complaints = rule(name).covers(path) ? rule(name).check(text, path, tree) : [];
    assert.equal(complaints.length > 0, complains, complaints.join('; '));
  });
}

test('every rule has a sample that it refuses', () => {
  for (const one of kRules) {
    assert.ok(kSamples.some(([name, , , complains]) => complains && one.name.includes(name)), one.name);
  }
});

test('a layer reaches what its layers stand on, and no layer reaches itself through another', () => {
  assert.deepEqual([...reach('ui')].sort(), ['base', 'contract', 'findings', 'imaging', 'render', 'ui', 'viewer']);
  for (const layer of Object.keys(kLayers)) {
    for (const below of kLayers[layer].includes) assert.ok(!reach(below).has(layer), `${layer} and ${below} include each other`);
  }
});

test('comments are blanked and strings are kept', () => {
  assert.equal(withoutComments('a; // b\n"// c" /* d\n */e'), 'a;     \n"// c"     \n   e');
});
