// Puts the page together: one folder of static files that any web server can host from any path.
//
//   node tools/site/assemble.mjs --out build/web/site --fonts build/web/fonts [--module build/web/…/engine.mjs]…
//
// Copies only what changed and removes what no longer belongs, so that it can run at every build.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { argv, exit, stderr } from 'node:process';
import { fileURLToPath } from 'node:url';
import { dicomFiles } from './dicom.mjs';
import { hostFiles, kHeaders } from './headers.mjs';
import { collectNotices } from './notices.mjs';

const kRepository = fileURLToPath(new URL('../..', import.meta.url));
const kWebFiles = /\.(html|css|js|svg|webmanifest|json|png|jpg|ico|txt)$/;
/** The three builds of ONNX Runtime Web: each needs its script, its loader and its WebAssembly. */
const kRuntimes = {
  jspi: ['ort.jspi.min.mjs', 'ort-wasm-simd-threaded.jspi.mjs', 'ort-wasm-simd-threaded.jspi.wasm'],
  asyncify: ['ort.webgpu.min.mjs', 'ort-wasm-simd-threaded.asyncify.mjs', 'ort-wasm-simd-threaded.asyncify.wasm'],
  plain: ['ort.wasm.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'],
};

/** Every file under `folder`, with forward slashes; hidden ones and Python's leftovers are passed over. */
export function listFiles(folder) {
  if (!existsSync(folder)) return [];
  const inside = (at) => readdirSync(at, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || entry.name === '__pycache__') return [];
    const path = join(at, entry.name);
    return entry.isDirectory() ? inside(path) : [relative(folder, path).split(sep).join('/')];
  });
  return inside(folder).sort();
}

/** models/index.json with what a list of models says of each: licence, hash, input and labels, by its manifest. */
function describedModels(folder) {
  const read = (path) => JSON.parse(readFileSync(join(folder, path), 'utf8'));
  const index = read('index.json');
  const models = index.models.map((model) => {
    const { licence, files, input, labels } = read(`${model.id}/manifest.json`);
    const { sha256 } = files['weights.safetensors'] ?? files['model.onnx'];
    return { ...model, licence, sha256, side: input.width, labels: labels.length };
  });
  return `${JSON.stringify({ ...index, models }, null, 1)}\n`;
}

/** @returns {Map<string, {from?: string, text?: string, group: string}>} what the site holds, by path */
export function planSite({ repository, fonts, modules }) {
  const plan = new Map();
  const add = (path, source) => plan.set(path, source);
  const addFolder = (folder, into, group, wanted = () => true) => {
    for (const path of listFiles(folder).filter(wanted)) {
      add(into + path, { from: join(folder, path), group: typeof group === 'function' ? group(path) : group });
    }
  };
  addFolder(join(repository, 'web'), '', (path) => (path.startsWith('examples/') ? 'examples' : 'page'),
    (path) => kWebFiles.test(path));
  addFolder(join(repository, 'shaders'), 'shaders/', 'page', (path) => !path.endsWith('.md'));
  addFolder(join(repository, 'models'), 'models/', (path) => (path.includes('/') ? `model:${path.split('/')[0]}` : 'page'),
    (path) => !path.endsWith('.py'));
  add('models/index.json', { text: describedModels(join(repository, 'models')), group: 'page' });
  addFolder(fonts, 'fonts/', 'page');
  for (const module of modules) {
    for (const file of [module, module.replace(/\.mjs$/, '.wasm')]) add(basename(file), { from: file, group: 'page' });
  }
  const runtime = join(repository, 'node_modules/onnxruntime-web/dist');
  for (const [build, files] of Object.entries(kRuntimes)) {
    for (const file of files) add(`vendor/ort/${file}`, { from: join(runtime, file), group: `runtime:${build}` });
  }
  for (const { path, ...source } of dicomFiles(join(repository, 'node_modules'))) {
    add(`vendor/dicom/${path}`, { ...source, group: 'dicom' });
  }
  add('LICENSE.txt', { from: join(repository, 'LICENSE'), group: 'about' });
  add('notices.txt', {
    text: collectNotices({
      toolchain: join(repository, '.toolchain'),
      modules: join(repository, 'node_modules'),
      own: join(repository, 'tools/site'),
    }),
    group: 'about',
  });
  for (const { path, text } of hostFiles()) add(path, { text, group: 'host' });
  return plan;
}

/**
 * The list that the service worker keeps the page offline with: every file a browser may ask for, and a version that changes
 * with any of them. It adds the headers to its answers. Groups let it take what this browser needs: page, dicom, runtime:<build>, model:<id>, examples, about.
 */
export function listAssets(contents) {
  const assets = [...contents].filter(([, { group }]) => group !== 'host').map(([path, { bytes, group }]) => ({
    path, group, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'),
  }));
  assets.sort((a, b) => (a.path < b.path ? -1 : 1));
  const { 'Cache-Control': _, ...headers } = kHeaders; // what the service worker keeps is not the host's to expire
  const version = createHash('sha256').update(JSON.stringify({ headers, assets })).digest('hex').slice(0, 16);
  return { version, headers, assets };
}

export function assemble({ repository = kRepository, out, fonts, modules }) {
  const contents = new Map();
  for (const [path, { from, text, group }] of planSite({ repository, fonts, modules })) {
    contents.set(path, { bytes: from ? readFileSync(from) : Buffer.from(text), group });
  }
  const list = listAssets(contents);
  contents.set('assets.json', { bytes: Buffer.from(`${JSON.stringify(list, null, 1)}\n`), group: 'host' });

  const compressed = (path) => /\.(br|gz)$/.test(path) && contents.has(path.replace(/\.(br|gz)$/, ''));
  for (const path of listFiles(out)) {
    if (!contents.has(path) && !compressed(path)) rmSync(join(out, path));
  }
  for (const [path, { bytes }] of contents) {
    const file = join(out, path);
    if (existsSync(file) && statSync(file).size === bytes.length && readFileSync(file).equals(bytes)) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    for (const suffix of ['.br', '.gz']) rmSync(file + suffix, { force: true });
  }
  return list;
}

function main(words) {
  const options = { modules: [] };
  while (words.length > 0) {
    const [name, value] = words.splice(0, 2);
    if (name === '--module' && value) options.modules.push(value);
    else if ((name === '--out' || name === '--fonts') && value) options[name.slice(2)] = value;
    else throw new Error(`unknown or incomplete argument ${name}`);
  }
  if (!options.out || !options.fonts) throw new Error('--out and --fonts are needed');
  assemble(options);
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main(argv.slice(2));
  } catch (error) {
    stderr.write(`site: ${error.message}\n`);
    exit(1);
  }
}
