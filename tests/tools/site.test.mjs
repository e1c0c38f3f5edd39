// How the site is put together: on a small repository made for it.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { assemble, listFiles } from '../../tools/site/assemble.mjs';
import { account } from '../../tools/site/compress.mjs';
import { collectNotices } from '../../tools/site/notices.mjs';

const kOrt = 'node_modules/onnxruntime-web';
const kBuilds = ['', '.jspi', '.asyncify'];
const kCodec = '@cornerstonejs/codec';
const kDicom = ['fflate/esm/browser.js',
  ...['fflate', `${kCodec}-openjph`, `${kCodec}-charls`].flatMap((name) => [`${name}/LICENSE`, `${name}/package.json`]),
  ...['openjpeg/dist/openjpegwasm_decode', 'openjph/dist/openjphjs', 'charls/dist/charlswasm_decode',
    'libjpeg-turbo-8bit/dist/libjpegturbowasm_decode'].flatMap((file) => [`${kCodec}-${file}.js`, `${kCodec}-${file}.wasm`])];
let root;

function write(path, text = path) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const kPartsOfOnnxRuntime = ['libprotobuf32t64', 'libabsl-dev', 'libeigen3-dev', 'libflatbuffers-dev', 'libmsgsl-dev', 'libonnx-dev', 'libre2-11',
  'libsafeint-dev'];

const build = () => assemble({
  repository: root,
  out: join(root, 'build/site'),
  fonts: join(root, 'build/fonts'),
  modules: [join(root, 'build/engine.mjs')],
});

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'chestlight-site-'));
  ['web/index.html', 'web/boot.js', 'web/notes.md', 'web/.hidden.js', 'web/examples/a.png', 'shaders/film.frag', 'LICENSE',
    'models/index.json', 'models/small/manifest.json', 'models/small/weights.safetensors', 'models/small/make.py',
    'build/engine.mjs', 'build/engine.wasm', 'build/fonts/inter-regular.ttf',
    ...['onnxruntime', 'dawn', 'dicom_codecs'].map((name) => `tools/site/licences/${name}.txt`),
    '.toolchain/imgui/LICENSE.txt', '.toolchain/licences/libstb-dev', '.toolchain/licences/nlohmann-json3-dev',
    '.toolchain/licences/fonts-inter', '.toolchain/emscripten/LICENSE',
    ...kPartsOfOnnxRuntime.map((name) => `.toolchain/licences/${name}`),
    '.toolchain/emscripten/system/lib/libc/musl/COPYRIGHT'].forEach((path) => write(path));
  write('models/index.json', JSON.stringify({ default: 'small', models: [{ id: 'small', name: 'Small', bytes: 9 }] }));
  write('models/small/manifest.json', JSON.stringify({ licence: 'CC0', files: { 'weights.safetensors': { sha256: 'ab' } }, input: { width: 64 }, labels: [1, 2] }));
  write('.toolchain/emscripten/emscripten-version.txt', '"3.1.69"\n');
  write('.toolchain/imgui/imgui.h', '#define IMGUI_VERSION       "1.92.2b"\n');
  write('.toolchain/stb/stb_image.h', '/* stb_image - v2.30 - */\n');
  write(`${kOrt}/package.json`, '{"version": "1.30.0"}');
  for (const path of kDicom) write(`node_modules/${path}`, '{"version": "1.0.0"}');
  for (const name of ['jspi', 'webgpu', 'wasm']) write(`${kOrt}/dist/ort.${name}.min.mjs`);
  for (const name of kBuilds) for (const end of ['mjs', 'wasm']) write(`${kOrt}/dist/ort-wasm-simd-threaded${name}.${end}`);
});

afterEach(() => rmSync(root, { recursive: true }));

test('the site holds what the page needs and nothing else', () => {
  build();
  assert.deepEqual(listFiles(join(root, 'build/site')), ['LICENSE.txt', '_headers', 'assets.json', 'boot.js', 'engine.mjs',
    'engine.wasm', 'examples/a.png', 'fonts/inter-regular.ttf', 'hosting/Caddyfile', 'hosting/nginx.conf', 'index.html',
    'models/index.json', 'models/small/manifest.json', 'models/small/weights.safetensors', 'notices.txt', 'shaders/film.frag',
    ...['charlswasm_decode.mjs', 'charlswasm_decode.wasm', 'fflate.mjs',
      'libjpegturbowasm_decode.mjs', 'libjpegturbowasm_decode.wasm', 'openjpegwasm_decode.mjs', 'openjpegwasm_decode.wasm',
      'openjphjs.mjs', 'openjphjs.wasm'].map((name) => `vendor/dicom/${name}`),
    ...['ort-wasm-simd-threaded.asyncify.mjs', 'ort-wasm-simd-threaded.asyncify.wasm', 'ort-wasm-simd-threaded.jspi.mjs',
      'ort-wasm-simd-threaded.jspi.wasm', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm', 'ort.jspi.min.mjs',
      'ort.wasm.min.mjs', 'ort.webgpu.min.mjs'].map((name) => `vendor/ort/${name}`)]);
  assert.ok(existsSync(join(root, 'build/site/.htaccess')));
});

test('assets.json lists every file a browser may ask for, with its size and hash', () => {
  const { version, headers, assets } = build();
  const written = JSON.parse(readFileSync(join(root, 'build/site/assets.json'), 'utf8'));
  assert.deepEqual(written, { version, headers, assets });
  assert.match(headers['Content-Security-Policy'], /connect-src 'self'/);
  const served = listFiles(join(root, 'build/site')).filter((path) => !/^(_headers|assets\.json|hosting\/)/.test(path));
  assert.deepEqual(assets.map(({ path }) => path), served);
  for (const { path, bytes, sha256 } of assets) {
    const content = readFileSync(join(root, 'build/site', path));
    assert.deepEqual([bytes, sha256], [content.length, createHash('sha256').update(content).digest('hex')], path);
  }
  const groups = Object.fromEntries(assets.map(({ path, group }) => [path, group]));
  assert.equal(groups['vendor/ort/ort.webgpu.min.mjs'], 'runtime:asyncify');
  assert.equal(groups['models/small/weights.safetensors'], 'model:small');
  assert.equal(groups['models/index.json'], 'page');
});

test('the list of models says of each what its manifest says', () => {
  build();
  assert.deepEqual(JSON.parse(readFileSync(join(root, 'build/site/models/index.json'), 'utf8')), { default: 'small',
    models: [{ id: 'small', name: 'Small', bytes: 9, licence: 'CC0', sha256: 'ab', side: 64, labels: 2 }] });
});

test('the version changes with any file, and only then', () => {
  const first = build().version;
  assert.equal(build().version, first);
  write('shaders/film.frag', 'changed');
  assert.notEqual(build().version, first);
});

test('a build copies what changed and removes what is gone', () => {
  build();
  const at = (path) => join(root, 'build/site', path);
  const before = statSync(at('index.html')).mtimeMs;
  writeFileSync(at('boot.js.br'), 'compressed');
  rmSync(join(root, 'web/examples/a.png'));
  write('web/boot.js', 'new text');
  build();
  assert.equal(statSync(at('index.html')).mtimeMs, before);
  assert.equal(readFileSync(at('boot.js'), 'utf8'), 'new text');
  assert.ok(!existsSync(at('examples/a.png')), 'a file that is gone stays');
  assert.ok(!existsSync(at('boot.js.br')), 'a compressed copy outlives its file');
});

test('a missing licence fails the build by name', () => {
  rmSync(join(root, '.toolchain/imgui/LICENSE.txt'));
  assert.throws(build, /no licence file for Dear ImGui/);
});

test('notices name each component, its version and its licence', () => {
  const text = collectNotices({
    toolchain: join(root, '.toolchain'), modules: join(root, 'node_modules'), own: join(root, 'tools/site'),
  });
  for (const line of ['ONNX Runtime Web 1.30.0', 'Dear ImGui 1.92.2b', 'stb_image 2.30', 'SIL Open Font License 1.1',
    '.toolchain/licences/fonts-inter', 'Eigen (as part of ONNX Runtime Web)', 'Dawn (its glue for WebGPU, as part of ONNX Runtime Web)',
    ...kPartsOfOnnxRuntime.map((name) => `.toolchain/licences/${name}`)]) {
    assert.ok(text.includes(line), line);
  }
});

test('a first visit is the page, one runtime and the default model', () => {
  const file = (group, raw) => ({ group, raw, br: raw / 4, gz: raw / 2 });
  const rows = account([file('page', 40), file('page', 4), file('runtime:plain', 400), file('runtime:jspi', 800),
    file('model:a', 4000), file('model:b', 8000), file('examples', 80)], 'a');
  const visit = rows.find(({ name }) => name === 'first visit, runtime:plain');
  assert.deepEqual(visit, { name: 'first visit, runtime:plain', raw: 4444, br: 1111, gz: 2222 });
  assert.equal(rows.find(({ name }) => name === 'page').raw, 44);
});
