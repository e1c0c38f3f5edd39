// The DICOM libraries as the site ships them: ES modules beside their WebAssembly, loaded by web/dicom/libraries.js.
//
// Their packages are written for bundlers and for require(). One line before and one after each makes them modules; their
// text stays as published. `process` is hidden from them, so that they take the same path in Node as in a worker.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const kHideNode = 'const process = undefined;\n';

const kScope = '@cornerstonejs';
const kModules = [
  { path: 'fflate.mjs', from: 'fflate/esm/browser.js' },
  codec('codec-openjpeg', 'openjpegwasm_decode', 'OpenJPEGWASM'),
  codec('codec-openjph', 'openjphjs', 'Module'),
  codec('codec-charls', 'charlswasm_decode', 'CharLSWASM'),
  codec('codec-libjpeg-turbo-8bit', 'libjpegturbowasm_decode', 'libjpegturbowasm_decode'),
];

function codec(name, file, global) {
  const from = `${kScope}/${name}/dist/${file}`;
  return { path: `${file}.mjs`, from: `${from}.js`, before: kHideNode, after: `export default ${global};`, binary: `${file}.wasm`, binaryFrom: `${from}.wasm` };
}

/**
 * @param {string} modules the folder node_modules
 * @returns {{path: string, from?: string, text?: string}[]} files of the folder vendor/dicom
 */
export function dicomFiles(modules) {
  return kModules.flatMap(({ path, from, before = '', after = '', binary, binaryFrom }) => {
    const text = readFileSync(join(modules, from), 'utf8').replace(/^\/\/# sourceMappingURL=.*$/gm, '');
    const script = { path, text: `${before}${text}\n${after}\n` };
    return binary ? [script, { path: binary, from: join(modules, binaryFrom) }] : [script];
  });
}
